/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/web-public.h"

#include <string.h>

#include "base/clock.h"
#include "hq/document-code.h"
#include "hq/web-staff.h"

#define FREE_CODES 40 /* wrong ones from one place */

/* ---- is a document good? ---- */

static void add_code_form (TamboPage *page) {
  tambo_page_open (page, "form", "method", "get", "action", "/v", NULL);
  tambo_web_field (page, "code", N_ ("Code of the document"), "", NULL, "autocomplete", "off",
                   "required", "", "maxlength", "40", NULL);
  tambo_web_button (page, N_ ("Verify"));
  tambo_page_close (page);
}

static gboolean ask_for_code (TamboWebRequest *request, TamboWebAnswer *answer, GError **error) {
  const char *code = tambo_form_get (request->query, "code");
  TamboPage *page;

  if (*code != '\0') {
    g_autofree char *escaped = g_uri_escape_string (code, NULL, FALSE);

    return tambo_web_redirect (answer, "/v/%s", escaped);
  }
  page = tambo_web_page (request, N_ ("Verify a document"));
  tambo_page_say_element (
      page, "p", N_ ("Point a telephone at the document's QR code, or type the code beside it."),
      NULL);
  add_code_form (page);
  return tambo_web_finish (page, answer);
}

/* By the letters of the machine-readable zone (Doc 9303-4, -5 and -6). */
static const struct {
  const char *letters, *message;
} types[] = {
  { "P", N_ ("Passport") },
  { "I", N_ ("Identity card") },
  { "A", N_ ("Residence card") },
  { "C", N_ ("Residence card") },
};

static const char *name_type (TamboWebRequest *request, const char *letters) {
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_has_prefix (letters, types[i].letters))
      return tambo_language_text (request->language, types[i].message);
  return letters;
}

static void add_document (TamboWebRequest *request, TamboPage *page,
                          const TamboDocumentState *document) {
  g_autofree char *type =
      g_strdup_printf ("%s (%s)", name_type (request, document->type), document->type);

  tambo_page_open (page, "dl", NULL);
  tambo_web_fact (page, N_ ("Type of document"), type);
  tambo_web_fact (page, N_ ("Number"), document->masked_number);
  tambo_web_fact (page, N_ ("Issued on"), document->issue_date);
  tambo_page_say_element (page, "dt", N_ ("Expires on"), NULL);
  if (document->expiry_date != NULL)
    tambo_page_element (page, "dd", document->expiry_date, NULL);
  else
    tambo_page_say_element (page, "dd", N_ ("It does not expire."), NULL);
  tambo_page_close (page);
}

static gboolean show_validity (TamboWebRequest *request, TamboWebAnswer *answer, GError **error) {
  static const char *const classes[] = { "bad", "note", "good", "bad", "bad" };
  g_autoptr (TamboDocumentState) document =
      tambo_document_state_for_code (request->web->hq, request->tail, error);
  g_autofree char *now = tambo_clock_now ();
  TamboPage *page;

  if (document == NULL)
    return FALSE;
  page = tambo_web_page (request, N_ ("Validity of a document"));
  tambo_page_say_element (page, "p", tambo_document_verdict_message (document->verdict), "class",
                          classes[document->verdict], "role", "status", NULL);
  if (document->verdict != TAMBO_DOCUMENT_UNKNOWN) {
    add_document (request, page, document);
    tambo_page_say_element (
        page, "p", N_ ("Compare type, number and dates with the document. No name is shown here."),
        NULL);
  } else {
    answer->status = 404;
    add_code_form (page);
  }
  tambo_page_open (page, "p", NULL);
  tambo_page_say (page, N_ ("Asked on"));
  tambo_page_text (page, " ");
  tambo_web_time (page, now);
  tambo_page_close (page);
  return tambo_web_finish (page, answer);
}

/* ---- an appointment that exists ---- */

static void add_appointment_form (TamboWebRequest *request, TamboPage *page, const char *problem) {
  tambo_web_open_form (request, page, "/appointment");
  tambo_web_field (page, "code", N_ ("Code of the appointment"), "", problem, "autocomplete", "off",
                   "required", "", "maxlength", "40", NULL);
  tambo_web_button (page, N_ ("Show my appointment"));
  tambo_page_close (page);
}

gboolean tambo_web_appointment_ask (TamboWebRequest *request, TamboWebAnswer *answer,
                                    GError **error) {
  TamboPage *page = tambo_web_page (request, N_ ("My appointment"));

  add_appointment_form (request, page, NULL);
  return tambo_web_finish (page, answer);
}

/* Who tries codes has to wait longer and longer. */
static TamboHqAppointment *find (TamboWebRequest *request, GError **error) {
  g_autofree char *place = g_strconcat ("code ", request->client, NULL);
  guint wait = tambo_throttle_try (request->web->throttle, place, FREE_CODES, tambo_web_now ());
  TamboHqAppointment *appointment;

  if (wait > 0) {
    g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_UNAVAILABLE,
                         "too many wrong codes came from there");
    return NULL;
  }
  appointment =
      tambo_hq_appointment_find (request->web->hq, tambo_form_get (request->form, "code"), error);
  if (appointment != NULL)
    tambo_throttle_forget (request->web->throttle, place);
  return appointment;
}

gboolean tambo_web_appointment (TamboWebRequest *request, TamboWebAnswer *answer, GError **error) {
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboHqAppointment) appointment = find (request, &cause);

  if (appointment != NULL)
    return tambo_web_appointment_show (request, appointment, N_ ("My appointment"), answer, error);
  if (!g_error_matches (cause, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_NOT_FOUND)) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  TamboPage *page = tambo_web_page (request, N_ ("My appointment"));
  answer->status = 404;
  add_appointment_form (request, page,
                        N_ ("There is no appointment of this code. Type it as it was printed."));
  return tambo_web_finish (page, answer);
}

gboolean tambo_web_appointment_cancel (TamboWebRequest *request, TamboWebAnswer *answer,
                                       GError **error) {
  g_autoptr (TamboHqAppointment) appointment = find (request, error);
  g_autoptr (TamboHqAppointment) after = NULL;

  if (appointment == NULL
      || !tambo_hq_appointment_cancel (request->web->hq, appointment->code, error))
    return FALSE;
  after = tambo_hq_appointment_find (request->web->hq, appointment->code, error);
  return after != NULL
         && tambo_web_appointment_show (request, after, N_ ("Your appointment is cancelled"),
                                        answer, error);
}

gboolean tambo_web_appointment_move (TamboWebRequest *request, TamboWebAnswer *answer,
                                     GError **error) {
  g_autoptr (TamboHqAppointment) appointment = find (request, error);
  g_autoptr (TamboHqAppointment) after = NULL;
  g_autofree char *office = NULL;
  g_autofree char *start = NULL;

  if (appointment == NULL)
    return FALSE;
  if (!tambo_web_read_slot (tambo_form_get (request->form, "slot"), &office, &start)) {
    g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID, "no time was chosen");
    return FALSE;
  }
  after = tambo_hq_appointment_move (request->web->hq, appointment->code, office, start, error);
  return after != NULL
         && tambo_web_appointment_show (request, after, N_ ("Your appointment was moved"), answer,
                                        error);
}

static const TamboWebRoute routes[] = {
  { "GET", "/", TAMBO_PERSON_NOBODY, tambo_web_booking_start },
  { "GET", "/style.css", TAMBO_PERSON_NOBODY, tambo_web_style },
  { "GET", "/book/*", TAMBO_PERSON_NOBODY, tambo_web_booking_form },
  { "POST", "/book/*", TAMBO_PERSON_NOBODY, tambo_web_book },
  { "GET", "/appointment", TAMBO_PERSON_NOBODY, tambo_web_appointment_ask },
  { "POST", "/appointment", TAMBO_PERSON_NOBODY, tambo_web_appointment },
  { "POST", "/appointment/cancel", TAMBO_PERSON_NOBODY, tambo_web_appointment_cancel },
  { "POST", "/appointment/move", TAMBO_PERSON_NOBODY, tambo_web_appointment_move },
  { "GET", "/v", TAMBO_PERSON_NOBODY, ask_for_code },
  { "GET", "/v/*", TAMBO_PERSON_NOBODY, show_validity },
};

const TamboWebSite tambo_web_public = { .routes = routes, .n_routes = G_N_ELEMENTS (routes) };
