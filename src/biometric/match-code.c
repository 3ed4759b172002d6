/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/match-code.h"

#include <stdlib.h>

#define ONES_MAX (TAMBO_MATCH_SECTIONS * 64)
#define LIKE 0.20f /* of two codes, below which they have nothing to say */

typedef struct {
  int minutia;
  int worth;
} Choice;

static int compare_worth (const void *a, const void *b) {
  const Choice *x = a, *y = b;
  return x->worth != y->worth ? y->worth - x->worth : x->minutia - y->minutia;
}

/* Rich neighbourhoods of clear minutiae: they lie inside of the print and are found again. */
guint tambo_match_make_codes (const TamboMatchTemplate *t, TamboMatchCode *codes, guint max) {
  Choice choices[TAMBO_MATCH_MINUTIAE_MAX];
  guint count = 0;

  for (int i = 0; i < t->count; i++)
    if (t->cylinders[i].ones > 0)
      choices[count++] = (Choice){
        .minutia = i,
        .worth = t->quality[i] * __builtin_popcountll (t->cylinders[i].mask),
      };
  qsort (choices, count, sizeof choices[0], compare_worth);
  count = MIN (count, max);
  for (guint i = 0; i < count; i++) {
    const TamboMatchCylinder *cylinder = &t->cylinders[choices[i].minutia];
    for (int k = 0; k < TAMBO_MATCH_SECTIONS; k++)
      codes[i].bits[k] = cylinder->bits[k];
    codes[i].ones = (guint64) cylinder->ones;
  }
  return count;
}

static inline __attribute__ ((always_inline)) float likeness_of (const TamboMatchCode *probe,
                                                                 guint probe_count,
                                                                 const TamboMatchCode *codes,
                                                                 guint count,
                                                                 const float *reciprocals) {
  float sum = 0;

  for (guint i = 0; i < probe_count; i++) {
    float best = 0;
    for (guint j = 0; j < count; j++) {
      int both = 0;
      for (int k = 0; k < TAMBO_MATCH_SECTIONS; k++)
        both += __builtin_popcountll (probe[i].bits[k] & codes[j].bits[k]);
      float like = (float) both * reciprocals[probe[i].ones + codes[j].ones];
      best = MAX (best, like);
    }
    if (best > LIKE)
      sum += (best - LIKE) * (best - LIKE);
  }
  return sum;
}

#if defined(__x86_64__)
/* Debian's baseline counts bits with a table; nearly every processor has an instruction. */
__attribute__ ((target ("popcnt"))) static float likeness_of_popcnt (const TamboMatchCode *probe,
                                                                     guint probe_count,
                                                                     const TamboMatchCode *codes,
                                                                     guint count,
                                                                     const float *reciprocals) {
  return likeness_of (probe, probe_count, codes, count, reciprocals);
}
#endif

/* 2 / n, so that no two codes need a division. */
static const float *get_reciprocals (void) {
  static float table[2 * ONES_MAX + 1];
  static gsize made;

  if (g_once_init_enter (&made)) {
    for (int i = 1; i <= 2 * ONES_MAX; i++)
      table[i] = 2.0f / (float) i;
    g_once_init_leave (&made, 1);
  }
  return table;
}

float tambo_match_codes_likeness (const TamboMatchCode *probe, guint probe_count,
                                  const TamboMatchCode *codes, guint count) {
  const float *reciprocals = get_reciprocals ();

#if defined(__x86_64__)
  if (__builtin_cpu_supports ("popcnt"))
    return likeness_of_popcnt (probe, probe_count, codes, count, reciprocals);
#endif
  return likeness_of (probe, probe_count, codes, count, reciprocals);
}
