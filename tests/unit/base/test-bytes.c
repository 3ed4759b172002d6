/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/bytes.h"

static void test_reader_moves (void) {
  static const guint8 data[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17 };
  TamboReader reader = tambo_reader (data, sizeof data);
  const guint8 *taken;
  guint8 u8;
  guint16 u16;
  guint32 u32;
  guint64 u64;

  g_assert_true (tambo_reader_u8 (&reader, &u8));
  g_assert_cmphex (u8, ==, 0x01);
  g_assert_true (tambo_reader_u16 (&reader, &u16));
  g_assert_cmphex (u16, ==, 0x0203);
  g_assert_true (tambo_reader_u32 (&reader, &u32));
  g_assert_cmphex (u32, ==, 0x04050607);
  g_assert_true (tambo_reader_u64 (&reader, &u64));
  g_assert_cmphex (u64, ==, G_GUINT64_CONSTANT (0x08090a0b0c0d0e0f));
  g_assert_cmpuint (tambo_reader_left (&reader), ==, 2);
  g_assert_true (tambo_reader_take (&reader, 2, &taken));
  g_assert_cmpmem (taken, 2, data + 15, 2);
  g_assert_cmpuint (tambo_reader_left (&reader), ==, 0);
}

static void test_reader_refuses_past_the_end (void) {
  static const guint8 data[7] = { 0 };
  const guint8 *taken = NULL;
  guint8 u8 = 9;
  guint16 u16 = 9;
  guint32 u32 = 9;
  guint64 u64 = 9;

  for (gsize size = 0; size < sizeof data; size++) {
    TamboReader reader = tambo_reader (data, size);

    g_assert_false (tambo_reader_u64 (&reader, &u64));
    g_assert_true (tambo_reader_u32 (&reader, &u32) == (size >= 4));
    reader.position = 0;
    g_assert_true (tambo_reader_u16 (&reader, &u16) == (size >= 2));
    reader.position = 0;
    g_assert_true (tambo_reader_u8 (&reader, &u8) == (size >= 1));
    reader.position = 0;
    g_assert_false (tambo_reader_take (&reader, size + 1, &taken));
    g_assert_false (tambo_reader_take (&reader, G_MAXSIZE, &taken));
    g_assert_cmpuint (reader.position, ==, 0);
  }
  g_assert_cmpuint (u64, ==, 9);
  g_assert_null (taken);
}

static void test_reader_of_nothing (void) {
  g_autoptr (GBytes) empty = g_bytes_new (NULL, 0);
  TamboReader reader = tambo_reader_for_bytes (empty);
  const guint8 *taken = NULL;
  guint8 u8;

  g_assert_false (tambo_reader_u8 (&reader, &u8));
  g_assert_true (tambo_reader_take (&reader, 0, &taken));
  g_assert_nonnull (taken);
}

static void test_put (void) {
  g_autoptr (GByteArray) array = g_byte_array_new ();
  g_autofree char *hex = NULL;

  tambo_put_u8 (array, 0x01);
  tambo_put_u16 (array, 0x0203);
  tambo_put_u32 (array, 0x04050607);
  tambo_put_u64 (array, G_GUINT64_CONSTANT (0x08090a0b0c0d0e0f));
  tambo_put_bytes (array, "\xff", 1);
  tambo_put_bytes (array, NULL, 0);
  hex = tambo_hex_encode (array->data, array->len);
  g_assert_cmpstr (hex, ==, "0102030405060708090a0b0c0d0e0fff");
}

static void test_hex (void) {
  static const char *const malformed[] = { "0", "0g", "g0", " 0", "00 ", "0x00", "é" };
  g_autoptr (GBytes) bytes = tambo_hex_decode ("00ffA5a5");
  g_autoptr (GBytes) empty = tambo_hex_decode ("");

  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), "\x00\xff\xa5\xa5", 4);
  g_assert_cmpuint (g_bytes_get_size (empty), ==, 0);
  g_assert_null (tambo_hex_decode (NULL));
  for (gsize i = 0; i < G_N_ELEMENTS (malformed); i++)
    g_assert_null (tambo_hex_decode (malformed[i]));
}

static void test_base64 (void) {
  /* RFC 4648 section 10 */
  static const char *const pairs[][2] = {
    { "", "" },
    { "f", "Zg==" },
    { "fo", "Zm8=" },
    { "foo", "Zm9v" },
    { "foob", "Zm9vYg==" },
    { "fooba", "Zm9vYmE=" },
    { "foobar", "Zm9vYmFy" },
  };
  static const char *const malformed[] = { "Z",      "Zg",   "Zg=",   "Zh==",     "Zm9=",
                                           "====",   "=g==", "Z===",  "Zg==Zg==", "Zm 9v",
                                           "Zm9v\n", "Zm-_", "Zm9vZg" };

  for (gsize i = 0; i < G_N_ELEMENTS (pairs); i++) {
    g_autoptr (GBytes) plain = g_bytes_new (pairs[i][0], strlen (pairs[i][0]));
    g_autofree char *text = tambo_base64_encode (plain);
    g_autoptr (GBytes) decoded = tambo_base64_decode (text);

    g_assert_cmpstr (text, ==, pairs[i][1]);
    g_assert_true (g_bytes_equal (plain, decoded));
  }
  for (gsize i = 0; i < G_N_ELEMENTS (malformed); i++)
    g_assert_null (tambo_base64_decode (malformed[i]));
}

static void test_equal_secret (void) {
  g_autoptr (GBytes) a = g_bytes_new ("abcd", 4);
  g_autoptr (GBytes) same = g_bytes_new ("abcd", 4);
  g_autoptr (GBytes) other = g_bytes_new ("abce", 4);
  g_autoptr (GBytes) shorter = g_bytes_new ("abc", 3);
  g_autoptr (GBytes) empty = g_bytes_new (NULL, 0);

  g_assert_true (tambo_bytes_equal_secret (a, same));
  g_assert_false (tambo_bytes_equal_secret (a, other));
  g_assert_false (tambo_bytes_equal_secret (a, shorter));
  g_assert_true (tambo_bytes_equal_secret (empty, empty));
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bytes/reader-moves", test_reader_moves);
  g_test_add_func ("/bytes/reader-refuses-past-the-end", test_reader_refuses_past_the_end);
  g_test_add_func ("/bytes/reader-of-nothing", test_reader_of_nothing);
  g_test_add_func ("/bytes/put", test_put);
  g_test_add_func ("/bytes/hex", test_hex);
  g_test_add_func ("/bytes/base64", test_base64);
  g_test_add_func ("/bytes/equal-secret", test_equal_secret);
  return g_test_run ();
}
