/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/applicant-form.h"

#include <glib/gi18n.h>
#include <stdio.h>
#include <string.h>

#include "app/date-text.h"
#include "app/detail-text.h"
#include "base/bytes.h"
#include "base/clock.h"
#include "record/applicant-field.h"
#include "record/partial-date.h"

typedef enum {
  TEXT,
  CODE, /* capital letters */
  DATE,
} FieldKind;

static const struct {
  const char *key;
  gsize offset;
  FieldKind kind;
} fields[] = {
  { "surname", G_STRUCT_OFFSET (TamboApplicant, surname), TEXT },
  { "given_names", G_STRUCT_OFFSET (TamboApplicant, given_names), TEXT },
  { "birth_date", G_STRUCT_OFFSET (TamboApplicant, birth_date), DATE },
  { "nationality", G_STRUCT_OFFSET (TamboApplicant, nationality), CODE },
  { "issuing_state", G_STRUCT_OFFSET (TamboApplicant, issuing_state), CODE },
  { "document_type", G_STRUCT_OFFSET (TamboApplicant, document_type), CODE },
  { "document_number", G_STRUCT_OFFSET (TamboApplicant, document_number), CODE },
  { "expiry_date", G_STRUCT_OFFSET (TamboApplicant, expiry_date), DATE },
  { "personal_number", G_STRUCT_OFFSET (TamboApplicant, personal_number), CODE },
  { "place_of_birth", G_STRUCT_OFFSET (TamboApplicant, place_of_birth), TEXT },
  { "address", G_STRUCT_OFFSET (TamboApplicant, address), TEXT },
  { "phone", G_STRUCT_OFFSET (TamboApplicant, phone), TEXT },
  { "email", G_STRUCT_OFFSET (TamboApplicant, email), TEXT },
};

static gsize find_field (const char *key) {
  gsize i = 0;

  while (i < G_N_ELEMENTS (fields) && !g_str_equal (fields[i].key, key))
    i++;
  g_assert (i < G_N_ELEMENTS (fields));
  return i;
}

static void collect_rows (GtkWidget *widget, GPtrArray *rows) {
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    if (TAMBO_IS_FIELD_ROW (child))
      g_ptr_array_add (rows, child);
    else
      collect_rows (child, rows);
  }
}

GPtrArray *tambo_applicant_form_find_rows (GtkWidget *widget) {
  GPtrArray *rows = g_ptr_array_new ();

  collect_rows (widget, rows);
  return rows;
}

static void show_rows (GPtrArray *rows, const TamboApplicant *applicant, gboolean keep_unknown) {
  for (guint i = 0; i < rows->len; i++) {
    TamboFieldRow *row = g_ptr_array_index (rows, i);
    gsize field = find_field (tambo_field_row_get_key (row));
    const char *value =
        applicant != NULL ? G_STRUCT_MEMBER (const char *, applicant, fields[field].offset) : NULL;
    if (value != NULL || !keep_unknown)
      tambo_field_row_set_text (row, value);
  }
}

void tambo_applicant_form_show (GPtrArray *rows, const TamboApplicant *applicant) {
  show_rows (rows, applicant, FALSE);
}

void tambo_applicant_form_fill (GPtrArray *rows, const TamboApplicant *source) {
  show_rows (rows, source, TRUE);
}

static gboolean is_digits (const char *text, gsize length) {
  return strlen (text) == length && strspn (text, "0123456789") == length;
}

/* 0 is a part that nobody knows. */
static char *format_date (int day, int month, int year) {
  g_autofree char *days = day == 0 ? g_strdup ("XX") : g_strdup_printf ("%02d", day);
  g_autofree char *months = month == 0 ? g_strdup ("XX") : g_strdup_printf ("%02d", month);

  return g_strdup_printf ("%04d-%s-%s", year, months, days);
}

char *tambo_applicant_form_date (const char *text) {
  int day = 0, month = 0, year = 0, end = 0;

  if (is_digits (text, 8))
    sscanf (text, "%2d%2d%4d%n", &day, &month, &year, &end);
  else if (is_digits (text, 4))
    sscanf (text, "%4d%n", &year, &end);
  else if (sscanf (text, "%2d%*[/.]%4d%n", &month, &year, &end) < 2 || end == 0
           || text[end] != '\0') {
    day = month = year = end = 0;
    sscanf (text, "%2d%*[/.-]%2d%*[/.-]%4d%n", &day, &month, &year, &end);
  }
  if (end == 0 || text[end] != '\0' || year < 1000 || (month == 0 && day != 0))
    return g_strdup (text);
  return format_date (day, month, year);
}

static char *read_row (TamboFieldRow *row, FieldKind kind) {
  g_autofree char *text = g_strstrip (g_strdup (tambo_field_row_get_text (row)));

  /* "" is a name that the person does not have; everything else is unknown. */
  if (*text == '\0' && !g_str_equal (tambo_field_row_get_key (row), "given_names"))
    return NULL;
  if (kind == DATE)
    return tambo_applicant_form_date (text);
  if (kind == CODE)
    return g_ascii_strup (text, -1);
  return g_utf8_normalize (text, -1, G_NORMALIZE_NFC);
}

void tambo_applicant_form_read (GPtrArray *rows, TamboApplicant *applicant) {
  for (guint i = 0; i < rows->len; i++) {
    TamboFieldRow *row = g_ptr_array_index (rows, i);
    gsize field = find_field (tambo_field_row_get_key (row));
    char **value = G_STRUCT_MEMBER_P (applicant, fields[field].offset);

    g_free (*value);
    *value = read_row (row, fields[field].kind);
  }
}

/* Of a birth a part may be unknown. */
static gboolean is_date (const char *text, const char *key) {
  TamboPartialDate date;

  return g_str_equal (key, "birth_date") ? tambo_partial_date_parse (text, &date)
                                         : tambo_date_is_valid (text);
}

void tambo_applicant_form_leave_out (TamboApplicant *applicant) {
  for (gsize i = 0; i < G_N_ELEMENTS (fields); i++) {
    char **value = G_STRUCT_MEMBER_P (applicant, fields[i].offset);

    if (fields[i].kind == DATE && *value != NULL && !is_date (*value, fields[i].key))
      g_clear_pointer (value, g_free);
  }
}

/* The rules speak English after the field's key. */
/* "February 1990 has 28 days", of a day that its month does not have; NULL of any other fault. */
static char *describe_day (const TamboApplicant *person, const char *key) {
  const char *text = G_STRUCT_MEMBER (const char *, person, fields[find_field (key)].offset);
  int year, month, day, end = 0;

  if (text == NULL || sscanf (text, "%4d-%2d-%2d%n", &year, &month, &day, &end) < 3
      || text[end] != '\0' || year < 1 || !g_date_valid_month ((GDateMonth) month))
    return NULL;
  int n_days = g_date_get_days_in_month ((GDateMonth) month, (GDateYear) year);
  g_autofree char *name = tambo_date_text_month (month);
  return day <= n_days
             ? NULL
             : g_strdup_printf (_ ("%s %d has %d days. Type the day again."), name, year, n_days);
}

char *tambo_applicant_form_check (const TamboApplicant *applicant, const char *key,
                                  gboolean is_required) {
  g_autofree char *today = tambo_clock_today ();
  g_autoptr (GError) error = NULL;

  if (is_required && tambo_applicant_field_is_missing (applicant, key))
    return g_strdup (_ ("Is missing. Type it here."));
  if (tambo_applicant_check_field (applicant, key, today, &error))
    return NULL;
  char *day = describe_day (applicant, key);
  if (day != NULL)
    return day;
  const char *fault = tambo_detail_text_fault (error->message);
  return fault != NULL ? g_strdup_printf (_ ("This %s. Type it again."), fault)
                       : tambo_detail_text_support (error->message);
}
