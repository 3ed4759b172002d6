/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/nfiq2-measures.h"

#include "biometric/nfiq2-gradient.h"
#include "biometric/nfiq2-minutiae.h"
#include "biometric/nfiq2-region.h"
#include "biometric/nfiq2-turned.h"

#include <math.h>
#include <string.h>

#define BLOCK TAMBO_NFIQ2_BLOCK
#define BORDER TAMBO_NFIQ2_BORDER
#define NEAR_WHITE 250.0 /* a border row or column of a greater mean is cut off */
#define WIDTH_MAX 800    /* without the frame; NFIQ 2 refuses more */
#define HEIGHT_MAX 1000
#define SCORABLE_BLOCKS_MIN 10 /* with ridges */

#define BINS 10
static const double certainty_limits[BINS - 1] = { 0.337, 0.479, 0.579, 0.655, 0.716,
                                                   0.766, 0.81,  0.852, 0.898 };
static const double flow_limits[BINS - 1] = { 1.715e-2, 3.5e-2,   5.57e-2,  8.1e-2, 1.15e-1,
                                              1.718e-1, 2.569e-1, 4.758e-1, 7.48e-1 };
static const double frequency_limits[BINS - 1] = { 0.268, 0.304, 0.33, 0.355, 0.38,
                                                   0.407, 0.44,  0.5,  1 };
static const double clarity_limits[BINS - 1] = { 0, 0.7, 0.74, 0.77, 0.79, 0.81, 0.83, 0.85, 0.87 };
static const double uniformity_limits[BINS - 1] = { 0.5, 0.667, 0.8, 1, 1.25, 1.5, 2, 24, 30 };

#define SEGMENT_DEVIATION 0.1 /* of the image's own, above which a block has ridges */
#define PERFECT_TURN (4 * G_PI / 180)

/* Around a minutia. */
#define CENTRE_REACH 100  /* pixels, of the square around the centre of mass */
#define DARKER_MAX 0.5    /* than the picture, in its deviations */
#define GOOD_CERTAINTY 80 /* percent */

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

/* ---- the picture in blocks ---- */

typedef struct {
  double mean, deviation;
} Spread;

/* A block from the corner of the picture on; those at the far edges are smaller. */
typedef struct {
  Spread spread;
  TamboNfiq2Covariance covariance;
  gboolean whole;
} Block;

/* A block inside a border, where it can be turned. */
typedef struct {
  int x, y;
  double normal;
  gboolean ridges;
} InnerBlock;

typedef struct {
  const TamboImage *image; /* borrowed; without its frame */
  Spread spread;
  int columns, rows;
  Block *blocks;
  int inner_columns, inner_rows;
  InnerBlock *inner;
  GArray *values; /* of the histogram that is being made */
} Grid;

static void grid_clear (Grid *self) {
  g_clear_pointer (&self->blocks, g_free);
  g_clear_pointer (&self->inner, g_free);
  g_clear_pointer (&self->values, g_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Grid, grid_clear)

static Spread spread_of_box (const TamboImage *image, int x, int y, int width, int height) {
  guint64 sum = 0, squares = 0;
  double count = (double) width * height;

  for (int row = y; row < y + height; row++) {
    const guint8 *line = image->data + (gsize) row * (gsize) image->width + (gsize) x;
    guint row_sum = 0, row_squares = 0;
    for (int column = 0; column < width; column++) {
      row_sum += line[column];
      row_squares += (guint) line[column] * line[column];
    }
    sum += row_sum;
    squares += row_squares;
  }
  double mean = (double) sum / count;
  return (Spread){ mean, sqrt (MAX ((double) squares / count - mean * mean, 0)) };
}

static void measure_block (const TamboImage *image, int x, int y, Block *out_block) {
  int width = MIN (BLOCK, image->width - x), height = MIN (BLOCK, image->height - y);

  out_block->spread = spread_of_box (image, x, y, width, height);
  out_block->covariance = tambo_nfiq2_covariance (image, x, y, width, height);
  out_block->whole = width == BLOCK && height == BLOCK;
}

/* An inner block overlaps four blocks: all must have ridges. */
static gboolean has_ridges (const Grid *grid, int x, int y) {
  double least = SEGMENT_DEVIATION * grid->spread.deviation;

  for (int row = y / BLOCK; row <= (y + BLOCK - 1) / BLOCK; row++)
    for (int column = x / BLOCK; column <= (x + BLOCK - 1) / BLOCK; column++)
      if (!(grid->blocks[row * grid->columns + column].spread.deviation > least))
        return FALSE;
  return TRUE;
}

static void grid_init (Grid *self, const TamboImage *image) {
  *self = (Grid){
    .image = image,
    .spread = spread_of_box (image, 0, 0, image->width, image->height),
    .columns = (image->width + BLOCK - 1) / BLOCK,
    .rows = (image->height + BLOCK - 1) / BLOCK,
    .inner_columns = MAX (0, (image->width - 2 * BORDER) / BLOCK),
    .inner_rows = MAX (0, (image->height - 2 * BORDER) / BLOCK),
    .values = g_array_new (FALSE, FALSE, sizeof (double)),
  };
  self->blocks = g_new (Block, (gsize) (self->columns * self->rows));
  self->inner = g_new (InnerBlock, (gsize) (self->inner_columns * self->inner_rows + 1));
  for (int i = 0; i < self->columns * self->rows; i++)
    measure_block (image, i % self->columns * BLOCK, i / self->columns * BLOCK, &self->blocks[i]);
  for (int i = 0; i < self->inner_columns * self->inner_rows; i++) {
    InnerBlock *block = &self->inner[i];
    block->x = BORDER + i % self->inner_columns * BLOCK;
    block->y = BORDER + i / self->inner_columns * BLOCK;
    TamboNfiq2Covariance covariance =
        tambo_nfiq2_covariance (image, block->x, block->y, BLOCK, BLOCK);
    block->normal = tambo_nfiq2_normal (&covariance);
    block->ridges = has_ridges (self, block->x, block->y);
  }
}

/* ---- output ---- */

typedef struct {
  TamboNfiq2Measure *next;
} Output;

static void put (Output *self, const char *name, double value) {
  g_strlcpy (self->next->name, name, sizeof self->next->name);
  self->next++->value = value;
}

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

/* ---- turned blocks ---- */

/* Appends what a block says. */
typedef void (*MeasureWindow) (const TamboNfiq2Window *window, double normal, GArray *values);

static void measure_frequency (const TamboNfiq2Window *window, double normal, GArray *values) {
  double value = tambo_nfiq2_frequency (window, normal);
  g_array_append_val (values, value);
}

static void measure_clarity (const TamboNfiq2Window *window, double normal, GArray *values) {
  double value = tambo_nfiq2_clarity (window, normal);
  g_array_append_val (values, value);
}

static void measure_uniformity (const TamboNfiq2Window *window, double normal, GArray *values) {
  double ratios[TAMBO_NFIQ2_RATIOS_MAX];
  int count = tambo_nfiq2_uniformity (window, normal, ratios);
  g_array_append_vals (values, ratios, (guint) count);
}

/* Returns the number of blocks that were turned. */
static int measure_turned (const Grid *grid, MeasureWindow measure, const char *prefix,
                           const double *limits, Output *output) {
  int count = 0;

  g_array_set_size (grid->values, 0);
  for (int i = 0; i < grid->inner_columns * grid->inner_rows; i++) {
    const InnerBlock *block = &grid->inner[i];
    const TamboNfiq2Window window = { grid->image, block->x - BORDER, block->y - BORDER };
    if (!block->ridges)
      continue;
    measure (&window, block->normal, grid->values);
    count++;
  }
  put_histogram (output, prefix, limits, grid->values);
  return count;
}

/* ---- minutiae ---- */

/* Those near the middle of all. */
static int count_central (const TamboImage *image, const TamboNfiq2Minutiae *minutiae) {
  int x = 0, y = 0, count = 0;

  for (int i = 0; i < minutiae->count; i++) {
    x += minutiae->points[i].x;
    y += minutiae->points[i].y;
  }
  x /= MAX (minutiae->count, 1);
  y /= MAX (minutiae->count, 1);
  for (int i = 0; i < minutiae->count; i++) {
    const TamboNfiq2Point *at = &minutiae->points[i];
    count += at->x >= x - CENTRE_REACH && at->x <= MIN (x + CENTRE_REACH, image->width - 1)
             && at->y >= y - CENTRE_REACH && at->y <= MIN (y + CENTRE_REACH, image->height - 1);
  }
  return count;
}

/* Whether the block around it is darker than the picture, but not by much. */
static gboolean has_good_grey (const Grid *grid, const TamboNfiq2Point *point) {
  const TamboImage *image = grid->image;
  int x = MIN (MAX (point->x - BLOCK / 2, 0), image->width - 1);
  int y = MIN (MAX (point->y - BLOCK / 2, 0), image->height - 1);
  Spread spread =
      spread_of_box (image, x, y, MIN (BLOCK, image->width - x), MIN (BLOCK, image->height - y));
  double darker = (grid->spread.mean - spread.mean) / grid->spread.deviation;

  return darker > 0 && darker <= DARKER_MAX;
}

static gboolean has_good_certainty (const TamboImage *image, const TamboNfiq2Point *point) {
  int x = MIN (MAX (point->x - BLOCK / 2, 0), image->width - BLOCK);
  int y = MIN (MAX (point->y - BLOCK / 2, 0), image->height - BLOCK);
  TamboNfiq2Covariance covariance = tambo_nfiq2_covariance (image, x, y, BLOCK, BLOCK);
  double certainty = tambo_nfiq2_certainty (&covariance);

  return (int) (MAX (certainty, 0) * 100 + 0.5) > GOOD_CERTAINTY;
}

/* Returns whether there are enough of them for a score. */
static gboolean measure_minutiae (const Grid *grid, Output *output) {
  TamboNfiq2Minutiae minutiae;
  int grey = 0, certain = 0;

  tambo_nfiq2_find_minutiae (grid->image, &minutiae);
  for (int i = 0; i < minutiae.count; i++) {
    grey += has_good_grey (grid, &minutiae.points[i]);
    certain += has_good_certainty (grid->image, &minutiae.points[i]);
  }
  put (output, "FingerJetFX_MinCount_COMMinRect200x200", count_central (grid->image, &minutiae));
  put (output, "FingerJetFX_MinutiaeCount", minutiae.total);
  put (output, "FJFXPos_Mu_MinutiaeQuality_2", (double) grey / MAX (minutiae.count, 1));
  put (output, "FJFXPos_OCL_MinutiaeQuality_80", (double) certain / MAX (minutiae.count, 1));
  return minutiae.enough;
}

/* ---- grey levels ---- */

static void measure_grey (const Grid *grid, Output *output) {
  double sum = 0;

  for (int i = 0; i < grid->columns * grid->rows; i++)
    sum += grid->blocks[i].spread.mean;
  put (output, "MMB", sum / (grid->columns * grid->rows));
  put (output, "Mu", grid->spread.mean);
}

/* ---- orientation certainty ---- */

static void measure_certainty (const Grid *grid, Output *output) {
  g_array_set_size (grid->values, 0);
  for (int i = 0; i < grid->columns * grid->rows; i++) {
    double certainty = tambo_nfiq2_certainty (&grid->blocks[i].covariance);
    if (grid->blocks[i].whole && certainty >= 0)
      g_array_append_val (grid->values, certainty);
  }
  put_histogram (output, "OCL", certainty_limits, grid->values);
}

/* ---- orientation flow ---- */

/* The mean turn from a block to its eight neighbours; FALSE when one of the nine has no ridges. */
static gboolean turn_at (const Grid *grid, int column, int row, double *out_turn) {
  double sum = 0;

  if (column < 1 || row < 1 || column + 1 >= grid->inner_columns || row + 1 >= grid->inner_rows)
    return FALSE;
  double centre = grid->inner[row * grid->inner_columns + column].normal;
  for (int y = row - 1; y <= row + 1; y++)
    for (int x = column - 1; x <= column + 1; x++) {
      const InnerBlock *block = &grid->inner[y * grid->inner_columns + x];
      double turn = fabs (block->normal - centre);
      if (!block->ridges)
        return FALSE;
      sum += MIN (turn, 2 * G_PI - turn);
    }
  *out_turn = sum / 8;
  return TRUE;
}

static void measure_flow (const Grid *grid, Output *output) {
  g_array_set_size (grid->values, 0);
  for (int i = 0; i < grid->inner_columns * grid->inner_rows; i++) {
    double turn;
    if (!turn_at (grid, i % grid->inner_columns, i / grid->inner_columns, &turn)
        || turn <= PERFECT_TURN)
      continue;
    double value = (turn - PERFECT_TURN) / (G_PI / 2 - PERFECT_TURN);
    g_array_append_val (grid->values, value);
  }
  put_histogram (output, "OF", flow_limits, grid->values);
}

/* ---- the region of interest ---- */

/* Returns its number of pixels. */
static int measure_region (const TamboImage *image, const guint8 *region, Output *output) {
  guint64 grey = 0;
  int pixels = 0;

  for (int y = 0; y < image->height; y++) {
    gsize start = (gsize) y * (gsize) image->width;
    guint row_grey = 0, row_pixels = 0;
    for (gsize i = start; i < start + (gsize) image->width; i++) {
      row_grey += region[i] == 0 ? image->data[i] : 0;
      row_pixels += region[i] == 0;
    }
    grey += row_grey;
    pixels += (int) row_pixels;
  }
  put (output, "ImgProcROIArea_Mean", pixels > 0 ? (double) grey / pixels : 255);
  return pixels;
}

static gboolean touches_region (const TamboImage *image, const guint8 *region, int x, int y) {
  int width = MIN (BLOCK, image->width - x);

  for (int row = y; row < MIN (y + BLOCK, image->height); row++)
    if (memchr (region + (gsize) row * (gsize) image->width + (gsize) x, 0, (gsize) width) != NULL)
      return TRUE;
  return FALSE;
}

static void measure_coherence (const Grid *grid, const guint8 *region, Output *output) {
  double coherence = 0;
  int blocks = 0;

  for (int i = 0; i < grid->columns * grid->rows; i++) {
    int x = i % grid->columns * BLOCK, y = i / grid->columns * BLOCK;
    if (!touches_region (grid->image, region, x, y))
      continue;
    coherence += tambo_nfiq2_coherence (&grid->blocks[i].covariance);
    blocks++;
  }
  put (output, "OrientationMap_ROIFilter_CoherenceRel", blocks > 0 ? coherence / blocks : 0);
  put (output, "OrientationMap_ROIFilter_CoherenceSum", coherence);
}

/* ---- all of them ---- */

gboolean tambo_nfiq2_measure (const TamboImage *grey, TamboNfiq2Measures *out_measures) {
  g_autoptr (TamboImage) image = crop_frame (grey);
  Output output = { out_measures->measures };

  if (image == NULL || image->width < BLOCK || image->height < BLOCK || image->width > WIDTH_MAX
      || image->height > HEIGHT_MAX)
    return FALSE;
  g_auto (Grid) grid;
  grid_init (&grid, image);
  g_autofree guint8 *region = tambo_nfiq2_find_region (image);

  int blocks = measure_turned (&grid, measure_frequency, "FDA", frequency_limits, &output);
  gboolean enough = measure_minutiae (&grid, &output);
  out_measures->foreground = measure_region (image, region, &output);
  measure_turned (&grid, measure_clarity, "LCS", clarity_limits, &output);
  measure_grey (&grid, &output);
  measure_certainty (&grid, &output);
  measure_flow (&grid, &output);
  measure_coherence (&grid, region, &output);
  measure_turned (&grid, measure_uniformity, "RVUP", uniformity_limits, &output);
  g_assert (output.next == out_measures->measures + TAMBO_NFIQ2_MEASURES);

  out_measures->deviation = grid.spread.deviation;
  out_measures->scorable = enough && blocks >= SCORABLE_BLOCKS_MIN;
  return TRUE;
}

double tambo_nfiq2_measures_get (const TamboNfiq2Measures *measures, const char *name) {
  for (int i = 0; i < TAMBO_NFIQ2_MEASURES; i++)
    if (strcmp (measures->measures[i].name, name) == 0)
      return measures->measures[i].value;
  g_return_val_if_reached (0);
}
