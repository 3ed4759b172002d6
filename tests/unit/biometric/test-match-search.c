/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/match-search.h"

#include <math.h>
#include <string.h>

#define FINGERS 2
#define SUBJECTS 150

/* Finger FINGER of SUBJECT: a swarm of minutiae whose directions turn slowly over the print. At PRESS 0 all
 * of them, later moved and turned with some missing. */
static TamboMinutiaeRecord *make_finger (guint subject, guint finger, guint press) {
  const guint32 words[] = { subject, finger + 1 };
  const guint32 press_words[] = { subject, finger + 1, press };
  g_autoptr (GRand) random = g_rand_new_with_seed_array (words, G_N_ELEMENTS (words));
  g_autoptr (GRand) touch = g_rand_new_with_seed_array (press_words, G_N_ELEMENTS (press_words));
  TamboMinutiaeRecord *record = tambo_minutiae_record_new ();
  TamboMinutiaeView *view = tambo_minutiae_view_new ();
  double turn = press == 0 ? 0 : g_rand_double_range (touch, -0.2, 0.2);
  double bend = g_rand_double_range (random, 0.004, 0.012), c = cos (turn), s = sin (turn);

  record->width = record->height = 600;
  record->per_centimetre_x = record->per_centimetre_y = 197;
  for (int i = 0; i < 44; i++) {
    double x = g_rand_double_range (random, -140, 140), y = g_rand_double_range (random, -180, 180);
    double angle = bend * (x - y) + (g_rand_boolean (random) ? G_PI : 0) + turn;
    TamboMinutia minutia = { .type = (guint8) g_rand_int_range (random, 1, 3),
                             .quality = (guint8) g_rand_int_range (random, 40, 95),
                             .angle = (guint8) (int) floor (angle * 128 / G_PI),
                             .x = (guint16) lround (300 + c * x - s * y),
                             .y = (guint16) lround (300 - s * x - c * y) };
    if (press == 0 || g_rand_double (touch) > 0.2)
      g_array_append_val (view->minutiae, minutia);
  }
  g_ptr_array_add (record->views, view);
  return record;
}

static void give_fingers (guint index, TamboMinutiaeRecord **out_fingers, gpointer data) {
  guint first = GPOINTER_TO_UINT (data);

  for (guint i = 0; i < FINGERS; i++)
    out_fingers[i] = make_finger (first + index, i, 0);
}

static guint add_one (TamboMatchSearch *search, guint subject, gboolean second) {
  g_autoptr (TamboMinutiaeRecord) a = make_finger (subject, 0, 0);
  g_autoptr (TamboMinutiaeRecord) b = second ? make_finger (subject, 1, 0) : NULL;
  const TamboMinutiaeRecord *const fingers[] = { a, b };

  return tambo_match_search_add (search, fingers);
}

static GArray *look_for (const TamboMatchSearch *search, guint subject, gboolean first,
                         gboolean second) {
  g_autoptr (TamboMinutiaeRecord) a = first ? make_finger (subject, 0, 1) : NULL;
  g_autoptr (TamboMinutiaeRecord) b = second ? make_finger (subject, 1, 1) : NULL;
  const TamboMinutiaeRecord *const probes[] = { a, b };
  g_autoptr (GError) error = NULL;
  GArray *best = tambo_match_search_run (search, probes, 5, 3, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (best->len, <=, 5);
  return best;
}

static void assert_first (const GArray *best, guint subject) {
  const TamboMatchCandidate *first = &g_array_index (best, TamboMatchCandidate, 0);

  g_assert_cmpuint (best->len, >, 0);
  g_assert_cmpuint (first->subject, ==, subject);
  g_assert_cmpfloat (first->evidence, ==, tambo_match_fuse (first->scores, FINGERS));
  for (guint i = 1; i < best->len; i++)
    g_assert_cmpfloat (g_array_index (best, TamboMatchCandidate, i).evidence, <=,
                       g_array_index (best, TamboMatchCandidate, i - 1).evidence);
}

static void test_finds (void) {
  g_autoptr (TamboMatchSearch) search = tambo_match_search_new (FINGERS);

  g_assert_cmpuint (tambo_match_search_add_many (search, SUBJECTS, 3, give_fingers, NULL), ==, 0);
  g_assert_cmpuint (tambo_match_search_count (search), ==, SUBJECTS);
  g_assert_cmpuint (tambo_match_search_size (search), >, SUBJECTS * 1000);
  for (guint subject = 0; subject < SUBJECTS; subject += 19) {
    g_autoptr (GArray) best = look_for (search, subject, TRUE, TRUE);
    assert_first (best, subject);
    const TamboMatchCandidate *first = &g_array_index (best, TamboMatchCandidate, 0);
    g_assert_cmpint (first->scores[0], >=, TAMBO_MATCH_THRESHOLD);
    g_assert_cmpint (first->scores[1], >=, TAMBO_MATCH_THRESHOLD);
  }
}

/* One by one and many at once are the same register, over the border of its parts. */
static void test_adding (void) {
  g_autoptr (TamboMatchSearch) search = tambo_match_search_new (FINGERS);

  for (guint subject = 0; subject < 3; subject++)
    g_assert_cmpuint (add_one (search, subject, TRUE), ==, subject);
  g_assert_cmpuint (
      tambo_match_search_add_many (search, 520, 3, give_fingers, GUINT_TO_POINTER (3)), ==, 3);
  g_assert_cmpuint (add_one (search, 523, TRUE), ==, 523);
  const guint subjects[] = { 0, 2, 3, 511, 512, 522, 523 };
  for (gsize i = 0; i < G_N_ELEMENTS (subjects); i++) {
    g_autoptr (GArray) best = look_for (search, subjects[i], TRUE, TRUE);
    assert_first (best, subjects[i]);
  }
}

static void test_missing_fingers (void) {
  g_autoptr (TamboMatchSearch) search = tambo_match_search_new (FINGERS);

  for (guint subject = 0; subject < 40; subject++)
    add_one (search, subject, subject != 7);
  g_autoptr (GArray) one_enrolled = look_for (search, 7, TRUE, TRUE);
  g_autoptr (GArray) one_probe = look_for (search, 12, FALSE, TRUE);
  g_autoptr (GArray) nothing = look_for (search, 12, FALSE, FALSE);
  assert_first (one_enrolled, 7);
  g_assert_cmpint (g_array_index (one_enrolled, TamboMatchCandidate, 0).scores[1], ==, 0);
  assert_first (one_probe, 12);
  g_assert_cmpuint (nothing->len, ==, 0);
}

static void test_removed (void) {
  g_autoptr (TamboMatchSearch) search = tambo_match_search_new (FINGERS);

  for (guint subject = 0; subject < 40; subject++)
    add_one (search, subject, TRUE);
  tambo_match_search_remove (search, 5);
  tambo_match_search_remove (search, 5);
  g_assert_cmpuint (tambo_match_search_count (search), ==, 39);
  g_autoptr (GArray) best = look_for (search, 5, TRUE, TRUE);
  for (guint i = 0; i < best->len; i++)
    g_assert_cmpuint (g_array_index (best, TamboMatchCandidate, i).subject, !=, 5);
  g_autoptr (GArray) other = look_for (search, 6, TRUE, TRUE);
  assert_first (other, 6);
}

static void test_empty_and_cancelled (void) {
  g_autoptr (TamboMatchSearch) search = tambo_match_search_new (FINGERS);
  g_autoptr (GArray) none = look_for (search, 1, TRUE, TRUE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (TamboMinutiaeRecord) probe = make_finger (1, 0, 1);
  const TamboMinutiaeRecord *const probes[] = { probe, NULL };
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (none->len, ==, 0);
  add_one (search, 1, TRUE);
  g_cancellable_cancel (cancellable);
  g_assert_null (tambo_match_search_run (search, probes, 5, 2, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void test_fusion (void) {
  const int low[] = { 100, 100 }, threshold[] = { TAMBO_MATCH_THRESHOLD, TAMBO_MATCH_THRESHOLD };
  const int high[] = { 900, 900 }, one[] = { TAMBO_MATCH_THRESHOLD, 0 };

  g_assert_cmpfloat (fabs (tambo_match_fuse (one, 2) - 3), <, 1e-9);
  g_assert_cmpfloat (fabs (tambo_match_fuse (threshold, 2) - 6), <, 1e-9);
  g_assert_cmpfloat (tambo_match_fuse (low, 2), <, 2);
  g_assert_cmpfloat (tambo_match_fuse (high, 2), >=, TAMBO_FUSION_THRESHOLD);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/match-search/finds", test_finds);
  g_test_add_func ("/match-search/adding", test_adding);
  g_test_add_func ("/match-search/missing-fingers", test_missing_fingers);
  g_test_add_func ("/match-search/removed", test_removed);
  g_test_add_func ("/match-search/empty-and-cancelled", test_empty_and_cancelled);
  g_test_add_func ("/match-search/fusion", test_fusion);
  return g_test_run ();
}
