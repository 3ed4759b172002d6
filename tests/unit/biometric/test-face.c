/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where the eyes of a face are found, and pictures in which there is none.
 */
#include "biometric/face-iris.h"
#include "biometric/portrait-judge.h"

#include "face-eyes.h"
#include "face-picture.h"

static TamboFaceFinder *finder;

/* ---- the module ---- */

/* Runs first: a module that was found stays loaded. */
static void test_missing (void) {
  g_autofree char *module = g_strdup (g_getenv ("TAMBO_FACE_MODULE"));
  g_autoptr (GError) error = NULL;

  g_setenv ("TAMBO_FACE_MODULE", "/nowhere", TRUE);
  g_assert_null (tambo_face_finder_new (&error));
  g_assert_error (error, TAMBO_FACE_ERROR, TAMBO_FACE_ERROR_UNAVAILABLE);
  g_assert_nonnull (strstr (error->message, "there is no face detector: /nowhere"));
  if (module != NULL)
    g_setenv ("TAMBO_FACE_MODULE", module, TRUE);
  else
    g_unsetenv ("TAMBO_FACE_MODULE");
  g_clear_error (&error);
  finder = tambo_face_finder_new (&error);
  if (finder == NULL)
    g_test_message ("%s", error->message);
}

/* The model takes a second: ten finders more take less than half of ten loads. */
static void test_loaded_once (void) {
  if (finder == NULL) {
    g_test_skip ("skipped: no face detector");
    return;
  }
  gint64 start = g_get_monotonic_time ();
  for (int i = 0; i < 10; i++) {
    g_autoptr (TamboFaceFinder) next = tambo_face_finder_new (NULL);
    g_assert_nonnull (next);
    g_assert_cmpstr (tambo_face_finder_get_name (next), ==, tambo_face_finder_get_name (finder));
  }
  g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_TIME_SPAN_SECOND);
}

/* Not while somebody has it; and the next one has it again. */
static void test_rest (void) {
  if (finder == NULL) {
    g_test_skip ("skipped: no face detector");
    return;
  }
  g_assert_false (tambo_face_finder_may_rest (0));
  tambo_face_finder_rest (0);
  g_assert_nonnull (tambo_face_finder_get_name (finder));
  g_clear_pointer (&finder, tambo_face_finder_free);
  g_assert_false (tambo_face_finder_may_rest (G_TIME_SPAN_HOUR));
  g_assert_true (tambo_face_finder_may_rest (0));
  tambo_face_finder_rest (0);
  g_assert_false (tambo_face_finder_may_rest (0));
  finder = tambo_face_finder_new (NULL);
  g_assert_nonnull (finder);
  g_autoptr (TamboImage) grey = tambo_image_new (64, 64, 1);
  g_autoptr (GArray) faces = tambo_face_find (finder, grey, NULL);
  g_assert_nonnull (faces);
}

/* ---- the iris of a drawn eye ---- */

typedef struct {
  double x, y, radius; /* of the iris; the lids are 30 wide to both sides */
  double upper, lower; /* how far the lids open */
} DrawnEye;

static const TamboFacePoint drawn_middle = { 100, 80 };

static TamboImage *draw_eye (const DrawnEye *eye, double iris, TamboFacePoint out_lids[6]) {
  static const double along[] = { -30, -12, 12, 30, 12, -12 };
  TamboImage *image = tambo_image_new (200, 160, 1);

  for (int y = 0; y < image->height; y++)
    for (int x = 0; x < image->width; x++) {
      double u = x - drawn_middle.x, v = y - drawn_middle.y, arch = 1 - u * u / 900;
      gboolean is_open = arch > 0 && v > -eye->upper * arch && v < eye->lower * arch;
      double level = !is_open ? 150 : hypot (u - eye->x, v - eye->y) < eye->radius ? iris : 215;
      image->data[y * image->width + x] = (guint8) level;
    }
  for (int i = 0; i < 6; i++) {
    double arch = 1 - along[i] * along[i] / 900;
    out_lids[i].x = (float) (drawn_middle.x + along[i]);
    out_lids[i].y = (float) (drawn_middle.y + (i < 3 ? -eye->upper : eye->lower) * arch);
  }
  return image;
}

static void test_iris (void) {
  static const DrawnEye eyes[] = { { 0, -2, 12, 15, 11 },  { 9, -2, 12, 15, 11 },
                                   { -9, -2, 12, 15, 11 }, { 0, -5, 12, 12, 10 },
                                   { 6, -3, 11, 9, 9 },    { -6, -3, 13, 9, 9 },
                                   { 0, -1, 13.5, 16, 13 } };
  static const double levels[] = { 30, 90, 130 };
  const TamboFacePoint apart = { 128, 0 };

  for (guint i = 0; i < G_N_ELEMENTS (eyes); i++)
    for (guint k = 0; k < G_N_ELEMENTS (levels); k++) {
      TamboFacePoint lids[6];
      double seen;
      g_autoptr (TamboImage) image = draw_eye (&eyes[i], levels[k], lids);
      TamboFacePoint found = tambo_face_find_iris (image, lids, apart, &seen);
      double x = found.x - drawn_middle.x, y = found.y - drawn_middle.y;
      if (hypot (x - eyes[i].x, y - eyes[i].y) > 0.03 * apart.x)
        g_error ("eye %u of level %g: at %.1f %.1f, not %g %g", i, levels[k], x, y, eyes[i].x,
                 eyes[i].y);
    }
}

/* Nothing is seen: the usual place, between the lids and not below their middle. */
static void test_no_iris (void) {
  const DrawnEye eye = { 0, 0, 0, 12, 12 };
  const TamboFacePoint apart = { 128, 0 }, none = { 0, 0 };
  TamboFacePoint lids[6];
  double seen;
  g_autoptr (TamboImage) drawn = draw_eye (&eye, 0, lids);
  g_autoptr (TamboImage) flat = tambo_image_new (200, 160, 1), tiny = tambo_image_new (1, 1, 1);
  TamboFacePoint found = tambo_face_find_iris (flat, lids, apart, &seen);

  g_assert_cmpfloat (seen, ==, 0);
  g_assert_cmpfloat_with_epsilon (found.x, drawn_middle.x, 0.1);
  g_assert_cmpfloat (found.y, <=, drawn_middle.y);
  g_assert_cmpfloat (found.y, >, drawn_middle.y - 8);
  found = tambo_face_find_iris (tiny, lids, apart, &seen);
  g_assert_true (isfinite (found.x) && isfinite (found.y));
  found = tambo_face_find_iris (flat, lids, none, &seen);
  g_assert_cmpfloat_with_epsilon (found.x, drawn_middle.x, 0.1);
}

/* ---- the eyes of the faces ---- */

static const FaceEyes *eyes_of (const char *name) {
  for (guint i = 0; i < G_N_ELEMENTS (face_eyes); i++)
    if (g_str_equal (face_eyes[i].name, name))
      return &face_eyes[i];
  return NULL;
}

/* The larger of both errors in eye distances, by the truth turned with the picture; 1 without one face. */
static double error_of_eyes (const TamboImage *image, const FaceEyes *truth, double tilt) {
  g_autoptr (TamboImage) picture = turned (image, tilt);
  g_autoptr (GArray) faces = tambo_face_find (finder, picture, NULL);
  const double unit = FACE_SIDE / 1024.0, middle = FACE_SIDE / 2.0 - 0.5, a = tilt * G_PI / 180;
  const double places[2][2] = { { truth->right_x * unit - 0.5, truth->right_y * unit - 0.5 },
                                { truth->left_x * unit - 0.5, truth->left_y * unit - 0.5 } };
  double apart = hypot (places[1][0] - places[0][0], places[1][1] - places[0][1]), worst = 0;

  g_assert_nonnull (faces);
  if (tambo_portrait_count_faces (picture, faces) != 1)
    return 1;
  const TamboFace *face = &g_array_index (faces, TamboFace, 0);
  const TamboFacePoint found[] = { face->right_eye, face->left_eye };
  for (int i = 0; i < 2; i++) {
    double x = places[i][0] - middle, y = places[i][1] - middle;
    double to_x = x * cos (a) - y * sin (a) + middle, to_y = y * cos (a) + x * sin (a) + middle;
    worst = MAX (worst, hypot (found[i].x - to_x, found[i].y - to_y) / apart);
  }
  return worst;
}

/* The even half of the table was looked at when the search was made, the odd half was not. */
static void test_eyes (void) {
  static const double tilts[] = { 0, 10, -10, 20, -20 };
  g_autoptr (GArray) faces = load_faces (finder);

  for (guint t = 0; t < G_N_ELEMENTS (tilts) && faces->len > 0; t++) {
    guint close[2] = { 0 }, counts[2] = { 0 };
    double sum = 0;
    for (guint i = 0; i < faces->len; i++) {
      const FacePicture *picture = &g_array_index (faces, FacePicture, i);
      const FaceEyes *truth = eyes_of (picture->name);
      if (truth == NULL)
        continue;
      double error = error_of_eyes (picture->image, truth, tilts[t]);
      guint half = (guint) (truth - face_eyes) % 2;
      close[half] += error <= 0.05;
      counts[half]++;
      sum += error;
    }
    guint all = counts[0] + counts[1];
    g_test_message (
        "tilt %g: both eyes within 5 %% in %u of %u and %u of %u, the farther one %.1f %% "
        "off in the mean",
        tilts[t], close[0], counts[0], close[1], counts[1], 100 * sum / all);
    g_assert_cmpuint (all, ==, G_N_ELEMENTS (face_eyes));
    g_assert_cmpfloat (close[0] + close[1], >=, 0.98 * all);
  }
}

/* ---- pictures without a face ---- */

typedef double (*Paint) (double x, double y, int variant); /* a level; the picture is 1 wide */

static double hashed (int x, int y, int seed) {
  guint32 h = (guint32) x * 374761393u + (guint32) y * 668265263u + (guint32) seed * 2147483647u;
  h = (h ^ (h >> 13)) * 1274126177u;
  return (double) ((h ^ (h >> 16)) & 0xffff) / 65535;
}

static double paint_page (double x, double y, int variant) {
  double line = y * (24 + 4 * variant), place = x * (70 + 12 * variant);
  int row = (int) line, column = (int) place;
  gboolean is_word = hashed (column / 5, row, variant) > 0.15 && column % 5 != 4;
  gboolean is_ink = hashed ((int) (place * 3), (int) (line * 7), variant) > 0.5;
  gboolean in_margin = x < 0.08 || x > 0.92 || line - row > 0.6;
  return !in_margin && is_word && is_ink ? 35 : 235;
}

static double paint_bricks (double x, double y, int variant) {
  double row = y * (8 + 3 * variant), column = x * (4 + 1.5 * variant) + 0.5 * ((int) row % 2);
  double u = row - floor (row), v = column - floor (column);
  if (u < 0.12 || v < 0.06)
    return 200 - 8 * variant;
  return 90 + 60 * hashed ((int) column, (int) row, variant);
}

static double paint_wood (double x, double y, int variant) {
  double bend = 0.08 * sin (3 * y + variant) + 0.03 * sin (9 * y);
  double knot = hypot (x - 0.3 - 0.1 * variant, (y - 0.6) * 0.4);
  return 130 + 45 * sin ((40 + 8 * variant) * (x + bend)) + 30 * sin (70 * knot);
}

/* A round head with pointed ears, slit eyes and a small nose. */
static double paint_cat (double x, double y, int variant) {
  double u = fabs (x - 0.5) / (0.28 + 0.02 * variant), v = (y - 0.65) / (0.26 + 0.02 * variant);
  double fur = 60 + 30 * variant + 25 * hashed ((int) (x * 200), (int) (y * 40), variant);
  gboolean is_ear = v < -0.4 && v > -1.6 && fabs (u - 0.65) < 0.35 * (v + 1.6) / 1.2;
  if (hypot ((u - 0.42) * 1.2, (v + 0.1) * 1.6) < 0.22)
    return fabs (u - 0.42) < 0.05 ? 15 : 200;
  if (hypot (u, (v - 0.35) * 1.3) < 0.1)
    return 140;
  return is_ear || u * u + v * v < 1 ? fur : 210;
}

/* A palm and five fingers, spread. */
static double paint_hand (double x, double y, int variant) {
  double skin = 90 + 25 * variant - 30 * fabs (x - 0.5);
  if (hypot ((x - 0.5) / 0.2, (y - 0.9) / 0.24) < 1)
    return fabs (y - 0.85 - 0.1 * sin (8 * x)) < 0.006 ? skin - 40 : skin;
  for (int i = 0; i < 5; i++) {
    double a = (i - 2) * (0.28 + 0.03 * variant), length = i == 0 ? 0.42 : 0.62;
    double u = x - 0.5, v = 0.95 - y;
    double along = u * sin (a) + v * cos (a), aside = u * cos (a) - v * sin (a);
    if (along > 0 && along < length && fabs (aside) < 0.042 - 0.02 * along)
      return skin - 500 * fabs (aside);
  }
  return 225;
}

static double paint_rings (double x, double y, int variant) {
  double r = hypot (fabs (x - 0.5) - 0.2, y - 0.5);
  return 128 + 100 * sin (r * (30 + 15 * variant));
}

static double paint_checks (double x, double y, int variant) {
  int n = 5 + 4 * variant;
  return ((int) (x * n) + (int) (y * n)) % 2 ? 40 : 220;
}

/* A jacket with a tie, and no head on it. */
static double paint_jacket (double x, double y, int variant) {
  double u = fabs (x - 0.5), open = 0.35 * (1 - y / 1.2);
  if (y < 0.25 + 1.2 * MAX (u - 0.25, 0) * (1 + 0.2 * variant))
    return 215;
  if (u < 0.035 + 0.02 * y)
    return 60 + 20 * ((int) (30 * (x + y)) % 2);
  return u < open * 0.6 ? 235 : 45 + 15 * variant;
}

static const struct {
  const char *name;
  Paint paint;
} painted[] = {
  { "page", paint_page },     { "bricks", paint_bricks }, { "wood", paint_wood },
  { "cat", paint_cat },       { "hand", paint_hand },     { "rings", paint_rings },
  { "checks", paint_checks }, { "jacket", paint_jacket },
};

static TamboImage *paint (Paint level, int variant) {
  TamboImage *image = tambo_image_new (480, 640, 3);
  for (int y = 0; y < image->height; y++)
    for (int x = 0; x < image->width; x++) {
      double at = level ((x + 0.5) / image->width, (y + 0.5) / image->width, variant);
      for (int c = 0; c < 3; c++)
        image->data[((gsize) y * image->width + x) * 3 + c] =
            (guint8) CLAMP (at + (1 - c) * 3.0 * variant, 0, 255);
    }
  return image;
}

static guint count_faces (const TamboImage *image, const char *what, int variant) {
  g_autoptr (GArray) faces = tambo_face_find (finder, image, NULL);
  g_assert_nonnull (faces);
  guint count = (guint) tambo_portrait_count_faces (image, faces);
  if (count != 0)
    g_test_message ("%s %d: a face is claimed", what, variant);
  return count;
}

static void test_painted (void) {
  guint pictures = 0, claimed = 0;

  if (finder == NULL) {
    g_test_skip ("skipped: no face detector");
    return;
  }
  for (guint i = 0; i < G_N_ELEMENTS (painted); i++)
    for (int variant = 0; variant < 6; variant++, pictures++) {
      g_autoptr (TamboImage) image = paint (painted[i].paint, variant);
      claimed += count_faces (image, painted[i].name, variant);
    }
  for (int variant = 0; variant < 6; variant++, pictures += 3) {
    g_autoptr (TamboImage) finger = ridges_new (500, 600, 6 + 2 * variant);
    g_autoptr (TamboImage) grey = tambo_image_new (480, 640, 3);
    memset (grey->data, 40 * variant, tambo_image_size (grey));
    g_autoptr (TamboImage) noise = noisy (grey, 40 + 40 * variant);
    g_autoptr (TamboImage) clouds = blurred (noise, 4 + 8 * variant);
    claimed += count_faces (finger, "finger", variant);
    claimed += count_faces (noise, "noise", variant);
    claimed += count_faces (clouds, "clouds", variant);
  }
  g_test_message ("%u pictures without a face: %u faces", pictures, claimed);
  g_assert_cmpuint (pictures, >=, 60);
  g_assert_cmpuint (claimed, ==, 0);
}

/* Parts of the photographs: shoulders, hair, an ear, a chin. */
static void test_parts (void) {
  static const struct {
    const char *name;
    int x, y, width, height;
  } parts[] = { { "shoulders", 0, 370, 450, 80 },
                { "hair", 90, 0, 270, 110 },
                { "cheek and ear", 0, 150, 120, 250 },
                { "mouth and chin", 150, 280, 150, 150 } };
  g_autoptr (GArray) faces = load_faces (finder);
  guint pictures = 0, claimed = 0;

  for (guint i = 0; i < faces->len; i++)
    for (guint k = 0; k < G_N_ELEMENTS (parts); k++, pictures++) {
      g_autoptr (TamboImage) part = tambo_image_crop (face_at (faces, i), parts[k].x, parts[k].y,
                                                      parts[k].width, parts[k].height);
      g_autoptr (TamboImage) large = tambo_image_scale (part, 4 * part->width, 4 * part->height);
      claimed += count_faces (large, parts[k].name, (int) i);
    }
  g_test_message ("%u parts of pictures: %u faces", pictures, claimed);
  g_assert_cmpuint (claimed, ==, 0);
}

static void test_sizes (void) {
  static const int sizes[][2] = { { 1, 1 }, { 3000, 2 }, { 2, 3000 }, { 79, 79 }, { 600, 800 } };

  for (guint i = 0; finder != NULL && i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (TamboImage) image = tambo_image_new (sizes[i][0], sizes[i][1], 1 + 2 * (i % 2));
    g_assert_cmpuint (count_faces (image, "empty", (int) i), ==, 0);
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/face/missing", test_missing);
  g_test_add_func ("/face/loaded-once", test_loaded_once);
  g_test_add_func ("/face/rest", test_rest);
  g_test_add_func ("/face/iris", test_iris);
  g_test_add_func ("/face/no-iris", test_no_iris);
  g_test_add_func ("/face/eyes", test_eyes);
  g_test_add_func ("/face/painted", test_painted);
  g_test_add_func ("/face/parts", test_parts);
  g_test_add_func ("/face/sizes", test_sizes);
  int status = g_test_run ();
  tambo_face_finder_free (finder);
  return status;
}
