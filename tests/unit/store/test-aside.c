/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is taken out of a case can be put back, after a crash as well, and is gone with the draft.
 */
#include "store/aside.h"

#include <string.h>

#include "desk.h"

#define SLOT "finger-left-ring"

static void save_print (Desk *desk, TamboEnrolment *enrolment, const char *text) {
  g_autoptr (TamboSample) sample = tambo_sample_new (TAMBO_SAMPLE_FINGERPRINT);
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  g_autoptr (GError) error = NULL;

  sample->finger = TAMBO_FINGER_LEFT_RING;
  sample->media_type = g_strdup ("image/png");
  sample->device = g_strdup ("file");
  sample->operator_id = g_strdup (DESK_OPERATOR);
  sample->captured_at = g_strdup ("2026-03-02T09:40:00Z");
  tambo_cases_save_sample (desk->store, enrolment, sample, bytes, DESK_OPERATOR, &error);
  g_assert_no_error (error);
}

static void assert_print (Desk *desk, const TamboEnrolment *enrolment, const char *text) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboEnrolment) loaded = tambo_cases_load (desk->store, enrolment->id, &error);
  g_autoptr (GBytes) bytes = NULL;

  g_assert_no_error (error);
  if (text == NULL) {
    g_assert_null (tambo_enrolment_find_sample (enrolment, SLOT));
    g_assert_null (tambo_enrolment_find_sample (loaded, SLOT));
    return;
  }
  g_assert_nonnull (tambo_enrolment_find_sample (enrolment, SLOT));
  bytes = tambo_cases_load_sample (desk->store, loaded, SLOT, &error);
  g_assert_no_error (error);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), text, strlen (text));
}

static void restore (Desk *desk, TamboEnrolment *enrolment) {
  g_autoptr (GError) error = NULL;

  tambo_aside_restore (desk->store, enrolment, DESK_OPERATOR, &error);
  g_assert_no_error (error);
}

static void assert_nothing_aside (Desk *desk, TamboEnrolment *enrolment) {
  g_autoptr (GError) error = NULL;

  g_assert_false (tambo_aside_restore (desk->store, enrolment, DESK_OPERATOR, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NOT_FOUND);
}

static void test_removed (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (TamboEnrolment) enrolment = desk_specimen ();
  g_autoptr (GError) error = NULL;

  desk_init (&desk);
  save_print (&desk, enrolment, "first");
  assert_nothing_aside (&desk, enrolment);
  g_assert_true (tambo_aside_remove (desk.store, enrolment, SLOT, DESK_OPERATOR, &error));
  assert_print (&desk, enrolment, NULL);
  desk_assert_audit (&desk, "sample.remove", 1);

  desk_reopen (&desk);
  g_autoptr (TamboEnrolment) loaded = tambo_cases_load (desk.store, enrolment->id, &error);
  restore (&desk, loaded);
  assert_print (&desk, loaded, "first");
  desk_assert_audit (&desk, "sample.restore", 1);
  /* And out again. */
  restore (&desk, loaded);
  assert_print (&desk, loaded, NULL);

  g_assert_false (tambo_aside_remove (desk.store, loaded, SLOT, DESK_OPERATOR, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NOT_FOUND);
}

static void test_replaced (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (TamboEnrolment) enrolment = desk_specimen ();

  desk_init (&desk);
  save_print (&desk, enrolment, "first");
  save_print (&desk, enrolment, "second");
  assert_print (&desk, enrolment, "second");
  restore (&desk, enrolment);
  assert_print (&desk, enrolment, "first");
  restore (&desk, enrolment);
  assert_print (&desk, enrolment, "second");
}

static void test_excepted (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (TamboEnrolment) enrolment = desk_specimen ();
  g_autoptr (GError) error = NULL;

  desk_init (&desk);
  save_print (&desk, enrolment, "weak");
  g_assert_true (tambo_aside_except (desk.store, enrolment, TAMBO_FINGER_LEFT_RING, "bandaged",
                                     DESK_OPERATOR, &error));
  g_assert_nonnull (tambo_enrolment_find_exception (enrolment, TAMBO_FINGER_LEFT_RING));
  restore (&desk, enrolment);
  g_assert_null (tambo_enrolment_find_exception (enrolment, TAMBO_FINGER_LEFT_RING));
  assert_print (&desk, enrolment, "weak");
  restore (&desk, enrolment);
  const TamboFingerException *exception =
      tambo_enrolment_find_exception (enrolment, TAMBO_FINGER_LEFT_RING);
  g_assert_cmpstr (exception->reason, ==, "bandaged");
}

static int refuse_samples (void *data, int action, const char *table, const char *column,
                           const char *database, const char *trigger) {
  return action == SQLITE_READ && g_strcmp0 (table, "samples") == 0
                 && g_strcmp0 (column, "sha256") == 0 && trigger == NULL
             ? SQLITE_DENY
             : SQLITE_OK;
}

/* A disk that fails at what is there costs it nothing; rot does, which is lost already. */
static void test_not_read (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (TamboEnrolment) enrolment = desk_specimen ();
  g_autoptr (GError) error = NULL;

  desk_init (&desk);
  save_print (&desk, enrolment, "first");
  sqlite3_set_authorizer (desk.store->db, refuse_samples, NULL);
  g_assert_false (tambo_aside_remove (desk.store, enrolment, SLOT, DESK_OPERATOR, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_FAILED);
  sqlite3_set_authorizer (desk.store->db, NULL, NULL);
  assert_print (&desk, enrolment, "first");

  desk_write (&desk, "UPDATE samples SET sealed = x'00'");
  save_print (&desk, enrolment, "second");
  assert_print (&desk, enrolment, "second");
  assert_nothing_aside (&desk, enrolment);
}

/* The step was left, or the case: nothing of it lies anywhere. */
static void test_forgotten (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (TamboEnrolment) enrolment = desk_specimen ();
  g_autoptr (GError) error = NULL;

  desk_init (&desk);
  save_print (&desk, enrolment, "first");
  g_assert_true (tambo_aside_remove (desk.store, enrolment, SLOT, DESK_OPERATOR, &error));
  g_assert_true (tambo_aside_forget (desk.store, enrolment->id, &error));
  assert_nothing_aside (&desk, enrolment);

  save_print (&desk, enrolment, "first");
  save_print (&desk, enrolment, "second");
  tambo_cases_set_state (desk.store, enrolment->id, TAMBO_CASE_DISCARDED, DESK_OPERATOR, &error);
  g_assert_no_error (error);
  assert_nothing_aside (&desk, enrolment);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/store/aside/removed", test_removed);
  g_test_add_func ("/store/aside/replaced", test_replaced);
  g_test_add_func ("/store/aside/excepted", test_excepted);
  g_test_add_func ("/store/aside/forgotten", test_forgotten);
  g_test_add_func ("/aside/not-read", test_not_read);
  return g_test_run ();
}
