/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/osia-api.h"

#include <string.h>

#include "base/clock.h"
#include "base/error.h"
#include "base/file.h"
#include "hq/osia-token.h"

#define MAX_PEM (64 * 1024)
#define BEARER "Bearer "

static const TamboWebRoute routes[] = {
  { "POST", "/v1/enrollments", TAMBO_PERSON_NOBODY, tambo_osia_find_enrollments },
  { "GET", "/v1/enrollments/*", TAMBO_PERSON_NOBODY, tambo_osia_read_enrollment },
  { "GET", "/v1/credentialRequests/*", TAMBO_PERSON_NOBODY, tambo_osia_read_credential_request },
};

const TamboWebSite tambo_osia = {
  .routes = routes, .n_routes = G_N_ELEMENTS (routes), .is_api = TRUE, .fail = tambo_osia_fail
};

/* ---- who asks ---- */

static gboolean refuse (GError **error, TamboHqError code, const char *message) {
  g_set_error_literal (error, TAMBO_HQ_ERROR, code, message);
  return FALSE;
}

/* Read each time: a key that was changed is in force at once. */
static TamboKey *load_key (TamboHq *hq, GError **error) {
  g_autofree char *path = g_build_filename (hq->folder, "osia.pem", NULL);
  g_autoptr (GError) cause = NULL;
  g_autoptr (GBytes) pem = tambo_file_read (path, MAX_PEM, &cause);
  gsize size;
  const char *data = pem != NULL ? g_bytes_get_data (pem, &size) : NULL;

  if (data != NULL)
    return tambo_key_new_from_pem (data, (gssize) size, error);
  if (cause == NULL || g_error_matches (cause, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_NOT_FOUND))
    refuse (error, TAMBO_HQ_ERROR_TOKEN, "no tokens are given out by this headquarters");
  else
    g_propagate_error (error, g_steal_pointer (&cause));
  return NULL;
}

gboolean tambo_osia_admit (TamboWebRequest *request, const char *scope, GError **error) {
  g_autoptr (TamboKey) key = NULL;
  g_autoptr (TamboOsiaToken) token = NULL;

  if (request->authorization == NULL
      || g_ascii_strncasecmp (request->authorization, BEARER, strlen (BEARER)) != 0)
    return refuse (error, TAMBO_HQ_ERROR_TOKEN, "a bearer token is needed");
  key = load_key (request->web->hq, error);
  token = key != NULL ? tambo_osia_token_verify (request->authorization + strlen (BEARER), key,
                                                 tambo_clock_now_unix (), error)
                      : NULL;
  if (token == NULL)
    return FALSE;
  if (!g_strv_contains ((const char *const *) token->scopes, scope))
    return refuse (error, TAMBO_HQ_ERROR_REVOKED, "the token has not the scope for this");
  return *tambo_form_get (request->query, "transactionId") != '\0'
         || refuse (error, TAMBO_HQ_ERROR_INVALID, "transactionId is missing");
}

/* ---- answers ---- */

static const struct {
  TamboHqError code;
  guint status;
} statuses[] = {
  { TAMBO_HQ_ERROR_INVALID, 400 },  { TAMBO_HQ_ERROR_TOKEN, 401 },
  { TAMBO_HQ_ERROR_REVOKED, 403 },  { TAMBO_HQ_ERROR_NOT_FOUND, 404 },
  { TAMBO_HQ_ERROR_CONFLICT, 409 }, { TAMBO_HQ_ERROR_UNAVAILABLE, 503 },
};

gboolean tambo_osia_answer (JsonNode *node, TamboWebAnswer *answer) {
  char *text = json_to_string (node, FALSE);

  json_node_unref (node);
  answer->body = g_bytes_new_take (text, strlen (text));
  answer->type = "application/json";
  return TRUE;
}

void tambo_osia_fail (const GError *error, TamboWebAnswer *answer) {
  JsonObject *object = json_object_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);
  gboolean is_ours = error->domain == TAMBO_HQ_ERROR && error->code != TAMBO_HQ_ERROR_FAILED;

  answer->status = 500;
  for (gsize i = 0; i < G_N_ELEMENTS (statuses); i++)
    if (g_error_matches (error, TAMBO_HQ_ERROR, (int) statuses[i].code))
      answer->status = statuses[i].status;
  if (answer->status == 401)
    answer->challenge = "Bearer realm=\"osia\"";
  if (answer->status == 503)
    answer->retry_after = (guint) g_random_int_range (2, 7);
  json_object_set_int_member (object, "code", answer->status);
  json_object_set_string_member (object, "message",
                                 is_ours ? error->message : "something went wrong here");
  json_node_take_object (node, object);
  tambo_osia_answer (node, answer);
}

void tambo_osia_select (TamboWebRequest *request, JsonObject *object, const char *const *required) {
  g_autofree const char **wanted = tambo_form_dup_all (request->query, "attributes");
  g_autoptr (GList) members = json_object_get_members (object);

  if (wanted[0] == NULL)
    return;
  for (GList *member = members; member != NULL; member = member->next)
    if (!g_strv_contains (wanted, member->data) && !g_strv_contains (required, member->data))
      json_object_remove_member (object, member->data);
}
