/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/web-staff.h"

#include <string.h>

#include "base/bytes.h"
#include "base/file.h"
#include "base/place.h"

#define COOKIE_FORMAT "__Host-tambo=%s; Path=/; Secure; HttpOnly; SameSite=Strict"
#define COOKIE_GONE COOKIE_FORMAT "; Max-Age=0"
#define MAX_STYLE (256 * 1024)
/* Wrong passwords without a wait: of one person from one place, of one person, and from one place. */
#define FREE_FOR_BOTH 5
#define FREE_FOR_PERSON 50
#define FREE_FOR_PLACE 100

static gboolean show_start (TamboWebRequest *request, TamboWebAnswer *answer, GError **error) {
  return tambo_web_redirect (answer, "/cases");
}

GBytes *tambo_web_load_style (GError **error) {
  g_autofree char *place = tambo_place_find ("TAMBO_DATADIR", TAMBO_PKGDATADIR, "../../data");
  g_autofree char *path = g_build_filename (place, "hq", "style.css", NULL);

  return tambo_file_read (path, MAX_STYLE, error);
}

gboolean tambo_web_style (TamboWebRequest *request, TamboWebAnswer *answer, GError **error) {
  answer->body = g_bytes_ref (request->web->style);
  answer->type = "text/css; charset=utf-8";
  answer->is_public = TRUE;
  return TRUE;
}

static const TamboWebRoute routes[] = {
  { "GET", "/", TAMBO_PERSON_VIEWER, show_start },
  { "GET", "/style.css", TAMBO_PERSON_NOBODY, tambo_web_style },
  { "GET", "/sign-in", TAMBO_PERSON_NOBODY, tambo_web_sign_in_page },
  { "POST", "/sign-in", TAMBO_PERSON_NOBODY, tambo_web_sign_in },
  { "POST", "/sign-out", TAMBO_PERSON_VIEWER, tambo_web_sign_out },
  { "GET", "/cases", TAMBO_PERSON_VIEWER, tambo_web_cases },
  { "GET", "/cases/*", TAMBO_PERSON_VIEWER, tambo_web_case },
  { "POST", "/cases/*/decide", TAMBO_PERSON_SUPERVISOR, tambo_web_case_decide },
  { "POST", "/orders/*/annul", TAMBO_PERSON_SUPERVISOR, tambo_web_document_annul },
  { "GET", "/stations", TAMBO_PERSON_VIEWER, tambo_web_stations },
  { "GET", "/throughput", TAMBO_PERSON_VIEWER, tambo_web_throughput },
  { "GET", "/stock", TAMBO_PERSON_VIEWER, tambo_web_stock },
  { "GET", "/alarms", TAMBO_PERSON_VIEWER, tambo_web_alarms },
};

const TamboWebSite tambo_web_staff = { .routes = routes,
                                       .n_routes = G_N_ELEMENTS (routes),
                                       .has_people = TRUE };

/* ---- signing in ---- */

static gboolean show_sign_in (TamboWebRequest *request, TamboWebAnswer *answer,
                              const char *problem) {
  TamboPage *page = tambo_web_page (request, N_ ("Sign in"));

  if (problem != NULL)
    tambo_page_say_element (page, "p", problem, "class", "error", "role", "alert", NULL);
  tambo_web_open_form (request, page, "/sign-in");
  tambo_web_field (page, "name", N_ ("Name"), tambo_form_get (request->form, "name"), NULL,
                   "autocomplete", "username", "required", "", "maxlength", "32", NULL);
  tambo_page_open (page, "div", "class", "field", NULL);
  tambo_page_say_element (page, "label", N_ ("Password"), "for", "password", NULL);
  tambo_page_open (page, "input", "id", "password", "name", "password", "type", "password",
                   "autocomplete", "current-password", "required", "", "maxlength", "1024", NULL);
  tambo_page_close (page);
  tambo_web_button (page, N_ ("Sign in"));
  tambo_page_close (page);
  return tambo_web_finish (page, answer);
}

gboolean tambo_web_sign_in_page (TamboWebRequest *request, TamboWebAnswer *answer, GError **error) {
  return request->person != NULL ? tambo_web_redirect (answer, "/cases")
                                 : show_sign_in (request, answer, NULL);
}

/* Seconds until this person, or anybody from this place, may try again; 0 for now. */
static guint must_wait (TamboWebRequest *request, const char *name, const char *both) {
  TamboThrottle *throttle = request->web->throttle;
  g_autofree char *person = g_strconcat ("person ", name, NULL);
  g_autofree char *place = g_strconcat ("place ", request->client, NULL);
  gint64 now = tambo_web_now ();
  guint wait = tambo_throttle_try (throttle, both, FREE_FOR_BOTH, now);

  if (wait == 0)
    wait = tambo_throttle_try (throttle, person, FREE_FOR_PERSON, now);
  return wait > 0 ? wait : tambo_throttle_try (throttle, place, FREE_FOR_PLACE, now);
}

static gboolean let_in (TamboWebRequest *request, const char *name, TamboWebAnswer *answer) {
  g_autofree char *cookie = tambo_sessions_begin (request->web->sessions, name, tambo_web_now ());

  answer->cookie = g_strdup_printf (COOKIE_FORMAT, cookie);
  tambo_secret_wipe (cookie, strlen (cookie));
  return tambo_web_redirect (answer, "/cases");
}

gboolean tambo_web_sign_in (TamboWebRequest *request, TamboWebAnswer *answer, GError **error) {
  const char *name = tambo_form_get (request->form, "name");
  const char *typed = tambo_form_get (request->form, "password");
  g_autofree char *both = g_strconcat ("both ", request->client, " ", name, NULL);
  guint wait = must_wait (request, name, both);
  g_autoptr (GBytes) password = NULL;
  TamboPersonRole role;

  if (wait > 0) {
    answer->status = 429;
    answer->retry_after = wait;
    return show_sign_in (request, answer,
                         N_ ("Too many wrong passwords. Wait some minutes and try again."));
  }
  password = tambo_secret_new (typed, strlen (typed));
  if (!tambo_people_check (request->web->hq, name, password, &role, error))
    return FALSE;
  if (role == TAMBO_PERSON_NOBODY) {
    answer->status = 403;
    return show_sign_in (request, answer,
                         N_ ("Name and password do not belong together. Type both again."));
  }
  tambo_throttle_forget (request->web->throttle, both);
  return let_in (request, name, answer);
}

gboolean tambo_web_sign_out (TamboWebRequest *request, TamboWebAnswer *answer, GError **error) {
  tambo_sessions_end (request->web->sessions, request->cookie);
  answer->cookie = g_strdup_printf (COOKIE_GONE, "");
  return tambo_web_redirect (answer, "/sign-in");
}
