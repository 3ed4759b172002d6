/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <string.h>

#include "hq/web.h"

static const struct {
  const char *path, *message;
} staff_places[] = {
  { "/cases", N_("Cases") },           { "/stations", N_("Stations") },
  { "/throughput", N_("Throughput") }, { "/stock", N_("Blank stock") },
  { "/alarms", N_("Alarms") },
}, public_places[] = {
  { "/", N_("Book an appointment") },
  { "/appointment", N_("My appointment") },
  { "/v", N_("Verify a document") },
};

static void add_link (TamboWebRequest *request, TamboPage *page, const char *path,
                      const char *message) {
  gboolean is_here = strcmp (request->path, path) == 0;

  tambo_page_open (page, "li", NULL);
  tambo_page_say_element (page, "a", message, "href", path, "aria-current",
                          TAMBO_PAGE_IF (is_here, "page"), NULL);
  tambo_page_close (page);
}

static void add_places (TamboWebRequest *request, TamboPage *page) {
  tambo_page_open (page, "nav", "aria-label",
                   tambo_language_text (request->language, N_ ("Main menu")), NULL);
  tambo_page_open (page, "ul", NULL);
  if (request->site == &tambo_web_public)
    for (gsize i = 0; i < G_N_ELEMENTS (public_places); i++)
      add_link (request, page, public_places[i].path, public_places[i].message);
  else
    for (gsize i = 0; i < G_N_ELEMENTS (staff_places); i++)
      add_link (request, page, staff_places[i].path, staff_places[i].message);
  tambo_page_close (page);
  tambo_page_close (page);
}

static void add_header (TamboWebRequest *request, TamboPage *page) {
  tambo_page_open (page, "header", NULL);
  tambo_page_open (page, "p", "class", "name", NULL);
  tambo_page_text (page, request->web->hq->name);
  if (request->web->hq->practice) {
    tambo_page_text (page, " ");
    tambo_page_say_element (page, "strong", N_ ("Practice: nothing here is real"), NULL);
  }
  tambo_page_close (page);
  if (request->site == &tambo_web_public || request->person != NULL)
    add_places (request, page);
  if (request->person != NULL) {
    tambo_web_open_form (request, page, "/sign-out");
    tambo_page_element (page, "span", request->person, "class", "person", NULL);
    tambo_web_button (page, N_ ("Sign out"));
    tambo_page_close (page);
  }
  tambo_page_close (page);
}

TamboPage *tambo_web_page_of (TamboWebRequest *request, const char *title, const char *detail) {
  TamboPage *page = tambo_page_new (request->language);
  const char *said = tambo_language_text (request->language, title);
  g_autofree char *heading =
      detail != NULL ? g_strdup_printf ("%s %s", said, detail) : g_strdup (said);
  g_autofree char *whole = g_strdup_printf ("%s – %s", heading, request->web->hq->name);

  tambo_page_open (page, "html", "lang", tambo_language_tag (request->language), NULL);
  tambo_page_open (page, "head", NULL);
  tambo_page_open (page, "meta", "charset", "utf-8", NULL);
  tambo_page_open (page, "meta", "name", "viewport", "content",
                   "width=device-width, initial-scale=1", NULL);
  tambo_page_element (page, "title", whole, NULL);
  tambo_page_open (page, "link", "rel", "stylesheet", "href", "/style.css", NULL);
  tambo_page_close (page);
  tambo_page_open (page, "body", NULL);
  tambo_page_say_element (page, "a", N_ ("Skip to the content"), "class", "skip", "href",
                          "#content", NULL);
  add_header (request, page);
  tambo_page_open (page, "main", "id", "content", "tabindex", "-1", NULL);
  tambo_page_element (page, "h1", heading, NULL);
  return page;
}

TamboPage *tambo_web_page (TamboWebRequest *request, const char *title) {
  return tambo_web_page_of (request, title, NULL);
}

gboolean tambo_web_finish (TamboPage *page, TamboWebAnswer *answer) {
  for (int i = 0; i < 3; i++) /* main, body, html */
    tambo_page_close (page);
  answer->body = tambo_page_end (page);
  tambo_page_free (page);
  return TRUE;
}

gboolean tambo_web_redirect (TamboWebAnswer *answer, const char *location_format, ...) {
  va_list arguments;

  va_start (arguments, location_format);
  answer->location = g_strdup_vprintf (location_format, arguments);
  va_end (arguments);
  answer->status = 303;
  return TRUE;
}

void tambo_web_open_form (TamboWebRequest *request, TamboPage *page, const char *action) {
  tambo_page_open (page, "form", "method", "post", "action", action, NULL);
  if (request->person != NULL) {
    g_autofree char *token =
        tambo_sessions_dup_token (request->web->sessions, request->cookie, action);

    tambo_page_open (page, "input", "type", "hidden", "name", "token", "value", token, NULL);
  }
}

/* The attributes that follow are at most three. */
void tambo_web_field (TamboPage *page, const char *name, const char *label, const char *value,
                      const char *error, ...) {
  g_autofree char *error_id = g_strconcat (name, "-error", NULL);
  const char *more[6] = { "data-a",          tambo_page_absent, "data-b",
                          tambo_page_absent, "data-c",          tambo_page_absent };
  va_list attributes;
  int n = 0;

  va_start (attributes, error);
  for (const char *text = va_arg (attributes, const char *); text != NULL;
       text = va_arg (attributes, const char *)) {
    g_assert (n < 6);
    more[n++] = text;
  }
  va_end (attributes);
  tambo_page_open (page, "div", "class", "field", NULL);
  tambo_page_say_element (page, "label", label, "for", name, NULL);
  if (error != NULL)
    tambo_page_say_element (page, "p", error, "class", "error", "id", error_id, NULL);
  tambo_page_open (page, "input", "id", name, "name", name, "value", value, "aria-describedby",
                   TAMBO_PAGE_IF (error != NULL, error_id), "aria-invalid",
                   TAMBO_PAGE_IF (error != NULL, "true"), more[0], more[1], more[2], more[3],
                   more[4], more[5], NULL);
  tambo_page_close (page);
}

void tambo_web_button (TamboPage *page, const char *message) {
  tambo_page_say_element (page, "button", message, "type", "submit", NULL);
}

void tambo_web_fact (TamboPage *page, const char *label, const char *value) {
  tambo_page_say_element (page, "dt", label, NULL);
  tambo_page_element (page, "dd", value, NULL);
}

void tambo_web_open_table (TamboPage *page, const char *caption, const char *const *columns) {
  const char *said = tambo_language_text (tambo_page_get_language (page), caption);

  /* Wide tables scroll by themselves; who has no mouse can reach them. */
  tambo_page_open (page, "div", "class", "table", "role", "region", "tabindex", "0", "aria-label",
                   said, NULL);
  tambo_page_open (page, "table", NULL);
  tambo_page_element (page, "caption", said, NULL);
  tambo_page_open (page, "thead", NULL);
  tambo_page_open (page, "tr", NULL);
  for (; *columns != NULL; columns++)
    tambo_page_say_element (page, "th", *columns, "scope", "col", NULL);
  tambo_page_close (page);
  tambo_page_close (page);
  tambo_page_open (page, "tbody", NULL);
}

void tambo_web_close_table (TamboPage *page) {
  for (int i = 0; i < 3; i++)
    tambo_page_close (page);
}

char *tambo_web_dup_time (const char *rfc3339) {
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (rfc3339, NULL);
  g_autoptr (GDateTime) local = time != NULL ? g_date_time_to_local (time) : NULL;

  return local != NULL ? g_date_time_format (local, "%Y-%m-%d %H:%M %Z") : g_strdup (rfc3339);
}

void tambo_web_time (TamboPage *page, const char *rfc3339) {
  g_autofree char *text = tambo_web_dup_time (rfc3339);

  if (g_ascii_isdigit (*rfc3339))
    tambo_page_element (page, "time", text, "datetime", rfc3339, NULL);
  else
    tambo_page_text (page, text);
}

/* ---- failures ---- */

static const struct {
  TamboHqError code;
  guint status;
  const char *title, *advice;
} failures[] = {
  { TAMBO_HQ_ERROR_INVALID, 400, N_ ("This cannot be done"),
    N_ ("Go back, correct what was typed and send it again.") },
  { TAMBO_HQ_ERROR_NOT_FOUND, 404, N_ ("Not found"),
    N_ ("Look at the address, or begin again from the menu.") },
  { TAMBO_HQ_ERROR_STATE, 409, N_ ("Not any more"),
    N_ ("Something has changed meanwhile. Go back and load the page again.") },
  { TAMBO_HQ_ERROR_EXISTS, 409, N_ ("It exists already"), N_ ("Look for it with its code.") },
  { TAMBO_HQ_ERROR_REVOKED, 403, N_ ("Not allowed"),
    N_ ("Load the page again. If it says the same, ask a supervisor.") },
  { TAMBO_HQ_ERROR_UNAVAILABLE, 503, N_ ("Not now"),
    N_ ("Too many ask at this moment. Wait a little and try again: nothing is lost.") },
};

/* The words of an error are for the log of an expert, and may be of anything: a page says its own. */
void tambo_web_fail (TamboWebRequest *request, const GError *error, TamboWebAnswer *answer) {
  const char *title = N_ ("Something went wrong");
  const char *advice = N_ ("Try again later. What was sent before is kept.");
  TamboPage *page;

  if (request->site->fail != NULL) {
    request->site->fail (error, answer);
    return;
  }
  answer->status = 500;
  for (gsize i = 0; i < G_N_ELEMENTS (failures); i++)
    if (g_error_matches (error, TAMBO_HQ_ERROR, (int) failures[i].code)) {
      answer->status = failures[i].status;
      title = failures[i].title;
      advice = failures[i].advice;
    }
  if (answer->status == 503)
    answer->retry_after = (guint) g_random_int_range (2, 7);
  if (answer->status == 500)
    g_printerr ("tambo-hq: web: %s; see that the database and its disk work\n", error->message);
  page = tambo_web_page (request, title);
  tambo_page_say_element (page, "p", advice, NULL);
  tambo_web_finish (page, answer);
}

static const struct {
  const char *state, *message;
} states[] = {
  { "announced", N_ ("on its way") },
  { "received", N_ ("received") },
  { "pending", N_ ("waits for a decision") },
  { "ordered", N_ ("ordered") },
  { "refused", N_ ("refused") },
  { "issued", N_ ("issued") },
  { "delivered", N_ ("delivered") },
  { "failed", N_ ("cannot be judged") },
  { "sent", N_ ("order sent") },
  { "active", N_ ("active") },
  { "revoked", N_ ("revoked") },
  { "passed", N_ ("passed") },
  { "objected", N_ ("objected") },
  { "unavailable", N_ ("no answer") },
  { "waiting", N_ ("waiting") },
  { "first", N_ ("needs another person") },
  { "done", N_ ("carried out") },
  { "void", N_ ("could not be carried out") },
  { "spoiled", N_ ("spoiled") },
  { "booked", N_ ("booked") },
  { "cancelled", N_ ("cancelled") },
};

const char *tambo_web_state_message (const char *state) {
  for (gsize i = 0; i < G_N_ELEMENTS (states); i++)
    if (g_strcmp0 (states[i].state, state) == 0)
      return states[i].message;
  return state;
}
