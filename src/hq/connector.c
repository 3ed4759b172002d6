/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/connector.h"

#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/crypto.h"
#include "base/json.h"
#include "hq/connector-curl.h"
#include "hq/connector-private.h"
#include "hq/pipeline-private.h"

#define TRIES 3
#define FIRST_PAUSE 100 /* milliseconds; doubled, and half of it by chance */
#define MAX_REST 600    /* seconds */
#define MAX_REFERENCE 64

typedef enum { CLEAR, HIT, UNKNOWN } Result;

/* ---- what is asked ---- */

static void add_person (JsonObject *object, const TamboApplicant *applicant) {
  tambo_json_set_optional (object, "surname", applicant->surname);
  tambo_json_set_optional (object, "given_names", applicant->given_names);
  tambo_json_set_optional (object, "birth_date", applicant->birth_date);
  json_object_set_string_member (object, "sex", tambo_sex_to_string (applicant->sex));
  tambo_json_set_optional (object, "nationality", applicant->nationality);
}

static char *make_question (const TamboConnector *connector, const TamboEnrolment *enrolment) {
  g_autoptr (JsonObject) object = json_object_new ();
  const TamboApplicant *applicant = enrolment->applicant;

  json_object_set_string_member (object, "check", tambo_connector_kind_to_string (connector->kind));
  json_object_set_string_member (object, "tracking_number", enrolment->tracking_number);
  tambo_json_set_optional (object, "issuing_state", applicant->issuing_state);
  tambo_json_set_optional (object, "document_number", applicant->document_number);
  if (connector->kind != TAMBO_CONNECTOR_VOUCHER)
    add_person (object, applicant);
  return tambo_json_canonical (object);
}

/* ---- what is answered ---- */

/* What goes into a table that everybody here may read: no sentence of another's. */
static gboolean is_reference (const char *text) {
  gsize length = strlen (text);

  return length >= 1 && length <= MAX_REFERENCE
         && strspn (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")
                == length;
}

static gboolean read_answer (GBytes *bytes, Result *out_result, char **out_reference,
                             GError **error) {
  static const char *const words[] = { "clear", "hit", "unknown" };
  gsize size;
  const char *text = g_bytes_get_data (bytes, &size);
  g_autoptr (JsonObject) object =
      tambo_json_parse_object (text != NULL ? text : "", (gssize) size, NULL);
  const char *result = object != NULL ? tambo_json_peek_string (object, "result") : NULL;
  const char *reference = object != NULL ? tambo_json_peek_string (object, "reference") : NULL;

  for (guint i = 0; result != NULL && i < G_N_ELEMENTS (words); i++) {
    if (strcmp (result, words[i]) != 0)
      continue;
    *out_result = (Result) i;
    *out_reference = reference != NULL && is_reference (reference) ? g_strdup (reference) : NULL;
    return TRUE;
  }
  g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID, "the answer is none");
  return FALSE;
}

/* ---- asking ---- */

/* Between half of the pause and the whole. */
static void rest_between (guint try) {
  guint pause = FIRST_PAUSE << try;

  g_usleep ((pause / 2 + g_random_int_range (0, (gint32) pause / 2 + 1)) * 1000u);
}

/* One that keeps failing is left in peace, each time for longer. */
static void note_failure (TamboService *service) {
  gint64 rest = (gint64) service->connector->rest << MIN (service->rests, 16);

  if (++service->failures < TRIES)
    return;
  service->rests++;
  service->rests_until = g_get_monotonic_time () + MIN (rest, MAX_REST) * (gint64) G_USEC_PER_SEC;
}

static gboolean try_once (TamboService *service, const char *question, Result *out_result,
                          char **out_reference, GError **error) {
  const TamboConnector *connector = service->connector;
  const TamboConnectorRequest request = { .url = connector->url,
                                          .ca_file = connector->ca_file,
                                          .token = connector->token,
                                          .body = question,
                                          .timeout = connector->timeout };
  g_autoptr (GBytes) answer = tambo_connector_post (&request, error);

  if (answer == NULL || !read_answer (answer, out_result, out_reference, error)) {
    note_failure (service);
    return FALSE;
  }
  service->failures = 0;
  service->rests = 0;
  return TRUE;
}

static gboolean ask (TamboService *service, const char *question, Result *out_result,
                     char **out_reference, GError **error) {
  for (guint try = 0;; try++) {
    g_autoptr (GError) cause = NULL;

    if (service->rests_until > g_get_monotonic_time ()) {
      g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_UNAVAILABLE, "it rests");
      return FALSE;
    }
    if (try_once (service, question, out_result, out_reference, &cause))
      return TRUE;
    if (try + 1 == TRIES || !g_error_matches (cause, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_UNAVAILABLE)
        || service->rests_until > g_get_monotonic_time ()) {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
    rest_between (try);
  }
}

static TamboValidationState state_without_answer (const TamboConnector *connector,
                                                  gint64 waiting_since) {
  gint64 now = tambo_clock_now_unix ();

  if (connector->policy == TAMBO_CONNECTOR_PERSON)
    return TAMBO_VALIDATION_UNAVAILABLE;
  return waiting_since > 0 && now - waiting_since >= (gint64) connector->wait_hours * 3600
             ? TAMBO_VALIDATION_UNAVAILABLE
             : TAMBO_VALIDATION_WAITING;
}

/* For the table: a word, not the sentence. */
static const char *word_for (const GError *cause) {
  return g_error_matches (cause, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID) ? "no-answer-of-it"
                                                                         : "not-there";
}

TamboValidation *tambo_connectors_ask (TamboConnectors *connectors, guint index,
                                       const TamboEnrolment *enrolment, gint64 waiting_since) {
  TamboService *service = connectors->services->pdata[index];
  g_autofree char *name = g_strconcat ("connector-", service->connector->name, NULL);
  char *question = make_question (service->connector, enrolment);
  g_autoptr (GString) detail = g_string_new (NULL);
  g_autoptr (GError) cause = NULL;
  g_autofree char *reference = NULL;
  TamboValidationState state = TAMBO_VALIDATION_PASSED;
  Result result;

  if (ask (service, question, &result, &reference, &cause)) {
    if (result != CLEAR) {
      state = TAMBO_VALIDATION_OBJECTED;
      tambo_detail_add (detail, "result", "%s", result == HIT ? "hit" : "unknown");
    }
    if (reference != NULL)
      tambo_detail_add (detail, "reference", "%s", reference);
  } else {
    state = state_without_answer (service->connector, waiting_since);
    tambo_detail_add (detail, "reason", "%s", word_for (cause));
  }
  tambo_secret_string_free (question);
  return tambo_validation_new (name, state, detail->str);
}

gboolean tambo_connector_probe (const TamboConnector *connector, GError **error) {
  TamboService service = { .connector = (TamboConnector *) connector };
  g_autofree char *reference = NULL;
  Result result;

  return try_once (&service, "{\"check\":\"probe\"}", &result, &reference, error);
}
