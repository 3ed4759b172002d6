/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the service of a fingerprint scanner answers. The first byte says as what the rest is read.
 */
#include <string.h>

#include "capture/sbi-capture.h"
#include "capture/sbi-image.h"
#include "capture/sbi-stream.h"
#include "fuzz.h"

#define NOW G_GINT64_CONSTANT (1795428000) /* of the corpus: 2026-11-23T10:00:00Z */

/* The key behind it is gone: what the corpus has of its signatures is all there will ever be. */
static const char provider[] = "-----BEGIN CERTIFICATE-----\n"
                               "MIIBTDCB86ADAgECAhRSuRlm88QiYBo6dtumTJM4jDsDLzAKBggqhkjOPQQDAjAb\n"
                               "MRkwFwYDVQQDDBBTY2FubmVyIHByb3ZpZGVyMCAXDTIwMDEwMTAwMDAwMFoYDzIw\n"
                               "OTkwMTAxMDAwMDAwWjAbMRkwFwYDVQQDDBBTY2FubmVyIHByb3ZpZGVyMFkwEwYH\n"
                               "KoZIzj0CAQYIKoZIzj0DAQcDQgAEz+2V3WQpiqsxOrLKvAiCj3SnOEm3I0k5PMEW\n"
                               "KmnRbLtGKvUCntuZnApZ6ZHP8bmCETCUfuJIhM/FMkXML5TIr6MTMBEwDwYDVR0T\n"
                               "AQH/BAUwAwEB/zAKBggqhkjOPQQDAgNIADBFAiBc6qX0eQJHTAC1M5R1Yrv7dHmf\n"
                               "jwZl6ERn1o+TelpUXwIhANhX2kbyPZ98UTIeNEMBnuKrVrphFlJeboGMJZernEo2\n"
                               "-----END CERTIFICATE-----\n";

static gboolean read_capture (const char *text, gsize size, GError **error) {
  const TamboSbiDevice device = {
    .serial = (char *) "TAMBO00000001",
    .sub_type = (char *) "Slap",
    .environment = (char *) "Developer",
    .version = (char *) "1.0",
  };
  const TamboSbiRequest request = {
    .device = &device,
    .press = TAMBO_PRESS_RIGHT_FOUR,
    .transaction = "transaction-1",
    .previous_hash = TAMBO_SBI_FIRST_HASH,
  };
  g_autofree char *hash = NULL;
  g_autoptr (GPtrArray) captures = tambo_sbi_captures_parse (
      text, size, &request, tambo_sbi_token_peek, NULL, NOW, &hash, error);

  /* All of it or nothing. */
  g_assert_true (captures == NULL || (captures->len == 4 && strlen (hash) == 64));
  return captures != NULL;
}

static gboolean read_devices (const char *text, gsize size, GError **error) {
  g_autoptr (GPtrArray) devices = tambo_sbi_devices_parse (text, size, error);

  for (guint i = 0; devices != NULL && i < devices->len; i++) {
    g_autofree char *detail = NULL;
    tambo_sbi_device_judge (devices->pdata[i], &detail);
    g_assert_nonnull (detail);
  }
  return devices != NULL;
}

static gboolean read_infos (const char *text, gsize size, GError **error) {
  g_autoptr (GPtrArray) devices =
      tambo_sbi_infos_parse (text, size, tambo_sbi_token_peek, NULL, error);

  return devices != NULL;
}

static void on_frame (gconstpointer jpeg, gsize size, gpointer data) {
  g_assert_cmpuint (size, <=, TAMBO_SBI_MAX_FRAME);
}

/* In pieces of changing size, as the network gives it. */
static gboolean read_stream (const char *text, gsize size, GError **error) {
  g_autoptr (TamboSbiStream) stream = tambo_sbi_stream_new (on_frame, NULL);

  for (gsize at = 0, piece = 1; at < size; at += piece, piece = piece % 61 + 7)
    if (!tambo_sbi_stream_feed (stream, text + at, MIN (piece, size - at), error))
      return FALSE;
  return TRUE;
}

static gboolean read_token (const char *text, gsize size, GError **error) {
  static TamboSbiTrust *trust;
  g_autofree char *token = g_strndup (text, size);

  if (trust == NULL) {
    g_autoptr (GBytes) pem = g_bytes_new_static (provider, strlen (provider));
    trust = tambo_sbi_trust_new (pem, NULL);
  }
  g_autoptr (JsonObject) payload = tambo_sbi_token_verify (token, "the token", trust, error);
  return payload != NULL;
}

static gboolean read_record (const char *text, gsize size, GError **error) {
  g_autoptr (GBytes) bytes = g_bytes_new (text, size);
  g_autoptr (TamboImage) image =
      tambo_sbi_image_from_record (bytes, TAMBO_FINGER_RIGHT_INDEX, error);

  return image != NULL;
}

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size) {
  static gboolean (*const readers[]) (const char *text, gsize size, GError **error) = {
    read_capture, read_devices, read_infos, read_stream, read_token, read_record,
  };
  g_autoptr (GError) error = NULL;

  if (size == 0)
    return 0;
  gboolean good =
      readers[data[0] % G_N_ELEMENTS (readers)]((const char *) data + 1, size - 1, &error);
  fuzz_outcome (good, error);
  return 0;
}
