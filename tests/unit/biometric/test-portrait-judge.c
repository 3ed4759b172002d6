/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Faces and their defects. What needs a picture of a face is measured on the synthetic ones of the test
 * data; the geometry is fed with landmarks.
 */
#include "biometric/portrait-crop.h"
#include "biometric/portrait-face.h"
#include "biometric/portrait-guide.h"
#include "biometric/portrait-judge.h"

#include "picture.h"

#define SIDE 450
#define IED (0.252 * SIDE)

static TamboFaceFinder *finder;

/* ---- defects ---- */

static void fill (TamboImage *image, int left, int top, int right, int bottom, guint32 colour) {
  for (int y = top; y < bottom; y++)
    for (int x = left; x < right; x++)
      for (int c = 0; c < 3; c++)
        image->data[((gsize) y * image->width + x) * 3 + c] = (guint8) (colour >> (16 - 8 * c));
}

static TamboImage *good (const TamboImage *image) {
  return tambo_image_copy (image);
}

static TamboImage *masked (const TamboImage *image) {
  TamboImage *copy = tambo_image_copy (image);
  fill (copy, 120, 250, 330, 400, 0xb0c0d0);
  return copy;
}

static TamboImage *with_sunglasses (const TamboImage *image) {
  TamboImage *copy = tambo_image_copy (image);
  fill (copy, 130, 185, 215, 240, 0x000000);
  fill (copy, 235, 185, 320, 240, 0x000000);
  return copy;
}

/* Lids of the cheek's colour, and lashes. */
static TamboImage *with_closed_eyes (const TamboImage *image) {
  static const int eyes[] = { 167, 280 };
  TamboImage *copy = tambo_image_copy (image);
  g_autoptr (TamboImage) cheek = tambo_image_crop (image, 150, 248, 30, 14);
  g_autoptr (TamboImage) mean = tambo_image_scale (cheek, 1, 1);

  for (int i = 0; i < 2; i++)
    for (int y = -17; y <= 17; y++)
      for (int x = -34; x <= 34; x++) {
        double lash = 219 - 8 * (x / 30.0) * (x / 30.0) - (212 + y);
        guint8 *at = copy->data + ((gsize) (212 + y) * SIDE + eyes[i] + x) * 3;
        if (hypot (x / 34.0, y / 17.0) > 1)
          continue;
        for (int c = 0; c < 3; c++)
          at[c] = fabs (lash) < 1.5 && abs (x) < 30 ? 24 : mean->data[c];
      }
  return copy;
}

static TamboImage *dark (const TamboImage *image) {
  return multiplied (image, 0.15);
}

static TamboImage *soft (const TamboImage *image) {
  return blurred (image, 6);
}

static TamboImage *turned (const TamboImage *image, double degrees) {
  TamboImage *copy = tambo_image_copy (image);
  double a = degrees * G_PI / 180, middle = SIDE / 2.0 - 0.5;

  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++) {
      double u = (x - middle) * cos (a) + (y - middle) * sin (a) + middle;
      double v = (y - middle) * cos (a) - (x - middle) * sin (a) + middle;
      int from_x = CLAMP ((int) (u + 0.5), 0, SIDE - 1);
      int from_y = CLAMP ((int) (v + 0.5), 0, SIDE - 1);
      memcpy (copy->data + ((gsize) y * SIDE + x) * 3,
              image->data + ((gsize) from_y * SIDE + from_x) * 3, 3);
    }
  return copy;
}

static TamboImage *tilted (const TamboImage *image) {
  return turned (image, 15);
}

static TamboImage *twice (const TamboImage *image) {
  TamboImage *both = tambo_image_new (2 * SIDE, SIDE, 3);
  for (int y = 0; y < SIDE; y++)
    for (int i = 0; i < 2; i++)
      memcpy (both->data + ((gsize) y * 2 + (gsize) i) * SIDE * 3,
              image->data + (gsize) y * SIDE * 3, SIDE * 3);
  return both;
}

typedef struct {
  const char *name;
  TamboImage *(*make) (const TamboImage *image);
  const char *measures[2]; /* that have to name it */
} Defect;

static const Defect defects[] = {
  { "tilt", tilted, { "roll" } },
  { "dark", dark, { "exposure", "face-brightness" } },
  { "blur", soft, { "sharpness", "face-sharpness" } },
  { "mask", masked, { "mouth-visible" } },
  { "sunglasses", with_sunglasses, { "eyes-visible" } },
  { "closed eyes", with_closed_eyes, { "eyes-open" } },
  { "two faces", twice, { "faces" } },
};

/* ---- with the data ---- */

static GPtrArray *load_faces (void) {
  GPtrArray *faces = g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_image_free);
  g_autoptr (GPtrArray) names = test_pictures ("faces/sfhq");

  for (guint i = 0; finder != NULL && i < names->len; i++) {
    g_autoptr (TamboImage) image = test_picture_load (g_ptr_array_index (names, i));
    g_autoptr (TamboImage) rgb = image != NULL ? tambo_image_to_rgb (image) : NULL;
    if (rgb != NULL)
      g_ptr_array_add (faces, tambo_image_scale (rgb, SIDE, SIDE));
  }
  if (faces->len == 0)
    g_test_skip (finder != NULL ? "skipped: no data" : "skipped: no face detector");
  return faces;
}

static gboolean names_defect (const TamboImage *image, const Defect *defect) {
  g_autoptr (GArray) faces = tambo_face_find (finder, image, NULL);
  g_assert_nonnull (faces);
  g_autoptr (GArray) measures = tambo_portrait_judge (image, faces);

  for (guint i = 0; i < measures->len; i++) {
    const TamboPortraitMeasure *measure = &g_array_index (measures, TamboPortraitMeasure, i);
    for (int k = 0; k < 2 && !measure->passed; k++)
      if (g_strcmp0 (measure->measure, defect->measures[k]) == 0)
        return TRUE;
  }
  return FALSE;
}

static void test_defect (gconstpointer data) {
  const Defect *defect = data;
  g_autoptr (GPtrArray) faces = load_faces ();
  guint named = 0, alarms = 0;

  for (guint i = 0; i < faces->len; i++) {
    const TamboImage *face = g_ptr_array_index (faces, i);
    g_autoptr (TamboImage) spoiled = defect->make (face);
    named += names_defect (spoiled, defect);
    g_autoptr (TamboImage) whole = good (face);
    alarms += names_defect (whole, defect);
  }
  g_test_message ("%s: named in %u of %u, false alarms in %u", defect->name, named, faces->len,
                  alarms);
  g_assert_cmpfloat (named, >=, 0.9 * faces->len);
  g_assert_cmpfloat (alarms, <=, 0.05 * faces->len);
}

/* Both eyes of each face, turned back by the picture's tilt, around the middle; FALSE where none is. */
static gboolean find_eyes (const TamboImage *image, double tilt, double out_places[4]) {
  g_autoptr (TamboImage) picture = turned (image, tilt);
  g_autoptr (GArray) seen = tambo_face_find (finder, picture, NULL);
  double a = tilt * G_PI / 180, middle = SIDE / 2.0 - 0.5;

  g_assert_nonnull (seen);
  if (tambo_portrait_count_faces (picture, seen) != 1)
    return FALSE;
  const TamboFace *face = &g_array_index (seen, TamboFace, 0);
  const TamboFacePoint eyes[] = { face->right_eye, face->left_eye };
  for (int k = 0; k < 2; k++) {
    double x = eyes[k].x - middle, y = eyes[k].y - middle;
    out_places[k * 2] = x * cos (a) + y * sin (a) + middle;
    out_places[k * 2 + 1] = y * cos (a) - x * sin (a) + middle;
  }
  return TRUE;
}

static gboolean are_close (const double *a, const double *b, double share) {
  return hypot (a[0] - b[0], a[1] - b[1]) <= share * IED
         && hypot (a[2] - b[2], a[3] - b[3]) <= share * IED;
}

/* The data say only where the eyes are near (a face with narrow eyes is cut like any other): upright
 * they have to lie within 8 % of that. Tilted, they have to be where the upright face has them, within 5 %. */
static void test_eyes (void) {
  static const double tilts[] = { 10, -10, 20, -20 };
  static const double nominal[] = { 0.370 * SIDE, 0.47 * SIDE, 0.622 * SIDE, 0.47 * SIDE };
  g_autoptr (GPtrArray) faces = load_faces ();
  g_autofree double *upright = g_new0 (double, 4 * (faces->len + 1));
  guint near = 0, nearer = 0;

  for (guint i = 0; i < faces->len; i++) {
    g_assert_true (find_eyes (g_ptr_array_index (faces, i), 0, upright + 4 * i));
    near += are_close (upright + 4 * i, nominal, 0.08);
    nearer += are_close (upright + 4 * i, nominal, 0.05);
  }
  g_test_message (
      "upright: both eyes within 8 %% of the nominal place in %u of %u, within 5 %% in %u", near,
      faces->len, nearer);
  g_assert_cmpfloat (near, >=, 0.98 * faces->len);
  for (guint t = 0; t < G_N_ELEMENTS (tilts); t++) {
    guint close = 0;
    for (guint i = 0; i < faces->len; i++) {
      double places[4];
      close += find_eyes (g_ptr_array_index (faces, i), tilts[t], places)
               && are_close (places, upright + 4 * i, 0.05);
    }
    g_test_message ("tilt %g: both eyes within 5 %% of the upright ones in %u of %u", tilts[t],
                    close, faces->len);
    g_assert_cmpfloat (close, >=, 0.95 * faces->len);
  }
}

/* ---- pictures without a face ---- */

static void assert_no_face (const TamboImage *image, const char *what) {
  g_autoptr (GArray) faces = tambo_face_find (finder, image, NULL);
  g_assert_nonnull (faces);
  if (tambo_portrait_count_faces (image, faces) != 0)
    g_error ("%s: a face is claimed", what);
}

static void test_none (void) {
  if (finder == NULL) {
    g_test_skip ("skipped: no face detector");
    return;
  }
  g_autoptr (TamboImage) finger = ridges_new (500, 600, 9);
  g_autoptr (TamboImage) flat = tambo_image_new (600, 800, 3);
  g_autoptr (TamboImage) noise = noisy (flat, 200);
  g_autoptr (TamboImage) clouds = blurred (noise, 20);
  g_autoptr (TamboImage) one = tambo_image_new (1, 1, 3);
  g_autoptr (TamboImage) thin = tambo_image_new (3000, 2, 1);
  assert_no_face (finger, "a finger");
  assert_no_face (flat, "nothing");
  assert_no_face (noise, "noise");
  assert_no_face (clouds, "clouds");
  assert_no_face (one, "a pixel");
  assert_no_face (thin, "a line");

  g_autoptr (GPtrArray) faces = load_faces ();
  for (guint i = 0; i < faces->len; i++) {
    const TamboImage *face = g_ptr_array_index (faces, i);
    g_autoptr (TamboImage) cloth = tambo_image_crop (face, 0, 370, SIDE, 80);
    g_autoptr (TamboImage) large = tambo_image_scale (cloth, 640, 480);
    assert_no_face (large, "shoulders");
  }
}

/* ---- fed landmarks ---- */

static TamboFace face_at (double x, double y, double ied, double roll) {
  TamboFace face = { .box = { (int) (x - ied), (int) (y - ied), (int) (2 * ied), (int) (2 * ied),
                              1 } };
  double c = cos (roll * G_PI / 180) * ied, s = sin (roll * G_PI / 180) * ied;

  for (int i = 0; i < TAMBO_FACE_POINTS; i++)
    face.points[i] = (TamboFacePoint){ (float) x, (float) y };
  face.right_eye = (TamboFacePoint){ (float) (x - c / 2), (float) (y - s / 2) };
  face.left_eye = (TamboFacePoint){ (float) (x + c / 2), (float) (y + s / 2) };
  for (int i = 36; i < 48; i++)
    face.points[i] = i < 42 ? face.right_eye : face.left_eye;
  face.points[8] = (TamboFacePoint){ (float) (x - 1.8 * s), (float) (y + 1.8 * c) };
  face.points[48] = (TamboFacePoint){ (float) (x - 0.4 * c - s), (float) (y - 0.4 * s + c) };
  face.points[54] = (TamboFacePoint){ (float) (x + 0.4 * c - s), (float) (y + 0.4 * s + c) };
  face.points[30] = (TamboFacePoint){ (float) (x - 0.57 * s), (float) (y + 0.57 * c) };
  return face;
}

static void test_shape (void) {
  static const double rolls[] = { -30, -8, 0, 8, 20 };

  for (guint i = 0; i < G_N_ELEMENTS (rolls); i++) {
    TamboFace face = face_at (300, 350, 120, rolls[i]);
    TamboFaceShape shape;
    tambo_face_measure_shape (&face, &shape);
    g_assert_cmpfloat_with_epsilon (shape.roll, rolls[i], 0.01);
    g_assert_cmpfloat_with_epsilon (shape.yaw, 0, 0.1);
    g_assert_cmpfloat_with_epsilon (shape.pitch, 0, 0.1);
    g_assert_cmpfloat_with_epsilon (shape.eye_distance, 120, 0.01);
    g_assert_cmpfloat_with_epsilon (shape.mouth_width, 0.8, 0.01);
    face.points[30].x += 60;
    tambo_face_measure_shape (&face, &shape);
    g_assert_cmpfloat (fabs (shape.yaw), >, 20);
  }
}

static void test_crop (void) {
  g_autoptr (TamboImage) image = tambo_image_new (1200, 1400, 3);
  g_autoptr (GError) error = NULL;
  TamboFace face = face_at (600, 600, 150, 10);
  int x = (int) face.right_eye.x, y = (int) face.right_eye.y;
  fill (image, x - 3, y - 3, x + 4, y + 4, 0xff0000);

  g_autoptr (TamboImage) token = tambo_portrait_crop_token (image, &face, &error);
  g_assert_no_error (error);
  g_assert_cmpint (token->width, ==, 600);
  g_assert_cmpint (token->height, ==, 800);
  const guint8 *eye = token->data + ((gsize) 360 * 600 + 224) * 3;
  g_assert_cmpint (eye[0], >, 250);
  g_assert_cmpint (eye[1], ==, 0);

  TamboFrame frame;
  g_assert_true (tambo_portrait_frame (&face, 1200, 1400, &frame));
  g_assert_cmpint (frame.height * 3, ==, frame.width * 4);
  double head = tambo_portrait_head_height (&face) / frame.height;
  g_assert_true (head >= 0.6 && head <= 0.9);
  g_autoptr (TamboImage) frontal = tambo_portrait_crop_frontal (image, &face, &error);
  g_assert_no_error (error);
  g_assert_cmpint (frontal->width, ==, frame.width);

  /* Nothing beyond the edge, nothing enlarged. */
  TamboFace edge = face_at (40, 600, 150, 0), small = face_at (600, 600, 50, 0);
  g_assert_null (tambo_portrait_crop_token (image, &edge, &error));
  g_assert_error (error, TAMBO_FACE_ERROR, TAMBO_FACE_ERROR_FRAME);
  g_clear_error (&error);
  g_assert_null (tambo_portrait_crop_frontal (image, &edge, &error));
  g_assert_error (error, TAMBO_FACE_ERROR, TAMBO_FACE_ERROR_FRAME);
  g_clear_error (&error);
  g_assert_null (tambo_portrait_crop_token (image, &small, &error));
  g_assert_error (error, TAMBO_FACE_ERROR, TAMBO_FACE_ERROR_FRAME);
}

static void test_guide (void) {
  g_autoptr (GPtrArray) faces = load_faces ();
  if (faces->len == 0)
    return;

  g_autoptr (TamboGuide) guide = tambo_guide_new (finder);
  g_autoptr (TamboImage) empty = tambo_image_new (640, 480, 3);
  g_assert_cmpstr (tambo_guide_feed (guide, empty), ==, "Look at the camera");
  g_autoptr (TamboImage) tilt = turned (g_ptr_array_index (faces, 0), 20);
  tambo_guide_feed (guide, tilt);
  g_assert_cmpstr (tambo_guide_feed (guide, tilt), ==, "Hold the head upright");
  g_assert_nonnull (tambo_guide_get_face (guide));
}

static void test_without (void) {
  g_autoptr (TamboImage) image = tambo_image_new (600, 800, 3);
  g_autoptr (GArray) without = tambo_portrait_judge (image, NULL);
  g_autoptr (GArray) plain = tambo_portrait_check (image);
  g_assert_cmpuint (without->len, ==, plain->len);
  g_autofree char *verdicts = tambo_portrait_dup_verdicts (plain);
  g_assert_nonnull (strstr (verdicts, "width=600.00 "));
  g_assert_nonnull (strstr (verdicts, "exposure=0.00! "));
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_autoptr (GError) error = NULL;
  finder = tambo_face_finder_new (&error);
  if (finder == NULL)
    g_test_message ("%s", error->message);
  g_test_add_func ("/portrait-judge/shape", test_shape);
  g_test_add_func ("/portrait-judge/crop", test_crop);
  g_test_add_func ("/portrait-judge/without", test_without);
  g_test_add_func ("/portrait-judge/none", test_none);
  g_test_add_func ("/portrait-judge/eyes", test_eyes);
  g_test_add_func ("/portrait-judge/guide", test_guide);
  for (guint i = 0; i < G_N_ELEMENTS (defects); i++) {
    g_autofree char *path =
        g_strdelimit (g_strdup_printf ("/portrait-judge/%s", defects[i].name), " ", '-');
    g_test_add_data_func (path, &defects[i], test_defect);
  }
  int status = g_test_run ();
  tambo_face_finder_free (finder);
  return status;
}
