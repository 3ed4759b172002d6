/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/match-private.h"

#include <math.h>
#include <string.h>

#define ROUNDS 4
#define OWN_WEIGHT 0.3f        /* of a pair's own support in each round */
#define DISTANCE_FREE 4.0f     /* units of 2 pixels: half of the support is gone */
#define DISTANCE_STRETCH 0.07f /* more where minutiae are far from each other: skin stretches */
#define DISTANCE_SLOPE 1.1f
#define ANGLE_FREE 13.0f /* of 256 */
#define ANGLE_SLOPE 0.45f
#define BEST_PAIRS 10
#define PLACE_TOLERANCE 13.0f /* pixels */
#define PLACE_STRETCH 0.05f
#define ANGLE_TOLERANCE 32 /* of 256 */
#define RELAXED 32         /* pairs that go into the relaxation */
#define SEEDS 4            /* of the relaxation that are followed */
#define GUESSES 2          /* alignments of single pairs that are followed */
#define MATES_MIN 2        /* at first */
#define HOPEFUL 0.7f       /* of the mates of the best alignment so far, to go on */
#define OTHER_TYPE 0.7f    /* ends and forks are often taken for each other */
#define SAME_PLACE 4.0f    /* pixels */
#define SAME_TURN 3
#define FLOW_UNTOLD 0.85f /* stands in where a record has no flow */

typedef struct {
  float cosine, sine, x, y; /* a's place to b's */
  int turn;                 /* a's angle to b's */
  float centre_x, centre_y; /* in a: where it is surest */
} Alignment;

/* A soft step from 1 to 0 around FREE. */
static inline float soften (float value, float free, float slope) {
  float u = (value - free) * slope;
  return 0.5f - 0.5f * u / (1 + fabsf (u));
}

static inline int turn (guint8 a, guint8 b) {
  return ABS ((int) (gint8) (a - b));
}

/* How well two pairs go together: equal distance, bearings and turn in both prints. */
static float compatibility (const TamboMatchTemplate *a, const TamboMatchTemplate *b,
                            const TamboMatchPair *p, const TamboMatchPair *q) {
  if (p->a == q->a || p->b == q->b)
    return 0;
  int pa = p->a * a->count + q->a, pb = p->b * b->count + q->b;
  int qa = q->a * a->count + p->a, qb = q->b * b->count + p->b;
  int near = a->distance[pa], away = ABS (near - b->distance[pb]);
  float free = DISTANCE_FREE + DISTANCE_STRETCH * (float) near;
  if ((float) away > free + 6)
    return 0;
  int rotation =
      turn ((guint8) (a->angle[p->a] - a->angle[q->a]), (guint8) (b->angle[p->b] - b->angle[q->b]));
  int bearing = MAX (turn (a->bearing[pa], b->bearing[pb]), turn (a->bearing[qa], b->bearing[qb]));
  if (rotation > 40 || bearing > 40)
    return 0;
  return soften ((float) away, free, DISTANCE_SLOPE)
         * soften ((float) rotation, ANGLE_FREE, ANGLE_SLOPE)
         * soften ((float) bearing, ANGLE_FREE, ANGLE_SLOPE);
}

static void relax (const TamboMatchTemplate *a, const TamboMatchTemplate *b, TamboMatchPair *pairs,
                   int count, float table[RELAXED][RELAXED]) {
  float next[RELAXED];

  for (int i = 0; i < count; i++) {
    pairs[i].support = pairs[i].likeness;
    table[i][i] = 0;
    for (int j = 0; j < i; j++)
      table[i][j] = table[j][i] = compatibility (a, b, &pairs[i], &pairs[j]);
  }
  for (int round = 0; round < ROUNDS; round++) {
    for (int i = 0; i < count; i++) {
      float sum = 0;
      for (int j = 0; j < count; j++)
        sum += table[i][j] * pairs[j].support;
      next[i] = OWN_WEIGHT * pairs[i].support + (1 - OWN_WEIGHT) * sum / BEST_PAIRS;
    }
    for (int i = 0; i < count; i++)
      pairs[i].support = MIN (next[i], 1);
  }
}

/* The best supported pairs, no minutia twice. Returns how many. */
static int pick_best (const TamboMatchPair *pairs, int count, int picked[BEST_PAIRS]) {
  guint8 used_a[TAMBO_MATCH_MINUTIAE_MAX] = { 0 }, used_b[TAMBO_MATCH_MINUTIAE_MAX] = { 0 };
  int n = 0;

  while (n < BEST_PAIRS) {
    int best = -1;
    for (int i = 0; i < count; i++)
      if (!used_a[pairs[i].a] && !used_b[pairs[i].b]
          && (best < 0 || pairs[i].support > pairs[best].support))
        best = i;
    if (best < 0)
      break;
    used_a[pairs[best].a] = used_b[pairs[best].b] = 1;
    picked[n++] = best;
  }
  return n;
}

/* The rigid motion that lays the pairs of one mind with SEED on each other, each by its weight. */
static gboolean align (const TamboMatchTemplate *a, const TamboMatchTemplate *b,
                       const TamboMatchPair *pairs, const float *weights, int count,
                       Alignment *out) {
  float total = 0, ax = 0, ay = 0, bx = 0, by = 0, c = 0, s = 0;

  for (int i = 0; i < count; i++) {
    float w = weights[i];
    total += w;
    ax += w * a->x[pairs[i].a];
    ay += w * a->y[pairs[i].a];
    bx += w * b->x[pairs[i].b];
    by += w * b->y[pairs[i].b];
  }
  if (total <= 0)
    return FALSE;
  ax /= total, ay /= total, bx /= total, by /= total;
  for (int i = 0; i < count; i++) {
    float w = weights[i];
    float ux = a->x[pairs[i].a] - ax, uy = a->y[pairs[i].a] - ay;
    float vx = b->x[pairs[i].b] - bx, vy = b->y[pairs[i].b] - by;
    float angle =
        (float) (gint8) (b->angle[pairs[i].b] - a->angle[pairs[i].a]) * (float) (G_PI / 128);
    /* The angles have a say too, as if of places some pixels away. */
    c += w * (ux * vx + uy * vy + 900 * cosf (angle));
    s += w * (ux * vy - uy * vx + 900 * sinf (angle));
  }
  float length = hypotf (c, s);
  if (length <= 0)
    return FALSE;
  out->cosine = c / length;
  out->sine = s / length;
  out->x = bx - out->cosine * ax + out->sine * ay;
  out->y = by - out->sine * ax - out->cosine * ay;
  out->turn = (int) lrintf (atan2f (s, c) * (float) (128 / G_PI));
  out->centre_x = ax;
  out->centre_y = ay;
  return TRUE;
}

/* Lays A on B and mates what comes to lie together, nearest first for each of A. Returns how many;
 * FITS tell how well. */
static int mate (const TamboMatchTemplate *a, const TamboMatchTemplate *b, const Alignment *t,
                 TamboMatchPair *mates, float *fits) {
  guint8 used[TAMBO_MATCH_MINUTIAE_MAX] = { 0 };
  int count = 0;

  for (int i = 0; i < a->count; i++) {
    float x = t->cosine * a->x[i] - t->sine * a->y[i] + t->x;
    float y = t->sine * a->x[i] + t->cosine * a->y[i] + t->y;
    float u = a->x[i] - t->centre_x, v = a->y[i] - t->centre_y, away = sqrtf (u * u + v * v);
    float limit = PLACE_TOLERANCE + PLACE_STRETCH * away, best = 0;
    int chosen = -1;
    int bucket = (int) ((x - limit - b->left) / b->bucket_width);
    for (int j = b->buckets[CLAMP (bucket, 0, TAMBO_MATCH_BUCKETS)]; j < b->count; j++) {
      float dx = b->x[j] - x, dy = b->y[j] - y, square = dx * dx + dy * dy;
      if (dx > limit)
        break;
      if (square > limit * limit || used[j])
        continue;
      int off = turn ((guint8) (a->angle[i] + t->turn), b->angle[j]);
      if (off > ANGLE_TOLERANCE)
        continue;
      float fit = (1 - 0.6f * square / (limit * limit))
                  * (1 - 0.6f * (float) (off * off) / (ANGLE_TOLERANCE * ANGLE_TOLERANCE));
      if (a->type[i] != b->type[j])
        fit *= OTHER_TYPE;
      if (fit > best) {
        best = fit;
        chosen = j;
      }
    }
    if (chosen < 0)
      continue;
    used[chosen] = 1;
    mates[count] = (TamboMatchPair){ .a = i, .b = chosen };
    fits[count++] = best;
  }
  return count;
}

/* Minutiae of A that lie on the print of B, by their quality. */
static float count_common (const TamboMatchTemplate *a, const TamboMatchTemplate *b,
                           const Alignment *t, gboolean back) {
  float sum = 0;

  for (int i = 0; i < a->count; i++) {
    float x, y;
    if (back) {
      float dx = a->x[i] - t->x, dy = a->y[i] - t->y;
      x = t->cosine * dx + t->sine * dy;
      y = t->cosine * dy - t->sine * dx;
    } else {
      x = t->cosine * a->x[i] - t->sine * a->y[i] + t->x;
      y = t->sine * a->x[i] + t->cosine * a->y[i] + t->y;
    }
    int column = (int) ((x - b->left) / TAMBO_MATCH_GRID_CELL);
    int row = (int) ((y - b->bottom) / TAMBO_MATCH_GRID_CELL);
    if ((guint) column < TAMBO_MATCH_GRID && (guint) row < TAMBO_MATCH_GRID
        && b->covered[row] >> column & 1)
      sum += a->quality[i];
  }
  return sum;
}

/* Cosines of 256 to a turn. */
static const float *cosines (void) {
  static float table[256];
  static gsize made = 0;

  if (g_once_init_enter (&made)) {
    for (int i = 0; i < 256; i++)
      table[i] = cosf ((float) i * (float) (G_PI / 128));
    g_once_init_leave (&made, 1);
  }
  return table;
}

static void compare_flow (const TamboMatchTemplate *a, const TamboMatchTemplate *b,
                          const Alignment *t, TamboMatchEvidence *evidence) {
  const float *table = cosines (), step = TAMBO_RIDGE_FLOW_CELL;
  float sum = 0;
  int common = 0;

  for (int row = 0; row < a->flow.rows; row++) {
    float ax = 0.5f * step, ay = -((float) row + 0.5f) * step;
    float x = (t->cosine * ax - t->sine * ay + t->x) / step;
    float y = -(t->sine * ax + t->cosine * ay + t->y) / step;
    const guint8 *angles = a->flow.angles + row * a->flow.columns;
    /* Every other cell, as the black ones of a chessboard, is enough. */
    int first = row % 2;
    x += (float) first * t->cosine;
    y -= (float) first * t->sine;
    for (int column = first; column < a->flow.columns;
         column += 2, x += 2 * t->cosine, y -= 2 * t->sine) {
      if (angles[column] == TAMBO_RIDGE_FLOW_NONE || x < 0 || y < 0 || x >= (float) b->flow.columns
          || y >= (float) b->flow.rows)
        continue;
      guint8 other = b->flow.angles[(int) y * b->flow.columns + (int) x];
      if (other == TAMBO_RIDGE_FLOW_NONE)
        continue;
      common++;
      sum += table[(guint8) (2 * (angles[column] + t->turn - other))];
    }
  }
  evidence->common = common;
  evidence->flow = common > 0 ? sum / (float) common : 0;
}

/* What stands for one finger: many minutiae that fit well, few that should and do not, and ridges
 * that run alike. */
static float judge (const TamboMatchEvidence *e) {
  float flow = e->common > 0 ? MAX (e->flow, 0) : FLOW_UNTOLD;
  return e->share * sqrtf (e->weight) * flow * flow;
}

/* What was followed so far. */
typedef struct {
  Alignment tried[SEEDS + GUESSES];
  int count;
  TamboMatchEvidence best;
} Search;

/* TRUE when nearly the same was followed already; else it is noted. */
static gboolean was_tried (Search *search, const Alignment *t) {
  for (int i = 0; i < search->count; i++) {
    const Alignment *u = &search->tried[i];
    float dx =
        (t->cosine - u->cosine) * t->centre_x - (t->sine - u->sine) * t->centre_y + t->x - u->x;
    float dy =
        (t->sine - u->sine) * t->centre_x + (t->cosine - u->cosine) * t->centre_y + t->y - u->y;
    if (dx * dx + dy * dy < SAME_PLACE * SAME_PLACE
        && turn ((guint8) t->turn, (guint8) u->turn) <= SAME_TURN)
      return TRUE;
  }
  search->tried[search->count++] = *t;
  return FALSE;
}

static void follow_alignment (const TamboMatchTemplate *a, const TamboMatchTemplate *b,
                              Alignment *alignment, Search *search) {
  TamboMatchEvidence *best = &search->best;
  TamboMatchPair mates[TAMBO_MATCH_MINUTIAE_MAX];
  float fits[TAMBO_MATCH_MINUTIAE_MAX];
  TamboMatchEvidence evidence = { .relaxed = best->relaxed };
  if (was_tried (search, alignment))
    return;
  int count = mate (a, b, alignment, mates, fits);

  if (count < MATES_MIN || count < HOPEFUL * (float) best->mated)
    return;
  if (align (a, b, mates, fits, count, alignment))
    count = mate (a, b, alignment, mates, fits);
  if (count == 0)
    return;
  evidence.mated = count;
  float known_a = 0, known_b = 0, known = 0;
  for (int i = 0; i < count; i++) {
    float qa = a->quality[mates[i].a], qb = b->quality[mates[i].b];
    known_a += qa;
    known_b += qb;
    known += fits[i] * sqrtf (qa * qb);
    evidence.weight += fits[i];
    evidence.likeness +=
        tambo_match_likeness (&a->cylinders[mates[i].a], &b->cylinders[mates[i].b]) / (float) count;
  }
  float common_a = MAX (count_common (a, b, alignment, FALSE), known_a);
  float common_b = MAX (count_common (b, a, alignment, TRUE), known_b);
  evidence.share = known / sqrtf (common_a * common_b);
  compare_flow (a, b, alignment, &evidence);
  evidence.verdict = judge (&evidence);
  if (evidence.verdict > best->verdict)
    *best = evidence;
}

/* The motion that lays one minutia on the other. */
static void align_pair (const TamboMatchTemplate *a, const TamboMatchTemplate *b,
                        const TamboMatchPair *pair, Alignment *out) {
  const float *table = cosines ();
  guint8 angle = (guint8) (b->angle[pair->b] - a->angle[pair->a]);

  out->cosine = table[angle];
  out->sine = table[(guint8) (angle - 64)];
  out->turn = (gint8) angle;
  out->centre_x = a->x[pair->a];
  out->centre_y = a->y[pair->a];
  out->x = b->x[pair->b] - out->cosine * out->centre_x + out->sine * out->centre_y;
  out->y = b->y[pair->b] - out->sine * out->centre_x - out->cosine * out->centre_y;
}

/* How many minutiae of A find one of B near, roughly. */
static int count_hits (const TamboMatchTemplate *a, const TamboMatchTemplate *b,
                       const Alignment *t) {
  const float scale = 1 / TAMBO_MATCH_GRID_CELL;
  float c = t->cosine * scale, s = t->sine * scale;
  float x = (t->x - b->left) * scale, y = (t->y - b->bottom) * scale;
  int hits = 0;

  for (int i = 0; i < a->count; i++) {
    int column = (int) (c * a->x[i] - s * a->y[i] + x);
    int row = (int) (s * a->x[i] + c * a->y[i] + y);
    if ((guint) column < TAMBO_MATCH_GRID && (guint) row < TAMBO_MATCH_GRID)
      hits += b->grid[row][column] >> ((guint8) (a->angle[i] + t->turn) >> 5) & 1;
  }
  return hits;
}

/* The alignments of single pairs under which most minutiae have company. */
static void follow_guesses (const TamboMatchTemplate *a, const TamboMatchTemplate *b,
                            const TamboMatchPair *pairs, int count, Search *search) {
  int best[GUESSES] = { 0 }, hits[GUESSES] = { 0 };

  for (int i = 0; i < count; i++) {
    Alignment alignment;
    align_pair (a, b, &pairs[i], &alignment);
    int found = count_hits (a, b, &alignment), k = GUESSES - 1;
    if (found <= hits[k])
      continue;
    for (; k > 0 && hits[k - 1] < found; k--) {
      hits[k] = hits[k - 1];
      best[k] = best[k - 1];
    }
    hits[k] = found;
    best[k] = i;
  }
  for (int k = 0; k < GUESSES && hits[k] > 0; k++) {
    Alignment alignment;
    align_pair (a, b, &pairs[best[k]], &alignment);
    follow_alignment (a, b, &alignment, search);
  }
}

void tambo_match_consolidate (const TamboMatchTemplate *a, const TamboMatchTemplate *b,
                              TamboMatchPair *pairs, int count, TamboMatchEvidence *out_evidence) {
  float table[RELAXED][RELAXED];
  int picked[BEST_PAIRS], relaxed = MIN (count, RELAXED);
  Search search = { .count = 0 };

  relax (a, b, pairs, relaxed, table);
  int best = pick_best (pairs, relaxed, picked);
  for (int i = 0; i < best; i++)
    search.best.relaxed += pairs[picked[i]].support / BEST_PAIRS;
  for (int i = 0; i < MIN (best, SEEDS); i++) {
    float weights[RELAXED];
    Alignment alignment;
    for (int j = 0; j < relaxed; j++)
      weights[j] = (j == picked[i] ? 1 : table[picked[i]][j]) * pairs[j].support;
    if (align (a, b, pairs, weights, relaxed, &alignment))
      follow_alignment (a, b, &alignment, &search);
  }
  follow_guesses (a, b, pairs, count, &search);
  *out_evidence = search.best;
}
