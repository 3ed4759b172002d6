/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/cases.h"

#include <string.h>

#include "base/hash.h"
#include "base/json.h"
#include "desk.h"

static void save (Desk *desk, const TamboEnrolment *enrolment) {
  g_autoptr (GError) error = NULL;

  tambo_cases_save (desk->store, enrolment, DESK_OPERATOR, &error);
  g_assert_no_error (error);
}

static void set_state (Desk *desk, const char *id, TamboCaseState state) {
  g_autoptr (GError) error = NULL;

  tambo_cases_set_state (desk->store, id, state, DESK_OPERATOR, &error);
  g_assert_no_error (error);
}

static char *canonical (const TamboEnrolment *enrolment) {
  g_autoptr (JsonObject) object = tambo_enrolment_to_json (enrolment);

  return tambo_json_canonical (object);
}

static void test_a_case_comes_back_whole (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboEnrolment) enrolment = desk_specimen ();
  g_autoptr (TamboEnrolment) loaded = NULL;
  g_autoptr (TamboCaseRow) row = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  desk_init (&desk);
  enrolment->practice = TRUE;
  tambo_enrolment_add_exception (enrolment, TAMBO_FINGER_LEFT_RING, "bandaged", DESK_OPERATOR);
  save (&desk, enrolment);
  save (&desk, enrolment);
  desk_reopen (&desk);
  loaded = tambo_cases_load (desk.store, enrolment->id, &error);
  g_assert_no_error (error);
  before = canonical (enrolment);
  after = canonical (loaded);
  g_assert_cmpstr (after, ==, before);

  row = tambo_cases_get (desk.store, enrolment->id, &error);
  g_assert_cmpstr (row->tracking_number, ==, enrolment->tracking_number);
  g_assert_cmpstr (row->procedure_id, ==, "passport");
  g_assert_cmpstr (row->operator_id, ==, DESK_OPERATOR);
  g_assert_cmpstr (row->created_at, ==, enrolment->created_at);
  g_assert_cmpint (row->state, ==, TAMBO_CASE_DRAFT);
  g_assert_true (row->practice);
  desk_assert_audit (&desk, "case.new", 1);
  desk_assert_audit (&desk, "case.save", 1);
}

static void test_locked_store_saves_and_loads_nothing (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboEnrolment) enrolment = desk_specimen ();
  g_autoptr (GPtrArray) rows = NULL;

  desk_init (&desk);
  save (&desk, enrolment);
  tambo_store_lock (desk.store);
  g_assert_null (tambo_cases_load (desk.store, enrolment->id, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_LOCKED);
  g_clear_error (&error);
  g_assert_false (tambo_cases_save (desk.store, enrolment, DESK_OPERATOR, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_LOCKED);
  g_clear_error (&error);
  rows = tambo_cases_list (desk.store, &error);
  g_assert_cmpuint (rows->len, ==, 1);
}

/* A case that could not be read back is refused while everything is still on the screen. */
static void test_unreadable_case_is_not_saved (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboEnrolment) enrolment = desk_specimen ();

  desk_init (&desk);
  g_free (enrolment->office);
  enrolment->office = g_strnfill (5000, 'X');
  g_assert_false (tambo_cases_save (desk.store, enrolment, DESK_OPERATOR, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_INVALID);
  g_assert_null (strstr (error->message, "ERIKSSON"));
}

static void test_samples_come_back (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboEnrolment) enrolment = desk_specimen ();
  g_autoptr (TamboEnrolment) loaded = NULL;
  g_autoptr (TamboSample) portrait = desk_portrait ();
  g_autoptr (GBytes) first = desk_bytes (300000);
  g_autoptr (GBytes) second = desk_bytes (1);
  g_autoptr (GBytes) found = NULL;
  g_autofree char *hash = tambo_sha256_hex (second);
  const TamboSample *kept;

  desk_init (&desk);
  g_assert_true (
      tambo_cases_save_sample (desk.store, enrolment, portrait, first, DESK_OPERATOR, &error));
  g_assert_true (
      tambo_cases_save_sample (desk.store, enrolment, portrait, second, DESK_OPERATOR, &error));
  kept = tambo_enrolment_find_sample (enrolment, "portrait");
  g_assert_cmpstr (kept->sha256, ==, hash);
  g_assert_cmpint (kept->size, ==, 1);
  g_assert_null (portrait->sha256);

  desk_reopen (&desk);
  loaded = tambo_cases_load (desk.store, enrolment->id, &error);
  g_assert_no_error (error);
  found = tambo_cases_load_sample (desk.store, loaded, "portrait", &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (found, second));
  g_assert_null (tambo_cases_load_sample (desk.store, loaded, "signature", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NOT_FOUND);
  desk_assert_audit (&desk, "case.new", 1);
  desk_assert_audit (&desk, "sample.save", 2);
  g_assert_cmpint (
      desk_count (&desk, "SELECT CAST (count (*) AS TEXT) FROM samples WHERE slot <> 'aside'"), ==,
      1);
}

static void test_failed_sample_changes_nothing (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboEnrolment) enrolment = desk_specimen ();
  g_autoptr (TamboSample) portrait = desk_portrait ();
  g_autoptr (GBytes) bytes = desk_bytes (1000);

  desk_init (&desk);
  tambo_store_lock (desk.store);
  g_assert_false (
      tambo_cases_save_sample (desk.store, enrolment, portrait, bytes, DESK_OPERATOR, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_LOCKED);
  g_assert_null (tambo_enrolment_find_sample (enrolment, "portrait"));
}

static void test_rolled_back_sample_is_gone (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboEnrolment) enrolment = desk_specimen ();
  g_autoptr (TamboSample) portrait = desk_portrait ();
  g_autoptr (GBytes) bytes = desk_bytes (1000);
  TamboTransaction *transaction;

  desk_init (&desk);
  transaction = tambo_transaction_begin (desk.store, &error);
  g_assert_true (
      tambo_cases_save_sample (desk.store, enrolment, portrait, bytes, DESK_OPERATOR, &error));
  tambo_transaction_free (transaction);
  g_assert_null (tambo_cases_load (desk.store, enrolment->id, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NOT_FOUND);
  desk_assert_audit (&desk, "sample.save", 0);
}

/* The bytes of one slot under the name of another, or of an earlier capture, are not the case's. */
static void test_exchanged_samples_are_found (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboEnrolment) enrolment = desk_specimen ();
  g_autoptr (TamboEnrolment) earlier = NULL;
  g_autoptr (TamboSample) portrait = desk_portrait ();
  g_autoptr (TamboSample) document = desk_document ("travel-document");
  g_autoptr (GBytes) a = desk_bytes (1000);
  g_autoptr (GBytes) b = desk_bytes (1000);

  desk_init (&desk);
  g_assert_true (
      tambo_cases_save_sample (desk.store, enrolment, portrait, a, DESK_OPERATOR, &error));
  earlier = tambo_enrolment_copy (enrolment);
  g_assert_true (
      tambo_cases_save_sample (desk.store, enrolment, portrait, b, DESK_OPERATOR, &error));
  g_assert_null (tambo_cases_load_sample (desk.store, earlier, "portrait", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT);
  g_clear_error (&error);
  g_assert_true (
      tambo_cases_save_sample (desk.store, enrolment, document, a, DESK_OPERATOR, &error));
  desk_sql (&desk, "UPDATE samples SET (sealed, sha256) ="
                   " (SELECT sealed, sha256 FROM samples WHERE slot = 'portrait')"
                   " WHERE slot <> 'portrait'");
  g_assert_null (
      tambo_cases_load_sample (desk.store, enrolment, "document-travel-document", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT);
}

static void test_states (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboEnrolment) enrolment = desk_specimen ();
  g_autoptr (TamboEnrolment) waiting = NULL;
  g_autoptr (TamboCaseRow) row = NULL;
  g_autoptr (TamboSample) portrait = desk_portrait ();
  g_autoptr (GBytes) bytes = desk_bytes (1000);

  desk_init (&desk);
  g_assert_true (
      tambo_cases_save_sample (desk.store, enrolment, portrait, bytes, DESK_OPERATOR, &error));
  set_state (&desk, enrolment->id, TAMBO_CASE_WAITING);
  save (&desk, enrolment); /* still says "draft"; the row's state stands */
  waiting = tambo_cases_load (desk.store, enrolment->id, &error);
  g_assert_cmpint (waiting->state, ==, TAMBO_CASE_WAITING);
  g_assert_false (
      tambo_cases_set_state (desk.store, enrolment->id, TAMBO_CASE_ISSUED, DESK_OPERATOR, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE);
  g_clear_error (&error);
  set_state (&desk, enrolment->id, TAMBO_CASE_DRAFT);
  set_state (&desk, enrolment->id, TAMBO_CASE_QUEUED);

  g_assert_null (tambo_cases_load (desk.store, enrolment->id, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE);
  g_clear_error (&error);
  g_assert_false (tambo_cases_save (desk.store, enrolment, DESK_OPERATOR, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE);
  g_clear_error (&error);
  g_assert_cmpint (desk_count (&desk, "SELECT CAST (count (*) AS TEXT) FROM samples"), ==, 0);
  g_assert_cmpint (
      desk_count (&desk, "SELECT CAST (count (*) AS TEXT) FROM cases WHERE sealed IS NOT NULL"), ==,
      0);
  row = tambo_cases_get (desk.store, enrolment->id, &error);
  g_assert_cmpint (row->state, ==, TAMBO_CASE_QUEUED);
  desk_assert_audit (&desk, "case.waiting", 1);
  desk_assert_audit (&desk, "case.draft", 1);
  desk_assert_audit (&desk, "case.queued", 1);
}

static void test_new_case_is_a_draft (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboEnrolment) enrolment = desk_specimen ();

  desk_init (&desk);
  enrolment->state = TAMBO_CASE_ISSUED;
  g_assert_false (tambo_cases_save (desk.store, enrolment, DESK_OPERATOR, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE);
}

static void assert_resolves (Desk *desk, const char *text, const char *id, TamboStoreError code) {
  g_autoptr (GError) error = NULL;
  g_autofree char *found = tambo_cases_resolve (desk->store, text, &error);

  g_assert_cmpstr (found, ==, id);
  if (id == NULL)
    g_assert_error (error, TAMBO_STORE_ERROR, (int) code);
  else
    g_assert_no_error (error);
}

static void test_resolve (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (TamboEnrolment) a = desk_specimen ();
  g_autoptr (TamboEnrolment) b = desk_specimen ();
  g_autofree char *upper = NULL;
  g_autofree char *tracking = NULL;
  g_autofree char *prefix = NULL;

  desk_init (&desk);
  memcpy (a->id, "abcd0001", 8);
  memcpy (b->id, "abcd0002", 8);
  save (&desk, a);
  save (&desk, b);
  upper = g_ascii_strup (a->id, -1);
  tracking = g_ascii_strdown (b->tracking_number, -1);
  prefix = g_strndup (b->id, 8);
  assert_resolves (&desk, a->id, a->id, 0);
  assert_resolves (&desk, upper, a->id, 0);
  assert_resolves (&desk, prefix, b->id, 0);
  assert_resolves (&desk, b->tracking_number, b->id, 0);
  assert_resolves (&desk, tracking, b->id, 0);
  assert_resolves (&desk, "abcd", NULL, TAMBO_STORE_ERROR_INVALID);
  assert_resolves (&desk, "%", NULL, TAMBO_STORE_ERROR_NOT_FOUND);
  assert_resolves (&desk, "", NULL, TAMBO_STORE_ERROR_NOT_FOUND);
  assert_resolves (&desk, "ffff", NULL, TAMBO_STORE_ERROR_NOT_FOUND);
}

static void test_list_is_newest_first (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  static const char *const days[] = { "2026-03-02", "2026-03-04", "2026-03-03" };

  desk_init (&desk);
  for (gsize i = 0; i < G_N_ELEMENTS (days); i++) {
    g_autoptr (TamboEnrolment) enrolment = desk_specimen ();

    memcpy (enrolment->created_at, days[i], 10);
    save (&desk, enrolment);
  }
  rows = tambo_cases_list (desk.store, &error);
  g_assert_cmpuint (rows->len, ==, 3);
  for (guint i = 0; i < 3; i++) {
    const TamboCaseRow *row = rows->pdata[i];

    g_assert_cmpint (row->created_at[9], ==, '4' - (int) i);
  }
}

/* What one process saves the other one loads. */
static void test_two_connections (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboEnrolment) enrolment = desk_specimen ();
  g_autoptr (TamboEnrolment) loaded = NULL;
  g_autoptr (TamboSample) portrait = desk_portrait ();
  g_autoptr (GBytes) bytes = desk_bytes (50000);
  g_autoptr (GBytes) found = NULL;
  g_autoptr (TamboStore) other = NULL;

  desk_init (&desk);
  other = desk_open_again (&desk);
  desk_sign_in (other);
  g_assert_true (
      tambo_cases_save_sample (desk.store, enrolment, portrait, bytes, DESK_OPERATOR, &error));
  loaded = tambo_cases_load (other, enrolment->id, &error);
  g_assert_no_error (error);
  found = tambo_cases_load_sample (other, loaded, "portrait", &error);
  g_assert_true (g_bytes_equal (found, bytes));
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/cases/whole", test_a_case_comes_back_whole);
  g_test_add_func ("/cases/locked", test_locked_store_saves_and_loads_nothing);
  g_test_add_func ("/cases/unreadable", test_unreadable_case_is_not_saved);
  g_test_add_func ("/cases/sample/back", test_samples_come_back);
  g_test_add_func ("/cases/sample/failed", test_failed_sample_changes_nothing);
  g_test_add_func ("/cases/sample/rolled-back", test_rolled_back_sample_is_gone);
  g_test_add_func ("/cases/sample/exchanged", test_exchanged_samples_are_found);
  g_test_add_func ("/cases/states", test_states);
  g_test_add_func ("/cases/new-is-draft", test_new_case_is_a_draft);
  g_test_add_func ("/cases/resolve", test_resolve);
  g_test_add_func ("/cases/list", test_list_is_newest_first);
  g_test_add_func ("/cases/two-connections", test_two_connections);
  return g_test_run ();
}
