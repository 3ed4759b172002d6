/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/fingerprint-quality.h"

#include "biometric/fingerprint-picture.h"
#include "biometric/fingerprint-press.h"

#include <math.h>
#include <stdlib.h>

#define BLOCK TAMBO_FINGERPRINT_BLOCK

/* What makes a block one of ridges: found on prints of optical sensors and paper cards, dry, wet and
 * clean, against faces, text and noise. */
#define DEVIATION_MIN 5.0   /* grey levels inside the block */
#define CERTAINTY_MIN 0.25  /* with the blocks around; 0 no direction, 1 parallel */
#define PERIODICITY_MIN 0.3 /* autocorrelation at the period */
#define CONTINUITY_MIN 0.4
#define PERIOD_MIN 3
#define PERIOD_MAX 25
#define TYPICAL_PERIOD_MAX 14 /* of a finger at 500 ppi; hair and cloth are wider */
#define ANGLE_MAX (G_PI / 7)  /* between two blocks side by side */
#define PERIOD_RATIO_MAX 1.5
#define NEIGHBOURS_MIN 3
#define WEAK_PERIODICITY_MIN 0.1 /* enough between blocks of ridges */
#define GROWTH_ROUNDS 3

/* What makes a finger of ridges. */
#define BLOCKS_MIN 16
#define AREA_MIN 0.05
#define AREA_MIN_BLOCKS 120 /* so many are enough on a platen of any size */

/* The profile across the ridges: LENGTH samples, each the mean of WIDTH along them. */
#define PROFILE_LENGTH 48
#define PROFILE_WIDTH 24

typedef struct {
  double mean, deviation;
  double xx, yy, xy; /* covariance of the gradient */
  double certainty;  /* of this block alone */
  double normal;     /* direction across the ridges, radians, 0 to pi */
  double period, periodicity;
  double continuity; /* share of the deviation that is left after averaging along the ridges */
  gboolean weak, candidate, ridges;
} Block;

typedef struct {
  const TamboImage *image; /* borrowed */
  int columns, rows;
  Block *blocks;
} Grid;

static inline int pixel (const TamboImage *image, int x, int y) {
  return image->data[(gsize) y * (gsize) image->width + (gsize) x];
}

static void measure_levels (const TamboImage *image, int left, int top, Block *block) {
  double sum = 0, squares = 0;
  for (int y = top; y < top + BLOCK; y++) {
    for (int x = left; x < left + BLOCK; x++) {
      double value = pixel (image, x, y);
      sum += value;
      squares += value * value;
    }
  }
  block->mean = sum / (BLOCK * BLOCK);
  block->deviation = sqrt (MAX (squares / (BLOCK * BLOCK) - block->mean * block->mean, 0));
}

/* From the eigenvalues l1 >= l2 of the covariance of the gradient: (l1 - l2) / (l1 + l2). */
static double certainty (double xx, double yy, double xy) {
  double total = xx + yy;
  return total > 0 ? hypot (xx - yy, 2 * xy) / total : 0;
}

static void measure_gradient (const TamboImage *image, int left, int top, Block *block) {
  int right = MIN (left + BLOCK, image->width - 1), bottom = MIN (top + BLOCK, image->height - 1);

  for (int y = MAX (top, 1); y < bottom; y++) {
    for (int x = MAX (left, 1); x < right; x++) {
      double dx = pixel (image, x + 1, y - 1) + 2 * pixel (image, x + 1, y)
                  + pixel (image, x + 1, y + 1) - pixel (image, x - 1, y - 1)
                  - 2 * pixel (image, x - 1, y) - pixel (image, x - 1, y + 1);
      double dy = pixel (image, x - 1, y + 1) + 2 * pixel (image, x, y + 1)
                  + pixel (image, x + 1, y + 1) - pixel (image, x - 1, y - 1)
                  - 2 * pixel (image, x, y - 1) - pixel (image, x + 1, y - 1);
      block->xx += dx * dx;
      block->yy += dy * dy;
      block->xy += dx * dy;
    }
  }
  block->certainty = certainty (block->xx, block->yy, block->xy);
}

/* Dry ridges are rows of dots: their direction shows when the blocks around have a say. Returns the
 * certainty of that direction. */
static double measure_direction (const Grid *grid, int column, int row, Block *block) {
  double xx = 0, yy = 0, xy = 0;

  for (int y = MAX (row - 1, 0); y <= MIN (row + 1, grid->rows - 1); y++) {
    for (int x = MAX (column - 1, 0); x <= MIN (column + 1, grid->columns - 1); x++) {
      const Block *other = &grid->blocks[y * grid->columns + x];
      int weight = (x == column ? 2 : 1) * (y == row ? 2 : 1);
      xx += weight * other->xx;
      yy += weight * other->yy;
      xy += weight * other->xy;
    }
  }
  block->normal = 0.5 * atan2 (2 * xy, xx - yy);
  if (block->normal < 0)
    block->normal += G_PI;
  return certainty (xx, yy, xy);
}

static void measure_block (const TamboImage *image, int left, int top, Block *block) {
  measure_levels (image, left, top, block);
  measure_gradient (image, left, top, block);
}

static double sample (const TamboImage *image, double x, double y) {
  x = CLAMP (x, 0, image->width - 1.001);
  y = CLAMP (y, 0, image->height - 1.001);
  int left = (int) x, top = (int) y;
  double u = x - left, v = y - top;
  double above = pixel (image, left, top) * (1 - u) + pixel (image, left + 1, top) * u;
  double below = pixel (image, left, top + 1) * (1 - u) + pixel (image, left + 1, top + 1) * u;
  return above * (1 - v) + below * v;
}

/* Takes mean and slope out: light that falls off is no ridge. */
static void detrend (double profile[PROFILE_LENGTH]) {
  const double centre = (PROFILE_LENGTH - 1) / 2.0;
  double mean = 0, slope = 0, weight = 0;

  for (int i = 0; i < PROFILE_LENGTH; i++) {
    mean += profile[i] / PROFILE_LENGTH;
    slope += profile[i] * (i - centre);
    weight += (i - centre) * (i - centre);
  }
  for (int i = 0; i < PROFILE_LENGTH; i++)
    profile[i] -= mean + slope / weight * (i - centre);
}

static void read_profile (const TamboImage *image, const Block *block, double x, double y,
                          double profile[PROFILE_LENGTH]) {
  double across_x = cos (block->normal), across_y = sin (block->normal);

  for (int i = 0; i < PROFILE_LENGTH; i++) {
    double a = i - (PROFILE_LENGTH - 1) / 2.0;
    profile[i] = 0;
    for (int j = 0; j < PROFILE_WIDTH; j++) {
      double b = j - (PROFILE_WIDTH - 1) / 2.0;
      profile[i] += sample (image, x + a * across_x - b * across_y, y + a * across_y + b * across_x)
                    / PROFILE_WIDTH;
    }
  }
  detrend (profile);
}

static double correlation (const double profile[PROFILE_LENGTH], int lag) {
  double product = 0, a = 0, b = 0;
  for (int i = 0; i + lag < PROFILE_LENGTH; i++) {
    product += profile[i] * profile[i + lag];
    a += profile[i] * profile[i];
    b += profile[i + lag] * profile[i + lag];
  }
  return a > 0 && b > 0 ? product / sqrt (a * b) : 0;
}

/* The period is the first maximum of the autocorrelation behind its first zero. */
static void measure_period (const double profile[PROFILE_LENGTH], Block *block) {
  double values[PERIOD_MAX + 2];
  int lag = 1;

  for (int i = 0; i < (int) G_N_ELEMENTS (values); i++)
    values[i] = correlation (profile, i);
  while (lag <= PERIOD_MAX && values[lag] > 0)
    lag++;
  for (lag = MAX (lag, PERIOD_MIN); lag <= PERIOD_MAX; lag++)
    if (values[lag] > 0 && values[lag] >= values[lag - 1] && values[lag] > values[lag + 1])
      break;
  if (lag > PERIOD_MAX)
    return;

  double bend = values[lag - 1] - 2 * values[lag] + values[lag + 1];
  block->period = lag + (bend < 0 ? 0.5 * (values[lag - 1] - values[lag + 1]) / bend : 0);
  block->periodicity = values[lag];
}

static double profile_deviation (const double profile[PROFILE_LENGTH]) {
  double squares = 0;
  for (int i = 0; i < PROFILE_LENGTH; i++)
    squares += profile[i] * profile[i];
  return sqrt (squares / PROFILE_LENGTH);
}

static void find_ridges (Grid *grid, int column, int row) {
  Block *block = &grid->blocks[row * grid->columns + column];
  double profile[PROFILE_LENGTH];
  int left = column * BLOCK, top = row * BLOCK;

  if (block->deviation < DEVIATION_MIN
      || measure_direction (grid, column, row, block) < CERTAINTY_MIN)
    return;
  read_profile (grid->image, block, left + (BLOCK - 1) / 2.0, top + (BLOCK - 1) / 2.0, profile);
  measure_period (profile, block);
  block->continuity = profile_deviation (profile) / block->deviation;
  block->weak = block->periodicity >= WEAK_PERIODICITY_MIN && block->continuity >= CONTINUITY_MIN;
  block->candidate = block->weak && block->periodicity >= PERIODICITY_MIN;
}

/* Ridges flow: the block beside has nearly the same direction and distance. Hair, cloth and
 * letters rarely do over several blocks. */
static gboolean agree (const Block *a, const Block *b) {
  double angle = fabs (a->normal - b->normal);
  double ratio = a->period / b->period;
  return MIN (angle, G_PI - angle) <= ANGLE_MAX && ratio <= PERIOD_RATIO_MAX
         && ratio >= 1 / PERIOD_RATIO_MAX;
}

static int count_company (const Grid *grid, int column, int row, gboolean confirmed) {
  const Block *block = &grid->blocks[row * grid->columns + column];
  int n = 0;

  for (int y = MAX (row - 1, 0); y <= MIN (row + 1, grid->rows - 1); y++) {
    for (int x = MAX (column - 1, 0); x <= MIN (column + 1, grid->columns - 1); x++) {
      const Block *other = &grid->blocks[y * grid->columns + x];
      if (other != block && (confirmed ? other->ridges : other->candidate) && agree (block, other))
        n++;
    }
  }
  return n;
}

/* Makes ridges of the blocks that have company; from the second round on of weak ones too. */
static void confirm (Grid *grid, gboolean growing) {
  int total = grid->columns * grid->rows;
  g_autofree gboolean *found = g_new0 (gboolean, (gsize) total);

  for (int i = 0; i < total; i++) {
    const Block *block = &grid->blocks[i];
    found[i] = block->ridges
               || ((growing ? block->weak : block->candidate)
                   && count_company (grid, i % grid->columns, i / grid->columns, growing)
                          >= NEIGHBOURS_MIN);
  }
  for (int i = 0; i < total; i++)
    grid->blocks[i].ridges = found[i];
}

static int compare_doubles (const void *a, const void *b) {
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

static double median (double *values, int count) {
  qsort (values, (gsize) count, sizeof *values, compare_doubles);
  return values[count / 2];
}

/* Area, direction, regularity and contrast each pull the index down when they are poor. */
static int make_index (int count, int total, double certainty, double periodicity,
                       double deviation) {
  double wanted = MIN (150, 0.5 * total);
  double area = sqrt (MIN (count / wanted, 1));
  double clarity = CLAMP ((certainty - 0.05) / 0.75, 0, 1);
  double regularity = CLAMP ((periodicity - 0.2) / 0.6, 0, 1);
  double contrast = 1 - exp (-deviation / 14);
  return (int) lround (100 * area * sqrt (clarity * regularity) * contrast);
}

/* One finger has ridges of one distance, more or less: what strays is taken out again. */
static double trim_periods (Grid *grid) {
  int total = grid->columns * grid->rows, count = 0;
  g_autofree double *periods = g_new (double, (gsize) total);

  for (int i = 0; i < total; i++)
    if (grid->blocks[i].ridges)
      periods[count++] = grid->blocks[i].period;
  if (count == 0)
    return 0;

  double typical = median (periods, count);
  for (int i = 0; i < total; i++) {
    double ratio = grid->blocks[i].period / typical;
    if (ratio > PERIOD_RATIO_MAX || ratio < 1 / PERIOD_RATIO_MAX)
      grid->blocks[i].ridges = FALSE;
  }
  return typical;
}

static void measure_press (const Grid *grid, TamboFingerprintQuality *out) {
  int total = grid->columns * grid->rows;
  g_autofree guint8 *ridges = g_new (guint8, (gsize) total);

  for (int i = 0; i < total; i++)
    ridges[i] = grid->blocks[i].ridges ? 1 : 0;
  tambo_fingerprint_measure_press (grid->image, ridges, out);
  out->firmness = out->ink * out->continuity;
}

static void summarise (Grid *grid, TamboFingerprintQuality *out) {
  int total = grid->columns * grid->rows, count = 0;
  double period = trim_periods (grid);
  double certain = 0, periodicity = 0, deviation = 0, mean = 0, continuity = 0;

  for (int i = 0; i < total; i++) {
    const Block *block = &grid->blocks[i];
    if (!block->ridges)
      continue;
    count++;
    certain += block->certainty;
    periodicity += block->periodicity;
    deviation += block->deviation;
    mean += block->mean;
    continuity += block->continuity;
  }
  if (period > TYPICAL_PERIOD_MAX || count < BLOCKS_MIN
      || (count < AREA_MIN * total && count < AREA_MIN_BLOCKS))
    return;

  out->ridge_area = (double) count / total;
  out->certainty = certain / count;
  out->ridge_period = period;
  out->mean = mean / count;
  out->continuity = continuity / count;
  out->index = make_index (count, total, out->certainty, periodicity / count, deviation / count);
  measure_press (grid, out);
}

static void measure (const TamboImage *image, TamboFingerprintQuality *out) {
  Grid grid = { .image = image, .columns = image->width / BLOCK, .rows = image->height / BLOCK };
  if (grid.columns == 0 || grid.rows == 0)
    return;

  g_autofree Block *blocks = g_new0 (Block, (gsize) grid.columns * (gsize) grid.rows);
  grid.blocks = blocks;
  for (int row = 0; row < grid.rows; row++)
    for (int column = 0; column < grid.columns; column++)
      measure_block (image, column * BLOCK, row * BLOCK, &blocks[row * grid.columns + column]);
  for (int row = 0; row < grid.rows; row++)
    for (int column = 0; column < grid.columns; column++)
      find_ridges (&grid, column, row);
  for (int round = 0; round <= GROWTH_ROUNDS; round++)
    confirm (&grid, round > 0);
  summarise (&grid, out);
}

void tambo_fingerprint_quality (const TamboImage *image, TamboFingerprintQuality *out_quality) {
  TamboFingerprintQuality quality = { 0 };
  g_autoptr (TamboImage) subject = tambo_fingerprint_normalise (image);

  measure (subject, &quality);
  *out_quality = quality;
}

gboolean tambo_fingerprint_has_ridges (const TamboFingerprintQuality *quality) {
  return quality->ridge_area > 0;
}
