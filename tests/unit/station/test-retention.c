/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/retention.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/id.h"
#include "practice-station.h"
#include "station/headquarters.h"
#include "station/station-private.h"

#define DAY (24 * 3600)

static char *queue (Practice *practice) {
  char *id = tambo_id_new ();
  g_autoptr (TamboPacket) packet = tambo_packet_new ();
  g_autoptr (JsonObject) event = json_object_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboTransaction) transaction =
      tambo_transaction_begin (tambo_station_get_store (practice->station), &error);

  json_object_set_string_member (event, "id", id);
  tambo_packet_add_json (packet, "event", event);
  g_assert_true (
      tambo_station_queue_record (practice->station, "event", id, NULL, packet, 1, &error));
  g_assert_true (tambo_transaction_commit (transaction, &error));
  return id;
}

/* Headquarters' receipt of TIME. */
static char *receipt_for (Practice *practice, const char *id, gint64 time, TamboKey *key) {
  g_autoptr (TamboOutboxRow) row = tambo_headquarters_get_record (practice->station, id, NULL);
  g_autofree char *time_text = tambo_clock_format (time);
  g_autofree char *incarnation = tambo_id_new ();
  g_autofree char *root = g_strnfill (64, '0');
  TamboReceipt receipt = { .id = row->id,
                           .sha256 = row->sha256,
                           .station = (char *) tambo_station_get_code (practice->station),
                           .sequence = row->sequence,
                           .log_size = 1,
                           .log_root = root,
                           .time = time_text,
                           .incarnation = incarnation };

  return tambo_receipt_sign (&receipt, key);
}

static void acknowledge (Practice *practice, const char *id, gint64 time) {
  g_autofree char *receipt = receipt_for (practice, id, time, practice->signing_key);
  g_autoptr (GError) error = NULL;

  tambo_outbox_acknowledge (tambo_station_get_store (practice->station), id, receipt, &error);
  g_assert_no_error (error);
}

/* The log of now, signed by headquarters at TIME. */
static void countersign (Practice *practice, gint64 time) {
  TamboStore *store = tambo_station_get_store (practice->station);
  guint8 root[TAMBO_SHA256_SIZE];
  g_autofree char *root_hex = NULL;
  g_autofree char *time_text = tambo_clock_format (time);
  g_autofree char *statement = NULL;
  g_autoptr (GError) error = NULL;
  TamboCheckpoint head = { .station = (char *) tambo_station_get_code (practice->station),
                           .incarnation = (char *) tambo_store_get_incarnation (store),
                           .time = time_text };

  g_assert_true (tambo_audit_head (store, &head.size, root, NULL));
  head.root = root_hex = tambo_hex_encode (root, sizeof root);
  statement = tambo_checkpoint_sign (&head, practice->signing_key);
  tambo_audit_set_countersigned (store, head.size, head.root, statement, &error);
  g_assert_no_error (error);
}

static guint purge (Practice *practice, gboolean dry_run) {
  TamboRetentionResult result;
  g_autoptr (GError) error = NULL;

  tambo_retention_purge (practice->station, dry_run, &result, &error);
  g_assert_no_error (error);
  return result.records;
}

static void assert_state (Practice *practice, const char *id, TamboOutboxState state) {
  g_autoptr (TamboOutboxRow) row = tambo_headquarters_get_record (practice->station, id, NULL);

  g_assert_cmpstr (tambo_outbox_state_to_string (row->state), ==,
                   tambo_outbox_state_to_string (state));
}

static void assert_outbox_holds (Practice *practice, guint records) {
  g_autoptr (GError) error = NULL;
  guint held;

  g_assert_true (tambo_headquarters_verify_outbox (practice->station, &held, &error));
  g_assert_cmpuint (held, ==, records);
  g_assert_true (tambo_store_verify (tambo_station_get_store (practice->station), &error));
}

/* Headquarters may live in another century than this computer: only its own time counts. */
static void test_time (gconstpointer data) {
  Practice *practice = practice_new (TRUE);
  TamboStore *store = tambo_station_get_store (practice->station);
  g_autofree char *id = queue (practice);
  g_autofree char *manifest = tambo_outbox_dup_manifest (store, id, NULL);
  g_autofree char *kept = NULL;
  g_autofree char *receipt = NULL;
  g_autoptr (GError) error = NULL;
  gint64 start;

  g_assert_true (tambo_clock_parse (data, &start));
  acknowledge (practice, id, start);
  countersign (practice, start + 14 * DAY - 1);
  g_assert_cmpuint (purge (practice, FALSE), ==, 0);
  assert_state (practice, id, TAMBO_OUTBOX_ACKNOWLEDGED);
  countersign (practice, start + 14 * DAY);
  g_assert_cmpuint (purge (practice, TRUE), ==, 1);
  assert_state (practice, id, TAMBO_OUTBOX_ACKNOWLEDGED);
  g_assert_cmpuint (purge (practice, FALSE), ==, 1);
  assert_state (practice, id, TAMBO_OUTBOX_PURGED);
  g_assert_cmpuint (purge (practice, FALSE), ==, 0);

  /* What tells of it stays. */
  g_assert_null (tambo_outbox_load (store, id, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE);
  kept = tambo_outbox_dup_manifest (store, id, NULL);
  g_assert_cmpstr (kept, ==, manifest);
  assert_outbox_holds (practice, 1);
  assert_audit (practice->station, "station", "record.purge");
  /* An old answer changes nothing any more. */
  receipt = receipt_for (practice, id, start, practice->signing_key);
  g_assert_true (tambo_outbox_acknowledge (store, id, receipt, NULL));
  assert_state (practice, id, TAMBO_OUTBOX_PURGED);
  practice_free (practice);
}

/* A head that was countersigned before the receipt came proves nothing about it, however late it is. */
static void test_receipt_has_to_be_countersigned (void) {
  Practice *practice = practice_new (TRUE);
  g_autofree char *id = queue (practice);
  gint64 now = tambo_clock_now_unix ();

  g_assert_cmpuint (purge (practice, FALSE), ==, 0);
  countersign (practice, now + 100 * DAY);
  acknowledge (practice, id, now);
  g_assert_cmpuint (purge (practice, FALSE), ==, 0);
  countersign (practice, now + 100 * DAY);
  g_assert_cmpuint (purge (practice, FALSE), ==, 1);
  practice_free (practice);
}

/* The time of the newest receipt counts, too: headquarters' clock has been there. */
static void test_newest_receipt_tells_the_time (void) {
  Practice *practice = practice_new (TRUE);
  g_autofree char *old = queue (practice);
  g_autofree char *new = queue (practice);
  gint64 now = tambo_clock_now_unix ();

  acknowledge (practice, old, now);
  countersign (practice, now);
  acknowledge (practice, new, now + 15 * DAY);
  g_assert_cmpuint (purge (practice, FALSE), ==, 1);
  assert_state (practice, old, TAMBO_OUTBOX_PURGED);
  assert_state (practice, new, TAMBO_OUTBOX_ACKNOWLEDGED);
  practice_free (practice);
}

/* Somebody else's receipt keeps its record, and its record alone. */
static void test_forged_receipt (void) {
  Practice *practice = practice_new (TRUE);
  TamboStore *store = tambo_station_get_store (practice->station);
  g_autofree char *forged = queue (practice);
  g_autofree char *true_one = queue (practice);
  g_autoptr (TamboKey) stranger = tambo_key_generate ();
  gint64 now = tambo_clock_now_unix ();
  g_autofree char *receipt = receipt_for (practice, forged, now, stranger);
  TamboRetentionResult result;
  g_autoptr (GError) error = NULL;
  guint held;

  g_assert_true (tambo_outbox_acknowledge (store, forged, receipt, NULL));
  acknowledge (practice, true_one, now);
  countersign (practice, now + 20 * DAY);
  g_assert_false (tambo_retention_purge (practice->station, FALSE, &result, &error));
  g_assert_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_INTEGRITY);
  g_assert_nonnull (strstr (error->message, forged));
  g_assert_cmpuint (result.records, ==, 1);
  assert_state (practice, forged, TAMBO_OUTBOX_ACKNOWLEDGED);
  assert_state (practice, true_one, TAMBO_OUTBOX_PURGED);
  g_assert_false (tambo_headquarters_verify_outbox (practice->station, &held, NULL));
  practice_free (practice);
}

/* In whatever state, without a receipt nothing goes; and none stands in the way of another. */
static void test_only_what_is_acknowledged (void) {
  Practice *practice = practice_new (TRUE);
  TamboStore *store = tambo_station_get_store (practice->station);
  g_autofree char *queued = queue (practice);
  g_autofree char *sending = queue (practice);
  g_autofree char *refused = queue (practice);
  g_autofree char *quarantined = queue (practice);
  g_autofree char *sent = queue (practice);
  gint64 now = tambo_clock_now_unix ();

  g_assert_true (tambo_outbox_note_attempt (store, sending, NULL, NULL));
  g_assert_true (tambo_outbox_set_state (store, refused, TAMBO_OUTBOX_REFUSED, "no", "sync", NULL));
  g_assert_true (tambo_outbox_set_state (store, quarantined, TAMBO_OUTBOX_QUARANTINED, "another",
                                         "sync", NULL));
  acknowledge (practice, sent, now);
  countersign (practice, now + 1000 * DAY);
  g_assert_cmpuint (purge (practice, FALSE), ==, 1);
  assert_state (practice, queued, TAMBO_OUTBOX_QUEUED);
  assert_state (practice, sending, TAMBO_OUTBOX_SENDING);
  assert_state (practice, refused, TAMBO_OUTBOX_REFUSED);
  assert_state (practice, quarantined, TAMBO_OUTBOX_QUARANTINED);
  assert_state (practice, sent, TAMBO_OUTBOX_PURGED);
  assert_outbox_holds (practice, 5);
  practice_free (practice);
}

static void test_days (void) {
  Practice *practice = practice_new (TRUE);
  g_autofree char *id = queue (practice);
  g_autoptr (GError) error = NULL;
  gint64 now = tambo_clock_now_unix ();
  guint days;

  g_assert_true (tambo_retention_get_days (practice->station, &days, NULL));
  g_assert_cmpuint (days, ==, 14);
  g_assert_false (tambo_retention_set_days (practice->station, 1, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_ROLE);
  g_clear_error (&error);
  sign_in (practice, "supervisor");
  g_assert_false (
      tambo_retention_set_days (practice->station, TAMBO_RETENTION_MAX_DAYS + 1, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_INVALID);
  g_assert_true (tambo_retention_set_days (practice->station, 0, NULL));
  assert_audit (practice->station, "supervisor", "station.retention");
  acknowledge (practice, id, now);
  countersign (practice, now);
  g_assert_cmpuint (purge (practice, FALSE), ==, 1);
  practice_free (practice);
}

/* The store from before a migration would keep what is purged. */
static void test_old_store_goes (void) {
  Practice *practice = practice_new (TRUE);
  g_autofree char *old = g_build_filename (practice->folder, "store.db.before-migration", NULL);

  write_text (practice->folder, "store.db.before-migration", "as it was");
  purge (practice, FALSE);
  g_assert_true (g_file_test (old, G_FILE_TEST_EXISTS));
  sign_in (practice, "supervisor");
  g_assert_true (tambo_retention_set_days (practice->station, 0, NULL));
  purge (practice, TRUE);
  g_assert_true (g_file_test (old, G_FILE_TEST_EXISTS));
  purge (practice, FALSE);
  g_assert_false (g_file_test (old, G_FILE_TEST_EXISTS));
  practice_free (practice);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/retention/time/past", "1999-12-31T23:59:59Z", test_time);
  g_test_add_data_func ("/retention/time/future", "2099-06-01T12:00:00Z", test_time);
  g_test_add_func ("/retention/countersigned", test_receipt_has_to_be_countersigned);
  g_test_add_func ("/retention/newest-receipt", test_newest_receipt_tells_the_time);
  g_test_add_func ("/retention/forged", test_forged_receipt);
  g_test_add_func ("/retention/states", test_only_what_is_acknowledged);
  g_test_add_func ("/retention/days", test_days);
  g_test_add_func ("/retention/old-store", test_old_store_goes);
  return g_test_run ();
}
