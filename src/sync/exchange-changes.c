/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/bytes.h"
#include "store/feed.h"
#include "sync/changes.h"
#include "sync/exchange-private.h"

/* Over what lies in the store, as it is now. */
static char *find_state (TamboExchangeRun *run, GError **error) {
  g_autoptr (GPtrArray) rows = tambo_feed_list (run->store, NULL, error);
  TamboChangesState *state;

  if (rows == NULL)
    return NULL;
  state = tambo_changes_state_new ();
  for (guint i = 0; i < rows->len; i++) {
    const TamboFeedRow *row = rows->pdata[i];
    g_autofree char *digest = tambo_change_dup_digest (row->body, row->sealed);

    tambo_changes_state_add (state, row->kind, row->id, row->version, digest);
  }
  return tambo_changes_state_finish (state);
}

static GPtrArray *rows_of (const TamboChanges *changes) {
  GPtrArray *rows = g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_feed_row_free);

  for (guint i = 0; i < changes->changes->len; i++) {
    const TamboChange *change = changes->changes->pdata[i];
    TamboFeedRow *row = g_new0 (TamboFeedRow, 1);

    row->kind = g_strdup (change->kind);
    row->id = g_strdup (change->id);
    row->version = change->version;
    row->body = g_strdup (change->body);
    row->sealed = change->sealed != NULL ? g_bytes_ref (change->sealed) : NULL;
    g_ptr_array_add (rows, row);
  }
  return rows;
}

static gboolean refuse (GError **error, const char *what) {
  g_set_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_INTEGRITY, "what changed: %s", what);
  return FALSE;
}

/* Whether it is the answer to what was asked, and no old one. */
static gboolean check_head (TamboExchangeRun *run, const TamboChanges *changes, gint64 after,
                            GError **error) {
  g_autofree char *time = NULL;
  gint64 version;

  if (strcmp (changes->station, run->station) != 0)
    return refuse (error, "it is another station's");
  if (changes->after != after && changes->after != 0)
    return refuse (error, "it does not go on from what is here");
  if (!tambo_feed_get_version (run->store, &version, &time, error))
    return FALSE;
  /* Headquarters that was restored begins at a lower version, and not before it said the last thing. */
  return changes->version >= version || time == NULL || strcmp (changes->time, time) >= 0
         || refuse (error, "it is older than what is here");
}

static gboolean keep (TamboExchangeRun *run, const TamboChanges *changes, GError **error) {
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (run->store, error);
  g_autoptr (GPtrArray) rows = rows_of (changes);
  g_autofree char *state = NULL;

  if (transaction == NULL
      || !tambo_feed_apply (run->store, changes->after == 0, rows, changes->version, changes->time,
                            error))
    return FALSE;
  state = find_state (run, error);
  if (state == NULL)
    return FALSE;
  if (!changes->has_more && strcmp (state, changes->state) != 0)
    return refuse (error, "something is missing");
  run->result->changed += rows->len;
  return tambo_transaction_commit (transaction, error);
}

gboolean tambo_exchange_keep_changes (TamboExchangeRun *run, const char *text, gint64 after,
                                      gint64 *out_version, gboolean *out_has_more, GError **error) {
  g_autoptr (TamboChanges) changes = tambo_changes_verify (text, run->trust->signing_key, error);

  if (changes == NULL || !check_head (run, changes, after, error) || !keep (run, changes, error))
    return FALSE;
  *out_version = changes->version;
  *out_has_more = changes->has_more;
  return TRUE;
}

/* All statements from AFTER on. */
static gboolean fetch_from (TamboExchangeRun *run, gint64 after, GBytes *inbox_key,
                            GError **error) {
  gboolean has_more = TRUE;

  while (has_more) {
    TamboChangesRequest wanted = { .after = after, .inbox_key = inbox_key };
    g_autofree char *request = tambo_changes_request_to_json (&wanted);
    g_autoptr (GError) cause = NULL;
    g_autofree char *text = tambo_client_changes (run->client, request, run->cancellable, &cause);

    if (tambo_exchange_note_older (run, "/v1/changes", cause))
      return TRUE;
    if (cause != NULL) {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
    if (!tambo_exchange_keep_changes (run, text, after, &after, &has_more, error))
      return FALSE;
  }
  return TRUE;
}

static gboolean is_of_the_answer (const GError *error) {
  return g_error_matches (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_INTEGRITY)
         || g_error_matches (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_PROTOCOL);
}

/* NULL before the first operator. */
static GBytes *load_inbox_key (TamboExchangeRun *run) {
  g_autofree char *point = tambo_store_dup_setting (run->store, TAMBO_EXCHANGE_INBOX_POINT, NULL);

  return point != NULL ? tambo_base64_decode (point) : NULL;
}

/* Headquarters answers the key with this item. */
static gboolean has_told_key (TamboExchangeRun *run) {
  g_autoptr (TamboFeedRow) row =
      tambo_feed_get (run->store, TAMBO_EXCHANGE_ALERT_KEY, TAMBO_EXCHANGE_ALERT_KEY, NULL);

  return row != NULL;
}

gboolean tambo_exchange_fetch_changes (TamboExchangeRun *run, GError **out_spoiled,
                                       GError **error) {
  g_autoptr (GBytes) inbox_key = load_inbox_key (run);
  g_autofree char *time = NULL;
  g_autoptr (GError) cause = NULL;
  gint64 version;

  if (run->changes < 0)
    return TRUE;
  if (!tambo_feed_get_version (run->store, &version, &time, error))
    return FALSE;
  if (run->changes == version && (inbox_key == NULL || has_told_key (run)))
    return TRUE;
  tambo_exchange_tell (run, "changes", 0, 0);
  if (fetch_from (run, version, inbox_key, &cause))
    return TRUE;
  if (is_of_the_answer (cause) && version > 0) {
    g_info ("%s; all of it is asked for anew", cause->message);
    g_clear_error (&cause);
    if (fetch_from (run, 0, inbox_key, &cause))
      return TRUE;
  }
  if (!is_of_the_answer (cause)) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  if (*out_spoiled == NULL)
    *out_spoiled = g_steal_pointer (&cause);
  return TRUE;
}
