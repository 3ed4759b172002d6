/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/image-codec.h"

#include "base/bytes.h"
#include "format/format-error.h"
#include "picture.h"

static GBytes *encode (TamboImageType type, const TamboImage *image) {
  g_autoptr (GError) error = NULL;
  GBytes *bytes = NULL;

  if (type == TAMBO_IMAGE_PNG)
    bytes = tambo_image_encode_png (image, &error);
  else if (type == TAMBO_IMAGE_JPEG)
    bytes = tambo_image_encode_jpeg (image, 95, &error);
  else if (type == TAMBO_IMAGE_JPEG2000)
    bytes = tambo_image_encode_jpeg2000 (image, tambo_image_size (image) / 3 + 400, &error);
  else
    bytes = tambo_image_encode_pnm (image);
  g_assert_no_error (error);
  g_assert_nonnull (bytes);
  return bytes;
}

static const TamboImageType types[] = { TAMBO_IMAGE_PNG, TAMBO_IMAGE_JPEG, TAMBO_IMAGE_JPEG2000,
                                        TAMBO_IMAGE_PNM };

static void assert_refused (GBytes *bytes, TamboFormatError code) {
  g_autoptr (GError) error = NULL;
  g_assert_null (tambo_image_decode (bytes, &error));
  g_assert_error (error, TAMBO_FORMAT_ERROR, (int) code);
}

static void test_round_trip (void) {
  static const int sizes[][2] = { { 64, 48 }, { 101, 67 }, { 1, 1 }, { 3, 40 }, { 413, 531 } };

  for (guint t = 0; t < G_N_ELEMENTS (types); t++) {
    for (guint s = 0; s < G_N_ELEMENTS (sizes); s++) {
      for (int channels = 1; channels <= 3; channels += 2) {
        g_autoptr (TamboImage) image = picture_new (sizes[s][0], sizes[s][1], channels);
        g_autoptr (GBytes) bytes = encode (types[t], image);
        g_autoptr (GError) error = NULL;
        g_assert_cmpint (tambo_image_sniff (bytes), ==, types[t]);
        g_autoptr (TamboImage) decoded = tambo_image_decode (bytes, &error);
        g_assert_no_error (error);
        g_assert_cmpint (decoded->channels, ==, channels);
        double psnr = tambo_image_psnr (image, decoded);
        if (types[t] == TAMBO_IMAGE_PNG || types[t] == TAMBO_IMAGE_PNM)
          g_assert_true (isinf (psnr));
        else
          g_assert_cmpfloat (psnr, >, 36);
      }
    }
  }
}

static void test_resolution (void) {
  g_autoptr (TamboImage) image = picture_new (32, 32, 1);
  image->ppi = 500;

  for (guint t = 0; t < 2; t++) { /* PNG and JPEG carry it */
    g_autoptr (GBytes) bytes = encode (types[t], image);
    g_autoptr (TamboImage) decoded = tambo_image_decode (bytes, NULL);
    g_assert_cmpint (decoded->ppi, ==, 500);
  }
  image->ppi = 0;
  for (guint t = 0; t < G_N_ELEMENTS (types); t++) {
    g_autoptr (GBytes) bytes = encode (types[t], image);
    g_autoptr (TamboImage) decoded = tambo_image_decode (bytes, NULL);
    g_assert_cmpint (decoded->ppi, ==, 0);
  }
}

static void test_truncated (void) {
  for (int channels = 1; channels <= 3; channels += 2) {
    g_autoptr (TamboImage) image = picture_new (40, 30, channels);
    for (guint t = 0; t < G_N_ELEMENTS (types); t++) {
      g_autoptr (GBytes) bytes = encode (types[t], image);
      gsize whole;
      const guint8 *data = g_bytes_get_data (bytes, &whole);
      for (gsize size = 0; size < whole; size++) {
        g_autoptr (GBytes) part = g_bytes_new (data, size);
        g_autoptr (GError) error = NULL;
        g_autoptr (TamboImage) decoded = tambo_image_decode (part, &error);
        if (decoded != NULL)
          g_error ("type %d accepted after %zu of %zu bytes", types[t], size, whole);
        g_assert_nonnull (error);
        g_assert_true (error->domain == TAMBO_FORMAT_ERROR);
      }
    }
  }
}

/* Damage anywhere: any answer but a crash, and NULL exactly when there is an error. */
static void test_damaged (void) {
  g_autoptr (GRand) rand = g_rand_new_with_seed (20);
  g_autoptr (TamboImage) image = picture_new (40, 30, 3);

  for (guint t = 0; t < G_N_ELEMENTS (types); t++) {
    g_autoptr (GBytes) bytes = encode (types[t], image);
    gsize size;
    const guint8 *data = g_bytes_get_data (bytes, &size);
    for (int i = 0; i < 600; i++) {
      guint8 *copy = g_memdup2 (data, size);
      int wounds = g_rand_int_range (rand, 1, 4);
      for (int j = 0; j < wounds; j++) /* the headers are hit half of the time */
        copy[g_rand_int_range (rand, 0, i % 2 ? (gint32) size : (gint32) MIN (size, 300))] =
            (guint8) g_rand_int_range (rand, 0, 256);
      g_autoptr (GBytes) damaged = g_bytes_new_take (copy, size);
      g_autoptr (GError) error = NULL;
      g_autoptr (TamboImage) decoded = tambo_image_decode (damaged, &error);
      g_assert_true ((decoded == NULL) == (error != NULL));
    }
  }
}

static GBytes *patched (GBytes *bytes, gsize offset, const char *hex) {
  g_autoptr (GBytes) patch = tambo_hex_decode (hex);
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);
  guint8 *copy = g_memdup2 (data, size);
  memcpy (copy + offset, g_bytes_get_data (patch, NULL), g_bytes_get_size (patch));
  return g_bytes_new_take (copy, size);
}

static gsize find (GBytes *bytes, const char *needle, gsize needle_size) {
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  const guint8 *at = memmem (data, size, needle, needle_size);
  g_assert_nonnull (at);
  return (gsize) (at - data);
}

static void test_hostile_dimensions (void) {
  g_autoptr (TamboImage) image = picture_new (16, 16, 1);

  g_autoptr (GBytes) pnm = g_bytes_new_static ("P5 60000 60000 255\nxx", 21);
  assert_refused (pnm, TAMBO_FORMAT_ERROR_TOO_LARGE);
  g_autoptr (GBytes) endless = g_bytes_new_static ("P5 99999999999999999999 1 255\nxx", 32);
  assert_refused (endless, TAMBO_FORMAT_ERROR_MALFORMED);
  g_autoptr (GBytes) empty = g_bytes_new_static ("P6 0 4 255\nxx", 13);
  assert_refused (empty, TAMBO_FORMAT_ERROR_MALFORMED);

  g_autoptr (GBytes) jpeg = encode (TAMBO_IMAGE_JPEG, image);
  gsize sof = find (jpeg, "\xFF\xC0", 2);
  g_autoptr (GBytes) big_jpeg = patched (jpeg, sof + 5, "ffffffff");
  assert_refused (big_jpeg, TAMBO_FORMAT_ERROR_MALFORMED); /* libjpeg's own bound is 65500 */
  g_autoptr (GBytes) large_jpeg = patched (jpeg, sof + 5, "e000e000");
  assert_refused (large_jpeg, TAMBO_FORMAT_ERROR_TOO_LARGE);
  g_autoptr (GBytes) tall_jpeg = patched (jpeg, sof + 5, "1f401f40");
  assert_refused (tall_jpeg, TAMBO_FORMAT_ERROR_MALFORMED); /* fewer data than pixels */

  /* with the checksum of the header made right */
  g_autoptr (GBytes) png = encode (TAMBO_IMAGE_PNG, image);
  g_autoptr (GBytes) big_png = patched (png, 16, "0001000000010000080000000049ef6f3f");
  g_autoptr (GError) error = NULL;
  g_assert_null (tambo_image_decode (big_png, &error));
  g_assert_true (error->domain == TAMBO_FORMAT_ERROR);

  g_autoptr (GBytes) jp2 = encode (TAMBO_IMAGE_JPEG2000, image);
  gsize siz = find (jp2, "\xFF\x4F\xFF\x51", 4) + 2;
  g_autoptr (GBytes) big_jp2 = patched (jp2, siz + 6, "7fffffff7fffffff");
  assert_refused (big_jp2, TAMBO_FORMAT_ERROR_TOO_LARGE);
  g_autoptr (GBytes) tiles = patched (jp2, siz + 22, "0000000100000001");
  g_autoptr (GBytes) tiled = patched (tiles, siz + 6, "0000010000000100");
  assert_refused (tiled, TAMBO_FORMAT_ERROR_TOO_LARGE);
  g_autoptr (GBytes) missing = patched (jp2, siz + 22, "0000000800000010");
  assert_refused (missing, TAMBO_FORMAT_ERROR_MALFORMED); /* two tiles, one is there */
  g_autoptr (GBytes) no_tiles = patched (jp2, siz + 22, "0000000000000000");
  assert_refused (no_tiles, TAMBO_FORMAT_ERROR_MALFORMED);
  g_autoptr (GBytes) components = patched (jp2, siz + 38, "4000");
  assert_refused (components, TAMBO_FORMAT_ERROR_UNSUPPORTED);
}

static void test_jpeg2000_target (void) {
  static const struct {
    int width, height, channels;
    gsize target;
    double psnr;
  } rows[] = {
    { 413, 531, 3, 15000, 35 },   { 413, 531, 3, 12000, 34 }, { 600, 800, 3, 20000, 35 },
    { 413, 531, 1, 15000, 35 },   { 413, 531, 3, 2000, 25 },  { 120, 150, 3, 1000, 20 },
    { 413, 531, 3, 1000000, 40 }, { 8, 8, 3, 400, 15 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (TamboImage) image = picture_new (rows[i].width, rows[i].height, rows[i].channels);
    g_autoptr (GBytes) bytes = tambo_image_encode_jpeg2000 (image, rows[i].target, &error);
    g_assert_no_error (error);
    g_assert_cmpuint (g_bytes_get_size (bytes), <=, rows[i].target);
    g_autoptr (TamboImage) decoded = tambo_image_decode (bytes, &error);
    g_assert_no_error (error);
    double psnr = tambo_image_psnr (image, decoded);
    g_test_message ("%dx%dx%d: %zu of %zu bytes, %.2f dB", rows[i].width, rows[i].height,
                    rows[i].channels, g_bytes_get_size (bytes), rows[i].target, psnr);
    g_assert_cmpfloat (psnr, >, rows[i].psnr);
  }

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboImage) image = picture_new (413, 531, 3);
  g_assert_null (tambo_image_encode_jpeg2000 (image, 100, &error));
  g_assert_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_FAILED);
}

static void test_jpeg2000_deterministic (void) {
  g_autoptr (TamboImage) image = picture_new (200, 260, 3);
  g_autoptr (GBytes) a = tambo_image_encode_jpeg2000 (image, 6000, NULL);
  g_autoptr (GBytes) b = tambo_image_encode_jpeg2000 (image, 6000, NULL);
  g_assert_true (g_bytes_equal (a, b));
  g_assert_null (memmem (g_bytes_get_data (a, NULL), g_bytes_get_size (a), "OpenJPEG", 8));
}

static void test_jpeg2000_code_stream (void) {
  g_autoptr (TamboImage) image = picture_new (100, 80, 3);
  g_autoptr (GBytes) jp2 = tambo_image_encode_jpeg2000 (image, 5000, NULL);
  gsize begin = find (jp2, "\xFF\x4F\xFF\x51", 4);
  g_autoptr (GBytes) raw = g_bytes_new_from_bytes (jp2, begin, g_bytes_get_size (jp2) - begin);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (tambo_image_sniff (raw), ==, TAMBO_IMAGE_JPEG2000);
  g_autoptr (TamboImage) a = tambo_image_decode (jp2, &error);
  g_assert_no_error (error);
  g_autoptr (TamboImage) b = tambo_image_decode (raw, &error);
  g_assert_no_error (error);
  g_assert_true (isinf (tambo_image_psnr (a, b)));

  for (gsize cut = 1; cut <= 40; cut++) {
    g_autoptr (GBytes) part = g_bytes_new_from_bytes (raw, 0, g_bytes_get_size (raw) - cut);
    assert_refused (part, TAMBO_FORMAT_ERROR_MALFORMED);
  }
}

/* Written by hand: RGBA, 16-bit grey with alpha, 2-bit palette with transparency, 1-bit grey. */
static void test_png_variants (void) {
  static const struct {
    const char *png;
    int width, channels;
    guint8 pixels[9];
  } rows[] = {
    { "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAYAAAD0In+KAAAAD0lEQVR4nGP4z8AARAwMAAz8Af9c/"
      "RSVAAAAAElFTkSuQmCC",
      2,
      3,
      { 255, 0, 0, 255, 255, 255 } },
    { "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABEAQAAAAOu2tCAAAAEUlEQVR4nGNoYPj/n4GhgQEAD/4C/24/"
      "4R0AAAAASUVORK5CYII=",
      2,
      1,
      { 128, 127 } },
    { "iVBORw0KGgoAAAANSUhEUgAAAAMAAAABAgMAAABmjvwnAAAACVBMVEUKFB7IZDIAAP8/dCnvAAAAAnRSTlP/"
      "AOW3MEoAAAAKSURBVHicY5AAAAAaABktiPQ2AAAAAElFTkSuQmCC",
      3,
      3,
      { 10, 20, 30, 255, 255, 255, 0, 0, 255 } },
    { "iVBORw0KGgoAAAANSUhEUgAAAAMAAAABAQAAAAAzmykZAAAACklEQVR4nGNYAAAAogCh3I2xzAAAAABJRU5ErkJggg="
      "=",
      3,
      1,
      { 255, 0, 255 } },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GBytes) png = tambo_base64_decode (rows[i].png);
    g_autoptr (GError) error = NULL;
    g_autoptr (TamboImage) image = tambo_image_decode (png, &error);
    g_assert_no_error (error);
    g_assert_cmpint (image->width, ==, rows[i].width);
    g_assert_cmpint (image->channels, ==, rows[i].channels);
    g_assert_cmpmem (image->data, tambo_image_size (image), rows[i].pixels,
                     (gsize) (image->width * image->channels));
  }
}

static void test_pnm_variants (void) {
  static const char sixteen[] = "P5\n# a comment 9 9\n2 1 # other\n65535\n\xFF\xFF\x80\x00";
  g_autoptr (GBytes) deep = g_bytes_new_static (sixteen, sizeof sixteen - 1);
  g_autoptr (TamboImage) a = tambo_image_decode (deep, NULL);
  g_assert_nonnull (a);
  g_assert_cmpuint (a->data[0], ==, 255);
  g_assert_cmpuint (a->data[1], ==, 128);

  static const char seven[] = "P6 1 1 7\n\0\7\11";
  g_autoptr (GBytes) shallow = g_bytes_new_static (seven, sizeof seven - 1);
  g_autoptr (TamboImage) b = tambo_image_decode (shallow, NULL);
  g_assert_nonnull (b);
  static const guint8 expected[] = { 0, 255, 255 };
  g_assert_cmpmem (b->data, 3, expected, 3);
}

static void test_unknown (void) {
  static const char *const texts[] = { "", "P", "P7\n", "GIF89a", "BM", "\xFF\xD8", "%PDF-1.4" };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GBytes) bytes = g_bytes_new (texts[i], strlen (texts[i]));
    g_assert_cmpint (tambo_image_sniff (bytes), ==, TAMBO_IMAGE_UNKNOWN);
    assert_refused (bytes, TAMBO_FORMAT_ERROR_UNSUPPORTED);
  }
  g_assert_null (tambo_image_media_type (TAMBO_IMAGE_UNKNOWN));
  g_assert_cmpstr (tambo_image_media_type (TAMBO_IMAGE_JPEG2000), ==, "image/jp2");
}

static void test_psnr (void) {
  g_autoptr (TamboImage) a = tambo_image_new (10, 10, 1);
  g_autoptr (TamboImage) b = tambo_image_new (10, 10, 1);
  g_assert_true (isinf (tambo_image_psnr (a, b)));
  memset (b->data, 255, 100);
  g_assert_cmpfloat_with_epsilon (tambo_image_psnr (a, b), 0, 1e-9);
  memset (b->data, 1, 100);
  g_assert_cmpfloat_with_epsilon (tambo_image_psnr (a, b), 48.1308, 1e-3);
}

static void test_data (void) {
  static const char *const names[] = { "faces/sfhq/sample_1x2_r0_c00.jpg",
                                       "fingers/nist-sd/arch.jpg",
                                       "fingers/nist-sd/loop-right.jpg",
                                       "fingers/nist-sd/tented_arch.jpg",
                                       "fingers/nist-sd/whorl.jpg",
                                       "fingers/libbiomeval/img.jp2",
                                       "fingers/fvc2002_DB1_B/101_1.png",
                                       "fingers/sfinge/SFinGe_Test01.pgm",
                                       "faces/astronaut.png" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autoptr (GBytes) bytes = test_data_load (names[i]);
    g_autoptr (GError) error = NULL;
    if (bytes == NULL)
      continue;
    g_autoptr (TamboImage) image = tambo_image_decode (bytes, &error);
    g_assert_no_error (error);
    g_assert_cmpint (image->width, >=, 200);
    g_test_message ("%s: %d x %d x %d, %d ppi", names[i], image->width, image->height,
                    image->channels, image->ppi);
  }

  g_autoptr (GBytes) face = test_data_load ("faces/sfhq/sample_1x2_r0_c00.jpg");
  if (face == NULL)
    return;
  g_autoptr (TamboImage) whole = tambo_image_decode (face, NULL);
  g_autoptr (TamboImage) portrait = tambo_image_fit (whole, 413, 531);
  g_autoptr (GBytes) jp2 = tambo_image_encode_jpeg2000 (portrait, 15000, NULL);
  g_assert_cmpuint (g_bytes_get_size (jp2), <=, 15000);
  g_autoptr (TamboImage) decoded = tambo_image_decode (jp2, NULL);
  double psnr = tambo_image_psnr (portrait, decoded);
  g_test_message ("a face: %zu bytes, %.2f dB", g_bytes_get_size (jp2), psnr);
  g_assert_cmpfloat (psnr, >, 35);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image-codec/round-trip", test_round_trip);
  g_test_add_func ("/image-codec/resolution", test_resolution);
  g_test_add_func ("/image-codec/truncated", test_truncated);
  g_test_add_func ("/image-codec/damaged", test_damaged);
  g_test_add_func ("/image-codec/hostile-dimensions", test_hostile_dimensions);
  g_test_add_func ("/image-codec/jpeg2000-target", test_jpeg2000_target);
  g_test_add_func ("/image-codec/jpeg2000-deterministic", test_jpeg2000_deterministic);
  g_test_add_func ("/image-codec/jpeg2000-code-stream", test_jpeg2000_code_stream);
  g_test_add_func ("/image-codec/png-variants", test_png_variants);
  g_test_add_func ("/image-codec/pnm-variants", test_pnm_variants);
  g_test_add_func ("/image-codec/unknown", test_unknown);
  g_test_add_func ("/image-codec/psnr", test_psnr);
  g_test_add_func ("/image-codec/data", test_data);
  return g_test_run ();
}
