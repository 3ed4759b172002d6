/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/iso19794-2.h"

#include <string.h>

#include "base/bytes.h"
#include "format/format-error.h"

static void add (TamboMinutiaeView *view, int type, int x, int y, int angle, int quality) {
  TamboMinutia minutia = { .type = (guint8) type,
                           .angle = (guint8) angle,
                           .quality = (guint8) quality,
                           .x = (guint16) x,
                           .y = (guint16) y };
  g_array_append_val (view->minutiae, minutia);
}

static TamboMinutiaeRecord *make_record (void) {
  TamboMinutiaeRecord *record = tambo_minutiae_record_new ();
  TamboMinutiaeView *thumb = tambo_minutiae_view_new (), *index = tambo_minutiae_view_new ();

  record->device = 0x1234;
  record->width = 300;
  record->height = 400;
  record->per_centimetre_x = record->per_centimetre_y = 197;
  thumb->position = 1;
  thumb->quality = 86;
  add (thumb, TAMBO_MINUTIA_ENDING, 100, 14, 80, 90);
  add (thumb, TAMBO_MINUTIA_BIFURCATION, 299, 399, 255, 100);
  add (thumb, TAMBO_MINUTIA_OTHER, 0, 0, 0, 0);
  g_ptr_array_add (record->views, thumb);
  index->position = 2;
  index->view = 3;
  index->impression = 8;
  index->extended = g_bytes_new_static ("\x01\x54\x00\x06!?", 6);
  g_ptr_array_add (record->views, index);
  return record;
}

static void test_layout (void) {
  g_autoptr (TamboMinutiaeRecord) record = make_record ();
  g_autoptr (GBytes) bytes = tambo_minutiae_record_encode (record);
  g_autofree char *hex =
      tambo_hex_encode (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  g_assert_cmpstr (hex, ==,
                   "464d5200"
                   "20323000"
                   "0000003c"
                   "1234"
                   "012c"
                   "0190"
                   "00c500c5"
                   "02"
                   "00"
                   "01"
                   "00"
                   "56"
                   "03"
                   "4064000e505a"
                   "812b018fff64"
                   "000000000000"
                   "0000"
                   "02"
                   "38"
                   "00"
                   "00"
                   "0006"
                   "01540006213f");
  g_assert_true (tambo_minutiae_record_sniff (bytes));
}

static void assert_same (const TamboMinutiaeRecord *a, const TamboMinutiaeRecord *b) {
  g_autoptr (GBytes) x = tambo_minutiae_record_encode (a), y = tambo_minutiae_record_encode (b);
  g_assert_true (g_bytes_equal (x, y));
}

static void test_round_trip (void) {
  g_autoptr (TamboMinutiaeRecord) record = make_record ();
  g_autoptr (GBytes) bytes = tambo_minutiae_record_encode (record);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboMinutiaeRecord) parsed = tambo_minutiae_record_parse (bytes, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (parsed->device, ==, 0x1234);
  g_assert_cmpuint (parsed->width, ==, 300);
  g_assert_cmpuint (parsed->height, ==, 400);
  g_assert_cmpuint (parsed->views->len, ==, 2);
  const TamboMinutiaeView *thumb = g_ptr_array_index (parsed->views, 0);
  const TamboMinutia *m = &g_array_index (thumb->minutiae, TamboMinutia, 1);
  g_assert_cmpuint (thumb->minutiae->len, ==, 3);
  g_assert_cmpuint (m->type, ==, TAMBO_MINUTIA_BIFURCATION);
  g_assert_cmpuint (m->x, ==, 299);
  g_assert_cmpuint (m->y, ==, 399);
  g_assert_cmpuint (m->angle, ==, 255);
  g_assert_cmpuint (m->quality, ==, 100);
  const TamboMinutiaeView *index = g_ptr_array_index (parsed->views, 1);
  g_assert_cmpuint (index->position, ==, 2);
  g_assert_cmpuint (index->view, ==, 3);
  g_assert_cmpuint (index->impression, ==, 8);
  g_assert_cmpuint (g_bytes_get_size (index->extended), ==, 6);
  assert_same (record, parsed);
}

static void assert_refused (const guint8 *data, gsize size, TamboFormatError code) {
  g_autoptr (GBytes) bytes = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;
  g_assert_null (tambo_minutiae_record_parse (bytes, &error));
  g_assert_error (error, TAMBO_FORMAT_ERROR, (int) code);
}

static void test_truncated (void) {
  g_autoptr (TamboMinutiaeRecord) record = make_record ();
  g_autoptr (GBytes) bytes = tambo_minutiae_record_encode (record);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  for (gsize n = 0; n < size; n++) {
    g_autofree guint8 *copy = g_memdup2 (data, n);
    assert_refused (copy, n, TAMBO_FORMAT_ERROR_MALFORMED);
    if (n < 12 || n >= size - 6)
      continue;
    /* The same with a header that tells the truth about the length: the minutiae are missed. */
    copy[11] = (guint8) n;
    assert_refused (copy, n, TAMBO_FORMAT_ERROR_MALFORMED);
  }
}

static void test_malformed (void) {
  static const struct {
    int at;
    guint8 value;
    TamboFormatError code;
  } rows[] = {
    { 0, 'X', TAMBO_FORMAT_ERROR_MALFORMED },
    { 5, '3', TAMBO_FORMAT_ERROR_UNSUPPORTED },
    { 11, 0x3B, TAMBO_FORMAT_ERROR_MALFORMED }, /* length */
    { 8, 0xFF, TAMBO_FORMAT_ERROR_MALFORMED },  /* length */
    { 15, 0x2B, TAMBO_FORMAT_ERROR_MALFORMED }, /* narrower than a minutia's place */
    { 17, 0x8F, TAMBO_FORMAT_ERROR_MALFORMED }, /* lower */
    { 19, 0, TAMBO_FORMAT_ERROR_MALFORMED },    /* resolution */
    { 22, 0, TAMBO_FORMAT_ERROR_MALFORMED },    /* views */
    { 22, 1, TAMBO_FORMAT_ERROR_MALFORMED },    /* bytes behind the last */
    { 22, 3, TAMBO_FORMAT_ERROR_MALFORMED },
    { 24, 11, TAMBO_FORMAT_ERROR_MALFORMED },   /* position */
    { 27, 255, TAMBO_FORMAT_ERROR_MALFORMED },  /* minutiae */
    { 28, 0xC0, TAMBO_FORMAT_ERROR_MALFORMED }, /* type */
    { 33, 101, TAMBO_FORMAT_ERROR_MALFORMED },  /* quality */
    { 46, 0xFF, TAMBO_FORMAT_ERROR_MALFORMED }, /* extended data */
  };
  g_autoptr (TamboMinutiaeRecord) record = make_record ();
  g_autoptr (GBytes) bytes = tambo_minutiae_record_encode (record);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree guint8 *copy = g_memdup2 (data, size);
    copy[rows[i].at] = rows[i].value;
    if (rows[i].at == 19)
      copy[18] = 0;
    assert_refused (copy, size, rows[i].code);
  }
}

static GBytes *load (const char *name) {
  const char *folder = g_getenv ("TAMBO_TEST_DATA");
  g_autofree char *path = g_build_filename (folder != NULL ? folder : "", name, NULL);
  char *contents;
  gsize size;

  if (folder == NULL || !g_file_get_contents (path, &contents, &size, NULL)) {
    g_test_skip ("skipped: no data");
    return NULL;
  }
  return g_bytes_new_take (contents, size);
}

/* NIST's own sample, whose last extended data are a byte shorter than they say. */
static void test_data (void) {
  g_autoptr (GBytes) bytes = load ("fingers/libbiomeval/fmr.iso2005");
  g_autoptr (GError) error = NULL;
  if (bytes == NULL)
    return;
  g_autoptr (TamboMinutiaeRecord) record = tambo_minutiae_record_parse (bytes, &error);
  g_assert_no_error (error);
  const TamboMinutiaeView *first = g_ptr_array_index (record->views, 0);
  const TamboMinutiaeView *second = g_ptr_array_index (record->views, 1);
  g_assert_cmpuint (record->views->len, ==, 2);
  g_assert_cmpuint (first->position, ==, 7);
  g_assert_cmpuint (first->minutiae->len, ==, 27);
  g_assert_cmpuint (second->position, ==, 2);
  g_assert_cmpuint (second->minutiae->len, ==, 22);
  g_assert_cmpuint (g_bytes_get_size (second->extended), ==, 41);
  g_assert_cmpuint (g_array_index (first->minutiae, TamboMinutia, 0).x, ==, 100);
  g_assert_cmpuint (g_array_index (first->minutiae, TamboMinutia, 0).y, ==, 14);
}

static void test_data_invalid (void) {
  static const char *const names[] = { "1_byte", "2_bytes", "3_bytes" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *name = g_strdup_printf (
        "fingers/iso19794-2-invalid/fvc2004/DB_1B/101_1_truncate_%s.iso", names[i]);
    g_autoptr (GBytes) bytes = load (name);
    if (bytes == NULL)
      return;
    assert_refused (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                    TAMBO_FORMAT_ERROR_MALFORMED);
  }
}

/* ---- of 2011 ---- */

static void test_layout_2011 (void) {
  g_autoptr (TamboMinutiaeRecord) record = make_record ();
  g_autoptr (GBytes) bytes = tambo_minutiae_record_encode_2011 (record);
  g_autofree char *hex =
      tambo_hex_encode (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

  g_assert_cmpstr (hex, ==,
                   "464d5200"
                   "30333000"
                   "00000075"
                   "0002"
                   "00"
                   /* right thumb */
                   "00000039"
                   "ffffffffffffffffff"
                   "00"
                   "0000"
                   "0234"
                   "015600000000"
                   "01"
                   "00"
                   "00c500c5"
                   "00"
                   "012c0190"
                   "60"
                   "03"
                   "4064000e505a"
                   "812b018fff64"
                   "0000000000fe"
                   "0000"
                   /* right index */
                   "0000002d"
                   "ffffffffffffffffff"
                   "00"
                   "0000"
                   "0234"
                   "010000000000"
                   "02"
                   "03"
                   "00c500c5"
                   "08"
                   "012c0190"
                   "60"
                   "00"
                   "0006"
                   "01540006213f");
}

static void test_round_trip_2011 (void) {
  g_autoptr (TamboMinutiaeRecord) record = make_record ();
  g_autoptr (GBytes) bytes = tambo_minutiae_record_encode_2011 (record);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboMinutiaeRecord) parsed = tambo_minutiae_record_parse (bytes, &error);

  g_assert_no_error (error);
  record->device &= 0x0FFF; /* the certifications have no place in it */
  assert_same (record, parsed);
}

static void test_truncated_2011 (void) {
  g_autoptr (TamboMinutiaeRecord) record = make_record ();
  g_autoptr (GBytes) bytes = tambo_minutiae_record_encode_2011 (record);
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  for (gsize n = 0; n < size; n++) {
    g_autofree guint8 *copy = g_memdup2 (data, n);
    assert_refused (copy, n, TAMBO_FORMAT_ERROR_MALFORMED);
    if (n < 12)
      continue;
    copy[11] = (guint8) n;
    assert_refused (copy, n, TAMBO_FORMAT_ERROR_MALFORMED);
  }
}

static void test_malformed_2011 (void) {
  static const struct {
    int at;
    guint8 value;
    TamboFormatError code;
  } rows[] = {
    { 5, '4', TAMBO_FORMAT_ERROR_UNSUPPORTED },
    { 13, 0, TAMBO_FORMAT_ERROR_MALFORMED },     /* no representation */
    { 13, 3, TAMBO_FORMAT_ERROR_MALFORMED },     /* one too many */
    { 14, 1, TAMBO_FORMAT_ERROR_MALFORMED },     /* certification blocks that are not there */
    { 14, 2, TAMBO_FORMAT_ERROR_MALFORMED },     /* no flag */
    { 15, 0x80, TAMBO_FORMAT_ERROR_MALFORMED },  /* 2 GiB of representation */
    { 18, 33, TAMBO_FORMAT_ERROR_MALFORMED },    /* shorter than its header */
    { 33, 200, TAMBO_FORMAT_ERROR_MALFORMED },   /* quality blocks */
    { 39, 11, TAMBO_FORMAT_ERROR_MALFORMED },    /* position */
    { 42, 0, TAMBO_FORMAT_ERROR_MALFORMED },     /* resolution */
    { 46, 0x00, TAMBO_FORMAT_ERROR_MALFORMED },  /* narrower than a minutia's place */
    { 50, 0x70, TAMBO_FORMAT_ERROR_MALFORMED },  /* minutiae of seven bytes */
    { 51, 4, TAMBO_FORMAT_ERROR_MALFORMED },     /* one minutia too many */
    { 52, 0xC0, TAMBO_FORMAT_ERROR_MALFORMED },  /* type */
    { 99, 196, TAMBO_FORMAT_ERROR_UNSUPPORTED }, /* another resolution than the thumb */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (TamboMinutiaeRecord) record = make_record ();
    g_autoptr (GBytes) bytes = tambo_minutiae_record_encode_2011 (record);
    gsize size;
    g_autofree guint8 *copy = g_bytes_unref_to_data (g_bytes_ref (bytes), &size);
    copy[rows[i].at] = rows[i].value;
    g_test_message ("byte %d", rows[i].at);
    assert_refused (copy, size, rows[i].code);
  }
}

/* Minutiae of five bytes, a certification block, no quality block. */
static void test_bare_2011 (void) {
  g_autoptr (GBytes) bytes = tambo_hex_decode ("464d520030333000"
                                               "0000003a"
                                               "0001"
                                               "01"
                                               "0000002b"
                                               "07e00101000000fffe"
                                               "04"
                                               "001d"
                                               "0042"
                                               "00"
                                               "01"
                                               "001d01"
                                               "07"
                                               "00"
                                               "00c500c5"
                                               "01"
                                               "01000100"
                                               "51"
                                               "01"
                                               "4010002040"
                                               "0000");
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboMinutiaeRecord) record = tambo_minutiae_record_parse (bytes, &error);

  g_assert_no_error (error);
  const TamboMinutiaeView *view = g_ptr_array_index (record->views, 0);
  const TamboMinutia *minutia = &g_array_index (view->minutiae, TamboMinutia, 0);
  g_assert_cmpuint (view->position, ==, 7);
  g_assert_cmpuint (view->quality, ==, 0);
  g_assert_cmpuint (minutia->x, ==, 16);
  g_assert_cmpuint (minutia->y, ==, 32);
  g_assert_cmpuint (minutia->quality, ==, 0);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/iso19794-2/layout", test_layout);
  g_test_add_func ("/iso19794-2/round-trip", test_round_trip);
  g_test_add_func ("/iso19794-2/truncated", test_truncated);
  g_test_add_func ("/iso19794-2/malformed", test_malformed);
  g_test_add_func ("/iso19794-2/data", test_data);
  g_test_add_func ("/iso19794-2/data-invalid", test_data_invalid);
  g_test_add_func ("/iso19794-2/2011/layout", test_layout_2011);
  g_test_add_func ("/iso19794-2/2011/round-trip", test_round_trip_2011);
  g_test_add_func ("/iso19794-2/2011/truncated", test_truncated_2011);
  g_test_add_func ("/iso19794-2/2011/malformed", test_malformed_2011);
  g_test_add_func ("/iso19794-2/2011/bare", test_bare_2011);
  return g_test_run ();
}
