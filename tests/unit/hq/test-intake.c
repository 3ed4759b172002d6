/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/intake.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/id.h"
#include "base/merkle.h"
#include "broken-database.h"
#include "hq/decision.h"
#include "hq/feed.h"
#include "hq/inbox.h"
#include "hq/recent.h"
#include "hq/renewal.h"
#include "hq/rewind.h"
#include "hq/uploads.h"
#include "new-database.h"
#include "sync/registration.h"

typedef struct {
  char *folder;
  TamboHq *hq;
  TamboKey *key;
  TamboStationRow *station;
} Fixture;

static TamboStationRow *register_as (TamboHq *hq, TamboKey *key, const char *code) {
  g_autofree char *token = tambo_stations_invite (hq, code, NULL);
  g_autofree char *csr = tambo_registration_make_csr (key, code, NULL);
  TamboRegistration registration = { token, (char *) code, csr };
  g_autoptr (GError) error = NULL;
  g_autofree char *certificate = tambo_stations_register (hq, &registration, &error);

  g_assert_no_error (error);
  return tambo_stations_get (hq, code, NULL);
}

static void set_up (Fixture *fixture, gconstpointer data) {
  g_autofree char *database = new_database ();
  TamboHqSettings settings = {
    .name = "Utopia", .state = "UTO", .country = "UT", .database = database
  };
  g_autoptr (GError) error = NULL;

  fixture->folder = g_dir_make_tmp ("tambo-intake-XXXXXX", NULL);
  tambo_hq_create (fixture->folder, &settings, &error);
  g_assert_no_error (error);
  fixture->hq = tambo_hq_open (fixture->folder, &error);
  g_assert_no_error (error);
  fixture->key = tambo_key_generate ();
  fixture->station = register_as (fixture->hq, fixture->key, "VAN-7");
}

static void remove_tree (const char *path) {
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *child = g_build_filename (path, name, NULL);

    remove_tree (child);
  }
  g_remove (path);
}

static void tear_down (Fixture *fixture, gconstpointer data) {
  tambo_station_row_free (fixture->station);
  tambo_hq_close (fixture->hq);
  tambo_key_unref (fixture->key);
  remove_tree (fixture->folder);
  g_free (fixture->folder);
}

static TamboManifest *manifest_of (Fixture *fixture, gint64 sequence, GBytes *bytes) {
  TamboManifest *manifest = tambo_manifest_new ();

  manifest->id = tambo_id_new ();
  manifest->kind = g_strdup ("event");
  manifest->sender = g_strdup ("VAN-7");
  manifest->sequence = sequence;
  manifest->created = tambo_clock_now ();
  manifest->recipient = tambo_key_dup_id (fixture->hq->envelope_key);
  manifest->sha256 = tambo_sha256_hex (bytes);
  manifest->size = (gint64) g_bytes_get_size (bytes);
  manifest->previous = g_strdup ("");
  return manifest;
}

static gboolean announce (Fixture *fixture, TamboManifest *manifest, TamboIntakeState *out_state,
                          GError **error) {
  g_autofree char *text = tambo_manifest_sign (manifest, fixture->key);

  return tambo_intake_announce (fixture->hq, fixture->station, manifest->sha256, text, out_state,
                                error);
}

static void upload (Fixture *fixture, const TamboManifest *manifest, gint64 offset,
                    gconstpointer data, gsize size) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboUpload) writer =
      tambo_upload_begin (fixture->hq->uploads, manifest->sha256, offset, manifest->size, &error);
  gint64 end;

  g_assert_no_error (error);
  g_assert_true (tambo_upload_write (writer, data, size, &error));
  g_assert_true (tambo_upload_sync (writer, &end, &error));
  g_assert_cmpint (end, ==, offset + (gint64) size);
}

static char *take_in (Fixture *fixture, TamboManifest *manifest, GBytes *bytes) {
  g_auto (TamboIntakeState) state = { NULL };
  g_autoptr (GError) error = NULL;
  char *receipt;

  g_assert_true (announce (fixture, manifest, &state, &error));
  g_assert_null (state.receipt);
  g_assert_cmpint (state.offset, ==, 0);
  upload (fixture, manifest, 0, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  receipt = tambo_intake_complete (fixture->hq, manifest->sha256, NULL, &error);
  g_assert_no_error (error);
  return receipt;
}

static gint64 count (Fixture *fixture, const char *sql) {
  gint64 value;

  g_assert_true (tambo_database_get_int (fixture->hq->database, 0, &value, NULL, sql, ""));
  return value;
}

static void test_receipts (Fixture *fixture, gconstpointer data) {
  g_autoptr (GByteArray) leaves = g_byte_array_new ();

  for (int i = 0; i < 21; i++) {
    g_autoptr (GBytes) bytes = tambo_random_bytes (100);
    g_autoptr (TamboManifest) manifest = manifest_of (fixture, i + 1, bytes);
    g_autofree char *text = take_in (fixture, manifest, bytes);
    g_autofree char *logged = NULL;
    g_autofree char *root_hex = NULL;
    g_autoptr (TamboReceipt) receipt = tambo_receipt_verify (text, fixture->hq->signing_key, NULL);
    g_autoptr (TamboQuery) query =
        tambo_database_query (fixture->hq->database, NULL,
                              "SELECT manifest FROM records WHERE id = ?", "s", manifest->id);
    guint8 leaf[TAMBO_SHA256_SIZE], root[TAMBO_SHA256_SIZE];

    g_assert_nonnull (receipt);
    g_assert_cmpstr (receipt->id, ==, manifest->id);
    g_assert_cmpstr (receipt->sha256, ==, manifest->sha256);
    g_assert_cmpstr (receipt->station, ==, "VAN-7");
    g_assert_cmpint (receipt->sequence, ==, i + 1);
    g_assert_cmpint (receipt->log_index, ==, i);
    /* The frontier gives the very root that the whole tree has. */
    g_assert_true (tambo_query_next (query, NULL));
    logged = tambo_query_dup_text (query, 0);
    tambo_merkle_leaf (logged, strlen (logged), leaf);
    g_byte_array_append (leaves, leaf, sizeof leaf);
    tambo_merkle_root (leaves->data, (gsize) i + 1, root);
    root_hex = tambo_hex_encode (root, sizeof root);
    g_assert_cmpstr (receipt->log_root, ==, root_hex);
  }
}

static void test_exactly_once (Fixture *fixture, gconstpointer data) {
  g_autoptr (GBytes) bytes = tambo_random_bytes (1000);
  g_autoptr (TamboManifest) manifest = manifest_of (fixture, 1, bytes);
  g_autofree char *first = take_in (fixture, manifest, bytes);
  g_autofree char *second = tambo_intake_complete (fixture->hq, manifest->sha256, NULL, NULL);
  g_auto (TamboIntakeState) state = { NULL };

  g_assert_cmpstr (second, ==, first);
  g_assert_true (announce (fixture, manifest, &state, NULL));
  g_assert_cmpstr (state.receipt, ==, first);
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM intake_log"), ==, 1);
}

static void test_resume (Fixture *fixture, gconstpointer data) {
  g_autoptr (GBytes) bytes = tambo_random_bytes (700000);
  const guint8 *content = g_bytes_get_data (bytes, NULL);
  g_autoptr (TamboManifest) manifest = manifest_of (fixture, 1, bytes);
  g_auto (TamboIntakeState) state = { NULL };
  g_autoptr (GError) error = NULL;
  g_autofree char *receipt = NULL;

  g_assert_true (announce (fixture, manifest, &state, NULL));
  upload (fixture, manifest, 0, content, 300000);
  g_assert_true (tambo_intake_look (fixture->hq, fixture->station, manifest->sha256, &state, NULL));
  g_assert_cmpint (state.offset, ==, 300000);
  g_assert_null (
      tambo_upload_begin (fixture->hq->uploads, manifest->sha256, 0, manifest->size, &error));
  g_assert_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_STATE);
  upload (fixture, manifest, 300000, content + 300000, 400000);
  receipt = tambo_intake_complete (fixture->hq, manifest->sha256, NULL, NULL);
  g_assert_nonnull (receipt);
}

/* The process ended after the last byte and before the receipt. */
static void test_receipt_after_all_bytes (Fixture *fixture, gconstpointer data) {
  g_autoptr (GBytes) bytes = tambo_random_bytes (1000);
  g_autoptr (TamboManifest) manifest = manifest_of (fixture, 1, bytes);
  g_auto (TamboIntakeState) state = { NULL };
  g_auto (TamboIntakeState) again = { NULL };

  g_assert_true (announce (fixture, manifest, &state, NULL));
  upload (fixture, manifest, 0, g_bytes_get_data (bytes, NULL), 1000);
  g_assert_true (announce (fixture, manifest, &again, NULL));
  g_assert_nonnull (again.receipt);
}

static void test_newer_connection_wins (Fixture *fixture, gconstpointer data) {
  g_autoptr (GBytes) bytes = tambo_random_bytes (1000);
  g_autofree char *hash = tambo_sha256_hex (bytes);
  TamboUploads *uploads = fixture->hq->uploads;
  g_autoptr (TamboUpload) old = tambo_upload_begin (uploads, hash, 0, 1000, NULL);
  g_autoptr (TamboUpload) new = NULL;
  g_autoptr (GError) error = NULL;
  gint64 offset;

  g_assert_true (tambo_upload_write (old, "12345", 5, NULL));
  new = tambo_upload_begin (uploads, hash, 5, 1000, NULL);
  g_assert_nonnull (new);
  g_assert_false (tambo_upload_write (old, "6", 1, &error));
  g_assert_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_STATE);
  g_clear_pointer (&old, tambo_upload_free);
  g_assert_true (tambo_upload_write (new, "678", 3, NULL));
  g_assert_true (tambo_upload_sync (new, &offset, NULL));
  g_assert_cmpint (offset, ==, 8);
}

static void test_other_bytes (Fixture *fixture, gconstpointer data) {
  g_autoptr (GBytes) bytes = tambo_random_bytes (1000);
  g_autoptr (GBytes) wrong = tambo_random_bytes (1000);
  g_autoptr (TamboManifest) manifest = manifest_of (fixture, 1, bytes);
  g_auto (TamboIntakeState) state = { NULL };
  g_autoptr (GError) error = NULL;

  g_assert_true (announce (fixture, manifest, &state, NULL));
  upload (fixture, manifest, 0, g_bytes_get_data (wrong, NULL), 1000);
  g_assert_null (tambo_intake_complete (fixture->hq, manifest->sha256, NULL, &error));
  g_assert_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INTEGRITY);
  /* From the beginning, and nothing of it counts. */
  g_assert_true (tambo_intake_look (fixture->hq, fixture->station, manifest->sha256, &state, NULL));
  g_assert_cmpint (state.offset, ==, 0);
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM intake_log"), ==, 0);
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM alarms WHERE kind = 'hash'"), ==, 1);
}

/* ---- two receivers of one headquarters ---- */

#define SHARED_RECORDS 40

typedef struct {
  TamboHq *hq;
  Fixture *fixture;
  GPtrArray *manifests, *texts, *bytes;
  char *receipts[SHARED_RECORDS];
} Receiver;

/* Whoever comes second finds a part, the whole, or the receipt. */
static char *send_through (Receiver *receiver, guint i) {
  const TamboManifest *manifest = receiver->manifests->pdata[i];
  gsize size;
  const guint8 *data = g_bytes_get_data (receiver->bytes->pdata[i], &size);

  for (;;) {
    g_auto (TamboIntakeState) state = { NULL };
    g_autoptr (TamboUpload) upload = NULL;
    g_autoptr (GError) error = NULL;
    char *receipt = NULL;

    gboolean is_announced =
        tambo_intake_announce (receiver->hq, receiver->fixture->station, manifest->sha256,
                               receiver->texts->pdata[i], &state, &error);
    g_assert_no_error (error);
    g_assert_true (is_announced);
    if (state.receipt != NULL)
      return g_steal_pointer (&state.receipt);
    if (tambo_intake_begin (receiver->hq, receiver->fixture->station, manifest->sha256,
                            state.offset, &upload, &error)
        && upload != NULL
        && tambo_upload_write (upload, data + state.offset, size - (gsize) state.offset, &error))
      receipt = tambo_intake_complete (receiver->hq, manifest->sha256, upload, &error);
    if (receipt != NULL)
      return receipt;
    if (error != NULL && !g_error_matches (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_STATE))
      g_error ("%s", error->message);
  }
}

static gpointer send_all (gpointer data) {
  Receiver *receiver = data;

  for (guint i = 0; i < SHARED_RECORDS; i++)
    receiver->receipts[i] = send_through (receiver, i);
  return NULL;
}

static void assert_log_holds (Fixture *fixture) {
  g_autoptr (GByteArray) leaves = g_byte_array_new ();
  g_autoptr (TamboQuery) query =
      tambo_database_query (fixture->hq->database, NULL,
                            "SELECT l.number, r.manifest, r.receipt FROM intake_log l"
                            " JOIN records r ON r.id = l.record ORDER BY l.number",
                            "");

  for (gint64 n = 0; tambo_query_next (query, NULL); n++) {
    const char *manifest = tambo_query_text (query, 1);
    guint8 leaf[TAMBO_SHA256_SIZE], root[TAMBO_SHA256_SIZE];
    g_autofree char *root_hex = NULL;
    g_autofree char *text = tambo_query_dup_text (query, 2);
    g_autoptr (TamboReceipt) receipt = tambo_receipt_verify (text, fixture->hq->signing_key, NULL);

    g_assert_cmpint (tambo_query_int (query, 0), ==, n);
    tambo_merkle_leaf (manifest, strlen (manifest), leaf);
    g_byte_array_append (leaves, leaf, sizeof leaf);
    tambo_merkle_root (leaves->data, (gsize) n + 1, root);
    root_hex = tambo_hex_encode (root, sizeof root);
    g_assert_cmpstr (receipt->log_root, ==, root_hex);
    g_assert_cmpint (receipt->log_index, ==, n);
  }
  g_assert_cmpuint (leaves->len, ==, SHARED_RECORDS * TAMBO_SHA256_SIZE);
}

static void test_two_receivers (Fixture *fixture, gconstpointer data) {
  g_autoptr (TamboHq) other = tambo_hq_open (fixture->folder, NULL);
  g_autoptr (GPtrArray) manifests =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_manifest_free);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GPtrArray) bytes = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  Receiver receivers[4];
  GThread *threads[G_N_ELEMENTS (receivers)];

  for (guint i = 0; i < SHARED_RECORDS; i++) {
    g_ptr_array_add (bytes, tambo_random_bytes (20000));
    g_ptr_array_add (manifests, manifest_of (fixture, 2 * i + 1, bytes->pdata[i]));
    g_ptr_array_add (texts, tambo_manifest_sign (manifests->pdata[i], fixture->key));
  }
  for (guint i = 0; i < G_N_ELEMENTS (receivers); i++) {
    receivers[i] = (Receiver){ .hq = i % 2 == 0 ? fixture->hq : other,
                               .fixture = fixture,
                               .manifests = manifests,
                               .texts = texts,
                               .bytes = bytes };
    threads[i] = g_thread_new ("receiver", send_all, &receivers[i]);
  }
  for (guint i = 0; i < G_N_ELEMENTS (receivers); i++)
    g_thread_join (threads[i]);
  for (guint n = 0; n < SHARED_RECORDS; n++)
    for (guint i = 0; i < G_N_ELEMENTS (receivers); i++) {
      g_assert_cmpstr (receivers[i].receipts[n], ==, receivers[0].receipts[n]);
      if (i > 0)
        g_free (receivers[i].receipts[n]);
    }
  for (guint n = 0; n < SHARED_RECORDS; n++)
    g_free (receivers[0].receipts[n]);
  assert_log_holds (fixture);
}

static void test_longer_than_promised (Fixture *fixture, gconstpointer data) {
  g_autoptr (GBytes) bytes = tambo_random_bytes (1000);
  g_autofree char *hash = tambo_sha256_hex (bytes);
  g_autoptr (TamboUpload) writer = tambo_upload_begin (fixture->hq->uploads, hash, 0, 999, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (tambo_upload_write (writer, g_bytes_get_data (bytes, NULL), 1000, &error));
  g_assert_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID);
}

static void test_conflicts (Fixture *fixture, gconstpointer data) {
  g_autoptr (GBytes) bytes = tambo_random_bytes (100);
  g_autoptr (GBytes) other = tambo_random_bytes (100);
  g_autoptr (TamboManifest) manifest = manifest_of (fixture, 1, bytes);
  g_autofree char *receipt = take_in (fixture, manifest, bytes);
  g_autoptr (TamboManifest) same_id = manifest_of (fixture, 2, other);
  g_autoptr (TamboManifest) same_sequence = manifest_of (fixture, 1, other);
  g_autoptr (TamboManifest) same_bytes = manifest_of (fixture, 3, bytes);
  TamboManifest *quarrels[] = { same_id, same_sequence, same_bytes };

  g_free (same_id->id);
  same_id->id = g_strdup (manifest->id);
  for (gsize i = 0; i < G_N_ELEMENTS (quarrels); i++)
    for (int tries = 0; tries < 2; tries++) {
      g_auto (TamboIntakeState) state = { NULL };
      g_autoptr (GError) error = NULL;

      g_assert_false (announce (fixture, quarrels[i], &state, &error));
      g_assert_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_CONFLICT);
    }
  /* Both sides of each are kept, and each rings once. */
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM quarantine"), ==, 3);
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM alarms WHERE kind = 'conflict'"), ==, 3);
  g_assert_cmpint (count (fixture, "SELECT quarantined FROM records"), ==, 1);
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM records"), ==, 1);
}

static void test_manifests_that_are_refused (Fixture *fixture, gconstpointer data) {
  g_autoptr (GBytes) bytes = tambo_random_bytes (100);
  g_autoptr (TamboKey) other_key = tambo_key_generate ();
  g_autoptr (TamboManifest) manifest = manifest_of (fixture, 1, bytes);
  g_autofree char *foreign = tambo_manifest_sign (manifest, other_key);
  g_autofree char *hash = g_strdup (manifest->sha256);
  g_auto (TamboIntakeState) state = { NULL };
  const char *senders[] = { "VAN-8", "headquarters" };
  g_autoptr (GError) error = NULL;

  g_assert_false (
      tambo_intake_announce (fixture->hq, fixture->station, hash, foreign, &state, &error));
  g_assert_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID);
  g_clear_error (&error);
  g_assert_false (
      tambo_intake_announce (fixture->hq, fixture->station, hash, "{}", &state, &error));
  g_assert_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID);
  g_clear_error (&error);
  for (gsize i = 0; i < G_N_ELEMENTS (senders); i++) {
    g_free (manifest->sender);
    manifest->sender = g_strdup (senders[i]);
    g_assert_false (announce (fixture, manifest, &state, &error));
    g_assert_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID);
    g_clear_error (&error);
  }
  g_free (manifest->sender);
  manifest->sender = g_strdup ("VAN-7");
  g_free (manifest->recipient);
  manifest->recipient = tambo_key_dup_id (other_key);
  g_assert_false (announce (fixture, manifest, &state, &error));
  g_assert_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID);
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM records"), ==, 0);
}

static void test_missing_numbers (Fixture *fixture, gconstpointer data) {
  g_autoptr (GBytes) bytes = tambo_random_bytes (100);
  g_autoptr (TamboManifest) manifest = manifest_of (fixture, 4, bytes);
  g_autofree char *receipt = NULL;
  g_autoptr (TamboStationRow) row = NULL;
  g_autoptr (GPtrArray) gaps = NULL;
  const TamboGap *gap;

  g_free (manifest->previous);
  manifest->previous = g_strdup (manifest->sha256);
  receipt = take_in (fixture, manifest, bytes);
  row = tambo_stations_get (fixture->hq, "VAN-7", NULL);
  g_assert_cmpint (row->last_sequence, ==, 4);
  g_assert_cmpint (row->missing, ==, 3);
  gaps = tambo_stations_list_gaps (fixture->hq, NULL);
  g_assert_cmpuint (gaps->len, ==, 1);
  gap = gaps->pdata[0];
  g_assert_cmpstr (gap->station, ==, "VAN-7");
  g_assert_cmpint (gap->first, ==, 1);
  g_assert_cmpint (gap->last, ==, 3);
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM alarms"), ==, 0);
}

static void test_broken_chain (Fixture *fixture, gconstpointer data) {
  g_autoptr (GBytes) a = tambo_random_bytes (100);
  g_autoptr (GBytes) b = tambo_random_bytes (100);
  g_autoptr (TamboManifest) first = manifest_of (fixture, 1, a);
  g_autoptr (TamboManifest) second = manifest_of (fixture, 2, b);
  g_autofree char *receipt = take_in (fixture, first, a);
  g_autofree char *second_receipt = NULL;

  g_free (second->previous);
  second->previous = g_strdup (second->sha256); /* not the hash of the first manifest */
  second_receipt = take_in (fixture, second, b);
  g_assert_nonnull (second_receipt);
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM alarms WHERE kind = 'chain'"), ==, 1);
}

/* ---- a database that breaks ---- */

typedef gboolean (*Act) (Fixture *fixture, gpointer data, GError **error);

/* At each of its questions in turn: that is an error of the database and no word on the station, whom a refusal
 * would stop for ever; then it succeeds. Some do without the answer, or ask again. */
static void sweep (Fixture *fixture, const char *what, Act act, gpointer data,
                   gboolean may_recover) {
  gboolean is_whole = FALSE;

  for (guint n = 1; !is_whole; n++) {
    g_autoptr (GError) error = NULL;
    gboolean is_done;

    broken_database_at (n);
    is_done = act (fixture, data, &error);
    is_whole = !broken_database_mend ();
    if (is_done == (error != NULL) || (is_whole && !is_done)
        || (is_done && !is_whole && !may_recover)
        || (!is_done && error->code != TAMBO_HQ_ERROR_FAILED
            && error->code != TAMBO_HQ_ERROR_UNAVAILABLE))
      g_error ("%s, broken at question %u: %s", what, n,
               error != NULL ? error->message : "no error");
    g_assert_cmpuint (n, <, 1000);
  }
}

static gboolean do_announce (Fixture *fixture, gpointer data, GError **error) {
  g_auto (TamboIntakeState) state = { NULL };

  return announce (fixture, data, &state, error);
}

static gboolean do_look (Fixture *fixture, gpointer data, GError **error) {
  g_auto (TamboIntakeState) state = { NULL };
  const TamboManifest *manifest = data;

  return tambo_intake_look (fixture->hq, fixture->station, manifest->sha256, &state, error);
}

static gboolean do_complete (Fixture *fixture, gpointer data, GError **error) {
  const TamboManifest *manifest = data;
  g_autofree char *receipt = tambo_intake_complete (fixture->hq, manifest->sha256, NULL, error);

  return receipt != NULL;
}

static gboolean do_authenticate (Fixture *fixture, gpointer data, GError **error) {
  g_autoptr (TamboStationRow) row = NULL;

  tambo_recent_forget_station (fixture->hq->recent, "VAN-7");
  row = tambo_stations_authenticate (fixture->hq, "VAN-7", data, error);
  return row != NULL;
}

static gboolean do_renew (Fixture *fixture, gpointer data, GError **error) {
  g_autofree char *csr = tambo_registration_make_csr (fixture->key, "VAN-7", NULL);
  const TamboRenewalRequest request = { .station = (char *) "VAN-7", .csr = csr };
  g_autofree char *certificate = tambo_hq_renew (fixture->hq, &request, error);

  return certificate != NULL;
}

static gboolean do_register (Fixture *fixture, gpointer data, GError **error) {
  g_autofree char *csr = tambo_registration_make_csr (fixture->key, "VAN-8", NULL);
  const TamboRegistration registration = { data, (char *) "VAN-8", csr };
  g_autofree char *certificate = tambo_stations_register (fixture->hq, &registration, error);

  return certificate != NULL;
}

static gboolean do_list (Fixture *fixture, gpointer data, GError **error) {
  g_autoptr (GPtrArray) stations = tambo_stations_list (fixture->hq, error);
  g_autoptr (GPtrArray) gaps =
      stations != NULL ? tambo_stations_list_gaps (fixture->hq, error) : NULL;
  g_autoptr (GPtrArray) messages =
      gaps != NULL ? tambo_hq_inbox_list (fixture->hq, fixture->station, 0, error) : NULL;

  return messages != NULL;
}

static gboolean do_feed (Fixture *fixture, gpointer data, GError **error) {
  g_autofree char *feed = tambo_hq_feed_sign (fixture->hq, fixture->station, 0, error);
  g_autoptr (GBytes) salt = feed != NULL ? tambo_hq_feed_get_salt (fixture->hq, error) : NULL;

  return salt != NULL;
}

static gboolean do_decide (Fixture *fixture, gpointer data, GError **error) {
  guint decided;

  return tambo_hq_decide (fixture->hq, &decided, error);
}

static gboolean do_forgotten (Fixture *fixture, gpointer data, GError **error) {
  gboolean was_forgotten;

  return tambo_hq_was_forgotten (fixture->hq, "VAN-7", 1, 1, &was_forgotten, error);
}

#define PREVIOUS "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static void set_previous_certificate (Fixture *fixture, const char *fingerprint) {
  g_assert_true (tambo_database_set_setting (fixture->hq->database, "previous-certificate/VAN-7/1",
                                             fingerprint, NULL));
}

static void test_broken_database (Fixture *fixture, gconstpointer data) {
  g_autoptr (GBytes) bytes = tambo_random_bytes (1000);
  g_autoptr (TamboManifest) manifest = manifest_of (fixture, 1, bytes);
  g_autofree char *fingerprint = g_strdup (fixture->station->fingerprint);
  g_autofree char *token = tambo_stations_invite (fixture->hq, "VAN-8", NULL);

  sweep (fixture, "registration", do_register, token, FALSE);
  sweep (fixture, "authentication", do_authenticate, fingerprint, FALSE);
  /* With the certificate before that of now. */
  set_previous_certificate (fixture, PREVIOUS);
  sweep (fixture, "authentication as before", do_authenticate, (gpointer) PREVIOUS, FALSE);
  sweep (fixture, "announcement", do_announce, manifest, FALSE);
  sweep (fixture, "look", do_look, manifest, FALSE);
  upload (fixture, manifest, 0, g_bytes_get_data (bytes, NULL), 1000);
  sweep (fixture, "receipt", do_complete, manifest, TRUE);
  sweep (fixture, "receipt again", do_complete, manifest, TRUE);
  sweep (fixture, "lists", do_list, NULL, FALSE);
  sweep (fixture, "feed", do_feed, NULL, FALSE);
  sweep (fixture, "what was forgotten", do_forgotten, NULL, FALSE);
  /* It rolls back what it only read. */
  sweep (fixture, "renewal", do_renew, NULL, TRUE);
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM intake_log"), ==, 1);
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM alarms"), ==, 0);
  /* What it holds is nothing that can be opened: that is found once. Appointments are sent on another time. */
  sweep (fixture, "decision", do_decide, NULL, TRUE);
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM records WHERE state = 'failed'"), ==, 1);
  g_assert_cmpint (count (fixture, "SELECT count(*) FROM alarms"), ==, 1);
}

static void assert_token_refused (TamboHq *hq, const char *token, const char *code) {
  g_autoptr (TamboKey) key = tambo_key_generate ();
  g_autofree char *csr = tambo_registration_make_csr (key, code, NULL);
  TamboRegistration registration = { (char *) token, (char *) code, csr };
  g_autoptr (GError) error = NULL;

  g_assert_null (tambo_stations_register (hq, &registration, &error));
  g_assert_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_TOKEN);
}

static void test_invitations (Fixture *fixture, gconstpointer data) {
  g_autofree char *token = tambo_stations_invite (fixture->hq, "VAN-9", NULL);
  g_autofree char *stored = NULL;
  g_autoptr (TamboQuery) query = NULL;

  g_assert_cmpuint (strlen (token), ==, 32);
  assert_token_refused (fixture->hq, token, "VAN-8");
  assert_token_refused (fixture->hq, "ffffffffffffffffffffffffffffffff", "VAN-9");
  query = tambo_database_query (fixture->hq->database, NULL,
                                "SELECT token_hash FROM invitations WHERE station = 'VAN-9'", "");
  g_assert_true (tambo_query_next (query, NULL));
  stored = tambo_query_dup_text (query, 0);
  g_clear_pointer (&query, tambo_query_free);
  g_assert_cmpstr (stored, !=, token);
  g_assert_true (tambo_database_run (fixture->hq->database, NULL,
                                     "UPDATE invitations SET expires = 1000", ""));
  assert_token_refused (fixture->hq, token, "VAN-9");
  g_assert_null (tambo_stations_invite (fixture->hq, "../x", NULL));
  g_assert_null (tambo_stations_invite (fixture->hq, "headquarters", NULL));
}

/* A request for another name than the invitation's, and one that its key did not sign. */
static void test_requests_that_are_refused (Fixture *fixture, gconstpointer data) {
  g_autofree char *token = tambo_stations_invite (fixture->hq, "VAN-9", NULL);
  g_autoptr (TamboKey) key = tambo_key_generate ();
  g_autofree char *csr = tambo_registration_make_csr (key, "VAN-8", NULL);
  TamboRegistration registration = { token, (char *) "VAN-9", csr };
  g_autofree char *certificate = NULL;
  g_autofree char *right = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_null (tambo_stations_register (fixture->hq, &registration, &error));
  g_assert_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID);
  g_clear_error (&error);
  registration.csr = (char *) "no request";
  g_assert_null (tambo_stations_register (fixture->hq, &registration, &error));
  g_assert_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID);
  g_clear_error (&error);
  /* The token was not used up by that. */
  registration.csr = right = tambo_registration_make_csr (key, "VAN-9", NULL);
  certificate = tambo_stations_register (fixture->hq, &registration, &error);
  g_assert_no_error (error);
}

int main (int argc, char **argv) {
  static const struct {
    const char *path;
    void (*run) (Fixture *fixture, gconstpointer data);
  } tests[] = {
    { "/hq/intake/receipts", test_receipts },
    { "/hq/intake/exactly-once", test_exactly_once },
    { "/hq/intake/resume", test_resume },
    { "/hq/intake/receipt-after-all-bytes", test_receipt_after_all_bytes },
    { "/hq/intake/conflicts", test_conflicts },
    { "/hq/intake/manifests-that-are-refused", test_manifests_that_are_refused },
    { "/hq/intake/missing-numbers", test_missing_numbers },
    { "/hq/intake/broken-chain", test_broken_chain },
    { "/hq/intake/two-receivers", test_two_receivers },
    { "/hq/uploads/newer-connection-wins", test_newer_connection_wins },
    { "/hq/uploads/other-bytes", test_other_bytes },
    { "/hq/uploads/longer-than-promised", test_longer_than_promised },
    { "/hq/intake/broken-database", test_broken_database },
    { "/hq/stations/invitations", test_invitations },
    { "/hq/stations/requests-that-are-refused", test_requests_that_are_refused },
  };

  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].run, tear_down);
  return g_test_run ();
}
