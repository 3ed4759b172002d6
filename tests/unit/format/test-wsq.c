/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/wsq.h"

#include "format/format-error.h"
#include "picture.h"

/* Ridges around a whorl, as a finger has them. */
static TamboImage *ridges_new (int width, int height) {
  TamboImage *image = tambo_image_new (width, height, 1);
  g_autoptr (GRand) rand = g_rand_new_with_seed (11);
  guint8 *out = image->data;

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++) {
      double distance = hypot (x - 0.45 * width, 1.2 * (y - 0.55 * height));
      double value = 140 + 90 * sin (0.7 * distance + 0.02 * x) + g_rand_double_range (rand, -8, 8);
      *out++ = (guint8) CLAMP (value, 0, 255);
    }
  return image;
}

static GBytes *encode (const TamboImage *image, double rate) {
  g_autoptr (GError) error = NULL;
  GBytes *bytes = tambo_wsq_encode (image, rate, &error);

  g_assert_no_error (error);
  g_assert_nonnull (bytes);
  return bytes;
}

static TamboImage *decode (GBytes *bytes) {
  g_autoptr (GError) error = NULL;
  TamboImage *image = tambo_wsq_decode (bytes, &error);

  g_assert_no_error (error);
  g_assert_nonnull (image);
  return image;
}

static void assert_refused (GBytes *bytes, TamboFormatError code) {
  g_autoptr (GError) error = NULL;

  g_assert_null (tambo_wsq_decode (bytes, &error));
  g_assert_error (error, TAMBO_FORMAT_ERROR, (int) code);
}

/* ---- pixels ---- */

static void test_round_trip (void) {
  static const int sizes[][2] = { { 64, 64 },   { 65, 67 },   { 131, 97 }, { 388, 374 },
                                  { 357, 392 }, { 500, 500 }, { 70, 511 } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (TamboImage) image = ridges_new (sizes[i][0], sizes[i][1]);
    g_autoptr (GBytes) coarse = encode (image, TAMBO_WSQ_RATE);
    g_autoptr (GBytes) fine = encode (image, TAMBO_WSQ_RATE_FINE);
    g_autoptr (TamboImage) from_coarse = decode (coarse);
    g_autoptr (TamboImage) from_fine = decode (fine);
    g_assert_cmpint (from_coarse->width, ==, image->width);
    g_assert_cmpint (from_coarse->height, ==, image->height);
    g_assert_cmpint (from_coarse->channels, ==, 1);
    double psnr = tambo_image_psnr (image, from_coarse);
    g_test_message ("%d x %d: %.1f and %.1f dB in %" G_GSIZE_FORMAT " and %" G_GSIZE_FORMAT,
                    image->width, image->height, psnr, tambo_image_psnr (image, from_fine),
                    g_bytes_get_size (coarse), g_bytes_get_size (fine));
    g_assert_cmpfloat (psnr, >, 24);
    g_assert_cmpfloat (tambo_image_psnr (image, from_fine), >, psnr);
    g_assert_cmpuint (g_bytes_get_size (coarse), <, g_bytes_get_size (fine));
  }
}

static void test_rates (void) {
  static const double rates[] = { TAMBO_WSQ_RATE_MIN, 0.75, 2.25, TAMBO_WSQ_RATE_MAX };
  g_autoptr (TamboImage) image = ridges_new (200, 160);
  gsize before = 0;

  for (guint i = 0; i < G_N_ELEMENTS (rates); i++) {
    g_autoptr (GBytes) bytes = encode (image, rates[i]);
    g_autoptr (TamboImage) decoded = decode (bytes);
    g_assert_cmpuint (g_bytes_get_size (bytes), >, before);
    before = g_bytes_get_size (bytes);
  }
}

/* Nothing to code, few subbands with all the energy, and every one full of it. */
static void test_extremes (void) {
  static const int greys[] = { 0, 77, 255 };
  g_autoptr (TamboImage) stripes = tambo_image_new (131, 97, 1);
  g_autoptr (TamboImage) noise = tambo_image_new (150, 150, 1);
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);

  for (guint i = 0; i < G_N_ELEMENTS (greys); i++) {
    g_autoptr (TamboImage) flat = tambo_image_new (100, 80, 1);
    memset (flat->data, greys[i], tambo_image_size (flat));
    g_autoptr (GBytes) bytes = encode (flat, TAMBO_WSQ_RATE);
    g_autoptr (TamboImage) decoded = decode (bytes);
    g_assert_cmpmem (decoded->data, tambo_image_size (decoded), flat->data,
                     tambo_image_size (flat));
  }
  for (int i = 0; i < 131 * 97; i++)
    stripes->data[i] = (guint8) (128 + 100 * sin (0.7 * (i % 131)));
  for (int i = 0; i < 150 * 150; i++)
    noise->data[i] = g_rand_boolean (rand) ? 255 : 0;
  for (double rate = 0.25; rate <= 8; rate *= 2) {
    g_autoptr (GBytes) of_stripes = encode (stripes, rate);
    g_autoptr (GBytes) of_noise = encode (noise, rate);
    g_autoptr (TamboImage) decoded_stripes = decode (of_stripes);
    g_autoptr (TamboImage) decoded_noise = decode (of_noise);
    g_assert_cmpfloat (tambo_image_psnr (stripes, decoded_stripes), >, 20);
    g_assert_cmpfloat (tambo_image_psnr (noise, decoded_noise), >, 2);
  }
}

static void test_refuses_to_encode (void) {
  g_autoptr (TamboImage) colour = tambo_image_new (100, 100, 3);
  g_autoptr (TamboImage) small = tambo_image_new (100, 63, 1);
  g_autoptr (TamboImage) image = tambo_image_new (100, 100, 1);
  const struct {
    const TamboImage *image;
    double rate;
  } cases[] = { { colour, 0.75 }, { small, 0.75 }, { image, 0 }, { image, 9 }, { image, NAN } };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (tambo_wsq_encode (cases[i].image, cases[i].rate, &error));
    g_assert_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_UNSUPPORTED);
  }
}

/* ---- markers ---- */

/* Where the content of the first segment of MARKER lies; its marker is 4 bytes before. */
static gsize find_segment (GBytes *bytes, guint16 marker, gsize *out_size) {
  gsize size, at = 2;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  while (at + 4 <= size) {
    gsize length = (gsize) data[at + 2] << 8 | data[at + 3];
    if ((data[at] << 8 | data[at + 1]) == marker) {
      *out_size = length - 2;
      return at + 4;
    }
    at += 2 + length;
  }
  g_assert_not_reached ();
}

/* BYTES with SIZE bytes at AT exchanged for others. */
static GBytes *splice (GBytes *bytes, gsize at, gsize size, gconstpointer other, gsize other_size) {
  gsize whole;
  const guint8 *data = g_bytes_get_data (bytes, &whole);
  GByteArray *array = g_byte_array_new ();

  g_byte_array_append (array, data, (guint) at);
  if (other_size > 0)
    g_byte_array_append (array, other, (guint) other_size);
  g_byte_array_append (array, data + at + size, (guint) (whole - at - size));
  return g_byte_array_free_to_bytes (array);
}

static void test_resolution (void) {
  g_autoptr (TamboImage) image = ridges_new (80, 72);
  g_autoptr (GBytes) unknown = encode (image, TAMBO_WSQ_RATE);
  image->ppi = 500;
  g_autoptr (GBytes) known = encode (image, TAMBO_WSQ_RATE);
  gsize size, at = find_segment (known, 0xFFA8, &size);
  const char *data = g_bytes_get_data (known, NULL);
  g_autofree char *text = g_strndup (data + at, size);
  g_autoptr (GBytes) without = splice (known, at - 4, size + 4, NULL, 0);
  g_autoptr (TamboImage) from_unknown = decode (unknown);
  g_autoptr (TamboImage) from_known = decode (known);
  g_autoptr (TamboImage) from_without = decode (without);

  g_assert_cmpstr (text, ==,
                   "NIST_COM 6\nPIX_WIDTH 80\nPIX_HEIGHT 72\nPPI 500\nLOSSY 1\nWSQ_BITRATE 0.75\n");
  g_assert_cmpint (from_unknown->ppi, ==, 0);
  g_assert_cmpint (from_known->ppi, ==, 500);
  g_assert_cmpint (from_without->ppi, ==, 0);
  g_assert_cmpmem (from_known->data, 80 * 72, from_without->data, 80 * 72);
}

static void test_foreign_comments (void) {
  static const struct {
    const char *text;
    int ppi;
  } cases[] = {
    { "scanned at PPI 300\n", 0 },
    { "NIST_COM 2\nPPI 1000\n", 1000 },
    { "NIST_COM 2\r\nPPI 197", 197 },
    { "NIST_COM 2\nPPI -1\n", 0 },
    { "NIST_COM 2\nPPI 99999\n", 0 },
    { "NIST_COM 2\nPPI x\n", 0 },
    { "", 0 },
  };
  g_autoptr (TamboImage) image = ridges_new (80, 72);
  image->ppi = 500;
  g_autoptr (GBytes) bytes = encode (image, TAMBO_WSQ_RATE);
  gsize size, at = find_segment (bytes, 0xFFA8, &size);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++) {
    guint8 segment[100] = { 0, (guint8) (2 + strlen (cases[i].text)) };
    memcpy (segment + 2, cases[i].text, strlen (cases[i].text));
    g_autoptr (GBytes) other =
        splice (bytes, at - 2, size + 2, segment, 2 + strlen (cases[i].text));
    g_autoptr (TamboImage) decoded = decode (other);
    g_assert_cmpint (decoded->ppi, ==, cases[i].ppi);
  }
}

/* The fixed part of the file, as the specification's tables lay it out. */
static void test_layout (void) {
  g_autoptr (TamboImage) image = ridges_new (131, 97);
  g_autoptr (GBytes) bytes = encode (image, TAMBO_WSQ_RATE);
  const guint8 *data = g_bytes_get_data (bytes, NULL);
  gsize size, whole = g_bytes_get_size (bytes);

  g_assert_cmpmem (data, 4, "\xFF\xA0\xFF\xA8", 4);
  g_assert_cmpmem (data + whole - 2, 2, "\xFF\xA1", 2);
  gsize at = find_segment (bytes, 0xFFA4, &size);
  g_assert_cmpuint (size, ==, 56);
  /* 9 and 7 taps; the first is +852698679 / 10^9, with as many digits as fit 32 bits. */
  g_assert_cmpmem (data + at, 8, "\x09\x07\x00\x09\x32\xD3\x26\x37", 8);
  at = find_segment (bytes, 0xFFA5, &size);
  g_assert_cmpuint (size, ==, 387);
  g_assert_cmpmem (data + at, 3, "\x05\xAB\xE0", 3); /* 44000 / 10^5 */
  at = find_segment (bytes, 0xFFA2, &size);
  g_assert_cmpuint (size, ==, 15);
  g_assert_cmpmem (data + at, 6, "\x00\xFF\x00\x61\x00\x83", 6);
}

/* ---- damage ---- */

static void test_cut_short (void) {
  g_autoptr (TamboImage) image = ridges_new (80, 72);
  g_autoptr (GBytes) bytes = encode (image, TAMBO_WSQ_RATE);
  g_autoptr (TamboImage) whole = decode (bytes);
  gsize size = g_bytes_get_size (bytes);

  for (gsize cut = 0; cut < size; cut++) {
    /* A copy of that size, so that a sanitizer sees a read behind it. */
    g_autoptr (GBytes) part = g_bytes_new (g_bytes_get_data (bytes, NULL), cut);
    if (cut + 2 < size) {
      assert_refused (part, TAMBO_FORMAT_ERROR_MALFORMED);
    } else {
      /* Only the end marker is missing. */
      g_autoptr (TamboImage) decoded = decode (part);
      g_assert_cmpmem (decoded->data, 80 * 72, whole->data, 80 * 72);
    }
  }
}

static void test_damaged (void) {
  g_autoptr (TamboImage) image = ridges_new (80, 72);
  g_autoptr (GBytes) bytes = encode (image, TAMBO_WSQ_RATE);
  gsize size = g_bytes_get_size (bytes);
  guint refused = 0;

  for (gsize at = 0; at < size; at++)
    for (int bit = 0; bit < 8; bit++) {
      guint8 other = (guint8) (((const guint8 *) g_bytes_get_data (bytes, NULL))[at] ^ 1 << bit);
      g_autoptr (GBytes) damaged = splice (bytes, at, 1, &other, 1);
      g_autoptr (GError) error = NULL;
      g_autoptr (TamboImage) decoded = tambo_wsq_decode (damaged, &error);
      g_assert_true ((decoded == NULL) == (error != NULL));
      refused += decoded == NULL;
    }
  g_test_message ("%u of %" G_GSIZE_FORMAT " damages refused", refused, size * 8);
  g_assert_cmpuint (refused, >, size);
}

/* A header of a few bytes may not ask for gigabytes. */
static void test_claims_too_much (void) {
  g_autoptr (TamboImage) image = ridges_new (80, 72);
  g_autoptr (GBytes) bytes = encode (image, TAMBO_WSQ_RATE);
  gsize size, at = find_segment (bytes, 0xFFA2, &size);
  g_autoptr (GBytes) huge = splice (bytes, at + 2, 4, "\xFF\xFF\xFF\xFF", 4);
  g_autoptr (GBytes) large = splice (bytes, at + 2, 4, "\x10\x00\x10\x00", 4);
  g_autoptr (GBytes) none = splice (bytes, at + 2, 4, "\x00\x00\x10\x00", 4);

  assert_refused (huge, TAMBO_FORMAT_ERROR_MALFORMED);
  assert_refused (large, TAMBO_FORMAT_ERROR_MALFORMED);
  assert_refused (none, TAMBO_FORMAT_ERROR_UNSUPPORTED);
}

static void test_as_image (void) {
  g_autoptr (TamboImage) image = ridges_new (80, 72);
  g_autoptr (GBytes) bytes = encode (image, TAMBO_WSQ_RATE);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (tambo_image_sniff (bytes), ==, TAMBO_IMAGE_WSQ);
  g_assert_cmpstr (tambo_image_media_type (TAMBO_IMAGE_WSQ), ==, "image/x-wsq");
  g_autoptr (TamboImage) decoded = tambo_image_decode (bytes, &error);
  g_assert_no_error (error);
  g_assert_cmpint (decoded->width, ==, 80);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/wsq/round-trip", test_round_trip);
  g_test_add_func ("/wsq/rates", test_rates);
  g_test_add_func ("/wsq/extremes", test_extremes);
  g_test_add_func ("/wsq/refuses-to-encode", test_refuses_to_encode);
  g_test_add_func ("/wsq/resolution", test_resolution);
  g_test_add_func ("/wsq/foreign-comments", test_foreign_comments);
  g_test_add_func ("/wsq/layout", test_layout);
  g_test_add_func ("/wsq/cut-short", test_cut_short);
  g_test_add_func ("/wsq/damaged", test_damaged);
  g_test_add_func ("/wsq/claims-too-much", test_claims_too_much);
  g_test_add_func ("/wsq/as-image", test_as_image);
  return g_test_run ();
}
