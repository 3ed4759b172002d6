/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The geometry of a face, fed with landmarks, what is cut by it, and the live guide.
 */
#include "biometric/portrait-crop.h"
#include "biometric/portrait-face.h"
#include "biometric/portrait-guide.h"
#include "biometric/portrait-judge.h"

#include "face-picture.h"

static TamboFaceFinder *finder;

/* ---- fed landmarks ---- */

static TamboFace placed (double x, double y, double ied, double roll) {
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
    TamboFace face = placed (300, 350, 120, rolls[i]);
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
  TamboFace face = placed (600, 600, 150, 10);
  int x = (int) face.right_eye.x, y = (int) face.right_eye.y;
  for (int i = 0; i < 49; i++)
    image->data[((gsize) (y - 3 + i / 7) * 1200 + (gsize) (x - 3 + i % 7)) * 3] = 255;

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
  TamboFace edge = placed (40, 600, 150, 0), small = placed (600, 600, 50, 0);
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
  g_autoptr (GArray) faces = load_faces (finder);
  if (faces->len == 0)
    return;

  g_autoptr (TamboGuide) guide = tambo_guide_new (finder);
  g_autoptr (TamboImage) empty = tambo_image_new (640, 480, 3);
  g_assert_cmpstr (tambo_guide_feed (guide, empty), ==, "Look at the camera");
  g_autoptr (TamboImage) tilt = turned (face_at (faces, 0), 20);
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
  g_test_add_func ("/portrait-judge/guide", test_guide);
  int status = g_test_run ();
  tambo_face_finder_free (finder);
  return status;
}
