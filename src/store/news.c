/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/news.h"

#include "store/db.h"

static gboolean read_version (TamboStore *store, TamboStoreNews *news, GError **error) {
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_find (store, "version of the file", error, "PRAGMA data_version", "");

  if (statement == NULL)
    return FALSE;
  news->version = sqlite3_column_int64 (statement, 0);
  return TRUE;
}

/* Every change that matters is in the audit log; messages and tries are not. */
static gboolean read_marks (TamboStore *store, TamboStoreNews *news, GError **error) {
  g_autoptr (sqlite3_stmt) statement = tambo_db_find (
      store, "audit log", error,
      "SELECT (SELECT coalesce (max (number), 0) FROM audit_entries),"
      " (SELECT coalesce (max (number), 0) FROM inbox), count (*), coalesce (sum (attempts), 0)"
      " FROM outbox WHERE state IN ('queued', 'sending')",
      "");

  if (statement == NULL)
    return FALSE;
  news->audit = sqlite3_column_int64 (statement, 0);
  news->inbox = sqlite3_column_int64 (statement, 1);
  news->waiting = sqlite3_column_int64 (statement, 2);
  news->attempts = sqlite3_column_int64 (statement, 3);
  return TRUE;
}

static gboolean differ (const TamboStoreNews *one, const TamboStoreNews *other) {
  return one->audit != other->audit || one->inbox != other->inbox || one->waiting != other->waiting
         || one->attempts != other->attempts;
}

gboolean tambo_store_look_for_news (TamboStore *store, TamboStoreNews *news, gboolean *out_is_news,
                                    GError **error) {
  g_autoptr (GRecMutexLocker) locker = g_rec_mutex_locker_new (&store->mutex);
  TamboStoreNews now = { .is_known = TRUE };

  if (!read_version (store, &now, error))
    return FALSE;
  /* It was this process: the marks are not looked at, which with many records that wait takes long. */
  if (news->is_known && now.version == news->version) {
    *out_is_news = FALSE;
    return TRUE;
  }
  if (!read_marks (store, &now, error))
    return FALSE;
  *out_is_news = news->is_known && now.version != news->version && differ (&now, news);
  *news = now;
  return TRUE;
}
