/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/slap.h"

#include "picture.h"

#define PERIOD 9.0

/* Where a fingertip is drawn: its middle, its axes, how far it leans to the right of upright. */
typedef struct {
  double x, y, width, height, degrees;
} Drawn;

static void darken (TamboImage *slap, int x, int y, double ink) {
  guint8 *at = slap->data + (gsize) y * (gsize) slap->width + x;
  *at = (guint8) MIN (*at, 240 - 190 * ink);
}

/* Arches in an ellipse and, below a gap, the next phalanx with its ridges across. */
static void draw_finger (TamboImage *slap, const Drawn *finger) {
  double cosine = cos (finger->degrees * G_PI / 180), sine = sin (finger->degrees * G_PI / 180);

  for (int y = 0; y < slap->height; y++)
    for (int x = 0; x < slap->width; x++) {
      double u = (x - finger->x) * cosine + (y - finger->y) * sine;
      double v = (y - finger->y) * cosine - (x - finger->x) * sine;
      double r = hypot (u, v - finger->height * 0.3);
      double below = v - finger->height * 0.62;
      if (hypot (u / finger->width, v / finger->height) < 0.5)
        darken (slap, x, y, 0.5 + 0.5 * sin (2 * G_PI * r / PERIOD));
      else if (below > 0 && below < finger->height * 0.5 && fabs (u) < finger->width * 0.4)
        darken (slap, x, y, 0.5 + 0.5 * sin (2 * G_PI * (v + 0.02 * u) / PERIOD));
    }
}

static TamboImage *draw_slap (const Drawn *fingers, guint count) {
  TamboImage *slap = tambo_image_new (1600, 1000, 1);

  memset (slap->data, 245, tambo_image_size (slap));
  slap->ppi = 500;
  for (guint i = 0; i < count; i++)
    draw_finger (slap, &fingers[i]);
  TamboImage *grainy = noisy (slap, 12);
  tambo_image_free (slap);
  grainy->ppi = 500;
  return grainy;
}

static const Drawn right_hand[] = { { 260, 330, 260, 360, -4 },
                                    { 600, 260, 270, 380, -2 },
                                    { 940, 300, 260, 370, 1 },
                                    { 1270, 480, 210, 300, 4 } };

static void mirror (const Drawn *from, Drawn *to, guint count) {
  for (guint i = 0; i < count; i++) {
    to[i] = from[count - 1 - i];
    to[i].x = 1600 - to[i].x;
    to[i].degrees = -to[i].degrees;
  }
}

/* As if the whole hand were turned on the platen. */
static void turn (const Drawn *from, Drawn *to, guint count, double degrees) {
  double cosine = cos (degrees * G_PI / 180), sine = sin (degrees * G_PI / 180);

  for (guint i = 0; i < count; i++) {
    double x = from[i].x - 800, y = from[i].y - 500;
    to[i] = from[i];
    to[i].x = 800 + x * cosine - y * sine;
    to[i].y = 500 + x * sine + y * cosine;
    to[i].degrees += degrees;
  }
}

static void assert_at (const TamboSlapFinger *found, const Drawn *drawn) {
  g_test_message ("%d at %.0f, %.0f (drawn %.0f, %.0f), %.0f x %.0f (%.0f x %.0f), %.1f (%.1f)",
                  found->position, found->x, found->y, drawn->x, drawn->y, found->width,
                  found->height, drawn->width, drawn->height, found->angle, drawn->degrees);
  g_assert_cmpfloat (fabs (found->x - drawn->x), <, 0.12 * drawn->width);
  g_assert_cmpfloat (fabs (found->y - drawn->y), <, 0.12 * drawn->height);
  g_assert_cmpfloat (fabs (found->width / drawn->width - 1), <, 0.22);
  g_assert_cmpfloat (fabs (found->height / drawn->height - 1), <, 0.22);
  g_assert_cmpfloat (fabs (found->angle - drawn->degrees), <, 7);
  g_assert_cmpfloat (fabs (found->image->width - found->width), <=, 1);
  g_assert_cmpint (found->image->ppi, ==, 500);
}

static void assert_slap (const Drawn *fingers, guint count, TamboSlapPosition position,
                         guint missing, const guint8 *positions) {
  g_autoptr (TamboImage) image = draw_slap (fingers, count);
  g_autoptr (TamboSlap) slap = tambo_slap_segment (image, position, missing);

  g_assert_cmpuint (slap->fingers->len, ==, count);
  g_assert_cmpuint (slap->expected, ==, count);
  g_assert_true (tambo_slap_is_complete (slap, position));
  for (guint i = 0; i < count; i++) {
    const TamboSlapFinger *finger = g_ptr_array_index (slap->fingers, i);
    assert_at (finger, &fingers[i]);
    g_assert_cmpuint (finger->position, ==, positions[i]);
  }
}

static const guint8 of_right[] = { 2, 3, 4, 5 }, of_left[] = { 10, 9, 8, 7 };

static void test_right (void) {
  assert_slap (right_hand, 4, TAMBO_SLAP_RIGHT_FOUR, 0, of_right);
  assert_slap (right_hand, 4, TAMBO_SLAP_UNKNOWN, 0, of_right);
}

static void test_left (void) {
  Drawn left[4];

  mirror (right_hand, left, 4);
  assert_slap (left, 4, TAMBO_SLAP_LEFT_FOUR, 0, of_left);
  assert_slap (left, 4, TAMBO_SLAP_UNKNOWN, 0, of_left);
}

static void test_turned (void) {
  for (int degrees = -15; degrees <= 15; degrees += 15) {
    Drawn turned[4];
    turn (right_hand, turned, 4, degrees);
    assert_slap (turned, 4, TAMBO_SLAP_RIGHT_FOUR, 0, of_right);
  }
}

static void test_thumbs (void) {
  const Drawn thumbs[] = { { 500, 450, 320, 420, -10 }, { 1050, 440, 330, 430, 8 } };
  const guint8 positions[] = { 6, 1 };

  assert_slap (thumbs, 2, TAMBO_SLAP_THUMBS, 0, positions);
}

static void test_missing (void) {
  const Drawn three[] = { right_hand[0], right_hand[1], right_hand[3] };
  const guint8 positions[] = { 2, 3, 5 };

  assert_slap (three, 3, TAMBO_SLAP_RIGHT_FOUR, 1 << 4, positions);

  /* Nobody said that one is missing: three are never taken for four. */
  g_autoptr (TamboImage) image = draw_slap (three, 3);
  g_autoptr (TamboSlap) slap = tambo_slap_segment (image, TAMBO_SLAP_RIGHT_FOUR, 0);
  g_assert_cmpuint (slap->fingers->len, ==, 3);
  g_assert_cmpuint (slap->expected, ==, 4);
  g_assert_false (tambo_slap_is_complete (slap, TAMBO_SLAP_RIGHT_FOUR));
  for (guint i = 0; i < 3; i++)
    g_assert_cmpuint (((TamboSlapFinger *) g_ptr_array_index (slap->fingers, i))->position, ==, 0);
}

static void test_wrong_hand (void) {
  g_autoptr (TamboImage) image = draw_slap (right_hand, 4);
  g_autoptr (TamboSlap) slap = tambo_slap_segment (image, TAMBO_SLAP_LEFT_FOUR, 0);

  g_assert_cmpint (slap->hand, ==, TAMBO_SLAP_RIGHT_FOUR);
  g_assert_false (tambo_slap_is_complete (slap, TAMBO_SLAP_LEFT_FOUR));
}

/* Two fingers that touch are cut where they do. */
static void test_touching (void) {
  const Drawn touching[] = { { 330, 330, 280, 380, 0 },
                             { 600, 290, 280, 390, 0 },
                             { 960, 300, 260, 370, 0 },
                             { 1280, 480, 210, 300, 0 } };

  assert_slap (touching, 4, TAMBO_SLAP_RIGHT_FOUR, 0, of_right);
}

static void test_nothing (void) {
  g_autoptr (TamboImage) white = draw_slap (NULL, 0);
  g_autoptr (TamboSlap) slap = tambo_slap_segment (white, TAMBO_SLAP_RIGHT_FOUR, 0);
  g_autoptr (TamboImage) small = tambo_image_new (20, 20, 1);
  g_autoptr (TamboSlap) none = tambo_slap_segment (small, TAMBO_SLAP_UNKNOWN, 0);

  g_assert_cmpuint (slap->fingers->len, ==, 0);
  g_assert_false (tambo_slap_is_complete (slap, TAMBO_SLAP_RIGHT_FOUR));
  g_assert_cmpuint (none->fingers->len, ==, 0);
  g_assert_false (tambo_slap_is_complete (none, TAMBO_SLAP_UNKNOWN));
}

/* An ink card with script, print and a hole; left and right hand. */
static void test_card (void) {
  static const struct {
    const char *name;
    TamboSlapPosition position;
    double x[4]; /* middles of the fingertips, as a person sees them */
  } rows[] = {
    { "fingers/libbiomeval/slaps/fld_3_9.wsq", TAMBO_SLAP_LEFT_FOUR, { 290, 590, 915, 1285 } },
    { "fingers/libbiomeval/slaps/fld_6_9.wsq", TAMBO_SLAP_RIGHT_FOUR, { 265, 555, 930, 1360 } },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (TamboImage) image = test_picture_load (rows[i].name);
    if (image == NULL) {
      g_test_skip ("no data");
      return;
    }
    g_autoptr (TamboSlap) slap = tambo_slap_segment (image, rows[i].position, 0);
    g_assert_cmpuint (slap->fingers->len, ==, 4);
    for (guint k = 0; k < 4; k++) {
      const TamboSlapFinger *finger = g_ptr_array_index (slap->fingers, k);
      g_assert_cmpfloat (fabs (finger->x - rows[i].x[k]), <, 60);
    }
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/slap/right", test_right);
  g_test_add_func ("/slap/left", test_left);
  g_test_add_func ("/slap/turned", test_turned);
  g_test_add_func ("/slap/thumbs", test_thumbs);
  g_test_add_func ("/slap/missing", test_missing);
  g_test_add_func ("/slap/wrong-hand", test_wrong_hand);
  g_test_add_func ("/slap/touching", test_touching);
  g_test_add_func ("/slap/nothing", test_nothing);
  g_test_add_func ("/slap/card", test_card);
  return g_test_run ();
}
