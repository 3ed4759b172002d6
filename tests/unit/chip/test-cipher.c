/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/cipher.h"

#include "hex.h"

/* Doc 9303-11 D.3: MAC of E.IFD. */
static void test_retail_mac (void) {
  g_autoptr (GBytes) key = hex ("7962D9ECE03D1ACD4C76089DCE131543");
  g_autoptr (GBytes) padded =
      hex ("72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F2"
           "8000000000000000");
  guint8 mac[TAMBO_MAC_SIZE];

  tambo_cipher_mac (TAMBO_SM_3DES, key, g_bytes_get_data (padded, NULL), g_bytes_get_size (padded),
                    mac);
  g_autoptr (GBytes) result = g_bytes_new (mac, sizeof mac);
  assert_hex (result, "5F1448EEA8AD90A7");
}

/* A system without OpenSSL's legacy provider has no single DES. */
static void test_retail_mac_without_des (void) {
  if (g_test_subprocess ()) {
    g_setenv ("OPENSSL_MODULES", "/nonexistent", TRUE);
    test_retail_mac ();
    return;
  }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
}

/* NIST SP 800-38B D.1 and D.3, 16 and 64 bytes. */
static void test_cmac (void) {
  static const struct {
    const char *key, *data, *mac;
  } values[] = {
    { "2B7E151628AED2A6ABF7158809CF4F3C", "6BC1BEE22E409F96E93D7E117393172A", "070A16B46B4D4144" },
    { "2B7E151628AED2A6ABF7158809CF4F3C",
      "6BC1BEE22E409F96E93D7E117393172AAE2D8A571E03AC9C9EB76FAC45AF8E51"
      "30C81C46A35CE411E5FBC1191A0A52EFF69F2445DF4F9B17AD2B417BE66C3710",
      "51F0BEBF7E3B9D92" },
    { "603DEB1015CA71BE2B73AEF0857D77811F352C073B6108D72D9810A30914DFF4",
      "6BC1BEE22E409F96E93D7E117393172A", "28A7023F452E8F82" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++) {
    g_autoptr (GBytes) key = hex (values[i].key);
    g_autoptr (GBytes) data = hex (values[i].data);
    guint8 mac[TAMBO_MAC_SIZE];
    tambo_cipher_mac (TAMBO_SM_AES, key, g_bytes_get_data (data, NULL), g_bytes_get_size (data),
                      mac);
    g_autoptr (GBytes) result = g_bytes_new (mac, sizeof mac);
    assert_hex (result, values[i].mac);
  }
}

/* FIPS 197 C.1, C.2 and C.3. */
static void test_block (void) {
  static const char *const values[][2] = {
    { "000102030405060708090A0B0C0D0E0F", "69C4E0D86A7B0430D8CDB78070B4C55A" },
    { "000102030405060708090A0B0C0D0E0F1011121314151617", "DDA97CA4864CDFE06EAF70A0EC0D7191" },
    { "000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F",
      "8EA2B7CA516745BFEAFC49904B496089" },
  };
  g_autoptr (GBytes) plain = hex ("00112233445566778899AABBCCDDEEFF");

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++) {
    g_autoptr (GBytes) key = hex (values[i][0]);
    guint8 block[16];
    tambo_cipher_block (TAMBO_SM_AES, key, g_bytes_get_data (plain, NULL), block);
    g_autoptr (GBytes) result = g_bytes_new (block, sizeof block);
    assert_hex (result, values[i][1]);
  }
}

static void test_padding (void) {
  for (guint length = 0; length <= 33; length++) {
    g_autoptr (GByteArray) array = g_byte_array_new ();
    gsize size;
    for (guint i = 0; i < length; i++)
      tambo_put_u8 (array, (guint8) i);
    tambo_cipher_pad (array, 16);
    g_assert_cmpuint (array->len % 16, ==, 0);
    g_assert_cmpuint (array->len, >, length);
    g_assert_true (tambo_cipher_unpad (array->data, array->len, 16, &size));
    g_assert_cmpuint (size, ==, length);
  }

  static const guint8 zeros[16];
  static const guint8 far[16] = { 0x80 };
  gsize size;
  g_assert_false (tambo_cipher_unpad (zeros, 16, 8, &size));
  g_assert_false (tambo_cipher_unpad (far, 16, 8, &size));
  g_assert_false (tambo_cipher_unpad (far, 15, 8, &size));
  g_assert_false (tambo_cipher_unpad (far, 0, 8, &size));
  g_assert_true (tambo_cipher_unpad (far, 8, 8, &size));
  g_assert_cmpuint (size, ==, 0);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chip/cipher/retail-mac", test_retail_mac);
  g_test_add_func ("/chip/cipher/retail-mac-without-des", test_retail_mac_without_des);
  g_test_add_func ("/chip/cipher/cmac", test_cmac);
  g_test_add_func ("/chip/cipher/block", test_block);
  g_test_add_func ("/chip/cipher/padding", test_padding);
  return g_test_run ();
}
