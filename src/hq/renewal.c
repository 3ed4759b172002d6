/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/renewal.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "hq/authority.h"

#define STATION_DAYS (2 * 365)
/* After the end of a certificate: longer than any outage, shorter than a laptop lies forgotten. */
#define GRACE_SECONDS (365 * 24 * 3600)

/* With the epoch: a station that is registered anew begins with none. */
static char *dup_setting_name (const TamboStationRow *row) {
  return g_strdup_printf ("previous-certificate/%s/%" G_GINT64_FORMAT, row->code, row->epoch);
}

gboolean tambo_hq_is_previous_certificate (TamboHq *hq, const TamboStationRow *row,
                                           const char *fingerprint, gboolean *out_is_previous,
                                           GError **error) {
  g_autofree char *name = dup_setting_name (row);
  g_autoptr (GError) cause = NULL;
  g_autofree char *previous = tambo_database_dup_setting (hq->database, name, &cause);

  if (!tambo_error_pass (&cause, error))
    return FALSE;
  *out_is_previous = g_strcmp0 (previous, fingerprint) == 0;
  return TRUE;
}

/* Two years, or what the setting says. */
static gboolean get_station_days (TamboHq *hq, int *out_days, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autofree char *text = tambo_database_dup_setting (hq->database, "station_days", &cause);
  guint64 days;

  if (!tambo_error_pass (&cause, error))
    return FALSE;
  *out_days = text != NULL && g_ascii_string_to_unsigned (text, 10, 1, 36500, &days, NULL)
                  ? (int) days
                  : STATION_DAYS;
  return TRUE;
}

char *tambo_hq_certify_station (TamboHq *hq, const char *code, TamboKey *key, GError **error) {
  int days;

  if (!get_station_days (hq, &days, error))
    return NULL;
  return tambo_authority_issue (hq->authority_key, hq->authority_pem, key, code,
                                TAMBO_AUTHORITY_STATION, NULL, days, error);
}

static gboolean is_same_key (TamboKey *key, const char *certificate) {
  g_autoptr (TamboKey) given = tambo_key_new_from_pem (certificate, -1, NULL);
  g_autofree char *id = tambo_key_dup_id (key);
  g_autofree char *given_id = given != NULL ? tambo_key_dup_id (given) : NULL;

  return g_strcmp0 (id, given_id) == 0;
}

static char *replace (TamboHq *hq, const TamboStationRow *row, TamboKey *key, GError **error) {
  g_autofree char *certificate = tambo_hq_certify_station (hq, row->code, key, error);
  g_autofree char *fingerprint =
      certificate != NULL ? tambo_certificate_fingerprint (certificate, error) : NULL;
  g_autofree char *name = dup_setting_name (row);

  if (fingerprint == NULL
      || !tambo_database_run (hq->database, error,
                              "UPDATE stations SET certificate = ?, fingerprint = ?"
                              " WHERE code = ? AND fingerprint = ?",
                              "ssss", certificate, fingerprint, row->code, row->fingerprint)
      || !tambo_database_set_setting (hq->database, name, row->fingerprint, error))
    return NULL;
  return g_steal_pointer (&certificate);
}

/* One sentence for all cases: a guesser learns nothing. */
static char *refuse (GError **error) {
  g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_REVOKED,
                       "this is no active station with the key of its registration");
  return NULL;
}

char *tambo_hq_renew (TamboHq *hq, const TamboRenewalRequest *request, GError **error) {
  g_autoptr (TamboKey) key = tambo_authority_read_request (request->csr, request->station, NULL);
  g_autoptr (TamboWork) work = key != NULL ? tambo_work_begin (hq->database, error) : NULL;
  g_autoptr (TamboStationRow) row = NULL;
  g_autoptr (GError) cause = NULL;
  g_autofree char *certificate = NULL;
  gint64 from, to, now = tambo_clock_now_unix ();

  if (key == NULL)
    return refuse (error);
  if (work == NULL)
    return NULL;
  row = tambo_stations_get (hq, request->station, &cause);
  if (cause != NULL && !g_error_matches (cause, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_NOT_FOUND)) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return NULL;
  }
  if (row == NULL || strcmp (row->state, "active") != 0 || !is_same_key (key, row->certificate))
    return refuse (error);
  if (!tambo_certificate_get_dates (row->certificate, &from, &to, error))
    return NULL;
  if (now - to > GRACE_SECONDS)
    return refuse (error);
  if (!tambo_certificate_is_half_over (from, to, now))
    return g_strdup (row->certificate);
  certificate = replace (hq, row, key, error);
  return certificate != NULL && tambo_work_commit (work, error) ? g_steal_pointer (&certificate)
                                                                : NULL;
}
