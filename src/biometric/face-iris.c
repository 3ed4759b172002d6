/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/face-iris.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The eye is looked at upright and at one size: a grid of 128 steps from eye to eye. */
#define STEPS 128
#define HALF_WIDTH 36
#define HALF_HEIGHT 28
#define WIDTH (2 * HALF_WIDTH + 1)
#define HEIGHT (2 * HALF_HEIGHT + 1)

#define N_LIDS 6
#define N_ANGLES 22

/* In steps. An iris is 11.7 mm wide and the eyes are 63 mm apart, give or take a tenth; a child's are nearer. */
#define RADIUS_MIN 9
#define RADIUS_MAX 15
#define N_RADII (RADIUS_MAX - RADIUS_MIN + 1)
#define REACH_ASIDE 14
#define REACH_UP 12
#define EDGE 2

/* How far an edge counts, of the contrast of the eye: a highlight is no better than the white of the eye. */
#define RISE_MIN (-0.2)
#define RISE_MAX 0.4
/* Below, there is no picture of an eye. */
#define CONTRAST_MIN 8

/* The share of the opening by which the middle of the iris lies above that of the lids, and how far it
 * commonly strays from there. */
#define USUAL_RISE 0.3
#define STRAY_ASIDE 5.0
#define STRAY_UP 3.0
#define TRUST_IN_EDGE 30.0

typedef struct {
  float level[HEIGHT][WIDTH];
  gboolean is_open[HEIGHT][WIDTH]; /* between the lids */
  double contrast, usual_y;
} Eye;

typedef struct {
  double x, y;
} Direction;

/* ---- the grid ---- */

static double level_at (const TamboImage *grey, double x, double y) {
  x = CLAMP (x, 0, grey->width - 1.001);
  y = CLAMP (y, 0, grey->height - 1.001);
  int left = (int) x, top = (int) y;
  int right = MIN (left + 1, grey->width - 1), bottom = MIN (top + 1, grey->height - 1);
  const guint8 *upper = grey->data + (gsize) top * grey->width;
  const guint8 *lower = grey->data + (gsize) bottom * grey->width;
  double u = x - left, v = y - top;

  return (upper[left] * (1 - u) + upper[right] * u) * (1 - v)
         + (lower[left] * (1 - u) + lower[right] * u) * v;
}

static TamboFacePoint middle_of (const TamboFacePoint lids[N_LIDS]) {
  TamboFacePoint middle = { 0, 0 };
  for (int i = 0; i < N_LIDS; i++) {
    middle.x += lids[i].x / N_LIDS;
    middle.y += lids[i].y / N_LIDS;
  }
  return middle;
}

static gboolean is_inside (const Direction lids[N_LIDS], double x, double y) {
  gboolean inside = FALSE;
  for (int i = 0, k = N_LIDS - 1; i < N_LIDS; k = i++)
    if ((lids[i].y > y) != (lids[k].y > y)
        && x < (lids[k].x - lids[i].x) * (y - lids[i].y) / (lids[k].y - lids[i].y) + lids[i].x)
      inside = !inside;
  return inside;
}

static double opening_of (const Direction lids[N_LIDS]) {
  return (lids[4].y + lids[5].y - lids[1].y - lids[2].y) / 2;
}

static int by_level (gconstpointer a, gconstpointer b) {
  float left = *(const float *) a, right = *(const float *) b;
  return (left > right) - (left < right);
}

static double contrast_of (const Eye *eye) {
  float levels[HEIGHT * WIDTH];
  memcpy (levels, eye->level, sizeof levels);
  qsort (levels, G_N_ELEMENTS (levels), sizeof *levels, by_level);
  return levels[G_N_ELEMENTS (levels) * 9 / 10] - levels[G_N_ELEMENTS (levels) / 20];
}

static void look_at (const TamboImage *grey, const TamboFacePoint points[N_LIDS],
                     TamboFacePoint middle, Direction step, Eye *out_eye) {
  Direction lids[N_LIDS];
  double size = step.x * step.x + step.y * step.y;

  for (int i = 0; i < N_LIDS; i++) {
    double x = points[i].x - middle.x, y = points[i].y - middle.y;
    lids[i] = (Direction){ (x * step.x + y * step.y) / size, (y * step.x - x * step.y) / size };
  }
  for (int v = 0; v < HEIGHT; v++)
    for (int u = 0; u < WIDTH; u++) {
      double x = u - HALF_WIDTH, y = v - HALF_HEIGHT;
      out_eye->level[v][u] = (float) level_at (grey, middle.x + x * step.x - y * step.y,
                                               middle.y + x * step.y + y * step.x);
      out_eye->is_open[v][u] = is_inside (lids, x, y);
    }
  out_eye->contrast = contrast_of (out_eye);
  out_eye->usual_y = -USUAL_RISE * opening_of (lids);
}

/* ---- the iris ---- */

/* Where the rays of a circle begin inside and end outside of it, as steps on the grid from its middle. */
typedef struct {
  int inner[N_ANGLES], outer[N_ANGLES];
} Circle;

G_STATIC_ASSERT (REACH_ASIDE + RADIUS_MAX + EDGE <= HALF_WIDTH);
G_STATIC_ASSERT (REACH_UP + (RADIUS_MAX + EDGE) * 15 / 16 <= HALF_HEIGHT);

static int step_to (double angle, int distance, int side) {
  int down = (int) lround (sin (angle) * distance);
  return down * WIDTH + side * (int) lround (cos (angle) * distance);
}

/* To both sides and downwards: what the upper lid hides is not asked for. */
static void set_circles (Circle circles[N_RADII]) {
  const double first = -25 * G_PI / 180, last = 65 * G_PI / 180;

  for (int r = 0; r < N_RADII; r++)
    for (int i = 0; i < N_ANGLES; i++) {
      double angle = first + (last - first) * (int) (i / 2) / (N_ANGLES / 2 - 1);
      int side = i % 2 ? 1 : -1;
      circles[r].inner[i] = step_to (angle, RADIUS_MIN + r - EDGE, side);
      circles[r].outer[i] = step_to (angle, RADIUS_MIN + r + EDGE, side);
    }
}

/* How much brighter it becomes across a circle, in the mean, where it is seen between the lids. */
static double edge_around (const Eye *eye, const Circle *circle, int middle) {
  const float *level = eye->level[0];
  const gboolean *is_open = eye->is_open[0];
  const float least = (float) (RISE_MIN * eye->contrast), most = (float) (RISE_MAX * eye->contrast);
  float sum = 0;

  for (int i = 0; i < N_ANGLES; i++) {
    int inner = middle + circle->inner[i], outer = middle + circle->outer[i];
    if (is_open[inner])
      sum += CLAMP (level[outer] - level[inner], least, most);
  }
  return sum / eye->contrast / N_ANGLES;
}

static double best_edge (const Eye *eye, const Circle circles[N_RADII], int x, int y) {
  int middle = (y + HALF_HEIGHT) * WIDTH + x + HALF_WIDTH;
  double best = 0;

  for (int r = 0; r < N_RADII; r++)
    best = MAX (best, edge_around (eye, &circles[r], middle));
  return best;
}

/* Every place is weighed by what is seen around it and by how usual it is; where nothing is seen, the
 * mean of all is the usual place. */
static Direction weigh (const Eye *eye, double *out_seen) {
  Circle circles[N_RADII];
  Direction sum = { 0, 0 };
  double weights = 0, seen_sum = 0;

  set_circles (circles);
  for (int y = -REACH_UP; y <= REACH_UP; y++)
    for (int x = -REACH_ASIDE; x <= REACH_ASIDE; x++) {
      double aside = x / STRAY_ASIDE, up = (y - eye->usual_y) / STRAY_UP;
      double seen = best_edge (eye, circles, x, y);
      double weight = exp (TRUST_IN_EDGE * seen - (aside * aside + up * up) / 2);
      sum.x += weight * x;
      sum.y += weight * y;
      seen_sum += weight * seen;
      weights += weight;
    }
  *out_seen = seen_sum / weights;
  return (Direction){ sum.x / weights, sum.y / weights };
}

TamboFacePoint tambo_face_find_iris (const TamboImage *grey, const TamboFacePoint lids[N_LIDS],
                                     TamboFacePoint eyes, double *out_seen) {
  TamboFacePoint middle = middle_of (lids);
  Direction step = { eyes.x / STEPS, eyes.y / STEPS };
  Eye eye;

  *out_seen = 0;
  if (hypot (eyes.x, eyes.y) < 1)
    return middle;
  look_at (grey, lids, middle, step, &eye);
  Direction place = { 0, eye.usual_y };
  if (eye.contrast >= CONTRAST_MIN)
    place = weigh (&eye, out_seen);
  middle.x += (float) (place.x * step.x - place.y * step.y);
  middle.y += (float) (place.x * step.y + place.y * step.x);
  return middle;
}
