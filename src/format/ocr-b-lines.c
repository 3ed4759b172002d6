/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/ocr-b-private.h"

#include <math.h>
#include <string.h>

#define SKEW_LIMIT 8.0 /* degrees */
#define SKEW_WIDTH 900 /* pixels in which the lean is looked for */
#define DEAD_INK 12    /* noise of paper */
#define MIN_BAND 6     /* rows */
#define MAX_BANDS 64
/* Doc 9303-4 and its sisters: 6.35 mm from line to line, 2.54 mm from character to character. */
#define LINES_APART 2.5 /* places */

/* ---- ink ---- */

/* Sums over the rectangle above and left of each pixel, with a border of zeros. */
static guint32 *integrate (const TamboImage *image) {
  gsize stride = (gsize) image->width + 1;
  guint32 *sums = g_try_malloc0 (stride * ((gsize) image->height + 1) * sizeof *sums);

  if (sums == NULL)
    return NULL;
  for (int y = 0; y < image->height; y++) {
    guint32 row = 0;

    for (int x = 0; x < image->width; x++) {
      row += image->data[(gsize) y * (gsize) image->width + (gsize) x];
      sums[(gsize) (y + 1) * stride + (gsize) x + 1] =
          sums[(gsize) y * stride + (gsize) x + 1] + row;
    }
  }
  return sums;
}

static double mean_around (const guint32 *sums, const TamboImage *image, int x, int y, int radius) {
  gsize stride = (gsize) image->width + 1;
  gsize left = (gsize) MAX (x - radius, 0), right = (gsize) MIN (x + radius + 1, image->width);
  gsize top = (gsize) MAX (y - radius, 0), bottom = (gsize) MIN (y + radius + 1, image->height);
  guint32 sum = sums[bottom * stride + right] - sums[top * stride + right]
                - sums[bottom * stride + left] + sums[top * stride + left];

  return (double) sum / (double) ((right - left) * (bottom - top));
}

TamboImage *tambo_ocr_b_ink (const TamboImage *grey) {
  g_autofree guint32 *sums = integrate (grey);
  TamboImage *ink = tambo_image_new (grey->width, grey->height, 1);
  int radius = MAX (12, grey->width / 40);

  if (sums == NULL || ink == NULL) {
    tambo_image_free (ink);
    return NULL;
  }
  for (int y = 0; y < grey->height; y++)
    for (int x = 0; x < grey->width; x++) {
      gsize i = (gsize) y * (gsize) grey->width + (gsize) x;
      double mean = mean_around (sums, grey, x, y, radius);
      double dark = mean > 1 ? 255.0 * (1.0 - grey->data[i] / mean) : 0;

      ink->data[i] = (guint8) CLAMP (dark - DEAD_INK, 0, 255);
    }
  return ink;
}

/* ---- the lean ---- */

/* Rows of print stand out when the picture is sheared by its own lean. */
static double sharpness_of_rows (const TamboImage *ink, double degrees, double *rows) {
  double slope = tan (degrees * G_PI / 180), sum = 0;
  int n = ink->height;

  memset (rows, 0, (gsize) n * sizeof *rows);
  for (int y = 0; y < ink->height; y++)
    for (int x = 0; x < ink->width; x++) {
      int row = y - (int) lrint (slope * (x - ink->width / 2));

      if (row >= 0 && row < n)
        rows[row] += ink->data[(gsize) y * (gsize) ink->width + (gsize) x];
    }
  for (int y = 1; y < n; y++)
    sum += (rows[y] - rows[y - 1]) * (rows[y] - rows[y - 1]);
  return sum;
}

static double best_angle (const TamboImage *ink, double *rows, double middle, double reach,
                          double step) {
  double best = middle, best_sharpness = -1;

  for (double angle = middle - reach; angle <= middle + reach + step / 2; angle += step) {
    double sharpness = sharpness_of_rows (ink, angle, rows);

    if (sharpness > best_sharpness) {
      best_sharpness = sharpness;
      best = angle;
    }
  }
  return best;
}

double tambo_ocr_b_find_skew (const TamboImage *ink) {
  int width = MIN (ink->width, SKEW_WIDTH);
  int height = MAX (1, (int) ((gint64) ink->height * width / ink->width));
  g_autoptr (TamboImage) small = tambo_image_scale (ink, width, height);
  g_autofree double *rows = g_new (double, height);
  double angle;

  if (small == NULL)
    return 0;
  angle = best_angle (small, rows, 0, SKEW_LIMIT, 0.5);
  return best_angle (small, rows, angle, 0.5, 0.1);
}

static guint8 sample (const TamboImage *image, double x, double y) {
  int left = (int) floor (x), top = (int) floor (y);
  double right_part = x - left, lower_part = y - top;
  const guint8 *p;

  if (left < 0 || top < 0 || left + 1 >= image->width || top + 1 >= image->height)
    return 0;
  p = image->data + (gsize) top * (gsize) image->width + (gsize) left;
  return (guint8) lrint ((p[0] * (1 - right_part) + p[1] * right_part) * (1 - lower_part)
                         + (p[image->width] * (1 - right_part) + p[image->width + 1] * right_part)
                               * lower_part);
}

TamboImage *tambo_ocr_b_straighten (const TamboImage *ink, double degrees) {
  TamboImage *straight = tambo_image_new (ink->width, ink->height, 1);
  double cosine = cos (degrees * G_PI / 180), sine = sin (degrees * G_PI / 180);
  double middle_x = ink->width / 2.0, middle_y = ink->height / 2.0;

  if (straight == NULL)
    return NULL;
  for (int y = 0; y < ink->height; y++)
    for (int x = 0; x < ink->width; x++) {
      double right = x - middle_x, down = y - middle_y;

      straight->data[(gsize) y * (gsize) ink->width + (gsize) x] = sample (
          ink, middle_x + right * cosine - down * sine, middle_y + right * sine + down * cosine);
    }
  return straight;
}

/* ---- bands ---- */

/* Print has many edges along its row, a picture's dark ground has few. */
static void measure_rows (const TamboImage *ink, double *edges) {
  for (int y = 0; y < ink->height; y++) {
    const guint8 *row = ink->data + (gsize) y * (gsize) ink->width;
    double sum = 0;

    for (int x = 1; x + 1 < ink->width; x++)
      sum += abs (row[x + 1] - row[x - 1]);
    edges[y] = sum / ink->width;
  }
}

static int compare_doubles (gconstpointer a, gconstpointer b) {
  double difference = *(const double *) a - *(const double *) b;

  return difference < 0 ? -1 : difference > 0;
}

static double quantile (const double *values, int n, double part) {
  g_autofree double *sorted = g_memdup2 (values, (gsize) n * sizeof *values);

  qsort (sorted, (gsize) n, sizeof *sorted, compare_doubles);
  return sorted[(int) (part * (n - 1))];
}

static void add_band (GArray *bands, int top, int bottom) {
  TamboOcrBBand band = { .top = top, .bottom = bottom };

  if (bottom - top >= MIN_BAND && bands->len < MAX_BANDS)
    g_array_append_val (bands, band);
}

GArray *tambo_ocr_b_find_bands (const TamboImage *ink) {
  GArray *bands = g_array_new (FALSE, FALSE, sizeof (TamboOcrBBand));
  g_autofree double *edges = g_new (double, ink->height);
  double low, high, limit;
  int top = -1;

  measure_rows (ink, edges);
  low = quantile (edges, ink->height, 0.2);
  high = quantile (edges, ink->height, 0.99);
  limit = low + 0.4 * (high - low);
  for (int y = 0; y < ink->height; y++) {
    gboolean is_print = edges[y] > limit;

    if (is_print && top < 0)
      top = y;
    if (!is_print && top >= 0) {
      add_band (bands, top, y);
      top = -1;
    }
  }
  if (top >= 0)
    add_band (bands, top, ink->height);
  return bands;
}

/* ---- places ---- */

typedef struct {
  double *ink; /* of each column, between the bands' rows */
  int n;
} Columns;

typedef struct {
  double left, pitch, contrast;
} Places;

static double ink_at (const Columns *columns, double x) {
  int i = (int) lrint (x);

  return i >= 0 && i < columns->n ? columns->ink[i] : 0;
}

static double middle_of (const TamboOcrBBand *band) {
  return (band->top + band->bottom) / 2;
}

static void add_band_columns (const TamboImage *ink, const TamboOcrBBand *band, Columns *columns) {
  int top = MAX (0, (int) band->top), bottom = MIN (ink->height, (int) ceil (band->bottom));

  for (int y = top; y < bottom; y++)
    for (int x = 0; x < ink->width; x++)
      columns->ink[x] += ink->data[(gsize) y * (gsize) ink->width + (gsize) x];
}

/* Ink in the places less ink in the gaps between them. */
static double contrast_of (const Columns *columns, double left, double pitch, guint n) {
  double places = 0, gaps = ink_at (columns, left);

  for (guint i = 0; i < n; i++) {
    double start = left + i * pitch;

    places += ink_at (columns, start + 0.3 * pitch) + ink_at (columns, start + 0.5 * pitch)
              + ink_at (columns, start + 0.7 * pitch);
    gaps += ink_at (columns, start + pitch);
  }
  return places / (3.0 * n) - gaps / (n + 1.0);
}

static void try_places (const Columns *columns, guint n, double left, double pitch, Places *best) {
  double contrast = contrast_of (columns, left, pitch, n);

  if (contrast > best->contrast)
    *best = (Places){ left, pitch, contrast };
}

static void try_around (const Columns *columns, guint n, double left, double left_reach,
                        double left_step, double pitch, double pitch_reach, double pitch_step,
                        Places *best) {
  for (double p = pitch - pitch_reach; p <= pitch + pitch_reach; p += pitch_step)
    for (double l = left - left_reach; l <= left + left_reach; l += left_step)
      try_places (columns, n, l, p, best);
}

/* Anywhere in the picture first, then closely around what was found. */
static Places find_places (const Columns *columns, guint n, double expected) {
  double slack = MAX (expected, (columns->n - n * expected) / 2);
  Places best = { 0 };

  try_around (columns, n, slack, slack + expected, 0.15 * expected, expected, 0.1 * expected,
              0.15 * expected / n, &best);
  if (best.contrast > 0)
    try_around (columns, n, best.left, 0.2 * expected, MAX (0.25, 0.03 * expected), best.pitch,
                0.3 * expected / n, 0.04 * expected / n, &best);
  return best;
}

double tambo_ocr_b_fit_lines (const TamboImage *ink, const TamboOcrBBand *bands, guint n_lines,
                              guint n_columns, TamboOcrBLine *out_lines) {
  g_autofree double *sums = g_new0 (double, ink->width);
  Columns columns = { .ink = sums, .n = ink->width };
  double apart = (middle_of (&bands[n_lines - 1]) - middle_of (&bands[0])) / (n_lines - 1);
  Places places;

  for (guint i = 0; i < n_lines; i++)
    add_band_columns (ink, &bands[i], &columns);
  places = find_places (&columns, n_columns, apart / LINES_APART);
  for (guint i = 0; i < n_lines; i++)
    out_lines[i] = (TamboOcrBLine){ places.left, places.pitch, middle_of (&bands[i]) };
  return places.contrast;
}
