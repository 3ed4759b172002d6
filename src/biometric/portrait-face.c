/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/portrait-face.h"

#include <math.h>
#include <string.h>

/* The face is looked at upright, with this many pixels between the eyes: no measure depends on the
 * size of the picture, and none takes longer for a large one. */
#define EYES 60
#define SIDE (EYES * 3)
#define CENTRE_X (SIDE / 2)
#define CENTRE_Y (SIDE * 2 / 5)

typedef struct {
  guint8 grey[SIDE * SIDE], red[SIDE * SIDE], green[SIDE * SIDE], blue[SIDE * SIDE];
  TamboFacePoint points[TAMBO_FACE_POINTS];
  gboolean is_colour;
} Upright;

/* The face as its lids place it, which stay where they are when the eyes look aside or are covered. */
static TamboFace by_lids (const TamboFace *face) {
  TamboFace steady = *face;
  steady.right_eye = tambo_face_lids (face, FALSE);
  steady.left_eye = tambo_face_lids (face, TRUE);
  return steady;
}

/* ---- shape ---- */

static double distance (TamboFacePoint a, TamboFacePoint b) {
  return hypot (a.x - b.x, a.y - b.y);
}

/* POINT in eye distances from the point between the eyes, along the eyes and down the face. */
static TamboFacePoint relative (const TamboFace *face, TamboFacePoint point) {
  double length = MAX (tambo_face_eye_distance (face), 1e-6);
  double along_x = (face->left_eye.x - face->right_eye.x) / length;
  double along_y = (face->left_eye.y - face->right_eye.y) / length;
  TamboFacePoint middle = tambo_face_between_eyes (face);
  double x = point.x - middle.x, y = point.y - middle.y;
  TamboFacePoint place = { (float) ((x * along_x + y * along_y) / length),
                           (float) ((y * along_x - x * along_y) / length) };
  return place;
}

/* The tip of the nose stands out by some 0.45 eye distances: it moves sideways with the sine. Chin and
 * brow move little. Its height between eyes and mouth gives the pitch in the same way. */
static void measure_pose (const TamboFace *face, TamboFaceShape *shape) {
  TamboFacePoint tip = relative (face, face->points[30]);
  TamboFacePoint mouth_right = relative (face, face->points[48]);
  TamboFacePoint mouth_left = relative (face, face->points[54]);
  double mouth_x = (mouth_right.x + mouth_left.x) / 2, mouth_y = (mouth_right.y + mouth_left.y) / 2;
  double sideways = tip.x - mouth_x / 2, height = mouth_y > 0.1 ? tip.y / mouth_y : 0.57;

  shape->yaw = asin (CLAMP (sideways / 0.5, -1, 1)) * 180 / G_PI;
  shape->pitch = asin (CLAMP ((height - 0.57) / 0.45, -1, 1)) * 180 / G_PI;
  shape->roll = tambo_face_roll (face);
}

void tambo_face_measure_shape (const TamboFace *face, TamboFaceShape *out_shape) {
  const TamboFacePoint *points = face->points;
  TamboFace steady = by_lids (face);
  double length = MAX (tambo_face_eye_distance (&steady), 1e-6);
  double mouth = distance (points[48], points[54]);
  double brow = 0;

  for (int i = 18; i <= 20; i++)
    brow -= relative (&steady, points[i]).y / 6;
  for (int i = 23; i <= 25; i++)
    brow -= relative (&steady, points[i]).y / 6;
  measure_pose (&steady, out_shape);
  out_shape->eye_distance = tambo_face_eye_distance (face);
  out_shape->mouth_gap = mouth > 0 ? distance (points[62], points[66]) / mouth : 0;
  out_shape->mouth_width = mouth / length;
  out_shape->brow_height = brow;
}

/* ---- upright ---- */

static TamboFacePoint turned (const TamboFace *face, TamboFacePoint point) {
  TamboFacePoint place = relative (face, point);
  place.x = place.x * EYES + CENTRE_X;
  place.y = place.y * EYES + CENTRE_Y;
  return place;
}

/* The mean of STEPS x STEPS samples under one pixel of the upright face; what lies outside is grey. */
static void sample (const TamboFace *face, const TamboImage *image, double u, double v, int steps,
                    double out_rgb[3]) {
  TamboFacePoint middle = tambo_face_between_eyes (face);
  double ax = (face->left_eye.x - face->right_eye.x) / EYES;
  double ay = (face->left_eye.y - face->right_eye.y) / EYES;
  int count = 0;

  out_rgb[0] = out_rgb[1] = out_rgb[2] = 0;
  for (int i = 0; i < steps * steps; i++) {
    double s = u + (i % steps + 0.5) / steps - 0.5, t = v + (int) (i / steps + 0.5) / steps - 0.5;
    int x = (int) floor (middle.x + s * ax - t * ay + 0.5);
    int y = (int) floor (middle.y + s * ay + t * ax + 0.5);
    if (x < 0 || y < 0 || x >= image->width || y >= image->height)
      continue;
    const guint8 *pixel = image->data + ((gsize) y * image->width + x) * image->channels;
    for (int c = 0; c < 3; c++)
      out_rgb[c] += pixel[image->channels == 3 ? c : 0];
    count++;
  }
  for (int c = 0; c < 3; c++)
    out_rgb[c] = count > 0 ? out_rgb[c] / count : 128;
}

static Upright *upright_new (const TamboFace *face, const TamboImage *image) {
  Upright *upright = g_new0 (Upright, 1);
  double scale = tambo_face_eye_distance (face) / EYES;
  int steps = CLAMP ((int) ceil (scale), 1, 6);

  upright->is_colour = image->channels == 3;
  for (int i = 0; i < SIDE * SIDE; i++) {
    double rgb[3];
    sample (face, image, i % SIDE - CENTRE_X, (int) (i / SIDE) - CENTRE_Y, steps, rgb);
    upright->red[i] = (guint8) rgb[0];
    upright->green[i] = (guint8) rgb[1];
    upright->blue[i] = (guint8) rgb[2];
    upright->grey[i] = (guint8) (0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2]);
  }
  for (int i = 0; i < TAMBO_FACE_POINTS; i++)
    upright->points[i] = turned (face, face->points[i]);
  return upright;
}

static void upright_free (Upright *upright) {
  memset (upright, 0, sizeof *upright);
  g_free (upright);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Upright, upright_free)

/* ---- parts ---- */

typedef struct {
  int left, top, right, bottom; /* the last two excluded, all inside */
} Part;

typedef struct {
  double mean, deviation, red, green, blue;
  double median, dark, bright; /* the levels that half, a twentieth and all but that lie below */
} Levels;

static Part part_around (double x, double y, double half_width, double half_height) {
  Part part = { (int) CLAMP (x - half_width * EYES, 0, SIDE - 2),
                (int) CLAMP (y - half_height * EYES, 0, SIDE - 2),
                (int) CLAMP (x + half_width * EYES, 2, SIDE),
                (int) CLAMP (y + half_height * EYES, 2, SIDE) };
  part.right = MAX (part.right, part.left + 1);
  part.bottom = MAX (part.bottom, part.top + 1);
  return part;
}

static double quantile (const int counts[256], int total, double share) {
  int level = 0;
  for (int sum = counts[0]; sum < total * share && level < 255; sum += counts[level])
    level++;
  return level;
}

static Levels levels_of (const Upright *upright, Part part) {
  Levels levels = { 0 };
  int counts[256] = { 0 }, n = (part.right - part.left) * (part.bottom - part.top);
  double squares = 0;

  for (int y = part.top; y < part.bottom; y++)
    for (int x = part.left; x < part.right; x++) {
      int i = y * SIDE + x;
      counts[upright->grey[i]]++;
      levels.mean += upright->grey[i] / (double) n;
      squares += (double) upright->grey[i] * upright->grey[i] / n;
      levels.red += upright->red[i] / (double) n;
      levels.green += upright->green[i] / (double) n;
      levels.blue += upright->blue[i] / (double) n;
    }
  levels.deviation = sqrt (MAX (squares - levels.mean * levels.mean, 0));
  levels.median = quantile (counts, n, 0.5);
  levels.dark = quantile (counts, n, 0.05);
  levels.bright = quantile (counts, n, 0.95);
  return levels;
}

/* The cheeks below the eyes and the bridge of the nose: hair, beard, and mask leave them free. */
static Levels skin_of (const Upright *upright) {
  Levels right =
      levels_of (upright, part_around (CENTRE_X - EYES * 0.5, CENTRE_Y + EYES * 0.42, 0.2, 0.09));
  Levels left =
      levels_of (upright, part_around (CENTRE_X + EYES * 0.5, CENTRE_Y + EYES * 0.42, 0.2, 0.09));
  Levels brow = levels_of (upright, part_around (CENTRE_X, CENTRE_Y - EYES * 0.55, 0.3, 0.12));
  Levels nose = levels_of (upright, part_around (CENTRE_X, CENTRE_Y + EYES * 0.12, 0.08, 0.15));
  const Levels *all[] = { &right, &left, &brow, &nose };

  /* The one in the middle by brightness, of the upper two. */
  for (int i = 0; i < 3; i++)
    for (int k = 0; k < 3 - i; k++)
      if (all[k]->median > all[k + 1]->median) {
        const Levels *other = all[k];
        all[k] = all[k + 1];
        all[k + 1] = other;
      }
  return *all[2];
}

/* The share of the part that lies close to its own most frequent colour. */
static double evenness (const Upright *upright, Part part, double skin, double out_colour[3]) {
  int half = (int) MAX (0.075 * skin, 2);
  int counts[256] = { 0 }, mode = 0, best = 0, even = 0, inside = 0;
  double sums[3] = { 0 };

  for (int y = part.top; y < part.bottom; y++)
    for (int x = part.left; x < part.right; x++)
      counts[upright->grey[y * SIDE + x]]++;
  for (int level = 0; level < 256; level++) {
    int sum = 0;
    for (int k = MAX (level - half, 0); k <= MIN (level + half, 255); k++)
      sum += counts[k];
    if (sum > best) {
      best = sum;
      mode = level;
    }
  }
  for (int y = part.top; y < part.bottom; y++)
    for (int x = part.left; x < part.right; x++, inside++) {
      int i = y * SIDE + x;
      if (abs (upright->grey[i] - mode) > half)
        continue;
      sums[0] += upright->red[i];
      sums[1] += upright->green[i];
      sums[2] += upright->blue[i];
      even++;
    }
  for (int c = 0; c < 3; c++)
    out_colour[c] = sums[c] / MAX (even, 1);
  return (double) even / MAX (inside, 1);
}

/* ---- eyes ---- */

/* How high the dark column is in the middle of the eye, where the iris is: lashes are thin. */
static double iris_height (const Upright *upright, TamboFacePoint eye, double skin) {
  Part part = part_around (eye.x, eye.y, 0.2, 0.17);
  int best = 0, width = 4;

  for (int x = part.left; x + width <= part.right; x++) {
    int run = 0, longest = 0;
    for (int y = part.top; y < part.bottom; y++) {
      int sum = 0;
      for (int k = 0; k < width; k++)
        sum += upright->grey[y * SIDE + x + k];
      run = sum < 0.62 * skin * width ? run + 1 : 0;
      longest = MAX (longest, run);
    }
    best = MAX (best, longest);
  }
  return (double) best / EYES;
}

/* How far aside the middle of what is dark in the eye lies. */
static double gaze_aside (const Upright *upright, TamboFacePoint eye, double skin) {
  Part part = part_around (eye.x, eye.y, 0.17, 0.05);
  double sum = 0, weights = 0;

  for (int y = part.top; y < part.bottom; y++)
    for (int x = part.left; x < part.right; x++) {
      double weight = MAX (0.62 * skin - upright->grey[y * SIDE + x], 0);
      sum += weight * (x + 0.5 - eye.x);
      weights += weight;
    }
  return weights > 0 ? fabs (sum / weights) / EYES : 0;
}

static double dark_share (const Upright *upright, Part part, double limit) {
  int dark = 0;
  for (int y = part.top; y < part.bottom; y++)
    for (int x = part.left; x < part.right; x++)
      dark += upright->grey[y * SIDE + x] < limit;
  return (double) dark / ((part.right - part.left) * (part.bottom - part.top));
}

static double red_share (const Upright *upright, TamboFacePoint eye) {
  Part part = part_around (eye.x, eye.y, 0.06, 0.06);
  int count = 0;
  for (int y = part.top; y < part.bottom; y++)
    for (int x = part.left; x < part.right; x++) {
      int i = y * SIDE + x;
      count +=
          upright->red[i] > 80 && upright->red[i] > 2 * MAX (upright->green[i], upright->blue[i]);
    }
  return (double) count / ((part.right - part.left) * (part.bottom - part.top));
}

/* A lid is of one level from corner to corner, here or a little below, and no iris stands in it. */
static double closed_lid (const Upright *upright, TamboFacePoint eye, double skin, double iris) {
  const double even_here = 0.62, even_near = 0.71, iris_least = 0.09;
  double colour[3], closed = iris_least / MAX (iris, 0.03);

  for (double down = 0; down < 0.15; down += 0.035) {
    Part part = part_around (eye.x, eye.y + down * EYES, 0.2, 0.1);
    double even = evenness (upright, part, skin, colour);
    closed = MAX (closed, even / (down > 0 ? even_near : even_here));
  }
  return closed;
}

static void measure_eyes (const Upright *upright, double skin, TamboFaceLook *look) {
  const TamboFacePoint eyes[] = { { CENTRE_X - EYES / 2.0, CENTRE_Y },
                                  { CENTRE_X + EYES / 2.0, CENTRE_Y } };
  double lids[2];

  look->eyes_dark = 1;
  for (int i = 0; i < 2; i++) {
    double iris = iris_height (upright, eyes[i], skin);
    double dark = dark_share (upright, part_around (eyes[i].x, eyes[i].y, 0.3, 0.17), 0.45 * skin);
    lids[i] = closed_lid (upright, eyes[i], skin, iris);
    look->eyes_dark = MIN (look->eyes_dark, dark);
    look->gaze = MAX (look->gaze, gaze_aside (upright, eyes[i], skin));
    if (upright->is_colour)
      look->red_eye = MAX (look->red_eye, red_share (upright, eyes[i]));
  }
  look->eyes_closed = (lids[0] + lids[1]) / 2;
}

/* ---- mouth ---- */

static void measure_mouth (const Upright *upright, const Levels *skin, TamboFaceLook *look) {
  double colour[3], own[3] = { skin->red, skin->green, skin->blue };
  Part part = part_around (CENTRE_X, CENTRE_Y + 1.12 * EYES, 0.42, 0.3);
  double even = evenness (upright, part, skin->median, colour), unlike = 0;

  for (int c = 0; c < 3; c++)
    unlike += fabs (colour[c] - own[c]) / 3;
  /* Even cloth of the skin's own colour still hides the lips. */
  look->mouth_covered = even * CLAMP (0.75 + unlike / 100, 0.75, 1.25);
}

/* ---- light ---- */

static double sharpness (const Upright *upright) {
  Part part = part_around (CENTRE_X, CENTRE_Y + 0.3 * EYES, 0.8, 0.8);
  double sum = 0, squares = 0, levels = 0, level_squares = 0;
  int count = 0;

  for (int y = MAX (part.top, 1); y < MIN (part.bottom, SIDE - 1); y++)
    for (int x = MAX (part.left, 1); x < MIN (part.right, SIDE - 1); x++) {
      const guint8 *at = upright->grey + y * SIDE + x;
      double laplacian = at[-1] + at[1] + at[-SIDE] + at[SIDE] - 4.0 * *at;
      sum += laplacian;
      squares += laplacian * laplacian;
      levels += *at;
      level_squares += (double) *at * *at;
      count++;
    }
  double variance = level_squares / count - levels * levels / count / count;
  return variance > 1 ? 100 * (squares / count - sum * sum / count / count) / variance : 0;
}

static void measure_light (const Upright *upright, const Levels *skin, TamboFaceLook *look) {
  Part face = part_around (CENTRE_X, CENTRE_Y + 0.35 * EYES, 0.75, 0.9);
  Levels right =
      levels_of (upright, part_around (CENTRE_X - EYES * 0.55, CENTRE_Y + EYES * 0.5, 0.2, 0.15));
  Levels left =
      levels_of (upright, part_around (CENTRE_X + EYES * 0.55, CENTRE_Y + EYES * 0.5, 0.2, 0.15));
  int hot = 0, count = 0;

  for (int y = face.top; y < face.bottom; y++)
    for (int x = face.left; x < face.right; x++, count++)
      hot += upright->grey[y * SIDE + x] >= 250;
  look->brightness = levels_of (upright, face).mean;
  look->hot_spots = (double) hot / MAX (count, 1);
  look->side_light = fabs (right.mean - left.mean) / MAX (right.mean + left.mean, 1);
  look->sharpness = sharpness (upright);
  look->colour_cast = 0;
  if (upright->is_colour) {
    double cb = (skin->blue - skin->mean) / MAX (skin->mean, 1);
    double cr = (skin->red - skin->mean) / MAX (skin->mean, 1);
    look->colour_cast = MAX (MAX (cb, 0), MAX (-cr, 0));
  }
}

void tambo_face_measure_look (const TamboFace *face, const TamboImage *image,
                              TamboFaceLook *out_look) {
  TamboFace steady = by_lids (face);
  g_autoptr (Upright) upright = upright_new (&steady, image);
  Levels skin = skin_of (upright);
  TamboFaceLook look = { 0 };

  measure_eyes (upright, skin.median, &look);
  measure_mouth (upright, &skin, &look);
  measure_light (upright, &skin, &look);
  *out_look = look;
}
