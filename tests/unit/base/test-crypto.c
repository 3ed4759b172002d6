/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <openssl/evp.h>
#include <string.h>

#include "base/bytes.h"
#include "base/crypto.h"
#include "base/error.h"

static void assert_hex (GBytes *bytes, const char *expected) {
  g_autofree char *hex =
      tambo_hex_encode (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  g_assert_cmpstr (hex, ==, expected);
}

static void test_random_differs (void) {
  g_autoptr (GBytes) a = tambo_random_bytes (32);
  g_autoptr (GBytes) b = tambo_random_bytes (32);
  g_autoptr (GBytes) none = tambo_random_bytes (0);

  g_assert_false (g_bytes_equal (a, b));
  g_assert_cmpuint (g_bytes_get_size (none), ==, 0);
}

/* In pieces of PIECE bytes. */
static GBytes *seal_pieces (TamboAead *aead, const guint8 *nonce, const guint8 *plain, gsize size,
                            gsize piece) {
  g_autoptr (GArray) pieces = g_array_new (FALSE, FALSE, sizeof (TamboPiece));
  guint8 *out = g_malloc (size + TAMBO_GCM_TAG_SIZE);

  for (gsize at = 0; at < size; at += piece) {
    TamboPiece one = { plain + at, MIN (piece, size - at) };
    g_array_append_val (pieces, one);
  }
  tambo_aead_seal_to (aead, nonce, (TamboPiece){ NULL, 0 }, (const TamboPiece *) pieces->data,
                      pieces->len, out);
  return g_bytes_new_take (out, size + TAMBO_GCM_TAG_SIZE);
}

/* Test cases 13 and 14 of the GCM specification: a zero key, nonce and block. */
static void test_gcm_known_answers (void) {
  static const guint8 zero[32] = { 0 };
  g_autoptr (GBytes) key = g_bytes_new (zero, 32);
  g_autoptr (TamboAead) aead = tambo_aead_new (key, TRUE);
  g_autoptr (GBytes) of_nothing = seal_pieces (aead, zero, zero, 0, 1);
  g_autoptr (GBytes) of_a_block = seal_pieces (aead, zero, zero, 16, 16);

  assert_hex (of_nothing, "530f8afbc74536b9a963b4f1c4cb738b");
  assert_hex (of_a_block, "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919");
}

/* However it is cut, the ciphertext is one, and the same context opens one after the other. */
static void test_gcm_pieces (void) {
  guint8 plain[100], opened[100], nonce[TAMBO_GCM_NONCE_SIZE] = { 7 };
  g_autoptr (GBytes) key = tambo_random_bytes (TAMBO_AES256_KEY_SIZE);
  g_autoptr (TamboAead) sealing = tambo_aead_new (key, TRUE);
  g_autoptr (TamboAead) opening = tambo_aead_new (key, FALSE);
  g_autoptr (GBytes) whole = NULL;
  TamboPiece sealed;

  tambo_random (plain, sizeof plain);
  whole = seal_pieces (sealing, nonce, plain, sizeof plain, sizeof plain);
  for (gsize piece = 1; piece < sizeof plain; piece++) {
    g_autoptr (GBytes) cut = seal_pieces (sealing, nonce, plain, sizeof plain, piece);
    g_assert_true (g_bytes_equal (cut, whole));
  }
  sealed.data = g_bytes_get_data (whole, &sealed.size);
  for (gsize size = 0; size < sealed.size; size++)
    g_assert_false (tambo_aead_open_to (opening, nonce, (TamboPiece){ NULL, 0 },
                                        (TamboPiece){ sealed.data, size }, opened));
  g_assert_true (tambo_aead_open_to (opening, nonce, (TamboPiece){ NULL, 0 }, sealed, opened));
  g_assert_cmpmem (opened, sizeof opened, plain, sizeof plain);
}

static void test_gcm_refuses_every_changed_byte (void) {
  g_autoptr (GBytes) key = tambo_random_bytes (TAMBO_AES256_KEY_SIZE);
  g_autoptr (GBytes) associated = g_bytes_new ("header", 6);
  g_autoptr (GBytes) other = g_bytes_new ("Header", 6);
  g_autoptr (GBytes) plain = g_bytes_new ("what was captured", 17);
  g_autoptr (GBytes) sealed = tambo_aead_seal (key, associated, plain);
  g_autoptr (GBytes) again = tambo_aead_seal (key, associated, plain);
  g_autoptr (GBytes) opened = tambo_aead_open (key, associated, sealed, NULL);
  gsize size = g_bytes_get_size (sealed);

  g_assert_cmpuint (size, ==, 17 + TAMBO_GCM_NONCE_SIZE + TAMBO_GCM_TAG_SIZE);
  g_assert_true (g_bytes_equal (opened, plain));
  g_assert_false (g_bytes_equal (sealed, again));
  for (gsize i = 0; i < size * 8; i++) {
    g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (sealed, NULL), size);
    g_autoptr (GBytes) changed = NULL;
    g_autoptr (GError) error = NULL;

    copy[i / 8] ^= (guint8) (1 << i % 8);
    changed = g_bytes_new (copy, size);
    g_assert_null (tambo_aead_open (key, associated, changed, &error));
    g_assert_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_INTEGRITY);
  }
  for (gsize i = 0; i < size; i++) {
    g_autoptr (GBytes) cut = g_bytes_new_from_bytes (sealed, 0, i);
    g_autoptr (GError) error = NULL;

    g_assert_null (tambo_aead_open (key, associated, cut, &error));
    g_assert_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_INTEGRITY);
  }
  g_assert_null (tambo_aead_open (key, other, sealed, NULL));
  g_assert_null (tambo_aead_open (key, NULL, sealed, NULL));
}

static void test_gcm_of_nothing_and_much (void) {
  g_autoptr (GBytes) key = tambo_random_bytes (TAMBO_AES256_KEY_SIZE);
  g_autoptr (GBytes) empty = g_bytes_new (NULL, 0);
  g_autoptr (GBytes) much = tambo_random_bytes (3 * 1024 * 1024 + 1);
  g_autoptr (GBytes) sealed_empty = tambo_aead_seal (key, empty, empty);
  g_autoptr (GBytes) sealed_much = tambo_aead_seal (key, NULL, much);
  g_autoptr (GBytes) opened_empty = tambo_aead_open (key, NULL, sealed_empty, NULL);
  g_autoptr (GBytes) opened_much = tambo_aead_open (key, empty, sealed_much, NULL);

  g_assert_cmpuint (g_bytes_get_size (opened_empty), ==, 0);
  g_assert_true (g_bytes_equal (opened_much, much));
}

/* RFC 7914 section 12, third vector (N = 16384, r = 8, p = 1); PBKDF2's first 32 bytes do not
 * depend on how many are asked for. */
static void test_scrypt_known_answer (void) {
  g_autoptr (GBytes) password = g_bytes_new ("pleaseletmein", 13);
  g_autoptr (GBytes) salt = g_bytes_new ("SodiumChloride", 14);
  g_autoptr (GBytes) key = tambo_scrypt (password, salt, 14, NULL);

  assert_hex (key, "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2");
}

static void test_scrypt_past_the_default_memory (void) {
  g_autoptr (GBytes) password = g_bytes_new (NULL, 0);
  g_autoptr (GBytes) salt = g_bytes_new ("salt", 4);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) key = tambo_scrypt (password, salt, 16, &error); /* 64 MiB */
  guint8 expected[32];

  g_assert_no_error (error);
  g_assert_cmpint (EVP_PBE_scrypt ("", 0, (const guint8 *) "salt", 4, 1 << 16, 8, 1, 1 << 27,
                                   expected, sizeof expected),
                   ==, 1);
  g_assert_cmpmem (g_bytes_get_data (key, NULL), 32, expected, 32);
}

static void test_scrypt_refuses_costs (void) {
  g_autoptr (GBytes) text = g_bytes_new ("x", 1);
  const guint costs[] = { 0, 23, 63, 64, G_MAXUINT };

  for (gsize i = 0; i < G_N_ELEMENTS (costs); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (tambo_scrypt (text, text, costs[i], &error));
    g_assert_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_MALFORMED);
  }
}

/* RFC 4231 test case 2 */
static void test_hmac (void) {
  g_autoptr (GBytes) key = g_bytes_new ("Jefe", 4);
  g_autoptr (GBytes) empty = g_bytes_new (NULL, 0);
  g_autoptr (GBytes) mac = tambo_hmac_sha256 (key, "what do ya want for nothing?", 28);
  g_autoptr (GBytes) of_nothing = tambo_hmac_sha256 (empty, NULL, 0);

  assert_hex (mac, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  assert_hex (of_nothing, "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

/* RFC 5869 appendices A.1 and A.3 */
static void test_hkdf (void) {
  g_autoptr (GBytes) material = tambo_hex_decode ("0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b");
  g_autoptr (GBytes) salt = tambo_hex_decode ("000102030405060708090a0b0c");
  g_autoptr (GBytes) info = tambo_hex_decode ("f0f1f2f3f4f5f6f7f8f9");
  g_autoptr (GBytes) prk = tambo_hkdf_extract (salt, material);
  g_autoptr (GBytes) okm = tambo_hkdf_expand (prk, info, 42);
  g_autoptr (GBytes) saltless = tambo_hkdf_extract (NULL, material);
  g_autoptr (GBytes) infoless = tambo_hkdf_expand (saltless, NULL, 42);
  g_autoptr (GBytes) longest = tambo_hkdf_expand (prk, info, 255 * 32);

  assert_hex (prk, "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5");
  assert_hex (okm, "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b8"
                   "87185865");
  assert_hex (saltless, "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04");
  assert_hex (infoless, "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395"
                        "faa4b61a96c8");
  g_assert_cmpuint (g_bytes_get_size (longest), ==, 255 * 32);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/crypto/random-differs", test_random_differs);
  g_test_add_func ("/crypto/gcm-pieces", test_gcm_pieces);
  g_test_add_func ("/crypto/gcm-known-answers", test_gcm_known_answers);
  g_test_add_func ("/crypto/gcm-refuses-every-changed-byte", test_gcm_refuses_every_changed_byte);
  g_test_add_func ("/crypto/gcm-of-nothing-and-much", test_gcm_of_nothing_and_much);
  g_test_add_func ("/crypto/scrypt-known-answer", test_scrypt_known_answer);
  g_test_add_func ("/crypto/scrypt-past-the-default-memory", test_scrypt_past_the_default_memory);
  g_test_add_func ("/crypto/scrypt-refuses-costs", test_scrypt_refuses_costs);
  g_test_add_func ("/crypto/hmac", test_hmac);
  g_test_add_func ("/crypto/hkdf", test_hkdf);
  return g_test_run ();
}
