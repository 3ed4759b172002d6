/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/hpke.h"

#include <openssl/evp.h>
#include <string.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "sync/hpke-private.h"

/* RFC 9180 A.3.1: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, base mode. */
static const char info_hex[] = "4f6465206f6e2061204772656369616e2055726e";
static const char sk_em[] = "4995788ef4b9d6132b249ce59a77281493eb39af373d236a1fe415cb0c2d7beb";
static const char enc_hex[] =
    "04a92719c6195d5085104f469a8b9814d5838ff72b60501e2c4466e5e67b325ac98536d7b61a1af4b78e5b7f951c09"
    "00be863c403ce65c9bfcb9382657222d18c4";
static const char sk_rm[] = "f3ce7fdae57e1a310d87f1ebbde6f328be0a99cdbcadf4d6589cf29de4b8ffd2";
static const char pk_rm[] =
    "04fe8c19ce0905191ebc298a9245792531f26f0cece2460639e8bc39cb7f706a826a779b4cf969b8a0e539c7f62fb3"
    "d30ad6aa8f80e30f1d128aafd68a2ce72ea0";
static const char shared_hex[] = "c0d26aeab536609a572b07695d933b589dcf363ff9d93c93adea537aeabb8cb8";
static const char key_hex[] = "868c066ef58aae6dc589b6cfdd18f97e";
static const char nonce_hex[] = "4e0bc5018beba4bf004cca59";
static const char exporter_hex[] =
    "14ad94af484a7ad3ef40e9f3be99ecc6fa9036df9d4920548424df127ee0d99f";
static const char plaintext_hex[] = "4265617574792069732074727574682c20747275746820626561757479";

static const struct {
  guint64 sequence;
  const char *aad, *sealed;
} seals[] = {
  { 0, "436f756e742d30",
    "5ad590bb8baa577f8619db35a36311226a896e7342a6d836d8b7bcd2f20b6c7f9076ac232e3ab2523f39513434" },
  { 1, "436f756e742d31",
    "fa6f037b47fc21826b610172ca9637e82d6e5801eb31cbd3748271affd4ecb06646e0329cbdf3c3cd655b28e82" },
};

static void assert_hex (GBytes *bytes, const char *expected) {
  g_autofree char *text =
      tambo_hex_encode (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  g_assert_cmpstr (text, ==, expected);
}

static TamboKey *key_from_scalar (const char *hex) {
  g_autoptr (GBytes) scalar = tambo_hex_decode (hex);
  g_autoptr (GError) error = NULL;
  TamboKey *key = tambo_key_new_from_scalar (scalar, &error);

  g_assert_no_error (error);
  return key;
}

static TamboKey *key_from_point (const char *hex) {
  g_autoptr (GBytes) point = tambo_hex_decode (hex);
  g_autoptr (GError) error = NULL;
  TamboKey *key =
      tambo_key_new_from_point (g_bytes_get_data (point, NULL), g_bytes_get_size (point), &error);

  g_assert_no_error (error);
  return key;
}

/* The published suite's AEAD, which the project itself does not have. */
static GBytes *aes128_gcm_seal (GBytes *key, const guint8 *nonce, GBytes *aad, GBytes *plaintext) {
  g_autoptr (EVP_CIPHER_CTX) context = EVP_CIPHER_CTX_new ();
  gsize size = g_bytes_get_size (plaintext);
  guint8 *sealed = g_malloc (size + 16);
  int written;

  g_assert_cmpint (
      EVP_EncryptInit_ex (context, EVP_aes_128_gcm (), NULL, g_bytes_get_data (key, NULL), nonce),
      ==, 1);
  g_assert_cmpint (EVP_EncryptUpdate (context, NULL, &written, g_bytes_get_data (aad, NULL),
                                      (int) g_bytes_get_size (aad)),
                   ==, 1);
  g_assert_cmpint (
      EVP_EncryptUpdate (context, sealed, &written, g_bytes_get_data (plaintext, NULL), (int) size),
      ==, 1);
  g_assert_cmpint (EVP_EncryptFinal_ex (context, sealed + size, &written), ==, 1);
  g_assert_cmpint (EVP_CIPHER_CTX_ctrl (context, EVP_CTRL_AEAD_GET_TAG, 16, sealed + size), ==, 1);
  return g_bytes_new_take (sealed, size + 16);
}

static void test_encap (void) {
  g_autoptr (TamboKey) ephemeral = key_from_scalar (sk_em);
  g_autoptr (TamboKey) recipient = key_from_point (pk_rm);
  g_autoptr (TamboKey) private_key = key_from_scalar (sk_rm);
  g_autoptr (GBytes) enc = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) sent = tambo_hpke_encap (recipient, ephemeral, &enc, &error);
  g_autoptr (GBytes) received = NULL;

  g_assert_no_error (error);
  assert_hex (enc, enc_hex);
  assert_hex (sent, shared_hex);
  received = tambo_hpke_decap (enc, private_key, &error);
  g_assert_no_error (error);
  assert_hex (received, shared_hex);
}

static void test_key_schedule (void) {
  g_autoptr (GBytes) shared = tambo_hex_decode (shared_hex);
  g_autoptr (GBytes) info = tambo_hex_decode (info_hex);
  g_autoptr (GBytes) plaintext = tambo_hex_decode (plaintext_hex);
  g_auto (TamboHpkeSchedule) schedule = { NULL };

  tambo_hpke_key_schedule (TAMBO_HPKE_AEAD_AES128_GCM, 16, shared, info, &schedule);
  assert_hex (schedule.key, key_hex);
  assert_hex (schedule.base_nonce, nonce_hex);
  assert_hex (schedule.exporter_secret, exporter_hex);
  for (gsize i = 0; i < G_N_ELEMENTS (seals); i++) {
    g_autoptr (GBytes) aad = tambo_hex_decode (seals[i].aad);
    guint8 nonce[TAMBO_HPKE_NONCE_SIZE];
    g_autoptr (GBytes) sealed = NULL;

    tambo_hpke_nonce (schedule.base_nonce, seals[i].sequence, nonce);
    sealed = aes128_gcm_seal (schedule.key, nonce, aad, plaintext);
    assert_hex (sealed, seals[i].sealed);
  }
}

static void test_nonce_counts (void) {
  g_autoptr (GBytes) base = tambo_hex_decode ("000000000000000000000000");
  guint8 nonce[TAMBO_HPKE_NONCE_SIZE];
  g_autofree char *text = NULL;

  tambo_hpke_nonce (base, G_GUINT64_CONSTANT (0x0102030405060708), nonce);
  text = tambo_hex_encode (nonce, sizeof nonce);
  g_assert_cmpstr (text, ==, "000000000102030405060708");
}

static void test_conversation (void) {
  g_autoptr (TamboKey) recipient = tambo_key_generate ();
  g_autoptr (GBytes) info = g_bytes_new_static ("info", 4);
  g_autoptr (GBytes) aad = g_bytes_new_static ("aad", 3);
  g_autoptr (GBytes) enc = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboHpke) sender = tambo_hpke_setup_sender (recipient, info, NULL, &enc, &error);
  g_autoptr (TamboHpke) receiver = tambo_hpke_setup_receiver (enc, recipient, info, &error);
  g_autoptr (GBytes) first = tambo_hpke_seal (sender, aad, "first", 5);
  g_autoptr (GBytes) second = tambo_hpke_seal (sender, aad, "second", 6);
  g_autoptr (GBytes) opened = NULL;
  g_autoptr (GBytes) opened_second = NULL;

  g_assert_no_error (error);
  /* Out of turn it is refused, and the turn stays. */
  g_assert_null (tambo_hpke_open (receiver, aad, g_bytes_get_data (second, NULL),
                                  g_bytes_get_size (second), &error));
  g_assert_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_INTEGRITY);
  g_clear_error (&error);
  g_assert_null (tambo_hpke_open (receiver, info, g_bytes_get_data (first, NULL),
                                  g_bytes_get_size (first), &error));
  g_clear_error (&error);
  opened = tambo_hpke_open (receiver, aad, g_bytes_get_data (first, NULL), g_bytes_get_size (first),
                            &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (opened, NULL), g_bytes_get_size (opened), "first", 5);
  opened_second = tambo_hpke_open (receiver, aad, g_bytes_get_data (second, NULL),
                                   g_bytes_get_size (second), &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (opened_second, NULL), g_bytes_get_size (opened_second),
                   "second", 6);
}

static void test_foreign_enc (void) {
  g_autoptr (TamboKey) recipient = tambo_key_generate ();
  g_autoptr (GBytes) info = g_bytes_new_static ("info", 4);
  guint8 point[TAMBO_P256_POINT_SIZE] = { 0x04, 1, 2, 3 }; /* not on the curve */

  for (gsize size = 0; size <= sizeof point; size++) {
    g_autoptr (GBytes) enc = g_bytes_new (point, size);
    g_autoptr (GError) error = NULL;

    g_assert_null (tambo_hpke_setup_receiver (enc, recipient, info, &error));
    g_assert_nonnull (error);
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/hpke/rfc9180-a3-encap", test_encap);
  g_test_add_func ("/sync/hpke/rfc9180-a3-key-schedule", test_key_schedule);
  g_test_add_func ("/sync/hpke/nonce-counts", test_nonce_counts);
  g_test_add_func ("/sync/hpke/conversation", test_conversation);
  g_test_add_func ("/sync/hpke/foreign-enc", test_foreign_enc);
  return g_test_run ();
}
