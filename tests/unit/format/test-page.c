/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A sheet with print on it is drawn as a camera or a scanner sees it, and has to be found where it was laid.
 */
#include "format/page.h"

#include "picture.h"

#define SHEET_WIDTH 420 /* A4 at 51 ppi */
#define SHEET_HEIGHT 594

/* Lines of words, a dark stamp and a picture that reaches nearly to the edge. */
static TamboImage *sheet_new (void) {
  TamboImage *sheet = tambo_image_new (SHEET_WIDTH, SHEET_HEIGHT, 1);

  memset (sheet->data, 238, tambo_image_size (sheet));
  for (int y = 0; y < SHEET_HEIGHT; y++)
    for (int x = 0; x < SHEET_WIDTH; x++) {
      gboolean line = y > 60 && y < 500 && x > 40 && x < 380 && y % 18 < 8 && (x / 7 + y / 18) % 5;
      gboolean stamp = hypot (x - 310, y - 520) < 34;
      gboolean photograph = x > 6 && x < 96 && y > 6 && y < 50;
      if (line || stamp || photograph)
        sheet->data[y * SHEET_WIDTH + x] = line ? 60 : stamp ? 90 : 120;
    }
  return sheet;
}

static guint8 at (const TamboImage *image, double x, double y) {
  int column = CLAMP ((int) x, 0, image->width - 1), row = CLAMP ((int) y, 0, image->height - 1);

  return image->data[row * image->width + column];
}

/* Over a table: the sheet is turned on it, and the camera looks from the side. */
typedef struct {
  double turn, tilt; /* degrees */
  double x, y, scale;
} View;

/* Where a point of the sheet, in shares of its sides, is seen. */
static void see (const View *view, double u, double v, double *x, double *y) {
  double turn = view->turn * G_PI / 180, tilt = view->tilt * G_PI / 180, distance = 1500;
  double across = (u - 0.5) * SHEET_WIDTH * view->scale;
  double down = (v - 0.5) * SHEET_HEIGHT * view->scale;
  double right = cos (turn) * across - sin (turn) * down;
  double near = sin (turn) * across + cos (turn) * down;
  double nearer = distance / (distance - near * sin (tilt));

  *x = view->x + right * nearer;
  *y = view->y + near * cos (tilt) * nearer;
}

static TamboImage *lay (const TamboImage *sheet, const View *view, int width, int height,
                        int table) {
  TamboImage *picture = tambo_image_new (width, height, 1);
  g_autoptr (GRand) rand = g_rand_new_with_seed (5);

  for (gsize i = 0; i < tambo_image_size (picture); i++)
    picture->data[i] = (guint8) CLAMP (table + g_rand_int_range (rand, -6, 7), 0, 255);
  for (int j = 0; j < 3 * SHEET_HEIGHT; j++)
    for (int i = 0; i < 3 * SHEET_WIDTH; i++) {
      double u = (i + 0.5) / (3 * SHEET_WIDTH), v = (j + 0.5) / (3 * SHEET_HEIGHT), x, y;
      see (view, u, v, &x, &y);
      if (x >= 0 && y >= 0 && x < width && y < height)
        picture->data[(int) y * width + (int) x] = at (sheet, u * SHEET_WIDTH, v * SHEET_HEIGHT);
    }
  return picture;
}

static TamboPageCorners corners_of (const View *view) {
  TamboPageCorners corners;

  see (view, 0, 0, &corners.x[0], &corners.y[0]);
  see (view, 1, 0, &corners.x[1], &corners.y[1]);
  see (view, 1, 1, &corners.x[2], &corners.y[2]);
  see (view, 0, 1, &corners.x[3], &corners.y[3]);
  return corners;
}

static double worst_corner (const TamboPageCorners *a, const TamboPageCorners *b) {
  double worst = 0;

  for (int i = 0; i < 4; i++)
    worst = MAX (worst, hypot (a->x[i] - b->x[i], a->y[i] - b->y[i]));
  return worst;
}

static void check (const View *view, int table) {
  g_autoptr (TamboImage) sheet = sheet_new ();
  g_autoptr (TamboImage) picture = lay (sheet, view, 800, 900, table);
  g_autoptr (TamboImage) page = NULL;
  g_autoptr (TamboImage) scaled = NULL;
  TamboPageCorners laid = corners_of (view), found;

  g_assert_true (tambo_page_find (picture, &found));
  g_assert_cmpfloat (worst_corner (&laid, &found), <=, 3);
  page = tambo_page_straighten (picture, &found);
  scaled = tambo_image_scale (page, SHEET_WIDTH, SHEET_HEIGHT);
  g_assert_cmpfloat (tambo_image_psnr (scaled, sheet), >, 15); /* a line aside is 10 */
}

static void test_leaning (void) {
  for (int degrees = -12; degrees <= 12; degrees += 4) {
    check (&(View){ degrees, 0, 410, 440, 1.1 }, 40);
    check (&(View){ degrees, 0, 380, 450, 1 }, 150);
  }
}

static void test_perspective (void) {
  check (&(View){ 0, 25, 400, 440, 1.1 }, 50);
  check (&(View){ 6, -20, 400, 440, 1.1 }, 50);
}

static void test_size (void) {
  const View view = { 0, 0, 400, 450, 1 };
  g_autoptr (TamboImage) sheet = sheet_new ();
  g_autoptr (TamboImage) picture = lay (sheet, &view, 800, 900, 30);
  g_autoptr (TamboImage) page = tambo_page_cut_out (picture);

  g_assert_cmpint (abs (page->width - SHEET_WIDTH), <=, 3);
  g_assert_cmpint (abs (page->height - SHEET_HEIGHT), <=, 3);
}

static void check_whole (const TamboImage *image) {
  TamboPageCorners corners;
  g_autoptr (TamboImage) page = tambo_page_cut_out (image);

  g_assert_false (tambo_page_find (image, &corners));
  g_assert_cmpint (page->width, ==, image->width);
  g_assert_cmpmem (page->data, tambo_image_size (page), image->data, tambo_image_size (image));
}

static void test_no_sheet (void) {
  g_autoptr (TamboImage) flat = tambo_image_new (300, 200, 3);
  g_autoptr (TamboImage) noise = tambo_image_new (300, 200, 1);
  g_autoptr (TamboImage) whole = sheet_new (); /* a scan that was cut before */
  g_autoptr (TamboImage) round = tambo_image_new (300, 300, 1);
  g_autoptr (TamboImage) small = tambo_image_new (3, 2, 1);
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);

  for (gsize i = 0; i < tambo_image_size (noise); i++)
    noise->data[i] = (guint8) g_rand_int_range (rand, 0, 256);
  for (int i = 0; i < 300 * 300; i++)
    round->data[i] = hypot (i % 300 - 150, i / 300 - 150) < 100 ? 230 : 20;
  check_whole (flat);
  check_whole (noise);
  check_whole (whole);
  check_whole (round);
  check_whole (small);
}

static void test_bad_corners (void) {
  g_autoptr (TamboImage) image = picture_new (100, 100, 3);
  const TamboPageCorners bad[] = {
    { { 0 }, { 0 } },
    { { 10, 90, 10, 90 }, { 10, 10, 90, 90 } }, /* crossed */
    { { 10, 90, 30, 10 }, { 10, 10, 20, 90 } }, /* dented */
    { { 0, 1e9, 1e9, 0 }, { 0, 0, 1e9, 1e9 } }, /* too large */
  };

  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (tambo_page_straighten (image, &bad[i]));
}

/* A corner may lie outside of the picture. */
static void test_beyond_the_border (void) {
  g_autoptr (TamboImage) image = picture_new (120, 90, 3);
  const TamboPageCorners corners = { { -5, 130, 125, -8 }, { -4, -6, 95, 99 } };
  g_autoptr (TamboImage) page = tambo_page_straighten (image, &corners);

  g_assert_nonnull (page);
  g_assert_cmpint (page->channels, ==, 3);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/page/leaning", test_leaning);
  g_test_add_func ("/page/perspective", test_perspective);
  g_test_add_func ("/page/size", test_size);
  g_test_add_func ("/page/no-sheet", test_no_sheet);
  g_test_add_func ("/page/bad-corners", test_bad_corners);
  g_test_add_func ("/page/beyond-the-border", test_beyond_the_border);
  return g_test_run ();
}
