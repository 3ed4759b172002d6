/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/nfiq2-measures.h"

#include "biometric/nfiq2-region.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define BLOCK 32
#define NEAR_WHITE 250.0 /* a border row or column of a greater mean is cut off */

#define BINS 10
static const double certainty_limits[BINS - 1] = { 0.337, 0.479, 0.579, 0.655, 0.716,
                                                   0.766, 0.81,  0.852, 0.898 };
static const double flow_limits[BINS - 1] = { 1.715e-2, 3.5e-2,   5.57e-2,  8.1e-2, 1.15e-1,
                                              1.718e-1, 2.569e-1, 4.758e-1, 7.48e-1 };

/* Orientation flow: blocks keep the distance from the edge that a block turned inside a slanted window
 * of 32 x 16 needs, and a mean turn of less than 4 degrees is perfect. */
#define SLANTED_HEIGHT 16
#define SEGMENT_DEVIATION 0.1 /* of the image's own, above which a block has ridges */
#define PERFECT_TURN (4 * G_PI / 180)

typedef struct {
  TamboNfiq2Measure *next;
} Output;

static void put (Output *self, const char *name, double value) {
  g_strlcpy (self->next->name, name, sizeof self->next->name);
  self->next++->value = value;
}

/* ---- the image without its white frame ---- */

static double line_mean (const TamboImage *image, int at, gboolean column) {
  int size = column ? image->height : image->width;
  guint64 sum = 0;

  for (int i = 0; i < size; i++)
    sum += column ? image->data[(gsize) i * (gsize) image->width + (gsize) at]
                  : image->data[(gsize) at * (gsize) image->width + (gsize) i];
  return (double) sum / size;
}

/* First and last line that is not near white; FALSE when all are. */
static gboolean find_span (const TamboImage *image, gboolean column, int *out_first,
                           int *out_last) {
  int first = 0, last = (column ? image->width : image->height) - 1;

  while (first <= last && line_mean (image, first, column) > NEAR_WHITE)
    first++;
  while (last > first && line_mean (image, last, column) > NEAR_WHITE)
    last--;
  *out_first = first;
  *out_last = last;
  return first <= last;
}

static TamboImage *crop_frame (const TamboImage *image) {
  int left, right, top, bottom;

  if (!find_span (image, FALSE, &top, &bottom) || !find_span (image, TRUE, &left, &right))
    return NULL;
  return tambo_image_crop (image, left, top, right - left + 1, bottom - top + 1);
}

/* ---- grey levels ---- */

typedef struct {
  double mean, deviation;
} Spread;

static Spread spread_of_box (const TamboImage *image, int x, int y, int width, int height) {
  guint64 sum = 0, squares = 0;
  double count = (double) width * height;

  for (int row = y; row < y + height; row++)
    for (int column = x; column < x + width; column++) {
      guint value = image->data[(gsize) row * (gsize) image->width + (gsize) column];
      sum += value;
      squares += value * value;
    }
  double mean = (double) sum / count;
  return (Spread){ mean, sqrt (MAX ((double) squares / count - mean * mean, 0)) };
}

static Spread spread_of_block (const TamboImage *image, int x, int y) {
  return spread_of_box (image, x, y, MIN (BLOCK, image->width - x), MIN (BLOCK, image->height - y));
}

static void measure_grey (const TamboImage *image, Output *output) {
  double sum = 0;
  int count = 0;

  for (int y = 0; y < image->height; y += BLOCK)
    for (int x = 0; x < image->width; x += BLOCK, count++)
      sum += spread_of_block (image, x, y).mean;
  put (output, "MMB", sum / count);
  put (output, "Mu", spread_of_box (image, 0, 0, image->width, image->height).mean);
}

/* ---- gradients of a block ---- */

/* Mean products of the gradients: central differences, one-sided at the block's edges. */
typedef struct {
  double xx, yy, xy;
} Covariance;

static double slope (const guint8 *at, int position, int size, int stride) {
  if (size == 1)
    return 0;
  if (position == 0)
    return at[stride] - at[0];
  if (position == size - 1)
    return at[0] - at[-stride];
  return (at[stride] - at[-stride]) / 2.0;
}

static Covariance covariance_of_block (const TamboImage *image, int x, int y) {
  Covariance sum = { 0 };

  for (int row = 0; row < BLOCK; row++)
    for (int column = 0; column < BLOCK; column++) {
      const guint8 *at =
          image->data + (gsize) (y + row) * (gsize) image->width + (gsize) (x + column);
      double dx = slope (at, column, BLOCK, 1), dy = slope (at, row, BLOCK, image->width);
      sum.xx += dx * dx;
      sum.yy += dy * dy;
      sum.xy += dx * dy;
    }
  const double count = BLOCK * BLOCK;
  return (Covariance){ sum.xx / count, sum.yy / count, sum.xy / count };
}

/* ---- histograms ---- */

static void put_histogram (Output *output, const char *prefix, const double *limits,
                           const GArray *values) {
  int bins[BINS] = { 0 };
  double sum = 0, squares = 0;
  char name[24];

  for (guint i = 0; i < values->len; i++) {
    double value = g_array_index (values, double, i);
    int bin = 0;
    while (bin < BINS - 1 && value >= limits[bin])
      bin++;
    bins[bin]++;
    sum += value;
  }
  double mean = values->len > 0 ? sum / values->len : 0;
  for (guint i = 0; i < values->len; i++) {
    double distance = g_array_index (values, double, i) - mean;
    squares += distance * distance;
  }
  for (int i = 0; i < BINS; i++) {
    g_snprintf (name, sizeof name, "%s_Bin10_%d", prefix, i);
    put (output, name, bins[i]);
  }
  g_snprintf (name, sizeof name, "%s_Bin10_Mean", prefix);
  put (output, name, mean);
  g_snprintf (name, sizeof name, "%s_Bin10_StdDev", prefix);
  put (output, name, values->len > 0 ? sqrt (squares / values->len) : 0);
}

/* ---- orientation certainty ---- */

static void measure_certainty (const TamboImage *image, Output *output) {
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (double));

  for (int y = 0; y + BLOCK <= image->height; y += BLOCK)
    for (int x = 0; x + BLOCK <= image->width; x += BLOCK) {
      Covariance c = covariance_of_block (image, x, y);
      double sum = c.xx + c.yy;
      double root = sqrt ((c.xx - c.yy) * (c.xx - c.yy) + 4 * c.xy * c.xy);
      double certainty = 1 - (sum - root) / (sum + root);
      if (sum + root > 0)
        g_array_append_val (values, certainty);
    }
  put_histogram (output, "OCL", certainty_limits, values);
}

/* ---- orientation flow ---- */

/* Blocks inside the border, row by row. */
typedef struct {
  int columns, rows;
  double *angles;
  gboolean *ridges;
} FlowMap;

static void flow_map_clear (FlowMap *map) {
  g_clear_pointer (&map->angles, g_free);
  g_clear_pointer (&map->ridges, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FlowMap, flow_map_clear)

/* A block of the map overlaps four of the segmentation's: all must have ridges. */
static gboolean has_ridges (const TamboImage *image, int x, int y, double least) {
  for (int row = y / BLOCK; row <= (y + BLOCK - 1) / BLOCK; row++)
    for (int column = x / BLOCK; column <= (x + BLOCK - 1) / BLOCK; column++)
      if (!(spread_of_block (image, column * BLOCK, row * BLOCK).deviation > least))
        return FALSE;
  return TRUE;
}

static void flow_map_init (FlowMap *map, const TamboImage *image) {
  double window = ceil (hypot (BLOCK, SLANTED_HEIGHT));
  int border = (int) ceil ((window - BLOCK) / 2);
  double least =
      SEGMENT_DEVIATION * spread_of_box (image, 0, 0, image->width, image->height).deviation;

  map->columns = MAX (0, (image->width - 2 * border) / BLOCK);
  map->rows = MAX (0, (image->height - 2 * border) / BLOCK);
  map->angles = g_new0 (double, map->columns * map->rows + 1);
  map->ridges = g_new0 (gboolean, map->columns * map->rows + 1);
  for (int i = 0; i < map->columns * map->rows; i++) {
    int x = border + i % map->columns * BLOCK, y = border + i / map->columns * BLOCK;
    Covariance c = covariance_of_block (image, x, y);
    double difference = c.xx - c.yy;
    double length = c.xy * c.xy + difference * difference + DBL_EPSILON;
    map->angles[i] = atan2 (c.xy / length, difference / length) / 2;
    map->ridges[i] = has_ridges (image, x, y, least);
  }
}

/* The mean turn from a block to its eight neighbours; FALSE when one of the nine has no ridges. */
static gboolean turn_at (const FlowMap *map, int column, int row, double *out_turn) {
  double sum = 0;

  if (column < 1 || row < 1 || column + 1 >= map->columns || row + 1 >= map->rows)
    return FALSE;
  double centre = map->angles[row * map->columns + column];
  for (int y = row - 1; y <= row + 1; y++)
    for (int x = column - 1; x <= column + 1; x++) {
      double turn = fabs (map->angles[y * map->columns + x] - centre);
      if (!map->ridges[y * map->columns + x])
        return FALSE;
      sum += MIN (turn, 2 * G_PI - turn);
    }
  *out_turn = sum / 8;
  return TRUE;
}

static void measure_flow (const TamboImage *image, Output *output) {
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (double));
  g_auto (FlowMap) map;

  flow_map_init (&map, image);
  for (int i = 0; i < map.columns * map.rows; i++) {
    double turn;
    if (!turn_at (&map, i % map.columns, i / map.columns, &turn) || turn <= PERFECT_TURN)
      continue;
    double value = (turn - PERFECT_TURN) / (G_PI / 2 - PERFECT_TURN);
    g_array_append_val (values, value);
  }
  put_histogram (output, "OF", flow_limits, values);
}

/* ---- the region of interest ---- */

/* How well the gradients of a block agree, 0 to 1. */
static double coherence_of_box (const TamboImage *image, int x, int y, int width, int height) {
  double sum_x = 0, sum_y = 0, lengths = 0;

  for (int row = 0; row < height; row++)
    for (int column = 0; column < width; column++) {
      const guint8 *at =
          image->data + (gsize) (y + row) * (gsize) image->width + (gsize) (x + column);
      double dx = slope (at, column, width, 1);
      double dy = slope (at, row, height, image->width);
      sum_x += dx * dx - dy * dy;
      sum_y += 2 * dx * dy;
      lengths += dx * dx + dy * dy;
    }
  return lengths > 0 ? hypot (sum_x, sum_y) / lengths : 0;
}

static gboolean touches_region (const TamboImage *image, const guint8 *region, int x, int y,
                                int width, int height) {
  for (int row = y; row < y + height; row++)
    if (memchr (region + (gsize) row * (gsize) image->width + (gsize) x, 0, (gsize) width) != NULL)
      return TRUE;
  return FALSE;
}

static void measure_region (const TamboImage *image, Output *output) {
  g_autofree guint8 *region = tambo_nfiq2_find_region (image);
  double grey = 0, coherence = 0;
  int pixels = 0, blocks = 0;

  for (gsize i = 0; i < tambo_image_size (image); i++)
    if (region[i] == 0) {
      grey += image->data[i];
      pixels++;
    }
  for (int y = 0; y < image->height; y += BLOCK)
    for (int x = 0; x < image->width; x += BLOCK) {
      int width = MIN (BLOCK, image->width - x), height = MIN (BLOCK, image->height - y);
      if (!touches_region (image, region, x, y, width, height))
        continue;
      coherence += coherence_of_box (image, x, y, width, height);
      blocks++;
    }
  put (output, "ImgProcROIArea_Mean", pixels > 0 ? grey / pixels : 255);
  put (output, "OrientationMap_ROIFilter_CoherenceRel", blocks > 0 ? coherence / blocks : 0);
  put (output, "OrientationMap_ROIFilter_CoherenceSum", coherence);
}

gboolean tambo_nfiq2_measure (const TamboImage *grey, TamboNfiq2Measure *out_measures) {
  g_autoptr (TamboImage) image = crop_frame (grey);
  Output output = { out_measures };

  if (image == NULL || image->width < BLOCK || image->height < BLOCK)
    return FALSE;
  measure_grey (image, &output);
  measure_certainty (image, &output);
  measure_flow (image, &output);
  measure_region (image, &output);
  g_assert (output.next == out_measures + TAMBO_NFIQ2_MEASURES);
  return TRUE;
}
