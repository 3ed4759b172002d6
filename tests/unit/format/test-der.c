/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/der.h"

/* X.690 section 8.3: the fewest octets, and never negative. */
static const struct {
  guint64 number;
  const char *hex;
} numbers[] = {
  { 0, "020100" },
  { 1, "020101" },
  { 127, "02017f" },
  { 128, "02020080" },
  { 255, "020200ff" },
  { 256, "02020100" },
  { 65535, "020300ffff" },
  { 0x7FFFFFFF, "02047fffffff" },
  { G_MAXUINT64, "020900ffffffffffffffff" },
};

static void test_numbers (void) {
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++) {
    g_autoptr (GByteArray) array = g_byte_array_new ();
    tambo_der_put_number (array, 0x02, numbers[i].number);
    g_autofree char *hex = tambo_hex_encode (array->data, array->len);
    g_assert_cmpstr (hex, ==, numbers[i].hex);

    TamboReader reader = tambo_reader (array->data, array->len);
    TamboTlv tlv;
    guint64 number = 7;
    g_assert_true (tambo_tlv_next (&reader, &tlv));
    g_assert_true (tambo_der_read_number (&tlv, G_MAXUINT64, &number));
    g_assert_cmpuint (number, ==, numbers[i].number);
    if (number > 0)
      g_assert_false (tambo_der_read_number (&tlv, numbers[i].number - 1, &number));
  }
}

/* Nothing, negative, padded, too long. */
static void test_refused (void) {
  static const char *const values[] = {
    "", "80", "ff", "0001", "007f", "01ffffffffffffffff", "00ffffffffffffffffff"
  };

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++) {
    g_autoptr (GBytes) bytes = tambo_hex_decode (values[i]);
    gsize size;
    TamboTlv tlv = { .tag = 0x02, .value = g_bytes_get_data (bytes, &size) };
    guint64 number;
    tlv.length = size;
    g_assert_false (tambo_der_read_number (&tlv, G_MAXUINT64, &number));
  }
}

/* Section 11.6: in the order of the encodings, and the caller's list is left alone. */
static void test_set (void) {
  g_autoptr (GPtrArray) encodings = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GByteArray) array = g_byte_array_new ();

  g_ptr_array_add (encodings, g_bytes_new ("\x04\x01\x00", 3));
  g_ptr_array_add (encodings, g_bytes_new ("\x02\x01\x05", 3));
  g_ptr_array_add (encodings, g_bytes_new ("\x02\x01\x03", 3));
  tambo_der_put_set (array, encodings);
  g_autofree char *hex = tambo_hex_encode (array->data, array->len);
  g_assert_cmpstr (hex, ==, "3109020103020105040100");
  g_assert_cmphex (*(const guint8 *) g_bytes_get_data (encodings->pdata[0], NULL), ==, 0x04);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/der/numbers", test_numbers);
  g_test_add_func ("/der/refused", test_refused);
  g_test_add_func ("/der/set", test_set);
  return g_test_run ();
}
