/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/station-private.h"

#include "base/bytes.h"
#include "base/clock.h"
#include "store/audit.h"
#include "sync/envelope.h"
#include "sync/exchange.h"

/* The key that headquarters wants records sealed for now: of the reference data, or of the registration.
 * Data that have rotted, or that headquarters did not sign, are as if there were none; they are fetched
 * again, and every key is good for ever. */
static TamboKey *ref_envelope_key (TamboStation *self) {
  const TamboTrust *trust = tambo_station_get_trust (self);
  g_autofree char *text =
      tambo_store_dup_setting (tambo_station_get_store (self), TAMBO_EXCHANGE_REFERENCE, NULL);
  g_autoptr (TamboReference) reference =
      text != NULL ? tambo_reference_verify (text, trust->signing_key, NULL) : NULL;
  TamboKey *picked =
      reference != NULL ? tambo_reference_pick_key (reference, tambo_clock_now_unix ()) : NULL;

  return tambo_key_ref (picked != NULL ? picked : trust->envelope_key);
}

static GBytes *seal_packet (TamboKey *recipient, const TamboManifest *manifest, TamboPacket *packet,
                            GError **error) {
  TamboEnvelopeHeader header = {
    .id = manifest->id,
    .kind = manifest->kind,
    .sender = manifest->sender,
    .sequence = manifest->sequence,
    .created = manifest->created,
  };
  g_autoptr (GBytes) plain = tambo_packet_encode (packet);

  return tambo_envelope_seal (&header, plain, recipient, error);
}

/* Everything of the manifest that does not depend on the sealed bytes. */
static TamboManifest *begin_manifest (TamboStation *self, TamboKey *recipient, const char *kind,
                                      const char *id, const char *case_id, GError **error) {
  g_autoptr (TamboManifest) manifest = tambo_manifest_new ();
  guint8 root[TAMBO_SHA256_SIZE];

  if (!tambo_outbox_head (tambo_station_get_store (self), &manifest->sequence, &manifest->previous,
                          error)
      || !tambo_audit_head (tambo_station_get_store (self), &manifest->audit_size, root, error))
    return NULL;
  manifest->reply_key = tambo_station_dup_inbox_point (self, error);
  if (manifest->reply_key == NULL)
    return NULL;

  manifest->id = g_strdup (id);
  manifest->kind = g_strdup (kind);
  manifest->sender = g_strdup (tambo_station_get_code (self));
  manifest->created = tambo_clock_now ();
  manifest->recipient = tambo_key_dup_id (recipient);
  manifest->case_id = g_strdup (case_id != NULL ? case_id : "");
  manifest->audit_root = tambo_hex_encode (root, sizeof root);
  return g_steal_pointer (&manifest);
}

gboolean tambo_station_queue_record (TamboStation *self, const char *kind, const char *id,
                                     const char *case_id, TamboPacket *packet, int priority,
                                     GError **error) {
  if (!tambo_station_is_registered (self)) {
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_NOT_REGISTERED,
                 "headquarters has not certified this station yet");
    return FALSE;
  }

  g_autoptr (TamboKey) recipient = ref_envelope_key (self);
  g_autoptr (TamboManifest) manifest = begin_manifest (self, recipient, kind, id, case_id, error);
  if (manifest == NULL)
    return FALSE;
  g_autoptr (GBytes) sealed = seal_packet (recipient, manifest, packet, error);
  if (sealed == NULL)
    return FALSE;

  manifest->sha256 = tambo_sha256_hex (sealed);
  manifest->size = g_bytes_get_size (sealed);
  g_autofree char *text = tambo_manifest_sign (manifest, tambo_station_get_key (self));

  TamboOutboxRow row = {
    .id = manifest->id,
    .kind = manifest->kind,
    .case_id = (char *) case_id,
    .sequence = manifest->sequence,
    .sha256 = manifest->sha256,
    .priority = priority,
  };
  return tambo_outbox_append (tambo_station_get_store (self), &row, text, sealed, error);
}
