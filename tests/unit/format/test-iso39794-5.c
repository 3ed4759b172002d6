/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Bytes by hand, from the ASN.1 of ICAO's application profile of ISO/IEC 39794-5.
 */
#include "format/iso39794-5.h"

#include <string.h>

#include "base/bytes.h"
#include "format/format-error.h"

/* A JPEG by its first bytes: this room looks no further. */
#define IMAGE "ffd8ffe00001"
#define VERSION "a007800103810207e3"

/* Written piece by piece, so that a reader can count. */
static char *block (const char *information, const char *after_image) {
  g_autofree char *image = g_strconcat ("8006" IMAGE, information, NULL);
  g_autofree char *two = g_strdup_printf ("a0%02x%s", (guint) strlen (image) / 2, image);
  g_autofree char *base = g_strdup_printf ("a0%02x%s", (guint) strlen (two) / 2, two);
  g_autofree char *representation =
      g_strdup_printf ("800100a1%02x%s%s", (guint) strlen (base) / 2, base, after_image);
  g_autofree char *sequence =
      g_strdup_printf ("30%02x%s", (guint) strlen (representation) / 2, representation);
  g_autofree char *body =
      g_strdup_printf (VERSION "a1%02x%s", (guint) strlen (sequence) / 2, sequence);

  return g_strdup_printf ("65%02x%s", (guint) strlen (body) / 2, body);
}

static gboolean parse (const char *hex, TamboFaceRecord *out_record, GError **error) {
  g_autoptr (GBytes) bytes = tambo_hex_decode (hex);

  g_assert_nonnull (bytes);
  return tambo_face_block_parse (bytes, out_record, error);
}

static void test_smallest (void) {
  g_autofree char *hex = block ("a105a003800102", "");
  g_auto (TamboFaceRecord) record = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_true (parse (hex, &record, &error));
  g_assert_no_error (error);
  g_assert_cmpint (record.image_type, ==, TAMBO_IMAGE_JPEG);
  g_assert_cmpuint (g_bytes_get_size (record.image), ==, 6);
  g_assert_cmpuint (record.width, ==, 0);
  g_assert_cmpuint (record.gender, ==, 0);
}

/* What we write, byte for byte: kind "mrtd", size, gender. */
static void test_bytes (void) {
  g_autoptr (GBytes) image = tambo_hex_decode (IMAGE);
  TamboFaceRecord record = { .gender = 2,
                             .hair_colour = 4,
                             .face_image_type = 1,
                             .image_type = TAMBO_IMAGE_JPEG,
                             .width = 413,
                             .height = 531,
                             .image = image };
  g_autoptr (GBytes) bytes = tambo_face_block_encode (&record);
  g_autofree char *hex =
      tambo_hex_encode (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_autofree char *expected = block ("a116"
                                     "a003800102"
                                     "a105a103800100"
                                     "a7088002019d81020213",
                                     "a80e"
                                     "a005a103800103"
                                     "a205a103800105");

  g_assert_cmpstr (hex, ==, expected);
}

/* A code stands by itself, or as what an extension falls back on; extensions that nobody knows are passed
 * over, also of numbers beyond 30. */
static void test_variants (void) {
  static const struct {
    const char *information, *after_image;
    guint8 gender, eye, hair;
    guint16 width;
  } variants[] = {
    { "a105a003800103", "a807a005a103800102", 1, 0, 0, 0 },
    { "a105a003800104", "a805a003800103", 2, 0, 0, 0 },
    { "a105a003800102", "a805a103800109", 0, 7, 0, 0 },
    { "a105a003800102", "a805a203800108", 0, 0, 7, 0 },
    { "a105a003800102", "a805a003800101", 0, 0, 0, 0 },
    { "a10ea003800102a707800203e8810102", "", 0, 0, 0, 1000 },
    { "a105a003800102", "820101830101a903040100", 0, 0, 0, 0 },
    { "a105a003800102", "9f1f0100bf200101", 0, 0, 0, 0 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (variants); i++) {
    g_autofree char *hex = block (variants[i].information, variants[i].after_image);
    g_auto (TamboFaceRecord) record = { 0 };
    g_autoptr (GError) error = NULL;
    g_assert_true (parse (hex, &record, &error));
    g_assert_no_error (error);
    g_assert_cmpuint (record.gender, ==, variants[i].gender);
    g_assert_cmpuint (record.eye_colour, ==, variants[i].eye);
    g_assert_cmpuint (record.hair_colour, ==, variants[i].hair);
    g_assert_cmpuint (record.width, ==, variants[i].width);
  }
}

/* Every code of the older record comes back, or says nothing. */
static void test_codes (void) {
  g_autoptr (GBytes) image = tambo_hex_decode (IMAGE);

  for (guint code = 0; code <= 255; code++) {
    TamboFaceRecord record = { .gender = (guint8) code,
                               .eye_colour = (guint8) code,
                               .hair_colour = (guint8) code,
                               .image_type = TAMBO_IMAGE_JPEG,
                               .image = image };
    g_autoptr (GBytes) bytes = tambo_face_block_encode (&record);
    g_auto (TamboFaceRecord) back = { 0 };
    g_autoptr (GError) error = NULL;
    g_assert_true (tambo_face_block_parse (bytes, &back, &error));
    g_assert_cmpuint (back.gender, ==, code <= 2 ? code : 0);
    g_assert_cmpuint (back.eye_colour, ==, code <= 7 ? code : 0);
    g_assert_cmpuint (back.hair_colour, ==, code <= 7 ? code : 0);
  }
}

static void test_refused (void) {
  static const struct {
    const char *information, *after_image;
    TamboFormatError code;
  } wrong[] = {
    { "", "", TAMBO_FORMAT_ERROR_MALFORMED },                         /* no information */
    { "a100", "", TAMBO_FORMAT_ERROR_MALFORMED },                     /* no format */
    { "a105a003800101", "", TAMBO_FORMAT_ERROR_UNSUPPORTED },         /* another format */
    { "a104a0028000", "", TAMBO_FORMAT_ERROR_UNSUPPORTED },           /* an empty number */
    { "a105a103800102", "", TAMBO_FORMAT_ERROR_MALFORMED },           /* another member */
    { "a10aa003800102a703800101", "", TAMBO_FORMAT_ERROR_MALFORMED }, /* no height */
    { "a105a003800102", "a80130", TAMBO_FORMAT_ERROR_MALFORMED },
    { "a105a003800102", "a807a005a203800103", TAMBO_FORMAT_ERROR_MALFORMED },
    { "a105a003800102", "800100", TAMBO_FORMAT_ERROR_MALFORMED },   /* out of order */
    { "a105a003800102", "a800a800", TAMBO_FORMAT_ERROR_MALFORMED }, /* twice */
    { "a105a003800102", "3000", TAMBO_FORMAT_ERROR_MALFORMED },     /* no member */
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autofree char *hex = block (wrong[i].information, wrong[i].after_image);
    g_auto (TamboFaceRecord) record = { 0 };
    g_autoptr (GError) error = NULL;
    g_assert_false (parse (hex, &record, &error));
    g_assert_error (error, TAMBO_FORMAT_ERROR, (int) wrong[i].code);
    g_assert_null (record.image);
  }
}

static void test_versions (void) {
  static const struct {
    const char *hex;
    TamboFormatError code;
  } wrong[] = {
    { "6500", TAMBO_FORMAT_ERROR_UNSUPPORTED },
    { "6509a007800102810207e3", TAMBO_FORMAT_ERROR_UNSUPPORTED },
    { "6509a007800103810207e2", TAMBO_FORMAT_ERROR_UNSUPPORTED },
    { "6409a007800103810207e3", TAMBO_FORMAT_ERROR_MALFORMED },
    { "6509" VERSION, TAMBO_FORMAT_ERROR_MALFORMED },
    { "650b" VERSION "a100", TAMBO_FORMAT_ERROR_MALFORMED },
    { "650d" VERSION "a1023000", TAMBO_FORMAT_ERROR_MALFORMED },
    { "6509" VERSION "00", TAMBO_FORMAT_ERROR_MALFORMED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_auto (TamboFaceRecord) record = { 0 };
    g_autoptr (GError) error = NULL;
    g_assert_false (parse (wrong[i].hex, &record, &error));
    g_assert_error (error, TAMBO_FORMAT_ERROR, (int) wrong[i].code);
  }
}

static void test_truncated (void) {
  g_autofree char *hex = block ("a10ea003800102a707800203e8810102", "a807a005a103800102");
  g_autoptr (GBytes) bytes = tambo_hex_decode (hex);

  for (gsize size = 0; size < g_bytes_get_size (bytes); size++) {
    g_autoptr (GBytes) part = g_bytes_new (g_bytes_get_data (bytes, NULL), size);
    g_auto (TamboFaceRecord) record = { 0 };
    g_autoptr (GError) error = NULL;
    g_assert_false (tambo_face_block_parse (part, &record, &error));
    g_assert_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_MALFORMED);
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/iso39794-5/smallest", test_smallest);
  g_test_add_func ("/iso39794-5/bytes", test_bytes);
  g_test_add_func ("/iso39794-5/variants", test_variants);
  g_test_add_func ("/iso39794-5/codes", test_codes);
  g_test_add_func ("/iso39794-5/refused", test_refused);
  g_test_add_func ("/iso39794-5/versions", test_versions);
  g_test_add_func ("/iso39794-5/truncated", test_truncated);
  return g_test_run ();
}
