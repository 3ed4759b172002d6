/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/alerts.h"

#include <string.h>

#include "base/json.h"
#include "record/mrz.h"
#include "station/item.h"
#include "station/station-private.h"
#include "store/audit.h"
#include "store/feed.h"
#include "sync/alert.h"
#include "sync/exchange.h"

#define KIND "alert"

void tambo_alert_free (TamboAlert *alert) {
  if (alert == NULL)
    return;
  g_free (alert->id);
  g_free (alert->about);
  g_free (alert->reason);
  g_free (alert->action);
  g_free (alert->since);
  g_free (alert);
}

/* ---- reading ---- */

typedef struct {
  TamboAlert *alert;
  char *hash; /* of whom or what it is about */
} Found;

static TamboAlert *read_alert (const TamboFeedRow *row, char **out_hash, GError **error) {
  g_autoptr (TamboAlert) alert = g_new0 (TamboAlert, 1);
  g_autoptr (JsonObject) body = tambo_json_parse_object (row->body, -1, error);
  g_autofree char *hash = NULL;
  const struct {
    const char *member;
    char **field;
  } members[] = {
    { "about", &alert->about },
    { "reason", &alert->reason },
    { "action", &alert->action },
    { "since", &alert->since },
    { "hash", &hash },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (members); i++) {
    const char *value =
        body != NULL ? tambo_json_get_string (body, members[i].member, error) : NULL;
    if (value == NULL)
      return NULL;
    *members[i].field = g_strdup (value);
  }
  alert->id = g_strdup (row->id);
  *out_hash = g_steal_pointer (&hash);
  return g_steal_pointer (&alert);
}

static void found_free (Found *found) {
  tambo_alert_free (found->alert);
  g_free (found->hash);
  g_free (found);
}

/* Elements are Found. */
static GPtrArray *read_all (TamboStation *station, GError **error) {
  g_autoptr (GPtrArray) rows = tambo_feed_list (tambo_station_get_store (station), KIND, error);
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func ((GDestroyNotify) found_free);

  if (rows == NULL)
    return NULL;
  for (guint i = 0; i < rows->len; i++) {
    g_autofree char *hash = NULL;
    g_autoptr (GError) cause = NULL;
    g_autoptr (TamboAlert) alert = read_alert (rows->pdata[i], &hash, &cause);

    if (alert == NULL) {
      g_info ("an alert was not read: %s", cause->message);
      continue;
    }
    Found *found = g_new0 (Found, 1);
    found->alert = g_steal_pointer (&alert);
    found->hash = g_steal_pointer (&hash);
    g_ptr_array_add (all, found);
  }
  return g_steal_pointer (&all);
}

/* Those of ALL whose hash is one of HASHES; every one where it is NULL. */
static GPtrArray *pick (GPtrArray *all, const char *const *hashes) {
  GPtrArray *alerts = g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_alert_free);

  for (guint i = 0; i < all->len; i++) {
    Found *found = all->pdata[i];
    if (hashes == NULL || g_strv_contains (hashes, found->hash))
      g_ptr_array_add (alerts, g_steal_pointer (&found->alert));
  }
  return alerts;
}

GPtrArray *tambo_alerts_list (TamboStation *station, GError **error) {
  g_autoptr (GPtrArray) all = read_all (station, error);

  return all != NULL ? pick (all, NULL) : NULL;
}

/* ---- comparing ---- */

/* What has rotted or is missing is no leave to compare with nothing, and comes anew with the next exchange. */
static void set_alerts_error (GError **error, GError *cause) {
  if (g_error_matches (cause, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT)) {
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_ALERTS,
                 "the applicant cannot be compared with headquarters' alerts: %s", cause->message);
    g_error_free (cause);
  } else {
    g_propagate_error (error, cause);
  }
}

/* NULL without an error before headquarters has sent it. */
static GBytes *open_salt (TamboStation *station, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboFeedRow) row =
      tambo_feed_get (tambo_station_get_store (station), TAMBO_EXCHANGE_ALERT_KEY,
                      TAMBO_EXCHANGE_ALERT_KEY, &cause);
  g_autoptr (TamboKey) key = row != NULL ? tambo_station_open_inbox_key (station, error) : NULL;
  g_autoptr (JsonObject) secret = key != NULL ? tambo_item_open (row, key, error) : NULL;

  if (cause != NULL && !g_error_matches (cause, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_NOT_FOUND))
    g_propagate_error (error, g_steal_pointer (&cause));
  return secret != NULL ? tambo_json_get_bytes (secret, "salt", error) : NULL;
}

/* All alerts there are and, when there are any, what they are compared with. */
static gboolean load (TamboStation *station, GPtrArray **out_alerts, GBytes **out_salt,
                      GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (GBytes) salt = open_salt (station, &cause);
  g_autoptr (GPtrArray) found = cause == NULL ? read_all (station, &cause) : NULL;

  if (cause != NULL) {
    set_alerts_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  if (salt == NULL && found->len > 0) {
    g_set_error_literal (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_ALERTS,
                         "headquarters' alerts are here, and the key to compare with them is not");
    return FALSE;
  }
  *out_alerts = g_steal_pointer (&found);
  *out_salt = g_steal_pointer (&salt);
  return TRUE;
}

/* Of the document and of the person, as far as they are known; NULL-terminated. */
static char **hash_applicant (GBytes *salt, const TamboApplicant *applicant) {
  g_autoptr (GStrvBuilder) hashes = g_strv_builder_new ();

  if (applicant->document_number != NULL && applicant->issuing_state != NULL
      && applicant->document_type != NULL) {
    g_autofree char *hash = tambo_alert_hash_document (
        salt, applicant->issuing_state, applicant->document_type, applicant->document_number);
    g_strv_builder_add (hashes, hash);
  }
  if (applicant->surname != NULL && applicant->birth_date != NULL) {
    g_autofree char *surname = tambo_mrz_transliterate (applicant->surname);
    g_autofree char *given_names =
        tambo_mrz_transliterate (applicant->given_names != NULL ? applicant->given_names : "");
    g_autofree char *hash =
        tambo_alert_hash_person (salt, surname, given_names, applicant->birth_date);
    g_strv_builder_add (hashes, hash);
  }
  return g_strv_builder_end (hashes);
}

/* Found by either: the details of the one are the other's id. */
static gboolean note_hit (TamboStore *store, const char *actor, const TamboAlert *alert,
                          const TamboEnrolment *enrolment, GError **error) {
  g_autoptr (GBytes) alert_id = g_bytes_new (alert->id, strlen (alert->id));
  g_autoptr (GBytes) case_id = g_bytes_new (enrolment->id, strlen (enrolment->id));
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);

  return transaction != NULL
         && tambo_audit_append (store, actor, "alert.hit", alert->id, case_id, error)
         && tambo_audit_append (store, actor, "case.alert", enrolment->id, alert_id, error)
         && tambo_transaction_commit (transaction, error);
}

gboolean tambo_alerts_can_check (TamboStation *station, GError **error) {
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_CASE_CAPTURE, error);
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GBytes) salt = NULL;

  return actor != NULL && load (station, &all, &salt, error);
}

GPtrArray *tambo_alerts_check (TamboStation *station, const TamboEnrolment *enrolment,
                               GError **error) {
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_CASE_CAPTURE, error);
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GBytes) salt = NULL;

  if (actor == NULL || !load (station, &all, &salt, error))
    return NULL;
  g_auto (GStrv) hashes =
      salt != NULL ? hash_applicant (salt, enrolment->applicant) : g_new0 (char *, 1);
  g_autoptr (GPtrArray) alerts = pick (all, (const char *const *) hashes);
  for (guint i = 0; i < alerts->len; i++)
    if (!note_hit (tambo_station_get_store (station), actor, alerts->pdata[i], enrolment, error))
      return NULL;
  return g_steal_pointer (&alerts);
}
