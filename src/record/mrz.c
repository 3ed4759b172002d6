/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "record/mrz.h"

#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "record/mrz-layout.h"
#include "record/partial-date.h"
#include "record/record-error.h"

#define MAX_TEXT 1024
#define MAX_LINES 3
#define DATE_LENGTH 6

void tambo_mrz_free (TamboMrz *mrz) {
  if (mrz == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (mrz->lines); i++)
    tambo_secret_string_free (mrz->lines[i]);
  tambo_applicant_free (mrz->applicant);
  tambo_secret_string_free (mrz->optional_data);
  g_free (mrz);
}

char tambo_mrz_check_digit (const char *field, gsize length) {
  static const guint weights[] = { 7, 3, 1 };
  guint sum = 0;

  for (gsize i = 0; i < length; i++) {
    guint value;

    if (field[i] >= '0' && field[i] <= '9')
      value = (guint) (field[i] - '0');
    else if (field[i] >= 'A' && field[i] <= 'Z')
      value = (guint) (field[i] - 'A') + 10;
    else if (field[i] == '<')
      value = 0;
    else
      return '\0';
    sum = (sum + value * weights[i % 3]) % 10;
  }
  return (char) ('0' + sum);
}

TamboMrzFormat tambo_mrz_format_for_type (const char *document_type) {
  if (document_type != NULL && (document_type[0] == 'P' || document_type[0] == 'V'))
    return TAMBO_MRZ_TD3;
  return TAMBO_MRZ_TD1;
}

static gboolean set_malformed (GError **error, const char *what) {
  g_set_error_literal (error, TAMBO_RECORD_ERROR, TAMBO_RECORD_ERROR_MALFORMED, what);
  return FALSE;
}

static const char *at (const TamboMrz *mrz, TamboMrzField field) {
  return mrz->lines[field.line] + field.start;
}

static char digit_after (const TamboMrz *mrz, TamboMrzField field) {
  return at (mrz, field)[field.length];
}

static gboolean is_filled (const char *text, gsize length) {
  return strspn (text, "<") >= length;
}

/* A field that is not used may have a filler for its digit. */
static gboolean digit_holds (const char *field, gsize length, char digit) {
  return tambo_mrz_check_digit (field, length) == digit
         || (digit == '<' && is_filled (field, length));
}

/* LENGTH characters with blanks for fillers and none at the ends; NULL when nothing is left. */
static char *dup_value (const char *field, gsize length) {
  char *value = g_strndup (field, length);

  g_strstrip (g_strdelimit (value, "<", ' '));
  if (*value == '\0')
    g_clear_pointer (&value, g_free);
  return value;
}

/* Takes the lines apart into MRZ's, upper case. */
static gboolean split_lines (TamboMrz *mrz, const char *text, GError **error) {
  gsize n_lines = 0;

  for (const char *p = text; *p != '\0';) {
    gsize length = strcspn (p, "\r\n");
    g_autofree char *line = g_ascii_strup (p, (gssize) length);

    p += length;
    p += strspn (p, "\r\n");
    g_strstrip (line);
    if (*line == '\0')
      continue;
    if (n_lines == MAX_LINES)
      return set_malformed (error, "the text has too many lines for an MRZ");
    mrz->lines[n_lines++] = g_steal_pointer (&line);
  }
  if (n_lines == 0)
    return set_malformed (error, "the text is empty");
  for (gsize i = 0; i < n_lines; i++)
    if (tambo_mrz_check_digit (mrz->lines[i], strlen (mrz->lines[i])) == '\0')
      return set_malformed (error, "the text has characters that an MRZ does not have");
  return TRUE;
}

/* 72, 88 or 90 characters without newlines. */
static void break_single_line (TamboMrz *mrz) {
  g_autofree char *whole = NULL;
  gsize length = strlen (mrz->lines[0]);
  gsize n_lines = length == 90 ? 3 : length == 88 || length == 72 ? 2 : 1;

  if (mrz->lines[1] != NULL || n_lines == 1)
    return;
  whole = g_steal_pointer (&mrz->lines[0]);
  for (gsize i = 0; i < n_lines; i++)
    mrz->lines[i] = g_strndup (whole + i * (length / n_lines), length / n_lines);
}

static gboolean find_format (TamboMrz *mrz, GError **error) {
  static const struct {
    gsize n_lines, line_length;
    TamboMrzFormat format;
  } formats[] = {
    { 3, 30, TAMBO_MRZ_TD1 },
    { 2, 36, TAMBO_MRZ_TD2 },
    { 2, 44, TAMBO_MRZ_TD3 },
  };
  gsize n_lines = mrz->lines[2] != NULL ? 3 : mrz->lines[1] != NULL ? 2 : 1;
  gsize length = strlen (mrz->lines[0]);

  for (gsize i = 1; i < n_lines; i++)
    if (strlen (mrz->lines[i]) != length)
      return set_malformed (error, "the lines of the MRZ are not equally long");
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    if (formats[i].n_lines == n_lines && formats[i].line_length == length) {
      mrz->format = formats[i].format;
      return TRUE;
    }
  return set_malformed (error, "the text has not the size of TD1, TD2 or TD3");
}

/* Letters and then fillers, at least one letter. */
static gboolean read_letters (const char *field, gsize length, char **out_value) {
  gsize n_letters = 0;

  while (n_letters < length && g_ascii_isupper (field[n_letters]))
    n_letters++;
  if (n_letters == 0 || !is_filled (field + n_letters, length - n_letters))
    return FALSE;
  *out_value = g_strndup (field, n_letters);
  return TRUE;
}

static gboolean read_names (TamboMrz *mrz, TamboMrzField field, GError **error) {
  const char *start = at (mrz, field);
  const char *end = start + field.length;
  const char *separator = g_strstr_len (start, field.length, "<<");
  char *given;

  if (separator == NULL)
    separator = end;
  mrz->applicant->surname = dup_value (start, (gsize) (separator - start));
  if (mrz->applicant->surname == NULL)
    return set_malformed (error, "the MRZ has no primary identifier");
  given = dup_value (separator, (gsize) (end - separator));
  if (given == NULL)
    given = g_strdup ("");
  /* More than two fillers in a row part nothing else. */
  for (char *p = given; *p != '\0'; p++)
    while (p[0] == ' ' && p[1] == ' ')
      memmove (p, p + 1, strlen (p));
  mrz->applicant->given_names = given;
  return TRUE;
}

static gboolean read_sex (TamboMrz *mrz, TamboMrzField field, GError **error) {
  switch (*at (mrz, field)) {
  case 'F':
    mrz->applicant->sex = TAMBO_SEX_FEMALE;
    return TRUE;
  case 'M':
    mrz->applicant->sex = TAMBO_SEX_MALE;
    return TRUE;
  case '<':
  case 'X': /* of the VIZ, and of some issuers' MRZ */
    mrz->applicant->sex = TAMBO_SEX_UNSPECIFIED;
    return TRUE;
  default:
    return set_malformed (error, "the MRZ has no M, F or filler for the sex");
  }
}

/* Two digits; 0 for two fillers and -1 for anything else. */
static int read_pair (const char *field) {
  if (field[0] == '<' && field[1] == '<')
    return 0;
  if (!g_ascii_isdigit (field[0]) || !g_ascii_isdigit (field[1]))
    return -1;
  return (field[0] - '0') * 10 + (field[1] - '0');
}

/* The birth date as ISO 8601, or NULL when it is none: a person is born on TODAY at the latest. */
static char *dup_birth_date (const char *field, const char *today) {
  int year = read_pair (field), month = read_pair (field + 2), day = read_pair (field + 4);
  gboolean has_year = g_ascii_isdigit (field[0]);
  int this_year = (int) g_ascii_strtoull (today, NULL, 10);
  TamboPartialDate date = { 0 };
  g_autofree char *text = NULL;
  g_autofree char *earliest = NULL;

  /* "00" is a year, but no month and no day. */
  if (year < 0 || month < 0 || day < 0 || (month == 0 && field[2] != '<')
      || (day == 0 && field[4] != '<'))
    return NULL;
  date.year = has_year ? this_year - this_year % 100 + year : 0;
  date.month = month;
  date.day = day;
  earliest = tambo_partial_date_earliest (&date);
  if (earliest != NULL && strcmp (earliest, today) > 0)
    date.year -= 100;
  text = tambo_partial_date_format (&date);
  return tambo_partial_date_parse (text, &date) ? g_steal_pointer (&text) : NULL;
}

/* Likewise, from 50 years before TODAY's year to 49 after. */
static char *dup_expiry_date (const char *field, const char *today) {
  int first_year = (int) g_ascii_strtoull (today, NULL, 10) - 50;
  int year;
  g_autofree char *text = NULL;

  for (gsize i = 0; i < DATE_LENGTH; i++)
    if (!g_ascii_isdigit (field[i]))
      return NULL;
  year = first_year - first_year % 100 + read_pair (field);
  if (year < first_year)
    year += 100;
  text = g_strdup_printf ("%04d-%.2s-%.2s", year, field + 2, field + 4);
  return tambo_date_is_valid (text) ? g_steal_pointer (&text) : NULL;
}

static void read_dates (TamboMrz *mrz, const TamboMrzLayout *layout, const char *today) {
  const char *birth = at (mrz, layout->birth_date), *expiry = at (mrz, layout->expiry_date);

  mrz->applicant->birth_date = dup_birth_date (birth, today);
  mrz->applicant->expiry_date = dup_expiry_date (expiry, today);
  /* A digit cannot be right about a day that does not exist. */
  mrz->birth_date_right =
      mrz->applicant->birth_date != NULL
      && digit_holds (birth, DATE_LENGTH, digit_after (mrz, layout->birth_date));
  mrz->expiry_date_right =
      (mrz->applicant->expiry_date != NULL || is_filled (expiry, DATE_LENGTH))
      && digit_holds (expiry, DATE_LENGTH, digit_after (mrz, layout->expiry_date));
}

/* A number of more than 9 characters has a filler for its digit; the rest of it and the digit open
 * the optional data. Returns how much of the optional data that takes. */
static gsize read_document_number (TamboMrz *mrz, const TamboMrzLayout *layout) {
  const char *number = at (mrz, layout->document_number);
  const char *optional = at (mrz, layout->optional_data);
  gsize length = layout->document_number.length;
  gsize carried = strcspn (optional, "<");
  char digit = digit_after (mrz, layout->document_number);
  g_autofree char *whole = NULL;

  carried = MIN (carried, layout->optional_data.length);
  if (!layout->carries_long_number || digit != '<' || number[length - 1] == '<' || carried < 2) {
    mrz->applicant->document_number = dup_value (number, length);
    mrz->document_number_right = digit_holds (number, length, digit);
    return 0;
  }
  whole = g_strdup_printf ("%.*s%.*s", (int) length, number, (int) carried - 1, optional);
  mrz->applicant->document_number = dup_value (whole, strlen (whole));
  mrz->document_number_right =
      tambo_mrz_check_digit (whole, strlen (whole)) == optional[carried - 1];
  tambo_secret_wipe (whole, strlen (whole));
  return carried;
}

static void read_optional_data (TamboMrz *mrz, const TamboMrzLayout *layout, gsize carried) {
  const char *optional = at (mrz, layout->optional_data);
  gsize length = layout->optional_data.length;

  mrz->applicant->personal_number = dup_value (optional + carried, length - carried);
  mrz->optional_data_right =
      !layout->has_optional_digit
      || digit_holds (optional, length, digit_after (mrz, layout->optional_data));
  if (layout->second_optional_data.length > 0)
    mrz->optional_data =
        dup_value (at (mrz, layout->second_optional_data), layout->second_optional_data.length);
}

static gboolean composite_holds (const TamboMrz *mrz, const TamboMrzLayout *layout) {
  g_autoptr (GString) composed = g_string_new (NULL);
  gboolean holds;

  if (layout->composite.length == 0)
    return TRUE;
  for (gsize i = 0; i < G_N_ELEMENTS (layout->composed); i++)
    g_string_append_len (composed, at (mrz, layout->composed[i]), layout->composed[i].length);
  holds = tambo_mrz_check_digit (composed->str, composed->len) == *at (mrz, layout->composite);
  tambo_secret_wipe (composed->str, composed->len);
  return holds;
}

static gboolean read_fields (TamboMrz *mrz, const char *today, GError **error) {
  const TamboMrzLayout *layout = tambo_mrz_layout (mrz->format, mrz->lines[0][0]);
  TamboApplicant *applicant = mrz->applicant;

  if (!read_letters (mrz->lines[0], 2, &applicant->document_type))
    return set_malformed (error, "the MRZ has no document code");
  if (!read_letters (mrz->lines[0] + 2, 3, &applicant->issuing_state))
    return set_malformed (error, "the MRZ has no issuing State");
  if (!read_letters (at (mrz, layout->nationality), 3, &applicant->nationality))
    return set_malformed (error, "the MRZ has no nationality");
  if (!read_names (mrz, layout->names, error) || !read_sex (mrz, layout->sex, error))
    return FALSE;
  read_dates (mrz, layout, today);
  read_optional_data (mrz, layout, read_document_number (mrz, layout));
  mrz->composite_right = composite_holds (mrz, layout);
  return TRUE;
}

TamboMrz *tambo_mrz_parse (const char *text, const char *today, GError **error) {
  g_autoptr (TamboMrz) mrz = NULL;
  g_autofree char *now = today == NULL ? tambo_clock_today () : g_strdup (today);

  g_return_val_if_fail (tambo_date_is_valid (now), NULL);
  if (strlen (text) > MAX_TEXT) {
    set_malformed (error, "the text is too long for an MRZ");
    return NULL;
  }
  mrz = g_new0 (TamboMrz, 1);
  mrz->applicant = tambo_applicant_new ();
  if (!split_lines (mrz, text, error))
    return NULL;
  break_single_line (mrz);
  if (!find_format (mrz, error) || !read_fields (mrz, now, error))
    return NULL;
  return g_steal_pointer (&mrz);
}

gboolean tambo_mrz_check (const TamboMrz *mrz, GError **error) {
  const struct {
    gboolean is_right;
    const char *name;
  } verdicts[] = {
    { mrz->document_number_right, "document number" },
    { mrz->birth_date_right, "date of birth" },
    { mrz->expiry_date_right, "date of expiry" },
    { mrz->optional_data_right, "personal number" },
    { mrz->composite_right, "composite" },
  };
  g_autoptr (GString) wrong = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (verdicts); i++)
    if (!verdicts[i].is_right)
      g_string_append_printf (wrong, "%s%s", wrong->len > 0 ? ", " : "", verdicts[i].name);
  if (wrong->len == 0)
    return TRUE;
  g_set_error (error, TAMBO_RECORD_ERROR, TAMBO_RECORD_ERROR_CHECK_DIGIT,
               "the MRZ's check digits do not hold: %s", wrong->str);
  return FALSE;
}

char *tambo_mrz_information (const TamboMrz *mrz) {
  const TamboMrzLayout *layout = tambo_mrz_layout (mrz->format, mrz->lines[0][0]);
  const char *number = at (mrz, layout->document_number);
  const char *birth = at (mrz, layout->birth_date), *expiry = at (mrz, layout->expiry_date);
  const char *whole = mrz->applicant->document_number;
  g_autofree char *filled = NULL;
  char *information;

  if (whole == NULL)
    return NULL;
  /* The number as it stands, fillers included, with what was carried into the optional data. */
  if (strlen (whole) > layout->document_number.length)
    filled = g_strdelimit (g_strdup (whole), " ", '<');
  else
    filled = g_strndup (number, layout->document_number.length);
  information =
      g_strdup_printf ("%s%c%.6s%c%.6s%c", filled, tambo_mrz_check_digit (filled, strlen (filled)),
                       birth, tambo_mrz_check_digit (birth, DATE_LENGTH), expiry,
                       tambo_mrz_check_digit (expiry, DATE_LENGTH));
  tambo_secret_wipe (filled, strlen (filled));
  return information;
}
