/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/audit.h"

#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/merkle.h"
#include "store/audit-tree.h"
#include "store/db.h"
#include "store/digest.h"

void tambo_audit_entry_free (TamboAuditEntry *entry) {
  if (entry == NULL)
    return;
  g_free (entry->time);
  g_free (entry->actor);
  g_free (entry->action);
  g_free (entry->subject);
  g_free (entry->details);
  g_free (entry);
}

static void set_corrupt (GError **error, gint64 number, const char *what) {
  g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT,
               "audit entry %" G_GINT64_FORMAT " %s", number, what);
}

/* The leaf is this text, byte for byte. */
static char *encode_entry (const TamboAuditEntry *entry) {
  g_autoptr (JsonObject) object = json_object_new ();

  json_object_set_string_member (object, "action", entry->action);
  json_object_set_string_member (object, "actor", entry->actor);
  json_object_set_string_member (object, "details", entry->details);
  json_object_set_int_member (object, "number", entry->number);
  json_object_set_string_member (object, "subject", entry->subject);
  json_object_set_string_member (object, "time", entry->time);
  return tambo_json_canonical (object);
}

static gboolean read_member (JsonObject *object, const char *member, char **out_text) {
  *out_text = g_strdup (tambo_json_get_string (object, member, NULL));
  return *out_text != NULL;
}

/* The entry that NUMBER's text says; NULL when it says none, or another one. */
static TamboAuditEntry *decode_entry (gint64 number, const char *text) {
  g_autoptr (JsonObject) object = tambo_json_parse_object (text, -1, NULL);
  g_autoptr (TamboAuditEntry) entry = g_new0 (TamboAuditEntry, 1);

  if (object == NULL || !tambo_json_get_int (object, "number", number, number, &entry->number, NULL)
      || !read_member (object, "time", &entry->time)
      || !read_member (object, "actor", &entry->actor)
      || !read_member (object, "action", &entry->action)
      || !read_member (object, "subject", &entry->subject)
      || !read_member (object, "details", &entry->details))
    return NULL;
  return g_steal_pointer (&entry);
}

static gboolean get_size (TamboStore *store, gint64 *out_size, GError **error) {
  g_auto (TamboDbQuery) query = { 0 };

  if (tambo_db_ask (store, &query, error,
                    "SELECT coalesce (max (number) + 1, 0) FROM audit_entries", "")
      != TAMBO_DB_ROW)
    return FALSE;
  *out_size = sqlite3_column_int64 (query.row, 0);
  return TRUE;
}

static gboolean insert_entry (TamboStore *store, const TamboAuditEntry *entry, GError **error) {
  g_autofree char *text = encode_entry (entry);
  guint8 hash[TAMBO_SHA256_SIZE];
  g_autoptr (GBytes) leaf = NULL;

  tambo_merkle_leaf (text, strlen (text), hash);
  leaf = g_bytes_new (hash, sizeof hash);
  return tambo_db_run (store, error,
                       "INSERT INTO audit_entries (number, entry, leaf_hash) VALUES (?, ?, ?)",
                       "lsb", entry->number, text, leaf);
}

gboolean tambo_audit_append (TamboStore *store, const char *actor, const char *action,
                             const char *subject, GBytes *details, GError **error) {
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);
  g_autofree char *time = tambo_clock_now ();
  g_autofree char *hash = details != NULL ? tambo_sha256_hex (details) : g_strdup ("");
  TamboAuditEntry entry = {
    .time = time,
    .actor = (char *) actor,
    .action = (char *) action,
    .subject = (char *) (subject != NULL ? subject : ""),
    .details = hash,
  };

  return transaction != NULL && get_size (store, &entry.number, error)
         && insert_entry (store, &entry, error)
         && tambo_audit_tree_grow (store, entry.number + 1, error)
         && tambo_transaction_commit (transaction, error);
}

gboolean tambo_audit_size (TamboStore *store, gint64 *out_size, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);

  return get_size (store, out_size, error);
}

gboolean tambo_audit_head (TamboStore *store, gint64 *out_size, guint8 out_root[TAMBO_SHA256_SIZE],
                           GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  gint64 size;

  if (!get_size (store, &size, error) || !tambo_audit_tree_root (store, 0, size, out_root, error))
    return FALSE;
  *out_size = size;
  return TRUE;
}

static gboolean check_size (gint64 size, GError **error) {
  if (size < 0)
    g_set_error_literal (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_INVALID,
                         "a log has no negative size");
  return size >= 0;
}

gboolean tambo_audit_root_at (TamboStore *store, gint64 size, guint8 out_root[TAMBO_SHA256_SIZE],
                              GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);

  return check_size (size, error) && tambo_audit_tree_root (store, 0, size, out_root, error);
}

static gboolean root_of_range (gpointer log, guint64 start, guint64 n,
                               guint8 out_root[TAMBO_SHA256_SIZE], GError **error) {
  return tambo_audit_tree_root (log, (gint64) start, (gint64) n, out_root, error);
}

GBytes *tambo_audit_consistency (TamboStore *store, gint64 old_size, gint64 new_size,
                                 GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  gint64 size;

  if (!check_size (old_size, error) || !check_size (new_size - old_size, error)
      || !get_size (store, &size, error))
    return NULL;
  if (new_size > size) {
    set_corrupt (error, size, "is missing");
    return NULL;
  }
  return tambo_merkle_consistency_of (root_of_range, store, (guint64) new_size, (guint64) old_size,
                                      error);
}

/* What stands in a list for an entry that has rotted: its neighbours can still be read, and
 * tambo_audit_verify names it. */
static TamboAuditEntry *unreadable_entry (gint64 number) {
  TamboAuditEntry *entry = g_new0 (TamboAuditEntry, 1);

  entry->number = number;
  entry->time = g_strdup ("");
  entry->actor = g_strdup ("");
  entry->action = g_strdup ("unreadable");
  entry->subject = g_strdup ("");
  entry->details = g_strdup ("");
  return entry;
}

GPtrArray *tambo_audit_list (TamboStore *store, GError **error) {
  return tambo_audit_list_span (store, 0, G_MAXINT64, error);
}

static GPtrArray *collect_entries (TamboStore *store, sqlite3_stmt *statement, GError **error) {
  g_autoptr (GPtrArray) entries =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_audit_entry_free);
  TamboDbStep step;

  while ((step = tambo_db_step (store, statement, error)) == TAMBO_DB_ROW) {
    gint64 number = sqlite3_column_int64 (statement, 0);
    g_autofree char *text = tambo_db_dup_text (statement, 1);
    TamboAuditEntry *entry = decode_entry (number, text);

    g_ptr_array_add (entries, entry != NULL ? entry : unreadable_entry (number));
  }
  return step == TAMBO_DB_DONE ? g_steal_pointer (&entries) : NULL;
}

#define SELECT_SPAN "SELECT number, entry FROM audit_entries WHERE number >= ? AND number < ?"

GPtrArray *tambo_audit_list_span (TamboStore *store, gint64 first, gint64 end, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_prepare (store, error, SELECT_SPAN " ORDER BY number", "ll", first, end);

  return statement != NULL ? collect_entries (store, statement, error) : NULL;
}

/* The action is the first member of a canonical entry: what else there is need not be parsed. */
GPtrArray *tambo_audit_list_acts (TamboStore *store, const char *prefix, gint64 first, gint64 end,
                                  GError **error) {
  g_autofree char *beginning = g_strconcat ("{\"action\":\"", prefix, NULL);
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement = tambo_db_prepare (
      store, error, SELECT_SPAN " AND substr (entry, 1, length (?3)) = ?3 ORDER BY number", "lls",
      first, end, beginning);

  return statement != NULL ? collect_entries (store, statement, error) : NULL;
}

/* NULL with an error; an entry that has rotted says no time and is passed over as if it were old. */
static char *dup_time (TamboStore *store, gint64 number, GError **error) {
  g_autoptr (sqlite3_stmt) row =
      tambo_db_find (store, "audit entry of that number", error,
                     "SELECT entry FROM audit_entries WHERE number = ?", "l", number);
  g_autofree char *text = row != NULL ? tambo_db_dup_text (row, 0) : NULL;
  g_autoptr (TamboAuditEntry) entry = text != NULL ? decode_entry (number, text) : NULL;

  return row == NULL ? NULL : g_strdup (entry != NULL ? entry->time : "");
}

gboolean tambo_audit_find_time (TamboStore *store, const char *time, gint64 *out_first,
                                gint64 *out_size, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  gint64 size, low = 0, high;

  if (!get_size (store, &size, error))
    return FALSE;
  high = size;
  while (low < high) {
    gint64 middle = low + (high - low) / 2;
    g_autofree char *at = dup_time (store, middle, error);

    if (at == NULL)
      return FALSE;
    if (strcmp (at, time) < 0)
      low = middle + 1;
    else
      high = middle;
  }
  *out_first = low;
  *out_size = size;
  return TRUE;
}

/* Whether the log had, at SIZE, the root that headquarters signed. */
static gboolean check_root (TamboStore *store, gint64 size, const char *root_hex, GError **error) {
  guint8 root[TAMBO_SHA256_SIZE];
  g_autofree char *actual = NULL;

  if (!tambo_audit_root_at (store, size, root, error))
    return FALSE;
  actual = tambo_hex_encode (root, sizeof root);
  if (!g_str_equal (actual, root_hex)) {
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT,
                 "the first %" G_GINT64_FORMAT
                 " audit entries are not those that headquarters countersigned",
                 size);
    return FALSE;
  }
  return TRUE;
}

gboolean tambo_audit_set_countersigned (TamboStore *store, gint64 size, const char *root_hex,
                                        const char *statement, GError **error) {
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);

  /* An answer that was overtaken by a later one changes nothing. */
  return transaction != NULL && check_root (store, size, root_hex, error)
         && tambo_db_run (store, error,
                          "INSERT INTO audit_countersigned (one, size, root, statement)"
                          " VALUES (1, ?, ?, ?)"
                          " ON CONFLICT (one) DO UPDATE SET size = excluded.size,"
                          " root = excluded.root, statement = excluded.statement"
                          " WHERE excluded.size >= size"
                          " OR NOT (" TAMBO_IS_SOUND (TAMBO_DIGESTED_COUNTERSIGNED) ")",
                          "lss", size, root_hex, statement)
         && tambo_transaction_commit (transaction, error);
}

gboolean tambo_audit_get_countersigned (TamboStore *store, gint64 *out_size, char **out_root_hex,
                                        char **out_statement, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) row =
      tambo_db_prepare (store, error,
                        "SELECT size, root, statement, " TAMBO_IS_SOUND (
                            TAMBO_DIGESTED_COUNTERSIGNED) " FROM audit_countersigned",
                        "");
  TamboDbStep step = TAMBO_DB_FAILED;

  if (row != NULL)
    step = tambo_db_step (store, row, error);
  if (step == TAMBO_DB_FAILED
      || (step == TAMBO_DB_ROW
          && !tambo_digest_check (row, 3, "audit_countersigned", "head", error)))
    return FALSE;
  *out_size = step == TAMBO_DB_ROW ? sqlite3_column_int64 (row, 0) : 0;
  *out_root_hex = step == TAMBO_DB_ROW ? tambo_db_dup_text (row, 1) : NULL;
  *out_statement = step == TAMBO_DB_ROW ? tambo_db_dup_text (row, 2) : NULL;
  return TRUE;
}

static gboolean check_leaf (sqlite3_stmt *statement, gint64 number, GError **error) {
  const char *text = (const char *) sqlite3_column_text (statement, 1);
  gsize size = (gsize) sqlite3_column_bytes (statement, 1);
  g_autoptr (TamboAuditEntry) entry = NULL;
  guint8 hash[TAMBO_SHA256_SIZE];

  if (sqlite3_column_int64 (statement, 0) != number) {
    set_corrupt (error, number, "is missing");
    return FALSE;
  }
  tambo_merkle_leaf (text, size, hash);
  if (sqlite3_column_bytes (statement, 2) != TAMBO_SHA256_SIZE
      || memcmp (sqlite3_column_blob (statement, 2), hash, sizeof hash) != 0) {
    set_corrupt (error, number, "is not what its hash says");
    return FALSE;
  }
  entry = text != NULL && strlen (text) == size ? decode_entry (number, text) : NULL;
  if (entry == NULL)
    set_corrupt (error, number, "cannot be read");
  return entry != NULL;
}

/* Gives the leaves' hashes one after the other. TEXTS may be NULL. */
static GByteArray *check_leaves (TamboStore *store, GPtrArray *texts, GError **error) {
  g_autoptr (sqlite3_stmt) statement = tambo_db_prepare (
      store, error, "SELECT number, entry, leaf_hash FROM audit_entries ORDER BY number", "");
  g_autoptr (GByteArray) hashes = g_byte_array_new ();
  TamboDbStep step;
  gint64 count = 0;

  if (statement == NULL)
    return NULL;
  while ((step = tambo_db_step (store, statement, error)) == TAMBO_DB_ROW) {
    if (!check_leaf (statement, count++, error))
      return NULL;
    g_byte_array_append (hashes, sqlite3_column_blob (statement, 2), TAMBO_SHA256_SIZE);
    if (texts != NULL)
      g_ptr_array_add (texts, tambo_db_dup_text (statement, 1));
  }
  return step == TAMBO_DB_DONE ? g_steal_pointer (&hashes) : NULL;
}

GPtrArray *tambo_audit_list_texts (TamboStore *store, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (GPtrArray) texts = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (GByteArray) hashes = check_leaves (store, texts, error);

  return hashes != NULL ? g_steal_pointer (&texts) : NULL;
}

gboolean tambo_audit_verify (TamboStore *store, gint64 *out_entries, gint64 *out_countersigned,
                             GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (GByteArray) hashes = check_leaves (store, NULL, error);
  g_autofree char *root = NULL;
  g_autofree char *signed_text = NULL;
  gint64 entries, countersigned;

  if (hashes == NULL)
    return FALSE;
  entries = hashes->len / TAMBO_SHA256_SIZE;
  if (!tambo_audit_tree_verify (store, hashes->data, entries, error)
      || !tambo_audit_get_countersigned (store, &countersigned, &root, &signed_text, error))
    return FALSE;
  if (root != NULL && !check_root (store, countersigned, root, error))
    return FALSE;
  *out_entries = entries;
  *out_countersigned = countersigned;
  return TRUE;
}
