/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Who is known under another name: the same fingers are found among two hundred others, and nobody else is.
 */
#include "hq/gallery.h"

#include <string.h>

#include "../print.h"
#include "base/bytes.h"
#include "biometric/minutiae.h"
#include "made-hq.h"

#define OTHERS 200
#define RIGHT_INDEX (TAMBO_FINGER_RIGHT_INDEX - 1)
#define LEFT_INDEX (TAMBO_FINGER_LEFT_INDEX - 1)

/* Minutiae strewn over a fingertip: nobody's finger, and quickly made. */
static TamboMinutiaeRecord *strew (guint32 seed) {
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  TamboMinutiaeRecord *record = tambo_minutiae_record_new ();
  TamboMinutiaeView *view = tambo_minutiae_view_new ();

  record->width = 320;
  record->height = 400;
  record->per_centimetre_x = record->per_centimetre_y = 197;
  for (int i = 0; i < 34; i++) {
    TamboMinutia minutia = { .type = (guint8) g_rand_int_range (random, 1, 3),
                             .angle = (guint8) g_rand_int_range (random, 0, 256),
                             .quality = 60,
                             .x = (guint16) g_rand_int_range (random, 40, 280),
                             .y = (guint16) g_rand_int_range (random, 40, 360) };

    g_array_append_val (view->minutiae, minutia);
  }
  g_ptr_array_add (record->views, view);
  return record;
}

static TamboMinutiaeRecord *press (guint32 seed, double noise) {
  g_autoptr (TamboImage) image = print_new (seed, noise);

  return tambo_minutiae_extract (image);
}

/* Takes both. */
static TamboFingerSet *set_of (TamboMinutiaeRecord *right, TamboMinutiaeRecord *left) {
  TamboFingerSet *set = tambo_finger_set_new ();

  set->records[RIGHT_INDEX] = right;
  set->records[LEFT_INDEX] = left;
  set->count = 2;
  return set;
}

static void keep (MadeHq *made, const char *case_id, TamboFingerSet *set) {
  g_autoptr (TamboFingerSet) owned = set;
  g_autoptr (GError) error = NULL;

  tambo_gallery_save (made->hq, case_id, set, &error);
  g_assert_no_error (error);
}

static void keep_others (MadeHq *made) {
  g_autoptr (TamboWork) work = tambo_work_begin (made->hq->database, NULL);

  for (guint32 i = 0; i < OTHERS; i++) {
    g_autofree char *id = g_strdup_printf ("other-%u", i);

    keep (made, id, set_of (strew (2 * i + 1000), strew (2 * i + 1001)));
  }
  g_assert_true (tambo_work_commit (work, NULL));
}

static GPtrArray *search (TamboHq *hq, const TamboFingerSet *set, const char *case_id) {
  g_autoptr (GError) error = NULL;
  GPtrArray *found = tambo_gallery_search (hq, set, case_id, 5, &error);

  g_assert_no_error (error);
  return found;
}

static void test_search (void) {
  g_auto (MadeHq) made = { NULL };
  g_autoptr (TamboFingerSet) again = set_of (press (7, 40), press (8, 40));
  g_autoptr (TamboFingerSet) stranger = set_of (press (9, 0), press (10, 0));
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GPtrArray) none = NULL;
  g_autoptr (GPtrArray) own = NULL;

  made_hq_init (&made);
  keep (&made, "first", set_of (press (7, 0), press (8, 0)));
  keep_others (&made);
  found = search (made.hq, again, "second");
  g_assert_cmpuint (found->len, ==, 1);
  const TamboGalleryCandidate *candidate = found->pdata[0];
  g_assert_cmpstr (candidate->case_id, ==, "first");
  g_assert_cmpfloat (candidate->evidence, >=, TAMBO_FUSION_THRESHOLD);
  g_test_message ("evidence %.1f", candidate->evidence);
  none = search (made.hq, stranger, "third");
  g_assert_cmpuint (none->len, ==, 0);
  /* A case is no candidate of its own. */
  own = search (made.hq, again, "first");
  g_assert_cmpuint (own->len, ==, 0);
}

/* What another process adds is found by one that has its gallery in memory; what it replaced, no more. */
static void test_follows (void) {
  g_auto (MadeHq) made = { NULL };
  g_autoptr (TamboHq) other = NULL;
  g_autoptr (TamboFingerSet) first = set_of (press (7, 40), press (8, 40));
  g_autoptr (TamboFingerSet) second = set_of (press (9, 40), press (10, 40));
  g_autoptr (GPtrArray) before = NULL;
  g_autoptr (GPtrArray) after = NULL;
  g_autoptr (GPtrArray) gone = NULL;

  made_hq_init (&made);
  keep (&made, "case", set_of (press (7, 0), press (8, 0)));
  other = tambo_hq_open (made.folder, NULL);
  before = search (other, first, "x");
  g_assert_cmpuint (before->len, ==, 1);
  keep (&made, "case", set_of (press (9, 0), press (10, 0)));
  after = search (other, second, "x");
  g_assert_cmpuint (after->len, ==, 1);
  gone = search (other, first, "x");
  g_assert_cmpuint (gone->len, ==, 0);
}

static gint64 ask (MadeHq *made, const char *sql) {
  gint64 value;

  g_assert_true (tambo_database_get_int (made->hq->database, -1, &value, NULL, sql, ""));
  return value;
}

/* At rest there is nothing of a template; a row that was put under another case's name is not believed. */
static void test_sealed (void) {
  g_auto (MadeHq) made = { NULL };
  g_autoptr (TamboFingerSet) again = set_of (press (7, 40), press (8, 40));
  g_autoptr (GPtrArray) found = NULL;
  g_autoptr (GBytes) sealed = NULL;
  gsize size;

  made_hq_init (&made);
  keep (&made, "first", set_of (press (7, 0), press (8, 0)));
  {
    g_autoptr (TamboQuery) query =
        tambo_database_query (made.hq->database, NULL, "SELECT sealed FROM gallery", "");

    g_assert_true (tambo_query_next (query, NULL));
    sealed = tambo_query_dup_blob (query, 0);
  }
  const char *data = g_bytes_get_data (sealed, &size);
  g_assert_null (memmem (data, size, "FMR", 4));
  g_assert_true (
      tambo_database_run (made.hq->database, NULL, "UPDATE gallery SET case_id = 'b'", ""));
  found = search (made.hq, again, "second");
  g_assert_cmpuint (found->len, ==, 0);
  g_assert_cmpint (ask (&made, "SELECT count(*) FROM alarms WHERE kind = 'gallery'"), ==, 1);
}

/* A machine holds so many, and says so. A key that is gone is not made anew. */
static void test_limits (void) {
  g_auto (MadeHq) made = { NULL };
  g_autoptr (TamboHq) other = NULL;
  g_autoptr (TamboFingerSet) set = set_of (strew (1), strew (2));
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  made_hq_init (&made);
  keep (&made, "a", set_of (strew (1), strew (2)));
  keep (&made, "b", set_of (strew (3), strew (4)));
  g_assert_true (tambo_database_set_setting (made.hq->database, "gallery_limit", "1", NULL));
  g_assert_null (tambo_gallery_search (made.hq, set, "c", 5, &error));
  g_assert_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_STATE);
  g_clear_error (&error);
  path = g_build_filename (made.folder, "private", "gallery.key", NULL);
  g_assert_cmpint (remove (path), ==, 0);
  other = tambo_hq_open (made.folder, NULL);
  g_assert_null (tambo_gallery_search (other, set, "c", 5, &error));
  g_assert_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_FAILED);
}

static void test_truncation (void) {
  g_autoptr (TamboFingerSet) set = set_of (strew (1), strew (2));
  g_autoptr (GBytes) bytes = tambo_finger_set_encode (set);
  g_autoptr (TamboFingerSet) whole = tambo_finger_set_parse (bytes, NULL);
  gsize size = g_bytes_get_size (bytes);

  g_assert_nonnull (whole);
  g_assert_cmpuint (whole->count, ==, 2);
  for (gsize i = 1; i < size; i++) {
    g_autoptr (GBytes) part = g_bytes_new_from_bytes (bytes, 0, i);
    g_autoptr (GError) error = NULL;
    g_autoptr (TamboFingerSet) cut = tambo_finger_set_parse (part, &error);

    /* Cut between two fingers it is the first of them. */
    g_assert_true ((cut == NULL) == (error != NULL));
    if (cut != NULL)
      g_assert_cmpuint (cut->count, ==, 1);
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hq/gallery/search", test_search);
  g_test_add_func ("/hq/gallery/follows", test_follows);
  g_test_add_func ("/hq/gallery/sealed", test_sealed);
  g_test_add_func ("/hq/gallery/limits", test_limits);
  g_test_add_func ("/hq/gallery/truncation", test_truncation);
  return g_test_run ();
}
