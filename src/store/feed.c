/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/feed.h"

#include <string.h>

#include "base/clock.h"
#include "base/hash.h"
#include "store/audit.h"
#include "store/db.h"
#include "store/digest.h"

#define VERSION "feed-version"
#define TIME "feed-time"
#define SPOILED "feed-spoiled" /* what, until all of it has come anew; "" */
#define READING                                                                                    \
  "SELECT kind, id, version, body, body_sha256, sealed, sealed_sha256, " TAMBO_IS_SOUND (          \
      TAMBO_DIGESTED_FEED) " FROM feed"

void tambo_feed_row_free (TamboFeedRow *row) {
  if (row == NULL)
    return;
  g_free (row->kind);
  g_free (row->id);
  g_free (row->body);
  g_clear_pointer (&row->sealed, g_bytes_unref);
  g_free (row);
}

static TamboFeedRow *read_row (sqlite3_stmt *statement, GError **error) {
  g_autoptr (TamboFeedRow) row = g_new0 (TamboFeedRow, 1);
  g_autoptr (GBytes) body = NULL;
  g_autofree char *name = NULL;
  g_autofree char *place = NULL;

  row->kind = tambo_db_dup_text (statement, 0);
  row->id = tambo_db_dup_text (statement, 1);
  row->version = sqlite3_column_int64 (statement, 2);
  row->body = tambo_db_dup_text (statement, 3);
  name = g_strdup_printf ("%s/%s", row->kind, row->id);
  place = g_strconcat ("feed ", name, NULL);
  body = tambo_db_dup_checked_blob (statement, 3, 4, place, error);
  if (body == NULL || !tambo_digest_check (statement, 7, "feed", name, error))
    return NULL;
  if (sqlite3_column_type (statement, 5) != SQLITE_NULL) {
    row->sealed = tambo_db_dup_checked_blob (statement, 5, 6, place, error);
    if (row->sealed == NULL)
      return NULL;
  }
  return g_steal_pointer (&row);
}

GPtrArray *tambo_feed_list (TamboStore *store, const char *kind, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement = tambo_db_prepare (
      store, error, READING " WHERE ?1 IS NULL OR kind = ?1 ORDER BY kind, id", "s", kind);

  return tambo_db_list (store, statement, (TamboDbRead) read_row,
                        (GDestroyNotify) tambo_feed_row_free, error);
}

GPtrArray *tambo_feed_list_rotten (TamboStore *store, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_prepare (store, error, READING " ORDER BY kind, id", "");
  TamboDbStep step = TAMBO_DB_FAILED;

  while (statement != NULL && (step = tambo_db_step (store, statement, error)) == TAMBO_DB_ROW) {
    g_autoptr (TamboFeedRow) row = read_row (statement, NULL);
    g_autofree char *kind = tambo_db_dup_text (statement, 0);
    g_autofree char *id = tambo_db_dup_text (statement, 1);

    if (row == NULL)
      g_ptr_array_add (names, g_strdup_printf ("%s/%s", kind, id));
  }
  return step == TAMBO_DB_DONE ? g_steal_pointer (&names) : NULL;
}

TamboFeedRow *tambo_feed_get (TamboStore *store, const char *kind, const char *id, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autofree char *what = g_strdup_printf ("%s %s", kind, id);
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_find (store, what, error, READING " WHERE kind = ? AND id = ?", "ss", kind, id);

  return statement != NULL ? read_row (statement, error) : NULL;
}

gboolean tambo_feed_arrive (TamboStore *store, const char *appointment, const char *case_id,
                            const char *actor, GError **error) {
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);
  g_autofree char *now = tambo_clock_now ();

  return transaction != NULL
         && tambo_db_run (store, error, "DELETE FROM arrivals WHERE appointment = ?", "s",
                          appointment)
         && tambo_db_run (store, error,
                          "INSERT INTO arrivals (appointment, case_id, at) VALUES (?, ?, ?)", "sss",
                          appointment, case_id, now)
         && tambo_audit_append (store, actor, "appointment.arrive", appointment, NULL, error)
         && tambo_transaction_commit (transaction, error);
}

GHashTable *tambo_feed_list_arrivals (TamboStore *store, GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (GHashTable) arrivals = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr (sqlite3_stmt) statement = tambo_db_prepare (
      store, error,
      "SELECT appointment, case_id FROM arrivals WHERE " TAMBO_IS_SOUND (TAMBO_DIGESTED_ARRIVALS),
      "");
  TamboDbStep step = TAMBO_DB_FAILED;

  while (statement != NULL && (step = tambo_db_step (store, statement, error)) == TAMBO_DB_ROW)
    g_hash_table_insert (arrivals, tambo_db_dup_text (statement, 0),
                         tambo_db_dup_text (statement, 1));
  return step == TAMBO_DB_DONE ? g_steal_pointer (&arrivals) : NULL;
}

/* Whether every row can be read: what cannot is brought anew with all the others. */
static gboolean is_sound (TamboStore *store) {
  g_autoptr (GPtrArray) rows = tambo_feed_list (store, NULL, NULL);
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_find (store, "feed", NULL, "SELECT count (*) FROM feed", "");

  return rows != NULL && statement != NULL
         && sqlite3_column_int64 (statement, 0) == (gint64) rows->len;
}

/* What has rotted says so too. */
static gboolean is_spoiled (TamboStore *store) {
  g_autoptr (GError) cause = NULL;
  g_autofree char *what = tambo_store_dup_setting (store, SPOILED, &cause);

  return cause != NULL || (what != NULL && *what != '\0');
}

gboolean tambo_feed_ask_anew (TamboStore *store, const char *what, const char *actor,
                              GError **error) {
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);

  if (transaction == NULL)
    return FALSE;
  return is_spoiled (store)
         || (tambo_store_set_setting (store, SPOILED, what, error)
             && tambo_audit_append (store, actor, "feed.spoiled", what, NULL, error)
             && tambo_transaction_commit (transaction, error));
}

gboolean tambo_feed_get_version (TamboStore *store, gint64 *out_version, char **out_time,
                                 GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autofree char *version = tambo_store_dup_setting (store, VERSION, &cause);
  g_autofree char *time = cause == NULL ? tambo_store_dup_setting (store, TIME, &cause) : NULL;

  /* A setting that has rotted is as if there were none: all comes anew. */
  if (cause != NULL && !g_error_matches (cause, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT)) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  *out_version = version != NULL && time != NULL && !is_spoiled (store) && is_sound (store)
                     ? g_ascii_strtoll (version, NULL, 10)
                     : 0;
  *out_time = g_steal_pointer (&time);
  return TRUE;
}

static gboolean put_row (TamboStore *store, const TamboFeedRow *row, GError **error) {
  g_autoptr (GBytes) body = NULL;
  g_autofree char *body_sha256 = NULL;
  g_autofree char *sealed_sha256 = row->sealed != NULL ? tambo_sha256_hex (row->sealed) : NULL;

  if (!tambo_db_run (store, error, "DELETE FROM feed WHERE kind = ? AND id = ?", "ss", row->kind,
                     row->id))
    return FALSE;
  if (row->body == NULL)
    return TRUE;
  body = g_bytes_new (row->body, strlen (row->body));
  body_sha256 = tambo_sha256_hex (body);
  return tambo_db_run (store, error,
                       "INSERT INTO feed (kind, id, version, body, body_sha256, sealed,"
                       " sealed_sha256) VALUES (?, ?, ?, ?, ?, ?, ?)",
                       "sslssbs", row->kind, row->id, row->version, row->body, body_sha256,
                       row->sealed, sealed_sha256);
}

gboolean tambo_feed_apply (TamboStore *store, gboolean is_whole, GPtrArray *rows, gint64 version,
                           const char *time, GError **error) {
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, version);

  g_assert (tambo_db_in_transaction (store));
  if (is_whole
      && (!tambo_db_run (store, error, "DELETE FROM feed", "")
          || !tambo_store_set_setting (store, SPOILED, "", error)))
    return FALSE;
  for (guint i = 0; i < rows->len; i++)
    if (!put_row (store, rows->pdata[i], error))
      return FALSE;
  return tambo_store_set_setting (store, VERSION, text, error)
         && tambo_store_set_setting (store, TIME, time, error)
         && tambo_audit_append (store, "sync", "feed.receive", text, NULL, error);
}
