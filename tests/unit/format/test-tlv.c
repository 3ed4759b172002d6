/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/tlv.h"

#include <string.h>

/* EF.COM of Doc 9303-10: LDS 1.7, Unicode 4.0.0, DG1, DG2, DG5. */
static const char ef_com[] = "60145F0104303130375F36063034303030305C026175";

static void test_ef_com (void) {
  g_autoptr (GBytes) bytes = tambo_hex_decode (ef_com);
  TamboReader reader = tambo_reader_for_bytes (bytes);
  TamboTlv com, child;

  g_assert_true (tambo_tlv_next (&reader, &com));
  g_assert_cmphex (com.tag, ==, 0x60);
  g_assert_cmpuint (com.length, ==, 20);
  g_assert_cmpuint (tambo_reader_left (&reader), ==, 0);

  g_assert_true (tambo_tlv_find (com.value, com.length, 0x5F01, &child));
  g_assert_cmpmem (child.value, child.length, "0107", 4);
  g_assert_true (tambo_tlv_find (com.value, com.length, 0x5F36, &child));
  g_assert_cmpmem (child.value, child.length, "040000", 6);
  g_assert_true (tambo_tlv_find (com.value, com.length, 0x5C, &child));
  g_assert_cmpmem (child.value, child.length, "\x61\x75", 2);
  g_assert_false (tambo_tlv_find (com.value, com.length, 0x77, &child));
}

static void test_put_ef_com (void) {
  g_autoptr (GByteArray) array = g_byte_array_new ();
  g_autoptr (GBytes) tags = g_bytes_new_static ("\x61\x75", 2);

  tambo_tlv_put (array, 0x5F01, "0107", 4);
  tambo_tlv_put (array, 0x5F36, "040000", 6);
  tambo_tlv_put_bytes (array, 0x5C, tags);
  tambo_tlv_wrap (array, 0x60);

  g_autoptr (GBytes) expected = tambo_hex_decode (ef_com);
  g_assert_cmpmem (array->data, array->len, g_bytes_get_data (expected, NULL),
                   g_bytes_get_size (expected));
}

static void test_truncated (void) {
  g_autoptr (GBytes) bytes = tambo_hex_decode (ef_com);
  const guint8 *data = g_bytes_get_data (bytes, NULL);
  gsize total;

  for (gsize size = 0; size < g_bytes_get_size (bytes); size++) {
    g_autofree guint8 *copy = g_memdup2 (data, size);
    TamboReader reader = tambo_reader (copy, size);
    TamboTlv tlv = { .tag = 7 };
    g_assert_false (tambo_tlv_next (&reader, &tlv));
    g_assert_cmpuint (reader.position, ==, 0);
    g_assert_cmpuint (tlv.tag, ==, 7);
    g_assert_true (tambo_tlv_total_size (copy, size, &total) == (size >= 2));
  }
  g_assert_true (tambo_tlv_total_size (data, 2, &total));
  g_assert_cmpuint (total, ==, 22);
}

static void test_lengths (void) {
  static const struct {
    gsize length;
    gsize header;
  } rows[] = {
    { 0, 2 },   { 1, 2 },     { 127, 2 },   { 128, 3 },      { 255, 3 },
    { 256, 4 }, { 65535, 4 }, { 65536, 5 }, { 0xFFFFFF, 5 }, { 0x1000000, 6 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree guint8 *value = g_malloc0 (rows[i].length + 1);
    g_autoptr (GByteArray) array = g_byte_array_new ();
    tambo_tlv_put (array, 0x53, value, rows[i].length);
    g_assert_cmpuint (array->len, ==, rows[i].header + rows[i].length);

    gsize total;
    g_assert_true (tambo_tlv_total_size (array->data, rows[i].header, &total));
    g_assert_cmpuint (total, ==, array->len);
    g_assert_false (tambo_tlv_total_size (array->data, rows[i].header - 1, &total));

    TamboReader reader = tambo_reader (array->data, array->len);
    TamboTlv tlv;
    g_assert_true (tambo_tlv_next (&reader, &tlv));
    g_assert_cmphex (tlv.tag, ==, 0x53);
    g_assert_cmpuint (tlv.length, ==, rows[i].length);
  }
}

static void test_tags (void) {
  static const guint32 tags[] = {
    0x01, 0x30, 0x61, 0xA1, 0x5F01, 0x5F1F, 0x7F61, 0x7F2E, 0xDF8101
  };

  for (guint i = 0; i < G_N_ELEMENTS (tags); i++) {
    g_autoptr (GByteArray) array = g_byte_array_new ();
    tambo_tlv_put (array, tags[i], "x", 1);
    tambo_tlv_wrap (array, tags[i]);

    TamboReader reader = tambo_reader (array->data, array->len);
    TamboTlv outer, inner;
    g_assert_true (tambo_tlv_next (&reader, &outer));
    g_assert_cmphex (outer.tag, ==, tags[i]);
    g_assert_true (tambo_tlv_find (outer.value, outer.length, tags[i], &inner));
    g_assert_cmpmem (inner.value, inner.length, "x", 1);
  }
}

static void test_not_minimal (void) {
  /* BER lets a writer use more length octets than needed; chips do. */
  static const guint8 long_form[] = { 0x04, 0x84, 0x00, 0x00, 0x00, 0x02, 0xAA, 0xBB };
  TamboReader reader = tambo_reader (long_form, sizeof long_form);
  TamboTlv tlv;

  g_assert_true (tambo_tlv_next (&reader, &tlv));
  g_assert_cmpmem (tlv.value, tlv.length, "\xAA\xBB", 2);
}

static void test_malformed (void) {
  static const char *const rows[] = {
    "",
    "00",
    "0000",
    "04",
    "0480AA0000",       /* indefinite */
    "04850000000001AA", /* five length octets */
    "04FF",
    "0484FFFFFFFF00",
    "0482FFFF00",
    "5F",
    "5F80",
    "5F8001",
    "DF818101AA", /* four tag bytes */
    "7F61",
    "7F618200",
    "0402AA",
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GBytes) bytes = tambo_hex_decode (rows[i]);
    TamboReader reader = tambo_reader_for_bytes (bytes);
    TamboTlv tlv;
    g_assert_false (tambo_tlv_next (&reader, &tlv));
    g_assert_cmpuint (reader.position, ==, 0);
  }
}

static void test_find_stops_at_malformed (void) {
  static const guint8 data[] = { 0x81, 0x01, 0x05, 0x82, 0x09, 0x00, 0x83, 0x00 };
  TamboTlv tlv;

  g_assert_true (tambo_tlv_find (data, sizeof data, 0x81, &tlv));
  g_assert_false (tambo_tlv_find (data, sizeof data, 0x82, &tlv));
  g_assert_false (tambo_tlv_find (data, sizeof data, 0x83, &tlv));
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/tlv/ef-com", test_ef_com);
  g_test_add_func ("/tlv/put-ef-com", test_put_ef_com);
  g_test_add_func ("/tlv/truncated", test_truncated);
  g_test_add_func ("/tlv/lengths", test_lengths);
  g_test_add_func ("/tlv/tags", test_tags);
  g_test_add_func ("/tlv/not-minimal", test_not_minimal);
  g_test_add_func ("/tlv/malformed", test_malformed);
  g_test_add_func ("/tlv/find-stops-at-malformed", test_find_stops_at_malformed);
  return g_test_run ();
}
