/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/bytes.h"
#include "chip/data-group.h"
#include "hex.h"

typedef gboolean (*Parse) (GBytes *bytes, GError **error);

/* Whole it is read; cut at any octet, or with one behind it, it is refused. */
static void assert_bounded (GBytes *bytes, Parse parse) {
  gsize size = g_bytes_get_size (bytes);

  g_assert_true (parse (bytes, NULL));
  for (gsize cut = 0; cut < size; cut++) {
    g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (bytes, NULL), cut);
    g_autoptr (GBytes) part = g_bytes_new_take (g_steal_pointer (&copy), cut);
    g_autoptr (GError) error = NULL;
    g_assert_false (parse (part, &error));
    g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED);
  }
  g_autoptr (GByteArray) longer = g_byte_array_new ();
  tambo_put_bytes (longer, g_bytes_get_data (bytes, NULL), size);
  tambo_put_u8 (longer, 0x5F);
  g_autoptr (GBytes) more = g_bytes_new (longer->data, longer->len);
  g_assert_false (parse (more, NULL));
}

static gboolean parse_dg4 (GBytes *bytes, GError **error) {
  g_autoptr (GPtrArray) records = tambo_dg4_parse (bytes, error);
  return records != NULL;
}

static gboolean parse_dg5 (GBytes *bytes, GError **error) {
  g_autoptr (GBytes) image = tambo_dg5_parse (bytes, error);
  return image != NULL;
}

static gboolean parse_dg6 (GBytes *bytes, GError **error) {
  g_autoptr (GBytes) content = tambo_dg6_parse (bytes, error);
  return content != NULL;
}

static gboolean parse_dg9 (GBytes *bytes, GError **error) {
  g_autoptr (GPtrArray) features = tambo_features_parse (TAMBO_LDS_DG9, bytes, error);
  return features != NULL;
}

static void add_record (GPtrArray *records, TamboCbeffType type, TamboBiometricEncoding encoding) {
  TamboCbeffRecord *record = g_new0 (TamboCbeffRecord, 1);

  record->type = type;
  record->subtype = 1;
  record->encoding = encoding;
  record->data = g_bytes_new ("\x66\x01\x00", 3);
  g_ptr_array_add (records, record);
}

static GPtrArray *records_new (void) {
  return g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_cbeff_record_free);
}

static void test_dg4 (void) {
  g_autoptr (GPtrArray) records = records_new ();
  g_autoptr (GError) error = NULL;

  add_record (records, TAMBO_CBEFF_IRIS, TAMBO_ENCODING_19794);
  add_record (records, TAMBO_CBEFF_IRIS, TAMBO_ENCODING_39794);
  g_autoptr (GBytes) dg4 = tambo_dg4_encode (records, &error);
  g_assert_no_error (error);
  assert_hex (dg4, "7642 7F613F 020102"
                   "7F601A A112 80020101 810110 820101 87020101 88020009 5F2E03660100"
                   "7F601C A112 80020101 810110 820101 87020101 8802002C 7F2E05A103660100");
  g_autoptr (GPtrArray) back = tambo_dg4_parse (dg4, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (back->len, ==, 2);
  const TamboCbeffRecord *second = g_ptr_array_index (back, 1);
  g_assert_cmpint (second->encoding, ==, TAMBO_ENCODING_39794);
  assert_hex (second->data, "660100");
}

static void test_dg4_cut (void) {
  g_autoptr (GPtrArray) none = g_ptr_array_new ();
  g_autoptr (GBytes) first = tambo_dg4_encode (none, NULL);
  g_autoptr (GBytes) second = tambo_dg4_encode (none, NULL);

  g_assert_false (g_bytes_equal (first, second));
  assert_bounded (first, parse_dg4);
}

static void test_dg4_refused (void) {
  g_autoptr (GPtrArray) records = records_new ();
  g_autoptr (GError) error = NULL;

  add_record (records, TAMBO_CBEFF_FACE, TAMBO_ENCODING_19794);
  g_assert_null (tambo_dg4_encode (records, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED);
  g_clear_error (&error);

  g_autoptr (GBytes) face = hex ("7617 7F6114 020101 7F600F A107 810102 820100 5F2E03660100");
  g_assert_false (parse_dg4 (face, &error));
}

static void test_dg5 (void) {
  g_autoptr (GBytes) image = hex ("FFD8FF");
  g_autoptr (GBytes) dg5 = tambo_dg5_encode (image);
  g_autoptr (GBytes) back = tambo_dg5_parse (dg5, NULL);

  assert_hex (dg5, "6509 020101 5F4003FFD8FF");
  g_assert_true (g_bytes_equal (image, back));
  assert_bounded (dg5, parse_dg5);
  g_autoptr (GBytes) empty = hex ("6503020100");
  g_assert_false (parse_dg5 (empty, NULL));
}

static void test_dg6 (void) {
  g_autoptr (GBytes) dg6 = hex ("6603010203");
  g_autoptr (GBytes) content = tambo_dg6_parse (dg6, NULL);

  assert_hex (content, "010203");
  assert_bounded (dg6, parse_dg6);
}

static void test_features (void) {
  g_autoptr (GPtrArray) features = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GError) error = NULL;
  static const TamboLdsFile files[] = { TAMBO_LDS_DG8, TAMBO_LDS_DG9, TAMBO_LDS_DG10 };

  g_ptr_array_add (features, hex ("040101"));
  g_ptr_array_add (features, hex ("7F6002A100"));
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++) {
    g_autoptr (GBytes) file = tambo_features_encode (files[i], features, &error);
    g_assert_no_error (error);
    g_assert_cmphex (*(const guint8 *) g_bytes_get_data (file, NULL), ==, 0x68 + i);
    g_autoptr (GPtrArray) back = tambo_features_parse (files[i], file, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (back->len, ==, 2);
    assert_hex (g_ptr_array_index (back, 1), "7F6002A100");
  }
  g_autoptr (GBytes) dg9 = tambo_features_encode (TAMBO_LDS_DG9, features, NULL);
  assert_hex (dg9, "690B 020102 040101 7F6002A100");
  assert_bounded (dg9, parse_dg9);
}

static void test_features_refused (void) {
  static const char *const wrong[] = { "6900",       "6903020100",       "690302010A",
                                       "6903020101", "6906020101040202", "69080201010401010500" };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GBytes) bytes = hex (wrong[i]);
    g_autoptr (GError) error = NULL;
    g_assert_false (parse_dg9 (bytes, &error));
    g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED);
  }
  g_autoptr (GPtrArray) features = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GError) error = NULL;
  g_assert_null (tambo_features_encode (TAMBO_LDS_DG8, features, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  g_ptr_array_add (features, hex ("0401"));
  g_assert_null (tambo_features_encode (TAMBO_LDS_DG8, features, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chip/data-group/dg4", test_dg4);
  g_test_add_func ("/chip/data-group/dg4-cut", test_dg4_cut);
  g_test_add_func ("/chip/data-group/dg4-refused", test_dg4_refused);
  g_test_add_func ("/chip/data-group/dg5", test_dg5);
  g_test_add_func ("/chip/data-group/dg6", test_dg6);
  g_test_add_func ("/chip/data-group/features", test_features);
  g_test_add_func ("/chip/data-group/features-refused", test_features_refused);
  return g_test_run ();
}
