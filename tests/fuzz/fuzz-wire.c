/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What comes over the wire or on a stick before any signature was looked at. The first byte says as what
 * the rest is read.
 */
#include "fuzz.h"
#include "sync/protocol.h"

static gboolean read_claims (const char *text, gssize size, GError **error) {
  g_autoptr (TamboClaims) claims = tambo_claims_from_json (text, size, error);

  if (claims != NULL) {
    g_assert_cmpuint (claims->receipts->len, <=, TAMBO_MAX_CLAIMS);
    g_assert_cmpuint (claims->inbox->len, <=, TAMBO_MAX_CLAIMS);
  }
  return claims != NULL;
}

static gboolean read_answer (const char *text, gssize size, GError **error) {
  g_autoptr (TamboClaimsAnswer) answer = tambo_claims_answer_from_json (text, size, error);

  return answer != NULL;
}

static gboolean read_receipts (const char *text, gssize size, GError **error) {
  g_autoptr (GPtrArray) receipts = tambo_bundle_receipts_from_json (text, size, error);

  return receipts != NULL;
}

static gboolean read_renewal (const char *text, gssize size, GError **error) {
  g_autoptr (TamboRenewalRequest) request = tambo_renewal_request_from_json (text, size, error);

  return request != NULL;
}

static gboolean read_renewed (const char *text, gssize size, GError **error) {
  g_autofree char *pem = tambo_renewal_answer_from_json (text, size, error);
  g_autoptr (GError) cause = NULL;
  gint64 from, to;

  if (pem != NULL)
    (void) !tambo_certificate_get_dates (pem, &from, &to, &cause);
  return pem != NULL;
}

static gboolean read_bundle (const char *text, gssize size, GError **error) {
  g_autofree char *copy = g_strndup (text, (gsize) size);
  g_autofree char *station = tambo_bundle_peek_station (copy, error);

  if (station != NULL)
    g_assert_true (tambo_station_code_is_valid (station));
  return station != NULL;
}

static gboolean read_registration (const char *text, gssize size, GError **error) {
  g_autoptr (TamboRegistration) registration = tambo_registration_from_json (text, size, error);

  return registration != NULL;
}

static gboolean read_inbox (const char *text, gssize size, GError **error) {
  g_autoptr (GPtrArray) items = tambo_inbox_items_from_json (text, size, error);

  return items != NULL;
}

static gboolean read_manifest (const char *text, gssize size, GError **error) {
  g_autofree char *copy = g_strndup (text, (gsize) size);
  g_autoptr (TamboManifest) manifest = tambo_manifest_peek (copy, error);

  return manifest != NULL;
}

static gboolean read_packet (const char *text, gssize size, GError **error) {
  g_autoptr (GBytes) bytes = g_bytes_new_static (text, (gsize) size);
  g_autoptr (TamboPacket) packet = tambo_packet_parse (bytes, error);

  return packet != NULL;
}

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size) {
  static gboolean (*const readers[]) (const char *text, gssize size, GError **error) = {
    read_claims, read_answer,       read_receipts, read_renewal,  read_renewed,
    read_bundle, read_registration, read_inbox,    read_manifest, read_packet,
  };
  g_autoptr (GError) error = NULL;

  if (size > 0)
    fuzz_outcome (readers[data[0] % G_N_ELEMENTS (readers)]((const char *) data + 1,
                                                            (gssize) size - 1, &error),
                  error);
  return 0;
}
