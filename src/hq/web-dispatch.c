/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/bytes.h"
#include "hq/web.h"

void tambo_web_answer_clear (TamboWebAnswer *answer) {
  g_clear_pointer (&answer->body, g_bytes_unref);
  g_clear_pointer (&answer->location, g_free);
  g_clear_pointer (&answer->cookie, g_free);
}

void tambo_web_request_free (TamboWebRequest *request) {
  if (request == NULL)
    return;
  g_free (request->method);
  g_free (request->path);
  g_free (request->tail);
  g_clear_pointer (&request->query, tambo_form_free);
  g_clear_pointer (&request->form, tambo_form_free);
  if (request->body != NULL)
    tambo_secret_wipe (request->body->data, request->body->len);
  g_clear_pointer (&request->body, g_byte_array_unref);
  g_free (request->cookie);
  g_free (request->authorization);
  g_free (request->origin);
  g_free (request->host);
  g_free (request->client);
  g_free (request->person);
  g_free (request);
}

gint64 tambo_web_now (void) {
  return g_get_monotonic_time () / G_USEC_PER_SEC;
}

/* PATTERN has at most one "*". */
static gboolean match (const char *pattern, const char *path, char **out_tail) {
  const char *star = strchr (pattern, '*');
  const char *rest, *end;

  if (star == NULL)
    return strcmp (pattern, path) == 0;
  if (strncmp (pattern, path, (gsize) (star - pattern)) != 0)
    return FALSE;
  rest = path + (star - pattern);
  end = rest + strcspn (rest, "/");
  if (end == rest || strcmp (end, star + 1) != 0)
    return FALSE;
  *out_tail = g_strndup (rest, (gsize) (end - rest));
  return TRUE;
}

const TamboWebRoute *tambo_web_find_route (const TamboWebSite *site, const char *method,
                                           const char *path, char **out_tail, gboolean *out_known) {
  *out_known = FALSE;
  for (gsize i = 0; i < site->n_routes; i++) {
    const TamboWebRoute *route = &site->routes[i];
    g_autofree char *tail = NULL;

    if (!match (route->path, path, &tail))
      continue;
    *out_known = TRUE;
    if (strcmp (route->method, method) != 0)
      continue;
    *out_tail = g_steal_pointer (&tail);
    return route;
  }
  return NULL;
}

static gboolean refuse (GError **error, TamboHqError code, const char *message) {
  g_set_error_literal (error, TAMBO_HQ_ERROR, code, message);
  return FALSE;
}

/* A form of another site is not ours, whatever it holds. */
static gboolean comes_from_us (const TamboWebRequest *request) {
  return request->origin == NULL
         || (request->host != NULL && g_str_has_prefix (request->origin, "https://")
             && strcmp (request->origin + strlen ("https://"), request->host) == 0);
}

static gboolean read_form (TamboWebRequest *request, GError **error) {
  if (strcmp (request->method, "POST") != 0 || request->site->is_api)
    return TRUE;
  if (request->is_too_long)
    return refuse (error, TAMBO_HQ_ERROR_INVALID, "the form is too long");
  if (!comes_from_us (request))
    return refuse (error, TAMBO_HQ_ERROR_REVOKED, "the form is one of another site");
  g_clear_pointer (&request->form, tambo_form_free);
  request->form = tambo_form_parse ((const char *) request->body->data, request->body->len, error);
  return request->form != NULL;
}

/* Who is signed in, and what this person may now. */
static gboolean identify (TamboWebRequest *request, GError **error) {
  if (!request->site->has_people)
    return TRUE;
  request->person = tambo_sessions_find (request->web->sessions, request->cookie, tambo_web_now ());
  if (request->person == NULL)
    return TRUE;
  if (!tambo_people_get_role (request->web->hq, request->person, &request->role, error))
    return FALSE;
  if (request->role == TAMBO_PERSON_NOBODY) {
    tambo_sessions_end (request->web->sessions, request->cookie);
    g_clear_pointer (&request->person, g_free);
  }
  return TRUE;
}

static gboolean check_token (const TamboWebRequest *request, GError **error) {
  return request->person == NULL || strcmp (request->method, "POST") != 0
         || tambo_sessions_check_token (request->web->sessions, request->cookie, request->path,
                                        tambo_form_get (request->form, "token"))
         || refuse (error, TAMBO_HQ_ERROR_REVOKED, "the form is old, or none of this page");
}

static gboolean go_on (TamboWebRequest *request, TamboWebAnswer *answer, GError **error) {
  if (request->site->admit != NULL && !request->site->admit (request, answer, error))
    return FALSE;
  if (!read_form (request, error) || !identify (request, error) || !check_token (request, error))
    return FALSE;
  if (request->route == NULL)
    return refuse (error, TAMBO_HQ_ERROR_NOT_FOUND, "there is no such page");
  if (request->route->role != TAMBO_PERSON_NOBODY && request->person == NULL)
    return tambo_web_redirect (answer, "/sign-in");
  if (request->role < request->route->role)
    return refuse (error, TAMBO_HQ_ERROR_REVOKED, "this takes a supervisor");
  return request->route->handler (request, answer, error);
}

void tambo_web_dispatch (TamboWebRequest *request, TamboWebAnswer *out_answer) {
  g_autoptr (GError) error = NULL;

  if (go_on (request, out_answer, &error))
    return;
  tambo_web_answer_clear (out_answer);
  *out_answer = (TamboWebAnswer){ 0 };
  tambo_web_fail (request, error, out_answer);
}
