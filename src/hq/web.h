/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Headquarters' pages: a process of their own, with no key that opens a record. What a request is, what an answer
 * is, and which functions answer (the tables of web-staff.c, web-public.c and osia-api.c).
 */
#pragma once

#include "hq/page.h"
#include "hq/web-form.h"
#include "hq/web-people.h"
#include "hq/web-session.h"
#include "hq/web-throttle.h"

typedef struct {
  TamboHq *hq;
  GBytes *style;
  TamboSessions *sessions;
  TamboThrottle *throttle;
} TamboWeb;

typedef struct _TamboWebRequest TamboWebRequest;

/* What is left as it is, is 0. */
typedef struct {
  guint status; /* 0: 200 */
  GBytes *body;
  const char *type;      /* NULL: HTML */
  char *location;        /* with 303 */
  char *cookie;          /* Set-Cookie */
  guint retry_after;     /* seconds */
  const char *challenge; /* WWW-Authenticate */
  gboolean is_public;    /* the same for everybody, and may be kept for an hour */
} TamboWebAnswer;

void tambo_web_answer_clear (TamboWebAnswer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboWebAnswer, tambo_web_answer_clear)

/* FALSE with ERROR: the error's own page is shown. */
typedef gboolean (*TamboWebHandler) (TamboWebRequest *request, TamboWebAnswer *answer,
                                     GError **error);

typedef struct {
  const char *method, *path; /* one "*" stands for one segment, which is the request's tail */
  TamboPersonRole role;      /* NOBODY: nobody has to be signed in */
  TamboWebHandler handler;
} TamboWebRoute;

/* One set of addresses, for one kind of people. */
typedef struct {
  const TamboWebRoute *routes;
  gsize n_routes;
  gboolean is_api;     /* bodies are no forms */
  gboolean has_people; /* who sign in with a page */
  /* Before anything of the site is done; NULL. */
  TamboWebHandler admit;
  /* In the place of pages of errors; NULL. */
  void (*fail) (const GError *error, TamboWebAnswer *answer);
} TamboWebSite;

extern const TamboWebSite tambo_web_staff, tambo_web_public, tambo_osia;

struct _TamboWebRequest {
  TamboWeb *web;
  const TamboWebSite *site;
  const TamboWebRoute *route; /* NULL: there is no such address */
  char *method, *path, *tail;
  TamboForm *query, *form; /* FORM is empty unless a form was sent */
  GByteArray *body;
  char *cookie;        /* of the session, NULL */
  char *authorization; /* NULL */
  char *origin, *host; /* NULL */
  char *client;        /* address */
  TamboLanguage language;
  char *person; /* who is signed in; NULL */
  TamboPersonRole role;
  gboolean is_too_long;
};

void tambo_web_request_free (TamboWebRequest *request);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboWebRequest, tambo_web_request_free)

/* Answers REQUEST, whose fields are those that came, and ROUTE. */
void tambo_web_dispatch (TamboWebRequest *request, TamboWebAnswer *out_answer);
/* NULL when there is none; OUT_TAIL is its "*". OUT_KNOWN: the path exists with another method. */
const TamboWebRoute *tambo_web_find_route (const TamboWebSite *site, const char *method,
                                           const char *path, char **out_tail, gboolean *out_known);

/* ---- for who answers (web-frame.c) ---- */

/* A page up to its heading, whose title is TITLE in the language of the request. */
TamboPage *tambo_web_page (TamboWebRequest *request, const char *title);
/* The same, where the title says of whom or what; DETAIL is not translated. */
TamboPage *tambo_web_page_of (TamboWebRequest *request, const char *title, const char *detail);
/* The page is whole: it is the answer. Takes PAGE. */
gboolean tambo_web_finish (TamboPage *page, TamboWebAnswer *answer);
gboolean tambo_web_redirect (TamboWebAnswer *answer, const char *location_format, ...)
    G_GNUC_PRINTF (2, 3);
/* <form method="post">, with the session's token where somebody is signed in. */
void tambo_web_open_form (TamboWebRequest *request, TamboPage *page, const char *action);
/* A label with its field. ERROR (NULL: none) is said beside it and tied to it; more attributes follow. */
void tambo_web_field (TamboPage *page, const char *name, const char *label, const char *value,
                      const char *error, ...) G_GNUC_NULL_TERMINATED;
void tambo_web_button (TamboPage *page, const char *message);
/* A row of a description list. */
void tambo_web_fact (TamboPage *page, const char *label, const char *value);
/* The head of a table: its caption, and columns that end with NULL. The body is open. */
void tambo_web_open_table (TamboPage *page, const char *caption, const char *const *columns);
void tambo_web_close_table (TamboPage *page);
/* 2026-11-22T09:51:07Z as people read it, in the server's time zone. */
char *tambo_web_dup_time (const char *rfc3339);
/* The same in a <time>. */
void tambo_web_time (TamboPage *page, const char *rfc3339);
/* The page of an error, or what the site has in its place. */
void tambo_web_fail (TamboWebRequest *request, const GError *error, TamboWebAnswer *answer);
/* The style of all pages, for TamboWeb. */
GBytes *tambo_web_load_style (GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Seconds of a clock that does not go back. */
gint64 tambo_web_now (void);
/* "received" as people say it: a message to translate. */
const char *tambo_web_state_message (const char *state);
