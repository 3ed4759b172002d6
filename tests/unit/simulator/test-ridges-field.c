/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/ridges-private.h"

#include <math.h>

#define STEPS 720

/* How far the ridges turn on a small way round a point, in half turns: +1 at a core, -1 at a delta,
 * 0 elsewhere (the index of Poincare). */
static int turns_around (const RidgeField *field, double x, double y, double radius) {
  double sum = 0, last = tambo_ridge_field_direction (field, x + radius, y);
  for (int i = 1; i <= STEPS; i++) {
    double angle = 2 * G_PI * i / STEPS;
    double now =
        tambo_ridge_field_direction (field, x + radius * cos (angle), y + radius * sin (angle));
    double change = remainder (now - last, G_PI); /* a direction is the same after half a turn */
    g_assert_cmpfloat (fabs (change), <, 0.6);
    sum += change;
    last = now;
  }
  return (int) lround (sum / G_PI);
}

static void make_field (RidgeField *field, guint32 seed) {
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  tambo_ridge_field_init (field, random);
}

static void test_singularities (void) {
  static const guint cores[] = { [TAMBO_RIDGES_ARCH] = 0,
                                 [TAMBO_RIDGES_TENTED_ARCH] = 1,
                                 [TAMBO_RIDGES_LEFT_LOOP] = 1,
                                 [TAMBO_RIDGES_RIGHT_LOOP] = 1,
                                 [TAMBO_RIDGES_WHORL] = 2 };
  for (guint32 seed = 0; seed < 100; seed++) {
    RidgeField field;
    make_field (&field, seed);
    g_assert_cmpuint (field.n_singularities, ==, 2 * cores[field.pattern]);
    for (guint i = 0; i < field.n_singularities; i++) {
      const RidgeSingularity *at = &field.singularities[i];
      g_assert_cmpint (turns_around (&field, at->at.x, at->at.y, 5), ==, (int) at->sign);
    }
    g_assert_cmpint (turns_around (&field, 0, 190, 5), ==, 0); /* at the tip the ridges just run */
  }
}

static void test_shares (void) {
  guint counts[TAMBO_RIDGES_WHORL + 1] = { 0 };
  for (guint32 seed = 0; seed < 2000; seed++) {
    RidgeField field;
    make_field (&field, seed);
    counts[field.pattern]++;
  }
  g_assert_cmpuint (counts[TAMBO_RIDGES_ARCH], >, 30);
  g_assert_cmpuint (counts[TAMBO_RIDGES_TENTED_ARCH], >, 20);
  g_assert_cmpuint (counts[TAMBO_RIDGES_LEFT_LOOP], >, 500);
  g_assert_cmpuint (counts[TAMBO_RIDGES_RIGHT_LOOP], >, 500);
  g_assert_cmpuint (counts[TAMBO_RIDGES_WHORL], >, 400);
}

static void test_period (void) {
  for (guint32 seed = 0; seed < 50; seed++) {
    RidgeField field;
    make_field (&field, seed);
    for (int y = -200; y <= 200; y += 20)
      for (int x = -150; x <= 150; x += 20) {
        double period = tambo_ridge_field_period (&field, x, y);
        g_assert_cmpfloat (period, >, 6.1);
        g_assert_cmpfloat (period, <, 12.9);
      }
  }
}

/* The mean angle between the ridges of two fingers, in radians. */
static double difference (const RidgeField *a, const RidgeField *b) {
  double sum = 0;
  int count = 0;

  for (int y = -160; y <= 160; y += 16)
    for (int x = -120; x <= 120; x += 16, count++)
      sum += fabs (asin (
          sin (tambo_ridge_field_direction (a, x, y) - tambo_ridge_field_direction (b, x, y))));
  return sum / count;
}

/* Fingers of one pattern have ridges that run as differently as those of people. */
static void test_unlike (void) {
  guint pairs = 0, alike = 0;

  for (guint32 seed = 0; seed < 60; seed++)
    for (guint32 other = 0; other < seed; other++) {
      RidgeField a, b;
      make_field (&a, seed);
      make_field (&b, other);
      if (a.pattern != b.pattern)
        continue;
      pairs++;
      alike += difference (&a, &b) < 0.15;
    }
  g_test_message ("%u of %u pairs are alike", alike, pairs);
  g_assert_cmpuint (alike * 20, <, pairs);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/simulator/ridges-field/singularities", test_singularities);
  g_test_add_func ("/simulator/ridges-field/shares", test_shares);
  g_test_add_func ("/simulator/ridges-field/period", test_period);
  g_test_add_func ("/simulator/ridges-field/unlike", test_unlike);
  return g_test_run ();
}
