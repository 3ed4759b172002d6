/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/minutiae-private.h"

#include "format/iso19794-2.h"

#include <math.h>

#define BORDER 10.0f       /* pixels from the edge of the finger */
#define BORDER_AHEAD 20.0f /* a ridge that ends towards the edge */
#define BREAK 14.0f        /* two ends that face each other */
#define TWIN 6.0f          /* two finds of one minutia */
#define CROWD_RADIUS 20.0f
#define CROWD 5
#define QUALITY_MIN 0.35f
#define BEND_MAX (float) (G_PI / 5) /* between the minutia and the flow */

static gboolean inside (const TamboRidgeField *field, float x, float y) {
  if (x < 0 || y < 0 || x >= (float) field->width || y >= (float) field->height)
    return FALSE;
  return field->finger[tambo_ridge_cell (field, (int) x, (int) y)];
}

static gboolean at_border (const TamboRidgeField *field, const TamboMinutiaFound *m) {
  for (int k = 0; k < 8; k++) {
    float angle = (float) k * (float) G_PI / 4;
    if (!inside (field, m->x + BORDER * cosf (angle), m->y + BORDER * sinf (angle)))
      return TRUE;
  }
  return !inside (field, m->x - BORDER_AHEAD * cosf (m->angle),
                  m->y - BORDER_AHEAD * sinf (m->angle));
}

static float angle_between (float a, float b) {
  return fabsf (remainderf (a - b, 2 * (float) G_PI));
}

/* Two ends in line that look at each other: the ridge was only interrupted. */
static gboolean is_break (const TamboMinutiaFound *a, const TamboMinutiaFound *b) {
  float dx = b->x - a->x, dy = b->y - a->y, distance = hypotf (dx, dy);
  if (a->type != TAMBO_MINUTIA_ENDING || b->type != TAMBO_MINUTIA_ENDING || distance > BREAK)
    return FALSE;
  if (angle_between (a->angle, b->angle) < (float) (G_PI * 0.7))
    return FALSE;
  float towards = atan2f (dy, dx);
  return distance < TWIN || angle_between (a->angle, towards) > (float) (G_PI * 0.65);
}

static void judge_pairs (GArray *found) {
  for (guint i = 0; i < found->len; i++) {
    TamboMinutiaFound *a = &g_array_index (found, TamboMinutiaFound, i);
    for (guint j = i + 1; j < found->len; j++) {
      TamboMinutiaFound *b = &g_array_index (found, TamboMinutiaFound, j);
      if (b->y - a->y > BREAK)
        break;
      if (is_break (a, b))
        a->gone = b->gone = TRUE;
      else if (hypotf (a->x - b->x, a->y - b->y) < TWIN)
        (angle_between (a->angle, b->angle) > (float) (G_PI / 2) ? a : b)->gone = b->gone = TRUE;
    }
  }
}

static void judge_crowds (GArray *found) {
  g_autofree guint8 *crowded = g_new0 (guint8, found->len + 1);

  for (guint i = 0; i < found->len; i++) {
    const TamboMinutiaFound *a = &g_array_index (found, TamboMinutiaFound, i);
    int company = 0;
    for (guint j = 0; j < found->len; j++) {
      const TamboMinutiaFound *b = &g_array_index (found, TamboMinutiaFound, j);
      company += j != i && !b->gone && hypotf (a->x - b->x, a->y - b->y) < CROWD_RADIUS;
    }
    crowded[i] = company >= CROWD;
  }
  for (guint i = 0; i < found->len; i++)
    if (crowded[i])
      g_array_index (found, TamboMinutiaFound, i).gone = TRUE;
}

/* How alike filtered and original ridges are around the minutia, and how sure their direction is. */
static float rate (const TamboRidgeField *field, const TamboMinutiaFound *m) {
  const int radius = 10;
  float product = 0, a = 1e-3f, b = 1e-3f, certainty = 0;

  for (int dy = -radius; dy <= radius; dy += 2) {
    for (int dx = -radius; dx <= radius; dx += 2) {
      int x = (int) m->x + dx, y = (int) m->y + dy;
      if (x < 0 || y < 0 || x >= field->width || y >= field->height)
        continue;
      float even = field->even[tambo_ridge_at (field, x, y)];
      float ridge = field->ridges[tambo_ridge_at (field, x, y)];
      product += even * ridge;
      a += even * even;
      b += ridge * ridge;
    }
  }
  int cell = tambo_ridge_cell (field, (int) m->x, (int) m->y);
  certainty = MIN (hypotf (field->cosine[cell], field->sine[cell]), 1);
  return CLAMP (product / sqrtf (a * b), 0, 1) * sqrtf (certainty);
}

void tambo_minutiae_sift (const TamboRidgeField *field, GArray *found) {
  guint kept = 0;

  judge_pairs (found);
  for (guint i = 0; i < found->len; i++) {
    TamboMinutiaFound *m = &g_array_index (found, TamboMinutiaFound, i);
    m->gone = m->gone || at_border (field, m);
  }
  judge_crowds (found);
  for (guint i = 0; i < found->len; i++) {
    TamboMinutiaFound *m = &g_array_index (found, TamboMinutiaFound, i);
    m->quality = m->gone ? 0 : rate (field, m);
    if (m->quality < QUALITY_MIN)
      continue;
    g_array_index (found, TamboMinutiaFound, kept++) = *m;
  }
  g_array_set_size (found, kept);
}
