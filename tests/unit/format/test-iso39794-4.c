/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Bytes by hand, from the ASN.1 of ISO/IEC 39794-4.
 */
#include "format/iso39794-4.h"

#include <string.h>

#include "base/bytes.h"
#include "format/format-error.h"

#define VERSION "a007800103810207e3"
/* Right index, plain contact, WSQ. */
#define WSQ "a003800102a103800100a203800101"

static TamboFingerRecord *make_record (TamboFirCompression compression, const char *image,
                                       gsize size) {
  TamboFingerRecord *record = tambo_finger_record_new (500, compression);
  TamboFirView *view = g_new0 (TamboFirView, 1);

  view->position = 2;
  view->quality = 254;
  view->width = 3;
  view->height = 2;
  view->image = g_bytes_new (image, size);
  g_ptr_array_add (record->views, view);
  return record;
}

static char *wrap (const char *tag, const char *hex) {
  return g_strdup_printf ("%s%02x%s", tag, (guint) strlen (hex) / 2, hex);
}

/* A block of one view for each of VIEWS, which ends with NULL. */
static char *block (const char *const *views) {
  g_autoptr (GString) all = g_string_new (NULL);

  for (; *views != NULL; views++) {
    g_autofree char *view = wrap ("30", *views);
    g_string_append (all, view);
  }
  g_autofree char *list = wrap ("a1", all->str);
  g_autofree char *body = g_strconcat (VERSION, list, NULL);
  return wrap ("64", body);
}

static TamboFingerRecord *parse (const char *hex, GError **error) {
  g_autoptr (GBytes) bytes = tambo_hex_decode (hex);

  g_assert_nonnull (bytes);
  return tambo_finger_block_parse (bytes, error);
}

static void test_bytes (void) {
  g_autoptr (TamboFingerRecord) record = make_record (TAMBO_FIR_WSQ, "\xFF\xA0", 2);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = tambo_finger_block_encode (record, &error);

  g_assert_no_error (error);
  g_autofree char *hex =
      tambo_hex_encode (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_assert_cmpstr (hex, ==,
                   "6429" VERSION "a11e301c"
                   "a003800102"
                   "a103800100"
                   "a203800101"
                   "8302ffa0"
                   "a707800201f4810100");
}

static void test_round_trip (void) {
  static const TamboFirCompression compressions[] = { TAMBO_FIR_WSQ, TAMBO_FIR_JPEG2000,
                                                      TAMBO_FIR_PNG, TAMBO_FIR_UNCOMPRESSED };

  for (gsize i = 0; i < G_N_ELEMENTS (compressions); i++) {
    g_autoptr (TamboFingerRecord) record = make_record (compressions[i], "\1\2\3\4\5\6", 6);
    g_autoptr (GError) error = NULL;
    g_autoptr (GBytes) bytes = tambo_finger_block_encode (record, &error);
    g_assert_no_error (error);
    g_autoptr (TamboFingerRecord) back = tambo_finger_block_parse (bytes, &error);
    g_assert_no_error (error);
    g_assert_cmpint (back->compression, ==, compressions[i]);
    g_assert_cmpuint (back->ppi, ==, 500);
    g_assert_cmpuint (back->views->len, ==, 1);
    const TamboFirView *a = g_ptr_array_index (record->views, 0);
    const TamboFirView *b = g_ptr_array_index (back->views, 0);
    g_assert_cmpuint (b->position, ==, 2);
    g_assert_cmpuint (b->quality, ==, 254);
    g_assert_true (g_bytes_equal (a->image, b->image));
    g_assert_cmpuint (b->width, ==, compressions[i] == TAMBO_FIR_UNCOMPRESSED ? 3 : 0);
  }
}

static void test_impressions (void) {
  /* of the older standard: as it is read back */
  static const guint8 known[][2] = { { 0, 0 }, { 1, 1 }, { 2, 0 }, { 3, 1 },
                                     { 4, 4 }, { 8, 8 }, { 9, 9 }, { 7, 29 } };

  for (gsize i = 0; i < G_N_ELEMENTS (known); i++) {
    g_autoptr (TamboFingerRecord) record = make_record (TAMBO_FIR_WSQ, "x", 1);
    ((TamboFirView *) g_ptr_array_index (record->views, 0))->impression = known[i][0];
    g_autoptr (GBytes) bytes = tambo_finger_block_encode (record, NULL);
    g_autoptr (TamboFingerRecord) back = tambo_finger_block_parse (bytes, NULL);
    const TamboFirView *view = g_ptr_array_index (back->views, 0);
    g_assert_cmpuint (view->impression, ==, known[i][1]);
  }
}

static void test_jpeg (void) {
  g_autoptr (TamboFingerRecord) record = make_record (TAMBO_FIR_JPEG, "x", 1);
  g_autoptr (GError) error = NULL;

  g_assert_null (tambo_finger_block_encode (record, &error));
  g_assert_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_UNSUPPORTED);
}

/* Codes in extensions, a resolution in centimetres or none, two views, members that nobody knows. */
static void test_variants (void) {
  static const struct {
    const char *views[3];
    guint ppi;
  } variants[] = {
    { { WSQ "830101"
            "840100" },
      500 },
    { { "a005a103800102"
        "a105a103800100"
        "a205a103800101"
        "830101" },
      500 },
    { { WSQ "830101"
            "a707800200c5810101" },
      500 },
    { { WSQ "830101"
            "a707800203e8810100" },
      1000 },
    { { WSQ "83020101", "a003800107"
                        "a103800100"
                        "a203800101"
                        "83020102" },
      500 },
    { { WSQ "830101"
            "b10100"
            "9f1f0100" },
      500 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (variants); i++) {
    g_autofree char *hex = block (variants[i].views);
    g_autoptr (GError) error = NULL;
    g_autoptr (TamboFingerRecord) record = parse (hex, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (record->views->len, ==, g_strv_length ((char **) variants[i].views));
    g_assert_cmpuint (record->ppi, ==, variants[i].ppi);
  }
}

static void assert_refused (const char *hex, TamboFormatError code) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboFingerRecord) record = parse (hex, &error);

  g_assert_null (record);
  g_assert_error (error, TAMBO_FORMAT_ERROR, (int) code);
}

static void test_refused (void) {
  static const struct {
    const char *views[3];
    TamboFormatError code;
  } wrong[] = {
    { { "" }, TAMBO_FORMAT_ERROR_MALFORMED },
    { { WSQ }, TAMBO_FORMAT_ERROR_MALFORMED },        /* no image */
    { { WSQ "8300" }, TAMBO_FORMAT_ERROR_MALFORMED }, /* an empty one */
    { { "a103800100"
        "a203800101"
        "830101" },
      TAMBO_FORMAT_ERROR_MALFORMED }, /* no position */
    { { WSQ "830101"
            "a703800101" },
      TAMBO_FORMAT_ERROR_MALFORMED }, /* no unit */
    { { WSQ "830101"
            "a706800101810102" },
      TAMBO_FORMAT_ERROR_MALFORMED }, /* another unit */
    { { "a003800102"
        "a103800100"
        "a203800109"
        "830101" },
      TAMBO_FORMAT_ERROR_UNSUPPORTED },
    { { "a003800102"
        "a103800100"
        "a203800100"
        "830101" },
      TAMBO_FORMAT_ERROR_UNSUPPORTED },
    { { WSQ "830101", WSQ "830101"
                          "a707800203e8810100" },
      TAMBO_FORMAT_ERROR_UNSUPPORTED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autofree char *hex = block (wrong[i].views);
    assert_refused (hex, wrong[i].code);
  }
  assert_refused ("6500", TAMBO_FORMAT_ERROR_MALFORMED);
  assert_refused ("6409a007800102810207e3", TAMBO_FORMAT_ERROR_UNSUPPORTED);
  assert_refused ("6409" VERSION, TAMBO_FORMAT_ERROR_MALFORMED);
  assert_refused ("640b" VERSION "a100", TAMBO_FORMAT_ERROR_MALFORMED);
  assert_refused ("640d" VERSION "a1023100", TAMBO_FORMAT_ERROR_MALFORMED);
}

static void test_truncated (void) {
  g_autoptr (TamboFingerRecord) record = make_record (TAMBO_FIR_UNCOMPRESSED, "\1\2\3\4\5\6", 6);
  g_autoptr (GBytes) bytes = tambo_finger_block_encode (record, NULL);

  for (gsize size = 0; size < g_bytes_get_size (bytes); size++) {
    g_autoptr (GBytes) part = g_bytes_new (g_bytes_get_data (bytes, NULL), size);
    g_autoptr (GError) error = NULL;
    g_assert_null (tambo_finger_block_parse (part, &error));
    g_assert_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_MALFORMED);
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/iso39794-4/bytes", test_bytes);
  g_test_add_func ("/iso39794-4/round-trip", test_round_trip);
  g_test_add_func ("/iso39794-4/impressions", test_impressions);
  g_test_add_func ("/iso39794-4/jpeg", test_jpeg);
  g_test_add_func ("/iso39794-4/variants", test_variants);
  g_test_add_func ("/iso39794-4/refused", test_refused);
  g_test_add_func ("/iso39794-4/truncated", test_truncated);
  return g_test_run ();
}
