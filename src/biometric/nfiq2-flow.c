/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/nfiq2-private.h"

#include <string.h>

#define CELL TAMBO_NFIQ2_CELL
#define WHITE 255        /* around the picture */
#define CLEAR 50000      /* the least sum of squared gradients of a cell with ridges, by 127 */
#define CLEAR_AROUND 128 /* the same of the cells around a cell, by 127 */
#define REACH 4          /* cells, to each side */

/* The picture is a single line of pixels here, in which the one above lies a width before: at the edges
 * the rows run into each other. LINES of sums, each with room before its beginning for what lies above
 * the first row. */
typedef struct {
  gint16 *room;
  gint16 *values;
} Line;

static Line line_new (int width, int size, gint16 above) {
  Line line = { .room = g_new (gint16, (gsize) (size + width + 1)) };

  line.values = line.room + width + 1;
  for (int i = 0; i <= width; i++)
    line.room[i] = above;
  return line;
}

static void line_clear (Line *line) {
  g_clear_pointer (&line->room, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Line, line_clear)

/* Sums of 25 pixels, some of them twice, nearly round. */
TAMBO_NFIQ2_SIMD
static void smooth (const guint8 *pixels, int width, int size, gint16 *restrict pair,
                    gint16 *restrict five, gint16 *restrict ten, gint16 *restrict sums) {
  for (int i = 0; i < size; i++)
    pair[i] = (gint16) (pixels[i] + pixels[i + width - 1]);
  five[0] = (gint16) (pair[-width - 1] + pair[0]);
  for (int i = 1; i < size; i++)
    five[i] = (gint16) (pair[i - width - 1] + pair[i] + pixels[i - 1]);
  for (int i = 0; i < size; i++)
    ten[i] = (gint16) (five[i - width - 1] + five[i]);
  for (int i = 0; i < size; i++)
    sums[i] = (gint16) (ten[i - width + 1] + ten[i] + five[i - width]);
}

/* First differences, to the right and down, each summed over a pair of pixels. */
TAMBO_NFIQ2_SIMD
static void differentiate (const gint16 *sums, int width, int size, gint16 *restrict right,
                           gint16 *restrict down) {
  right[0] = (gint16) (2 * WHITE * 25 - sums[-width] - sums[0]);
  down[0] = (gint16) (sums[-width] - sums[0]);
  for (int i = 1; i < size; i++) {
    int left_above = sums[i - width - 1], above = sums[i - width];
    right[i] = (gint16) (left_above + sums[i - 1] - above - sums[i]);
    down[i] = (gint16) (left_above - sums[i - 1] + above - sums[i]);
  }
}

/* Adds the squared second differences of a row of pixels. */
TAMBO_NFIQ2_SIMD
static void add_squares (const gint16 *right, const gint16 *down, int width,
                         guint32 *restrict sum_x, guint32 *restrict sum_y) {
  for (int i = 0; i < width; i++) {
    int above = right[i - width - 1], left = right[i - 1];
    int xx = above + left - right[i - width] - right[i];
    int xy = above - left + right[i - width] - right[i];
    int yy = down[i - width - 1] - down[i - 1] + down[i - width] - down[i];
    sum_x[i] += (guint32) ((xx + yy) * (xx - yy));
    sum_y[i] += (guint32) ((xx + yy) * 2 * xy);
  }
}

/* The turn of each cell alone. The sums of a cell belong to the one behind it. */
static void find_raw (const TamboNfiq2Plane *plane, TamboNfiq2Turn *out_turns) {
  int width = plane->width, columns = width / CELL, rows = plane->height / CELL;
  int size = (rows - 1) * CELL * width;
  const guint8 *pixels = plane->pixels + 2 * (width + 1) + 4;
  g_auto (Line) pair = line_new (width, size, 2 * WHITE);
  g_auto (Line) five = line_new (width, size, 5 * WHITE);
  g_auto (Line) ten = line_new (width, size, 10 * WHITE);
  g_auto (Line) sums = line_new (width, size, 25 * WHITE);
  g_auto (Line) right = line_new (width, size, 0);
  g_auto (Line) down = line_new (width, size, 0);
  g_autofree guint32 *squares = g_new (guint32, (gsize) width * 2);
  int last_x = 0, last_y = 0;

  smooth (pixels, width, size, pair.values, five.values, ten.values, sums.values);
  differentiate (sums.values, width, size, right.values, down.values);
  for (int row = 0; row < rows - 1; row++) {
    memset (squares, 0, sizeof *squares * (gsize) width * 2);
    for (int y = row * CELL; y < (row + 1) * CELL; y++)
      add_squares (right.values + y * width, down.values + y * width, width, squares,
                   squares + width);
    for (int column = 0; column < columns; column++) {
      const guint32 *x = squares + column * CELL, *y = x + width;
      out_turns[row * columns + column] = tambo_nfiq2_turn (last_x, last_y, CLEAR);
      last_x = (int) (x[0] + x[1] + x[2] + x[3]);
      last_y = (int) (y[0] + y[1] + y[2] + y[3]);
    }
  }
  memset (out_turns + (rows - 1) * columns, 0, sizeof *out_turns * (gsize) columns);
}

/* ---- footprint ---- */

/* Keeps what has more than LEAST cells in the square of SIDE around it. */
static void keep_crowded (guint8 *cells, int columns, int rows, int side, int least) {
  int reach = side / 2;
  g_autofree guint8 *sums = g_new (guint8, (gsize) columns * (gsize) rows);

  for (int y = 0; y < rows; y++)
    for (int x = 0; x < columns; x++) {
      guint8 sum = 0;
      for (int i = MAX (x - reach, 0); i <= MIN (x + reach, columns - 1); i++)
        sum = (guint8) (sum + cells[y * columns + i]);
      sums[y * columns + x] = sum;
    }
  for (int y = 0; y < rows; y++)
    for (int x = 0; x < columns; x++) {
      int sum = 0;
      for (int i = MAX (y - reach, 0); i <= MIN (y + reach, rows - 1); i++)
        sum += sums[i * columns + x];
      cells[y * columns + x] = sum > least;
    }
}

/* Fills all between the first and the last cell of a line. */
static void fill (guint8 *cells, int count, int stride) {
  int first = 0, last = count - 1;

  while (first < count && cells[first * stride] == 0)
    first++;
  while (last > first && cells[last * stride] == 0)
    last--;
  for (int i = first + 1; i < last; i++)
    cells[i * stride] = 1;
}

void tambo_nfiq2_find_footprint (const TamboNfiq2Plane *plane, guint8 *out_footprint) {
  int columns = plane->width / CELL, rows = plane->height / CELL;
  g_autofree TamboNfiq2Turn *turns = g_new (TamboNfiq2Turn, (gsize) columns * (gsize) rows);

  find_raw (plane, turns);
  for (int i = 0; i < columns * rows; i++)
    out_footprint[i] = turns[i].x != 0 || turns[i].y != 0;
  keep_crowded (out_footprint, columns, rows, 3, 3);
  keep_crowded (out_footprint, columns, rows, 5, 11);
  keep_crowded (out_footprint, columns, rows, 5, 11);
  for (int row = 0; row < rows; row++)
    fill (out_footprint + row * columns, columns, 1);
  for (int column = 0; column < columns; column++)
    fill (out_footprint + column, rows, columns);
  keep_crowded (out_footprint, columns, rows, 5, 14);
  keep_crowded (out_footprint, columns, rows, 5, 14);
}

/* ---- directions ---- */

typedef struct {
  int x, y;
} Sum;

/* The cells around count the less the farther they are, in a row and in a column. */
static void sum_around (const TamboNfiq2Turn *turns, int columns, int rows, Sum *out_sums) {
  g_autofree Sum *lines = g_new0 (Sum, (gsize) columns * (gsize) rows);

  for (int y = 0; y < rows; y++)
    for (int x = 0; x < columns; x++)
      for (int i = MAX (x - REACH, 0); i <= MIN (x + REACH, columns - 1); i++) {
        int weight = REACH + 1 - ABS (i - x);
        lines[y * columns + x].x += weight * turns[y * columns + i].x;
        lines[y * columns + x].y += weight * turns[y * columns + i].y;
      }
  for (int y = 0; y < rows; y++)
    for (int x = 0; x < columns; x++) {
      Sum sum = { 0 };
      for (int i = MAX (y - REACH, 0); i <= MIN (y + REACH, rows - 1); i++) {
        int weight = REACH + 1 - ABS (i - y);
        sum.x += weight * lines[i * columns + x].x;
        sum.y += weight * lines[i * columns + x].y;
      }
      out_sums[y * columns + x] = sum;
    }
}

void tambo_nfiq2_find_turns (const TamboNfiq2Plane *plane, const guint8 *footprint,
                             TamboNfiq2Turn *out_turns) {
  int columns = plane->width / CELL, rows = plane->height / CELL;
  g_autofree Sum *sums = g_new (Sum, (gsize) columns * (gsize) rows);

  find_raw (plane, out_turns);
  sum_around (out_turns, columns, rows, sums);
  for (int i = 0; i < columns * rows; i++)
    out_turns[i] = footprint[i] != 0 ? tambo_nfiq2_turn (sums[i].x, sums[i].y, CLEAR_AROUND)
                                     : (TamboNfiq2Turn){ 0 };
  sum_around (out_turns, columns, rows, sums);
  for (int i = 0; i < columns * rows; i++) {
    guint8 half = tambo_nfiq2_angle (sums[i].x, sums[i].y) / 2;
    out_turns[i] = footprint[i] != 0
                       ? (TamboNfiq2Turn){ tambo_nfiq2_cosine (half), tambo_nfiq2_sine (half) }
                       : (TamboNfiq2Turn){ 0 };
  }
}
