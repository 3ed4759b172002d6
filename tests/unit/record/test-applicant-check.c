/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/clock.h"
#include "record/applicant-field.h"
#include "record/record-error.h"

static TamboApplicant *eriksson (void) {
  TamboApplicant *applicant = tambo_applicant_new ();

  applicant->surname = g_strdup ("Eriksson");
  applicant->given_names = g_strdup ("Anna María");
  applicant->birth_date = g_strdup ("1974-08-12");
  applicant->nationality = g_strdup ("UTO");
  applicant->issuing_state = g_strdup ("D");
  applicant->document_type = g_strdup ("P");
  applicant->document_number = g_strdup ("L898902C3");
  return applicant;
}

static void assert_checks (gsize offset, const char *value, const char *field) {
  g_autoptr (TamboApplicant) applicant = eriksson ();
  char **member = G_STRUCT_MEMBER_P (applicant, offset);
  g_autoptr (GError) error = NULL;
  gboolean holds;

  g_free (*member);
  *member = g_strdup (value);
  holds = tambo_applicant_check (applicant, &error);
  if (field == NULL) {
    g_assert_no_error (error);
    g_assert_true (holds);
    return;
  }
  g_assert_error (error, TAMBO_RECORD_ERROR, TAMBO_RECORD_ERROR_FIELD);
  g_assert_true (g_str_has_prefix (error->message, field));
  /* What a person typed is not for a log. */
  if (value != NULL && strlen (value) > 3)
    g_assert_null (strstr (error->message, value));
}

#define FIELD(name) G_STRUCT_OFFSET (TamboApplicant, name)

static void test_complete (void) {
  g_autoptr (TamboApplicant) applicant = eriksson ();

  g_assert_true (tambo_applicant_check (applicant, NULL));
  assert_checks (FIELD (given_names), "", NULL);
  assert_checks (FIELD (expiry_date), "2012-04-15", NULL);
  assert_checks (FIELD (birth_date), "1974-XX-XX", NULL);
  assert_checks (FIELD (surname), "Núñez-O’Connor, Jr.", NULL);
  assert_checks (FIELD (surname), "Щербаков", NULL);
  assert_checks (FIELD (document_number), "AB-123/45 6", NULL);
  assert_checks (FIELD (phone), "+51 (1) 200-1000", NULL);
  assert_checks (FIELD (email), "anna.maria@example.org", NULL);
}

static void test_missing (void) {
  assert_checks (FIELD (surname), NULL, "surname is missing");
  assert_checks (FIELD (surname), "", "surname is missing");
  assert_checks (FIELD (given_names), NULL, "given_names is missing");
  assert_checks (FIELD (birth_date), NULL, "birth_date is missing");
  assert_checks (FIELD (nationality), NULL, "nationality is missing");
  assert_checks (FIELD (issuing_state), NULL, "issuing_state is missing");
  assert_checks (FIELD (document_type), NULL, "document_type is missing");
  assert_checks (FIELD (document_number), NULL, "document_number is missing");
}

static void test_impossible (void) {
  g_autofree char *today = tambo_clock_today ();
  g_autofree char *next_year = tambo_date_add_years (today, 1);
  g_autofree char *long_name = g_strnfill (187, 'A');

  assert_checks (FIELD (surname), "Eriksson 2", "surname has digits");
  assert_checks (FIELD (surname), "٣٤٥٦", "surname has digits");
  assert_checks (FIELD (surname), "- .", "surname has no letters");
  assert_checks (FIELD (surname), "Eriks\nson", "surname has control");
  assert_checks (FIELD (surname), "Eriks\xc2\x85son", "surname has control");
  assert_checks (FIELD (surname), "Eriks\u202eson", "surname has control");
  assert_checks (FIELD (surname), "Eriks\ufffdson", "surname has control");
  assert_checks (FIELD (surname), "MuÃ±oz", "surname was decoded");
  assert_checks (FIELD (surname), "Erikssоn", "surname mixes scripts"); /* a Cyrillic o */
  assert_checks (FIELD (surname), long_name, "surname is too long");
  assert_checks (FIELD (birth_date), next_year, "birth_date is in the future");
  assert_checks (FIELD (birth_date), "1874-08-12", "birth_date is more than");
  assert_checks (FIELD (birth_date), "1974-02-30", "birth_date is no date");
  assert_checks (FIELD (expiry_date), "2012-02-30", "expiry_date is no date");
  assert_checks (FIELD (nationality), "ALBANA", "nationality is no code");
  assert_checks (FIELD (nationality), "PE", "nationality is no code");
  assert_checks (FIELD (issuing_state), "D<<", "issuing_state is no code");
  assert_checks (FIELD (document_type), "p", "document_type is not");
  assert_checks (FIELD (document_type), "PAS", "document_type is not");
  assert_checks (FIELD (document_number), "- 45*65", "document_number has characters");
  assert_checks (FIELD (document_number), "---", "document_number has no letters");
  assert_checks (FIELD (personal_number), "1234567890123456789012345678901",
                 "personal_number is too long");
  assert_checks (FIELD (address), "a\tb", "address has control");
  assert_checks (FIELD (email), "anna", "email is no");
  assert_checks (FIELD (email), "a@b@c", "email is no");
  assert_checks (FIELD (phone), "N.A.", "phone is no");
}

static void test_other_names (void) {
  g_autoptr (TamboApplicant) applicant = eriksson ();

  applicant->other_names = g_strsplit ("Anne;Ana", ";", -1);
  g_assert_true (tambo_applicant_check (applicant, NULL));
  g_strfreev (applicant->other_names);
  applicant->other_names = g_strsplit ("Anne;4na", ";", -1);
  g_assert_false (tambo_applicant_check (applicant, NULL));
}

static void test_birth_on_the_day (void) {
  g_autoptr (TamboApplicant) applicant = eriksson ();
  static const struct {
    const char *birth_date;
    gboolean is_possible;
  } rows[] = {
    { "2026-11-22", TRUE }, { "2026-11-23", FALSE }, { "2026-XX-XX", TRUE },
    { "2026-11-XX", TRUE }, { "2026-12-XX", FALSE }, { "2027-XX-XX", FALSE },
    { "XXXX-XX-XX", TRUE }, { "1906-11-22", TRUE },  { "1906-11-21", FALSE },
    { "1906-XX-XX", TRUE }, { "1905-XX-XX", FALSE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_free (applicant->birth_date);
    applicant->birth_date = g_strdup (rows[i].birth_date);
    g_assert_true (tambo_applicant_check_field (applicant, "birth_date", "2026-11-22", NULL)
                   == rows[i].is_possible);
  }
}

static void test_field_names (void) {
  const char *const *keys = tambo_applicant_field_keys ();
  g_autoptr (TamboApplicant) empty = tambo_applicant_new ();

  for (gsize i = 0; keys[i] != NULL; i++) {
    g_assert_true (tambo_applicant_has_field (keys[i]));
    g_assert_true (tambo_applicant_check_field (empty, keys[i], "2026-11-22", NULL));
    g_assert_true (tambo_applicant_field_is_missing (empty, keys[i])
                   == (strcmp (keys[i], "sex") != 0));
  }
  g_assert_false (tambo_applicant_has_field ("shoe_size"));
}

static void test_field_values (void) {
  const char *const *keys = tambo_applicant_field_keys ();
  g_autoptr (TamboApplicant) empty = tambo_applicant_new ();
  g_autoptr (TamboApplicant) applicant = tambo_applicant_new ();

  for (gsize i = 0; keys[i] != NULL; i++)
    g_assert_true ((tambo_applicant_get_field (empty, keys[i]) == NULL)
                   == tambo_applicant_field_is_missing (empty, keys[i]));
  applicant->surname = g_strdup ("ERIKSSON");
  applicant->given_names = g_strdup ("");
  applicant->sex = TAMBO_SEX_FEMALE;
  g_assert_cmpstr (tambo_applicant_get_field (applicant, "surname"), ==, "ERIKSSON");
  g_assert_cmpstr (tambo_applicant_get_field (applicant, "given_names"), ==, "");
  g_assert_cmpstr (tambo_applicant_get_field (applicant, "sex"), ==, "F");
  g_assert_null (tambo_applicant_get_field (applicant, "email"));
  g_assert_null (tambo_applicant_get_field (applicant, "shoe_size"));
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/applicant-check/complete", test_complete);
  g_test_add_func ("/applicant-check/missing", test_missing);
  g_test_add_func ("/applicant-check/impossible", test_impossible);
  g_test_add_func ("/applicant-check/other-names", test_other_names);
  g_test_add_func ("/applicant-check/birth-on-the-day", test_birth_on_the_day);
  g_test_add_func ("/applicant-check/field-names", test_field_names);
  g_test_add_func ("/applicant-check/field-values", test_field_values);
  return g_test_run ();
}
