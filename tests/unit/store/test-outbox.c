/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/outbox.h"

#include <string.h>

#include "base/bytes.h"
#include "base/hash.h"
#include "desk.h"
#include "store/audit.h"
#include "store/cases.h"
#include "store/inbox.h"

static gboolean append (Desk *desk, const char *id, const char *kind, const char *case_id,
                        int priority, gint64 sequence, GError **error) {
  TamboOutboxRow row = { .id = (char *) id,
                         .kind = (char *) kind,
                         .case_id = (char *) case_id,
                         .sequence = sequence,
                         .priority = priority };
  g_autofree char *manifest = g_strdup_printf ("{\"id\":\"%s\"}", id);
  g_autofree char *content = g_strdup_printf ("sealed record of %s", id);
  g_autoptr (GBytes) sealed = g_bytes_new (content, strlen (content));

  return tambo_outbox_append (desk->store, &row, manifest, sealed, error);
}

static void append_next (Desk *desk, const char *id, int priority) {
  g_autoptr (GError) error = NULL;
  g_autofree char *previous = NULL;
  gint64 next;

  g_assert_true (tambo_outbox_head (desk->store, &next, &previous, &error));
  append (desk, id, "event", NULL, priority, next, &error);
  g_assert_no_error (error);
}

static void assert_next (Desk *desk, const char *id) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboOutboxRow) row = tambo_outbox_next (desk->store, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (row != NULL ? row->id : NULL, ==, id);
}

/* A case that is queued, with its record in the outbox. */
static char *queue_case (Desk *desk, gint64 sequence) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboEnrolment) enrolment = desk_specimen ();
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (desk->store, &error);

  g_assert_true (tambo_cases_save (desk->store, enrolment, DESK_OPERATOR, &error));
  g_assert_true (append (desk, enrolment->id, "enrolment", enrolment->id, 2, sequence, &error));
  g_assert_true (
      tambo_cases_set_state (desk->store, enrolment->id, TAMBO_CASE_QUEUED, DESK_OPERATOR, &error));
  g_assert_true (tambo_transaction_commit (transaction, &error));
  return g_strdup (enrolment->id);
}

static void assert_case (Desk *desk, const char *id, TamboCaseState state) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboCaseRow) row = tambo_cases_get (desk->store, id, &error);

  g_assert_no_error (error);
  g_assert_cmpint (row->state, ==, state);
}

static void test_append (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboOutboxRow) row = NULL;
  g_autoptr (GBytes) sealed = NULL;
  g_autoptr (GBytes) manifest_bytes = g_bytes_new ("{\"id\":\"b\"}", 10);
  g_autofree char *manifest = NULL;
  g_autofree char *manifest_hash = tambo_sha256_hex (manifest_bytes);
  g_autofree char *first_previous = NULL;
  g_autofree char *previous = NULL;
  g_autofree char *hash = NULL;
  gint64 next;

  desk_init (&desk);
  g_assert_true (tambo_outbox_head (desk.store, &next, &first_previous, &error));
  g_assert_cmpint (next, ==, 1);
  g_assert_cmpstr (first_previous, ==, "");
  append_next (&desk, "a", 2);
  append_next (&desk, "b", 1);
  desk_reopen (&desk);
  g_assert_true (tambo_outbox_head (desk.store, &next, &previous, &error));
  g_assert_cmpint (next, ==, 3);
  g_assert_cmpstr (previous, ==, manifest_hash);

  row = tambo_outbox_get (desk.store, "b", &error);
  sealed = tambo_outbox_load (desk.store, "b", &error);
  manifest = tambo_outbox_dup_manifest (desk.store, "b", &error);
  g_assert_no_error (error);
  hash = tambo_sha256_hex (sealed);
  g_assert_cmpstr (manifest, ==, "{\"id\":\"b\"}");
  g_assert_cmpstr (row->sha256, ==, hash);
  g_assert_cmpint (row->size, ==, (gint64) g_bytes_get_size (sealed));
  g_assert_cmpint (row->sequence, ==, 2);
  g_assert_cmpint (row->priority, ==, 1);
  g_assert_cmpint (row->state, ==, TAMBO_OUTBOX_QUEUED);
  g_assert_null (row->last_error);
  g_assert_null (row->receipt);
  g_assert_null (row->case_id);
  desk_assert_audit (&desk, "record.seal", 2);
}

static void test_append_leaves_no_gap_and_no_double (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = NULL;

  desk_init (&desk);
  append_next (&desk, "a", 2);
  g_assert_false (append (&desk, "b", "event", NULL, 2, 3, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE);
  g_clear_error (&error);
  g_assert_false (append (&desk, "b", "event", NULL, 2, 1, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE);
  g_clear_error (&error);
  g_assert_false (append (&desk, "a", "event", NULL, 2, 2, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_EXISTS);
  g_clear_error (&error);
  rows = tambo_outbox_list (desk.store, &error);
  g_assert_cmpuint (rows->len, ==, 1);
  desk_assert_audit (&desk, "record.seal", 1);
}

static void test_turns (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboOutboxRow) row = NULL;
  guint waiting;

  desk_init (&desk);
  assert_next (&desk, NULL);
  append_next (&desk, "normal-1", 2);
  append_next (&desk, "normal-2", 2);
  append_next (&desk, "urgent", 1);
  assert_next (&desk, "urgent");
  g_assert_true (tambo_outbox_acknowledge (desk.store, "urgent", "{}", &error));
  assert_next (&desk, "normal-1");
  /* A bad record steps back behind those that were tried less often. */
  g_assert_true (tambo_outbox_note_attempt (desk.store, "normal-1", "no route", &error));
  assert_next (&desk, "normal-2");
  g_assert_true (tambo_outbox_note_attempt (desk.store, "normal-2", NULL, &error));
  row = tambo_outbox_get (desk.store, "normal-2", &error);
  g_assert_cmpint (row->state, ==, TAMBO_OUTBOX_SENDING);
  assert_next (&desk, "normal-1");
  g_assert_true (tambo_outbox_count_waiting (desk.store, &waiting, &error));
  g_assert_cmpuint (waiting, ==, 2);
  g_assert_true (tambo_outbox_set_state (desk.store, "normal-1", TAMBO_OUTBOX_QUARANTINED,
                                         "other content", "sync", &error));
  assert_next (&desk, "normal-2");
  g_assert_true (
      tambo_outbox_set_state (desk.store, "normal-2", TAMBO_OUTBOX_REFUSED, "no", "sync", &error));
  assert_next (&desk, NULL);
  g_assert_true (tambo_outbox_set_state (desk.store, "normal-1", TAMBO_OUTBOX_QUEUED, NULL,
                                         DESK_OPERATOR, &error));
  assert_next (&desk, "normal-1");
  desk_assert_audit (&desk, "outbox.quarantined", 1);
  desk_assert_audit (&desk, "outbox.refused", 1);
  desk_assert_audit (&desk, "outbox.queued", 1);
}

/* Announced and failed is one attempt; announced and killed is one too. */
static void test_attempts_are_counted_once (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboOutboxRow) row = NULL;
  g_autoptr (TamboOutboxRow) later = NULL;

  desk_init (&desk);
  append_next (&desk, "a", 2);
  g_assert_true (tambo_outbox_note_attempt (desk.store, "a", NULL, &error));
  g_assert_true (tambo_outbox_note_attempt (desk.store, "a", "reset", &error));
  row = tambo_outbox_get (desk.store, "a", &error);
  g_assert_cmpint (row->attempts, ==, 1);
  g_assert_cmpstr (row->last_error, ==, "reset");
  g_assert_cmpint (row->state, ==, TAMBO_OUTBOX_QUEUED);
  g_assert_true (tambo_outbox_note_attempt (desk.store, "a", NULL, &error));
  g_assert_true (tambo_outbox_note_attempt (desk.store, "a", NULL, &error));
  later = tambo_outbox_get (desk.store, "a", &error);
  g_assert_cmpint (later->attempts, ==, 3);
  g_assert_null (later->last_error);
  g_assert_false (tambo_outbox_note_attempt (desk.store, "nothing", NULL, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NOT_FOUND);
}

static void test_acknowledge_moves_the_case_once (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboOutboxRow) row = NULL;
  g_autofree char *id = NULL;

  desk_init (&desk);
  id = queue_case (&desk, 1);
  g_assert_true (tambo_outbox_acknowledge (desk.store, id, "{\"receipt\":1}", &error));
  assert_case (&desk, id, TAMBO_CASE_ACKNOWLEDGED);
  g_assert_true (tambo_outbox_acknowledge (desk.store, id, "{\"receipt\":2}", &error));
  g_assert_true (tambo_outbox_note_attempt (desk.store, id, "too late", &error));
  row = tambo_outbox_get (desk.store, id, &error);
  g_assert_cmpstr (row->receipt, ==, "{\"receipt\":1}");
  g_assert_cmpint (row->state, ==, TAMBO_OUTBOX_ACKNOWLEDGED);
  g_assert_null (row->last_error);
  g_assert_false (
      tambo_outbox_set_state (desk.store, id, TAMBO_OUTBOX_QUEUED, NULL, "sync", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE);
  g_clear_error (&error);
  g_assert_false (tambo_outbox_acknowledge (desk.store, "nothing", "{}", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NOT_FOUND);
  desk_assert_audit (&desk, "receipt", 1);
  desk_assert_audit (&desk, "case.acknowledged", 1);
}

/* An event about a case says nothing about whether the case arrived. */
static void test_acknowledged_event_leaves_the_case (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;

  desk_init (&desk);
  id = queue_case (&desk, 1);
  g_assert_true (append (&desk, "event-1", "event", id, 1, 2, &error));
  g_assert_true (tambo_outbox_acknowledge (desk.store, "event-1", "{}", &error));
  assert_case (&desk, id, TAMBO_CASE_QUEUED);
}

/* The receipt was lost on the way, and the order overtook it. */
static void test_order_before_the_receipt (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) sealed = g_bytes_new ("order", 5);
  g_autofree char *id = NULL;
  TamboInboxRow order = {
    .number = 1, .id = (char *) "o", .kind = (char *) "order", .manifest = (char *) "{}"
  };

  desk_init (&desk);
  id = queue_case (&desk, 1);
  order.case_id = id;
  g_assert_true (tambo_inbox_add (desk.store, &order, sealed, &error));
  assert_case (&desk, id, TAMBO_CASE_QUEUED);
  g_assert_true (tambo_outbox_acknowledge (desk.store, id, "{}", &error));
  assert_case (&desk, id, TAMBO_CASE_ORDERED);
}

static void test_rolled_back_record_leaves_no_gap (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *previous = NULL;
  TamboTransaction *transaction;
  gint64 next;

  desk_init (&desk);
  transaction = tambo_transaction_begin (desk.store, &error);
  append_next (&desk, "a", 2);
  tambo_transaction_free (transaction);
  g_assert_true (tambo_outbox_head (desk.store, &next, &previous, &error));
  g_assert_cmpint (next, ==, 1);
  assert_next (&desk, NULL);
}

/* ---- purging ---- */

static void countersign (Desk *desk) {
  guint8 root[TAMBO_SHA256_SIZE];
  g_autofree char *root_hex = NULL;
  g_autoptr (GError) error = NULL;
  gint64 size;

  g_assert_true (tambo_audit_head (desk->store, &size, root, &error));
  root_hex = tambo_hex_encode (root, sizeof root);
  g_assert_true (tambo_audit_set_countersigned (desk->store, size, root_hex, "{}", &error));
}

static void assert_not_purged (Desk *desk, const char *id) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = NULL;

  g_assert_false (tambo_outbox_purge (desk->store, id, "station", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE);
  bytes = tambo_outbox_load (desk->store, id, NULL);
  g_assert_nonnull (bytes);
}

static guint count_in_folder (Desk *desk, const char *text) {
  g_autoptr (GDir) dir = g_dir_open (desk->folder, 0, NULL);
  const char *name;
  guint found = 0;

  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (desk->folder, name, NULL);
    g_autofree char *contents = NULL;
    gsize size;

    g_assert_true (g_file_get_contents (path, &contents, &size, NULL));
    found += memmem (contents, size, text, strlen (text)) != NULL;
  }
  return found;
}

/* Neither in the store nor in its journal. */
static void test_purged_bytes_are_gone (void) {
  g_auto (Desk) desk = { 0 };

  desk_init (&desk);
  append_next (&desk, "a", 2);
  append_next (&desk, "b", 2);
  g_assert_true (tambo_outbox_acknowledge (desk.store, "a", "{}", NULL));
  countersign (&desk);
  g_assert_cmpuint (count_in_folder (&desk, "sealed record of a"), >=, 1);
  g_assert_true (tambo_outbox_purge (desk.store, "a", "station", NULL));
  g_assert_cmpuint (count_in_folder (&desk, "sealed record of a"), ==, 0);
  g_assert_cmpuint (count_in_folder (&desk, "sealed record of b"), >=, 1);
}

static void test_purge_wants_a_countersigned_receipt (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboOutboxRow) row = NULL;
  g_autofree char *manifest = NULL;

  desk_init (&desk);
  append_next (&desk, "a", 2);
  countersign (&desk);
  assert_not_purged (&desk, "a");
  g_assert_true (tambo_outbox_acknowledge (desk.store, "a", "{}", &error));
  assert_not_purged (&desk, "a");
  countersign (&desk);
  g_assert_true (tambo_outbox_purge (desk.store, "a", "station", &error));
  g_assert_no_error (error);

  row = tambo_outbox_get (desk.store, "a", &error);
  manifest = tambo_outbox_dup_manifest (desk.store, "a", &error);
  g_assert_cmpint (row->state, ==, TAMBO_OUTBOX_PURGED);
  g_assert_cmpstr (row->receipt, ==, "{}");
  g_assert_cmpstr (manifest, ==, "{\"id\":\"a\"}");
  g_assert_cmpint (desk_count (&desk, "SELECT sum (length (sealed)) FROM outbox_records"), ==, 0);
  desk_assert_audit (&desk, "record.purge", 1);
  g_assert_true (tambo_store_verify (desk.store, &error));
  /* It is over: neither retried nor purged again. */
  g_assert_false (tambo_outbox_set_state (desk.store, "a", TAMBO_OUTBOX_QUEUED, NULL, "x", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE);
  g_clear_error (&error);
  g_assert_false (tambo_outbox_purge (desk.store, "a", "station", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE);
  /* The chain goes on behind it. */
  append_next (&desk, "b", 2);
  assert_next (&desk, "b");
}

static void assert_cases_purged (Desk *desk, guint count) {
  g_autoptr (GError) error = NULL;
  guint would, purged;

  g_assert_true (tambo_outbox_count_purgeable_cases (desk->store, &would, &error));
  g_assert_true (tambo_outbox_purge_cases (desk->store, "station", &purged, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (would, ==, count);
  g_assert_cmpuint (purged, ==, count);
}

/* A case is found by its words, and its order can be opened, until it is over. */
static void test_purge_of_a_case (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) message = g_bytes_new ("order", 5);
  g_autofree char *id = NULL;
  TamboInboxRow order = {
    .id = (char *) "order", .kind = (char *) "order", .number = 1, .manifest = (char *) "{}"
  };

  desk_init (&desk);
  order.case_id = id = queue_case (&desk, 1);
  g_assert_true (tambo_outbox_acknowledge (desk.store, id, "{}", &error));
  g_assert_true (tambo_inbox_add (desk.store, &order, message, &error));
  countersign (&desk);
  g_assert_true (tambo_outbox_purge (desk.store, id, "station", &error));
  assert_cases_purged (&desk, 0);
  g_assert_true (tambo_cases_set_state (desk.store, id, TAMBO_CASE_ISSUED, DESK_OPERATOR, &error));
  assert_cases_purged (&desk, 0);
  g_assert_cmpint (desk_count (&desk, "SELECT count (*) FROM search_tokens"), >, 0);
  g_assert_true (
      tambo_cases_set_state (desk.store, id, TAMBO_CASE_DELIVERED, DESK_OPERATOR, &error));
  assert_cases_purged (&desk, 1);
  assert_cases_purged (&desk, 0);
  g_assert_cmpint (desk_count (&desk, "SELECT count (*) FROM search_tokens"), ==, 0);
  g_assert_cmpint (desk_count (&desk, "SELECT sum (length (sealed)) FROM inbox_messages"), ==, 0);
  g_assert_null (tambo_inbox_load (desk.store, "order", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE);
  desk_assert_audit (&desk, "case.purge", 1);
  g_assert_true (tambo_store_verify (desk.store, NULL));
}

static void add_failure (Desk *desk, gint64 number, const char *record) {
  g_autofree char *id = g_strdup_printf ("failure-%" G_GINT64_FORMAT, number);
  g_autoptr (GBytes) message = g_bytes_new ("failure", 7);
  g_autoptr (GError) error = NULL;
  TamboInboxRow row = { .id = id,
                        .kind = (char *) "failure",
                        .number = number,
                        .case_id = (char *) record,
                        .manifest = (char *) "{}" };

  g_assert_true (tambo_inbox_add (desk->store, &row, message, &error));
}

static void assert_failed (Desk *desk, const char *id, const char *message) {
  g_autoptr (TamboOutboxRow) row = tambo_outbox_get (desk->store, id, NULL);

  g_assert_cmpint (row->state, ==, TAMBO_OUTBOX_REFUSED);
  g_assert_nonnull (strstr (row->last_error, message));
  g_assert_nonnull (row->receipt);
}

/* Headquarters took a record in and can make nothing of it; the message may be faster than the receipt. */
static void test_failure_at_headquarters (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboOutboxRow) again = NULL;

  desk_init (&desk);
  append_next (&desk, "a", 2);
  append_next (&desk, "b", 2);
  g_assert_true (tambo_outbox_acknowledge (desk.store, "a", "{}", &error));
  add_failure (&desk, 1, "a");
  assert_failed (&desk, "a", "failure-1");
  add_failure (&desk, 2, "b");
  assert_next (&desk, "b");
  g_assert_true (tambo_outbox_acknowledge (desk.store, "b", "{}", &error));
  assert_failed (&desk, "b", "failure-2");
  add_failure (&desk, 3, "of another station");
  desk_assert_audit (&desk, "outbox.refused", 2);
  /* Read, and put right at headquarters: the record goes again, and the old message holds it up no more. */
  g_assert_true (tambo_inbox_set_state (desk.store, "failure-2", "done", &error));
  g_assert_true (
      tambo_outbox_set_state (desk.store, "b", TAMBO_OUTBOX_QUEUED, "retry", "deputy", &error));
  g_assert_true (tambo_outbox_acknowledge (desk.store, "b", "{}", &error));
  again = tambo_outbox_get (desk.store, "b", &error);
  g_assert_cmpint (again->state, ==, TAMBO_OUTBOX_ACKNOWLEDGED);
  /* It is kept for people. */
  countersign (&desk);
  assert_not_purged (&desk, "a");
  g_assert_true (tambo_store_verify (desk.store, &error));
}

/* A rotten newest row is not what the next record is chained to. */
static void test_chain_over_a_rotten_row (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) manifest = g_bytes_new ("{\"id\":\"a\"}", 10);
  g_autofree char *wanted = tambo_sha256_hex (manifest);
  g_autofree char *previous = NULL;
  gint64 next;

  desk_init (&desk);
  append_next (&desk, "a", 2);
  desk_sql (&desk, "UPDATE outbox SET manifest_sha256 = replace (manifest_sha256, '0', '1')");
  g_assert_true (tambo_outbox_head (desk.store, &next, &previous, &error));
  g_assert_cmpstr (previous, ==, wanted);
}

/* What waits or was refused is shown however old it is. */
static void test_recent_and_stuck (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;

  desk_init (&desk);
  append_next (&desk, "refused", 2);
  append_next (&desk, "old", 2);
  append_next (&desk, "newest", 2);
  g_assert_true (tambo_outbox_set_state (desk.store, "refused", TAMBO_OUTBOX_REFUSED, "too small",
                                         "sync", &error));
  desk_write (&desk, "UPDATE outbox SET state = 'acknowledged' WHERE id <> 'refused'");
  g_autoptr (GPtrArray) rows = tambo_outbox_list_recent (desk.store, 1, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (rows->len, ==, 2);
  g_assert_cmpstr (((TamboOutboxRow *) rows->pdata[0])->id, ==, "newest");
  g_assert_cmpstr (((TamboOutboxRow *) rows->pdata[1])->id, ==, "refused");
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/outbox/recent", test_recent_and_stuck);
  g_test_add_func ("/outbox/append", test_append);
  g_test_add_func ("/outbox/append/no-gap", test_append_leaves_no_gap_and_no_double);
  g_test_add_func ("/outbox/append/rolled-back", test_rolled_back_record_leaves_no_gap);
  g_test_add_func ("/outbox/turns", test_turns);
  g_test_add_func ("/outbox/attempts", test_attempts_are_counted_once);
  g_test_add_func ("/outbox/acknowledge/case", test_acknowledge_moves_the_case_once);
  g_test_add_func ("/outbox/acknowledge/event", test_acknowledged_event_leaves_the_case);
  g_test_add_func ("/outbox/acknowledge/order-first", test_order_before_the_receipt);
  g_test_add_func ("/outbox/purge/record", test_purge_wants_a_countersigned_receipt);
  g_test_add_func ("/outbox/purge/gone", test_purged_bytes_are_gone);
  g_test_add_func ("/outbox/purge/case", test_purge_of_a_case);
  g_test_add_func ("/outbox/failure", test_failure_at_headquarters);
  g_test_add_func ("/outbox/rotten-chain", test_chain_over_a_rotten_row);
  return g_test_run ();
}
