/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/camera-portrait.h"

#include <stdlib.h>
#include <string.h>

static const guint8 *pixel (const TamboImage *image, int x, int y) {
  return image->data + 3 * (y * image->width + x);
}

static void test_drawn_still (void) {
  g_autoptr (TamboScene) scene = tambo_scene_new_drawn (3);
  g_autoptr (TamboImage) first = tambo_scene_still (scene, 1);
  g_autoptr (TamboImage) again = tambo_scene_still (scene, 1);
  g_autoptr (TamboImage) other = tambo_scene_still (scene, 2);
  g_assert_cmpint (first->width, ==, TAMBO_PORTRAIT_WIDTH);
  g_assert_cmpint (first->height, ==, TAMBO_PORTRAIT_HEIGHT);
  g_assert_cmpint (first->channels, ==, 3);
  g_assert_cmpmem (first->data, tambo_image_size (first), again->data, tambo_image_size (again));
  g_assert_cmpint (memcmp (first->data, other->data, tambo_image_size (first)), !=, 0);

  for (int i = 0; i < 3; i++) { /* the wall in both upper corners, somebody in the middle */
    g_assert_cmpint (abs (pixel (first, 20, 20)[i] - 208), <, 8);
    g_assert_cmpint (abs (pixel (first, first->width - 20, 20)[i] - 208), <, 8);
  }
  const guint8 *cheek = pixel (first, first->width / 2, first->height / 2);
  g_assert_cmpint (cheek[0], >, cheek[2] + 10);
}

static void test_frames_move (void) {
  g_autoptr (TamboScene) scene = tambo_scene_new_drawn (3);
  g_autoptr (TamboImage) first = tambo_scene_frame (scene, 0);
  g_autoptr (TamboImage) next = tambo_scene_frame (scene, 1);
  g_assert_cmpint (first->width, ==, TAMBO_FRAME_WIDTH);
  g_assert_cmpint (first->height, ==, TAMBO_FRAME_HEIGHT);
  gsize changed = 0, size = tambo_image_size (first);
  for (gsize i = 0; i < size; i++)
    changed += abs (first->data[i] - next->data[i]) > 20;
  g_assert_cmpuint (changed, >, 100);
  g_assert_cmpuint (changed, <, size / 10);
}

static void test_picture (void) {
  static const int shapes[][3] = { { 300, 400, 3 }, { 4000, 50, 1 }, { 1, 1, 3 }, { 640, 480, 1 } };
  for (guint i = 0; i < G_N_ELEMENTS (shapes); i++) {
    g_autoptr (TamboImage) picture = tambo_image_new (shapes[i][0], shapes[i][1], shapes[i][2]);
    memset (picture->data, 77, tambo_image_size (picture));
    g_autoptr (TamboScene) scene = tambo_scene_new_picture (picture);
    for (guint32 shot = 0; shot < 3; shot++) {
      g_autoptr (TamboImage) still = tambo_scene_still (scene, shot);
      g_autoptr (TamboImage) frame = tambo_scene_frame (scene, shot);
      g_assert_cmpint (still->width, ==, TAMBO_PORTRAIT_WIDTH);
      g_assert_cmpint (still->height, ==, TAMBO_PORTRAIT_HEIGHT);
      g_assert_cmpint (pixel (still, 600, 800)[1], ==, 77);
      g_assert_cmpint (frame->width, ==, TAMBO_FRAME_WIDTH);
      g_assert_cmpint (pixel (frame, 320, 240)[1], ==, 77);
      g_assert_cmpint (pixel (frame, 10, 240)[1], ==, 208);
    }
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/simulator/camera-portrait/drawn-still", test_drawn_still);
  g_test_add_func ("/simulator/camera-portrait/frames-move", test_frames_move);
  g_test_add_func ("/simulator/camera-portrait/picture", test_picture);
  return g_test_run ();
}
