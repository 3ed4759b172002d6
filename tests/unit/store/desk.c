/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "desk.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "store/audit.h"

GBytes *desk_password (const char *text) {
  return tambo_secret_new (text, strlen (text));
}

void desk_init (Desk *desk) {
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("tambo-store-XXXXXX", &error);

  g_assert_no_error (error);
  desk_init_in (desk, folder);
}

void desk_init_in (Desk *desk, const char *folder) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) password = desk_password (DESK_PASSWORD);

  desk->folder = g_strdup (folder);
  desk->path = g_build_filename (desk->folder, "store.db", NULL);
  desk->store = tambo_store_create (desk->path, &error);
  g_assert_no_error (error);
  tambo_store_set_setting (desk->store, "scrypt-log2-n", "10", &error);
  g_assert_no_error (error);
  tambo_operators_add (desk->store, DESK_OPERATOR, TAMBO_ROLE_SUPERVISOR, password, "station",
                       &error);
  g_assert_no_error (error);
}

void desk_clear (Desk *desk) {
  g_autoptr (GDir) dir = g_dir_open (desk->folder, 0, NULL);
  const char *name;

  g_clear_pointer (&desk->store, tambo_store_close);
  while ((name = g_dir_read_name (dir)) != NULL) {
    g_autofree char *path = g_build_filename (desk->folder, name, NULL);

    g_unlink (path);
  }
  g_rmdir (desk->folder);
  g_free (desk->folder);
  g_free (desk->path);
}

TamboStore *desk_open_again (Desk *desk) {
  g_autoptr (GError) error = NULL;
  TamboStore *store = tambo_store_open (desk->path, &error);

  g_assert_no_error (error);
  return store;
}

void desk_sign_in (TamboStore *store) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) password = desk_password (DESK_PASSWORD);
  g_autoptr (TamboOperatorRow) row =
      tambo_operators_sign_in (store, DESK_OPERATOR, password, NULL, &error);

  g_assert_no_error (error);
  g_assert_nonnull (row);
}

void desk_reopen (Desk *desk) {
  g_clear_pointer (&desk->store, tambo_store_close);
  desk->store = desk_open_again (desk);
  desk_sign_in (desk->store);
}

static sqlite3 *open_raw (Desk *desk) {
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (desk->path, &db), ==, SQLITE_OK);
  return db;
}

void desk_sql (Desk *desk, const char *sql) {
  sqlite3 *db = open_raw (desk);

  g_assert_cmpint (sqlite3_exec (db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
  sqlite3_close (db);
}

void desk_write (Desk *desk, const char *sql) {
  g_assert_cmpint (sqlite3_exec (desk->store->db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
}

/* What step I + 1 of the migrations made, unmade; the newest first. */
static const char *const unmaking[] = {
  "DROP TABLE search_tokens; DROP INDEX cases_by_state; DROP INDEX cases_without_tokens;"
  "ALTER TABLE cases DROP COLUMN tokens;",
  "DROP TABLE data_key; DROP TABLE operator_fingers;"
  "ALTER TABLE operators DROP COLUMN is_first_password;"
  "ALTER TABLE operators DROP COLUMN retry_boot;",
  "ALTER TABLE settings DROP COLUMN digest; ALTER TABLE operators DROP COLUMN digest;"
  "ALTER TABLE operator_fingers DROP COLUMN digest; ALTER TABLE data_key DROP COLUMN digest;"
  "ALTER TABLE cases DROP COLUMN digest; ALTER TABLE samples DROP COLUMN digest;"
  "ALTER TABLE outbox DROP COLUMN digest; ALTER TABLE outbox DROP COLUMN receipt_entry;"
  "ALTER TABLE inbox DROP COLUMN digest; ALTER TABLE audit_countersigned DROP COLUMN digest;"
  "ALTER TABLE chip_journal DROP COLUMN digest; ALTER TABLE blanks DROP COLUMN digest;",
  "DROP TABLE audit_nodes; CREATE TABLE old_tokens (token BLOB NOT NULL, case_id TEXT NOT NULL,"
  " PRIMARY KEY (token, case_id)) STRICT, WITHOUT ROWID;"
  "INSERT INTO old_tokens SELECT token, case_id FROM search_tokens; DROP TABLE search_tokens;"
  "ALTER TABLE old_tokens RENAME TO search_tokens;",
  "DROP TABLE data_key_copy;",
  "DROP TABLE feed; DROP TABLE arrivals;",
  "DROP TABLE step_times;",
  "DROP INDEX blanks_by_keeper; ALTER TABLE blanks DROP COLUMN keeper;",
};

void desk_set_version (Desk *desk, int version) {
  g_autofree char *sql = g_strdup_printf ("PRAGMA user_version = %d", version);

  desk_sql (desk, sql);
}

void desk_make_version (Desk *desk, int version) {
  g_assert_cmpint (G_N_ELEMENTS (unmaking) + 1, ==, tambo_migrations_newest ());
  for (int i = G_N_ELEMENTS (unmaking) - 1; i >= version - 1; i--)
    desk_sql (desk, unmaking[i]);
  desk_set_version (desk, version);
}

void desk_forget_data_key (Desk *desk) {
  TamboStore *store = desk->store;

  g_bytes_unref (store->data_key);
  store->data_key = g_bytes_ref (store->unlock_key);
  g_clear_pointer (&store->data_key_mark, g_free);
  desk_sql (desk, "DELETE FROM data_key; DELETE FROM data_key_copy");
}

static GBytes *select_bytes (Desk *desk, const char *sql) {
  sqlite3 *db = open_raw (desk);
  sqlite3_stmt *statement;
  GBytes *bytes;

  g_assert_cmpint (sqlite3_prepare_v2 (db, sql, -1, &statement, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_step (statement), ==, SQLITE_ROW);
  bytes =
      g_bytes_new (sqlite3_column_blob (statement, 0), (gsize) sqlite3_column_bytes (statement, 0));
  sqlite3_finalize (statement);
  sqlite3_close (db);
  return bytes;
}

char *desk_text (Desk *desk, const char *sql) {
  g_autoptr (GBytes) bytes = select_bytes (desk, sql);
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);

  return g_strndup (text, size);
}

gint64 desk_count (Desk *desk, const char *sql) {
  g_autofree char *text = desk_text (desk, sql);

  return g_ascii_strtoll (text, NULL, 10);
}

void desk_flip (Desk *desk, const char *sql) {
  g_autoptr (GBytes) bytes = select_bytes (desk, sql);
  g_autoptr (GError) error = NULL;
  g_autofree char *contents = NULL;
  gsize size, length;
  const char *needle = g_bytes_get_data (bytes, &size);
  gsize offset = size / 2;
  gsize span = MIN (size - offset, 16);
  char *found;

  g_clear_pointer (&desk->store, tambo_store_close);
  g_file_get_contents (desk->path, &contents, &length, &error);
  g_assert_no_error (error);
  found = memmem (contents, length, needle + offset, span);
  g_assert_nonnull (found);
  *found ^= 0x04;
  g_assert_null (memmem (found, length - (gsize) (found - contents), needle + offset, span));
  g_file_set_contents_full (desk->path, contents, (gssize) length, G_FILE_SET_CONTENTS_NONE, 0600,
                            &error);
  g_assert_no_error (error);
  desk->store = desk_open_again (desk);
}

void desk_assert_audit (Desk *desk, const char *action, guint count) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = tambo_audit_list (desk->store, &error);
  gint64 n_entries, n_countersigned;
  guint found = 0;

  g_assert_no_error (error);
  for (guint i = 0; i < entries->len; i++) {
    const TamboAuditEntry *entry = entries->pdata[i];

    found += g_str_equal (entry->action, action);
  }
  g_assert_cmpuint (found, ==, count);
  g_assert_true (tambo_audit_verify (desk->store, &n_entries, &n_countersigned, &error));
  g_assert_cmpint (n_entries, ==, entries->len);
}

TamboEnrolment *desk_specimen (void) {
  TamboProcedure procedure = { .id = (char *) "passport", .version = 1 };
  TamboEnrolment *enrolment = tambo_enrolment_new ("UTO-1", &procedure, DESK_OPERATOR);
  TamboApplicant *applicant = enrolment->applicant;

  applicant->surname = g_strdup ("ERIKSSON");
  applicant->given_names = g_strdup ("ANNA MARIA");
  applicant->birth_date = g_strdup ("1974-08-12");
  applicant->sex = TAMBO_SEX_FEMALE;
  applicant->nationality = g_strdup ("UTO");
  applicant->issuing_state = g_strdup ("UTO");
  applicant->document_type = g_strdup ("P");
  applicant->document_number = g_strdup ("L898902C3");
  applicant->expiry_date = g_strdup ("2032-04-15");
  applicant->personal_number = g_strdup ("ZE184226B");
  return enrolment;
}

static TamboSample *new_sample (TamboSampleKind kind) {
  TamboSample *sample = tambo_sample_new (kind);

  sample->media_type = g_strdup ("image/png");
  sample->device = g_strdup ("file");
  sample->operator_id = g_strdup (DESK_OPERATOR);
  sample->captured_at = tambo_clock_now ();
  return sample;
}

TamboSample *desk_portrait (void) {
  return new_sample (TAMBO_SAMPLE_PORTRAIT);
}

TamboSample *desk_document (const char *kind) {
  TamboSample *sample = new_sample (TAMBO_SAMPLE_DOCUMENT);

  sample->document_kind = g_strdup (kind);
  return sample;
}

GBytes *desk_bytes (gsize size) {
  return tambo_random_bytes (size);
}
