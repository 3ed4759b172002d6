/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/wsq-private.h"

#include "format/wsq-simd.h"

#include <string.h>

/* Samples of a half that the longest filter reaches out of a row, on either side. */
#define MARGIN TAMBO_WSQ_TAPS_MAX

/* One output sample in two is the sum of taps on both halves: where each lies from the sample's own
 * place, and its weight. */
typedef struct {
  int size;
  gboolean symmetric; /* tap i weighs what tap size - 1 - i weighs */
  struct {
    gboolean high;
    int offset;
    float weight;
  } taps[TAMBO_WSQ_TAPS_MAX];
} Phase;

typedef struct {
  gboolean odd; /* the filters are even functions around a sample; else around a gap */
  Phase phases[2];
} Plan;

/* ---- the filters ---- */

/* One half of a filter to the whole of it: TURN is the sign of the other half, and every other tap
 * changes its sign, which makes an analysis filter a synthesis filter of the other band. */
static void expand (float *out, const double *half, int size, int first_sign, int turn) {
  int middle = size / 2;

  for (int i = 0; i < (size + 1) / 2; i++) {
    float tap = (float) (i % 2 == 0 ? half[i] : -half[i]) * (float) first_sign;
    out[middle + i] = tap;
    out[size - 1 - middle - i] = tap * (float) turn;
  }
}

void tambo_wsq_filters_init (TamboWsqFilters *filters, const double *low, int low_size,
                             const double *high, int high_size) {
  gboolean odd = low_size % 2;

  filters->low_size = high_size;
  filters->high_size = low_size;
  expand (filters->low, high, high_size, odd ? 1 : -1, 1);
  expand (filters->high, low, low_size, 1, odd ? 1 : -1);
}

/* The taps of the samples at 2n + PARITY, from the left to the right. */
static void plan_phase (Phase *phase, const TamboWsqFilters *filters, gboolean odd, int parity) {
  int places[TAMBO_WSQ_TAPS_MAX * 2];

  phase->size = 0;
  for (int high = 0; high < 2; high++) {
    int size = high ? filters->high_size : filters->low_size;
    const float *filter = high ? filters->high : filters->low;
    int centre = odd ? size / 2 : size / 2 - 1;
    /* Of a filter around a sample the high half lies on the odd places. */
    int shift = odd && high;
    for (int i = size - 1; i >= 0; i--) {
      int distance = i - centre + shift - parity;
      if (distance % 2 != 0)
        continue;
      int at = phase->size++;
      places[at] = -distance + shift;
      phase->taps[at].high = high;
      phase->taps[at].offset = -distance / 2;
      phase->taps[at].weight = filter[i];
      for (; at > 0 && places[at] < places[at - 1]; at--) {
        int place = places[at];
        places[at] = places[at - 1];
        places[at - 1] = place;
        typeof (phase->taps[0]) tap = phase->taps[at];
        phase->taps[at] = phase->taps[at - 1];
        phase->taps[at - 1] = tap;
      }
    }
  }
  phase->symmetric = odd;
  for (int i = 0; i < phase->size; i++)
    if (phase->taps[i].weight != phase->taps[phase->size - 1 - i].weight)
      phase->symmetric = FALSE;
}

/* ---- the sums ---- */

TAMBO_WSQ_SIMD
static void sum_seven (float *restrict out, const float *const *rows, const float *weights,
                       int size) {
  const float *r0 = rows[0], *r1 = rows[1], *r2 = rows[2], *r3 = rows[3], *r4 = rows[4],
              *r5 = rows[5], *r6 = rows[6];
  const float c0 = weights[3], c1 = weights[2], c2 = weights[1], c3 = weights[0];

  TAMBO_WSQ_NO_ALIAS
  for (int i = 0; i < size; i++)
    out[i] = c0 * r3[i] + c1 * (r2[i] + r4[i]) + c2 * (r1[i] + r5[i]) + c3 * (r0[i] + r6[i]);
}

TAMBO_WSQ_SIMD
static void sum_nine (float *restrict out, const float *const *rows, const float *weights,
                      int size) {
  const float *r0 = rows[0], *r1 = rows[1], *r2 = rows[2], *r3 = rows[3], *r4 = rows[4],
              *r5 = rows[5], *r6 = rows[6], *r7 = rows[7], *r8 = rows[8];
  const float c0 = weights[4], c1 = weights[3], c2 = weights[2], c3 = weights[1], c4 = weights[0];

  TAMBO_WSQ_NO_ALIAS
  for (int i = 0; i < size; i++)
    out[i] = c0 * r4[i] + c1 * (r3[i] + r5[i]) + c2 * (r2[i] + r6[i]) + c3 * (r1[i] + r7[i])
             + c4 * (r0[i] + r8[i]);
}

TAMBO_WSQ_SIMD
static void add_row (float *restrict out, const float *restrict row, float weight, int size) {
  for (int i = 0; i < size; i++)
    out[i] += weight * row[i];
}

/* SIZE sums of the rows, one row for each tap. */
static void sum_taps (float *out, const Phase *phase, const float *const *rows,
                      const float *weights, int size) {
  if (phase->symmetric && phase->size == 7) {
    sum_seven (out, rows, weights, size);
  } else if (phase->symmetric && phase->size == 9) {
    sum_nine (out, rows, weights, size);
  } else {
    memset (out, 0, (gsize) size * sizeof *out);
    for (int tap = 0; tap < phase->size; tap++)
      add_row (out, rows[tap], weights[tap], size);
  }
}

TAMBO_WSQ_SIMD
static void interleave (float *restrict row, const float *restrict even, const float *restrict odd,
                        int pairs) {
  TAMBO_WSQ_NO_ALIAS
  for (int i = 0; i < pairs; i++) {
    row[2 * i] = even[i];
    row[2 * i + 1] = odd[i];
  }
}

/* ---- beyond the edges ---- */

/* Where sample N of a half goes on inside a signal of SIZE samples, and with which sign: the signal
 * is mirrored in its end samples by odd filters and in the gaps behind them by even ones. */
static int extend (const Plan *plan, gboolean high, int n, int size, float *out_sign) {
  *out_sign = 1;
  if (plan->odd) {
    int position = 2 * n + high;
    while (size > 1 && (position < 0 || position >= size))
      position = position < 0 ? -position : 2 * (size - 1) - position;
    return size > 1 ? position / 2 : 0;
  }

  int kept = high ? size / 2 : (size + 1) / 2;
  while (n < 0 || n >= kept) {
    /* The middle of an odd length is its own mirror image: an odd function is zero there. */
    if (high && size - 1 - n == n) {
      *out_sign = 0;
      return 0;
    }
    n = n < 0 ? -1 - n : size - 1 - n;
    if (high)
      *out_sign = -*out_sign;
  }
  return n;
}

/* ---- the image ---- */

typedef struct {
  const TamboWsqFilters *filters;
  Plan plan;
  int stride;
  float *low, *high; /* a row summed up the columns, with margins */
  float *even, *odd; /* the samples of that row apart */
} Synthesis;

static void extend_row (const Synthesis *self, float *half, gboolean high, int width) {
  int kept = high ? width / 2 : (width + 1) / 2;
  float sign;

  for (int i = 1; kept > 0 && i <= MARGIN; i++) {
    half[-i] = half[extend (&self->plan, high, -i, width, &sign)];
    half[-i] *= sign;
    half[kept - 1 + i] = half[extend (&self->plan, high, kept - 1 + i, width, &sign)];
    half[kept - 1 + i] *= sign;
  }
}

static void synthesise_row (const Synthesis *self, int width, float *out) {
  float *const halves[2] = { self->low, self->high };
  float *const samples[2] = { self->even, self->odd };

  for (int high = 0; high < 2; high++)
    extend_row (self, halves[high], high, width);
  for (int parity = 0; parity < 2; parity++) {
    const Phase *phase = &self->plan.phases[parity];
    const float *rows[TAMBO_WSQ_TAPS_MAX];
    float weights[TAMBO_WSQ_TAPS_MAX];
    for (int i = 0; i < phase->size; i++) {
      rows[i] = halves[phase->taps[i].high] + phase->taps[i].offset;
      weights[i] = phase->taps[i].weight;
    }
    sum_taps (samples[parity], phase, rows, weights, parity ? width / 2 : (width + 1) / 2);
  }
  interleave (out, self->even, self->odd, width / 2);
  if (width % 2)
    out[width - 1] = self->even[width / 2];
}

static void synthesise_node (const Synthesis *self, const TamboWsqNode *node, const float *from,
                             float *to) {
  const TamboWsqBox *box = &node->box;
  gsize corner = (gsize) box->y * (gsize) self->stride + (gsize) box->x;
  const int x[2] = { node->inverted_x ? box->width / 2 : 0,
                     node->inverted_x ? 0 : (box->width + 1) / 2 };
  const int y[2] = { node->inverted_y ? box->height / 2 : 0,
                     node->inverted_y ? 0 : (box->height + 1) / 2 };
  const float *rows[TAMBO_WSQ_TAPS_MAX];
  float weights[TAMBO_WSQ_TAPS_MAX];

  /* A line of one sample has no high half to lean on. */
  if (box->width < 2 || box->height < 2)
    return;
  for (int row = 0; row < box->height; row++) {
    const Phase *phase = &self->plan.phases[row % 2];
    for (int half = 0; half < 2; half++) {
      for (int i = 0; i < phase->size; i++) {
        gboolean high = phase->taps[i].high;
        float sign;
        int n = extend (&self->plan, high, row / 2 + phase->taps[i].offset, box->height, &sign);
        rows[i] = from + corner + (gsize) (y[high] + n) * (gsize) self->stride + (gsize) x[half];
        weights[i] = phase->taps[i].weight * sign;
      }
      sum_taps (half ? self->high : self->low, phase, rows, weights,
                half ? box->width / 2 : (box->width + 1) / 2);
    }
    synthesise_row (self, box->width, to + corner + (gsize) row * (gsize) self->stride);
  }
}

gboolean tambo_wsq_synthesise (const TamboWsqTree *tree, const TamboWsqFilters *filters,
                               float *planes[2]) {
  gsize size = (gsize) tree->width + 2 * MARGIN;
  g_autofree float *memory = g_try_new0 (float, 4 * size);
  if (memory == NULL)
    return FALSE;

  Synthesis self = {
    .filters = filters,
    .plan.odd = filters->low_size % 2,
    .stride = tree->width,
    .low = memory + MARGIN,
    .high = memory + size + MARGIN,
    .even = memory + 2 * size,
    .odd = memory + 3 * size,
  };
  for (int parity = 0; parity < 2; parity++)
    plan_phase (&self.plan.phases[parity], filters, self.plan.odd, parity);
  for (int i = TAMBO_WSQ_NODES - 1; i >= 0; i--) {
    int level = tree->nodes[i].box.level;
    synthesise_node (&self, &tree->nodes[i], planes[(level + 1) % 2], planes[level % 2]);
  }
  return TRUE;
}
