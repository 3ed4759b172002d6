/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/feed.h"

#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/json.h"
#include "sync/envelope.h"

#define SALT "person_salt"
#define SALT_SIZE 32
/* Of one statement, so that it stays far below what a reader of JSON takes. */
#define MAX_PAGE_BYTES (512 * 1024)

/* One registration of a station; "" is everybody. */
static char *dup_audience (const TamboStationRow *station) {
  return station != NULL ? g_strdup_printf ("%s/%" G_GINT64_FORMAT, station->code, station->epoch)
                         : g_strdup ("");
}

/* Changing items */

static gboolean is_same (TamboHq *hq, const char *audience, const char *kind, const char *id,
                         const char *digest, gboolean *out_is_same, GError **error) {
  gint64 n;

  if (!tambo_database_get_int (hq->database, 0, &n, error,
                               "SELECT count (*) FROM feed WHERE audience = ? AND kind = ?"
                               " AND id = ? AND digest = ?",
                               "ssss", audience, kind, id, digest))
    return FALSE;
  *out_is_same = n > 0;
  return TRUE;
}

gboolean tambo_hq_feed_put (TamboHq *hq, const TamboStationRow *station, const char *kind,
                            const char *id, JsonObject *body, GBytes *sealed, GError **error) {
  g_autofree char *audience = dup_audience (station);
  g_autofree char *text = tambo_json_canonical (body);
  g_autofree char *digest = tambo_change_dup_digest (text, sealed);
  gboolean is_known;

  if (!is_same (hq, audience, kind, id, digest, &is_known, error))
    return FALSE;
  return is_known
         || tambo_database_run (
             hq->database, error,
             "INSERT INTO feed (audience, kind, id, body, sealed, digest, version)"
             " VALUES (?, ?, ?, ?, ?, ?, (SELECT coalesce (max (version), 0) + 1 FROM feed))"
             " ON CONFLICT (audience, kind, id) DO UPDATE SET body = excluded.body,"
             " sealed = excluded.sealed, digest = excluded.digest, version = excluded.version",
             "ssssbs", audience, kind, id, text, sealed, digest);
}

gboolean tambo_hq_feed_remove (TamboHq *hq, const TamboStationRow *station, const char *kind,
                               const char *id, GError **error) {
  g_autofree char *audience = dup_audience (station);

  if (!tambo_database_run (hq->database, error,
                           "UPDATE feed SET body = NULL, sealed = NULL, digest = '',"
                           " version = (SELECT max (version) + 1 FROM feed)"
                           " WHERE audience = ? AND kind = ? AND id = ? AND body IS NOT NULL",
                           "sss", audience, kind, id))
    return FALSE;
  if (tambo_database_changes (hq->database) > 0)
    return TRUE;
  g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_NOT_FOUND, "there is no %s '%s'", kind, id);
  return FALSE;
}

/* Reading */

static TamboChange *read_change (TamboQuery *query) {
  TamboChange *change = tambo_change_new (tambo_query_text (query, 0), tambo_query_text (query, 1),
                                          tambo_query_int (query, 2));
  GBytes *sealed = tambo_query_dup_blob (query, 4);

  change->body = tambo_query_dup_text (query, 3);
  change->is_gone = change->body == NULL;
  if (g_bytes_get_size (sealed) > 0)
    change->sealed = g_bytes_ref (sealed);
  g_bytes_unref (sealed);
  return change;
}

GPtrArray *tambo_hq_feed_list (TamboHq *hq, const char *kind, GError **error) {
  g_autoptr (GPtrArray) changes =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_change_free);
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboQuery) query =
      tambo_database_query (hq->database, error,
                            "SELECT kind, id, version, body, sealed FROM feed"
                            " WHERE audience = '' AND kind = ? AND body IS NOT NULL ORDER BY id",
                            "s", kind);

  if (query == NULL)
    return NULL;
  while (tambo_query_next (query, &cause))
    g_ptr_array_add (changes, read_change (query));
  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }
  return g_steal_pointer (&changes);
}

static gsize size_of (const TamboChange *change) {
  gsize size = change->body != NULL ? strlen (change->body) : 0;

  return size + (change->sealed != NULL ? g_bytes_get_size (change->sealed) * 4 / 3 : 0) + 256;
}

/* Items that are gone are told to who may have them, not to who begins. */
static gboolean read_page (TamboHq *hq, const char *audience, TamboChanges *changes,
                           GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboQuery) query =
      tambo_database_query (hq->database, error,
                            "SELECT kind, id, version, body, sealed FROM feed"
                            " WHERE (audience = '' OR audience = ?1) AND version > ?2"
                            " AND (body IS NOT NULL OR ?2 > 0) ORDER BY version LIMIT ?3",
                            "sii", audience, changes->after, (gint64) TAMBO_CHANGES_PAGE + 1);
  gsize size = 0;

  if (query == NULL)
    return FALSE;
  while (!changes->has_more && tambo_query_next (query, &cause)) {
    g_autoptr (TamboChange) change = read_change (query);

    size += size_of (change);
    changes->has_more = changes->changes->len == TAMBO_CHANGES_PAGE
                        || (changes->changes->len > 0 && size > MAX_PAGE_BYTES);
    if (changes->has_more)
      break;
    changes->version = change->version;
    g_ptr_array_add (changes->changes, g_steal_pointer (&change));
  }
  return tambo_error_pass (&cause, error);
}

static char *find_state (TamboHq *hq, const char *audience, GError **error) {
  TamboChangesState *state;
  g_autoptr (GError) cause = NULL;
  g_autofree char *hex = NULL;
  g_autoptr (TamboQuery) query =
      tambo_database_query (hq->database, error,
                            "SELECT kind, id, version, digest FROM feed"
                            " WHERE (audience = '' OR audience = ?) AND body IS NOT NULL",
                            "s", audience);

  if (query == NULL)
    return NULL;
  state = tambo_changes_state_new ();
  while (tambo_query_next (query, &cause)) {
    g_autofree char *kind = tambo_query_dup_text (query, 0);
    g_autofree char *id = tambo_query_dup_text (query, 1);
    g_autofree char *digest = tambo_query_dup_text (query, 3);

    tambo_changes_state_add (state, kind, id, tambo_query_int (query, 2), digest);
  }
  hex = tambo_changes_state_finish (state);
  if (cause == NULL)
    return g_steal_pointer (&hex);
  g_propagate_error (error, g_steal_pointer (&cause));
  return NULL;
}

gboolean tambo_hq_feed_get_version (TamboHq *hq, const TamboStationRow *station,
                                    gint64 *out_version, GError **error) {
  g_autofree char *audience = dup_audience (station);

  return tambo_database_get_int (hq->database, 0, out_version, error,
                                 "SELECT max (version) FROM feed"
                                 " WHERE audience = '' OR audience = ?",
                                 "s", audience);
}

/* The page and the state are of one moment. */
static gboolean read_changes (TamboHq *hq, const TamboStationRow *station, TamboChanges *changes,
                              GError **error) {
  g_autofree char *audience = dup_audience (station);
  g_autoptr (TamboWork) work = tambo_work_begin (hq->database, error);
  gint64 newest;

  if (work == NULL || !tambo_hq_feed_get_version (hq, station, &newest, error))
    return FALSE;
  /* Headquarters was restored from a backup, and the station knows what is not known here: all anew. */
  if (changes->after > newest)
    changes->after = 0;
  changes->version = changes->after;
  if (!read_page (hq, audience, changes, error))
    return FALSE;
  changes->state = changes->has_more ? g_strdup ("") : find_state (hq, audience, error);
  return changes->state != NULL && tambo_work_commit (work, error);
}

char *tambo_hq_feed_sign (TamboHq *hq, const TamboStationRow *station, gint64 after,
                          GError **error) {
  g_autoptr (TamboChanges) changes = tambo_changes_new ();

  changes->station = g_strdup (station->code);
  changes->after = after;
  changes->time = tambo_clock_now ();
  return read_changes (hq, station, changes, error) ? tambo_changes_sign (changes, hq->signing_key)
                                                    : NULL;
}

/* Keys */

#define ALERT_KEY "alert-key"

/* What was sealed for another key is of no use any more. No version tells it: the state does, and the
 * station asks for everything. */
static gboolean forget_sealed (TamboHq *hq, const TamboStationRow *station, GError **error) {
  g_autofree char *audience = dup_audience (station);

  return tambo_database_run (hq->database, error,
                             "UPDATE feed SET body = NULL, sealed = NULL, digest = ''"
                             " WHERE audience = ?",
                             "s", audience);
}

/* With it the station hashes what it compares with the alerts. */
static gboolean put_salt (TamboHq *hq, const TamboStationRow *station, GBytes *point,
                          GError **error) {
  gsize size;
  gconstpointer data = g_bytes_get_data (point, &size);
  g_autoptr (TamboKey) key = tambo_key_new_from_point (data, size, error);
  g_autoptr (GBytes) salt = key != NULL ? tambo_hq_feed_get_salt (hq, error) : NULL;
  g_autoptr (JsonObject) body = json_object_new ();
  g_autoptr (JsonObject) secret = json_object_new ();
  g_autoptr (GBytes) sealed = NULL;

  if (salt == NULL)
    return FALSE;
  tambo_json_set_bytes (secret, "salt", salt);
  sealed = tambo_hq_feed_seal (ALERT_KEY, ALERT_KEY, secret, key, error);
  return sealed != NULL
         && tambo_hq_feed_put (hq, station, ALERT_KEY, ALERT_KEY, body, sealed, error);
}

gboolean tambo_hq_feed_set_inbox_key (TamboHq *hq, const TamboStationRow *station, GBytes *point,
                                      GError **error) {
  gsize size;
  gconstpointer data = g_bytes_get_data (point, &size);
  g_autofree char *hex = tambo_hex_encode (data, size);
  g_autoptr (TamboWork) work = NULL;
  gint64 is_known;

  /* Nearly always it is. */
  if (!tambo_database_get_int (hq->database, 0, &is_known, error,
                               "SELECT count (*) FROM stations WHERE code = ? AND epoch = ?"
                               " AND inbox_key = ?",
                               "sis", station->code, station->epoch, hex))
    return FALSE;
  if (is_known > 0)
    return TRUE;
  work = tambo_work_begin (hq->database, error);
  return work != NULL
         && tambo_database_run (hq->database, error,
                                "UPDATE stations SET inbox_key = ? WHERE code = ? AND epoch = ?",
                                "ssi", hex, station->code, station->epoch)
         && forget_sealed (hq, station, error) && put_salt (hq, station, point, error)
         && tambo_work_commit (work, error);
}

GBytes *tambo_hq_feed_seal (const char *kind, const char *id, JsonObject *body, TamboKey *key,
                            GError **error) {
  g_autoptr (TamboPacket) packet = tambo_packet_new ();
  g_autoptr (GBytes) encoded = NULL;
  g_autofree char *now = tambo_clock_now ();
  TamboEnvelopeHeader header = {
    .id = (char *) id,
    .kind = (char *) kind,
    .sender = (char *) "headquarters",
    .sequence = 1, /* an item has versions and no number */
    .created = now,
  };

  tambo_packet_add_json (packet, kind, body);
  encoded = tambo_packet_encode (packet);
  return tambo_envelope_seal (&header, encoded, key, error);
}

GBytes *tambo_hq_feed_get_salt (TamboHq *hq, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autofree char *hex = tambo_database_dup_setting (hq->database, SALT, &cause);
  g_autoptr (GBytes) fresh = NULL;

  if (hex != NULL)
    return tambo_hex_decode (hex);
  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }
  fresh = tambo_random_bytes (SALT_SIZE);
  hex = tambo_hex_encode (g_bytes_get_data (fresh, NULL), SALT_SIZE);
  /* Another process may have been faster: whose it is counts. */
  if (!tambo_database_run (
          hq->database, error,
          "INSERT INTO settings (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING", "ss", SALT,
          hex))
    return NULL;
  g_free (hex);
  hex = tambo_database_dup_setting (hq->database, SALT, error);
  return hex != NULL ? tambo_hex_decode (hex) : NULL;
}
