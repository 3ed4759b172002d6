/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/audit.h"
#include "store/db.h"
#include "store/digest.h"

/* SQLite has no page checksums: its own checks say "ok" over a blob with flipped bits. The rows have
 * their digests (digest.h); these are the large columns. */
typedef struct {
  const char *place; /* of the row: PLACE ID */
  const char *table, *column;
  const char *rows; /* rowid, name and SHA-256 of each, as a subquery */
} HashedColumn;

#define RECORDS " FROM outbox JOIN outbox_records USING (sequence)"
#define MESSAGES " FROM inbox JOIN inbox_messages USING (number)"

static const HashedColumn hashed_columns[] = {
  { "operators", "operators", "wrapping",
    "SELECT rowid AS row, id AS name, sha256 AS hash FROM operators" },
  { "operator_fingers", "operator_fingers", "sealed",
    "SELECT rowid AS row, operator_id || '/' || position AS name, sha256 AS hash"
    " FROM operator_fingers" },
  { "data_key", "data_key", "wrapping",
    "SELECT one AS row, 'of the station' AS name, sha256 AS hash FROM data_key" },
  { "data_key_copy", "data_key_copy", "wrapping",
    "SELECT one AS row, 'of the station' AS name, sha256 AS hash FROM data_key_copy" },
  { "cases", "cases", "sealed",
    "SELECT rowid AS row, id AS name, sha256 AS hash FROM cases"
    " WHERE sealed IS NOT NULL OR sha256 IS NOT NULL" },
  { "samples", "samples", "sealed",
    "SELECT rowid AS row, case_id || '/' || slot AS name, sha256 AS hash FROM samples" },
  { "outbox_records", "outbox_records", "sealed",
    "SELECT sequence AS row, id AS name, sha256 AS hash" RECORDS " WHERE state <> 'purged'" },
  { "outbox_records manifest", "outbox_records", "manifest",
    "SELECT sequence AS row, id AS name, manifest_sha256 AS hash" RECORDS },
  { "inbox_messages", "inbox_messages", "sealed",
    "SELECT number AS row, id AS name, sha256 AS hash" MESSAGES
    " WHERE state NOT IN ('delivered', 'purged')" },
  { "inbox manifest", "inbox", "manifest",
    "SELECT number AS row, id AS name, manifest_sha256 AS hash FROM inbox" },
  { "feed", "feed", "body",
    "SELECT rowid AS row, kind || '/' || id AS name, body_sha256 AS hash FROM feed" },
  { "feed sealed", "feed", "sealed",
    "SELECT rowid AS row, kind || '/' || id AS name, sealed_sha256 AS hash FROM feed"
    " WHERE sealed IS NOT NULL OR sealed_sha256 IS NOT NULL" },
};

/* Rows that contradict each other though each is sound. */
static const struct {
  const char *place, *what;
  const char *find;
} contradictions[] = {
  { "data_key", "the two copies are not alike",
    "SELECT 'of the station' WHERE"
    " (SELECT sha256 || coalesce (token, '') FROM data_key) IS NOT"
    " (SELECT sha256 || coalesce (token, '') FROM data_key_copy)" },
  { "outbox", "the record is missing",
    "SELECT id FROM outbox WHERE sequence NOT IN (SELECT sequence FROM outbox_records)" },
  { "outbox_records", "there are bytes of what was purged",
    "SELECT id" RECORDS " WHERE state = 'purged' AND length (sealed) > 0" },
  { "inbox", "the message is missing",
    "SELECT id FROM inbox WHERE number NOT IN (SELECT number FROM inbox_messages)" },
  { "inbox_messages", "there are bytes of what was purged",
    "SELECT id" MESSAGES " WHERE state IN ('delivered', 'purged') AND length (sealed) > 0" },
};

static gboolean check_integrity (TamboStore *store, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_find (store, "verdict", error, "PRAGMA integrity_check (1)", "");
  g_autofree char *verdict = NULL;

  if (statement == NULL)
    return FALSE;
  verdict = tambo_db_dup_text (statement, 0);
  if (g_strcmp0 (verdict, "ok") != 0) {
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT, "the database says: %s",
                 verdict);
    return FALSE;
  }
  return TRUE;
}

static gboolean check_foreign_keys (TamboStore *store, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_prepare (store, error, "PRAGMA foreign_key_check", "");
  g_autofree char *table = NULL;
  TamboDbStep step = TAMBO_DB_FAILED;

  if (statement != NULL)
    step = tambo_db_step (store, statement, error);
  if (step != TAMBO_DB_ROW)
    return step == TAMBO_DB_DONE;
  table = tambo_db_dup_text (statement, 0);
  g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT,
               "%s: row %" G_GINT64_FORMAT " belongs to nothing", table,
               (gint64) sqlite3_column_int64 (statement, 1));
  return FALSE;
}

static GArray *list_rows (TamboStore *store, const HashedColumn *column, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autofree char *sql = g_strdup_printf ("SELECT row FROM (%s)", column->rows);
  g_autoptr (sqlite3_stmt) statement = tambo_db_prepare (store, error, sql, "");
  g_autoptr (GArray) rows = g_array_new (FALSE, FALSE, sizeof (gint64));
  TamboDbStep step = TAMBO_DB_FAILED;

  while (statement != NULL && (step = tambo_db_step (store, statement, error)) == TAMBO_DB_ROW) {
    gint64 row = sqlite3_column_int64 (statement, 0);

    g_array_append_val (rows, row);
  }
  return step == TAMBO_DB_DONE ? g_steal_pointer (&rows) : NULL;
}

/* While the statement stands on its row nobody else commits. */
static gboolean check_row (TamboStore *store, const HashedColumn *column, gint64 row,
                           GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autofree char *sql =
      g_strdup_printf ("SELECT name, hash FROM (%s) WHERE row = ?", column->rows);
  g_autoptr (sqlite3_stmt) statement = tambo_db_prepare (store, error, sql, "l", row);
  TamboDbStep step = statement != NULL ? tambo_db_step (store, statement, error) : TAMBO_DB_FAILED;
  g_autofree char *name = NULL;
  g_autofree char *hash = NULL;
  g_autofree char *place = NULL;

  /* A row that was dropped since it was listed is no fault. */
  if (step != TAMBO_DB_ROW)
    return step == TAMBO_DB_DONE;
  name = tambo_db_dup_text (statement, 0);
  hash = tambo_db_dup_text (statement, 1);
  place = g_strdup_printf ("%s %s", column->place, name);
  return tambo_digest_check_blob (store, column->table, column->column, row, hash, place, error);
}

/* Row by row, so that nobody else waits for the reading of a whole store. */
static gboolean check_column (TamboStore *store, const HashedColumn *column, GError **error) {
  g_autoptr (GArray) rows = list_rows (store, column, error);

  if (rows == NULL)
    return FALSE;
  for (guint i = 0; i < rows->len; i++)
    if (!check_row (store, column, g_array_index (rows, gint64, i), error))
      return FALSE;
  return TRUE;
}

static gboolean check_contradictions (TamboStore *store, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);

  for (gsize i = 0; i < G_N_ELEMENTS (contradictions); i++) {
    g_autoptr (sqlite3_stmt) statement =
        tambo_db_prepare (store, error, contradictions[i].find, "");
    TamboDbStep step =
        statement != NULL ? tambo_db_step (store, statement, error) : TAMBO_DB_FAILED;
    g_autofree char *id = step == TAMBO_DB_ROW ? tambo_db_dup_text (statement, 0) : NULL;

    if (step == TAMBO_DB_ROW)
      g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT, "%s %s: %s",
                   contradictions[i].place, id, contradictions[i].what);
    if (step != TAMBO_DB_DONE)
      return FALSE;
  }
  return TRUE;
}

/* The index of the search against what the cases say of it, both ways. */
static gboolean check_search (TamboStore *store, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) row = tambo_db_prepare (
      store, error,
      "SELECT t.case_id FROM search_tokens t LEFT JOIN cases c ON c.id = t.case_id"
      " WHERE coalesce (instr (c.tokens, t.token), 0) = 0 OR t.created_at IS NOT c.created_at "
      "LIMIT 1",
      "");
  g_autoptr (sqlite3_stmt) sum = NULL;
  g_autofree char *id = NULL;
  TamboDbStep step = row != NULL ? tambo_db_step (store, row, error) : TAMBO_DB_FAILED;

  if (step == TAMBO_DB_FAILED)
    return FALSE;
  if (step == TAMBO_DB_ROW) {
    id = tambo_db_dup_text (row, 0);
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT,
                 "search_tokens %s: the case has no such word", id);
    return FALSE;
  }
  sum = tambo_db_find (store, "index", error,
                       "SELECT (SELECT count (*) FROM search_tokens) ="
                       " (SELECT coalesce (sum (length (tokens)), 0) FROM cases) / 8",
                       "");
  if (sum == NULL)
    return FALSE;
  if (sqlite3_column_int (sum, 0) == 0)
    g_set_error_literal (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT,
                         "search_tokens: words of a case are missing");
  return sqlite3_column_int (sum, 0) != 0;
}

static gboolean check_incarnation (TamboStore *store, GError **error) {
  if (tambo_store_get_incarnation (store) == NULL)
    g_set_error_literal (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT,
                         "settings incarnation: the store has none that holds");
  return tambo_store_get_incarnation (store) != NULL;
}

gboolean tambo_store_verify (TamboStore *store, GError **error) {
  gint64 entries, countersigned;

  /* The digests first: they name the row that rotted, and not those that miss it. */
  if (!check_integrity (store, error) || !check_incarnation (store, error)
      || !tambo_digest_verify (store, error) || !check_foreign_keys (store, error)
      || !check_contradictions (store, error))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (hashed_columns); i++)
    if (!check_column (store, &hashed_columns[i], error))
      return FALSE;
  return check_search (store, error) && tambo_audit_verify (store, &entries, &countersigned, error);
}
