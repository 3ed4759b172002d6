/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/fingerprint-press.h"

#include <math.h>
#include <string.h>

#define BLOCK TAMBO_FINGERPRINT_BLOCK
#define PLATEN_PERCENT 90 /* of the pixels are not lighter than the platen */
#define RIDGE_PERCENT 10  /* of those in ridges are not lighter than the ridges */
#define INKED 0.25     /* of the contrast: so much darker than the platen is a block of the print */
#define CONTRAST_MIN 8 /* grey levels; below there is nothing to tell ink by */

typedef struct {
  const TamboImage *image; /* borrowed */
  int columns, rows;
  const guint8 *ridges;
} Print;

static void count_levels (const Print *print, gboolean ridges_only, guint out_levels[256]) {
  memset (out_levels, 0, 256 * sizeof *out_levels);
  for (int y = 0; y < print->rows * BLOCK; y++)
    for (int x = 0; x < print->columns * BLOCK; x++)
      if (!ridges_only || print->ridges[y / BLOCK * print->columns + x / BLOCK] != 0)
        out_levels[print->image->data[y * print->image->width + x]]++;
}

static int percentile (const guint levels[256], int percent) {
  guint64 total = 0, below = 0;
  int level = 0;

  for (int i = 0; i < 256; i++)
    total += levels[i];
  while (level < 255 && (below += levels[level]) * 100 < total * (guint64) percent)
    level++;
  return level;
}

static double block_mean (const Print *print, int column, int row) {
  int sum = 0;

  for (int y = row * BLOCK; y < (row + 1) * BLOCK; y++)
    for (int x = column * BLOCK; x < (column + 1) * BLOCK; x++)
      sum += print->image->data[y * print->image->width + x];
  return (double) sum / (BLOCK * BLOCK);
}

/* The share of the pixels of a print that are dark. */
static double share_below (const guint levels[256], double limit) {
  double dark = 0, total = 0;

  for (int i = 0; i < 256; i++) {
    dark += i < limit ? levels[i] : 0;
    total += levels[i];
  }
  return total > 0 ? dark / total : 0;
}

/* Of the blocks of the print, with ink in them, those without clear ridges. */
static double measure_smear (const Print *print, double inked) {
  int blocks = 0, unclear = 0;

  for (int row = 0; row < print->rows; row++)
    for (int column = 0; column < print->columns; column++) {
      gboolean ridges = print->ridges[row * print->columns + column] != 0;
      if (!ridges && block_mean (print, column, row) >= inked)
        continue;
      blocks++;
      unclear += !ridges;
    }
  return blocks > 0 ? (double) unclear / blocks : 0;
}

/* From the middle of the picture to that of the ridges, by the picture's side. */
static double measure_offset (const Print *print) {
  double x = 0, y = 0;
  int count = 0;

  for (int i = 0; i < print->columns * print->rows; i++)
    if (print->ridges[i] != 0) {
      x += i % print->columns + 0.5;
      y += i / print->columns + 0.5;
      count++;
    }
  return count > 0
             ? MAX (fabs (x / count / print->columns - 0.5), fabs (y / count / print->rows - 0.5))
             : 0;
}

void tambo_fingerprint_measure_press (const TamboImage *image, const guint8 *ridges,
                                      TamboFingerprintQuality *out_quality) {
  const double millimetres = BLOCK * 25.4 / 500;
  Print print = { image, image->width / BLOCK, image->height / BLOCK, ridges };
  guint all[256], inside[256];
  int blocks = 0;

  count_levels (&print, FALSE, all);
  count_levels (&print, TRUE, inside);
  for (int i = 0; i < print.columns * print.rows; i++)
    blocks += ridges[i] != 0;
  /* A finger that fills the picture shows the platen between its ridges only. */
  int platen = MAX (percentile (all, PLATEN_PERCENT), percentile (inside, PLATEN_PERCENT));
  int dark = percentile (inside, RIDGE_PERCENT);

  out_quality->area = blocks * millimetres * millimetres;
  out_quality->offset = measure_offset (&print);
  out_quality->contrast = platen - dark;
  if (platen - dark < CONTRAST_MIN)
    return;
  out_quality->ink = share_below (inside, (platen + dark) / 2.0);
  out_quality->smear = measure_smear (&print, platen - INKED * (platen - dark));
}
