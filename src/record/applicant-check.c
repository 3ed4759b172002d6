/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/clock.h"
#include "record/applicant-field.h"
#include "record/country.h"
#include "record/mrz-names.h"
#include "record/partial-date.h"
#include "record/record-error.h"

#define MAX_AGE 120
/* TR-03123 allows 186 characters for a name; no other text of a form is as long as this. */
#define MAX_NAME 186
#define MAX_TEXT 400
#define MAX_CODE 30

/* What is wrong with a value, or NULL. */
typedef const char *(*FieldCheck) (const char *value, const char *today);

static gboolean has_control_characters (const char *value) {
  for (const char *p = value; *p != '\0'; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);

    if (g_unichar_iscntrl (c) || c == 0xfffd || g_unichar_type (c) == G_UNICODE_FORMAT)
      return TRUE;
  }
  return FALSE;
}

/* UTF-8 that was read as Latin-1 shows as U+00C2 or U+00C3 before a character that no name has
 * there, most often a control or sign of U+0080 to U+00BF. */
static gboolean looks_wrongly_decoded (const char *value) {
  gunichar previous = 0;

  for (const char *p = value; *p != '\0'; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);

    if ((previous == 0xc2 || previous == 0xc3) && c >= 0x80 && c <= 0xbf)
      return TRUE;
    previous = c;
  }
  return FALSE;
}

static gboolean mixes_scripts (const char *value) {
  GUnicodeScript first = G_UNICODE_SCRIPT_COMMON;

  for (const char *p = value; *p != '\0'; p = g_utf8_next_char (p)) {
    GUnicodeScript script = g_unichar_get_script (g_utf8_get_char (p));

    if (script == G_UNICODE_SCRIPT_COMMON || script == G_UNICODE_SCRIPT_INHERITED)
      continue;
    if (first != G_UNICODE_SCRIPT_COMMON && script != first)
      return TRUE;
    first = script;
  }
  return FALSE;
}

static const char *check_text (const char *value, const char *today) {
  if (!g_utf8_validate (value, -1, NULL))
    return "is not UTF-8";
  if (g_utf8_strlen (value, -1) > MAX_TEXT)
    return "is too long";
  if (has_control_characters (value))
    return "has control characters";
  return NULL;
}

static const char *check_name (const char *value, const char *today) {
  const char *fault = check_text (value, today);

  if (fault != NULL)
    return fault;
  if (g_utf8_strlen (value, -1) > MAX_NAME)
    return "is too long";
  for (const char *p = value; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_isdigit (g_utf8_get_char (p)))
      return "has digits";
  if (looks_wrongly_decoded (value))
    return "was decoded with the wrong character set";
  if (mixes_scripts (value))
    return "mixes scripts";
  return NULL;
}

static const char *check_surname (const char *value, const char *today) {
  const char *fault = check_name (value, today);

  if (fault != NULL)
    return fault;
  for (const char *p = value; *p != '\0'; p = g_utf8_next_char (p))
    if (g_unichar_isalpha (g_utf8_get_char (p)))
      return NULL;
  return "has no letters";
}

static const char *check_birth_date (const char *value, const char *today) {
  TamboPartialDate date;
  g_autofree char *earliest = NULL;
  g_autofree char *latest = NULL;
  g_autofree char *oldest = NULL;

  if (!tambo_partial_date_parse (value, &date))
    return "is no date of the calendar";
  if (date.year == 0)
    return NULL;
  earliest = tambo_partial_date_earliest (&date);
  latest = tambo_partial_date_latest (&date);
  oldest = tambo_date_add_years (today, -MAX_AGE);
  /* ISO 8601 dates order as text. */
  if (strcmp (earliest, today) > 0)
    return "is in the future";
  if (oldest != NULL && strcmp (latest, oldest) < 0)
    return "is more than 120 years ago";
  return NULL;
}

static const char *check_expiry_date (const char *value, const char *today) {
  return tambo_date_is_valid (value) ? NULL : "is no date of the calendar";
}

static const char *check_state (const char *value, const char *today) {
  return tambo_is_state_code (value) ? NULL : "is no code of Doc 9303-3 section 5";
}

static const char *check_document_type (const char *value, const char *today) {
  if (g_ascii_isupper (value[0])
      && (value[1] == '\0' || (g_ascii_isupper (value[1]) && value[2] == '\0')))
    return NULL;
  return "is not one or two capital letters";
}

static const char *check_number (const char *value, const char *today) {
  gsize n_signs = 0;

  if (strlen (value) > MAX_CODE)
    return "is too long";
  for (const char *p = value; *p != '\0'; p++) {
    if (g_ascii_isalnum (*p))
      n_signs++;
    else if (strchr (" -/.", *p) == NULL)
      return "has characters other than letters, digits, blanks, hyphens, slashes and points";
  }
  return n_signs > 0 ? NULL : "has no letters or digits";
}

static const char *check_email (const char *value, const char *today) {
  const char *at = strchr (value, '@');

  if (check_text (value, today) != NULL || strlen (value) > 254)
    return "is no e-mail address";
  if (at == NULL || at == value || at[1] == '\0' || strchr (at + 1, '@') != NULL
      || strpbrk (value, " \t,;") != NULL)
    return "is no e-mail address";
  return NULL;
}

static const char *check_phone (const char *value, const char *today) {
  gsize n_digits = 0;

  for (const char *p = value; *p != '\0'; p++) {
    if (g_ascii_isdigit (*p))
      n_digits++;
    else if (strchr ("+ -()./#*", *p) == NULL)
      return "is no telephone number";
  }
  return n_digits >= 3 && n_digits <= 20 ? NULL : "is no telephone number";
}

static const struct {
  const char *key;
  gsize offset;
  gboolean is_mandatory; /* for tambo_applicant_check: what an MRZ cannot do without */
  FieldCheck check;
} rules[] = {
  { "surname", G_STRUCT_OFFSET (TamboApplicant, surname), TRUE, check_surname },
  { "given_names", G_STRUCT_OFFSET (TamboApplicant, given_names), TRUE, check_name },
  { "birth_date", G_STRUCT_OFFSET (TamboApplicant, birth_date), TRUE, check_birth_date },
  { "nationality", G_STRUCT_OFFSET (TamboApplicant, nationality), TRUE, check_state },
  { "issuing_state", G_STRUCT_OFFSET (TamboApplicant, issuing_state), TRUE, check_state },
  { "document_type", G_STRUCT_OFFSET (TamboApplicant, document_type), TRUE, check_document_type },
  { "document_number", G_STRUCT_OFFSET (TamboApplicant, document_number), TRUE, check_number },
  { "expiry_date", G_STRUCT_OFFSET (TamboApplicant, expiry_date), FALSE, check_expiry_date },
  { "personal_number", G_STRUCT_OFFSET (TamboApplicant, personal_number), FALSE, check_number },
  { "place_of_birth", G_STRUCT_OFFSET (TamboApplicant, place_of_birth), FALSE, check_text },
  { "address", G_STRUCT_OFFSET (TamboApplicant, address), FALSE, check_text },
  { "phone", G_STRUCT_OFFSET (TamboApplicant, phone), FALSE, check_phone },
  { "email", G_STRUCT_OFFSET (TamboApplicant, email), FALSE, check_email },
};

static const char *value_of (const TamboApplicant *applicant, gsize i) {
  return G_STRUCT_MEMBER (const char *, applicant, rules[i].offset);
}

/* The place of KEY in the rules; their number when it is none of them. */
static gsize find_rule (const char *key) {
  gsize i = 0;

  while (i < G_N_ELEMENTS (rules) && strcmp (key, rules[i].key) != 0)
    i++;
  return i;
}

const char *const *tambo_applicant_field_keys (void) {
  static const char *const keys[] = {
    "surname",         "given_names",    "birth_date",      "sex",
    "nationality",     "place_of_birth", "issuing_state",   "document_type",
    "document_number", "expiry_date",    "personal_number", "address",
    "phone",           "email",          "other_names",     NULL
  };

  return keys;
}

gboolean tambo_applicant_has_field (const char *key) {
  return g_strv_contains (tambo_applicant_field_keys (), key);
}

const char *tambo_applicant_get_field (const TamboApplicant *applicant, const char *key) {
  gsize i = find_rule (key);

  if (strcmp (key, "sex") == 0)
    return tambo_sex_to_string (applicant->sex);
  return i < G_N_ELEMENTS (rules) ? value_of (applicant, i) : NULL;
}

gboolean tambo_applicant_field_is_missing (const TamboApplicant *applicant, const char *key) {
  gsize i = find_rule (key);
  const char *value;

  if (strcmp (key, "other_names") == 0)
    return applicant->other_names == NULL;
  if (i == G_N_ELEMENTS (rules))
    return FALSE;
  value = value_of (applicant, i);
  return value == NULL || (*value == '\0' && strcmp (key, "given_names") != 0);
}

static const char *check_other_names (const TamboApplicant *applicant, const char *today) {
  for (gsize i = 0; applicant->other_names != NULL && applicant->other_names[i] != NULL; i++) {
    const char *fault = check_name (applicant->other_names[i], today);

    if (fault != NULL)
      return fault;
  }
  return NULL;
}

gboolean tambo_applicant_check_field (const TamboApplicant *applicant, const char *key,
                                      const char *today, GError **error) {
  gsize i = find_rule (key);
  const char *fault = NULL;

  if (strcmp (key, "other_names") == 0)
    fault = check_other_names (applicant, today);
  else if (i < G_N_ELEMENTS (rules) && value_of (applicant, i) != NULL)
    fault = rules[i].check (value_of (applicant, i), today);
  if (fault == NULL)
    return TRUE;
  g_set_error (error, TAMBO_RECORD_ERROR, TAMBO_RECORD_ERROR_FIELD, "%s %s", key, fault);
  return FALSE;
}

gboolean tambo_applicant_check (const TamboApplicant *applicant, GError **error) {
  const char *const *keys = tambo_applicant_field_keys ();
  g_autofree char *today = tambo_clock_today ();

  for (gsize i = 0; keys[i] != NULL; i++) {
    gsize rule = find_rule (keys[i]);

    if (rule < G_N_ELEMENTS (rules) && rules[rule].is_mandatory
        && tambo_applicant_field_is_missing (applicant, keys[i])) {
      g_set_error (error, TAMBO_RECORD_ERROR, TAMBO_RECORD_ERROR_FIELD, "%s is missing", keys[i]);
      return FALSE;
    }
    if (!tambo_applicant_check_field (applicant, keys[i], today, error))
      return FALSE;
  }
  return TRUE;
}
