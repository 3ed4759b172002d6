/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/lds.h"

#include "hex.h"

static void test_names (void) {
  for (guint i = 0; i < TAMBO_LDS_N_FILES; i++) {
    TamboLdsFile file;
    g_assert_true (tambo_lds_file_from_name (tambo_lds_file_name (i), &file));
    g_assert_cmpuint (file, ==, i);
    g_assert_true (tambo_lds_file_from_tag (tambo_lds_file_tag (i), &file));
    g_assert_cmpuint (file, ==, i);
  }
  TamboLdsFile file;
  g_assert_false (tambo_lds_file_from_name ("DG17", &file));
  g_assert_false (tambo_lds_file_from_name ("", &file));
  g_assert_false (tambo_lds_file_from_tag (0x30, &file));
  g_assert_cmphex (tambo_lds_file_tag (TAMBO_LDS_DG2), ==, 0x75);
  g_assert_cmphex (tambo_lds_file_id (TAMBO_LDS_DG16), ==, 0x0110);
  g_assert_cmphex (tambo_lds_file_id (TAMBO_LDS_SOD), ==, 0x011D);
}

static TamboLds *sample (void) {
  TamboLds *lds = tambo_lds_new ();
  g_autoptr (GBytes) com = hex ("6000");
  g_autoptr (GBytes) empty = hex ("");

  tambo_lds_set (lds, TAMBO_LDS_COM, com);
  tambo_lds_set (lds, TAMBO_LDS_DG1, empty);
  tambo_lds_set (lds, TAMBO_LDS_SOD, com);
  tambo_lds_set (lds, TAMBO_LDS_SOD, com); /* over itself */
  return lds;
}

static void test_archive (void) {
  g_autoptr (TamboLds) lds = sample ();
  g_autoptr (GBytes) encoded = tambo_lds_encode (lds);
  g_autoptr (GError) error = NULL;

  assert_hex (encoded, "00 00000002 6000  01 00000000  11 00000002 6000");
  g_autoptr (TamboLds) back = tambo_lds_parse (encoded, &error);
  g_assert_no_error (error);
  g_assert_true (tambo_lds_equal (lds, back));
  tambo_lds_set (back, TAMBO_LDS_DG1, NULL);
  g_assert_false (tambo_lds_equal (lds, back));
  tambo_lds_set (back, TAMBO_LDS_DG1, lds->files[TAMBO_LDS_COM]);
  g_assert_false (tambo_lds_equal (lds, back));
}

static void test_truncated (void) {
  g_autoptr (TamboLds) lds = sample ();
  g_autoptr (GBytes) encoded = tambo_lds_encode (lds);

  for (gsize size = 0; size < g_bytes_get_size (encoded); size++) {
    g_autofree guint8 *copy = g_memdup2 (g_bytes_get_data (encoded, NULL), size);
    g_autoptr (GBytes) cut = g_bytes_new_take (g_steal_pointer (&copy), size);
    g_autoptr (GError) error = NULL;
    g_autoptr (TamboLds) back = tambo_lds_parse (cut, &error);
    if (size == 0 || size == 7 || size == 12) { /* between two files */
      g_assert_no_error (error);
      g_assert_false (tambo_lds_equal (lds, back));
    } else {
      g_assert_null (back);
      g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED);
    }
  }
}

static void test_refused (void) {
  static const char *const texts[] = { "12 00000000", "01 00000000 01 00000000", "01 FFFFFFFF 00" };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GBytes) bytes = hex (texts[i]);
    g_autoptr (GError) error = NULL;
    g_assert_null (tambo_lds_parse (bytes, &error));
    g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED);
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chip/lds/names", test_names);
  g_test_add_func ("/chip/lds/archive", test_archive);
  g_test_add_func ("/chip/lds/truncated", test_truncated);
  g_test_add_func ("/chip/lds/refused", test_refused);
  return g_test_run ();
}
