/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "record/mrz-layout.h"
#include "record/mrz-names.h"
#include "record/partial-date.h"
#include "record/record-error.h"

#define MAX_LINES 3

/* The lines being made, full of fillers at first. */
typedef struct {
  const TamboMrzLayout *layout;
  char *lines[MAX_LINES];
} Zone;

static gboolean set_field_error (GError **error, const char *field, const char *what) {
  g_set_error (error, TAMBO_RECORD_ERROR, TAMBO_RECORD_ERROR_FIELD, "%s %s", field, what);
  return FALSE;
}

static char *at (Zone *zone, TamboMrzField field) {
  return zone->lines[field.line] + field.start;
}

/* TEXT fits. */
static void put (Zone *zone, TamboMrzField field, const char *text) {
  memcpy (at (zone, field), text, strlen (text));
}

static void put_digit (Zone *zone, TamboMrzField field) {
  at (zone, field)[field.length] = tambo_mrz_check_digit (at (zone, field), field.length);
}

/* A number or code in MRZ characters: what is no letter or digit becomes a filler (9303-3, data
 * element 05). NULL when a character has no form. */
static char *code_form (const char *text) {
  g_autofree char *form = g_ascii_strup (text, -1);

  for (char *p = form; *p != '\0'; p++) {
    if ((guchar) *p < 0x20 || (guchar) *p >= 0x7f)
      return NULL;
    if (!g_ascii_isalnum (*p))
      *p = '<';
  }
  return g_steal_pointer (&form);
}

static gboolean put_code (Zone *zone, TamboMrzField field, const char *name, const char *value,
                          GError **error) {
  if (value == NULL || *value == '\0')
    return set_field_error (error, name, "is missing");
  for (const char *p = value; *p != '\0'; p++)
    if (!g_ascii_isupper (*p))
      return set_field_error (error, name, "is not in capital letters");
  if (strlen (value) > field.length)
    return set_field_error (error, name, "is too long for the MRZ");
  put (zone, field, value);
  return TRUE;
}

static gboolean put_names (Zone *zone, const TamboApplicant *applicant, GError **error) {
  gboolean surname_complete, given_complete;
  g_autofree char *surname = tambo_mrz_transliterate_checked (
      applicant->surname != NULL ? applicant->surname : "", &surname_complete);
  g_autofree char *given = tambo_mrz_transliterate_checked (
      applicant->given_names != NULL ? applicant->given_names : "", &given_complete);
  g_autofree char *field = NULL;

  if (!surname_complete)
    return set_field_error (error, "surname", "has characters that an MRZ cannot have");
  if (!given_complete)
    return set_field_error (error, "given_names", "has characters that an MRZ cannot have");
  if (*surname == '\0')
    return set_field_error (error, "surname", "is missing");
  field = tambo_mrz_name_field (surname, given, zone->layout->names.length);
  put (zone, zone->layout->names, field);
  tambo_secret_wipe (field, strlen (field));
  return TRUE;
}

static gboolean put_birth_date (Zone *zone, const char *value, GError **error) {
  TamboPartialDate date;

  if (value == NULL)
    return set_field_error (error, "birth_date", "is missing");
  if (!tambo_partial_date_parse (value, &date))
    return set_field_error (error, "birth_date", "is no date of the calendar");
  for (gsize i = 0, from = 2; i < 6; i++, from++) {
    if (value[from] == '-')
      from++;
    at (zone, zone->layout->birth_date)[i] = value[from] == 'X' ? '<' : value[from];
  }
  put_digit (zone, zone->layout->birth_date);
  return TRUE;
}

static gboolean put_expiry_date (Zone *zone, const char *value, GError **error) {
  char digits[7];

  if (value != NULL) {
    if (!tambo_date_is_valid (value))
      return set_field_error (error, "expiry_date", "is no date of the calendar");
    g_snprintf (digits, sizeof digits, "%.2s%.2s%.2s", value + 2, value + 5, value + 8);
    put (zone, zone->layout->expiry_date, digits);
  }
  put_digit (zone, zone->layout->expiry_date);
  return TRUE;
}

/* Sets *OUT_CARRIED to how much of the optional data a long number takes, its filler included. */
static gboolean put_document_number (Zone *zone, const char *value, gsize *out_carried,
                                     GError **error) {
  TamboMrzField field = zone->layout->document_number, optional = zone->layout->optional_data;
  g_autofree char *number = value != NULL ? code_form (value) : NULL;
  gsize length, rest;

  if (value == NULL || *value == '\0')
    return set_field_error (error, "document_number", "is missing");
  if (number == NULL)
    return set_field_error (error, "document_number", "has characters that an MRZ cannot have");
  length = strlen (number);
  if (length <= field.length) {
    put (zone, field, number);
    put_digit (zone, field);
    *out_carried = 0;
    return TRUE;
  }
  rest = length - field.length;
  /* The rest, the check digit and a filler; a filler inside would be taken for their end. */
  if (!zone->layout->carries_long_number || rest + 2 > optional.length
      || strchr (number + field.length - 1, '<') != NULL)
    return set_field_error (error, "document_number", "is too long for the MRZ");
  memcpy (at (zone, field), number, field.length);
  memcpy (at (zone, optional), number + field.length, rest);
  at (zone, optional)[rest] = tambo_mrz_check_digit (number, length);
  *out_carried = rest + 2;
  return TRUE;
}

static gboolean put_optional_data (Zone *zone, const char *value, gsize carried, GError **error) {
  TamboMrzField field = zone->layout->optional_data;
  g_autofree char *form = value != NULL ? code_form (value) : g_strdup ("");

  if (form == NULL)
    return set_field_error (error, "personal_number", "has characters that an MRZ cannot have");
  if (strlen (form) + carried > field.length)
    return set_field_error (error, "personal_number", "is too long for the MRZ");
  memcpy (at (zone, field) + carried, form, strlen (form));
  if (zone->layout->has_optional_digit)
    put_digit (zone, field);
  return TRUE;
}

static void put_sex (Zone *zone, TamboSex sex) {
  *at (zone, zone->layout->sex) = sex == TAMBO_SEX_FEMALE ? 'F' : sex == TAMBO_SEX_MALE ? 'M' : '<';
}

static void put_composite (Zone *zone) {
  const TamboMrzLayout *layout = zone->layout;
  g_autoptr (GString) composed = g_string_new (NULL);

  if (layout->composite.length == 0)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (layout->composed); i++)
    g_string_append_len (composed, at (zone, layout->composed[i]), layout->composed[i].length);
  *at (zone, layout->composite) = tambo_mrz_check_digit (composed->str, composed->len);
  tambo_secret_wipe (composed->str, composed->len);
}

static gboolean fill (Zone *zone, const TamboApplicant *applicant, GError **error) {
  static const TamboMrzField document_code = { 0, 0, 2 }, issuing_state = { 0, 2, 3 };
  gsize carried;

  if (!put_code (zone, document_code, "document_type", applicant->document_type, error)
      || !put_code (zone, issuing_state, "issuing_state", applicant->issuing_state, error)
      || !put_code (zone, zone->layout->nationality, "nationality", applicant->nationality, error)
      || !put_names (zone, applicant, error) || !put_birth_date (zone, applicant->birth_date, error)
      || !put_expiry_date (zone, applicant->expiry_date, error)
      || !put_document_number (zone, applicant->document_number, &carried, error)
      || !put_optional_data (zone, applicant->personal_number, carried, error))
    return FALSE;
  put_sex (zone, applicant->sex);
  put_composite (zone);
  return TRUE;
}

char *tambo_mrz_make (const TamboApplicant *applicant, TamboMrzFormat format, GError **error) {
  Zone zone = { 0 };
  char *text = NULL;

  if (applicant->document_type == NULL || *applicant->document_type == '\0') {
    set_field_error (error, "document_type", "is missing");
    return NULL;
  }
  zone.layout = tambo_mrz_layout (format, applicant->document_type[0]);
  for (gsize i = 0; i < zone.layout->n_lines; i++)
    zone.lines[i] = g_strnfill (zone.layout->line_length, '<');
  /* The lines that a format does not have end the list early. */
  if (fill (&zone, applicant, error))
    text = g_strjoin ("\n", zone.lines[0], zone.lines[1], zone.lines[2], NULL);
  for (gsize i = 0; i < MAX_LINES; i++)
    tambo_secret_string_free (zone.lines[i]);
  return text;
}
