/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/routes.h"

#include <string.h>

#include "base/bytes.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/json.h"
#include "hq/checkpoint.h"
#include "hq/envelope-keys.h"
#include "hq/feed.h"
#include "hq/inbox.h"
#include "hq/intake.h"
#include "hq/renewal.h"
#include "hq/rewind.h"
#include "hq/stock.h"
#include "sync/stock-statement.h"

#define MAX_JSON_BODY (64 * 1024)
/* TAMBO_STOCK_PAGE movements, each of some words. */
#define MAX_STOCK_BODY (256 * 1024)

void tambo_answer_clear (TamboAnswer *answer) {
  g_clear_pointer (&answer->json, g_free);
  g_clear_pointer (&answer->bytes, g_bytes_unref);
}

/* Errors */

typedef struct {
  int status;
  const char *code;
} Verdict;

static Verdict verdict_for (const GError *error) {
  static const Verdict verdicts[] = {
    [TAMBO_HQ_ERROR_FAILED] = { 500, "failed" },
    [TAMBO_HQ_ERROR_INVALID] = { 400, "invalid" },
    [TAMBO_HQ_ERROR_NOT_FOUND] = { 404, "unknown" },
    [TAMBO_HQ_ERROR_EXISTS] = { 409, "exists" },
    [TAMBO_HQ_ERROR_STATE] = { 409, "state" },
    [TAMBO_HQ_ERROR_TOKEN] = { 403, "token" },
    [TAMBO_HQ_ERROR_REVOKED] = { 403, "revoked" },
    [TAMBO_HQ_ERROR_CONFLICT] = { 409, "conflict" },
    [TAMBO_HQ_ERROR_FORK] = { 409, "fork" },
    [TAMBO_HQ_ERROR_INTEGRITY] = { 400, "integrity" },
    [TAMBO_HQ_ERROR_UNAVAILABLE] = { 503, "unavailable" },
  };

  if (error->domain == TAMBO_HQ_ERROR && error->code >= 0
      && (gsize) error->code < G_N_ELEMENTS (verdicts))
    return verdicts[error->code];
  if (g_error_matches (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_NO_SPACE))
    return (Verdict){ 507, "no-space" };
  return verdicts[TAMBO_HQ_ERROR_FAILED];
}

/* Many are told the same in the same moment: one line a second says it for all of them. */
static void log_seldom (const GError *error) {
  static GMutex lock;
  static gint64 last;
  static guint n;
  gint64 now = g_get_monotonic_time ();

  g_mutex_lock (&lock);
  n++;
  if (last == 0 || now - last > G_TIME_SPAN_SECOND) {
    g_printerr ("tambo-hq: %u requests were told to come back: %s\n", n, error->message);
    last = now;
    n = 0;
  }
  g_mutex_unlock (&lock);
}

void tambo_answer_for_error (const GError *error, TamboAnswer *out_answer) {
  Verdict verdict = verdict_for (error);
  g_autoptr (JsonObject) object = json_object_new ();

  json_object_set_string_member (object, "error", verdict.code);
  /* What went wrong inside this house is for its own log. */
  json_object_set_string_member (
      object, "detail", verdict.status < 500 ? error->message : "headquarters could not do it");
  if (verdict.status == 503)
    log_seldom (error);
  else if (verdict.status >= 500)
    g_printerr ("tambo-hq: a request failed: %s\n", error->message);
  *out_answer = (TamboAnswer){ .status = verdict.status,
                               .json = tambo_json_canonical (object),
                               .upload_offset = -1 };
}

static gboolean invalid (GError **error, const char *message) {
  g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID, message);
  return FALSE;
}

/* Handlers */

static char *dup_body (TamboRequest *request) {
  return g_strndup ((const char *) request->body->data, request->body->len);
}

static gboolean finish_stations (TamboRequest *request, TamboAnswer *out_answer, GError **error) {
  g_autoptr (GError) cause = NULL;
  char *text = dup_body (request);
  g_autoptr (TamboRegistration) registration = tambo_registration_from_json (text, -1, &cause);
  g_autoptr (TamboTrust) trust = NULL;
  g_autofree char *certificate = NULL;

  tambo_secret_string_free (text);
  if (registration == NULL)
    return invalid (error, cause->message);
  certificate = tambo_stations_register (request->hq, registration, error);
  if (certificate == NULL)
    return FALSE;
  trust = tambo_hq_make_trust (request->hq);
  out_answer->status = 200;
  out_answer->json = tambo_registration_answer_to_json (certificate, trust);
  return TRUE;
}

static gboolean finish_renewals (TamboRequest *request, TamboAnswer *out_answer, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboRenewalRequest) renewal = tambo_renewal_request_from_json (
      (const char *) request->body->data, (gssize) request->body->len, &cause);
  g_autofree char *certificate = NULL;

  if (renewal == NULL)
    return invalid (error, cause->message);
  certificate = tambo_hq_renew (request->hq, renewal, error);
  if (certificate == NULL)
    return FALSE;
  out_answer->status = 200;
  out_answer->json = tambo_renewal_answer_to_json (certificate);
  return TRUE;
}

static gboolean check_hash (TamboRequest *request, GError **error) {
  return tambo_is_sha256_hex (request->tail) || invalid (error, "the path names no record");
}

static void answer_state (const TamboIntakeState *state, int status, TamboAnswer *out_answer) {
  out_answer->status = state->receipt != NULL ? 200 : status;
  out_answer->json = g_strdup (state->receipt);
  out_answer->upload_offset = state->offset;
}

static gboolean finish_put (TamboRequest *request, TamboAnswer *out_answer, GError **error) {
  g_auto (TamboIntakeState) state = { NULL };
  g_autofree char *manifest = dup_body (request);

  if (!tambo_intake_announce (request->hq, request->station, request->tail, manifest, &state,
                              error))
    return FALSE;
  answer_state (&state, 201, out_answer);
  return TRUE;
}

static gboolean finish_head (TamboRequest *request, TamboAnswer *out_answer, GError **error) {
  g_auto (TamboIntakeState) state = { NULL };

  if (!tambo_intake_look (request->hq, request->station, request->tail, &state, error))
    return FALSE;
  out_answer->status = 200;
  out_answer->upload_offset = state.offset;
  return TRUE;
}

/* Without an upload afterwards it came whole meanwhile: the receipt answers whatever is sent now. */
static gboolean begin_patch (TamboRequest *request, GError **error) {
  if (!check_hash (request, error))
    return FALSE;
  if (request->upload_offset < 0)
    return invalid (error, "the request has no " TAMBO_UPLOAD_OFFSET);
  return tambo_intake_begin (request->hq, request->station, request->tail, request->upload_offset,
                             &request->upload, error);
}

/* From which byte the station has to go on, after whatever went wrong. */
static gboolean answer_offset (TamboRequest *request, int status, TamboAnswer *out_answer,
                               GError **error) {
  g_auto (TamboIntakeState) state = { NULL };

  if (!tambo_intake_look (request->hq, request->station, request->tail, &state, error))
    return FALSE;
  answer_state (&state, status, out_answer);
  return TRUE;
}

static gboolean finish_patch (TamboRequest *request, TamboAnswer *out_answer, GError **error) {
  g_autoptr (GError) cause = NULL;
  gint64 offset;

  if (request->upload == NULL)
    return answer_offset (request, 409, out_answer, error);
  if (request->upload_error != NULL)
    g_propagate_error (&cause, g_steal_pointer (&request->upload_error));
  else if (tambo_upload_is_whole (request->upload))
    out_answer->json = tambo_intake_complete (request->hq, request->tail, request->upload, &cause);
  else if (tambo_upload_sync (request->upload, &offset, &cause)) {
    out_answer->status = 204;
    out_answer->upload_offset = offset;
    return TRUE;
  }
  g_clear_pointer (&request->upload, tambo_upload_free);
  if (out_answer->json != NULL) {
    out_answer->status = 200;
    return TRUE;
  }
  /* Replaced by a newer connection, or other bytes than promised: both go on from an offset. */
  if (g_error_matches (cause, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_STATE)
      || g_error_matches (cause, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INTEGRITY))
    return answer_offset (request, 409, out_answer, error);
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

static gboolean finish_inbox (TamboRequest *request, TamboAnswer *out_answer, GError **error) {
  g_autoptr (GPtrArray) items = NULL;
  guint64 after = 0;

  if (request->after != NULL
      && !g_ascii_string_to_unsigned (request->after, 10, 0, G_MAXINT64, &after, NULL))
    return invalid (error, "the query is not after=NUMBER");
  items = tambo_hq_inbox_list (request->hq, request->station, (gint64) after, error);
  if (items == NULL)
    return FALSE;
  out_answer->status = 200;
  out_answer->json = tambo_inbox_items_to_json (items);
  return TRUE;
}

static gboolean finish_message (TamboRequest *request, TamboAnswer *out_answer, GError **error) {
  guint64 number;

  if (!g_ascii_string_to_unsigned (request->tail, 10, 1, G_MAXINT64, &number, NULL))
    return invalid (error, "the path names no message");
  out_answer->bytes = tambo_hq_inbox_load (request->hq, request->station, (gint64) number, error);
  out_answer->status = 200;
  return out_answer->bytes != NULL;
}

static gboolean finish_checkpoint (TamboRequest *request, TamboAnswer *out_answer, GError **error) {
  g_autofree char *text = dup_body (request);

  out_answer->json = tambo_hq_countersign (request->hq, request->station, text, error);
  out_answer->status = 200;
  return out_answer->json != NULL;
}

static gboolean finish_stock (TamboRequest *request, TamboAnswer *out_answer, GError **error) {
  g_autofree char *text = dup_body (request);
  gint64 position;

  if (!tambo_hq_take_stock (request->hq, request->station, text, &position, error))
    return FALSE;
  out_answer->json = tambo_stock_answer_to_json (position);
  out_answer->status = 200;
  return TRUE;
}

static gboolean finish_receipts (TamboRequest *request, TamboAnswer *out_answer, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboClaims) claims = tambo_claims_from_json ((const char *) request->body->data,
                                                           (gssize) request->body->len, &cause);
  g_autoptr (TamboClaimsAnswer) answer = NULL;

  if (claims == NULL)
    return invalid (error, cause->message);
  answer = tambo_hq_check_claims (request->hq, request->station, claims, error);
  if (answer == NULL)
    return FALSE;
  out_answer->status = 200;
  out_answer->json = tambo_claims_answer_to_json (answer);
  return TRUE;
}

static gboolean finish_reference (TamboRequest *request, TamboAnswer *out_answer, GError **error) {
  out_answer->json = tambo_hq_sign_reference (request->hq, error);
  out_answer->status = 200;
  return out_answer->json != NULL;
}

static gboolean finish_changes (TamboRequest *request, TamboAnswer *out_answer, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_auto (TamboChangesRequest) wanted = { 0 };

  if (!tambo_changes_request_from_json ((const char *) request->body->data,
                                        (gssize) request->body->len, &wanted, &cause))
    return invalid (error, cause->message);
  if (wanted.inbox_key != NULL
      && !tambo_hq_feed_set_inbox_key (request->hq, request->station, wanted.inbox_key, error))
    return FALSE;
  out_answer->json = tambo_hq_feed_sign (request->hq, request->station, wanted.after, error);
  out_answer->status = 200;
  return out_answer->json != NULL;
}

static const TamboRoute routes[] = {
  { "POST", "/v1/stations", FALSE, TRUE, MAX_JSON_BODY, NULL, finish_stations },
  { "POST", "/v1/renewals", FALSE, TRUE, MAX_JSON_BODY, NULL, finish_renewals },
  { "PUT", "/v1/records/", TRUE, FALSE, MAX_JSON_BODY, check_hash, finish_put },
  { "HEAD", "/v1/records/", TRUE, FALSE, 0, check_hash, finish_head },
  { "PATCH", "/v1/records/", TRUE, FALSE, TAMBO_RECORD_MAX_SIZE, begin_patch, finish_patch },
  { "GET", "/v1/inbox", FALSE, FALSE, 0, NULL, finish_inbox },
  { "GET", "/v1/inbox/", TRUE, FALSE, 0, NULL, finish_message },
  { "POST", "/v1/checkpoint", FALSE, FALSE, MAX_JSON_BODY, NULL, finish_checkpoint },
  { "GET", "/v1/reference", FALSE, FALSE, 0, NULL, finish_reference },
  { "POST", "/v1/changes", FALSE, FALSE, MAX_JSON_BODY, NULL, finish_changes },
  { "POST", "/v1/stock", FALSE, FALSE, MAX_STOCK_BODY, NULL, finish_stock },
  { "POST", "/v1/receipts", FALSE, FALSE, MAX_JSON_BODY, NULL, finish_receipts },
};

const TamboRoute *tambo_routes_find (const char *method, const char *path, char **out_tail) {
  for (gsize i = 0; i < G_N_ELEMENTS (routes); i++) {
    const TamboRoute *route = &routes[i];

    if (strcmp (method, route->method) != 0)
      continue;
    if (route->has_tail ? g_str_has_prefix (path, route->prefix)
                        : strcmp (path, route->prefix) == 0) {
      *out_tail = g_strdup (path + strlen (route->prefix));
      return route;
    }
  }
  return NULL;
}

/* Requests */

TamboRequest *tambo_request_new (TamboHq *hq, const TamboRoute *route, char *tail) {
  TamboRequest *request = g_new0 (TamboRequest, 1);

  request->hq = hq;
  request->route = route;
  request->tail = tail;
  request->upload_offset = -1;
  request->body = g_byte_array_new ();
  return request;
}

void tambo_request_free (TamboRequest *request) {
  if (request == NULL)
    return;
  g_clear_pointer (&request->upload, tambo_upload_free);
  g_clear_pointer (&request->station, tambo_station_row_free);
  g_clear_error (&request->upload_error);
  if (request->body->len > 0)
    tambo_secret_wipe (request->body->data, request->body->len); /* an invitation, perhaps */
  g_byte_array_unref (request->body);
  g_free (request->tail);
  g_free (request->after);
  g_free (request);
}

gboolean tambo_request_admit (TamboRequest *request, const char *code, const char *fingerprint,
                              GError **error) {
  if (request->route->admits_strangers)
    return TRUE;
  if (code == NULL || fingerprint == NULL) {
    g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_REVOKED,
                         "only registered stations are admitted");
    return FALSE;
  }
  request->station = tambo_stations_authenticate (request->hq, code, fingerprint, error);
  return request->station != NULL;
}

gboolean tambo_request_begin (TamboRequest *request, GError **error) {
  return request->route->begin == NULL || request->route->begin (request, error);
}

void tambo_request_take_body (TamboRequest *request, gconstpointer data, gsize size) {
  if (request->route->begin == begin_patch) {
    /* After a failure the rest is only read away; finish_patch tells it. */
    if (request->upload != NULL && request->upload_error == NULL)
      (void) !tambo_upload_write (request->upload, data, size, &request->upload_error);
    return;
  }
  if (size > request->route->max_body - request->body->len) {
    request->is_body_too_long = TRUE;
    return;
  }
  tambo_put_bytes (request->body, data, size);
}

void tambo_request_finish (TamboRequest *request, TamboAnswer *out_answer) {
  g_auto (TamboAnswer) answer = { .upload_offset = -1 };
  g_autoptr (GError) error = NULL;

  if (request->is_body_too_long)
    invalid (&error, "the request is longer than the protocol allows");
  else if (request->route->finish (request, &answer, &error)) {
    *out_answer = answer;
    answer = (TamboAnswer){ .upload_offset = -1 };
    return;
  }
  tambo_answer_for_error (error, out_answer);
}
