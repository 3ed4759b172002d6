/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/alerts.h"

#include <string.h>

#include "base/clock.h"
#include "base/id.h"
#include "hq/feed.h"
#include "record/mrz.h"
#include "sync/alert.h"

#define KIND "alert"
#define MAX_WORDS 200

static gboolean invalid (GError **error, const char *message) {
  g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID, message);
  return FALSE;
}

static gboolean is_there (const char *text) {
  return text != NULL && *text != '\0';
}

static gboolean check (const TamboHqAlert *alert, GError **error) {
  const TamboApplicant *whom = alert->whom;

  if (!is_there (alert->reason) || strlen (alert->reason) > MAX_WORDS || !is_there (alert->action)
      || strlen (alert->action) > MAX_WORDS)
    return invalid (error, "an alert has a reason and a next action, of 200 bytes at most");
  if (alert->is_person)
    return (is_there (whom->surname) && is_there (whom->birth_date))
           || invalid (error, "the alert names no surname and date of birth");
  return (is_there (whom->document_type) && is_there (whom->issuing_state)
          && is_there (whom->document_number))
         || invalid (error, "the alert names no document type, issuing state and number");
}

static char *hash_whom (GBytes *salt, const TamboHqAlert *alert) {
  const TamboApplicant *whom = alert->whom;
  g_autofree char *surname = NULL;
  g_autofree char *given_names = NULL;

  if (!alert->is_person)
    return tambo_alert_hash_document (salt, whom->issuing_state, whom->document_type,
                                      whom->document_number);
  surname = tambo_mrz_transliterate (whom->surname);
  given_names = tambo_mrz_transliterate (whom->given_names != NULL ? whom->given_names : "");
  return tambo_alert_hash_person (salt, surname, given_names, whom->birth_date);
}

char *tambo_hq_alert_add (TamboHq *hq, const TamboHqAlert *alert, GError **error) {
  g_autoptr (GBytes) salt = check (alert, error) ? tambo_hq_feed_get_salt (hq, error) : NULL;
  g_autofree char *id = tambo_id_new ();
  g_autofree char *now = tambo_clock_now ();
  g_autofree char *hash = NULL;
  g_autoptr (JsonObject) body = json_object_new ();
  g_autoptr (TamboWork) work = NULL;

  if (salt == NULL)
    return NULL;
  hash = hash_whom (salt, alert);
  json_object_set_string_member (body, "about", alert->is_person ? "person" : "document");
  json_object_set_string_member (body, "hash", hash);
  json_object_set_string_member (body, "reason", alert->reason);
  json_object_set_string_member (body, "action", alert->action);
  json_object_set_string_member (body, "since", now);
  work = tambo_work_begin (hq->database, error);
  return work != NULL && tambo_hq_feed_put (hq, NULL, KIND, id, body, NULL, error)
                 && tambo_work_commit (work, error)
             ? g_steal_pointer (&id)
             : NULL;
}

gboolean tambo_hq_alert_withdraw (TamboHq *hq, const char *id, GError **error) {
  g_autoptr (TamboWork) work = tambo_work_begin (hq->database, error);

  return work != NULL && tambo_hq_feed_remove (hq, NULL, KIND, id, error)
         && tambo_work_commit (work, error);
}
