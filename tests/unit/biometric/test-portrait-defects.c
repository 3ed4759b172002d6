/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Defects that are drawn on the synthetic faces of the test data, each in the form the limits were set with
 * and in others, and how often it is named; and good pictures, in which none may be.
 */
#include "biometric/portrait-judge.h"

#include "face-picture.h"

static TamboFaceFinder *finder;

/* ---- drawing ---- */

typedef double (*Inside) (double x, double y); /* 1 inside, 0 outside, between on the edge */

static void blend (TamboImage *image, int x, int y, const double colour[3], double share) {
  guint8 *at = image->data + ((gsize) y * image->width + x) * 3;
  for (int c = 0; c < 3; c++)
    at[c] = (guint8) CLAMP (at[c] * (1 - share) + colour[c] * share, 0, 255);
}

static TamboImage *painted (const TamboImage *image, Inside inside, guint32 colour) {
  const double rgb[3] = { colour >> 16, colour >> 8 & 255, colour & 255 };
  TamboImage *copy = tambo_image_copy (image);

  for (int y = 0; y < copy->height; y++)
    for (int x = 0; x < copy->width; x++)
      blend (copy, x, y, rgb, CLAMP (inside (x, y), 0, 1));
  return copy;
}

static double is_in_box (double x, double y, double left, double top, double right, double bottom) {
  return x >= left && x < right && y >= top && y < bottom;
}

static double is_in_oval (double x, double y, double a, double b) {
  return (1 - hypot (x / a, y / b)) * MIN (a, b) / 2 + 0.5;
}

/* ---- masks ---- */

static double square_mask (double x, double y) {
  return is_in_box (x, y, 120, 250, 330, 400);
}

/* Higher over the nose, narrower at the chin. */
static double folded_mask (double x, double y) {
  double u = fabs (x - 225), top = 248 + 0.12 * u, side = 112 - 0.3 * MAX (y - 300, 0);
  return y > top && y < 405 - 0.1 * u && u < side;
}

static double round_mask (double x, double y) {
  return is_in_oval (x - 225, y - 325, 98, 82);
}

static TamboImage *mask (const TamboImage *image) {
  return painted (image, square_mask, 0xb0c0d0);
}

static TamboImage *dark_mask (const TamboImage *image) {
  return painted (image, folded_mask, 0x202838);
}

static TamboImage *white_mask (const TamboImage *image) {
  return painted (image, round_mask, 0xe8ece8);
}

static TamboImage *red_mask (const TamboImage *image) {
  return painted (image, folded_mask, 0x9a3038);
}

/* ---- glasses ---- */

static double square_glasses (double x, double y) {
  return MAX (is_in_box (x, y, 130, 185, 215, 240), is_in_box (x, y, 235, 185, 320, 240));
}

static double round_glasses (double x, double y) {
  double bridge = is_in_box (x, y, 200, 205, 250, 210);
  return MAX (bridge, is_in_oval (fabs (x - 224) - 57, y - 214, 38, 36));
}

static double drop_glasses (double x, double y) {
  double u = fabs (x - 225) - 60, wide = 46 - 0.25 * fabs (y - 200);
  return MAX (is_in_oval (u, y - 216, wide, 34), is_in_box (x, y, 195, 192, 255, 197));
}

static TamboImage *sunglasses (const TamboImage *image) {
  return painted (image, square_glasses, 0);
}

static TamboImage *brown_sunglasses (const TamboImage *image) {
  return painted (image, round_glasses, 0x281c14);
}

static TamboImage *pilot_sunglasses (const TamboImage *image) {
  return painted (image, drop_glasses, 0x101418);
}

/* ---- lids ---- */

/* Lids of the colour of the skin FROM, and lashes, THICK, that bend DOWN to the corners. */
static TamboImage *lids (const TamboImage *image, int from_y, double half_height, double thick,
                         double bend) {
  static const int eyes[] = { 167, 280 };
  const double lash[3] = { 24, 24, 24 };
  TamboImage *copy = tambo_image_copy (image);
  g_autoptr (TamboImage) skin = tambo_image_crop (image, 150, from_y, 30, 14);
  g_autoptr (TamboImage) mean = tambo_image_scale (skin, 1, 1);
  const double colour[3] = { mean->data[0], mean->data[1], mean->data[2] };

  for (int i = 0; i < 2; i++)
    for (int y = -25; y <= 25; y++)
      for (int x = -36; x <= 36; x++) {
        double line = y - 0.4 * half_height + bend * (x / 30.0) * (x / 30.0);
        if (hypot (x / 34.0, y / half_height) <= 1)
          blend (copy, eyes[i] + x, 212 + y, fabs (line) < thick && abs (x) < 30 ? lash : colour,
                 1);
      }
  return copy;
}

static TamboImage *closed_eyes (const TamboImage *image) {
  return lids (image, 248, 17, 1.5, 8);
}

static TamboImage *closed_thick (const TamboImage *image) {
  return lids (image, 250, 18, 2.5, 4);
}

static TamboImage *closed_bent (const TamboImage *image) {
  return lids (image, 255, 16, 1, 11);
}

static TamboImage *closed_dark (const TamboImage *image) {
  g_autoptr (TamboImage) darker = multiplied (image, 0.8);
  return lids (darker, 244, 19, 2, 6);
}

/* ---- light, focus, tilt ---- */

static TamboImage *tilt (const TamboImage *image) {
  return turned (image, 15);
}

static TamboImage *tilt_12 (const TamboImage *image) {
  return turned (image, 12);
}

static TamboImage *tilt_back_18 (const TamboImage *image) {
  return turned (image, -18);
}

static TamboImage *dark (const TamboImage *image) {
  return multiplied (image, 0.15);
}

static TamboImage *darker (const TamboImage *image) {
  return multiplied (image, 0.1);
}

static TamboImage *less_dark (const TamboImage *image) {
  return multiplied (image, 0.2);
}

static TamboImage *blur (const TamboImage *image) {
  return blurred (image, 6);
}

static TamboImage *blur_5 (const TamboImage *image) {
  return blurred (image, 5);
}

static TamboImage *blur_9 (const TamboImage *image) {
  return blurred (image, 9);
}

/* Light of the flash on brow, nose and cheeks. */
static double shine (double x, double y) {
  double u = fabs (x - 225);
  double spots = MAX (is_in_oval (x - 225, y - 150, 45, 22), is_in_oval (u - 65, y - 268, 26, 20));
  return MAX (spots, is_in_oval (x - 225, y - 270, 10, 25));
}

static TamboImage *hot_spots (const TamboImage *image) {
  return painted (image, shine, 0xfefefe);
}

static double pupils (double x, double y) {
  return 0.85 * CLAMP (is_in_oval (fabs (x - 223) - 56, y - 211, 9, 9), 0, 1);
}

static TamboImage *red_eyes (const TamboImage *image) {
  return painted (image, pupils, 0xd01818);
}

static TamboImage *scaled_channels (const TamboImage *image, double red, double green,
                                    double blue) {
  const double scales[3] = { red, green, blue };
  TamboImage *copy = tambo_image_copy (image);
  for (gsize i = 0; i < tambo_image_size (copy); i++)
    copy->data[i] = (guint8) MIN (copy->data[i] * scales[i % 3], 255);
  return copy;
}

static TamboImage *blue_cast (const TamboImage *image) {
  return scaled_channels (image, 0.55, 0.8, 1.35);
}

static TamboImage *green_cast (const TamboImage *image) {
  return scaled_channels (image, 0.6, 1.2, 0.7);
}

static TamboImage *side_light (const TamboImage *image) {
  TamboImage *copy = tambo_image_copy (image);
  for (gsize i = 0; i < tambo_image_size (copy); i++) {
    double x = (double) (i / 3 % FACE_SIDE) / FACE_SIDE;
    copy->data[i] = (guint8) MIN (copy->data[i] * (1.1 - 0.95 / (1 + exp (-14 * (x - 0.5)))), 255);
  }
  return copy;
}

/* ---- several ---- */

/* Another face of SIDE beside it, at its height. */
static TamboImage *with_another (const TamboImage *image, int side) {
  TamboImage *both = tambo_image_new (FACE_SIDE + side, FACE_SIDE, 3);
  g_autoptr (TamboImage) other = tambo_image_scale (image, side, side);

  memset (both->data, 170, tambo_image_size (both));
  for (int y = 0; y < FACE_SIDE; y++) {
    guint8 *row = both->data + (gsize) y * (gsize) both->width * 3;
    memcpy (row, image->data + (gsize) y * FACE_SIDE * 3, FACE_SIDE * 3);
    if (y >= FACE_SIDE - side)
      memcpy (row + FACE_SIDE * 3, other->data + (gsize) (y - FACE_SIDE + side) * (gsize) side * 3,
              (gsize) side * 3);
  }
  return both;
}

static TamboImage *two_faces (const TamboImage *image) {
  return with_another (image, FACE_SIDE);
}

static TamboImage *two_smaller (const TamboImage *image) {
  return with_another (image, FACE_SIDE * 7 / 10);
}

static TamboImage *two_child (const TamboImage *image) {
  return with_another (image, FACE_SIDE / 2);
}

/* ---- good ones ---- */

static TamboImage *good_tilt (const TamboImage *image) {
  return turned (image, 4);
}

static TamboImage *good_light (const TamboImage *image) {
  return multiplied (image, 0.75);
}

static TamboImage *good_grain (const TamboImage *image) {
  return noisy (image, 6);
}

/* ---- the measures ---- */

typedef struct {
  const char *name;
  TamboImage *(*make) (const TamboImage *image);
  const char *measures[2]; /* that have to name it */
} Defect;

static const Defect defects[] = {
  { "tilt", tilt, { "roll" } },
  { "tilt 12", tilt_12, { "roll" } },
  { "tilt -18", tilt_back_18, { "roll" } },
  { "dark", dark, { "exposure", "face-brightness" } },
  { "dark 0.1", darker, { "exposure", "face-brightness" } },
  { "dark 0.2", less_dark, { "exposure", "face-brightness" } },
  { "blur", blur, { "sharpness", "face-sharpness" } },
  { "blur 5", blur_5, { "sharpness", "face-sharpness" } },
  { "blur 9", blur_9, { "sharpness", "face-sharpness" } },
  { "mask", mask, { "mouth-visible" } },
  { "mask dark", dark_mask, { "mouth-visible" } },
  { "mask white", white_mask, { "mouth-visible" } },
  { "mask red", red_mask, { "mouth-visible" } },
  { "sunglasses", sunglasses, { "eyes-visible" } },
  { "sunglasses brown", brown_sunglasses, { "eyes-visible" } },
  { "sunglasses pilot", pilot_sunglasses, { "eyes-visible" } },
  { "closed eyes", closed_eyes, { "eyes-open" } },
  { "closed eyes thick", closed_thick, { "eyes-open" } },
  { "closed eyes bent", closed_bent, { "eyes-open" } },
  { "closed eyes dark", closed_dark, { "eyes-open" } },
  { "two faces", two_faces, { "faces" } },
  { "two faces 0.7", two_smaller, { "faces" } },
  { "two faces 0.5", two_child, { "faces" } },
  { "hot spots", hot_spots, { "hot-spots" } },
  { "red eyes", red_eyes, { "red-eyes" } },
  { "blue cast", blue_cast, { "natural-colour" } },
  { "green cast", green_cast, { "natural-colour" } },
  { "side light", side_light, { "even-lighting" } },
};

static const char *const named[] = { "roll",         "exposure",       "face-brightness",
                                     "sharpness",    "face-sharpness", "mouth-visible",
                                     "eyes-visible", "eyes-open",      "faces",
                                     "hot-spots",    "red-eyes",       "natural-colour",
                                     "even-lighting" };

static const struct {
  const char *name;
  TamboImage *(*make) (const TamboImage *image);
} good[] = {
  { "as it is", tambo_image_copy },
  { "tilted by 4 degrees", good_tilt },
  { "a quarter darker", good_light },
  { "with grain", good_grain },
};

/* Once for all tests, and each skipped where there are none. */
static GArray *all_faces (void) {
  static GArray *faces;
  if (faces != NULL && faces->len > 0)
    return faces;
  g_clear_pointer (&faces, g_array_unref);
  faces = load_faces (finder);
  return faces;
}

static GArray *judge (const TamboImage *image) {
  g_autoptr (GArray) faces = tambo_face_find (finder, image, NULL);
  g_assert_nonnull (faces);
  return tambo_portrait_judge (image, faces);
}

static gboolean has_failed (const GArray *measures, const char *name) {
  for (guint i = 0; i < measures->len; i++) {
    const TamboPortraitMeasure *measure = &g_array_index (measures, TamboPortraitMeasure, i);
    if (!measure->passed && g_strcmp0 (measure->measure, name) == 0)
      return TRUE;
  }
  return FALSE;
}

static void test_defect (gconstpointer data) {
  const Defect *defect = data;
  GArray *faces = all_faces ();
  guint count = 0;

  for (guint i = 0; i < faces->len; i++) {
    g_autoptr (TamboImage) spoiled = defect->make (face_at (faces, i));
    g_autoptr (GArray) measures = judge (spoiled);
    count +=
        has_failed (measures, defect->measures[0]) || has_failed (measures, defect->measures[1]);
  }
  g_test_message ("%s: named in %u of %u", defect->name, count, faces->len);
  g_assert_cmpfloat (count, >=, 0.9 * faces->len);
}

static void test_good (void) {
  GArray *faces = all_faces ();

  for (guint k = 0; k < G_N_ELEMENTS (good) && faces->len > 0; k++) {
    guint alarms[G_N_ELEMENTS (named)] = { 0 };
    for (guint i = 0; i < faces->len; i++) {
      g_autoptr (TamboImage) picture = good[k].make (face_at (faces, i));
      g_autoptr (GArray) measures = judge (picture);
      for (guint m = 0; m < G_N_ELEMENTS (named); m++)
        alarms[m] += has_failed (measures, named[m]);
    }
    for (guint m = 0; m < G_N_ELEMENTS (named); m++) {
      if (alarms[m] > 0)
        g_test_message ("%s: %s in %u of %u", good[k].name, named[m], alarms[m], faces->len);
      g_assert_cmpfloat (alarms[m], <=, 0.05 * faces->len);
    }
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_autoptr (GError) error = NULL;
  finder = tambo_face_finder_new (&error);
  if (finder == NULL)
    g_test_message ("%s", error->message);
  g_test_add_func ("/portrait-defects/good", test_good);
  for (guint i = 0; i < G_N_ELEMENTS (defects); i++) {
    g_autofree char *path =
        g_strdelimit (g_strdup_printf ("/portrait-defects/%s", defects[i].name), " ", '-');
    g_test_add_data_func (path, &defects[i], test_defect);
  }
  int status = g_test_run ();
  tambo_face_finder_free (finder);
  return status;
}
