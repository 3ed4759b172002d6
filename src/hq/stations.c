/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/stations.h"

#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/hash.h"
#include "hq/authority.h"
#include "hq/recent.h"
#include "hq/renewal.h"

#define TOKEN_SIZE 16
#define TOKEN_SECONDS (7 * 24 * 3600)

/* The numbers of a station go from 1 up without gaps, and from the beginning of a million on after it was
 * restored (store/outbox.h, TAMBO_SEQUENCES_OF_A_LIFE). */
#define LIFE "((r.sequence - 1) / 1000000)"
#define MISSING                                                                                    \
  "(SELECT coalesce (sum (n), 0) FROM (SELECT max (r.sequence) - " LIFE " * 1000000 - count (*)"   \
  " AS n FROM records r WHERE r.station = s.code AND r.epoch = s.epoch GROUP BY " LIFE             \
  ") AS lives)"

#define IDENTITY                                                                                   \
  "s.code, s.state, s.epoch, s.certificate, s.fingerprint, s.registered_at, s.revoked_at,"         \
  " s.last_seen"
#define COUNTS                                                                                     \
  ", (SELECT count(*) FROM records r WHERE r.station = s.code AND r.epoch = s.epoch),"             \
  " (SELECT max(sequence) FROM records r WHERE r.station = s.code AND r.epoch = "                  \
  "s.epoch), " MISSING

TamboStationRow *tambo_station_row_copy (const TamboStationRow *row) {
  TamboStationRow *copy = g_memdup2 (row, sizeof *row);

  copy->code = g_strdup (row->code);
  copy->state = g_strdup (row->state);
  copy->certificate = g_strdup (row->certificate);
  copy->fingerprint = g_strdup (row->fingerprint);
  copy->key = tambo_key_ref (row->key);
  copy->registered_at = g_strdup (row->registered_at);
  copy->revoked_at = g_strdup (row->revoked_at);
  copy->last_seen = g_strdup (row->last_seen);
  return copy;
}

void tambo_station_row_free (TamboStationRow *row) {
  if (row == NULL)
    return;
  g_clear_pointer (&row->key, tambo_key_unref);
  g_free (row->code);
  g_free (row->state);
  g_free (row->certificate);
  g_free (row->fingerprint);
  g_free (row->registered_at);
  g_free (row->revoked_at);
  g_free (row->last_seen);
  g_free (row);
}

static char *hash_token (const char *token) {
  g_autoptr (GBytes) bytes = g_bytes_new (token, strlen (token));

  return tambo_sha256_hex (bytes);
}

char *tambo_stations_invite (TamboHq *hq, const char *code, GError **error) {
  g_autoptr (GBytes) random = tambo_random_bytes (TOKEN_SIZE);
  g_autofree char *token = tambo_hex_encode (g_bytes_get_data (random, NULL), TOKEN_SIZE);
  g_autofree char *hash = hash_token (token);

  if (!tambo_station_code_is_valid (code) || strcmp (code, "headquarters") == 0) {
    g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID,
                 "\"%s\" is not a station code: 1 to 32 letters, digits, '.', '_' and '-'", code);
    return NULL;
  }
  if (!tambo_database_run (hq->database, error,
                           "INSERT INTO invitations (token_hash, station, expires)"
                           " VALUES (?, ?, ?)",
                           "ssi", hash, code, tambo_clock_now_unix () + TOKEN_SECONDS))
    return NULL;
  return g_steal_pointer (&token);
}

/* Without the counts, which read all records of a station, where HAS_COUNTS is FALSE. */
static TamboStationRow *row_from_query (TamboQuery *query, gboolean has_counts, GError **error) {
  g_autoptr (TamboStationRow) row = g_new0 (TamboStationRow, 1);

  row->code = tambo_query_dup_text (query, 0);
  row->state = tambo_query_dup_text (query, 1);
  row->epoch = tambo_query_int (query, 2);
  row->certificate = tambo_query_dup_text (query, 3);
  row->fingerprint = tambo_query_dup_text (query, 4);
  row->registered_at = tambo_query_dup_text (query, 5);
  row->revoked_at = tambo_query_dup_text (query, 6);
  row->last_seen = tambo_query_dup_text (query, 7);
  row->key = tambo_key_new_from_pem (row->certificate, -1, error);
  if (row->key == NULL)
    return NULL;
  if (has_counts) {
    row->records = tambo_query_int (query, 8);
    row->last_sequence = tambo_query_int (query, 9);
    row->missing = tambo_query_int (query, 10);
  }
  return g_steal_pointer (&row);
}

GPtrArray *tambo_stations_list (TamboHq *hq, GError **error) {
  g_autoptr (GPtrArray) rows =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_station_row_free);
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboQuery) query = tambo_database_query (
      hq->database, error, "SELECT " IDENTITY COUNTS " FROM stations s ORDER BY s.code", "");

  if (query == NULL)
    return NULL;
  while (cause == NULL && tambo_query_next (query, &cause)) {
    TamboStationRow *row = row_from_query (query, TRUE, &cause);

    if (row != NULL)
      g_ptr_array_add (rows, row);
  }
  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }
  return g_steal_pointer (&rows);
}

static TamboStationRow *get (TamboHq *hq, const char *code, gboolean has_counts, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboQuery) query = tambo_database_query (
      hq->database, error,
      has_counts ? "SELECT " IDENTITY COUNTS " FROM stations s WHERE s.code = ?"
                 : "SELECT " IDENTITY " FROM stations s WHERE s.code = ?",
      "s", code);

  if (query == NULL)
    return NULL;
  if (tambo_query_next (query, &cause))
    return row_from_query (query, has_counts, error);
  if (cause != NULL)
    g_propagate_error (error, g_steal_pointer (&cause));
  else
    g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_NOT_FOUND, "there is no station %s", code);
  return NULL;
}

void tambo_gap_free (TamboGap *gap) {
  g_free (gap->station);
  g_free (gap->since);
  g_free (gap);
}

GPtrArray *tambo_stations_list_gaps (TamboHq *hq, GError **error) {
  static const char sql[] =
      "SELECT code, before_it, sequence, announced_at FROM (SELECT r.station AS code, r.sequence,"
      " r.announced_at, coalesce (lag (r.sequence) OVER (PARTITION BY r.station, " LIFE
      " ORDER BY r.sequence), " LIFE " * 1000000) AS before_it FROM records r"
      " JOIN stations s ON s.code = r.station AND s.epoch = r.epoch) AS numbered"
      " WHERE sequence > before_it + 1 ORDER BY code, sequence";
  g_autoptr (GPtrArray) gaps = g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_gap_free);
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboQuery) query = tambo_database_query (hq->database, error, sql, "");

  if (query == NULL)
    return NULL;
  while (tambo_query_next (query, &cause)) {
    TamboGap *gap = g_new0 (TamboGap, 1);

    gap->station = tambo_query_dup_text (query, 0);
    gap->first = tambo_query_int (query, 1) + 1;
    gap->last = tambo_query_int (query, 2) - 1;
    gap->since = tambo_query_dup_text (query, 3);
    g_ptr_array_add (gaps, gap);
  }
  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }
  return g_steal_pointer (&gaps);
}

TamboStationRow *tambo_stations_get (TamboHq *hq, const char *code, GError **error) {
  return get (hq, code, TRUE, error);
}

gboolean tambo_stations_revoke (TamboHq *hq, const char *code, GError **error) {
  g_autofree char *now = tambo_clock_now ();
  g_autoptr (TamboWork) work = tambo_work_begin (hq->database, error);
  g_autoptr (TamboStationRow) row = NULL;

  if (work == NULL || (row = tambo_stations_get (hq, code, error)) == NULL)
    return FALSE;
  if (!tambo_database_run (hq->database, error,
                           "UPDATE stations SET state = 'revoked', revoked_at = ?"
                           " WHERE code = ? AND state = 'active'",
                           "ss", now, code)
      /* An open invitation would let it in again. */
      || !tambo_database_run (hq->database, error,
                              "DELETE FROM invitations WHERE station = ? AND used_at IS NULL", "s",
                              code)
      || !tambo_work_commit (work, error))
    return FALSE;
  /* Until no receiver goes by what it knew before. */
  tambo_recent_forget_station (hq->recent, code);
  g_usleep ((TAMBO_RECENT_SECONDS * 1000 + 100) * 1000);
  return TRUE;
}

/* One sentence for all cases: a guesser learns nothing. */
static void set_token_error (GError **error) {
  g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_TOKEN,
                       "the invitation is unknown, used or past");
}

/* Uses TOKEN up, inside the caller's transaction. */
static gboolean take_token (TamboHq *hq, const TamboRegistration *registration, const char *now,
                            GError **error) {
  g_autofree char *hash = hash_token (registration->token);

  if (!tambo_database_run (hq->database, error,
                           "UPDATE invitations SET used_at = ? WHERE token_hash = ?"
                           " AND station = ? AND expires >= ? AND used_at IS NULL",
                           "sssi", now, hash, registration->station, tambo_clock_now_unix ()))
    return FALSE;
  if (tambo_database_changes (hq->database) == 1)
    return TRUE;
  set_token_error (error);
  return FALSE;
}

static gboolean save_station (TamboHq *hq, const char *code, const char *certificate,
                              const char *now, GError **error) {
  g_autofree char *fingerprint = tambo_certificate_fingerprint (certificate, error);

  return fingerprint != NULL
         && tambo_database_run (
             hq->database, error,
             "INSERT INTO stations (code, state, epoch, certificate, fingerprint, registered_at)"
             " VALUES (?, 'active', 1, ?, ?, ?)"
             " ON CONFLICT (code) DO UPDATE SET state = 'active', epoch = stations.epoch + 1,"
             " certificate = excluded.certificate, fingerprint = excluded.fingerprint,"
             " registered_at = excluded.registered_at, revoked_at = NULL, inbox_key = NULL",
             "ssss", code, certificate, fingerprint, now);
}

/* What was given for this very invitation; NULL without error when nothing was. */
static char *find_given (TamboHq *hq, const TamboRegistration *registration, GError **error) {
  g_autofree char *hash = hash_token (registration->token);
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboQuery) query = tambo_database_query (
      hq->database, error,
      "SELECT s.certificate FROM stations s JOIN invitations i ON i.station = s.code"
      " WHERE s.code = ? AND s.state = 'active' AND i.token_hash = ? AND i.expires >= ?"
      " AND i.used_at = s.registered_at",
      "ssi", registration->station, hash, tambo_clock_now_unix ());

  if (query == NULL)
    return NULL;
  if (tambo_query_next (query, &cause))
    return tambo_query_dup_text (query, 0);
  if (cause != NULL)
    g_propagate_error (error, g_steal_pointer (&cause));
  return NULL;
}

static gboolean is_same_key (TamboKey *key, const char *certificate) {
  g_autoptr (TamboKey) given = tambo_key_new_from_pem (certificate, -1, NULL);
  g_autofree char *id = tambo_key_dup_id (key);
  g_autofree char *given_id = given != NULL ? tambo_key_dup_id (given) : NULL;

  return g_strcmp0 (id, given_id) == 0;
}

/* The token is used up, but the answer may have been lost on its way: the same key gets the same
 * certificate. */
static char *answer_again (TamboHq *hq, const TamboRegistration *registration, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autofree char *certificate = find_given (hq, registration, &cause);
  g_autoptr (TamboKey) key = NULL;

  if (certificate != NULL)
    key = tambo_authority_read_request (registration->csr, registration->station, NULL);
  if (key != NULL && is_same_key (key, certificate))
    return g_steal_pointer (&certificate);
  if (cause != NULL)
    g_propagate_error (error, g_steal_pointer (&cause));
  else
    set_token_error (error);
  return NULL;
}

char *tambo_stations_register (TamboHq *hq, const TamboRegistration *registration, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboKey) key = NULL;
  g_autofree char *certificate = NULL;
  g_autofree char *now = tambo_clock_now ();
  g_autoptr (TamboWork) work = tambo_work_begin (hq->database, error);

  /* The token first: who has none gets no key looked at. */
  if (work == NULL)
    return NULL;
  if (!take_token (hq, registration, now, &cause)) {
    if (g_error_matches (cause, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_TOKEN))
      return answer_again (hq, registration, error);
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }
  key = tambo_authority_read_request (registration->csr, registration->station, error);
  if (key == NULL)
    return NULL;
  certificate = tambo_hq_certify_station (hq, registration->station, key, error);
  if (certificate == NULL || !save_station (hq, registration->station, certificate, now, error)
      || !tambo_work_commit (work, error))
    return NULL;
  return g_steal_pointer (&certificate);
}

/* The one of now, or the one before. */
static gboolean is_certificate_of (TamboHq *hq, const TamboStationRow *row, const char *fingerprint,
                                   gboolean *out_is_its_own, GError **error) {
  *out_is_its_own = strcmp (row->fingerprint, fingerprint) == 0;
  return *out_is_its_own
         || tambo_hq_is_previous_certificate (hq, row, fingerprint, out_is_its_own, error);
}

TamboStationRow *tambo_stations_authenticate (TamboHq *hq, const char *code,
                                              const char *fingerprint, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboStationRow) row = tambo_recent_get_station (hq->recent, code, fingerprint);
  g_autofree char *now = NULL;
  gboolean is_its_own = FALSE;

  if (row != NULL)
    return g_steal_pointer (&row);
  row = get (hq, code, FALSE, &cause);
  now = tambo_clock_now ();

  if (cause != NULL && !g_error_matches (cause, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_NOT_FOUND)) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }
  if (row != NULL && !is_certificate_of (hq, row, fingerprint, &is_its_own, error))
    return NULL;
  if (row == NULL || strcmp (row->state, "active") != 0 || !is_its_own) {
    g_set_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_REVOKED,
                 "this certificate is not that of an active station");
    return NULL;
  }
  /* To the minute: a durable write for every request would cost more than it tells. */
  if ((row->last_seen == NULL || strncmp (row->last_seen, now, 16) != 0)
      && !tambo_database_run (hq->database, error,
                              "UPDATE stations SET last_seen = ? WHERE code = ?", "ss", now, code))
    return NULL;
  tambo_recent_put_station (hq->recent, row);
  return g_steal_pointer (&row);
}
