/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a process without a key may say and see of a case.
 */
#include "hq/verdict.h"

#include <string.h>

#include "hq/validation.h"
#include "made-hq.h"

#define CASE "11111111-1111-4111-8111-111111111111"

static void refused (TamboHq *hq, const char *case_id, gboolean is_accepted, const char *reason,
                     const char *person, TamboHqError code) {
  g_autoptr (GError) error = NULL;

  g_assert_false (tambo_hq_verdict_post (hq, case_id, is_accepted, reason, NULL, person, &error));
  g_assert_error (error, TAMBO_HQ_ERROR, (int) code);
}

static void refused_recapture (TamboHq *hq, gboolean is_accepted, const char *reason,
                               const char *slot) {
  const char *const recapture[] = { "portrait", slot, NULL };
  g_autoptr (GError) error = NULL;

  g_assert_false (tambo_hq_verdict_post (hq, CASE, is_accepted, reason, recapture, "ana", &error));
  g_assert_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID);
}

static void test_words (void) {
  g_auto (MadeHq) made = { NULL };
  g_autoptr (TamboHq) hq = NULL;
  g_autoptr (GPtrArray) words = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *long_reason = g_strnfill (2001, 'x');

  made_hq_init (&made);
  made_hq_add_case (&made, CASE, "TB-1", "pending");
  made_hq_add_case (&made, "ordered", "TB-2", "ordered");
  hq = tambo_hq_open_as (TAMBO_HQ_VIEWER, made.folder, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_null (hq->signing_key);
  g_assert_false (tambo_key_is_private (hq->envelope_key));

  refused (hq, "nobody", TRUE, NULL, "ana", TAMBO_HQ_ERROR_STATE);
  refused (hq, "ordered", TRUE, NULL, "ana", TAMBO_HQ_ERROR_STATE);
  refused (hq, CASE, FALSE, NULL, "ana", TAMBO_HQ_ERROR_INVALID);
  refused (hq, CASE, FALSE, "", "ana", TAMBO_HQ_ERROR_INVALID);
  refused (hq, CASE, FALSE, long_reason, "ana", TAMBO_HQ_ERROR_INVALID);
  refused (hq, CASE, TRUE, "why not", "ana", TAMBO_HQ_ERROR_INVALID);
  refused (hq, CASE, TRUE, NULL, "", TAMBO_HQ_ERROR_INVALID);
  refused_recapture (hq, TRUE, NULL, "portrait");
  refused_recapture (hq, FALSE, "too dark", "");
  refused_recapture (hq, FALSE, "too dark", "Her face");
  refused_recapture (hq, FALSE, "too dark",
                     "a-name-of-a-sample-that-has-more-characters-than-any-that-there-is");
  g_assert_true (tambo_hq_verdict_post (hq, CASE, FALSE, "her brother came", NULL, "ana", &error));
  g_assert_no_error (error);
  /* One at a time. */
  refused (hq, CASE, TRUE, NULL, "eva", TAMBO_HQ_ERROR_STATE);
  words = tambo_hq_verdict_list (hq, CASE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (words->len, ==, 1);
  const TamboHqVerdict *word = words->pdata[0];
  g_assert_cmpstr (word->person, ==, "ana");
  g_assert_cmpstr (word->state, ==, TAMBO_HQ_VERDICT_WAITING);
  g_assert_false (word->is_accepted);
}

/* No byte of the reason is in the row, nor, where they are ours, in the database's files. */
static void test_reason_is_sealed (void) {
  g_auto (MadeHq) made = { NULL };
  static const char *const names[] = { "hq.db", "hq.db-wal" };
  g_autoptr (TamboQuery) query = NULL;
  g_autoptr (GBytes) sealed = NULL;
  const char *data;
  gsize size;

  made_hq_init (&made);
  made_hq_add_case (&made, CASE, "TB-1", "pending");
  g_assert_true (
      tambo_hq_verdict_post (made.hq, CASE, FALSE, "her brother came", NULL, "ana", NULL));
  query = tambo_database_query (made.hq->database, NULL, "SELECT sealed FROM verdicts", "");
  g_assert_true (tambo_query_next (query, NULL));
  sealed = tambo_query_dup_blob (query, 0);
  g_clear_pointer (&query, tambo_query_free);
  data = g_bytes_get_data (sealed, &size);
  g_assert_cmpuint (size, >, 100);
  g_assert_null (memmem (data, size, "brother", 7));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (made.folder, names[i], NULL);
    g_autofree char *bytes = NULL;

    if (g_file_get_contents (path, &bytes, &size, NULL))
      g_assert_null (memmem (bytes, size, "brother", 7));
  }
}

static void save (MadeHq *made, TamboValidationState state) {
  g_autoptr (GPtrArray) rows =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_validation_free);
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (rows, tambo_validation_new ("completeness", TAMBO_VALIDATION_PASSED, ""));
  g_ptr_array_add (rows, tambo_validation_new ("quality", state, "finger-right-index=3<20"));
  g_assert_true (tambo_hq_validation_save (made->hq, CASE, rows, &error));
  g_assert_no_error (error);
}

/* What is said anew takes the place of what was said before. */
static void test_checks (void) {
  g_auto (MadeHq) made = { NULL };
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;
  gboolean needs_two;

  made_hq_init (&made);
  made_hq_add_case (&made, CASE, "TB-1", "pending");
  save (&made, TAMBO_VALIDATION_OBJECTED);
  g_assert_true (tambo_hq_verdict_needs_two (made.hq, CASE, &needs_two, &error));
  g_assert_true (needs_two);
  save (&made, TAMBO_VALIDATION_UNAVAILABLE);
  g_assert_true (tambo_hq_verdict_needs_two (made.hq, CASE, &needs_two, &error));
  g_assert_false (needs_two);
  rows = tambo_hq_validation_list (made.hq, CASE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, 2);
  const TamboValidation *row = rows->pdata[1];
  g_assert_cmpstr (row->name, ==, "quality");
  g_assert_cmpint (row->state, ==, TAMBO_VALIDATION_UNAVAILABLE);
  g_assert_cmpstr (row->detail, ==, "finger-right-index=3<20");
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hq/verdict/words", test_words);
  g_test_add_func ("/hq/verdict/reason-is-sealed", test_reason_is_sealed);
  g_test_add_func ("/hq/verdict/checks", test_checks);
  return g_test_run ();
}
