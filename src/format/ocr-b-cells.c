/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/ocr-b-private.h"

#include <math.h>
#include <string.h>

#define WIDTH TAMBO_OCR_B_CELL_WIDTH
#define HEIGHT TAMBO_OCR_B_CELL_HEIGHT
#define SIZE TAMBO_OCR_B_CELL_SIZE
#define MARGIN 8 /* of the strip, on every side */
#define STRIP_HEIGHT (HEIGHT + 2 * MARGIN)
#define STRIP_WIDTH (TAMBO_OCR_B_MAX_COLUMNS * WIDTH + 2 * MARGIN)
#define N_BLURS 3
/* The middle of the capitals, from the cell's top. */
#define MIDDLE 14

/* A line brought to the size of the cells. */
typedef struct {
  float ink[STRIP_HEIGHT][STRIP_WIDTH];
} Strip;

/* The glyphs less their mean, of length 1, as sharp as they are drawn and blurred twice: a glyph is compared
 * best with a picture of its own sharpness. */
typedef struct {
  float cell[N_BLURS][TAMBO_OCR_B_N][SIZE];
} Templates;

/* ---- templates ---- */

static void blur_along (const float *in, float *out, int n, int step) {
  for (int i = 0; i < n; i++) {
    float before = i > 0 ? in[(i - 1) * step] : in[0];
    float after = i + 1 < n ? in[(i + 1) * step] : in[i * step];

    out[i * step] = (before + 2 * in[i * step] + after) / 4;
  }
}

static void blur (float cell[SIZE], int times) {
  float other[SIZE];

  for (int t = 0; t < times; t++) {
    for (int y = 0; y < HEIGHT; y++)
      blur_along (cell + y * WIDTH, other + y * WIDTH, WIDTH, 1);
    for (int x = 0; x < WIDTH; x++)
      blur_along (other + x, cell + x, HEIGHT, WIDTH);
  }
}

static void normalise (float cell[SIZE]) {
  double sum = 0, squares = 0;

  for (int i = 0; i < SIZE; i++)
    sum += cell[i];
  for (int i = 0; i < SIZE; i++) {
    cell[i] -= (float) (sum / SIZE);
    squares += cell[i] * cell[i];
  }
  for (int i = 0; i < SIZE && squares > 0; i++)
    cell[i] /= (float) sqrt (squares);
}

static const Templates *get_templates (void) {
  static const int times[N_BLURS] = { 1, 4, 10 };
  static gsize once;
  static Templates templates;

  if (g_once_init_enter (&once)) {
    for (int b = 0; b < N_BLURS; b++)
      for (int c = 0; c < TAMBO_OCR_B_N; c++) {
        float *cell = templates.cell[b][c];

        for (int i = 0; i < SIZE; i++)
          cell[i] = tambo_ocr_b_glyphs[c][i];
        blur (cell, times[b]);
        normalise (cell);
      }
    g_once_init_leave (&once, 1);
  }
  return &templates;
}

/* ---- the strip ---- */

static float ink_at (const TamboImage *ink, double x, double y) {
  int left = (int) floor (x), top = (int) floor (y);
  float right_part = (float) (x - left), lower_part = (float) (y - top);
  const guint8 *p;

  if (left < 0 || top < 0 || left + 1 >= ink->width || top + 1 >= ink->height)
    return 0;
  p = ink->data + (gsize) top * (gsize) ink->width + (gsize) left;
  return ((float) p[0] * (1 - right_part) + (float) p[1] * right_part) * (1 - lower_part)
         + ((float) p[ink->width] * (1 - right_part) + (float) p[ink->width + 1] * right_part)
               * lower_part;
}

/* Four points a pixel, so that a large picture is averaged and not picked from. */
static void cut_strip (const TamboImage *ink, const TamboOcrBLine *line, guint n_columns,
                       Strip *strip) {
  double scale = line->pitch / WIDTH;
  int width = (int) n_columns * WIDTH + 2 * MARGIN;

  memset (strip, 0, sizeof *strip);
  for (int v = 0; v < STRIP_HEIGHT; v++)
    for (int u = 0; u < width; u++) {
      float sum = 0;

      for (int part = 0; part < 4; part++) {
        double x = line->left + (u - MARGIN + 0.25 + 0.5 * (part & 1)) * scale;
        double y = line->middle + (v - MARGIN - MIDDLE + 0.25 + 0.5 * (part >> 1)) * scale;

        sum += ink_at (ink, x - 0.5, y - 0.5);
      }
      strip->ink[v][u] = sum / 4;
    }
}

/* The cell of a place, moved by DX and DY; FALSE when it is empty. */
static gboolean take_cell (const Strip *strip, guint column, int dx, int dy, float cell[SIZE]) {
  double sum = 0;

  for (int y = 0; y < HEIGHT; y++)
    memcpy (cell + y * WIDTH, &strip->ink[MARGIN + y + dy][MARGIN + (int) column * WIDTH + dx],
            WIDTH * sizeof *cell);
  for (int i = 0; i < SIZE; i++)
    sum += cell[i];
  normalise (cell);
  return sum > 0;
}

static float correlate (const float *restrict a, const float *restrict b) {
  float sums[4] = { 0 };

  for (int i = 0; i < SIZE; i += 4)
    for (int j = 0; j < 4; j++)
      sums[j] += a[i + j] * b[i + j];
  return sums[0] + sums[1] + sums[2] + sums[3];
}

static float best_of_cell (const float cell[SIZE], const Templates *templates, int sharpness) {
  float best = -1;

  for (int c = 0; c < TAMBO_OCR_B_N; c++)
    best = MAX (best, correlate (cell, templates->cell[sharpness][c]));
  return best;
}

/* ---- comparing ---- */

/* Mean over the line of how well the best character fits at one height and sharpness. */
static double fit_of_line (const Strip *strip, guint n_columns, guint step, int dy, int sharpness) {
  const Templates *templates = get_templates ();
  float cell[SIZE];
  double sum = 0;
  guint n = 0;

  for (guint column = 0; column < n_columns; column += step, n++)
    if (take_cell (strip, column, 0, dy, cell))
      sum += best_of_cell (cell, templates, sharpness);
  return sum / n;
}

static double find_height (const Strip *strip, guint n_columns, guint step, int sharpness,
                           int *out_dy) {
  double best = -1;

  for (int dy = -MARGIN + 2; dy <= MARGIN - 2; dy++) {
    double fit = fit_of_line (strip, n_columns, step, dy, sharpness);

    if (fit > best) {
      best = fit;
      *out_dy = dy;
    }
  }
  return best;
}

double tambo_ocr_b_judge_line (const TamboImage *ink, const TamboOcrBLine *line, guint n_columns,
                               guint step) {
  g_autofree Strip *strip = g_new (Strip, 1);
  int dy;

  cut_strip (ink, line, n_columns, strip);
  return find_height (strip, n_columns, step, 1, &dy);
}

static void compare_place (const Strip *strip, guint column, int dy, int sharpness,
                           float scores[TAMBO_OCR_B_N]) {
  const Templates *templates = get_templates ();
  float cell[SIZE];

  for (int c = 0; c < TAMBO_OCR_B_N; c++)
    scores[c] = -1;
  for (int v = -2; v <= 2; v++)
    for (int u = -3; u <= 3; u++) {
      if (!take_cell (strip, column, u, dy + v, cell))
        continue;
      for (int c = 0; c < TAMBO_OCR_B_N; c++)
        scores[c] = MAX (scores[c], correlate (cell, templates->cell[sharpness][c]));
    }
}

void tambo_ocr_b_compare_line (const TamboImage *ink, const TamboOcrBLine *line, guint n_columns,
                               float scores[][TAMBO_OCR_B_N]) {
  g_autofree Strip *strip = g_new (Strip, 1);
  double best = -1;
  int height = 0, sharpness = 0;

  cut_strip (ink, line, n_columns, strip);
  for (int b = 0; b < N_BLURS; b++) {
    int dy = 0;
    double fit = find_height (strip, n_columns, 1, b, &dy);

    if (fit > best) {
      best = fit;
      height = dy;
      sharpness = b;
    }
  }
  for (guint column = 0; column < n_columns; column++)
    compare_place (strip, column, height, sharpness, scores[column]);
}
