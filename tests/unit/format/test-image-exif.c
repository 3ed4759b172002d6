/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/image-codec-private.h"

#include "base/bytes.h"
#include "picture.h"

/* 2 x 3 pixels, and how the camera sees them in each way of holding it. */
static void test_orient (void) {
  static const struct {
    int orientation, width;
    const char *pixels;
  } rows[] = {
    { 1, 2, "abcdef" }, { 2, 2, "badcfe" }, { 3, 2, "fedcba" }, { 4, 2, "efcdab" },
    { 5, 3, "acebdf" }, { 6, 3, "ecafdb" }, { 7, 3, "fdbeca" }, { 8, 3, "bdface" },
  };
  g_autoptr (TamboImage) image = tambo_image_new (2, 3, 1);
  memcpy (image->data, "abcdef", 6);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (TamboImage) upright = tambo_image_orient (image, rows[i].orientation);
    g_assert_cmpint (upright->width, ==, rows[i].width);
    g_assert_cmpmem (upright->data, 6, rows[i].pixels, 6);
  }
}

static const char *const segments[] = {
  "457869660000"
  "49492a0008000000"
  "0200"
  "0f01020004000000616263"
  "00"
  "120103000100000006000000"
  "00000000",
  "457869660000"
  "4d4d002a00000008"
  "0001"
  "0112000300000001"
  "00060000"
  "00000000",
};

static void test_segment (void) {
  for (guint i = 0; i < G_N_ELEMENTS (segments); i++) {
    g_autoptr (GBytes) bytes = tambo_hex_decode (segments[i]);
    gsize size;
    const guint8 *data = g_bytes_get_data (bytes, &size);
    g_assert_cmpint (tambo_exif_orientation (data, size), ==, 6);
    for (gsize part = 0; part < size; part++) {
      g_autofree guint8 *copy = g_memdup2 (data, part);
      int orientation = tambo_exif_orientation (copy, part);
      g_assert_true (orientation == 1 || (orientation == 6 && part >= size - 4));
    }
  }
  g_assert_cmpint (tambo_exif_orientation ("http://ns.adobe.com/xap/1.0/", 28), ==, 1);
}

/* A JPEG with the segment put behind its SOI. */
static void test_decode (void) {
  g_autoptr (TamboImage) image = picture_new (64, 40, 3);
  g_autoptr (GBytes) plain = tambo_image_encode_jpeg (image, 95, NULL);
  g_autoptr (GBytes) exif = tambo_hex_decode (segments[1]);
  g_autoptr (GByteArray) array = g_byte_array_new ();
  gsize size;
  const guint8 *data = g_bytes_get_data (plain, &size);

  tambo_put_bytes (array, data, 2);
  tambo_put_u16 (array, 0xFFE1);
  tambo_put_u16 (array, (guint16) (g_bytes_get_size (exif) + 2));
  tambo_put_bytes (array, g_bytes_get_data (exif, NULL), g_bytes_get_size (exif));
  tambo_put_bytes (array, data + 2, size - 2);
  g_autoptr (GBytes) turned = g_byte_array_free_to_bytes (g_steal_pointer (&array));

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboImage) a = tambo_image_decode (plain, &error);
  g_assert_no_error (error);
  g_autoptr (TamboImage) b = tambo_image_decode (turned, &error);
  g_assert_no_error (error);
  g_assert_cmpint (b->width, ==, 40);
  g_assert_cmpint (b->height, ==, 64);
  g_autoptr (TamboImage) expected = tambo_image_orient (a, 6);
  g_assert_true (isinf (tambo_image_psnr (b, expected)));
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image-exif/orient", test_orient);
  g_test_add_func ("/image-exif/segment", test_segment);
  g_test_add_func ("/image-exif/decode", test_decode);
  return g_test_run ();
}
