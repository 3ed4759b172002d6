/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/clock.h"
#include "base/id.h"
#include "hq/page-figure.h"
#include "hq/web-procedures.h"
#include "hq/web-public.h"
#include "record/applicant-field.h"
#include "record/record-error.h"

#define SLOTS_SHOWN 40

typedef struct {
  const char *key;
  gsize offset; /* in TamboApplicant */
  const char *label, *hint, *problem;
  const char *type, *autocomplete;
  gboolean is_needed; /* whatever the procedure says */
  gboolean is_upper;
} Field;

/* What identifies a person, in the order of a document, and how to reach them. */
static const Field fields[] = {
  { "surname", G_STRUCT_OFFSET (TamboApplicant, surname), N_ ("Surnames"),
    N_ ("As in the document."), N_ ("Type the surnames as they are in the document."), "text",
    "family-name", TRUE, FALSE },
  { "given_names", G_STRUCT_OFFSET (TamboApplicant, given_names), N_ ("Given names"),
    N_ ("As in the document; leave it empty if there are none."),
    N_ ("Type the given names as they are in the document."), "text", "given-name", FALSE, FALSE },
  { "birth_date", G_STRUCT_OFFSET (TamboApplicant, birth_date), N_ ("Date of birth"),
    N_ ("Year, month and day: 1990-02-28."),
    N_ ("Type the date of birth as year, month and day: 1990-02-28."), "text", "bday", TRUE,
    FALSE },
  { "nationality", G_STRUCT_OFFSET (TamboApplicant, nationality), N_ ("Nationality"),
    N_ ("Three letters, as in the document: PER, VEN, COL."),
    N_ ("Type the three letters of the nationality, as in the document."), "text", "off", TRUE,
    TRUE },
  { "issuing_state", G_STRUCT_OFFSET (TamboApplicant, issuing_state),
    N_ ("State that issued the document"), N_ ("Three letters, as in the document: PER, VEN, COL."),
    N_ ("Type the three letters of the state that issued the document."), "text", "off", TRUE,
    TRUE },
  { "document_number", G_STRUCT_OFFSET (TamboApplicant, document_number),
    N_ ("Number of the document"), N_ ("Letters and digits as printed."),
    N_ ("Type the number of the document as it is printed."), "text", "off", TRUE, TRUE },
  { "place_of_birth", G_STRUCT_OFFSET (TamboApplicant, place_of_birth), N_ ("Place of birth"), NULL,
    N_ ("Type the place of birth."), "text", "off", FALSE, FALSE },
  { "address", G_STRUCT_OFFSET (TamboApplicant, address), N_ ("Address"), NULL,
    N_ ("Type the address."), "text", "street-address", FALSE, FALSE },
  { "phone", G_STRUCT_OFFSET (TamboApplicant, phone), N_ ("Telephone"),
    N_ ("With + and the country's number if it is not of here."),
    N_ ("Type the telephone number in digits."), "tel", "tel", FALSE, FALSE },
  { "email", G_STRUCT_OFFSET (TamboApplicant, email), N_ ("E-mail"), NULL,
    N_ ("Type the e-mail address, such as name@example.org."), "email", "email", FALSE, FALSE },
};

static const struct {
  const char *value, *label;
} document_types[] = {
  { "P", N_("Passport") },
  { "I", N_("Identity card") },
  { "A", N_("Residence card") },
}, sexes[] = {
  { "F", N_("Female") },
  { "M", N_("Male") },
  { "X", N_("Not said") },
};

/* What is wrong with what was typed: a message for each field of the form; NULL, nothing. */
typedef struct {
  const char *of_field[G_N_ELEMENTS (fields)];
  const char *of_slot;
  guint n;
} Problems;

const char *tambo_web_procedure_title (const TamboWebRequest *request,
                                       const TamboProcedure *procedure) {
  return request->language == TAMBO_LANGUAGE_SPANISH && procedure->title_es != NULL
             ? procedure->title_es
             : procedure->title;
}

/* ---- slots ---- */

gboolean tambo_web_read_slot (const char *text, char **out_office, char **out_start) {
  const char *space = strchr (text, ' ');

  if (space == NULL || space == text || space[1] == '\0')
    return FALSE;
  *out_office = g_strndup (text, (gsize) (space - text));
  *out_start = g_strdup (space + 1);
  return TRUE;
}

gboolean tambo_web_add_slots (TamboWebRequest *request, TamboPage *page, const char *chosen,
                              gboolean *out_any, GError **error) {
  g_autoptr (GPtrArray) slots =
      tambo_hq_slot_list_free (request->web->hq, NULL, NULL, SLOTS_SHOWN, error);

  if (slots == NULL)
    return FALSE;
  *out_any = slots->len > 0;
  tambo_page_open (page, "div", "class", "field", NULL);
  tambo_page_say_element (page, "label", N_ ("Office and time"), "for", "slot", NULL);
  tambo_page_open (page, "select", "id", "slot", "name", "slot", "required", "", NULL);
  for (guint i = 0; i < slots->len; i++) {
    const TamboHqSlot *slot = slots->pdata[i];
    g_autofree char *value = g_strdup_printf ("%s %s", slot->office, slot->start);
    g_autofree char *time = tambo_web_dup_time (slot->start);
    g_autofree char *text = g_strdup_printf ("%s, %s", slot->office, time);

    tambo_page_element (page, "option", text, "value", value, "selected",
                        TAMBO_PAGE_IF (strcmp (value, chosen) == 0, "selected"), NULL);
  }
  tambo_page_close (page);
  tambo_page_close (page);
  return TRUE;
}

/* ---- which procedure ---- */

static gboolean has_slots (TamboWebRequest *request, gboolean *out_has, GError **error) {
  g_autoptr (GPtrArray) slots = tambo_hq_slot_list_free (request->web->hq, NULL, NULL, 1, error);

  *out_has = slots != NULL && slots->len > 0;
  return slots != NULL;
}

gboolean tambo_web_booking_start (TamboWebRequest *request, TamboWebAnswer *answer,
                                  GError **error) {
  g_autoptr (GPtrArray) procedures = tambo_web_list_procedures (request->web->hq, error);
  gboolean has_any;
  TamboPage *page;

  if (procedures == NULL || !has_slots (request, &has_any, error))
    return FALSE;
  page = tambo_web_page (request, N_ ("Book an appointment"));
  tambo_page_say_element (page, "p",
                          N_ ("You can also come without an appointment: you will be given one the"
                              " same day. Pregnant women, older persons, persons with disabilities"
                              " and children do not queue."),
                          NULL);
  if (!has_any)
    tambo_page_say_element (page, "p",
                            N_ ("There is no free appointment at this moment. Look again later, or"
                                " come to an office."),
                            "class", "note", "role", "status", NULL);
  tambo_page_say_element (page, "h2", N_ ("What do you need?"), NULL);
  tambo_page_open (page, "ul", "class", "choices", NULL);
  for (guint i = 0; i < procedures->len; i++) {
    const TamboProcedure *procedure = procedures->pdata[i];
    g_autofree char *address = g_strconcat ("/book/", procedure->id, NULL);

    tambo_page_open (page, "li", NULL);
    tambo_page_element (page, "a", tambo_web_procedure_title (request, procedure), "href", address,
                        NULL);
    tambo_page_close (page);
  }
  tambo_page_close (page);
  return tambo_web_finish (page, answer);
}

/* ---- the form ---- */

static gboolean is_needed (const Field *field, const TamboProcedure *procedure) {
  return field->is_needed
         || (procedure->required_fields != NULL && strcmp (field->key, "given_names") != 0
             && g_strv_contains ((const char *const *) procedure->required_fields, field->key));
}

static gboolean is_asked (const Field *field, const TamboProcedure *procedure) {
  return is_needed (field, procedure) || strcmp (field->key, "given_names") == 0
         || strcmp (field->key, "phone") == 0 || strcmp (field->key, "email") == 0;
}

static void add_choice (TamboPage *page, const char *name, const char *label,
                        const char *const *values, const char *const *labels, gsize n,
                        const char *chosen) {
  tambo_page_open (page, "div", "class", "field", NULL);
  tambo_page_say_element (page, "label", label, "for", name, NULL);
  tambo_page_open (page, "select", "id", name, "name", name, NULL);
  for (gsize i = 0; i < n; i++)
    tambo_page_say_element (page, "option", labels[i], "value", values[i], "selected",
                            TAMBO_PAGE_IF (strcmp (values[i], chosen) == 0, "selected"), NULL);
  tambo_page_close (page);
  tambo_page_close (page);
}

static void add_choices (TamboPage *page, const TamboForm *form) {
  const char *values[3], *labels[3];

  for (gsize i = 0; i < 3; i++) {
    values[i] = sexes[i].value;
    labels[i] = sexes[i].label;
  }
  add_choice (page, "sex", N_ ("Sex"), values, labels, 3, tambo_form_get (form, "sex"));
  for (gsize i = 0; i < 3; i++) {
    values[i] = document_types[i].value;
    labels[i] = document_types[i].label;
  }
  add_choice (page, "document_type", N_ ("Your document"), values, labels, 3,
              tambo_form_get (form, "document_type"));
}

/* Its hint and its problem belong to the field for who cannot see them. */
static void add_field (TamboPage *page, const Field *field, gboolean needed, const char *value,
                       const char *problem) {
  g_autofree char *hint_id = g_strconcat (field->key, "-hint", NULL);
  g_autofree char *error_id = g_strconcat (field->key, "-error", NULL);
  g_autofree char *described =
      g_strjoin (" ", field->hint != NULL ? hint_id : error_id,
                 field->hint != NULL && problem != NULL ? error_id : NULL, NULL);

  tambo_page_open (page, "div", "class", "field", NULL);
  tambo_page_open (page, "label", "for", field->key, NULL);
  tambo_page_say (page, field->label);
  if (!needed) {
    tambo_page_text (page, " ");
    tambo_page_say_element (page, "small", N_ ("(if you like)"), NULL);
  }
  tambo_page_close (page);
  if (field->hint != NULL)
    tambo_page_say_element (page, "p", field->hint, "class", "hint", "id", hint_id, NULL);
  if (problem != NULL)
    tambo_page_say_element (page, "p", problem, "class", "error", "id", error_id, NULL);
  tambo_page_open (page, "input", "id", field->key, "name", field->key, "type", field->type,
                   "value", value, "autocomplete", field->autocomplete, "maxlength", "400",
                   "required", TAMBO_PAGE_IF (needed, ""), "aria-describedby",
                   TAMBO_PAGE_IF (field->hint != NULL || problem != NULL, described),
                   "aria-invalid", TAMBO_PAGE_IF (problem != NULL, "true"), NULL);
  tambo_page_close (page);
}

static void add_problem_link (TamboPage *page, const char *key, const char *problem) {
  g_autofree char *address = g_strconcat ("#", key, NULL);

  tambo_page_open (page, "li", NULL);
  tambo_page_say_element (page, "a", problem, "href", address, NULL);
  tambo_page_close (page);
}

static void add_problems (TamboPage *page, const Problems *problems) {
  if (problems->n == 0)
    return;
  tambo_page_open (page, "div", "class", "problems", "role", "alert", NULL);
  tambo_page_say_element (page, "h2", N_ ("Please look at these again"), NULL);
  tambo_page_open (page, "ul", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (problems->of_field[i] != NULL)
      add_problem_link (page, fields[i].key, problems->of_field[i]);
  if (problems->of_slot != NULL)
    add_problem_link (page, "slot", problems->of_slot);
  tambo_page_close (page);
  tambo_page_close (page);
}

static gboolean show_form (TamboWebRequest *request, const TamboProcedure *procedure,
                           const Problems *problems, TamboWebAnswer *answer, GError **error) {
  const char *known_id = tambo_form_get (request->form, "request");
  g_autofree char *request_id =
      tambo_id_is_valid (known_id) ? g_strdup (known_id) : tambo_id_new ();
  g_autoptr (TamboPage) page = tambo_web_page_of (request, N_ ("Appointment:"),
                                                  tambo_web_procedure_title (request, procedure));
  gboolean has_any;

  add_problems (page, problems);
  tambo_web_open_form (request, page, request->path);
  tambo_page_open (page, "input", "type", "hidden", "name", "request", "value", request_id, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++)
    if (is_asked (&fields[i], procedure))
      add_field (page, &fields[i], is_needed (&fields[i], procedure),
                 tambo_form_get (request->form, fields[i].key), problems->of_field[i]);
  add_choices (page, request->form);
  if (!tambo_web_add_slots (request, page, tambo_form_get (request->form, "slot"), &has_any, error))
    return FALSE;
  if (!has_any)
    tambo_page_say_element (page, "p", N_ ("There is no free appointment at this moment."), "class",
                            "note", NULL);
  tambo_page_say_element (
      page, "p", N_ ("What you type is sealed when it arrives: only the office can read it."),
      NULL);
  tambo_web_button (page, N_ ("Book the appointment"));
  tambo_page_close (page);
  return tambo_web_finish (g_steal_pointer (&page), answer);
}

gboolean tambo_web_booking_form (TamboWebRequest *request, TamboWebAnswer *answer, GError **error) {
  g_autoptr (TamboProcedure) procedure =
      tambo_web_find_procedure (request->web->hq, request->tail, error);
  const Problems none = { { NULL } };

  return procedure != NULL && show_form (request, procedure, &none, answer, error);
}

/* ---- booking ---- */

static char *dup_value (const TamboForm *form, const char *name, gboolean is_upper) {
  const char *value = tambo_form_get (form, name);

  return is_upper ? g_utf8_strup (value, -1) : g_strdup (value);
}

/* Nothing is judged yet. An empty field is none, but for given names, of which there may be none. */
static TamboApplicant *read_applicant (const TamboForm *form) {
  TamboApplicant *applicant = tambo_applicant_new ();
  g_autofree char *sex = dup_value (form, "sex", TRUE);

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++) {
    char **value = &G_STRUCT_MEMBER (char *, applicant, fields[i].offset);

    g_free (*value);
    *value = dup_value (form, fields[i].key, fields[i].is_upper);
    if (**value == '\0' && strcmp (fields[i].key, "given_names") != 0)
      g_clear_pointer (value, g_free);
  }
  g_free (applicant->document_type);
  applicant->document_type = dup_value (form, "document_type", TRUE);
  if (!tambo_sex_from_string (sex, &applicant->sex))
    applicant->sex = TAMBO_SEX_UNSPECIFIED;
  return applicant;
}

/* One of those that the page offers. */
static gboolean is_offered_type (const char *document_type) {
  for (gsize i = 0; i < G_N_ELEMENTS (document_types); i++)
    if (strcmp (document_types[i].value, document_type) == 0)
      return TRUE;
  return FALSE;
}

static void check_fields (const TamboApplicant *applicant, const TamboProcedure *procedure,
                          Problems *problems) {
  g_autofree char *today = tambo_clock_today ();

  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++) {
    const char *key = fields[i].key;

    if (!is_asked (&fields[i], procedure)
        || (!(is_needed (&fields[i], procedure)
              && tambo_applicant_field_is_missing (applicant, key))
            && tambo_applicant_check_field (applicant, key, today, NULL)))
      continue;
    problems->of_field[i] = fields[i].problem;
    problems->n++;
  }
}

static gboolean is_about_slot (const GError *error) {
  return g_error_matches (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_STATE);
}

/* NULL without ERROR when PROBLEMS were found. */
static TamboHqAppointment *try_to_book (TamboWebRequest *request, const TamboProcedure *procedure,
                                        Problems *problems, GError **error) {
  g_autoptr (TamboApplicant) applicant = read_applicant (request->form);
  g_autofree char *office = NULL;
  g_autofree char *start = NULL;
  g_autoptr (GError) cause = NULL;
  TamboHqBooking booking = { .request_id = tambo_form_get (request->form, "request"),
                             .procedure = procedure->id };
  TamboHqAppointment *appointment;

  if (!is_offered_type (applicant->document_type) || !tambo_id_is_valid (booking.request_id)) {
    g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INVALID,
                         "the form is none of this page");
    return NULL;
  }
  check_fields (applicant, procedure, problems);
  if (!tambo_web_read_slot (tambo_form_get (request->form, "slot"), &office, &start)) {
    problems->of_slot = N_ ("Choose an office and a time.");
    problems->n++;
  }
  if (problems->n > 0)
    return NULL;
  booking.applicant = applicant;
  booking.office = office;
  booking.start = start;
  appointment = tambo_hq_appointment_book (request->web->hq, &booking, &cause);
  if (appointment == NULL && is_about_slot (cause)) {
    problems->of_slot = N_ ("Somebody else has just taken that time. Choose another one.");
    problems->n++;
  } else if (appointment == NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
  }
  return appointment;
}

gboolean tambo_web_book (TamboWebRequest *request, TamboWebAnswer *answer, GError **error) {
  g_autoptr (TamboProcedure) procedure =
      tambo_web_find_procedure (request->web->hq, request->tail, error);
  g_autoptr (GError) cause = NULL;
  g_autoptr (TamboHqAppointment) appointment = NULL;
  Problems problems = { { NULL } };

  if (procedure == NULL)
    return FALSE;
  appointment = try_to_book (request, procedure, &problems, &cause);
  if (cause != NULL) {
    g_propagate_error (error, g_steal_pointer (&cause));
    return FALSE;
  }
  if (appointment != NULL)
    return tambo_web_appointment_show (request, appointment, N_ ("Your appointment is booked"),
                                       answer, error);
  answer->status = 422;
  return show_form (request, procedure, &problems, answer, error);
}

/* ---- what was booked ---- */

static gboolean add_changes (TamboWebRequest *request, TamboPage *page,
                             const TamboHqAppointment *appointment, GError **error) {
  gboolean has_any;

  tambo_page_say_element (page, "h2", N_ ("Another time"), NULL);
  tambo_web_open_form (request, page, "/appointment/move");
  tambo_page_open (page, "input", "type", "hidden", "name", "code", "value", appointment->code,
                   NULL);
  if (!tambo_web_add_slots (request, page, "", &has_any, error))
    return FALSE;
  tambo_web_button (page, N_ ("Move the appointment"));
  tambo_page_close (page);
  tambo_page_say_element (page, "h2", N_ ("You cannot come?"), NULL);
  tambo_web_open_form (request, page, "/appointment/cancel");
  tambo_page_open (page, "input", "type", "hidden", "name", "code", "value", appointment->code,
                   NULL);
  tambo_page_say_element (page, "button", N_ ("Cancel the appointment"), "type", "submit", "class",
                          "danger", NULL);
  tambo_page_close (page);
  return TRUE;
}

/* What was done is said, even where a question about the procedure's name breaks now. */
static void add_appointment (TamboWebRequest *request, TamboPage *page,
                             const TamboHqAppointment *appointment) {
  g_autofree char *words = tambo_hq_appointment_dup_words (appointment->code);
  g_autoptr (TamboProcedure) procedure =
      tambo_web_find_procedure (request->web->hq, appointment->procedure, NULL);

  tambo_page_open (page, "dl", NULL);
  tambo_page_say_element (page, "dt", N_ ("Code"), NULL);
  tambo_page_open (page, "dd", NULL);
  tambo_page_element (page, "strong", words, "class", "code", "id", "code", NULL);
  tambo_page_close (page);
  tambo_web_fact (page, N_ ("Office"), appointment->office);
  tambo_page_say_element (page, "dt", N_ ("Time"), NULL);
  tambo_page_open (page, "dd", NULL);
  tambo_web_time (page, appointment->start);
  tambo_page_close (page);
  tambo_web_fact (page, N_ ("Procedure"),
                  procedure != NULL ? tambo_web_procedure_title (request, procedure)
                                    : appointment->procedure);
  tambo_page_say_element (page, "dt", N_ ("State"), NULL);
  tambo_page_say_element (page, "dd", tambo_web_state_message (appointment->state), NULL);
  tambo_page_close (page);
}

gboolean tambo_web_appointment_show (TamboWebRequest *request,
                                     const TamboHqAppointment *appointment, const char *heading,
                                     TamboWebAnswer *answer, GError **error) {
  g_autoptr (TamboPage) page = tambo_web_page (request, heading);

  add_appointment (request, page, appointment);
  if (strcmp (appointment->state, "booked") != 0)
    return tambo_web_finish (g_steal_pointer (&page), answer);
  tambo_page_say_element (
      page, "p",
      N_ ("Print this page or write the code down, and bring it with your document. With the code"
          " anybody can move or cancel the appointment: keep it to yourself."),
      NULL);
  tambo_page_qr (page, N_ ("The code of the appointment as a QR code"), appointment->code);
  return add_changes (request, page, appointment, error)
         && tambo_web_finish (g_steal_pointer (&page), answer);
}
