/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/wsq-private.h"

#include "format/wsq-simd.h"

const double tambo_wsq_low[5] = { 0.85269867900940344, 0.37740285561265380, -0.11062440441842342,
                                  -0.02384946501938000, 0.03782845550699546 };
const double tambo_wsq_high[4] = { 0.78848561640566439, -0.41809227322221221, -0.04068941760955844,
                                   0.06453888262893845 };

/* Samples that the filters reach out of a row, on either side, of either parity. */
#define MARGIN 4

/* ROWS are nine, the fifth is the middle; both filters are even functions. */
TAMBO_WSQ_SIMD
static void filter_low (double *restrict out, const double *const *rows, int size) {
  const double *r0 = rows[0], *r1 = rows[1], *r2 = rows[2], *r3 = rows[3], *r4 = rows[4],
               *r5 = rows[5], *r6 = rows[6], *r7 = rows[7], *r8 = rows[8];
  const double c0 = tambo_wsq_low[0], c1 = tambo_wsq_low[1], c2 = tambo_wsq_low[2],
               c3 = tambo_wsq_low[3], c4 = tambo_wsq_low[4];

  TAMBO_WSQ_NO_ALIAS
  for (int i = 0; i < size; i++)
    out[i] = c0 * r4[i] + c1 * (r3[i] + r5[i]) + c2 * (r2[i] + r6[i]) + c3 * (r1[i] + r7[i])
             + c4 * (r0[i] + r8[i]);
}

TAMBO_WSQ_SIMD
static void filter_high (double *restrict out, const double *const *rows, int size) {
  const double *r0 = rows[0], *r1 = rows[1], *r2 = rows[2], *r3 = rows[3], *r4 = rows[4],
               *r5 = rows[5], *r6 = rows[6];
  const double c0 = tambo_wsq_high[0], c1 = tambo_wsq_high[1], c2 = tambo_wsq_high[2],
               c3 = tambo_wsq_high[3];

  TAMBO_WSQ_NO_ALIAS
  for (int i = 0; i < size; i++)
    out[i] = c0 * r3[i] + c1 * (r2[i] + r4[i]) + c2 * (r1[i] + r5[i]) + c3 * (r0[i] + r6[i]);
}

TAMBO_WSQ_SIMD
static void separate (double *restrict even, double *restrict odd, const double *restrict row,
                      int pairs) {
  TAMBO_WSQ_NO_ALIAS
  for (int i = 0; i < pairs; i++) {
    even[i] = row[2 * i];
    odd[i] = row[2 * i + 1];
  }
}

/* A signal of SIZE goes on as its mirror image in its first and in its last sample. */
static int mirror (int position, int size) {
  if (size == 1)
    return 0;
  while (position < 0 || position >= size)
    position = position < 0 ? -position : 2 * (size - 1) - position;
  return position;
}

typedef struct {
  double *row;        /* filtered down the columns */
  double *even, *odd; /* that row apart, with margins */
} Scratch;

/* One row into its low and its high half. */
static void analyse_row (const Scratch *scratch, int width, double *low, double *high) {
  double *even = scratch->even + MARGIN, *odd = scratch->odd + MARGIN;
  int pairs = width / 2;

  separate (even, odd, scratch->row, pairs);
  for (int i = 1; i <= MARGIN; i++) {
    even[-i] = scratch->row[mirror (-2 * i, width)];
    odd[-i] = scratch->row[mirror (1 - 2 * i, width)];
    even[pairs - 1 + i] = scratch->row[mirror (2 * (pairs - 1 + i), width)];
    odd[pairs - 1 + i] = scratch->row[mirror (2 * (pairs - 1 + i) + 1, width)];
  }

  const double *rows[9];
  for (int i = 0; i < 9; i++)
    rows[i] = i % 2 == 0 ? even + i / 2 - 2 : odd + i / 2 - 2;
  filter_low (low, rows, width - pairs);
  filter_high (high, rows + 2, pairs);
}

static void analyse_node (const TamboWsqNode *node, int stride, const double *from, double *to,
                          const Scratch *scratch) {
  const TamboWsqBox *box = &node->box;
  gsize corner = (gsize) box->y * (gsize) stride + (gsize) box->x;
  int low_x = node->inverted_x ? box->width / 2 : 0;
  int high_x = node->inverted_x ? 0 : (box->width + 1) / 2;
  int low_y = node->inverted_y ? box->height / 2 : 0;
  int high_y = node->inverted_y ? 0 : (box->height + 1) / 2;
  const double *rows[9];

  for (int y = 0; y < box->height; y++) {
    gboolean high = y % 2;
    int n = y / 2;
    double *out = to + corner + (gsize) (high ? high_y + n : low_y + n) * (gsize) stride;
    int taps = high ? 7 : 9;
    for (int i = 0; i < taps; i++)
      rows[i] = from + corner + (gsize) mirror (y - taps / 2 + i, box->height) * (gsize) stride;
    if (high)
      filter_high (scratch->row, rows, box->width);
    else
      filter_low (scratch->row, rows, box->width);
    analyse_row (scratch, box->width, out + low_x, out + high_x);
  }
}

gboolean tambo_wsq_analyse (const TamboWsqTree *tree, double *planes[2]) {
  gsize size = (gsize) tree->width + 4 * MARGIN;
  g_autofree double *memory = g_try_new (double, 3 * size);
  if (memory == NULL)
    return FALSE;

  const Scratch scratch = { memory, memory + size, memory + 2 * size };
  for (int i = 0; i < TAMBO_WSQ_NODES; i++) {
    int level = tree->nodes[i].box.level;
    analyse_node (&tree->nodes[i], tree->width, planes[level % 2], planes[(level + 1) % 2],
                  &scratch);
  }
  return TRUE;
}
