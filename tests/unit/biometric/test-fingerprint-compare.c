/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/fingerprint-compare.h"

#include "biometric/minutiae.h"
#include "format/format-error.h"
#include "picture.h"

#define MINUTIAE 40
#define SIDE 400

/* A finger of nobody: minutiae at random, from a number. */
static TamboMinutiaeRecord *finger_new (guint32 seed) {
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  TamboMinutiaeRecord *record = tambo_minutiae_record_new ();
  TamboMinutiaeView *view = tambo_minutiae_view_new ();

  record->width = record->height = 1200;
  record->per_centimetre_x = record->per_centimetre_y = 197;
  while (view->minutiae->len < MINUTIAE) {
    TamboMinutia m = { .type = (guint8) g_rand_int_range (rand, 1, 3),
                       .angle = (guint8) g_rand_int_range (rand, 0, 256),
                       .quality = 80,
                       .x = (guint16) (400 + g_rand_int_range (rand, 0, SIDE)),
                       .y = (guint16) (400 + g_rand_int_range (rand, 0, SIDE)) };
    g_array_append_val (view->minutiae, m);
  }
  g_ptr_array_add (record->views, view);
  return record;
}

typedef struct {
  double turn;    /* degrees */
  double stretch; /* how far the edge is displaced, pixels */
  int noise;      /* pixels, and angle units */
  int lost;       /* minutiae of the end of the list */
  int added;      /* false ones */
} Press;

/* The same finger pressed again. */
static TamboMinutiaeRecord *press (const TamboMinutiaeRecord *finger, Press how, guint32 seed) {
  g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
  TamboMinutiaeRecord *record = tambo_minutiae_record_new ();
  TamboMinutiaeView *view = tambo_minutiae_view_new ();
  const TamboMinutiaeView *from = g_ptr_array_index (finger->views, 0);
  double c = cos (how.turn * G_PI / 180), s = sin (how.turn * G_PI / 180);

  record->width = record->height = 1200;
  record->per_centimetre_x = record->per_centimetre_y = 197;
  for (guint i = 0; i + (guint) how.lost < from->minutiae->len; i++) {
    TamboMinutia m = g_array_index (from->minutiae, TamboMinutia, i);
    double u = m.x - 600, v = 600 - m.y, pull = how.stretch * (u * u + v * v) / (SIDE * SIDE / 4);
    u += pull;
    m.x =
        (guint16) lround (620 + c * u - s * v + g_rand_int_range (rand, -how.noise, how.noise + 1));
    m.y =
        (guint16) lround (590 - s * u - c * v + g_rand_int_range (rand, -how.noise, how.noise + 1));
    m.angle = (guint8) (m.angle + (int) lround (how.turn * 256 / 360)
                        + g_rand_int_range (rand, -how.noise, how.noise + 1));
    g_array_append_val (view->minutiae, m);
  }
  for (int i = 0; i < how.added; i++) {
    TamboMinutia m = { .type = 1,
                       .angle = (guint8) g_rand_int_range (rand, 0, 256),
                       .quality = 60,
                       .x = (guint16) (420 + g_rand_int_range (rand, 0, SIDE)),
                       .y = (guint16) (390 + g_rand_int_range (rand, 0, SIDE)) };
    g_array_append_val (view->minutiae, m);
  }
  g_ptr_array_add (record->views, view);
  return record;
}

static TamboFingerprint *load (const TamboMinutiaeRecord *record) {
  g_autoptr (GBytes) bytes = tambo_minutiae_record_encode (record);
  g_autoptr (GError) error = NULL;
  TamboFingerprint *finger = tambo_fingerprint_from_bytes (bytes, 0, &error);
  g_assert_no_error (error);
  return finger;
}

static int compare (const TamboMinutiaeRecord *a, const TamboMinutiaeRecord *b) {
  g_autoptr (TamboFingerprint) x = load (a), y = load (b);
  return tambo_fingerprint_compare (x, y);
}

static void test_same (void) {
  static const Press ways[] = {
    { 0 },
    { .turn = 30, .noise = 2 },
    { .turn = 90, .noise = 2 },
    { .turn = 180, .noise = 3, .added = 5 },
    { .turn = -120, .noise = 2, .lost = 8, .added = 8 },
    { .stretch = 15, .noise = 2 },
    { .turn = 15, .stretch = 12, .noise = 2, .lost = 6, .added = 6 },
  };
  for (guint32 seed = 0; seed < 10; seed++) {
    g_autoptr (TamboMinutiaeRecord) finger = finger_new (seed);
    g_assert_cmpint (compare (finger, finger), >=, 700);
    for (guint i = 0; i < G_N_ELEMENTS (ways); i++) {
      g_autoptr (TamboMinutiaeRecord) again = press (finger, ways[i], 100 + seed);
      g_assert_cmpint (compare (finger, again), >=, TAMBO_MATCH_THRESHOLD);
      g_assert_cmpint (compare (again, finger), >=, TAMBO_MATCH_THRESHOLD);
    }
  }
}

static void test_different (void) {
  int reached = 0;
  for (guint32 seed = 0; seed < 20; seed++) {
    g_autoptr (TamboMinutiaeRecord) a = finger_new (seed);
    for (guint32 other = 20; other < 40; other++) {
      g_autoptr (TamboMinutiaeRecord) b = finger_new (other);
      reached += compare (a, b) >= TAMBO_MATCH_THRESHOLD;
    }
  }
  g_assert_cmpint (reached, <=, 2); /* of 400 */
}

static void test_symmetric (void) {
  for (guint32 seed = 0; seed < 20; seed++) {
    g_autoptr (TamboMinutiaeRecord) a = finger_new (seed);
    g_autoptr (TamboMinutiaeRecord) b = press (a, (Press){ .turn = 10, .noise = 5, .lost = 15 }, 7);
    g_assert_cmpint (abs (compare (a, b) - compare (b, a)), <=, 100);
  }
}

/* Half of the resolution, told by the record. */
static void test_resolution (void) {
  g_autoptr (TamboMinutiaeRecord) a = finger_new (3);
  g_autoptr (TamboMinutiaeRecord) b = finger_new (3);
  TamboMinutiaeView *view = g_ptr_array_index (b->views, 0);
  for (guint i = 0; i < view->minutiae->len; i++) {
    g_array_index (view->minutiae, TamboMinutia, i).x /= 2;
    g_array_index (view->minutiae, TamboMinutia, i).y /= 2;
  }
  b->per_centimetre_x = b->per_centimetre_y = 98;
  g_assert_cmpint (compare (a, b), >=, 600);
}

static void test_few (void) {
  for (guint n = 1; n <= 6; n++) {
    g_autoptr (TamboMinutiaeRecord) a = finger_new (1), b = finger_new (2);
    g_array_set_size (((TamboMinutiaeView *) g_ptr_array_index (a->views, 0))->minutiae, n);
    g_array_set_size (((TamboMinutiaeView *) g_ptr_array_index (b->views, 0))->minutiae, n);
    g_assert_cmpint (compare (a, b), <, TAMBO_MATCH_THRESHOLD);
  }
}

/* All at one place: nothing may divide by it. */
static void test_degenerate (void) {
  g_autoptr (TamboMinutiaeRecord) a = finger_new (1), b = finger_new (2);
  TamboMinutiaeView *view = g_ptr_array_index (a->views, 0);
  for (guint i = 0; i < view->minutiae->len; i++)
    g_array_index (view->minutiae, TamboMinutia, i) =
        g_array_index (view->minutiae, TamboMinutia, 0);
  int score = compare (a, b);
  g_assert_cmpint (score, >=, 0);
  g_assert_cmpint (score, <, TAMBO_MATCH_THRESHOLD);
  g_assert_cmpint (compare (a, a), <=, TAMBO_MATCH_SCORE_MAX);
}

static void test_rates (void) {
  double before = 1;
  for (int score = 0; score <= TAMBO_MATCH_SCORE_MAX; score++) {
    double rate = tambo_match_false_match_rate (score);
    g_assert_cmpfloat (rate, >, 0);
    g_assert_cmpfloat (rate, <=, before);
    before = rate;
  }
  g_assert_cmpfloat_with_epsilon (tambo_match_false_match_rate (TAMBO_MATCH_THRESHOLD), 0.001,
                                  1e-6);
}

static void test_refused (void) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) text = g_bytes_new_static ("no finger", 9);
  g_autoptr (TamboImage) blank = tambo_image_new (300, 400, 1);
  g_autoptr (TamboImage) dot = tambo_image_new (3, 4, 1);

  g_assert_null (tambo_fingerprint_from_bytes (text, 0, &error));
  g_assert_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_UNSUPPORTED);
  g_clear_error (&error);
  g_assert_null (tambo_fingerprint_from_image (blank, &error));
  g_assert_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_MALFORMED);
  g_clear_error (&error);
  g_assert_null (tambo_fingerprint_from_image (dot, &error));
  g_assert_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_UNSUPPORTED);
}

static void test_sequence (void) {
  g_autoptr (TamboMinutiaeRecord) a = finger_new (1), b = finger_new (2), c = finger_new (3);
  g_autoptr (TamboMinutiaeRecord) a2 = press (a, (Press){ .turn = 9, .noise = 2 }, 5);
  g_autoptr (TamboMinutiaeRecord) b2 = press (b, (Press){ .turn = -9, .noise = 2 }, 6);
  g_autoptr (TamboFingerprint) fa = load (a), fb = load (b), fc = load (c), fa2 = load (a2),
                               fb2 = load (b2);

  const TamboFingerprintSample good[] = { { 2, fa }, { 3, fb }, { 7, fc } };
  g_autoptr (GArray) none = tambo_fingerprint_check_sequence (good, 3, NULL, 0);
  g_assert_cmpuint (none->len, ==, 0);

  const TamboFingerprintSample twice[] = { { 2, fa }, { 3, fb }, { 4, fa2 } };
  g_autoptr (GArray) same = tambo_fingerprint_check_sequence (twice, 3, NULL, 0);
  g_assert_cmpuint (same->len, ==, 1);
  const TamboSequenceFinding *finding = &g_array_index (same, TamboSequenceFinding, 0);
  g_assert_cmpint (finding->kind, ==, TAMBO_SEQUENCE_SAME_FINGER);
  g_assert_cmpint (finding->position, ==, 4);
  g_assert_cmpint (finding->other, ==, 2);
  g_assert_cmpint (finding->score, >=, TAMBO_MATCH_THRESHOLD);

  /* Enrolled before as right index and left index; now left is given for right, and little. */
  const TamboFingerprintSample before[] = { { 2, fa }, { 7, fb } };
  const TamboFingerprintSample right[] = { { 2, fa2 }, { 7, fb2 } };
  const TamboFingerprintSample wrong[] = { { 7, fa2 }, { 5, fb2 } };
  g_autoptr (GArray) fine = tambo_fingerprint_check_sequence (right, 2, before, 2);
  g_autoptr (GArray) swapped = tambo_fingerprint_check_sequence (wrong, 2, before, 2);
  g_assert_cmpuint (fine->len, ==, 0);
  g_assert_cmpuint (swapped->len, ==, 2);
  g_assert_cmpint (g_array_index (swapped, TamboSequenceFinding, 0).kind, ==,
                   TAMBO_SEQUENCE_SWAPPED_HANDS);
  g_assert_cmpint (g_array_index (swapped, TamboSequenceFinding, 0).other, ==, 2);
  g_assert_cmpint (g_array_index (swapped, TamboSequenceFinding, 1).kind, ==,
                   TAMBO_SEQUENCE_OTHER_FINGER);
}

static void test_data (void) {
  g_autoptr (TamboImage) a = test_picture_load ("fingers/fvc2002_DB1_B/103_1.png");
  g_autoptr (TamboImage) b = test_picture_load ("fingers/fvc2002_DB1_B/103_2.png");
  g_autoptr (TamboImage) c = test_picture_load ("fingers/fvc2002_DB1_B/104_1.png");
  g_autoptr (GError) error = NULL;
  int score;
  gboolean same;

  if (a == NULL || b == NULL || c == NULL) {
    g_test_skip ("skipped: no data");
    return;
  }
  g_autoptr (TamboMinutiaeRecord) record = tambo_minutiae_extract (a);
  g_autoptr (GBytes) bytes = tambo_minutiae_record_encode (record);
  g_assert_true (tambo_fingerprint_verify (b, bytes, &score, &same, &error));
  g_assert_true (same);
  g_assert_true (tambo_fingerprint_verify (c, bytes, &score, &same, &error));
  g_assert_false (same);

  /* A record of others has no ridge flow. */
  g_clear_pointer (&((TamboMinutiaeView *) g_ptr_array_index (record->views, 0))->extended,
                   g_bytes_unref);
  g_autoptr (GBytes) plain = tambo_minutiae_record_encode (record);
  g_assert_true (tambo_fingerprint_verify (b, plain, &score, &same, &error));
  g_assert_true (same);
  g_assert_true (tambo_fingerprint_verify (c, plain, &score, &same, &error));
  g_assert_false (same);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fingerprint-compare/same", test_same);
  g_test_add_func ("/fingerprint-compare/different", test_different);
  g_test_add_func ("/fingerprint-compare/symmetric", test_symmetric);
  g_test_add_func ("/fingerprint-compare/resolution", test_resolution);
  g_test_add_func ("/fingerprint-compare/few", test_few);
  g_test_add_func ("/fingerprint-compare/degenerate", test_degenerate);
  g_test_add_func ("/fingerprint-compare/rates", test_rates);
  g_test_add_func ("/fingerprint-compare/refused", test_refused);
  g_test_add_func ("/fingerprint-compare/sequence", test_sequence);
  g_test_add_func ("/fingerprint-compare/data", test_data);
  return g_test_run ();
}
