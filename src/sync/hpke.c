/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/hpke.h"

#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/secret.h"
#include "sync/hpke-private.h"

#define KEM_ID 0x0010 /* DHKEM(P-256, HKDF-SHA256) */
#define KDF_ID 0x0001 /* HKDF-SHA256 */
#define SHARED_SECRET_SIZE 32
#define MODE_BASE 0

static const char version_label[] = "HPKE-v1";

struct _TamboHpke {
  TamboHpkeSchedule schedule;
  guint64 sequence;
};

/* "KEM" or "HPKE" with its identifiers. */
typedef struct {
  guint8 data[10];
  gsize size;
} SuiteId;

static SuiteId kem_suite (void) {
  return (SuiteId){ .data = { 'K', 'E', 'M', KEM_ID >> 8, KEM_ID & 0xff }, .size = 5 };
}

static SuiteId hpke_suite (guint16 aead_id) {
  return (SuiteId){ .data = { 'H', 'P', 'K', 'E', KEM_ID >> 8, KEM_ID & 0xff, KDF_ID >> 8,
                              KDF_ID & 0xff, (guint8) (aead_id >> 8), (guint8) aead_id },
                    .size = 10 };
}

/* The array held key material: it goes over into locked memory and is wiped. */
static GBytes *take_secret (GByteArray *array) {
  GBytes *secret = tambo_secret_new (array->data, array->len);

  tambo_secret_wipe (array->data, array->len);
  g_byte_array_unref (array);
  return secret;
}

static void put_gbytes (GByteArray *array, GBytes *bytes) {
  gsize size;
  gconstpointer data = bytes != NULL ? g_bytes_get_data (bytes, &size) : NULL;

  if (data != NULL)
    tambo_put_bytes (array, data, size);
}

static gsize size_of (GBytes *bytes) {
  return bytes != NULL ? g_bytes_get_size (bytes) : 0;
}

static GBytes *labeled_extract (const SuiteId *suite, GBytes *salt, const char *label,
                                GBytes *key_material) {
  /* Made large enough at once: growing would leave copies of the secret behind. */
  GByteArray *array = g_byte_array_sized_new ((guint) (64 + size_of (key_material)));
  g_autoptr (GBytes) labeled = NULL;

  tambo_put_bytes (array, version_label, strlen (version_label));
  tambo_put_bytes (array, suite->data, suite->size);
  tambo_put_bytes (array, label, strlen (label));
  put_gbytes (array, key_material);
  labeled = take_secret (array);
  return tambo_hkdf_extract (salt, labeled);
}

static GBytes *labeled_expand (const SuiteId *suite, GBytes *prk, const char *label, GBytes *info,
                               gsize size) {
  GByteArray *array = g_byte_array_sized_new ((guint) (64 + size_of (info)));
  g_autoptr (GBytes) labeled = NULL;

  tambo_put_u16 (array, (guint16) size);
  tambo_put_bytes (array, version_label, strlen (version_label));
  tambo_put_bytes (array, suite->data, suite->size);
  tambo_put_bytes (array, label, strlen (label));
  put_gbytes (array, info);
  labeled = g_byte_array_free_to_bytes (array);
  return tambo_hkdf_expand (prk, labeled, size);
}

/* ExtractAndExpand (dh, enc | pkRm). */
static GBytes *shared_secret_of (GBytes *dh, GBytes *enc, GBytes *recipient_point) {
  SuiteId suite = kem_suite ();
  GByteArray *array = g_byte_array_new ();
  g_autoptr (GBytes) context = NULL;
  g_autoptr (GBytes) prk = NULL;

  put_gbytes (array, enc);
  put_gbytes (array, recipient_point);
  context = g_byte_array_free_to_bytes (array);
  prk = labeled_extract (&suite, NULL, "eae_prk", dh);
  return labeled_expand (&suite, prk, "shared_secret", context, SHARED_SECRET_SIZE);
}

GBytes *tambo_hpke_encap (TamboKey *recipient, TamboKey *ephemeral, GBytes **out_enc,
                          GError **error) {
  g_autoptr (GBytes) dh = tambo_key_derive (ephemeral, recipient, error);
  g_autoptr (GBytes) enc = NULL;
  g_autoptr (GBytes) recipient_point = NULL;
  GBytes *shared_secret;

  if (dh == NULL)
    return NULL;
  enc = tambo_key_dup_point (ephemeral);
  recipient_point = tambo_key_dup_point (recipient);
  shared_secret = shared_secret_of (dh, enc, recipient_point);
  *out_enc = g_steal_pointer (&enc);
  return shared_secret;
}

GBytes *tambo_hpke_decap (GBytes *enc, TamboKey *private_key, GError **error) {
  gsize size;
  gconstpointer data = g_bytes_get_data (enc, &size);
  g_autoptr (TamboKey) ephemeral = tambo_key_new_from_point (data, size, error);
  g_autoptr (GBytes) dh = NULL;
  g_autoptr (GBytes) own_point = NULL;

  if (ephemeral == NULL)
    return NULL;
  dh = tambo_key_derive (private_key, ephemeral, error);
  if (dh == NULL)
    return NULL;
  own_point = tambo_key_dup_point (private_key);
  return shared_secret_of (dh, enc, own_point);
}

void tambo_hpke_key_schedule (guint16 aead_id, gsize key_size, GBytes *shared_secret, GBytes *info,
                              TamboHpkeSchedule *out_schedule) {
  SuiteId suite = hpke_suite (aead_id);
  g_autoptr (GBytes) psk_id_hash = labeled_extract (&suite, NULL, "psk_id_hash", NULL);
  g_autoptr (GBytes) info_hash = labeled_extract (&suite, NULL, "info_hash", info);
  g_autoptr (GBytes) secret = labeled_extract (&suite, shared_secret, "secret", NULL);
  GByteArray *array = g_byte_array_new ();
  g_autoptr (GBytes) context = NULL;

  tambo_put_u8 (array, MODE_BASE);
  put_gbytes (array, psk_id_hash);
  put_gbytes (array, info_hash);
  context = g_byte_array_free_to_bytes (array);
  out_schedule->key = labeled_expand (&suite, secret, "key", context, key_size);
  out_schedule->base_nonce =
      labeled_expand (&suite, secret, "base_nonce", context, TAMBO_HPKE_NONCE_SIZE);
  out_schedule->exporter_secret =
      labeled_expand (&suite, secret, "exp", context, TAMBO_SHA256_SIZE);
}

void tambo_hpke_schedule_clear (TamboHpkeSchedule *schedule) {
  g_clear_pointer (&schedule->key, g_bytes_unref);
  g_clear_pointer (&schedule->base_nonce, g_bytes_unref);
  g_clear_pointer (&schedule->exporter_secret, g_bytes_unref);
}

void tambo_hpke_nonce (GBytes *base_nonce, guint64 sequence,
                       guint8 out_nonce[TAMBO_HPKE_NONCE_SIZE]) {
  memcpy (out_nonce, g_bytes_get_data (base_nonce, NULL), TAMBO_HPKE_NONCE_SIZE);
  for (int i = 0; i < 8; i++)
    out_nonce[TAMBO_HPKE_NONCE_SIZE - 1 - i] ^= (guint8) (sequence >> (8 * i));
}

static TamboHpke *hpke_new (GBytes *shared_secret, GBytes *info) {
  TamboHpke *hpke = g_new0 (TamboHpke, 1);

  tambo_hpke_key_schedule (TAMBO_HPKE_AEAD_AES256_GCM, TAMBO_AES256_KEY_SIZE, shared_secret, info,
                           &hpke->schedule);
  return hpke;
}

TamboHpke *tambo_hpke_setup_sender (TamboKey *recipient, GBytes *info, TamboKey *ephemeral,
                                    GBytes **out_enc, GError **error) {
  g_autoptr (TamboKey) key = ephemeral != NULL ? tambo_key_ref (ephemeral) : tambo_key_generate ();
  g_autoptr (GBytes) shared_secret = tambo_hpke_encap (recipient, key, out_enc, error);

  return shared_secret != NULL ? hpke_new (shared_secret, info) : NULL;
}

TamboHpke *tambo_hpke_setup_receiver (GBytes *enc, TamboKey *private_key, GBytes *info,
                                      GError **error) {
  g_autoptr (GBytes) shared_secret = tambo_hpke_decap (enc, private_key, error);

  return shared_secret != NULL ? hpke_new (shared_secret, info) : NULL;
}

void tambo_hpke_clear_free (TamboHpke *hpke) {
  if (hpke == NULL)
    return;
  tambo_hpke_schedule_clear (&hpke->schedule);
  g_free (hpke);
}

struct _TamboHpkeWorker {
  TamboAead *aead;
  GBytes *base_nonce;
};

TamboHpkeWorker *tambo_hpke_worker_new (TamboHpke *hpke, gboolean is_sealing) {
  TamboHpkeWorker *worker = g_new (TamboHpkeWorker, 1);

  worker->aead = tambo_aead_new (hpke->schedule.key, is_sealing);
  worker->base_nonce = g_bytes_ref (hpke->schedule.base_nonce);
  return worker;
}

void tambo_hpke_worker_clear_free (TamboHpkeWorker *worker) {
  if (worker == NULL)
    return;
  tambo_aead_clear_free (worker->aead);
  g_bytes_unref (worker->base_nonce);
  g_free (worker);
}

void tambo_hpke_worker_seal (TamboHpkeWorker *worker, guint64 sequence, TamboPiece associated_data,
                             const TamboPiece *pieces, guint n_pieces, guint8 *out) {
  guint8 nonce[TAMBO_HPKE_NONCE_SIZE];

  tambo_hpke_nonce (worker->base_nonce, sequence, nonce);
  tambo_aead_seal_to (worker->aead, nonce, associated_data, pieces, n_pieces, out);
}

gboolean tambo_hpke_worker_open (TamboHpkeWorker *worker, guint64 sequence,
                                 TamboPiece associated_data, TamboPiece sealed, guint8 *out) {
  guint8 nonce[TAMBO_HPKE_NONCE_SIZE];

  tambo_hpke_nonce (worker->base_nonce, sequence, nonce);
  return tambo_aead_open_to (worker->aead, nonce, associated_data, sealed, out);
}

static TamboPiece piece_of (GBytes *bytes) {
  TamboPiece piece;

  piece.data = g_bytes_get_data (bytes, &piece.size);
  return piece;
}

GBytes *tambo_hpke_seal (TamboHpke *hpke, GBytes *associated_data, gconstpointer plaintext,
                         gsize size) {
  g_autoptr (TamboHpkeWorker) worker = tambo_hpke_worker_new (hpke, TRUE);
  TamboPiece piece = { plaintext, size };
  guint8 *sealed = g_malloc (size + TAMBO_GCM_TAG_SIZE);

  tambo_hpke_worker_seal (worker, hpke->sequence++, piece_of (associated_data), &piece, 1, sealed);
  return g_bytes_new_take (sealed, size + TAMBO_GCM_TAG_SIZE);
}

GBytes *tambo_hpke_open (TamboHpke *hpke, GBytes *associated_data, gconstpointer sealed, gsize size,
                         GError **error) {
  g_autoptr (TamboHpkeWorker) worker = tambo_hpke_worker_new (hpke, FALSE);
  gsize plain_size = size > TAMBO_GCM_TAG_SIZE ? size - TAMBO_GCM_TAG_SIZE : 0;
  guint8 *plain = tambo_secret_allocate (plain_size);
  g_autoptr (GBytes) plaintext = tambo_secret_take (plain, plain_size);
  TamboPiece piece = { sealed, size };

  /* Section 5.2: a failed Open leaves the sequence where it was. */
  if (!tambo_hpke_worker_open (worker, hpke->sequence, piece_of (associated_data), piece, plain)) {
    g_set_error_literal (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_INTEGRITY,
                         "the sealed bytes were changed, or the key is another one");
    return NULL;
  }
  hpke->sequence++;
  return g_steal_pointer (&plaintext);
}
