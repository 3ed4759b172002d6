/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/migrations.h"

#include <glib/gstdio.h>

#include "store/audit-tree.h"
#include "store/backup.h"
#include "store/db.h"
#include "store/digest.h"

/* Large blobs lie in tables of their own: SQLite writes a whole row anew when one column changes,
 * and the state of a sealed record changes more often than the record, which never does. */
static const char version_1[] =
    "CREATE TABLE settings ("
    "  name TEXT NOT NULL PRIMARY KEY,"
    "  value TEXT NOT NULL) STRICT, WITHOUT ROWID;"

    "CREATE TABLE operators ("
    "  id TEXT NOT NULL PRIMARY KEY,"
    "  role TEXT NOT NULL,"
    "  disabled INTEGER NOT NULL DEFAULT 0,"
    "  created_at TEXT NOT NULL,"
    "  failures INTEGER NOT NULL DEFAULT 0,"
    "  retry_at INTEGER NOT NULL DEFAULT 0,"
    "  wrapping BLOB NOT NULL,"
    "  sha256 TEXT NOT NULL) STRICT;"

    "CREATE TABLE cases ("
    "  id TEXT NOT NULL PRIMARY KEY,"
    "  tracking_number TEXT NOT NULL UNIQUE,"
    "  procedure_id TEXT NOT NULL,"
    "  state TEXT NOT NULL,"
    "  practice INTEGER NOT NULL,"
    "  operator_id TEXT NOT NULL,"
    "  created_at TEXT NOT NULL,"
    "  updated_at TEXT NOT NULL,"
    "  sealed BLOB,"
    "  sha256 TEXT) STRICT;"
    "CREATE INDEX cases_by_date ON cases (created_at);"

    "CREATE TABLE samples ("
    "  case_id TEXT NOT NULL REFERENCES cases (id),"
    "  slot TEXT NOT NULL,"
    "  saved_at TEXT NOT NULL,"
    "  sha256 TEXT NOT NULL,"
    "  sealed BLOB NOT NULL,"
    "  PRIMARY KEY (case_id, slot)) STRICT;"

    "CREATE TABLE outbox ("
    "  sequence INTEGER PRIMARY KEY,"
    "  id TEXT NOT NULL UNIQUE,"
    "  kind TEXT NOT NULL,"
    "  case_id TEXT,"
    "  state TEXT NOT NULL,"
    "  priority INTEGER NOT NULL,"
    "  queued_at TEXT NOT NULL,"
    "  attempts INTEGER NOT NULL DEFAULT 0,"
    "  last_error TEXT,"
    "  receipt TEXT,"
    "  size INTEGER NOT NULL,"
    "  sha256 TEXT NOT NULL,"
    "  manifest_sha256 TEXT NOT NULL) STRICT;"
    "CREATE INDEX outbox_by_turn ON outbox (state, priority, attempts, sequence);"
    "CREATE TABLE outbox_records ("
    "  sequence INTEGER PRIMARY KEY REFERENCES outbox (sequence),"
    "  manifest TEXT NOT NULL,"
    "  sealed BLOB NOT NULL) STRICT;"

    "CREATE TABLE inbox ("
    "  number INTEGER PRIMARY KEY,"
    "  id TEXT NOT NULL UNIQUE,"
    "  kind TEXT NOT NULL,"
    "  case_id TEXT,"
    "  state TEXT NOT NULL,"
    "  received_at TEXT NOT NULL,"
    "  manifest TEXT NOT NULL,"
    "  manifest_sha256 TEXT NOT NULL,"
    "  sha256 TEXT NOT NULL) STRICT;"
    "CREATE INDEX inbox_by_case ON inbox (case_id, number);"
    "CREATE TABLE inbox_messages ("
    "  number INTEGER PRIMARY KEY REFERENCES inbox (number),"
    "  sealed BLOB NOT NULL) STRICT;"

    "CREATE TABLE audit_entries ("
    "  number INTEGER PRIMARY KEY,"
    "  entry TEXT NOT NULL,"
    "  leaf_hash BLOB NOT NULL) STRICT;"
    "CREATE TABLE audit_countersigned ("
    "  one INTEGER PRIMARY KEY CHECK (one = 1),"
    "  size INTEGER NOT NULL,"
    "  root TEXT NOT NULL,"
    "  statement TEXT NOT NULL) STRICT;"

    "CREATE TABLE chip_journal ("
    "  number INTEGER PRIMARY KEY,"
    "  order_id TEXT NOT NULL,"
    "  blank TEXT NOT NULL,"
    "  step TEXT NOT NULL,"
    "  time TEXT NOT NULL) STRICT;"
    "CREATE INDEX chip_journal_by_order ON chip_journal (order_id, number);"
    "CREATE INDEX chip_journal_by_blank ON chip_journal (blank);"

    "CREATE TABLE blanks ("
    "  number TEXT NOT NULL PRIMARY KEY,"
    "  kind TEXT NOT NULL,"
    "  institution TEXT NOT NULL,"
    "  state TEXT NOT NULL,"
    "  order_id TEXT,"
    "  updated_at TEXT NOT NULL) STRICT;"
    "CREATE INDEX blanks_by_turn ON blanks (kind, state, length (number), number);"
    "CREATE INDEX blanks_by_order ON blanks (order_id) WHERE order_id IS NOT NULL;";

/* Search: what a case is found by stands in its row too, so that it can be taken out of the index again,
 * and so that a flipped bit in one is told from the other. */
static const char version_2[] =
    "CREATE TABLE search_tokens ("
    "  token BLOB NOT NULL,"
    "  case_id TEXT NOT NULL,"
    "  PRIMARY KEY (token, case_id)) STRICT, WITHOUT ROWID;"
    "ALTER TABLE cases ADD COLUMN tokens BLOB;"
    "CREATE INDEX cases_by_state ON cases (state, created_at);"
    "CREATE INDEX cases_without_tokens ON cases (id) WHERE tokens IS NULL AND sealed IS NOT NULL;";

/* Operators: first passwords, waits that no clock shortens, templates for unlocking; the data key under a
 * wrapping of its own. */
static const char operators_and_keys[] =
    "ALTER TABLE operators ADD COLUMN is_first_password INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE operators ADD COLUMN retry_boot TEXT;"
    "CREATE TABLE data_key ("
    "  one INTEGER PRIMARY KEY CHECK (one = 1),"
    "  token TEXT,"
    "  wrapping BLOB NOT NULL,"
    "  sha256 TEXT NOT NULL) STRICT;"
    "CREATE TABLE operator_fingers ("
    "  operator_id TEXT NOT NULL REFERENCES operators (id),"
    "  position TEXT NOT NULL,"
    "  sha256 TEXT NOT NULL,"
    "  sealed BLOB NOT NULL,"
    "  PRIMARY KEY (operator_id, position)) STRICT;";

/* A digest beside each row (digest.h), and where in the audit log a receipt was noted: what was sent is
 * purged only when headquarters has countersigned that entry. */
static const char receipt_entries[] =
    "ALTER TABLE outbox ADD COLUMN receipt_entry INTEGER;"
    "UPDATE outbox SET receipt_entry = known.number FROM ("
    "  SELECT number, json_extract (entry, '$.subject') AS id FROM audit_entries"
    "  WHERE CASE WHEN json_valid (entry) THEN json_extract (entry, '$.action') = 'receipt' END)"
    " AS known WHERE known.id = outbox.id AND receipt IS NOT NULL;";

/* As long as a digest: the row that gets its own is written in place. */
#define NO_DIGEST "x'0000000000000000000000000000000000000000000000000000000000000000'"

/* As the tables were then. */
static const struct {
  const char *table, *columns;
} first_digests[] = {
  { "settings", "name, value" },
  { "operators", "id, role, disabled, created_at, failures, retry_at, retry_boot,"
                 " is_first_password, sha256" },
  { "operator_fingers", "operator_id, position, sha256" },
  { "data_key", "one, token, sha256" },
  { "cases", "id, tracking_number, procedure_id, state, practice, operator_id, created_at,"
             " updated_at, sha256, tokens" },
  { "samples", "case_id, slot, saved_at, sha256" },
  { "outbox", "sequence, id, kind, case_id, state, priority, queued_at, attempts, last_error,"
              " receipt, receipt_entry, size, sha256, manifest_sha256" },
  { "inbox", "number, id, kind, case_id, state, received_at, manifest_sha256, sha256" },
  { "audit_countersigned", "one, size, root, statement" },
  { "chip_journal", "number, order_id, blank, step, time" },
  { "blanks", "number, kind, institution, state, order_id, updated_at" },
};

/* Newest first, so that of a word that thousands have only the newest are read. */
static const char tokens_by_date[] =
    "CREATE TABLE tokens_by_date ("
    "  token BLOB NOT NULL,"
    "  created_at TEXT NOT NULL,"
    "  case_id TEXT NOT NULL,"
    "  PRIMARY KEY (token, created_at, case_id)) STRICT, WITHOUT ROWID;"
    "INSERT INTO tokens_by_date SELECT t.token, c.created_at, c.id"
    " FROM search_tokens t JOIN cases c ON c.id = t.case_id ORDER BY 1, 2, 3;"
    "DROP TABLE search_tokens;"
    "ALTER TABLE tokens_by_date RENAME TO search_tokens;";

/* The upper part of the audit log's tree (audit-tree.h). */
static const char audit_nodes[] = "CREATE TABLE audit_nodes ("
                                  "  level INTEGER NOT NULL,"
                                  "  number INTEGER NOT NULL,"
                                  "  hash BLOB NOT NULL,"
                                  "  digest BLOB NOT NULL,"
                                  "  PRIMARY KEY (level, number)) STRICT, WITHOUT ROWID;";

/* The wrapped data key once more (key-copies.h). */
static const char data_key_copy[] =
    "CREATE TABLE data_key_copy ("
    "  one INTEGER PRIMARY KEY CHECK (one = 1),"
    "  token TEXT,"
    "  wrapping BLOB NOT NULL,"
    "  sha256 TEXT NOT NULL,"
    "  digest BLOB NOT NULL DEFAULT " NO_DIGEST ") STRICT;"
    "INSERT INTO data_key_copy SELECT one, token, wrapping, sha256, digest FROM data_key"
    " WHERE digest = tambo_digest (one, token, sha256);";

/* What headquarters tells beside messages, and who came for an appointment (feed.h). */
static const char feed[] = "CREATE TABLE feed ("
                           "  kind TEXT NOT NULL,"
                           "  id TEXT NOT NULL,"
                           "  version INTEGER NOT NULL,"
                           "  body TEXT NOT NULL,"
                           "  body_sha256 TEXT NOT NULL,"
                           "  sealed BLOB,"
                           "  sealed_sha256 TEXT,"
                           "  digest BLOB NOT NULL DEFAULT " NO_DIGEST ","
                           "  PRIMARY KEY (kind, id)) STRICT;"
                           "CREATE TABLE arrivals ("
                           "  appointment TEXT NOT NULL PRIMARY KEY,"
                           "  case_id TEXT NOT NULL,"
                           "  at TEXT NOT NULL,"
                           "  digest BLOB NOT NULL DEFAULT " NO_DIGEST ") STRICT;";

/* How long steps took (step-times.h). */
static const char step_times[] = "CREATE TABLE step_times ("
                                 "  number INTEGER PRIMARY KEY,"
                                 "  case_id TEXT,"
                                 "  step TEXT NOT NULL,"
                                 "  at TEXT NOT NULL,"
                                 "  ms INTEGER NOT NULL,"
                                 "  digest BLOB NOT NULL DEFAULT " NO_DIGEST ","
                                 "  UNIQUE (case_id, step)) STRICT;"
                                 "CREATE INDEX step_times_by_date ON step_times (at);";

/* Who has which blanks: without a keeper they lie in the vault. */
static const char keepers[] =
    "ALTER TABLE blanks ADD COLUMN keeper TEXT;"
    "UPDATE blanks"
    " SET digest = tambo_digest (number, kind, institution, state, order_id, updated_at, keeper)"
    " WHERE digest = tambo_digest (number, kind, institution, state, order_id, updated_at);"
    "CREATE INDEX blanks_by_keeper ON blanks (kind, state, keeper) WHERE keeper IS NOT NULL;";

static gboolean create_version_1 (TamboStore *store, GError **error) {
  return tambo_db_execute (store, version_1, error);
}

static gboolean create_version_2 (TamboStore *store, GError **error) {
  return tambo_db_execute (store, version_2, error);
}

static gboolean add_operators_and_keys (TamboStore *store, GError **error) {
  return tambo_db_execute (store, operators_and_keys, error);
}

static gboolean add_digests (TamboStore *store, GError **error) {
  if (!tambo_db_execute (store, receipt_entries, error))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (first_digests); i++) {
    g_autofree char *sql =
        g_strdup_printf ("ALTER TABLE %s ADD COLUMN digest BLOB NOT NULL DEFAULT " NO_DIGEST ";"
                         "UPDATE %s SET digest = tambo_digest (%s);",
                         first_digests[i].table, first_digests[i].table, first_digests[i].columns);

    if (!tambo_db_execute (store, sql, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean add_orders_of_growth (TamboStore *store, GError **error) {
  return tambo_db_execute (store, audit_nodes, error) && tambo_audit_tree_build (store, error)
         && tambo_db_execute (store, tokens_by_date, error);
}

static gboolean add_data_key_copy (TamboStore *store, GError **error) {
  return tambo_db_execute (store, data_key_copy, error);
}

static gboolean add_feed (TamboStore *store, GError **error) {
  return tambo_db_execute (store, feed, error);
}

static gboolean add_step_times (TamboStore *store, GError **error) {
  return tambo_db_execute (store, step_times, error);
}

static gboolean add_keepers (TamboStore *store, GError **error) {
  return tambo_db_execute (store, keepers, error);
}

/* Number I makes version I + 1 out of version I. Only ever append: stations in the field have all
 * of the older ones. */
static gboolean (*const migrations[]) (TamboStore *store, GError **error) = {
  create_version_1,  create_version_2, add_operators_and_keys, add_digests, add_orders_of_growth,
  add_data_key_copy, add_feed,         add_step_times,         add_keepers,
};

int tambo_migrations_newest (void) {
  return (int) G_N_ELEMENTS (migrations);
}

static gboolean read_version (TamboStore *store, int *out_version, GError **error) {
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_find (store, "version", error, "PRAGMA user_version", "");

  if (statement == NULL)
    return FALSE;
  *out_version = sqlite3_column_int (statement, 0);
  if (*out_version < 0 || *out_version > (int) G_N_ELEMENTS (migrations)) {
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_VERSION,
                 "the store has version %d, and this program knows versions up to %d", *out_version,
                 (int) G_N_ELEMENTS (migrations));
    return FALSE;
  }
  return TRUE;
}

/* The store as it was, beside it: whoever finds the new version wanting goes back to the old program.
 * One is enough; it goes with the first purge, which it would make idle. */
static gboolean keep_old (TamboStore *store, int version, GError **error) {
  const char *path = sqlite3_db_filename (store->db, "main");
  g_autofree char *kept = tambo_migrations_kept_path (path);

  if (version == 0)
    return TRUE;
  /* From a migration that did not come to its end, or an older one. */
  g_unlink (kept);
  return tambo_store_copy (store, kept, error);
}

char *tambo_migrations_kept_path (const char *store_path) {
  return g_strconcat (store_path, ".before-migration", NULL);
}

static gboolean migrate (TamboStore *store, GError **error) {
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);
  g_autofree char *set_version = NULL;
  int version;

  /* Another process may have been faster. */
  if (transaction == NULL || !read_version (store, &version, error))
    return FALSE;
  for (gsize i = (gsize) version; i < G_N_ELEMENTS (migrations); i++)
    if (!migrations[i](store, error))
      return FALSE;
  set_version = g_strdup_printf ("PRAGMA user_version = %d", (int) G_N_ELEMENTS (migrations));
  return tambo_db_execute (store, set_version, error)
         && tambo_transaction_commit (transaction, error);
}

gboolean tambo_migrations_run (TamboStore *store, GError **error) {
  int version;

  if (!read_version (store, &version, error) || !tambo_digest_register (store, error))
    return FALSE;
  if (version < (int) G_N_ELEMENTS (migrations)
      && (!keep_old (store, version, error) || !migrate (store, error)))
    return FALSE;
  return tambo_digest_keep (store, error);
}
