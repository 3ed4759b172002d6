/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "record/check.h"

#include <stdarg.h>
#include <string.h>

#include "base/clock.h"
#include "record/applicant-field.h"
#include "record/partial-date.h"
#include "record/record-error.h"

#define ADULT_AGE 18

void tambo_check_free (TamboCheck *check) {
  if (check == NULL)
    return;
  g_free (check->rule);
  g_free (check->detail);
  g_free (check);
}

/* Takes RULE and DETAIL; no DETAIL is "". */
static void add_row (GPtrArray *checks, char *rule, TamboCheckVerdict verdict, char *detail) {
  TamboCheck *check = g_new (TamboCheck, 1);

  check->rule = rule;
  check->verdict = verdict;
  check->detail = detail != NULL ? detail : g_strdup ("");
  g_ptr_array_add (checks, check);
}

static void check_applicant (GPtrArray *checks, const TamboEnrolment *enrolment,
                             const TamboProcedure *procedure, const char *today) {
  const char *const *keys = tambo_applicant_field_keys ();

  for (gsize i = 0; keys[i] != NULL; i++) {
    gboolean is_required =
        procedure->required_fields != NULL
        && g_strv_contains ((const char *const *) procedure->required_fields, keys[i]);
    char *rule = g_strconcat ("applicant.", keys[i], NULL);
    g_autoptr (GError) error = NULL;

    if (is_required && tambo_applicant_field_is_missing (enrolment->applicant, keys[i]))
      add_row (checks, rule, TAMBO_CHECK_MISSING, g_strdup_printf ("%s is missing", keys[i]));
    else if (!tambo_applicant_check_field (enrolment->applicant, keys[i], today, &error))
      /* What is impossible is wrong whether or not the procedure asks for it. */
      add_row (checks, rule, TAMBO_CHECK_FAILED, g_strdup (error->message));
    else if (is_required)
      add_row (checks, rule, TAMBO_CHECK_PASSED, NULL);
    else
      g_free (rule);
  }
}

static void check_guardian (GPtrArray *checks, const TamboEnrolment *enrolment, int age,
                            const char *today) {
  static const char *const needed[] = { "surname", "given_names", "document_number" };
  const TamboGuardian *guardian = enrolment->guardian;

  if (age < 0 || age >= ADULT_AGE)
    return;
  if (guardian == NULL) {
    add_row (checks, g_strdup ("guardian"), TAMBO_CHECK_MISSING,
             g_strdup ("the applicant is a minor and no guardian is named"));
    return;
  }
  if (guardian->relation == NULL || *guardian->relation == '\0') {
    add_row (checks, g_strdup ("guardian"), TAMBO_CHECK_MISSING,
             g_strdup ("the guardian's relation to the applicant is missing"));
    return;
  }
  for (gsize i = 0; i < G_N_ELEMENTS (needed); i++) {
    g_autoptr (GError) error = NULL;

    if (tambo_applicant_field_is_missing (guardian->person, needed[i])) {
      add_row (checks, g_strdup ("guardian"), TAMBO_CHECK_MISSING,
               g_strdup_printf ("the guardian's %s is missing", needed[i]));
      return;
    }
    if (!tambo_applicant_check_field (guardian->person, needed[i], today, &error)) {
      add_row (checks, g_strdup ("guardian"), TAMBO_CHECK_FAILED,
               g_strdup_printf ("the guardian's %s", error->message));
      return;
    }
  }
  add_row (checks, g_strdup ("guardian"), TAMBO_CHECK_PASSED, NULL);
}

static void check_slot (GPtrArray *checks, const TamboEnrolment *enrolment, const char *slot,
                        const char *what_is_missing) {
  if (tambo_enrolment_find_sample (enrolment, slot) != NULL)
    add_row (checks, g_strdup (slot), TAMBO_CHECK_PASSED, NULL);
  else
    add_row (checks, g_strdup (slot), TAMBO_CHECK_MISSING, g_strdup (what_is_missing));
}

static void check_finger (GPtrArray *checks, const TamboEnrolment *enrolment,
                          const TamboProcedure *procedure, TamboFinger finger) {
  char *rule = g_strconcat ("finger-", tambo_finger_to_string (finger), NULL);
  const TamboSample *sample = tambo_enrolment_find_sample (enrolment, rule);
  const TamboFingerException *exception = tambo_enrolment_find_exception (enrolment, finger);

  if (sample != NULL && sample->quality >= procedure->minimum_finger_quality)
    add_row (checks, rule, TAMBO_CHECK_PASSED, NULL);
  else if (exception != NULL && exception->approved_by != NULL)
    add_row (checks, rule, TAMBO_CHECK_PASSED, NULL);
  else if (exception != NULL)
    add_row (checks, rule, TAMBO_CHECK_APPROVE,
             g_strdup ("the exception waits for a second person's approval"));
  else if (sample == NULL)
    add_row (checks, rule, TAMBO_CHECK_MISSING, g_strdup ("the fingerprint is missing"));
  else if (sample->quality >= 0)
    add_row (checks, rule, TAMBO_CHECK_FAILED,
             g_strdup_printf ("the fingerprint's quality is %d and has to be %d", sample->quality,
                              procedure->minimum_finger_quality));
  else if (procedure->minimum_finger_quality > 0)
    add_row (checks, rule, TAMBO_CHECK_FAILED,
             g_strdup ("the fingerprint's quality was not judged"));
  else
    add_row (checks, rule, TAMBO_CHECK_PASSED, NULL);
}

static void check_fingers (GPtrArray *checks, const TamboEnrolment *enrolment,
                           const TamboProcedure *procedure, int age) {
  if (age >= 0 && age < procedure->fingers_from_age)
    return;
  for (int i = TAMBO_FINGER_RIGHT_THUMB; i <= TAMBO_FINGER_LEFT_LITTLE; i++)
    if (procedure->required_fingers & 1 << i)
      check_finger (checks, enrolment, procedure, (TamboFinger) i);
}

static void check_documents (GPtrArray *checks, const TamboEnrolment *enrolment, char **kinds) {
  for (gsize i = 0; kinds != NULL && kinds[i] != NULL; i++) {
    g_autofree char *slot = g_strconcat ("document-", kinds[i], NULL);

    check_slot (checks, enrolment, slot, "the document is missing");
  }
}

GPtrArray *tambo_check_enrolment (const TamboEnrolment *enrolment, const TamboProcedure *procedure,
                                  const char *today) {
  GPtrArray *checks = g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_check_free);
  g_autofree char *now = today == NULL ? tambo_clock_today () : g_strdup (today);
  int age = tambo_age_on (enrolment->applicant->birth_date, now);

  check_applicant (checks, enrolment, procedure, now);
  check_guardian (checks, enrolment, age, now);
  if (procedure->portrait_required)
    check_slot (checks, enrolment, "portrait", "the portrait is missing");
  check_fingers (checks, enrolment, procedure, age);
  if (procedure->signature_required)
    check_slot (checks, enrolment, "signature", "the signature is missing");
  check_documents (checks, enrolment, procedure->required_documents);
  if (age >= 0 && age < ADULT_AGE)
    check_documents (checks, enrolment, procedure->minor_documents);
  return checks;
}

const TamboCheck *tambo_check_first_open (GPtrArray *checks) {
  for (guint i = 0; i < checks->len; i++) {
    const TamboCheck *check = g_ptr_array_index (checks, i);

    if (check->verdict != TAMBO_CHECK_PASSED)
      return check;
  }
  return NULL;
}

gboolean tambo_check_all_passed (GPtrArray *checks, GError **error) {
  const TamboCheck *open = tambo_check_first_open (checks);

  if (open == NULL)
    return TRUE;
  g_set_error (error, TAMBO_RECORD_ERROR, TAMBO_RECORD_ERROR_RULE, "%s: %s", open->rule,
               open->detail);
  return FALSE;
}

int tambo_age_on (const char *birth_date, const char *today) {
  g_autofree char *now = today == NULL ? tambo_clock_today () : g_strdup (today);
  g_autofree char *latest = NULL;
  TamboPartialDate birth, day;
  int age;

  if (!tambo_partial_date_parse (birth_date, &birth) || birth.year == 0)
    return -1;
  if (!tambo_date_is_valid (now) || !tambo_partial_date_parse (now, &day))
    return -1;
  latest = tambo_partial_date_latest (&birth);
  age = day.year - birth.year;
  /* "MM-DD" of the last possible birthday has not come yet this year. */
  if (strcmp (now + 5, latest + 5) < 0)
    age--;
  return age >= 0 ? age : -1;
}
