/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/audit.h"
#include "store/cases.h"
#include "store/db.h"
#include "store/operators.h"
#include "store/outbox.h"
#include "store/stock.h"

/* SQLite has no page checksums: its own checks say "ok" over a blob with flipped bits. */
typedef struct {
  const char *place; /* of the row: PLACE ID */
  const char *list;  /* one id per row, and what it is called */
  const char *load;  /* bytes and SHA-256 of ?1 */
} HashedColumn;

static const HashedColumn hashed_columns[] = {
  { "operators", "SELECT id, id FROM operators",
    "SELECT wrapping, sha256 FROM operators WHERE id = ?" },
  { "data_key", "SELECT one, 'wrapping' FROM data_key",
    "SELECT wrapping, sha256 FROM data_key WHERE one = ?" },
  { "operator_fingers", "SELECT rowid, operator_id || '/' || position FROM operator_fingers",
    "SELECT sealed, sha256 FROM operator_fingers WHERE rowid = ?" },
  { "cases", "SELECT id, id FROM cases WHERE sealed IS NOT NULL",
    "SELECT sealed, sha256 FROM cases WHERE id = ? AND sealed IS NOT NULL" },
  { "samples", "SELECT rowid, case_id || '/' || slot FROM samples",
    "SELECT sealed, sha256 FROM samples WHERE rowid = ?" },
  { "outbox_records", "SELECT sequence, id FROM outbox JOIN outbox_records USING (sequence)",
    "SELECT sealed, sha256 FROM outbox JOIN outbox_records USING (sequence) WHERE sequence = ?" },
  { "outbox_records manifest",
    "SELECT sequence, id FROM outbox JOIN outbox_records USING (sequence)",
    "SELECT manifest, manifest_sha256 FROM outbox JOIN outbox_records USING (sequence)"
    " WHERE sequence = ?" },
  { "inbox_messages", "SELECT number, id FROM inbox JOIN inbox_messages USING (number)",
    "SELECT sealed, sha256 FROM inbox JOIN inbox_messages USING (number) WHERE number = ?" },
  { "inbox manifest", "SELECT number, id FROM inbox",
    "SELECT manifest, manifest_sha256 FROM inbox WHERE number = ?" },
};

static gboolean is_role (const char *name) {
  TamboRole role;

  return tambo_role_from_string (name, &role);
}

static gboolean is_case_state (const char *name) {
  TamboCaseState state;

  return tambo_case_state_from_string (name, &state);
}

static gboolean is_outbox_state (const char *name) {
  for (int i = 0; i <= TAMBO_OUTBOX_QUARANTINED; i++)
    if (g_strcmp0 (tambo_outbox_state_to_string ((TamboOutboxState) i), name) == 0)
      return TRUE;
  return FALSE;
}

static gboolean is_blank_state (const char *name) {
  for (int i = 0; i <= TAMBO_BLANK_SPOILED; i++)
    if (g_strcmp0 (tambo_blank_state_to_string ((TamboBlankState) i), name) == 0)
      return TRUE;
  return FALSE;
}

/* The lists leave out a row whose state or role is none. */
typedef struct {
  const char *place;
  const char *list;
  gboolean (*is_name) (const char *name);
} NamedColumn;

static const NamedColumn named_columns[] = {
  { "operators", "SELECT id, role FROM operators", is_role },
  { "cases", "SELECT id, state FROM cases", is_case_state },
  { "outbox", "SELECT id, state FROM outbox", is_outbox_state },
  { "blanks", "SELECT number, state FROM blanks", is_blank_state },
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

static gboolean check_one (TamboStore *store, const HashedColumn *column, const char *key,
                           const char *name, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autofree char *place = g_strdup_printf ("%s %s", column->place, name);
  g_autoptr (sqlite3_stmt) statement = tambo_db_prepare (store, error, column->load, "s", key);
  g_autoptr (GBytes) bytes = NULL;
  TamboDbStep step = TAMBO_DB_FAILED;

  if (statement != NULL)
    step = tambo_db_step (store, statement, error);
  /* A row that was dropped since it was listed is no fault. */
  if (step != TAMBO_DB_ROW)
    return step == TAMBO_DB_DONE;
  bytes = tambo_db_dup_checked_blob (statement, 0, 1, place, error);
  return bytes != NULL;
}

/* Keys and names, one after the other. */
static GPtrArray *list_rows (TamboStore *store, const char *sql, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement = tambo_db_prepare (store, error, sql, "");
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  TamboDbStep step;

  if (statement == NULL)
    return NULL;
  while ((step = tambo_db_step (store, statement, error)) == TAMBO_DB_ROW) {
    g_ptr_array_add (texts, tambo_db_dup_text (statement, 0));
    g_ptr_array_add (texts, tambo_db_dup_text (statement, 1));
  }
  return step == TAMBO_DB_DONE ? g_steal_pointer (&texts) : NULL;
}

/* Row by row, so that nobody else waits for the reading of a whole store. */
static gboolean check_column (TamboStore *store, const HashedColumn *column, GError **error) {
  g_autoptr (GPtrArray) rows = list_rows (store, column->list, error);

  if (rows == NULL)
    return FALSE;
  for (guint i = 0; i < rows->len; i += 2)
    if (!check_one (store, column, rows->pdata[i], rows->pdata[i + 1], error))
      return FALSE;
  return TRUE;
}

static gboolean check_names (TamboStore *store, const NamedColumn *column, GError **error) {
  g_autoptr (GPtrArray) rows = list_rows (store, column->list, error);

  if (rows == NULL)
    return FALSE;
  for (guint i = 0; i < rows->len; i += 2)
    if (!column->is_name (rows->pdata[i + 1])) {
      g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT,
                   "%s %s: the state or role is none", column->place,
                   (const char *) rows->pdata[i]);
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
      " WHERE coalesce (instr (c.tokens, t.token), 0) = 0 LIMIT 1",
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

gboolean tambo_store_verify (TamboStore *store, GError **error) {
  gint64 entries, countersigned;

  if (!check_integrity (store, error) || !check_foreign_keys (store, error))
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (hashed_columns); i++)
    if (!check_column (store, &hashed_columns[i], error))
      return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (named_columns); i++)
    if (!check_names (store, &named_columns[i], error))
      return FALSE;
  return check_search (store, error) && tambo_audit_verify (store, &entries, &countersigned, error);
}
