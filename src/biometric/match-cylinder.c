/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/match-private.h"

#include <math.h>

#define SIDE 8
#define RADIUS 75.0f
#define SPACE_SIGMA 11.0f
#define ANGLE_SIGMA 0.55f /* radians */
#define LEVEL 0.30f       /* of one minutia right in the place */
#define HULL_MARGIN 40.0f
#define PLACES_MIN 28 /* that both know, of some 52; else nothing can be said */
#define COMMON_MIN 4  /* the part of the bits that has to be common */
#define COMPANY_MIN 2
#define TRIES 3 /* partners of one minutia that are followed */
#define LEVELS 256

/* ---- making ---- */

static float turn_between (guint8 a, guint8 b) {
  return (float) (gint8) (a - b) * (float) (G_PI / 128);
}

static float bell (float distance) {
  return expf (-0.5f * distance * distance / (SPACE_SIGMA * SPACE_SIGMA));
}

/* What the other minutia adds to the places around CENTRE. */
static void add_neighbour (const TamboMatchTemplate *t, int centre, int other,
                           float sums[TAMBO_MATCH_SECTIONS][SIDE * SIDE]) {
  float angle = (float) t->angle[centre] * (float) (G_PI / 128);
  float c = cosf (angle), s = sinf (angle);
  float dx = t->x[other] - t->x[centre], dy = t->y[other] - t->y[centre];
  float u = dx * c + dy * s, v = dy * c - dx * s; /* in the frame of the centre */
  float turn = turn_between (t->angle[other], t->angle[centre]), shares[TAMBO_MATCH_SECTIONS];
  const float step = 2 * RADIUS / SIDE;

  if (hypotf (u, v) > RADIUS + 3 * SPACE_SIGMA)
    return;
  for (int k = 0; k < TAMBO_MATCH_SECTIONS; k++) {
    float middle = ((float) k + 0.5f) * 2 * (float) G_PI / TAMBO_MATCH_SECTIONS;
    float away = remainderf (turn - middle, 2 * (float) G_PI) / ANGLE_SIGMA;
    shares[k] = expf (-0.5f * away * away);
  }
  float across[SIDE], along[SIDE]; /* a bell of two dimensions is the product of two of one */
  for (int i = 0; i < SIDE; i++) {
    across[i] = bell (((float) i + 0.5f) * step - RADIUS - u);
    along[i] = bell (((float) i + 0.5f) * step - RADIUS - v);
  }
  for (int k = 0; k < TAMBO_MATCH_SECTIONS; k++)
    for (int row = 0; row < SIDE; row++)
      for (int column = 0; column < SIDE; column++)
        sums[k][row * SIDE + column] += shares[k] * along[row] * across[column];
}

static guint64 make_mask (const TamboMatchTemplate *t, int centre) {
  float angle = (float) t->angle[centre] * (float) (G_PI / 128);
  float c = cosf (angle), s = sinf (angle);
  const float step = 2 * RADIUS / SIDE;
  guint64 mask = 0;

  for (int row = 0; row < SIDE; row++) {
    for (int column = 0; column < SIDE; column++) {
      float u = ((float) column + 0.5f) * step - RADIUS, v = ((float) row + 0.5f) * step - RADIUS;
      float x = t->x[centre] + u * c - v * s, y = t->y[centre] + u * s + v * c;
      if (hypotf (u, v) <= RADIUS && tambo_match_outside_hull (t, x, y) <= HULL_MARGIN)
        mask |= G_GUINT64_CONSTANT (1) << (row * SIDE + column);
    }
  }
  return mask;
}

void tambo_match_make_cylinders (TamboMatchTemplate *t) {
  for (int i = 0; i < t->count; i++) {
    float sums[TAMBO_MATCH_SECTIONS][SIDE * SIDE] = { 0 };
    int company = 0;
    for (int j = 0; j < t->count; j++) {
      if (j == i)
        continue;
      add_neighbour (t, i, j, sums);
      company += hypotf (t->x[j] - t->x[i], t->y[j] - t->y[i]) < RADIUS;
    }
    t->cylinders[i].mask = company >= COMPANY_MIN ? make_mask (t, i) : 0;
    for (int k = 0; k < TAMBO_MATCH_SECTIONS; k++) {
      t->cylinders[i].bits[k] = 0;
      for (int p = 0; p < SIDE * SIDE; p++)
        if (sums[k][p] > LEVEL)
          t->cylinders[i].bits[k] |= G_GUINT64_CONSTANT (1) << p;
      t->cylinders[i].bits[k] &= t->cylinders[i].mask;
      t->cylinders[i].ones += __builtin_popcountll (t->cylinders[i].bits[k]);
    }
  }
}

/* ---- comparing ---- */

static inline __attribute__ ((always_inline)) float likeness_of (const TamboMatchCylinder *a,
                                                                 const TamboMatchCylinder *b) {
  int both = 0, total = 0;

  /* Most pairs have next to nothing in common, and are done with here. */
  for (int k = 0; k < TAMBO_MATCH_SECTIONS; k++)
    both += __builtin_popcountll (a->bits[k] & b->bits[k]);
  if (both * COMMON_MIN < MIN (a->ones, b->ones) || both == 0
      || __builtin_popcountll (a->mask & b->mask) < PLACES_MIN)
    return 0;
  for (int k = 0; k < TAMBO_MATCH_SECTIONS; k++)
    total +=
        __builtin_popcountll (a->bits[k] & b->mask) + __builtin_popcountll (b->bits[k] & a->mask);
  return 2 * (float) both / (float) total;
}

float tambo_match_likeness (const TamboMatchCylinder *a, const TamboMatchCylinder *b) {
  return likeness_of (a, b);
}

/* The TRIES best partners of each minutia. */
static inline __attribute__ ((always_inline)) int list_partners (const TamboMatchTemplate *a,
                                                                 const TamboMatchTemplate *b,
                                                                 TamboMatchPair *listed) {
  int count = 0;

  for (int i = 0; i < a->count; i++) {
    TamboMatchPair best[TRIES] = { 0 };
    if (a->cylinders[i].mask == 0)
      continue;
    for (int j = 0; j < b->count; j++) {
      float likeness = likeness_of (&a->cylinders[i], &b->cylinders[j]);
      int k = TRIES;
      if (likeness <= best[TRIES - 1].likeness)
        continue;
      for (k = TRIES - 1; k > 0 && best[k - 1].likeness < likeness; k--)
        best[k] = best[k - 1];
      best[k] = (TamboMatchPair){ .a = i, .b = j, .likeness = likeness };
    }
    for (int k = 0; k < TRIES && best[k].likeness > 0; k++)
      listed[count++] = best[k];
  }
  return count;
}

#if defined(__x86_64__)
/* Debian's baseline counts bits with a table; nearly every processor has an instruction. */
__attribute__ ((target ("popcnt"))) static int list_partners_popcnt (const TamboMatchTemplate *a,
                                                                     const TamboMatchTemplate *b,
                                                                     TamboMatchPair *listed) {
  return list_partners (a, b, listed);
}
#endif

static int list_partners_here (const TamboMatchTemplate *a, const TamboMatchTemplate *b,
                               TamboMatchPair *listed) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports ("popcnt"))
    return list_partners_popcnt (a, b, listed);
#endif
  return list_partners (a, b, listed);
}

int tambo_match_find_pairs (const TamboMatchTemplate *a, const TamboMatchTemplate *b,
                            TamboMatchPair pairs[TAMBO_MATCH_PAIRS_MAX]) {
  TamboMatchPair listed[TAMBO_MATCH_MINUTIAE_MAX * TRIES];
  int starts[LEVELS + 1] = { 0 };
  int count = list_partners_here (a, b, listed);

  /* Sorted by counting, best first. */
  for (int i = 0; i < count; i++)
    starts[LEVELS - (int) (listed[i].likeness * (LEVELS - 1))]++;
  for (int level = 1; level <= LEVELS; level++)
    starts[level] += starts[level - 1];
  for (int i = 0; i < count; i++) {
    int at = starts[LEVELS - (int) (listed[i].likeness * (LEVELS - 1)) - 1]++;
    if (at < TAMBO_MATCH_PAIRS_MAX)
      pairs[at] = listed[i];
  }
  return MIN (count, TAMBO_MATCH_PAIRS_MAX);
}
