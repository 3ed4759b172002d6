/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/digest.h"

#include "base/bytes.h"
#include "base/hash.h"
#include "store/db.h"

#define PIECE_SIZE (64 * 1024)

typedef struct {
  const char *name;
  const char *digested; /* columns */
  const char *key;      /* finds the row again */
  const char *id;       /* what people call it */
  gboolean is_whole;    /* nothing of the old row is left in one that is written over it */
} Table;

static const Table tables[] = {
  { "settings", TAMBO_DIGESTED_SETTINGS, "name", "name", TRUE },
  { "operators", TAMBO_DIGESTED_OPERATORS, "rowid", "id" },
  { "operator_fingers", TAMBO_DIGESTED_OPERATOR_FINGERS, "rowid",
    "operator_id || '/' || position" },
  { "data_key", TAMBO_DIGESTED_DATA_KEY, "rowid", "one", TRUE },
  { "data_key_copy", TAMBO_DIGESTED_DATA_KEY, "rowid", "one", TRUE },
  { "cases", TAMBO_DIGESTED_CASES, "rowid", "id" },
  { "samples", TAMBO_DIGESTED_SAMPLES, "rowid", "case_id || '/' || slot" },
  { "outbox", TAMBO_DIGESTED_OUTBOX, "rowid", "id" },
  { "inbox", TAMBO_DIGESTED_INBOX, "rowid", "id" },
  { "audit_countersigned", TAMBO_DIGESTED_COUNTERSIGNED, "rowid", "one", TRUE },
  { "chip_journal", TAMBO_DIGESTED_CHIP_JOURNAL, "rowid", "number" },
  { "blanks", TAMBO_DIGESTED_BLANKS, "rowid", "number" },
  { "arrivals", TAMBO_DIGESTED_ARRIVALS, "rowid", "appointment" },
  { "feed", TAMBO_DIGESTED_FEED, "rowid", "kind || '/' || id" },
  { "step_times", TAMBO_DIGESTED_STEP_TIMES, "rowid", "number" },
};

gboolean tambo_digest_check (sqlite3_stmt *statement, int column, const char *table, const char *id,
                             GError **error) {
  if (sqlite3_column_int (statement, column) == 1)
    return TRUE;
  g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT,
               "%s %s: the row is not what its digest says", table, id);
  return FALSE;
}

static int add_to_checksum (sqlite3_blob *blob, GChecksum *checksum) {
  g_autofree guint8 *buffer = g_malloc (PIECE_SIZE);
  int size = sqlite3_blob_bytes (blob);
  int result = SQLITE_OK;

  for (int offset = 0; result == SQLITE_OK && offset < size; offset += PIECE_SIZE) {
    int part = MIN (PIECE_SIZE, size - offset);

    result = sqlite3_blob_read (blob, buffer, part, offset);
    if (result == SQLITE_OK)
      g_checksum_update (checksum, buffer, part);
  }
  return result;
}

gboolean tambo_digest_check_blob (TamboStore *store, const char *table, const char *column,
                                  gint64 rowid, const char *sha256, const char *place,
                                  GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (GChecksum) checksum = g_checksum_new (G_CHECKSUM_SHA256);
  sqlite3_blob *blob = NULL;
  int result = sqlite3_blob_open (store->db, "main", table, column, rowid, 0, &blob);

  if (result == SQLITE_OK)
    result = add_to_checksum (blob, checksum);
  sqlite3_blob_close (blob);
  if (result != SQLITE_OK) {
    tambo_db_set_error (store, result, error);
    g_prefix_error (error, "%s: ", place);
    return FALSE;
  }
  if (g_strcmp0 (g_checksum_get_string (checksum), sha256) == 0)
    return TRUE;
  g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT,
               "%s: the stored bytes are not those of their SHA-256", place);
  return FALSE;
}

/* Type and size of each value, then its bytes: no two rows have the same text. */
static void put_value (GByteArray *text, sqlite3_value *value) {
  int type = sqlite3_value_type (value); /* before a number is made a text */
  const void *bytes = sqlite3_value_blob (value);
  gsize size = (gsize) sqlite3_value_bytes (value);

  tambo_put_u8 (text, (guint8) type);
  tambo_put_u64 (text, size);
  if (size > 0)
    tambo_put_bytes (text, bytes, size);
}

static void digest_values (sqlite3_context *context, int n_values, sqlite3_value **values) {
  g_autoptr (GByteArray) text = g_byte_array_new ();
  guint8 hash[TAMBO_SHA256_SIZE];

  for (int i = 0; i < n_values; i++)
    put_value (text, values[i]);
  tambo_sha256 (text->data, text->len, hash);
  sqlite3_result_blob (context, hash, sizeof hash, SQLITE_TRANSIENT);
}

gboolean tambo_digest_register (TamboStore *store, GError **error) {
  int result = sqlite3_create_function_v2 (store->db, "tambo_digest", -1,
                                           SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS,
                                           NULL, digest_values, NULL, NULL, NULL);

  if (result != SQLITE_OK)
    tambo_db_set_error (store, result, error);
  return result == SQLITE_OK;
}

/* Each of the columns, with PREFIX. */
static char *with_prefix (const char *columns, const char *prefix) {
  g_auto (GStrv) names = g_strsplit (columns, ", ", -1);
  g_autofree char *separator = g_strconcat (", ", prefix, NULL);
  g_autofree char *joined = g_strjoinv (separator, names);

  return g_strconcat (prefix, joined, NULL);
}

/* What a row that was not sound becomes when a column changes is not sound either: the digest stays, and
 * with it the doubt. */
static char *dup_new_digest (const Table *table) {
  g_autofree char *old = with_prefix (table->digested, "OLD.");

  if (table->is_whole)
    return g_strdup_printf ("tambo_digest (%s)", table->digested);
  return g_strdup_printf ("CASE WHEN OLD.digest = tambo_digest (%s) THEN tambo_digest (%s)"
                          " ELSE digest END",
                          old, table->digested);
}

/* In the connection's own schema: triggers of the file are switched off. The digest is no column of the
 * list, so that its own change starts nothing. */
static gboolean keep (TamboStore *store, const Table *table, GError **error) {
  g_autofree char *changed = dup_new_digest (table);
  g_autofree char *sql = g_strdup_printf (
      "CREATE TEMP TRIGGER digest_of_new_%s AFTER INSERT ON main.%s BEGIN"
      " UPDATE %s SET digest = tambo_digest (%s) WHERE %s = NEW.%s; END;"
      "CREATE TEMP TRIGGER digest_of_%s AFTER UPDATE OF %s ON main.%s BEGIN"
      " UPDATE %s SET digest = %s WHERE %s = NEW.%s; END;",
      table->name, table->name, table->name, table->digested, table->key, table->key, table->name,
      table->digested, table->name, table->name, changed, table->key, table->key);

  return tambo_db_execute (store, sql, error);
}

gboolean tambo_digest_keep (TamboStore *store, GError **error) {
  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    if (!keep (store, &tables[i], error))
      return FALSE;
  return TRUE;
}

static gboolean verify (TamboStore *store, const Table *table, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autofree char *sql =
      g_strdup_printf ("SELECT %s, 0 FROM %s WHERE digest IS NOT tambo_digest (%s) LIMIT 1",
                       table->id, table->name, table->digested);
  g_autoptr (sqlite3_stmt) statement = tambo_db_prepare (store, error, sql, "");
  g_autofree char *id = NULL;
  TamboDbStep step = TAMBO_DB_FAILED;

  if (statement != NULL)
    step = tambo_db_step (store, statement, error);
  if (step != TAMBO_DB_ROW)
    return step == TAMBO_DB_DONE;
  id = tambo_db_dup_text (statement, 0);
  return tambo_digest_check (statement, 1, table->name, id, error);
}

gboolean tambo_digest_verify (TamboStore *store, GError **error) {
  for (gsize i = 0; i < G_N_ELEMENTS (tables); i++)
    if (!verify (store, &tables[i], error))
      return FALSE;
  return TRUE;
}
