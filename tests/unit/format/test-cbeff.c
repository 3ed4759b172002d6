/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/cbeff.h"

#include "base/bytes.h"
#include "format/format-error.h"

#include <string.h>

static void add (GPtrArray *records, TamboCbeffType type, guint8 subtype, const char *data) {
  TamboCbeffRecord *record = g_new0 (TamboCbeffRecord, 1);
  record->type = type;
  record->subtype = subtype;
  record->data = g_bytes_new (data, strlen (data));
  g_ptr_array_add (records, record);
}

static GPtrArray *records_new (void) {
  return g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_cbeff_record_free);
}

static void test_bytes (void) {
  g_autoptr (GPtrArray) records = records_new ();
  add (records, TAMBO_CBEFF_FACE, 0, "FAC");
  g_autoptr (GBytes) bytes = tambo_cbeff_encode (records);
  g_autofree char *hex =
      tambo_hex_encode (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_assert_cmpstr (hex, ==,
                   "7f6120020101"
                   "7f601a"
                   "a112"
                   "80020101"
                   "810102"
                   "820100"
                   "87020101"
                   "88020008"
                   "5f2e03464143");
}

static void test_round_trip (void) {
  for (guint n = 0; n <= 9; n++) {
    g_autoptr (GPtrArray) records = records_new ();
    g_autoptr (GError) error = NULL;
    for (guint i = 0; i < n; i++) {
      g_autofree char *text = g_strnfill (i * 60, 'x');
      add (records, i % 2 ? TAMBO_CBEFF_FACE : TAMBO_CBEFF_FINGER, (guint8) (i * 5), text);
    }
    g_autoptr (GBytes) bytes = tambo_cbeff_encode (records);
    g_autoptr (GPtrArray) parsed =
        tambo_cbeff_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &error);
    g_assert_no_error (error);
    g_assert_cmpuint (parsed->len, ==, n);
    for (guint i = 0; i < n; i++) {
      const TamboCbeffRecord *a = g_ptr_array_index (records, i);
      const TamboCbeffRecord *b = g_ptr_array_index (parsed, i);
      g_assert_cmpint (a->type, ==, b->type);
      g_assert_cmpuint (a->subtype, ==, b->subtype);
      g_assert_true (g_bytes_equal (a->data, b->data));
    }
  }
}

static void test_truncated (void) {
  g_autoptr (GPtrArray) records = records_new ();
  add (records, TAMBO_CBEFF_FINGER, 9, "one");
  add (records, TAMBO_CBEFF_FINGER, 10, "two");
  g_autoptr (GBytes) bytes = tambo_cbeff_encode (records);

  for (gsize size = 0; size < g_bytes_get_size (bytes); size++) {
    g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, NULL), size);
    g_autoptr (GError) error = NULL;
    g_assert_null (tambo_cbeff_parse (copy, size, &error));
    g_assert_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_MALFORMED);
  }
}

static const struct {
  const char *hex;
  int type; /* 0: refused */
  TamboFormatError code;
} variants[] = {
  /* type in three bytes; no type but the format; no subtype */
  { "7f6117020101"
    "7f6011"
    "a109"
    "8103000002"
    "88020008"
    "5f2e03464143",
    0x02, 0 },
  { "7f6116020101"
    "7f6010"
    "a108"
    "8702010188020008"
    "5f2e03464143",
    0x02, 0 },
  { "7f6112020101"
    "7f600c"
    "a104"
    "88020007"
    "5f2e03464143",
    0x08, 0 },
  { "7f6111020101"
    "7f600b"
    "a103"
    "810110"
    "5f2e03464143",
    0x10, 0 },
  { "7f6111020101"
    "7f600b"
    "a103"
    "810104"
    "5f2e03464143",
    0, TAMBO_FORMAT_ERROR_UNSUPPORTED },
  { "7f610c020101"
    "7f6006"
    "5f2e03464143",
    0, TAMBO_FORMAT_ERROR_MALFORMED },
  { "7f610b020101"
    "7f6005"
    "a103810102",
    0, TAMBO_FORMAT_ERROR_MALFORMED },
  { "7f6111020101"
    "7f600b"
    "a103"
    "810102"
    "7f2e03a10200",
    0, TAMBO_FORMAT_ERROR_MALFORMED },
  { "7f6111020101"
    "7f600b"
    "a103"
    "810102"
    "7f2e03a00146",
    0, TAMBO_FORMAT_ERROR_MALFORMED },
  { "7f6113020101"
    "7f600d"
    "a103"
    "810102"
    "7f2e05a103464143",
    0x02, 0 },
  { "7f610302010a", 0, TAMBO_FORMAT_ERROR_TOO_LARGE },
  { "7f6103020101", 0, TAMBO_FORMAT_ERROR_MALFORMED },
  { "7f60020201", 0, TAMBO_FORMAT_ERROR_MALFORMED },
};

static void test_variants (void) {
  for (guint i = 0; i < G_N_ELEMENTS (variants); i++) {
    g_autoptr (GBytes) bytes = tambo_hex_decode (variants[i].hex);
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) parsed =
        tambo_cbeff_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &error);
    if (variants[i].type == 0) {
      g_assert_null (parsed);
      g_assert_error (error, TAMBO_FORMAT_ERROR, (int) variants[i].code);
      continue;
    }
    g_assert_no_error (error);
    const TamboCbeffRecord *record = g_ptr_array_index (parsed, 0);
    g_assert_cmpint (record->type, ==, variants[i].type);
    g_assert_cmpmem (g_bytes_get_data (record->data, NULL), g_bytes_get_size (record->data), "FAC",
                     3);
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cbeff/bytes", test_bytes);
  g_test_add_func ("/cbeff/round-trip", test_round_trip);
  g_test_add_func ("/cbeff/truncated", test_truncated);
  g_test_add_func ("/cbeff/variants", test_variants);
  return g_test_run ();
}
