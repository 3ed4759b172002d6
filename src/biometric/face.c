/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/face.h"

#include <dlfcn.h>
#include <math.h>

#include "base/place.h"
#include "biometric/face-iris.h"

/* The detector's work grows with the picture; a face that a document can use fills a good part of it. */
#define WORK_SIDE 640
#define N_BOXES 7
#define FACES_MAX 16
#define CERTAIN 0.0
#define CANDIDATE -1.5
#define ROLL_LEAST 4.0

/* Places of the iBUG 300-W scheme. */
#define RIGHT_LIDS 36
#define LEFT_LIDS 42
#define N_LIDS 6

#define MODULE_FILE "tambo-face-dlib.so"
#define MODULE_IN_BUILD "../biometric"

G_DEFINE_QUARK (tambo_face_error, tambo_face_error)

struct _TamboFaceFinder {
  void *library;
  const TamboFaceModule *module;
  void *detector;
};

/* The model takes a second to load and 40 MB: there is one in the process, once it is asked for. */
static TamboFaceFinder only;
static guint n_users;
static gint64 last_used; /* of no meaning while there are users */
static GMutex lock;

/* ---- the module ---- */

static void close_module (TamboFaceFinder *finder) {
  if (finder->detector != NULL)
    finder->module->close (finder->detector);
  if (finder->library != NULL)
    dlclose (finder->library);
  *finder = (TamboFaceFinder){ 0 };
}

static gboolean load_library (TamboFaceFinder *finder, GError **error) {
  g_autofree char *path = tambo_place_find (
      "TAMBO_FACE_MODULE", TAMBO_FACE_MODULE_DIR "/" MODULE_FILE, MODULE_IN_BUILD "/" MODULE_FILE);

  finder->library = dlopen (path, RTLD_NOW | RTLD_LOCAL);
  if (finder->library == NULL) {
    g_set_error (error, TAMBO_FACE_ERROR, TAMBO_FACE_ERROR_UNAVAILABLE,
                 "there is no face detector: %s", dlerror ());
    return FALSE;
  }
  finder->module = dlsym (finder->library, TAMBO_FACE_SYMBOL);
  if (finder->module == NULL || finder->module->abi != TAMBO_FACE_ABI) {
    g_set_error (error, TAMBO_FACE_ERROR, TAMBO_FACE_ERROR_UNAVAILABLE,
                 "%s is no face detector of this version", path);
    return FALSE;
  }
  return TRUE;
}

static gboolean open_module (TamboFaceFinder *finder, GError **error) {
  char cause[256] = "";

  if (finder->library == NULL && !load_library (finder, error))
    return FALSE;
  finder->detector = finder->module->open (cause, sizeof cause);
  if (finder->detector == NULL)
    g_set_error (error, TAMBO_FACE_ERROR, TAMBO_FACE_ERROR_UNAVAILABLE,
                 "the face detector does not start: %s", cause);
  return finder->detector != NULL;
}

TamboFaceFinder *tambo_face_finder_new (GError **error) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);

  if (only.detector == NULL && !open_module (&only, error)) {
    close_module (&only);
    return NULL;
  }
  n_users++;
  return &only;
}

/* The next one most likely wants the model again. */
void tambo_face_finder_free (TamboFaceFinder *finder) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);

  if (finder == NULL)
    return;
  n_users--;
  last_used = g_get_monotonic_time ();
}

/* With the lock. */
static gboolean is_unused (gint64 unused_us) {
  return only.detector != NULL && n_users == 0 && g_get_monotonic_time () - last_used >= unused_us;
}

gboolean tambo_face_finder_may_rest (gint64 unused_us) {
  if (!g_mutex_trylock (&lock))
    return FALSE;
  gboolean may_rest = is_unused (unused_us);
  g_mutex_unlock (&lock);
  return may_rest;
}

void tambo_face_finder_rest (gint64 unused_us) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);

  if (!is_unused (unused_us))
    return;
  only.module->close (only.detector);
  only.detector = NULL;
}

const char *tambo_face_finder_get_name (const TamboFaceFinder *finder) {
  return finder->module->name;
}

/* ---- places ---- */

double tambo_face_eye_distance (const TamboFace *face) {
  return hypot (face->left_eye.x - face->right_eye.x, face->left_eye.y - face->right_eye.y);
}

double tambo_face_roll (const TamboFace *face) {
  return atan2 (face->left_eye.y - face->right_eye.y, face->left_eye.x - face->right_eye.x) * 180
         / G_PI;
}

TamboFacePoint tambo_face_between_eyes (const TamboFace *face) {
  TamboFacePoint point = { (face->right_eye.x + face->left_eye.x) / 2,
                           (face->right_eye.y + face->left_eye.y) / 2 };
  return point;
}

static TamboFacePoint mean_point (const TamboFacePoint *points, int count) {
  TamboFacePoint mean = { 0, 0 };
  for (int i = 0; i < count; i++) {
    mean.x += points[i].x / (float) count;
    mean.y += points[i].y / (float) count;
  }
  return mean;
}

TamboFacePoint tambo_face_lids (const TamboFace *face, gboolean is_left) {
  return mean_point (face->points + (is_left ? LEFT_LIDS : RIGHT_LIDS), N_LIDS);
}

static void find_eyes (const TamboImage *grey, TamboFace *face) {
  TamboFacePoint right = tambo_face_lids (face, FALSE), left = tambo_face_lids (face, TRUE);
  TamboFacePoint eyes = { left.x - right.x, left.y - right.y };

  double seen[2];
  face->right_eye = tambo_face_find_iris (grey, face->points + RIGHT_LIDS, eyes, &seen[0]);
  face->left_eye = tambo_face_find_iris (grey, face->points + LEFT_LIDS, eyes, &seen[1]);
  face->irises_seen = MIN (seen[0], seen[1]);
}

static gboolean mark_once (TamboFaceFinder *finder, const TamboImage *grey, const TamboFaceBox *box,
                           TamboFacePoint *out_points) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  return finder->module->mark (finder->detector, grey->data, grey->width, grey->height, box,
                               out_points)
         == 0;
}

static int find_boxes (TamboFaceFinder *finder, const TamboImage *grey, TamboFaceBox *out_boxes) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&lock);
  return finder->module->find (finder->detector, grey->data, grey->width, grey->height, CANDIDATE,
                               out_boxes, FACES_MAX);
}

/* The landmarks depend on the box they start from: the mean over boxes around it is steadier. */
static gboolean mark (TamboFaceFinder *finder, const TamboImage *grey, const TamboFaceBox *box,
                      int n_boxes, TamboFace *out_face) {
  static const double shifts[][3] = {
    { 0, 0, 1 },     { 0.05, 0, 1 }, { -0.05, 0, 1 }, { 0, 0.05, 1 },
    { 0, -0.05, 1 }, { 0, 0, 1.08 }, { 0, 0, 0.92 },
  };
  TamboFace face = { .box = *box };
  TamboFacePoint points[TAMBO_FACE_POINTS];

  for (int i = 0; i < n_boxes; i++) {
    TamboFaceBox moved = *box;
    moved.width = (int) (box->width * shifts[i][2]);
    moved.height = (int) (box->height * shifts[i][2]);
    moved.x += (int) (box->width * shifts[i][0]) + (box->width - moved.width) / 2;
    moved.y += (int) (box->height * shifts[i][1]) + (box->height - moved.height) / 2;
    if (!mark_once (finder, grey, &moved, points))
      return FALSE;
    for (int k = 0; k < TAMBO_FACE_POINTS; k++) {
      face.points[k].x += points[k].x / (float) n_boxes;
      face.points[k].y += points[k].y / (float) n_boxes;
    }
  }
  find_eyes (grey, &face);
  *out_face = face;
  return TRUE;
}

/* ---- in a picture ---- */

/* From 1 % to 99 % of the pixels over all levels: the detector sees little in the dark. */
static void stretch (TamboImage *grey) {
  gsize counts[256] = { 0 }, size = tambo_image_size (grey), tail = size / 100, sum = 0;
  int low = 0, high = 255;

  for (gsize i = 0; i < size; i++)
    counts[grey->data[i]]++;
  for (sum = counts[low]; sum <= tail && low < 254; sum += counts[low])
    low++;
  for (sum = counts[high]; sum <= tail && high > low + 1; sum += counts[high])
    high--;
  if (high - low > 128)
    return;
  for (gsize i = 0; i < size; i++)
    grey->data[i] = (guint8) CLAMP ((grey->data[i] - low) * 255 / (high - low), 0, 255);
}

static void enlarge (TamboFace *face, double scale) {
  TamboFacePoint *points[TAMBO_FACE_POINTS + 2] = { &face->right_eye, &face->left_eye };

  for (int i = 0; i < TAMBO_FACE_POINTS; i++)
    points[i + 2] = &face->points[i];
  for (guint i = 0; i < G_N_ELEMENTS (points); i++) {
    points[i]->x = (float) ((points[i]->x + 0.5) * scale - 0.5);
    points[i]->y = (float) ((points[i]->y + 0.5) * scale - 0.5);
  }
  face->box.x = (int) (face->box.x * scale);
  face->box.y = (int) (face->box.y * scale);
  face->box.width = (int) (face->box.width * scale);
  face->box.height = (int) (face->box.height * scale);
}

static TamboImage *work_copy (const TamboImage *image, int work_side, double *out_scale) {
  g_autoptr (TamboImage) grey = tambo_image_to_grey (image);
  int side = MAX (image->width, image->height);
  *out_scale = side > work_side ? (double) side / work_side : 1;
  if (grey == NULL || side <= work_side)
    return g_steal_pointer (&grey);
  return tambo_image_scale (grey, MAX ((int) (image->width / *out_scale), 1),
                            MAX ((int) (image->height / *out_scale), 1));
}

/* Clockwise around MIDDLE. */
static TamboFacePoint turn_point (TamboFacePoint point, TamboFacePoint middle, double degrees) {
  double c = cos (degrees * G_PI / 180), s = sin (degrees * G_PI / 180);
  double x = point.x - middle.x, y = point.y - middle.y;
  TamboFacePoint turned = { (float) (x * c - y * s + middle.x),
                            (float) (x * s + y * c + middle.y) };
  return turned;
}

static TamboImage *turn_image (const TamboImage *grey, TamboFacePoint middle, double degrees) {
  TamboImage *turned = tambo_image_new (grey->width, grey->height, 1);

  for (int y = 0; turned != NULL && y < grey->height; y++)
    for (int x = 0; x < grey->width; x++) {
      TamboFacePoint to = { (float) x, (float) y }, from = turn_point (to, middle, -degrees);
      int from_x = CLAMP ((int) (from.x + 0.5F), 0, grey->width - 1);
      int from_y = CLAMP ((int) (from.y + 0.5F), 0, grey->height - 1);
      turned->data[(gsize) y * turned->width + x] =
          grey->data[(gsize) from_y * grey->width + from_x];
    }
  return turned;
}

/* The detector knows upright heads best: a weak candidate that is tilted is looked for once more with the
 * picture turned, and is as certain as it is there. */
static void look_upright (TamboFaceFinder *finder, const TamboImage *grey, TamboFace *face) {
  TamboFacePoint middle = tambo_face_between_eyes (face);
  double roll = tambo_face_roll (face), apart = tambo_face_eye_distance (face);
  TamboFaceBox boxes[FACES_MAX];
  TamboFace upright;

  if (face->box.score >= CERTAIN || fabs (roll) < ROLL_LEAST || apart < 4)
    return;
  g_autoptr (TamboImage) turned = turn_image (grey, middle, -roll);
  if (turned == NULL || find_boxes (finder, turned, boxes) < 1 || boxes[0].score < CERTAIN
      || !mark (finder, turned, &boxes[0], N_BOXES, &upright))
    return;
  TamboFacePoint eyes = tambo_face_between_eyes (&upright);
  if (hypot (eyes.x - middle.x, eyes.y - middle.y) > apart / 2)
    return;
  face->box.score = upright.box.score;
  face->right_eye = turn_point (upright.right_eye, middle, roll);
  face->left_eye = turn_point (upright.left_eye, middle, roll);
  for (int i = 0; i < TAMBO_FACE_POINTS; i++)
    face->points[i] = turn_point (upright.points[i], middle, roll);
}

static GArray *find_at (TamboFaceFinder *finder, const TamboImage *image, int work_side,
                        int n_boxes, GError **error) {
  TamboFaceBox boxes[FACES_MAX];
  double scale;
  g_autoptr (TamboImage) grey = work_copy (image, work_side, &scale);
  g_autoptr (GArray) faces = g_array_new (FALSE, FALSE, sizeof (TamboFace));
  int count = -1;

  if (grey != NULL) {
    stretch (grey);
    count = find_boxes (finder, grey, boxes);
  }
  for (int i = 0; i < count && (i == 0 || boxes[i].score >= CERTAIN); i++) {
    TamboFace face;
    if (!mark (finder, grey, &boxes[i], n_boxes, &face)) {
      count = -1;
      break;
    }
    if (i == 0 && n_boxes > 1)
      look_upright (finder, grey, &face);
    enlarge (&face, scale);
    if (tambo_face_eye_distance (&face) > 4)
      g_array_append_val (faces, face);
  }
  if (count >= 0)
    return g_steal_pointer (&faces);
  g_set_error (error, TAMBO_FACE_ERROR, TAMBO_FACE_ERROR_FAILED,
               "the face detector failed on %d x %d pixels", image->width, image->height);
  return NULL;
}

GArray *tambo_face_find (TamboFaceFinder *finder, const TamboImage *image, GError **error) {
  return find_at (finder, image, WORK_SIDE, N_BOXES, error);
}

GArray *tambo_face_find_fast (TamboFaceFinder *finder, const TamboImage *image, GError **error) {
  return find_at (finder, image, WORK_SIDE / 2, 1, error);
}

/* The detector's box lies so over the landmarks, in the mean. */
static TamboFaceBox box_around (const TamboFace *face) {
  TamboFacePoint middle = mean_point (face->points + 17, TAMBO_FACE_POINTS - 17);
  double side = 2.15 * tambo_face_eye_distance (face);
  TamboFaceBox box = { (int) (middle.x - side / 2), (int) (middle.y - side / 2), (int) side,
                       (int) side, face->box.score };
  return box;
}

gboolean tambo_face_follow (TamboFaceFinder *finder, const TamboImage *grey, TamboFace *face) {
  TamboFaceBox box = box_around (face);
  TamboFace next;

  if (box.width < 40 || !mark (finder, grey, &box, 1, &next))
    return FALSE;
  double before = tambo_face_eye_distance (face), after = tambo_face_eye_distance (&next);
  if (after < before * 0.7 || after > before * 1.4)
    return FALSE;
  *face = next;
  return TRUE;
}
