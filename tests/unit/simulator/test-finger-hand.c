/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/file.h"
#include "format/image-codec.h"
#include "simulator/finger-hand.h"
#include "simulator/ridges.h"
#include "simulator/simulator-error.h"

#include <glib/gstdio.h>

static void test_seeds_in_turn (void) {
  g_autoptr (TamboHand) hand = tambo_hand_new (1);
  g_autoptr (TamboRidges) right = tambo_ridges_new (4), left = tambo_ridges_new (5);
  const TamboRidges *expected[] = { right, right, left, right };
  g_assert_true (tambo_hand_use_seeds (hand, "4,5", NULL));
  for (guint i = 0; i < G_N_ELEMENTS (expected); i++) {
    if (i >= 2) /* the first press was refused, so the right finger came twice */
      tambo_hand_lift (hand);
    g_autoptr (TamboImage) pressed = tambo_hand_press (hand);
    g_autoptr (TamboImage) wanted = tambo_ridges_press (expected[i], 1 + i);
    g_assert_cmpmem (pressed->data, tambo_image_size (pressed), wanted->data,
                     tambo_image_size (wanted));
  }
}

static void test_bad_seeds (void) {
  static const char *const lists[] = {
    "", "x", "1,", "-1", "4294967296", "1,2,3,4,5,6,7,8,9,10,11"
  };
  g_autoptr (TamboHand) hand = tambo_hand_new (1);
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (tambo_hand_use_seeds (hand, lists[i], &error));
    g_assert_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_USAGE);
  }
}

static void test_images (void) {
  g_autofree char *folder = g_dir_make_tmp ("tambo-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "print.png", NULL);
  g_autoptr (TamboImage) image = tambo_image_new (64, 80, 3);
  for (gsize i = 0; i < tambo_image_size (image); i++)
    image->data[i] = (guint8) (i / 3);
  g_autoptr (GBytes) png = tambo_image_encode_png (image, NULL);
  g_assert_true (tambo_file_write_durable (path, png, 0600, NULL));

  g_autoptr (TamboHand) hand = tambo_hand_new (1);
  const char *const paths[] = { path, NULL }, *const missing[] = { "/no/such/file", NULL };
  g_assert_true (tambo_hand_use_images (hand, paths, NULL));
  g_autoptr (GError) error = NULL;
  g_assert_false (tambo_hand_use_images (hand, missing, &error));
  g_assert_nonnull (error);
  g_autoptr (TamboImage) pressed = tambo_hand_press (hand); /* the old finger is still there */
  g_assert_cmpint (pressed->channels, ==, 1);
  g_assert_cmpint (pressed->width, ==, 64);
  g_assert_cmpint (pressed->height, ==, 80);
  g_assert_cmpint (pressed->data[200], ==, 200);
  g_unlink (path);
  g_rmdir (folder);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/simulator/finger-hand/in-turn", test_seeds_in_turn);
  g_test_add_func ("/simulator/finger-hand/bad-seeds", test_bad_seeds);
  g_test_add_func ("/simulator/finger-hand/images", test_images);
  return g_test_run ();
}
