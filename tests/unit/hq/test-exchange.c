/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/id.h"
#include "base/json.h"
#include "bench.h"
#include "chip/data-group.h"
#include "chip/sod.h"
#include "hq/authority.h"
#include "hq/database.h"
#include "store/audit.h"
#include "store/cases.h"
#include "store/inbox.h"
#include "store/outbox.h"
#include "sync/envelope.h"

static Bench bench;

/* What the tests leave for each other; they run in their order. */
static char *case_id;

static void assert_case_state (TamboCaseState state) {
  g_autoptr (TamboCaseRow) row = tambo_cases_get (bench.store, case_id, NULL);

  g_assert_nonnull (row);
  g_assert_cmpstr (tambo_case_state_to_string (row->state), ==, tambo_case_state_to_string (state));
}

static JsonObject *hq_case (void) {
  g_autofree char *text = bench_hq ("--json", "case", "show", bench.hq, case_id, NULL);
  JsonObject *object = tambo_json_parse_object (text, -1, NULL);

  g_assert_nonnull (object);
  return object;
}

static void test_headquarters_down (void) {
  g_autoptr (TamboEnrolment) enrolment = bench_enrol (&bench);
  g_autoptr (TamboPacket) packet = bench_packet_for (&bench, enrolment);
  g_autoptr (TamboClient) client = bench_client (&bench, 0);
  g_autoptr (TamboOutboxRow) row = NULL;
  g_autoptr (GError) error = NULL;
  TamboExchangeResult result;

  case_id = g_strdup (enrolment->id);
  bench_queue (&bench, enrolment->id, "enrolment", enrolment->id, packet);
  assert_case_state (TAMBO_CASE_QUEUED);
  bench_stop_server (&bench, SIGTERM);
  g_assert_false (bench_exchange (&bench, client, &result, &error));
  g_assert_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_CLOSED);
  g_assert_cmpuint (result.sent, ==, 0);
  g_assert_cmpuint (result.waiting, ==, 1);
  g_assert_cmpint (result.countersigned, ==, -1);
  row = tambo_outbox_get (bench.store, case_id, NULL);
  g_assert_cmpint (row->state, ==, TAMBO_OUTBOX_QUEUED);
  g_assert_cmpint (row->attempts, ==, 1);
  g_assert_true (g_str_has_prefix (row->last_error, "closed: https://"));
  bench_start_server (&bench);
}

static void test_exactly_once (void) {
  g_autoptr (TamboClient) client = bench_client (&bench, 0);
  g_autoptr (TamboOutboxRow) row = NULL;
  g_autoptr (TamboReceipt) receipt = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *list = NULL;
  g_autoptr (JsonObject) cases = NULL;
  TamboExchangeResult result;
  guint received;

  g_assert_true (bench_exchange (&bench, client, &result, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (result.sent, ==, 1);
  g_assert_cmpuint (result.waiting, ==, 0);
  g_assert_cmpuint (result.set_aside, ==, 0);
  g_assert_cmpint (result.countersigned, >, 0);
  received = result.received;
  row = tambo_outbox_get (bench.store, case_id, NULL);
  g_assert_cmpint (row->state, ==, TAMBO_OUTBOX_ACKNOWLEDGED);
  receipt = tambo_receipt_verify (row->receipt, bench.trust->signing_key, &error);
  g_assert_no_error (error);
  g_assert_cmpint (receipt->log_index, ==, 0);

  /* Again, until headquarters has decided: nothing is sent a second time. */
  for (int i = 0; i < 100 && received == 0; i++) {
    g_usleep (100000);
    g_assert_true (bench_exchange (&bench, client, &result, &error));
    g_assert_cmpuint (result.sent, ==, 0);
    received += result.received;
  }
  g_assert_cmpuint (received, ==, 1);
  assert_case_state (TAMBO_CASE_ORDERED);
  g_assert_true (bench_exchange (&bench, client, &result, &error));
  g_assert_cmpuint (result.received, ==, 0);
  list = bench_hq ("--json", "case", "list", bench.hq, NULL);
  cases = tambo_json_parse_object (list, -1, NULL);
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (cases, "cases")), ==, 1);
}

static void test_same_receipt_for_ever (void) {
  g_autoptr (TamboClient) client = bench_client (&bench, 0);
  g_autoptr (TamboOutboxRow) row = tambo_outbox_get (bench.store, case_id, NULL);
  g_autofree char *manifest = tambo_outbox_dup_manifest (bench.store, case_id, NULL);
  g_autoptr (GBytes) sealed = tambo_outbox_load (bench.store, case_id, NULL);
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 3; i++) {
    g_autofree char *receipt =
        tambo_client_send (client, row->sha256, manifest, sealed, NULL, &error);

    g_assert_no_error (error);
    g_assert_cmpstr (receipt, ==, row->receipt);
  }
}

static TamboPacket *open_message (const TamboInboxRow *row) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) sealed = tambo_inbox_load (bench.store, row->id, &error);
  g_auto (TamboEnvelopeHeader) header = { NULL };
  g_autoptr (GBytes) plain = NULL;
  TamboPacket *packet;

  g_assert_no_error (error);
  plain = tambo_envelope_open (sealed, bench.reply_key, &header, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (header.id, ==, row->id);
  packet = tambo_packet_parse (plain, &error);
  g_assert_no_error (error);
  return packet;
}

static void assert_authentic (const TamboLds *lds) {
  g_autoptr (GPtrArray) csca = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GPtrArray) verdicts =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_verdict_free);

  for (guint i = 0; i < bench.trust->csca->len; i++) {
    const char *pem = bench.trust->csca->pdata[i];

    g_ptr_array_add (csca, g_bytes_new (pem, strlen (pem)));
  }
  g_assert_true (tambo_passive_authentication (lds, csca, verdicts));
  g_assert_cmpuint (verdicts->len, >=, 5); /* format, signature, signer, DG1, DG2 */
  for (guint i = 0; i < verdicts->len; i++) {
    const TamboVerdict *verdict = verdicts->pdata[i];
    /* There is no revocation list, and a security object of version 0 tells no version. */
    gboolean has_nothing = strcmp (verdict->check, "signer-revocation") == 0
                           || strcmp (verdict->check, "lds-version") == 0;
    g_assert_cmpint (verdict->result, ==,
                     has_nothing ? TAMBO_VERDICT_SKIPPED : TAMBO_VERDICT_PASSED);
  }
}

static void test_order (void) {
  g_autoptr (GPtrArray) rows = tambo_inbox_list (bench.store, NULL);
  const TamboInboxRow *row;
  g_autoptr (TamboPacket) packet = NULL;
  g_autoptr (JsonObject) order = NULL;
  g_autoptr (TamboLds) lds = NULL;
  g_autofree char *mrz = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_cmpuint (rows->len, ==, 1);
  row = rows->pdata[0];
  g_assert_cmpstr (row->kind, ==, "order");
  g_assert_cmpstr (row->case_id, ==, case_id);
  g_assert_cmpint (row->number, ==, 1);
  packet = open_message (row);
  order = tambo_packet_get_json (packet, "order", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (tambo_json_peek_string (order, "id"), ==, row->id);
  g_assert_cmpstr (tambo_json_peek_string (order, "case"), ==, case_id);
  g_assert_cmpstr (tambo_json_peek_string (order, "document_number"), ==, "X00000001");
  g_assert_cmpstr (tambo_json_peek_string (order, "document_type"), ==, "IR");
  g_assert_cmpstr (tambo_json_peek_string (order, "holder"), ==, "ERIKSSON ANNA MARIA");
  lds = tambo_lds_parse (tambo_packet_get (packet, "lds"), &error);
  g_assert_no_error (error);
  assert_authentic (lds);
  mrz = tambo_dg1_parse (lds->files[TAMBO_LDS_DG1], &error);
  g_assert_no_error (error);
  g_assert_cmpstr (mrz, ==, tambo_json_peek_string (order, "mrz"));
  g_assert_true (g_str_has_prefix (mrz, "IRUTOX00000001"));
  g_assert_true (g_str_has_suffix (mrz, "\nERIKSSON<<ANNA<MARIA<<<<<<<<<<"));
}

static void test_issued_event (void) {
  g_autoptr (GPtrArray) rows = tambo_inbox_list (bench.store, NULL);
  const TamboInboxRow *row = rows->pdata[0];
  g_autofree char *id = tambo_id_new ();
  g_autofree char *now = tambo_clock_now ();
  g_autoptr (TamboPacket) packet = tambo_packet_new ();
  g_autoptr (JsonObject) event = json_object_new ();
  g_autoptr (TamboClient) client = bench_client (&bench, 0);
  g_autofree char *state = NULL;
  TamboExchangeResult result;

  json_object_set_string_member (event, "id", id);
  json_object_set_string_member (event, "kind", "issued");
  json_object_set_string_member (event, "order", row->id);
  json_object_set_string_member (event, "case", case_id);
  json_object_set_string_member (event, "document_number", "X00000001");
  json_object_set_string_member (event, "blank", "UTO-000017");
  json_object_set_string_member (event, "time", now);
  tambo_packet_add_json (packet, "event", event);
  bench_queue (&bench, id, "event", case_id, packet);
  g_assert_true (bench_exchange (&bench, client, &result, NULL));
  g_assert_cmpuint (result.sent, ==, 1);
  for (int i = 0; i < 100 && g_strcmp0 (state, "issued") != 0; i++) {
    g_autoptr (JsonObject) object = hq_case ();

    g_free (state);
    state = g_strdup (tambo_json_peek_string (object, "state"));
    g_usleep (50000);
  }
  g_assert_cmpstr (state, ==, "issued");
}

/* An incomplete case: refused in practice, and the reason comes back sealed. */
static void test_refusal (void) {
  g_autoptr (TamboEnrolment) enrolment = bench_enrol (&bench);
  g_autoptr (TamboPacket) packet = NULL;
  g_autoptr (TamboPacket) answer = NULL;
  g_autoptr (JsonObject) refusal = NULL;
  g_autoptr (TamboClient) client = bench_client (&bench, 0);
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;
  TamboExchangeResult result = { 0 };

  g_ptr_array_remove_index (enrolment->samples, 0);
  packet = bench_packet_for (&bench, enrolment);
  bench_queue (&bench, enrolment->id, "enrolment", enrolment->id, packet);
  for (int i = 0; i < 100 && result.received == 0; i++) {
    g_assert_true (bench_exchange (&bench, client, &result, &error));
    g_usleep (50000);
  }
  rows = tambo_inbox_list (bench.store, NULL);
  g_assert_cmpuint (rows->len, ==, 2);
  g_assert_cmpstr (((TamboInboxRow *) rows->pdata[1])->kind, ==, "refusal");
  answer = open_message (rows->pdata[1]);
  refusal = tambo_packet_get_json (answer, "refusal", &error);
  g_assert_no_error (error);
  g_assert_true (g_str_has_prefix (tambo_json_peek_string (refusal, "reason"), "portrait: "));
}

/* A record that is of no use: taken in all the same, and the station learns why. */
static void test_failure (void) {
  g_autofree char *id = tambo_id_new ();
  g_autoptr (TamboPacket) packet = tambo_packet_new ();
  g_autoptr (TamboPacket) answer = NULL;
  g_autoptr (JsonObject) event = json_object_new ();
  g_autoptr (JsonObject) failure = NULL;
  g_autoptr (TamboClient) client = bench_client (&bench, 0);
  g_autoptr (TamboOutboxRow) row = NULL;
  g_autoptr (GPtrArray) rows = NULL;
  g_autoptr (GError) error = NULL;
  TamboExchangeResult result = { 0 };

  json_object_set_string_member (event, "id", id);
  json_object_set_string_member (event, "kind", "unheard-of");
  json_object_set_string_member (event, "order", "none");
  tambo_packet_add_json (packet, "event", event);
  bench_queue (&bench, id, "event", "", packet);
  for (int i = 0; i < 100 && result.received == 0; i++) {
    g_assert_true (bench_exchange (&bench, client, &result, &error));
    g_usleep (50000);
  }
  rows = tambo_inbox_list (bench.store, NULL);
  answer = open_message (rows->pdata[rows->len - 1]);
  failure = tambo_packet_get_json (answer, "failure", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (tambo_json_peek_string (failure, "record"), ==, id);
  g_assert_cmpstr (tambo_json_peek_string (failure, "reason"), ==,
                   "the event is of an unknown kind");
  row = tambo_outbox_get (bench.store, id, &error);
  g_assert_cmpint (row->state, ==, TAMBO_OUTBOX_REFUSED);
  g_assert_nonnull (row->receipt);
}

typedef struct {
  gint64 first, last;
  gboolean has_killed;
} Watch;

static void kill_in_the_middle (const TamboExchangeState *state, gpointer data) {
  Watch *watch = data;

  if (!g_str_has_prefix (state->what, "record "))
    return;
  watch->last = state->done;
  if (!watch->has_killed && state->done > 1200 * 1024) {
    watch->has_killed = TRUE;
    bench_stop_server (&bench, SIGKILL);
  }
}

static void note_offset (const TamboExchangeState *state, gpointer data) {
  Watch *watch = data;

  /* The first call is before anything is asked. */
  if (g_str_has_prefix (state->what, "record ") && state->done > 0 && watch->first == 0)
    watch->first = state->done;
}

static char *queue_large_event (gsize size) {
  char *id = tambo_id_new ();
  g_autoptr (TamboPacket) packet = tambo_packet_new ();
  g_autoptr (JsonObject) event = json_object_new ();
  g_autoptr (GBytes) ballast = tambo_random_bytes (size);

  json_object_set_string_member (event, "id", id);
  json_object_set_string_member (event, "kind", "spoiled");
  json_object_set_string_member (event, "order", "none");
  tambo_packet_add_json (packet, "event", event);
  tambo_packet_add (packet, "ballast", ballast);
  bench_queue (&bench, id, "event", case_id, packet);
  return id;
}

static void test_resume_after_kill (void) {
  g_autofree char *id = queue_large_event (3 * 1024 * 1024);
  g_autoptr (TamboOutboxRow) row = tambo_outbox_get (bench.store, id, NULL);
  g_autofree char *partial = g_build_filename (bench.hq, "partial", row->sha256, NULL);
  g_autoptr (TamboClient) slow = bench_client (&bench, 1024 * 1024);
  g_autoptr (TamboClient) client = NULL;
  g_autoptr (GError) error = NULL;
  Watch watch = { 0 }, resumed = { 0 };
  TamboExchangeResult result;
  struct stat status;

  g_assert_false (tambo_exchange_run (bench.store, slow, bench.trust, STATION, bench.station_key,
                                      kill_in_the_middle, &watch, NULL, &result, &error));
  g_assert_true (tambo_sync_error_is_offline (error));
  g_clear_error (&error);
  g_assert_true (watch.has_killed);
  g_assert_cmpint (g_stat (partial, &status), ==, 0);
  g_assert_cmpint (status.st_size, >=, 256 * 1024);
  g_assert_cmpint (status.st_size, <, row->size);

  bench_start_server (&bench);
  client = bench_client (&bench, 0);
  g_assert_true (tambo_exchange_run (bench.store, client, bench.trust, STATION, bench.station_key,
                                     note_offset, &resumed, NULL, &result, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (result.sent, ==, 1);
  g_assert_cmpint (resumed.first, ==, status.st_size);
  g_assert_false (g_file_test (partial, G_FILE_TEST_EXISTS));
}

static void test_cancel (void) {
  g_autofree char *id = queue_large_event (1024 * 1024);
  g_autoptr (TamboClient) client = bench_client (&bench, 0);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (GError) error = NULL;
  TamboExchangeResult result;

  g_cancellable_cancel (cancellable);
  g_assert_false (tambo_exchange_run (bench.store, client, bench.trust, STATION, bench.station_key,
                                      NULL, NULL, cancellable, &result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (result.waiting, ==, 1);
  g_clear_error (&error);
  g_assert_true (bench_exchange (&bench, client, &result, &error));
  g_assert_cmpuint (result.sent, ==, 1);
}

/* One record that headquarters will never take does not stop the next one. */
static void test_bad_record_is_set_aside (void) {
  g_autofree char *bad = tambo_id_new ();
  g_autofree char *good = NULL;
  g_autoptr (TamboPacket) packet = tambo_packet_new ();
  g_autoptr (JsonObject) event = json_object_new ();
  g_autoptr (TamboClient) client = bench_client (&bench, 0);
  g_autoptr (TamboOutboxRow) row = NULL;
  g_autoptr (GError) error = NULL;
  TamboExchangeResult result;

  tambo_packet_add_json (packet, "event", event);
  bench_queue (&bench, bad, "gossip", case_id, packet);
  good = queue_large_event (1000);
  g_assert_true (bench_exchange (&bench, client, &result, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (result.sent, ==, 1);
  g_assert_cmpuint (result.set_aside, ==, 1);
  g_assert_cmpuint (result.waiting, ==, 0);
  row = tambo_outbox_get (bench.store, bad, NULL);
  g_assert_cmpint (row->state, ==, TAMBO_OUTBOX_REFUSED);
}

static void test_conflict (void) {
  g_autoptr (TamboOutboxRow) row = tambo_outbox_get (bench.store, case_id, NULL);
  g_autofree char *text = tambo_outbox_dup_manifest (bench.store, case_id, NULL);
  g_autoptr (TamboManifest) manifest = tambo_manifest_peek (text, NULL);
  g_autoptr (GBytes) other = g_bytes_new_static ("other bytes", 11);
  g_autofree char *other_text = NULL;
  g_autofree char *alarms = NULL;
  g_autoptr (TamboClient) client = bench_client (&bench, 0);
  g_autoptr (GError) error = NULL;

  g_free (manifest->sha256);
  manifest->sha256 = tambo_sha256_hex (other);
  manifest->size = 11;
  other_text = tambo_manifest_sign (manifest, bench.station_key);
  for (int i = 0; i < 2; i++) {
    g_assert_null (tambo_client_send (client, manifest->sha256, other_text, other, NULL, &error));
    g_assert_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_CONFLICT);
    g_clear_error (&error);
  }
  alarms = bench_hq ("alarm", "list", bench.hq, NULL);
  g_assert_nonnull (strstr (alarms, "the same id came with another content"));
}

static void assert_refused (const char *certificate, const char *key, const char *ca_file,
                            TamboSyncError code) {
  g_autofree char *url = bench_url (&bench);
  TamboClientSettings settings = {
    .url = url, .ca_file = ca_file, .certificate = certificate, .key = key
  };
  g_autoptr (TamboClient) client = tambo_client_new (&settings);
  g_autoptr (GError) error = NULL;

  g_assert_null (tambo_client_inbox (client, 0, NULL, &error));
  g_test_message ("%s", error->message);
  g_assert_error (error, TAMBO_SYNC_ERROR, (int) code);
}

static char *write_key (const char *name, TamboKey *key) {
  g_autoptr (GBytes) pem = tambo_key_dup_private_pem (key);
  char *path = g_build_filename (bench.folder, name, NULL);

  g_assert_true (tambo_file_write_durable (path, pem, 0600, NULL));
  return path;
}

static void test_foreign_certificates (void) {
  g_autoptr (TamboKey) foreign_key = tambo_key_generate ();
  g_autofree char *authority = tambo_authority_make (foreign_key, "elsewhere", NULL);
  g_autofree char *foreign = tambo_authority_issue (
      foreign_key, authority, bench.station_key, STATION, TAMBO_AUTHORITY_STATION, NULL, 30, NULL);
  g_autofree char *authority_file = bench_file (&bench, "foreign-ca.pem", authority);
  g_autofree char *foreign_file = bench_file (&bench, "foreign.pem", foreign);
  g_autofree char *server_file = g_build_filename (bench.hq, "server.pem", NULL);
  g_autofree char *server_key = g_build_filename (bench.hq, "private", "server.pem", NULL);

  assert_refused (bench.certificate_file, bench.key_file, authority_file,
                  TAMBO_SYNC_ERROR_CERTIFICATE);
  assert_refused (NULL, NULL, bench.ca_file, TAMBO_SYNC_ERROR_REVOKED);
  assert_refused (foreign_file, bench.key_file, bench.ca_file, TAMBO_SYNC_ERROR_REVOKED);
  assert_refused (server_file, server_key, bench.ca_file, TAMBO_SYNC_ERROR_REVOKED);
}

/* Of the right authority, but past, or never registered. */
static void test_own_authority_is_not_enough (void) {
  g_autofree char *key_path = g_build_filename (bench.hq, "private", "authority.pem", NULL);
  g_autoptr (GBytes) key_pem = tambo_file_read (key_path, 10000, NULL);
  g_autoptr (GBytes) authority = tambo_file_read (bench.ca_file, 10000, NULL);
  g_autofree char *authority_text =
      g_strndup (g_bytes_get_data (authority, NULL), g_bytes_get_size (authority));
  g_autoptr (TamboKey) authority_key = tambo_key_new_from_pem (
      g_bytes_get_data (key_pem, NULL), (gssize) g_bytes_get_size (key_pem), NULL);
  g_autoptr (TamboKey) other_key = tambo_key_generate ();
  g_autofree char *other_key_file = write_key ("other.key", other_key);
  g_autofree char *past = tambo_authority_issue (authority_key, authority_text, bench.station_key,
                                                 STATION, TAMBO_AUTHORITY_STATION, NULL, -10, NULL);
  g_autofree char *twin = tambo_authority_issue (authority_key, authority_text, other_key, STATION,
                                                 TAMBO_AUTHORITY_STATION, NULL, 30, NULL);
  g_autofree char *past_file = bench_file (&bench, "past.pem", past);
  g_autofree char *twin_file = bench_file (&bench, "twin.pem", twin);

  assert_refused (twin_file, other_key_file, bench.ca_file, TAMBO_SYNC_ERROR_REVOKED);
  assert_refused (past_file, bench.key_file, bench.ca_file, TAMBO_SYNC_ERROR_OWN_EXPIRED);
}

static TamboCheckpoint *checkpoint_now (gint64 old_size) {
  TamboCheckpoint *checkpoint = g_new0 (TamboCheckpoint, 1);
  guint8 root[TAMBO_SHA256_SIZE];

  g_assert_true (tambo_audit_head (bench.store, &checkpoint->size, root, NULL));
  checkpoint->old_size = old_size;
  checkpoint->proof = tambo_audit_consistency (bench.store, old_size, checkpoint->size, NULL);
  checkpoint->station = g_strdup (STATION);
  checkpoint->incarnation = g_strdup (tambo_store_get_incarnation (bench.store));
  checkpoint->root = tambo_hex_encode (root, sizeof root);
  checkpoint->time = tambo_clock_now ();
  return checkpoint;
}

/* Headquarters countersigned, but its answer never came. */
static void test_lost_countersignature (void) {
  g_autoptr (TamboClient) client = bench_client (&bench, 0);
  g_autoptr (TamboCheckpoint) checkpoint = NULL;
  g_autofree char *text = NULL;
  g_autofree char *lost = NULL;
  g_autofree char *root = NULL;
  g_autofree char *statement = NULL;
  g_autoptr (GError) error = NULL;
  TamboExchangeResult result;
  gint64 size, entries, countersigned;

  g_assert_true (tambo_audit_get_countersigned (bench.store, &size, &root, &statement, NULL));
  g_assert_true (tambo_audit_append (bench.store, "station", "test", "", NULL, NULL));
  checkpoint = checkpoint_now (size);
  text = tambo_checkpoint_sign (checkpoint, bench.station_key);
  lost = tambo_client_checkpoint (client, text, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (tambo_audit_append (bench.store, "station", "test", "", NULL, NULL));
  g_assert_true (bench_exchange (&bench, client, &result, &error));
  g_assert_no_error (error);
  g_assert_cmpint (result.countersigned, ==, checkpoint->size + 1);
  g_assert_true (tambo_audit_verify (bench.store, &entries, &countersigned, &error));
  g_assert_cmpint (countersigned, ==, result.countersigned);
}

/* The station's disk was put back: its log is shorter than what was countersigned. */
static void test_rolled_back_log (void) {
  g_autoptr (TamboClient) client = bench_client (&bench, 0);
  g_autoptr (TamboCheckpoint) checkpoint = checkpoint_now (0);
  g_autofree char *text = NULL;
  g_autofree char *rewritten = NULL;
  g_autofree char *alarms = NULL;
  g_autoptr (GError) error = NULL;

  checkpoint->size -= 2;
  checkpoint->old_size = 0;
  text = tambo_checkpoint_sign (checkpoint, bench.station_key);
  g_assert_null (tambo_client_checkpoint (client, text, NULL, &error));
  g_assert_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_FORK);
  g_clear_error (&error);

  /* The same length, another history. */
  checkpoint->size += 2;
  checkpoint->old_size = checkpoint->size;
  memset (checkpoint->root, '7', 64);
  rewritten = tambo_checkpoint_sign (checkpoint, bench.station_key);
  g_assert_null (tambo_client_checkpoint (client, rewritten, NULL, &error));
  g_assert_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_FORK);
  alarms = bench_hq ("alarm", "list", bench.hq, NULL);
  g_assert_nonnull (strstr (alarms, "the audit log is shorter than before"));
  g_assert_nonnull (strstr (alarms, "the audit log does not continue the last one"));
}

/* Where nothing is practice, a case that passes the rules waits for a person. */
static void test_a_person_decides (void) {
  g_autofree char *path = g_build_filename (bench.hq, "hq.db", NULL);
  g_autoptr (TamboDatabase) database = NULL;
  g_autoptr (TamboEnrolment) enrolment = bench_enrol (&bench);
  g_autoptr (TamboPacket) packet = NULL;
  g_autoptr (TamboClient) client = NULL;
  g_autofree char *state = NULL;
  g_autofree char *output = NULL;
  g_autoptr (GError) error = NULL;
  TamboExchangeResult result;

  bench_stop_server (&bench, SIGTERM);
  database = tambo_database_open (path, &error);
  g_assert_no_error (error);
  g_assert_true (tambo_database_set_setting (database, "practice", "0", NULL));
  bench_start_server (&bench);
  enrolment->practice = FALSE;
  packet = bench_packet_for (&bench, enrolment);
  bench_queue (&bench, enrolment->id, "enrolment", enrolment->id, packet);
  g_free (case_id);
  case_id = g_strdup (enrolment->id);
  client = bench_client (&bench, 0);
  g_assert_true (bench_exchange (&bench, client, &result, NULL));
  for (int i = 0; i < 100 && g_strcmp0 (state, "pending") != 0; i++) {
    g_autoptr (JsonObject) object = hq_case ();

    g_free (state);
    state = g_strdup (tambo_json_peek_string (object, "state"));
    g_usleep (50000);
  }
  g_assert_cmpstr (state, ==, "pending");
  g_assert_true (bench_exchange (&bench, client, &result, NULL));
  g_assert_cmpuint (result.received, ==, 0);
  /* The pictures are no portrait and no fingers: a check objected, and that takes two persons. */
  output = bench_hq ("case", "decide", bench.hq, case_id, "--accept", "--person", "first", NULL);
  g_assert_nonnull (strstr (output, "another person"));
  g_assert_true (bench_exchange (&bench, client, &result, NULL));
  g_assert_cmpuint (result.received, ==, 0);
  g_free (output);
  output = bench_hq ("case", "decide", bench.hq, case_id, "--accept", "--person", "second", NULL);
  g_assert_true (bench_exchange (&bench, client, &result, NULL));
  g_assert_cmpuint (result.received, ==, 1);
  assert_case_state (TAMBO_CASE_ORDERED);
}

/* What headquarters rings about the record ID, after an exchange. */
static char *wait_for_alarm (const char *id) {
  g_autoptr (TamboClient) client = bench_client (&bench, 0);
  TamboExchangeResult result;

  g_assert_true (bench_exchange (&bench, client, &result, NULL));
  for (int i = 0; i < 400; i++) {
    g_autofree char *alarms = bench_hq ("alarm", "list", bench.hq, NULL);
    const char *line = strstr (alarms, id);

    if (line != NULL)
      return g_strndup (line, strcspn (line, "\n"));
    g_usleep (50000);
  }
  return g_strdup ("no alarm");
}

static void test_event_about_no_order (void) {
  g_autofree char *id = queue_large_event (10);
  g_autofree char *alarm = wait_for_alarm (id);

  g_assert_nonnull (strstr (alarm, "says \"spoiled\" of an order that the station was not sent"));
}

static void test_same_tracking_number (void) {
  g_autoptr (JsonObject) first = hq_case ();
  g_autoptr (TamboEnrolment) enrolment = bench_enrol (&bench);
  g_autoptr (TamboPacket) packet = NULL;
  g_autofree char *alarm = NULL;

  g_free (enrolment->tracking_number);
  enrolment->practice = FALSE;
  enrolment->tracking_number = g_strdup (tambo_json_peek_string (first, "tracking_number"));
  packet = bench_packet_for (&bench, enrolment);
  bench_queue (&bench, enrolment->id, "enrolment", enrolment->id, packet);
  alarm = wait_for_alarm (enrolment->id);
  g_assert_nonnull (strstr (alarm, "another case has the same tracking number"));
}

static void test_revoked_station (void) {
  g_autofree char *output = bench_hq ("station", "revoke", bench.hq, STATION, NULL);
  g_autoptr (TamboClient) client = bench_client (&bench, 0);
  g_autoptr (GError) error = NULL;
  TamboExchangeResult result;

  g_assert_false (bench_exchange (&bench, client, &result, &error));
  g_assert_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_REVOKED);
}

int main (int argc, char **argv) {
  int result;

  g_test_init (&argc, &argv, NULL);
  bench_set_up (&bench);
  g_test_add_func ("/hq/exchange/headquarters-down", test_headquarters_down);
  g_test_add_func ("/hq/exchange/exactly-once", test_exactly_once);
  g_test_add_func ("/hq/exchange/same-receipt-for-ever", test_same_receipt_for_ever);
  g_test_add_func ("/hq/exchange/order", test_order);
  g_test_add_func ("/hq/exchange/issued-event", test_issued_event);
  g_test_add_func ("/hq/exchange/refusal", test_refusal);
  g_test_add_func ("/hq/exchange/failure", test_failure);
  g_test_add_func ("/hq/exchange/resume-after-kill", test_resume_after_kill);
  g_test_add_func ("/hq/exchange/cancel", test_cancel);
  g_test_add_func ("/hq/exchange/bad-record-is-set-aside", test_bad_record_is_set_aside);
  g_test_add_func ("/hq/exchange/conflict", test_conflict);
  g_test_add_func ("/hq/exchange/foreign-certificates", test_foreign_certificates);
  g_test_add_func ("/hq/exchange/own-authority-is-not-enough", test_own_authority_is_not_enough);
  g_test_add_func ("/hq/exchange/lost-countersignature", test_lost_countersignature);
  g_test_add_func ("/hq/exchange/rolled-back-log", test_rolled_back_log);
  g_test_add_func ("/hq/exchange/a-person-decides", test_a_person_decides);
  g_test_add_func ("/hq/exchange/event-about-no-order", test_event_about_no_order);
  g_test_add_func ("/hq/exchange/same-tracking-number", test_same_tracking_number);
  g_test_add_func ("/hq/exchange/revoked-station", test_revoked_station);
  result = g_test_run ();
  bench_tear_down (&bench);
  g_free (case_id);
  return result;
}
