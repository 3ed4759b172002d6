/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/minutiae.h"

#include "biometric/ridge-flow.h"
#include "picture.h"

#define SIDE 320
#define PERIOD 9.0

/* Straight ridges; the one of the middle is forked at FORK_X, 0 for none: left of it there is one
 * ridge less. */
static TamboImage *forked_ridges (int fork_x) {
  TamboImage *image = tambo_image_new (SIDE, SIDE, 1);

  for (int y = 0; y < SIDE; y++) {
    for (int x = 0; x < SIDE; x++) {
      double u = x - fork_x, v = y - SIDE / 2.0;
      double phase = 2 * G_PI * v / PERIOD + (fork_x > 0 ? atan2 (v, u) : 0);
      image->data[y * SIDE + x] = (guint8) (140 - 90 * cos (phase));
    }
  }
  image->ppi = 500;
  return image;
}

static const TamboMinutiaeView *first_view (const TamboMinutiaeRecord *record) {
  g_assert_cmpuint (record->views->len, ==, 1);
  return g_ptr_array_index (record->views, 0);
}

static void test_none (void) {
  g_autoptr (TamboImage) image = forked_ridges (0);
  g_autoptr (TamboMinutiaeRecord) record = tambo_minutiae_extract (image);

  g_assert_cmpuint (first_view (record)->minutiae->len, ==, 0);
  g_assert_cmpuint (record->width, ==, SIDE);
  g_assert_cmpuint (record->per_centimetre_x, ==, 197);
}

/* One dislocation of the waves is one minutia, there, along the ridges. */
static void test_one (void) {
  for (int x = 120; x <= 200; x += 16) {
    g_autoptr (TamboImage) image = forked_ridges (x);
    g_autoptr (TamboMinutiaeRecord) record = tambo_minutiae_extract (image);
    const TamboMinutiaeView *view = first_view (record);
    g_assert_cmpuint (view->minutiae->len, ==, 1);

    const TamboMinutia *m = &g_array_index (view->minutiae, TamboMinutia, 0);
    g_assert_cmpint (abs (m->x - x), <=, 10);
    g_assert_cmpint (abs (m->y - SIDE / 2), <=, 8);
    int off = abs ((gint8) m->angle);
    g_assert_cmpint (MIN (off, 128 - off), <=, 12);
    g_assert_cmpint (m->quality, >=, 50);
    g_assert_cmpint (m->type, !=, TAMBO_MINUTIA_OTHER);
  }
}

/* The negative has its minutia at the same place in the same direction, of the other type. */
static void test_dual (void) {
  g_autoptr (TamboImage) image = forked_ridges (160);
  g_autoptr (TamboImage) negative = tambo_image_copy (image);
  for (gsize i = 0; i < tambo_image_size (negative); i++)
    negative->data[i] = (guint8) (255 - negative->data[i]);
  g_autoptr (TamboMinutiaeRecord) a = tambo_minutiae_extract (image);
  g_autoptr (TamboMinutiaeRecord) b = tambo_minutiae_extract (negative);
  const TamboMinutia *m = &g_array_index (first_view (a)->minutiae, TamboMinutia, 0);
  const TamboMinutia *n = &g_array_index (first_view (b)->minutiae, TamboMinutia, 0);

  g_assert_cmpint (m->type, !=, n->type);
  g_assert_cmpint (abs ((gint8) (m->angle - n->angle)), <=, 12);
}

static void test_resolution (void) {
  g_autoptr (TamboImage) image = forked_ridges (160);
  g_autoptr (TamboImage) large = tambo_image_scale (image, 2 * SIDE, 2 * SIDE);
  large->ppi = 1000;
  g_autoptr (TamboMinutiaeRecord) record = tambo_minutiae_extract (large);
  const TamboMinutiaeView *view = first_view (record);

  g_assert_cmpuint (record->width, ==, SIDE);
  g_assert_cmpuint (view->minutiae->len, ==, 1);
  g_assert_cmpint (abs (g_array_index (view->minutiae, TamboMinutia, 0).x - 160), <=, 10);
}

static void test_degenerate (void) {
  static const int sizes[][2] = { { 1, 1 }, { 31, 500 }, { 500, 31 } };
  static const int small[][2] = { { 32, 32 }, { 33, 47 }, { 64, 40 }, { 400, 35 } };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (TamboImage) image = tambo_image_new (sizes[i][0], sizes[i][1], 1);
    g_assert_null (tambo_minutiae_extract (image));
  }
  for (guint i = 0; i < G_N_ELEMENTS (small); i++) {
    g_autoptr (TamboImage) image = tambo_image_new (small[i][0], small[i][1], 3);
    g_autoptr (TamboImage) noise = noisy (image, 255);
    g_autoptr (TamboMinutiaeRecord) blank = tambo_minutiae_extract (image);
    g_autoptr (TamboMinutiaeRecord) grain = tambo_minutiae_extract (noise);
    g_assert_cmpuint (first_view (blank)->minutiae->len, ==, 0);
    g_assert_nonnull (grain);
  }
}

/* What is extracted can be written and read. */
static void test_record (void) {
  g_autoptr (TamboImage) ridges = ridges_new (400, 500, 9);
  g_autoptr (TamboImage) rough = noisy (ridges, 120);
  g_autoptr (TamboMinutiaeRecord) record = tambo_minutiae_extract (rough);
  g_autoptr (GBytes) bytes = tambo_minutiae_record_encode (record);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboMinutiaeRecord) parsed = tambo_minutiae_record_parse (bytes, &error);
  TamboRidgeFlow flow;

  g_assert_no_error (error);
  g_assert_true (tambo_ridge_flow_parse (first_view (parsed)->extended, &flow));
  g_assert_cmpint (flow.columns, ==, 25);
  g_assert_cmpint (flow.rows, ==, 32);
  g_assert_cmpint (flow.angles[0], ==, TAMBO_RIDGE_FLOW_NONE);
  g_assert_cmpint (flow.angles[16 * 25 + 12], <=, 127);
  tambo_ridge_flow_clear (&flow);
}

static void test_flow_truncated (void) {
  g_autoptr (TamboImage) image = forked_ridges (0);
  g_autoptr (TamboMinutiaeRecord) record = tambo_minutiae_extract (image);
  gsize size;
  const guint8 *data = g_bytes_get_data (first_view (record)->extended, &size);
  TamboRidgeFlow flow;

  g_assert_false (tambo_ridge_flow_parse (NULL, &flow));
  for (gsize n = 0; n < size; n++) {
    g_autoptr (GBytes) part = g_bytes_new (data, n);
    g_assert_false (tambo_ridge_flow_parse (part, &flow));
  }
  for (gsize i = 0; i < 8; i++) {
    g_autofree guint8 *copy = g_memdup2 (data, size);
    copy[i] ^= 0x80;
    g_autoptr (GBytes) wrong = g_bytes_new (copy, size);
    g_assert_false (tambo_ridge_flow_parse (wrong, &flow));
  }
}

static void test_draw (void) {
  g_autoptr (TamboImage) image = forked_ridges (160);
  g_autoptr (TamboMinutiaeView) view = tambo_minutiae_view_new ();
  TamboMinutia corner = { .type = TAMBO_MINUTIA_ENDING, .angle = 77, .x = 0, .y = 0 };
  g_array_append_val (view->minutiae, corner);
  corner.x = corner.y = G_MAXUINT16;
  g_array_append_val (view->minutiae, corner);
  TamboMinutia fork = { .type = TAMBO_MINUTIA_BIFURCATION, .angle = 64, .x = 100, .y = 100 };
  g_array_append_val (view->minutiae, fork);

  g_autoptr (TamboImage) drawn = tambo_minutiae_draw (image, view);
  g_assert_cmpint (drawn->channels, ==, 3);
  const guint8 *above = drawn->data + 3 * (90 * SIDE + 100);
  const guint8 *below = drawn->data + 3 * (110 * SIDE + 100);
  g_assert_cmpint (above[2], >, above[0] + 100);
  g_assert_cmpint (below[2], ==, below[0]);
}

static void test_data (void) {
  static const char *const folders[] = { "fingers/fvc2002_DB1_B", "fingers/nist-sd" };
  for (guint f = 0; f < G_N_ELEMENTS (folders); f++) {
    g_autoptr (GPtrArray) names = test_pictures (folders[f]);
    for (guint i = 0; i < MIN (names->len, 8); i++) {
      g_autoptr (TamboImage) image = test_picture_load (g_ptr_array_index (names, i));
      g_autoptr (TamboMinutiaeRecord) record = tambo_minutiae_extract (image);
      const TamboMinutiaeView *view = first_view (record);
      g_assert_cmpuint (view->minutiae->len, >=, 10);
      g_assert_cmpuint (view->minutiae->len, <=, 200);
      g_assert_cmpuint (view->quality, >=, 40);
    }
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/minutiae/none", test_none);
  g_test_add_func ("/minutiae/one", test_one);
  g_test_add_func ("/minutiae/dual", test_dual);
  g_test_add_func ("/minutiae/resolution", test_resolution);
  g_test_add_func ("/minutiae/degenerate", test_degenerate);
  g_test_add_func ("/minutiae/record", test_record);
  g_test_add_func ("/minutiae/flow-truncated", test_flow_truncated);
  g_test_add_func ("/minutiae/draw", test_draw);
  g_test_add_func ("/minutiae/data", test_data);
  return g_test_run ();
}
