/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/wsq-private.h"

#include "format/wsq-simd.h"

#include <math.h>
#include <string.h>

/* Values of the specification's clause on bit allocation. */
#define VARIANCE_MIN 1.01        /* below it a subband is not coded */
#define VARIANCE_SUM_MIN 20000.0 /* of subbands 0 to 3; below it whole subbands are measured */
#define LOADING 2.5              /* standard deviations that the bins cover, to either side */
#define ZERO_RATIO 1.2           /* zero bin to bin */
#define CENTRE 0.44

/* Finer bins than a 64th of a grey level tell nothing; few active subbands would ask for them. */
#define BIN_MIN (1.0 / 64)

static const double *box_row (const TamboWsqTree *tree, double *const planes[2],
                              const TamboWsqBox *box, int row) {
  return planes[box->level % 2] + (gsize) (box->y + row) * (gsize) tree->width + (gsize) box->x;
}

/* ---- variances ---- */

/* The reference encoder sums in single precision, sample by sample. Its bin widths carry the loss of
 * that, some millionths, and bins at an edge follow them: so the same is done here. */
static double measure_box (const TamboWsqTree *tree, double *const planes[2],
                           const TamboWsqBox *box) {
  float sum = 0, squares = 0;
  double count = (double) box->width * box->height;

  if (count < 2)
    return 0;
  for (int row = 0; row < box->height; row++) {
    const double *samples = box_row (tree, planes, box, row);
    for (int i = 0; i < box->width; i++) {
      float sample = (float) samples[i];
      sum += sample;
      squares += sample * sample;
    }
  }
  return (squares - (double) sum * sum / count) / (count - 1);
}

/* The part where the ridges are; the margins of a print are often empty. */
static TamboWsqBox central_part (const TamboWsqBox *box) {
  return (TamboWsqBox){ .x = box->x + box->width / 8,
                        .y = box->y + 9 * box->height / 32,
                        .width = 3 * box->width / 4,
                        .height = 7 * box->height / 16,
                        .level = box->level };
}

static void measure (const TamboWsqTree *tree, double *const planes[2], double *out_variances) {
  double sum = 0;

  for (int i = 0; i < TAMBO_WSQ_SUBBANDS; i++) {
    TamboWsqBox part = central_part (&tree->subbands[i]);
    out_variances[i] = measure_box (tree, planes, &part);
    sum += i < 4 ? out_variances[i] : 0;
    if (i == 3 && sum < VARIANCE_SUM_MIN)
      break;
  }
  if (sum < VARIANCE_SUM_MIN)
    for (int i = 0; i < TAMBO_WSQ_SUBBANDS; i++)
      out_variances[i] = measure_box (tree, planes, &tree->subbands[i]);
}

/* ---- bit allocation ---- */

static double subband_weight (int subband) {
  static const double weights[] = { 1.32, 1.08, 1.42, 1.08, 1.32, 1.42, 1.08, 1.08 };

  return subband < 52 ? 1 : weights[subband - 52];
}

/* The share of the image's samples that a subband has. */
static double subband_share (int subband) {
  return subband < 4 ? 1.0 / 1024 : subband < 51 ? 1.0 / 256 : 1.0 / 16;
}

/* The common divisor of the relative bin widths that spends BIT_RATE on the subbands: those that
 * would get no bits at all are left out of the sum until none is. */
static double find_divisor (const double *widths, const double *variances, double bit_rate) {
  gboolean active[TAMBO_WSQ_SUBBANDS];
  gboolean changed = TRUE;
  double divisor = 0;

  for (int i = 0; i < TAMBO_WSQ_SUBBANDS; i++)
    active[i] = widths[i] > 0;
  while (changed) {
    double share = 0, logarithm = 0;
    for (int i = 0; i < TAMBO_WSQ_SUBBANDS; i++)
      if (active[i]) {
        share += subband_share (i);
        logarithm += subband_share (i) * log (sqrt (variances[i]) / widths[i]);
      }
    if (share == 0)
      return divisor;
    divisor = exp2 (bit_rate / share - 1) / LOADING / exp (logarithm / share);

    changed = FALSE;
    for (int i = 0; i < TAMBO_WSQ_SUBBANDS; i++)
      if (active[i] && widths[i] / divisor >= 2 * LOADING * sqrt (variances[i])) {
        active[i] = FALSE;
        changed = TRUE;
      }
  }
  return divisor;
}

void tambo_wsq_quantiser_init (TamboWsqQuantiser *quantiser, const TamboWsqTree *tree,
                               double *const planes[2], double bit_rate) {
  double variances[TAMBO_WSQ_SUBBANDS], widths[TAMBO_WSQ_SUBBANDS];

  memset (quantiser, 0, sizeof *quantiser);
  quantiser->centre = CENTRE;
  measure (tree, planes, variances);
  for (int i = 0; i < TAMBO_WSQ_SUBBANDS; i++) {
    if (variances[i] < VARIANCE_MIN)
      widths[i] = 0;
    else
      widths[i] = i < 4 ? 1 : 10 / (subband_weight (i) * log (variances[i]));
  }

  double divisor = find_divisor (widths, variances, bit_rate);
  for (int i = 0; i < TAMBO_WSQ_SUBBANDS; i++) {
    quantiser->bin[i] = widths[i] > 0 ? MAX (widths[i] / divisor, BIN_MIN) : 0;
    quantiser->zero[i] = ZERO_RATIO * quantiser->bin[i];
  }
}

void tambo_wsq_quantiser_widen (TamboWsqQuantiser *quantiser) {
  for (int i = 0; i < TAMBO_WSQ_SUBBANDS; i++) {
    quantiser->bin[i] *= 2;
    quantiser->zero[i] *= 2;
  }
}

/* ---- to indices and back ---- */

gsize tambo_wsq_block_size (const TamboWsqQuantiser *quantiser, const TamboWsqTree *tree,
                            int block) {
  gsize size = 0;

  for (int i = tambo_wsq_block_start (block); i < tambo_wsq_block_start (block + 1); i++)
    if (quantiser->bin[i] > 0)
      size += (gsize) tree->subbands[i].width * (gsize) tree->subbands[i].height;
  return size;
}

/* Returns the greatest amount. Of what lies in the zero bin the sum below is from 0.4 up to 1, for the
 * bin reaches 0.6 of a width to either side, so that it needs no case of its own. */
TAMBO_WSQ_SIMD
static int quantise_row (gint16 *restrict out, const double *restrict row, int size, double bin,
                         double zero) {
  const double half = zero / 2, scale = 1 / bin;
  int greatest = 0;

  for (int i = 0; i < size; i++) {
    double amount = (fabs (row[i]) - half) * scale + 1;
    int index = (int) copysign (amount, row[i]);
    greatest = MAX (greatest, ABS (index));
    out[i] = (gint16) index;
  }
  return greatest;
}

gboolean tambo_wsq_quantise (const TamboWsqQuantiser *quantiser, const TamboWsqTree *tree,
                             double *const planes[2], int block, gint16 *indices) {
  int greatest = 0;

  for (int i = tambo_wsq_block_start (block); i < tambo_wsq_block_start (block + 1); i++) {
    const TamboWsqBox *box = &tree->subbands[i];
    for (int row = 0; quantiser->bin[i] > 0 && row < box->height; row++) {
      int peak = quantise_row (indices, box_row (tree, planes, box, row), box->width,
                               quantiser->bin[i], quantiser->zero[i]);
      greatest = MAX (greatest, peak);
      indices += box->width;
    }
  }
  return greatest <= G_MAXINT16;
}

TAMBO_WSQ_SIMD
static void dequantise_row (float *restrict out, const gint16 *restrict indices, int size,
                            float bin, float shift) {
  for (int i = 0; i < size; i++) {
    int sign = (indices[i] > 0) - (indices[i] < 0);
    out[i] = bin * (float) indices[i] + shift * (float) sign;
  }
}

void tambo_wsq_dequantise (const TamboWsqQuantiser *quantiser, const TamboWsqTree *tree,
                           const gint16 *indices, float *planes[2]) {
  for (int i = 0; i < TAMBO_WSQ_SUBBANDS; i++) {
    const TamboWsqBox *box = &tree->subbands[i];
    double shift = quantiser->zero[i] / 2 - quantiser->bin[i] * quantiser->centre;
    for (int row = 0; row < box->height; row++) {
      float *out =
          planes[box->level % 2] + (gsize) (box->y + row) * (gsize) tree->width + (gsize) box->x;
      if (quantiser->bin[i] > 0) {
        dequantise_row (out, indices, box->width, (float) quantiser->bin[i], (float) shift);
        indices += box->width;
      } else {
        memset (out, 0, (gsize) box->width * sizeof *out);
      }
    }
  }
  for (int row = 0; row < tree->uncoded.height; row++)
    memset (planes[tree->uncoded.level % 2] + (gsize) (tree->uncoded.y + row) * (gsize) tree->width
                + (gsize) tree->uncoded.x,
            0, (gsize) tree->uncoded.width * sizeof (float));
}
