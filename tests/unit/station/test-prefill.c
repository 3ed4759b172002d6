/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "practice-station.h"

#include "station/enrol.h"
#include "station/prefill.h"
#include "store/cases.h"

static TamboEnrolment *begin (Practice *practice, const char *procedure) {
  g_autoptr (GError) error = NULL;
  TamboEnrolment *enrolment =
      tambo_enrol_begin (practice->station, procedure, NULL, MRZ_LINES, NULL, &error);

  g_assert_no_error (error);
  return enrolment;
}

static void set_contact (Practice *practice, TamboEnrolment *enrolment, const char *address) {
  g_autoptr (TamboApplicant) applicant = tambo_applicant_copy (enrolment->applicant);
  g_autoptr (GError) error = NULL;

  g_free (applicant->address);
  applicant->address = g_strdup (address);
  g_free (applicant->phone);
  applicant->phone = g_strdup ("999111222");
  g_assert_true (tambo_enrol_set_applicant (practice->station, enrolment, applicant, &error));
}

static TamboPrefill *take (Practice *practice, TamboEnrolment *enrolment) {
  g_autoptr (GError) error = NULL;
  TamboPrefill *prefill = NULL;

  g_assert_true (tambo_prefill_take (practice->station, enrolment, &prefill, &error));
  g_assert_no_error (error);
  return prefill;
}

static void test_open_case (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autoptr (TamboEnrolment) first = begin (practice, "passport");
  g_autoptr (TamboEnrolment) second = NULL;

  g_assert_null (take (practice, first));
  set_contact (practice, first, "ARENALES 100");
  second = begin (practice, "foreigner-card");
  g_autoptr (TamboPrefill) prefill = take (practice, second);
  g_assert_nonnull (prefill);
  g_assert_cmpstr (prefill->tracking_number, ==, first->tracking_number);
  g_assert_cmpuint (prefill->keys->len, ==, 2);
  g_assert_cmpstr (second->applicant->address, ==, "ARENALES 100");
  g_assert_cmpstr (second->applicant->phone, ==, "999111222");
  g_assert_null (take (practice, second));

  /* It is durable. */
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboEnrolment) again = tambo_enrol_resume (practice->station, second->id, &error);
  g_assert_cmpstr (again->applicant->address, ==, "ARENALES 100");
}

/* What the new case says already is not touched. */
static void test_own_words_stay (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autoptr (TamboEnrolment) first = begin (practice, "passport");
  g_autoptr (TamboEnrolment) second = begin (practice, "foreigner-card");

  set_contact (practice, first, "ARENALES 100");
  set_contact (practice, second, "JIRON TACNA 345");
  g_assert_null (take (practice, second));
  g_assert_cmpstr (second->applicant->address, ==, "JIRON TACNA 345");
}

/* Of a sealed case nothing can be read; what is remembered goes with the operator. */
static void test_sealed_case (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autoptr (TamboEnrolment) first = begin (practice, "passport");
  g_autoptr (GError) error = NULL;

  set_contact (practice, first, "ARENALES 100");
  tambo_prefill_remember (practice->station, first);
  g_assert_true (tambo_cases_set_state (tambo_station_get_store (practice->station), first->id,
                                        TAMBO_CASE_DISCARDED, "test", &error));
  g_autoptr (TamboEnrolment) second = begin (practice, "foreigner-card");
  g_autoptr (TamboPrefill) prefill = take (practice, second);
  g_assert_nonnull (prefill);
  g_assert_cmpstr (second->applicant->address, ==, "ARENALES 100");

  g_autofree char *id = tambo_station_dup_operator (practice->station);
  tambo_station_sign_out (practice->station);
  sign_in (practice, id);
  g_assert_true (tambo_cases_set_state (tambo_station_get_store (practice->station), second->id,
                                        TAMBO_CASE_DISCARDED, "test", &error));
  g_autoptr (TamboEnrolment) third = begin (practice, "foreigner-card");
  g_assert_null (take (practice, third));
}

static void test_same_person (void) {
  g_autoptr (TamboApplicant) a = tambo_applicant_new ();
  g_autoptr (TamboApplicant) b = tambo_applicant_new ();

  g_assert_false (tambo_prefill_is_same_person (a, b));
  a->surname = g_strdup ("MÜLLER");
  b->surname = g_strdup ("Müller");
  a->given_names = g_strdup ("ANNA");
  b->given_names = g_strdup ("Anna");
  a->nationality = g_strdup ("UTO");
  b->nationality = g_strdup ("UTO");
  g_assert_false (tambo_prefill_is_same_person (a, b));
  a->birth_date = g_strdup ("1974-08-12");
  b->birth_date = g_strdup ("1974-08-12");
  g_assert_true (tambo_prefill_is_same_person (a, b));
  b->sex = TAMBO_SEX_MALE;
  g_assert_false (tambo_prefill_is_same_person (a, b));
  a->personal_number = g_strdup ("ZE184226B");
  b->personal_number = g_strdup ("ZE184226B");
  g_assert_true (tambo_prefill_is_same_person (a, b));
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/station/prefill/open-case", test_open_case);
  g_test_add_func ("/station/prefill/own-words-stay", test_own_words_stay);
  g_test_add_func ("/station/prefill/sealed-case", test_sealed_case);
  g_test_add_func ("/station/prefill/same-person", test_same_person);
  return g_test_run ();
}
