/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From every older version: schema-N.sql is a store that the program of version N made.
 */
#include <glib/gstdio.h>
#include <string.h>

#include "base/hash.h"
#include "desk.h"
#include "store/audit.h"
#include "store/cases.h"
#include "store/chip-journal.h"
#include "store/inbox.h"
#include "store/migrations.h"
#include "store/outbox.h"
#include "store/stock.h"

#define FIRST_VERSION 1

static char *schema_path (int version) {
  g_autofree char *name = g_strdup_printf ("schema-%d.sql", version);

  return g_test_build_filename (G_TEST_DIST, "unit", "store", name, NULL);
}

/* Puts the store of VERSION in the place of the desk's. */
static void lay_old (Desk *desk, int version) {
  g_autofree char *name = schema_path (version);
  g_autofree char *sql = NULL;
  g_autoptr (GError) error = NULL;

  g_clear_pointer (&desk->store, tambo_store_close);
  g_assert_true (g_file_get_contents (name, &sql, NULL, &error));
  g_unlink (desk->path);
  desk_sql (desk, sql);
  g_assert_cmpint (desk_count (desk, "PRAGMA user_version"), ==, version);
}

static char *hash_of_file (const char *path) {
  g_autofree char *contents = NULL;
  g_autoptr (GBytes) bytes = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (path, &contents, &size, NULL));
  bytes = g_bytes_new (contents, size);
  return tambo_sha256_hex (bytes);
}

/* ---- the schema ---- */

/* Tables, columns and indices, however they came about; columns that were added stand behind. */
#define SCHEMA                                                                                     \
  "SELECT group_concat (line, char (10)) FROM (SELECT t.name || '.' || c.name || ' ' || c.type"    \
  " || ' ' || c.\"notnull\" || ' ' || c.pk || ' ' || t.strict || ' ' || t.wr"                      \
  " || ' ' || coalesce (c.dflt_value, '') AS line"                                                 \
  " FROM pragma_table_list t, pragma_table_info (t.name) c WHERE t.type = 'table'"                 \
  " UNION ALL SELECT 'index ' || sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"  \
  " ORDER BY line)"

static void assert_same_schema (Desk *desk, Desk *fresh) {
  g_autofree char *schema = desk_text (desk, SCHEMA);
  g_autofree char *wanted = desk_text (fresh, SCHEMA);

  g_assert_cmpstr (schema, ==, wanted);
  g_assert_cmpint (desk_count (desk, "PRAGMA user_version"), ==, tambo_migrations_newest ());
}

/* ---- the data ---- */

static void assert_bytes (GBytes *bytes, const char *text) {
  g_assert_nonnull (bytes);
  g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), text, strlen (text));
}

static void assert_draft (TamboStore *store) {
  g_autoptr (GPtrArray) rows = tambo_cases_list (store, NULL);
  g_autoptr (GPtrArray) found = tambo_cases_search (store, "eriksson", NULL);
  guint drafts = 0;

  g_assert_cmpuint (rows->len, ==, 2);
  for (guint i = 0; i < rows->len; i++) {
    const TamboCaseRow *row = rows->pdata[i];
    g_autoptr (TamboEnrolment) enrolment = NULL;
    g_autoptr (GBytes) portrait = NULL;

    if (row->state != TAMBO_CASE_DRAFT) {
      g_assert_cmpint (row->state, ==, TAMBO_CASE_ORDERED);
      continue;
    }
    drafts++;
    enrolment = tambo_cases_load (store, row->id, NULL);
    g_assert_cmpstr (enrolment->applicant->surname, ==, "ERIKSSON");
    portrait = tambo_cases_load_sample (store, enrolment, "portrait", NULL);
    assert_bytes (portrait, "portrait of the specimen");
  }
  g_assert_cmpuint (drafts, ==, 1);
  g_assert_cmpuint (found->len, >=, 1);
}

/* The entry that the migration found stands where the log has it. */
static void assert_receipt_entry (TamboStore *store, const TamboOutboxRow *row) {
  g_autoptr (GPtrArray) entries = tambo_audit_list (store, NULL);
  const TamboAuditEntry *entry;

  g_assert_cmpint (row->receipt_entry, >=, 0);
  entry = entries->pdata[row->receipt_entry];
  g_assert_cmpstr (entry->action, ==, "receipt");
  g_assert_cmpstr (entry->subject, ==, row->id);
}

static void assert_records (TamboStore *store) {
  g_autoptr (GPtrArray) rows = tambo_outbox_list (store, NULL);
  const TamboOutboxRow *sent, *event;
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (GBytes) others = NULL;
  g_autoptr (GBytes) message = tambo_inbox_load (store, "order-1", NULL);

  g_assert_cmpuint (rows->len, ==, 2);
  sent = rows->pdata[0];
  event = rows->pdata[1];
  g_assert_cmpint (sent->state, ==, TAMBO_OUTBOX_ACKNOWLEDGED);
  g_assert_cmpstr (sent->receipt, ==, "{\"receipt\":1}");
  assert_receipt_entry (store, sent);
  g_assert_cmpint (event->state, ==, TAMBO_OUTBOX_QUEUED);
  g_assert_cmpint (event->receipt_entry, ==, -1);
  bytes = tambo_outbox_load (store, sent->id, NULL);
  assert_bytes (bytes, "sealed record");
  others = tambo_outbox_load (store, event->id, NULL);
  assert_bytes (others, "another record");
  assert_bytes (message, "sealed order");
}

static void assert_desk (TamboStore *store) {
  g_autoptr (GPtrArray) blanks = tambo_stock_list (store, NULL);
  g_autoptr (GPtrArray) steps = tambo_chip_journal_list (store, "order-1", NULL);
  g_autoptr (GPtrArray) operators = tambo_operators_list (store, NULL);
  g_autofree char *root = NULL;
  g_autofree char *statement = NULL;
  gint64 size;

  g_assert_cmpuint (blanks->len, ==, 3);
  g_assert_cmpuint (steps->len, ==, 1);
  g_assert_cmpuint (operators->len, ==, 1);
  g_assert_true (tambo_audit_get_countersigned (store, &size, &root, &statement, NULL));
  g_assert_cmpstr (statement, ==, "{\"head\":1}");
  g_assert_cmpint (size, ==, 13);
}

static void test_from (gconstpointer data) {
  int version = GPOINTER_TO_INT (data);
  g_auto (Desk) desk = { 0 };
  g_auto (Desk) fresh = { 0 };
  g_auto (Desk) copy = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *before = NULL;
  g_autofree char *kept = NULL;
  gint64 entries;

  desk_init (&fresh);
  desk_init (&desk);
  lay_old (&desk, version);
  before = desk_text (&desk, "SELECT group_concat (entry) FROM audit_entries");
  entries = desk_count (&desk, "SELECT count (*) FROM audit_entries");
  desk.store = desk_open_again (&desk);
  g_assert_true (tambo_store_verify (desk.store, &error));
  g_assert_no_error (error);
  assert_same_schema (&desk, &fresh);

  desk_sign_in (desk.store);
  assert_draft (desk.store);
  assert_records (desk.store);
  assert_desk (desk.store);
  g_assert_true (tambo_store_verify (desk.store, &error));
  g_assert_cmpint (desk_count (&desk, "SELECT count (*) FROM audit_entries"), >=, entries);

  /* The copy of the old one, as it was. */
  kept = tambo_migrations_kept_path (desk.path);
  copy.path = g_steal_pointer (&kept);
  g_assert_cmpint (desk_count (&copy, "PRAGMA user_version"), ==, version);
  kept = desk_text (&copy, "SELECT group_concat (entry) FROM audit_entries");
  g_assert_cmpstr (kept, ==, before);
  copy.folder = g_dir_make_tmp ("tambo-store-XXXXXX", NULL);
}

/* The last step fails, when all others are done. */
static void test_half_way (gconstpointer data) {
  int version = GPOINTER_TO_INT (data);
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  desk_init (&desk);
  lay_old (&desk, version);
  desk_sql (&desk, "ALTER TABLE blanks ADD COLUMN keeper TEXT");
  before = hash_of_file (desk.path);
  g_assert_null (tambo_store_open (desk.path, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_FAILED);
  after = hash_of_file (desk.path);
  g_assert_cmpstr (before, ==, after);

  desk_sql (&desk, "ALTER TABLE blanks DROP COLUMN keeper");
  desk.store = desk_open_again (&desk);
  g_assert_true (tambo_store_verify (desk.store, NULL));
}

static void test_newer_is_refused (void) {
  g_auto (Desk) desk = { 0 };
  g_autoptr (GError) error = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;

  desk_init (&desk);
  g_clear_pointer (&desk.store, tambo_store_close);
  desk_set_version (&desk, tambo_migrations_newest () + 1);
  before = hash_of_file (desk.path);
  g_assert_null (tambo_store_open (desk.path, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_VERSION);
  after = hash_of_file (desk.path);
  g_assert_cmpstr (before, ==, after);
}

/* A store that is new has nothing old beside it. */
static void test_new_keeps_nothing (void) {
  g_auto (Desk) desk = { 0 };
  g_autofree char *kept = NULL;

  desk_init (&desk);
  desk_reopen (&desk);
  kept = tambo_migrations_kept_path (desk.path);
  g_assert_false (g_file_test (kept, G_FILE_TEST_EXISTS));
}

/* Each version that is left behind gets its file. */
static void test_no_version_is_left_out (void) {
  g_autofree char *last = schema_path (tambo_migrations_newest () - 1);
  g_autofree char *next = schema_path (tambo_migrations_newest ());

  g_assert_true (g_file_test (last, G_FILE_TEST_EXISTS));
  g_assert_false (g_file_test (next, G_FILE_TEST_EXISTS));
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  for (int version = FIRST_VERSION; version < tambo_migrations_newest (); version++) {
    g_autofree char *from = g_strdup_printf ("/migrations/from-%d", version);
    g_autofree char *half_way = g_strdup_printf ("/migrations/half-way-from-%d", version);

    g_test_add_data_func (from, GINT_TO_POINTER (version), test_from);
    g_test_add_data_func (half_way, GINT_TO_POINTER (version), test_half_way);
  }
  g_test_add_func ("/migrations/newer", test_newer_is_refused);
  g_test_add_func ("/migrations/new", test_new_keeps_nothing);
  g_test_add_func ("/migrations/none-left-out", test_no_version_is_left_out);
  return g_test_run ();
}
