/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/match-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define PER_CENTIMETRE 197
#define UNTOLD_QUALITY 50
#define SCALE 234 /* puts the verdict that one in 1,000 impostors reaches at the threshold */

/* Decimal exponents of the false match rate, on bench-match.c's pairs. The threshold is that of the
 * database with more false matches; from there on they are extrapolated, carefully, and one in a
 * million is the least that is claimed. */
static const struct {
  int score;
  double exponent;
} rates[] = {
  { 0, 0 },    { 143, -1 },    { 176, -1.52 },
  { 209, -2 }, { 234, -2.52 }, { TAMBO_MATCH_THRESHOLD, -3 },
  { 700, -6 },
};

static int compare_quality (gconstpointer a, gconstpointer b) {
  const TamboMinutia *x = *(const TamboMinutia *const *) a, *y = *(const TamboMinutia *const *) b;
  return (int) y->quality - (int) x->quality;
}

static int compare_place (gconstpointer a, gconstpointer b) {
  const TamboMinutia *x = *(const TamboMinutia *const *) a, *y = *(const TamboMinutia *const *) b;
  return x->x != y->x ? (int) x->x - (int) y->x : (int) y->y - (int) x->y;
}

static void take_minutiae (TamboMatchTemplate *t, const TamboMinutiaeRecord *record,
                           const TamboMinutiaeView *view) {
  const TamboMinutia *order[TAMBO_MINUTIAE_MAX];
  float scale_x = (float) PER_CENTIMETRE / (float) MAX (record->per_centimetre_x, 1);
  float scale_y = (float) PER_CENTIMETRE / (float) MAX (record->per_centimetre_y, 1);
  guint count = MIN (view->minutiae->len, TAMBO_MINUTIAE_MAX);

  for (guint i = 0; i < count; i++)
    order[i] = &g_array_index (view->minutiae, TamboMinutia, i);
  qsort (order, count, sizeof order[0], compare_quality);
  t->count = (int) MIN (count, TAMBO_MATCH_MINUTIAE_MAX);
  qsort (order, (gsize) t->count, sizeof order[0], compare_place);
  for (int i = 0; i < t->count; i++) {
    t->x[i] = order[i]->x * scale_x;
    t->y[i] = -(order[i]->y * scale_y);
    t->angle[i] = order[i]->angle;
    t->type[i] = order[i]->type;
    t->quality[i] = order[i]->quality > 0 ? order[i]->quality : UNTOLD_QUALITY;
  }
}

static void measure_distances (TamboMatchTemplate *t) {
  for (int i = 0; i < t->count; i++) {
    for (int j = 0; j < t->count; j++) {
      float dx = t->x[j] - t->x[i], dy = t->y[j] - t->y[i];
      int angle = (int) lrintf (atan2f (dy, dx) * (float) (128 / G_PI));
      t->distance[i * t->count + j] = (guint8) MIN (lrintf (hypotf (dx, dy) / 2), 255);
      t->bearing[i * t->count + j] = (guint8) (angle - t->angle[i]);
    }
  }
}

TamboMatchTemplate *tambo_match_template_new (const TamboMinutiaeRecord *record,
                                              const TamboMinutiaeView *view) {
  TamboMatchTemplate *t = g_new0 (TamboMatchTemplate, 1);

  take_minutiae (t, record, view);
  t->cylinders = g_new0 (TamboMatchCylinder, (gsize) t->count);
  t->distance = g_new0 (guint8, (gsize) (t->count * t->count));
  t->bearing = g_new0 (guint8, (gsize) (t->count * t->count));
  measure_distances (t);
  if (record->per_centimetre_x == PER_CENTIMETRE && record->per_centimetre_y == PER_CENTIMETRE
      && !tambo_ridge_flow_parse (view->extended, &t->flow))
    t->flow.columns = 0;
  tambo_match_make_hull (t);
  tambo_match_make_index (t);
  tambo_match_make_cylinders (t);
  return t;
}

void tambo_match_template_free (TamboMatchTemplate *t) {
  if (t == NULL)
    return;
  g_free (t->cylinders);
  g_free (t->distance);
  g_free (t->bearing);
  tambo_ridge_flow_clear (&t->flow);
  explicit_bzero (t, sizeof *t);
  g_free (t);
}

void tambo_match_weigh (const TamboMatchTemplate *a, const TamboMatchTemplate *b,
                        TamboMatchEvidence *out_evidence) {
  TamboMatchPair pairs[TAMBO_MATCH_PAIRS_MAX];
  int count = tambo_match_find_pairs (a, b, pairs);
  tambo_match_consolidate (a, b, pairs, count, out_evidence);
}

double tambo_match_false_match_rate (int score) {
  const int last = (int) G_N_ELEMENTS (rates) - 1;
  int i = 1;

  score = CLAMP (score, 0, rates[last].score);
  while (i < last && rates[i].score < score)
    i++;
  double slope =
      (rates[i].exponent - rates[i - 1].exponent) / (rates[i].score - rates[i - 1].score);
  return pow (10, rates[i].exponent + slope * (score - rates[i].score));
}

int tambo_match (const TamboMatchTemplate *a, const TamboMatchTemplate *b) {
  TamboMatchEvidence e;

  tambo_match_weigh (a, b, &e);
  return (int) lrintf (CLAMP (e.verdict * SCALE, 0, TAMBO_MATCH_SCORE_MAX));
}
