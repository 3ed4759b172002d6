/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/image.h"

#include "picture.h"

static void test_new (void) {
  g_autoptr (TamboImage) image = tambo_image_new (3, 2, 3);
  g_assert_cmpuint (tambo_image_size (image), ==, 18);
  for (int i = 0; i < 18; i++)
    g_assert_cmpuint (image->data[i], ==, 0);

  g_assert_null (tambo_image_new (0, 2, 1));
  g_assert_null (tambo_image_new (2, -1, 1));
  g_assert_null (tambo_image_new (2, 2, 2));
  g_assert_null (tambo_image_new (G_MAXINT, G_MAXINT, 3));
  g_assert_null (tambo_image_new (TAMBO_IMAGE_MAX_PIXELS + 1, 1, 1));
}

static void test_copy (void) {
  g_autoptr (TamboImage) image = picture_new (17, 9, 3);
  image->ppi = 500;
  g_autoptr (TamboImage) copy = tambo_image_copy (image);
  g_assert_cmpint (copy->ppi, ==, 500);
  g_assert_cmpmem (copy->data, tambo_image_size (copy), image->data, tambo_image_size (image));
}

static void test_grey (void) {
  g_autoptr (TamboImage) image = tambo_image_new (4, 1, 3);
  static const guint8 pixels[] = { 255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255 };
  memcpy (image->data, pixels, sizeof pixels);

  g_autoptr (TamboImage) grey = tambo_image_to_grey (image);
  static const guint8 expected[] = { 76, 150, 29, 255 };
  g_assert_cmpmem (grey->data, 4, expected, 4);

  g_autoptr (TamboImage) rgb = tambo_image_to_rgb (grey);
  g_autoptr (TamboImage) again = tambo_image_to_grey (rgb);
  g_assert_cmpint (rgb->channels, ==, 3);
  g_assert_cmpmem (again->data, 4, expected, 4);
}

static void test_crop (void) {
  g_autoptr (TamboImage) image = picture_new (20, 10, 3);
  g_autoptr (TamboImage) part = tambo_image_crop (image, 5, 3, 7, 4);
  for (int y = 0; y < 4; y++)
    for (int i = 0; i < 21; i++)
      g_assert_cmpuint (part->data[y * 21 + i], ==, image->data[(y + 3) * 60 + 15 + i]);

  g_autoptr (TamboImage) whole = tambo_image_crop (image, 0, 0, 20, 10);
  g_assert_true (isinf (tambo_image_psnr (whole, image)));
  g_assert_null (tambo_image_crop (image, -1, 0, 2, 2));
  g_assert_null (tambo_image_crop (image, 0, 0, 21, 10));
  g_assert_null (tambo_image_crop (image, 19, 9, 2, 1));
  g_assert_null (tambo_image_crop (image, 0, 0, 0, 1));
  g_assert_null (tambo_image_crop (image, 1, 1, G_MAXINT, G_MAXINT));
}

static void test_scale_averages (void) {
  g_autoptr (TamboImage) image = tambo_image_new (4, 2, 1);
  static const guint8 pixels[] = { 0, 100, 10, 10, 100, 200, 10, 30 };
  memcpy (image->data, pixels, sizeof pixels);

  g_autoptr (TamboImage) half = tambo_image_scale (image, 2, 1);
  g_assert_cmpuint (half->data[0], ==, 100);
  g_assert_cmpuint (half->data[1], ==, 15);

  /* 3 to 2: each output is one and a half input pixels */
  g_autoptr (TamboImage) three = tambo_image_new (3, 1, 1);
  three->data[0] = 90;
  three->data[1] = 30;
  g_autoptr (TamboImage) two = tambo_image_scale (three, 2, 1);
  g_assert_cmpuint (two->data[0], ==, 70);
  g_assert_cmpuint (two->data[1], ==, 10);
}

static void test_scale_keeps_mean (void) {
  g_autoptr (TamboImage) image = picture_new (211, 97, 1);
  static const int sizes[][2] = { { 211, 97 }, { 100, 50 },  { 7, 5 },
                                  { 1, 1 },    { 400, 333 }, { 210, 200 } };
  double mean = 0;
  for (gsize i = 0; i < tambo_image_size (image); i++)
    mean += image->data[i];
  mean /= tambo_image_size (image);

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (TamboImage) scaled = tambo_image_scale (image, sizes[i][0], sizes[i][1]);
    double other = 0;
    for (gsize j = 0; j < tambo_image_size (scaled); j++)
      other += scaled->data[j];
    other /= tambo_image_size (scaled);
    g_assert_cmpfloat_with_epsilon (other, mean, 1);
  }
  g_autoptr (TamboImage) same = tambo_image_scale (image, 211, 97);
  g_assert_true (isinf (tambo_image_psnr (same, image)));
  g_assert_null (tambo_image_scale (image, 0, 5));
}

static void test_scale_resolution (void) {
  g_autoptr (TamboImage) image = picture_new (200, 100, 1);
  image->ppi = 1000;
  g_autoptr (TamboImage) half = tambo_image_scale (image, 100, 50);
  g_autoptr (TamboImage) squeezed = tambo_image_scale (image, 100, 100);
  g_assert_cmpint (half->ppi, ==, 500);
  g_assert_cmpint (squeezed->ppi, ==, 0);
}

static void test_fit (void) {
  /* a white square in the middle of a wide and of a tall picture fills the result */
  g_autoptr (TamboImage) wide = tambo_image_new (300, 100, 1);
  g_autoptr (TamboImage) tall = tambo_image_new (100, 300, 1);
  for (int y = 0; y < 100; y++) {
    memset (wide->data + y * 300 + 100, 255, 100);
    memset (tall->data + (y + 100) * 100, 255, 100);
  }
  g_autoptr (TamboImage) a = tambo_image_fit (wide, 40, 40);
  g_autoptr (TamboImage) b = tambo_image_fit (tall, 200, 200);
  for (int i = 0; i < 1600; i++)
    g_assert_cmpuint (a->data[i], ==, 255);
  for (int i = 0; i < 40000; i++)
    g_assert_cmpuint (b->data[i], ==, 255);

  g_autoptr (TamboImage) portrait = tambo_image_fit (wide, 413, 531);
  g_assert_cmpint (portrait->width, ==, 413);
  g_assert_cmpint (portrait->height, ==, 531);
  g_assert_null (tambo_image_fit (wide, 0, 1));
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/image/new", test_new);
  g_test_add_func ("/image/copy", test_copy);
  g_test_add_func ("/image/grey", test_grey);
  g_test_add_func ("/image/crop", test_crop);
  g_test_add_func ("/image/scale-averages", test_scale_averages);
  g_test_add_func ("/image/scale-keeps-mean", test_scale_keeps_mean);
  g_test_add_func ("/image/scale-resolution", test_scale_resolution);
  g_test_add_func ("/image/fit", test_fit);
  return g_test_run ();
}
