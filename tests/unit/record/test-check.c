/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/json.h"
#include "record/check.h"
#include "record/record-error.h"

#define TODAY "2026-11-22"

#define PROCEDURE                                                                                  \
  "{\"id\":\"card\",\"version\":1,\"title\":\"Card\",\"document_type\":\"I\","                     \
  "\"validity_years\":4,\"required_fields\":[\"surname\",\"birth_date\"],"                         \
  "\"required_documents\":[\"travel-document\"],\"portrait\":true,\"signature\":true,"             \
  "\"fingers\":[\"right-index\",\"left-index\"],\"fingers_from_age\":14,"                          \
  "\"minimum_finger_quality\":20}"

typedef struct {
  TamboProcedure *procedure;
  TamboEnrolment *enrolment; /* complete */
} Fixture;

static void take (Fixture *fixture, TamboSampleKind kind, TamboFinger finger, int quality) {
  TamboSample *sample = tambo_sample_new (kind);

  sample->finger = finger;
  sample->quality = quality;
  if (kind == TAMBO_SAMPLE_DOCUMENT)
    sample->document_kind = g_strdup ("travel-document");
  tambo_enrolment_take_sample (fixture->enrolment, sample);
}

static void set_up (Fixture *fixture, gconstpointer data) {
  g_autoptr (JsonObject) object = tambo_json_parse_object (PROCEDURE, -1, NULL);

  fixture->procedure = tambo_procedure_from_json (object, NULL);
  fixture->enrolment = tambo_enrolment_new ("LIM-01", fixture->procedure, "clerk");
  fixture->enrolment->applicant->surname = g_strdup ("Eriksson");
  fixture->enrolment->applicant->birth_date = g_strdup ("1974-08-12");
  take (fixture, TAMBO_SAMPLE_PORTRAIT, 0, -1);
  take (fixture, TAMBO_SAMPLE_FINGERPRINT, TAMBO_FINGER_RIGHT_INDEX, 20);
  take (fixture, TAMBO_SAMPLE_FINGERPRINT, TAMBO_FINGER_LEFT_INDEX, 80);
  take (fixture, TAMBO_SAMPLE_SIGNATURE, 0, -1);
  take (fixture, TAMBO_SAMPLE_DOCUMENT, 0, -1);
}

static void tear_down (Fixture *fixture, gconstpointer data) {
  tambo_enrolment_free (fixture->enrolment);
  tambo_procedure_free (fixture->procedure);
}

static void remove_slot (Fixture *fixture, const char *slot) {
  g_ptr_array_remove (fixture->enrolment->samples,
                      (gpointer) tambo_enrolment_find_sample (fixture->enrolment, slot));
}

static void assert_first_open (Fixture *fixture, const char *rule, TamboCheckVerdict verdict) {
  g_autoptr (GPtrArray) checks =
      tambo_check_enrolment (fixture->enrolment, fixture->procedure, TODAY);
  const TamboCheck *open = tambo_check_first_open (checks);
  g_autoptr (GError) error = NULL;

  g_assert_nonnull (open);
  g_assert_cmpstr (open->rule, ==, rule);
  g_assert_cmpint (open->verdict, ==, verdict);
  g_assert_cmpstr (open->detail, !=, "");
  g_assert_false (tambo_check_all_passed (checks, &error));
  g_assert_error (error, TAMBO_RECORD_ERROR, TAMBO_RECORD_ERROR_RULE);
  g_assert_true (g_str_has_prefix (error->message, rule));
}

static guint assert_passes (Fixture *fixture) {
  g_autoptr (GPtrArray) checks =
      tambo_check_enrolment (fixture->enrolment, fixture->procedure, TODAY);
  g_autoptr (GError) error = NULL;

  g_assert_true (tambo_check_all_passed (checks, &error));
  g_assert_no_error (error);
  g_assert_null (tambo_check_first_open (checks));
  return checks->len;
}

static void test_complete (Fixture *fixture, gconstpointer data) {
  static const char *const rules[] = {
    "applicant.surname",       "applicant.birth_date", "portrait",
    "finger-right-index",      "finger-left-index",    "signature",
    "document-travel-document"
  };
  g_autoptr (GPtrArray) checks =
      tambo_check_enrolment (fixture->enrolment, fixture->procedure, TODAY);

  g_assert_cmpuint (checks->len, ==, G_N_ELEMENTS (rules));
  for (guint i = 0; i < checks->len; i++) {
    const TamboCheck *check = g_ptr_array_index (checks, i);

    g_assert_cmpstr (check->rule, ==, rules[i]);
    g_assert_cmpint (check->verdict, ==, TAMBO_CHECK_PASSED);
    g_assert_cmpstr (check->detail, ==, "");
  }
}

static void test_each_slot_can_be_missing (Fixture *fixture, gconstpointer data) {
  static const char *const slots[] = { "document-travel-document", "signature", "finger-left-index",
                                       "finger-right-index", "portrait" };

  /* From the last step to the first, so that each is the first open one. */
  for (gsize i = 0; i < G_N_ELEMENTS (slots); i++) {
    remove_slot (fixture, slots[i]);
    assert_first_open (fixture, slots[i], TAMBO_CHECK_MISSING);
  }
}

static void test_applicant (Fixture *fixture, gconstpointer data) {
  TamboApplicant *applicant = fixture->enrolment->applicant;

  /* Not asked for, but wrong. */
  applicant->nationality = g_strdup ("ZZZ");
  assert_first_open (fixture, "applicant.nationality", TAMBO_CHECK_FAILED);
  g_clear_pointer (&applicant->surname, g_free);
  assert_first_open (fixture, "applicant.surname", TAMBO_CHECK_MISSING);
}

static void test_finger_quality (Fixture *fixture, gconstpointer data) {
  take (fixture, TAMBO_SAMPLE_FINGERPRINT, TAMBO_FINGER_RIGHT_INDEX, 19);
  assert_first_open (fixture, "finger-right-index", TAMBO_CHECK_FAILED);
  take (fixture, TAMBO_SAMPLE_FINGERPRINT, TAMBO_FINGER_RIGHT_INDEX, -1);
  assert_first_open (fixture, "finger-right-index", TAMBO_CHECK_FAILED);
  fixture->procedure->minimum_finger_quality = 0;
  assert_passes (fixture);
}

static void test_finger_exception (Fixture *fixture, gconstpointer data) {
  TamboFingerException *exception;

  remove_slot (fixture, "finger-left-index");
  tambo_enrolment_add_exception (fixture->enrolment, TAMBO_FINGER_LEFT_INDEX, "bandaged", "clerk");
  assert_first_open (fixture, "finger-left-index", TAMBO_CHECK_APPROVE);
  exception = g_ptr_array_index (fixture->enrolment->exceptions, 0);
  exception->approved_by = g_strdup ("supervisor");
  assert_passes (fixture);
}

static void test_children_give_no_fingerprints (Fixture *fixture, gconstpointer data) {
  TamboApplicant *applicant = fixture->enrolment->applicant;

  remove_slot (fixture, "finger-left-index");
  remove_slot (fixture, "finger-right-index");
  fixture->enrolment->guardian = g_new0 (TamboGuardian, 1);
  fixture->enrolment->guardian->relation = g_strdup ("mother");
  fixture->enrolment->guardian->person = tambo_applicant_new ();
  fixture->enrolment->guardian->person->surname = g_strdup ("Eriksson");
  fixture->enrolment->guardian->person->given_names = g_strdup ("");
  fixture->enrolment->guardian->person->document_number = g_strdup ("L898902C3");
  g_free (applicant->birth_date);
  applicant->birth_date = g_strdup ("2012-11-23"); /* 13 until tomorrow */
  g_assert_cmpuint (assert_passes (fixture), ==, 6);
  g_free (applicant->birth_date);
  applicant->birth_date = g_strdup ("2012-11-22"); /* 14 today */
  assert_first_open (fixture, "finger-right-index", TAMBO_CHECK_MISSING);
}

static void test_minors_have_guardians (Fixture *fixture, gconstpointer data) {
  TamboEnrolment *enrolment = fixture->enrolment;

  g_free (enrolment->applicant->birth_date);
  enrolment->applicant->birth_date = g_strdup ("2008-11-XX"); /* perhaps 18, perhaps not yet */
  assert_first_open (fixture, "guardian", TAMBO_CHECK_MISSING);
  enrolment->guardian = g_new0 (TamboGuardian, 1);
  enrolment->guardian->person = tambo_applicant_new ();
  assert_first_open (fixture, "guardian", TAMBO_CHECK_MISSING);
  enrolment->guardian->relation = g_strdup ("father");
  assert_first_open (fixture, "guardian", TAMBO_CHECK_MISSING);
  enrolment->guardian->person->surname = g_strdup ("Eriksson");
  enrolment->guardian->person->given_names = g_strdup ("");
  enrolment->guardian->person->document_number = g_strdup ("*");
  assert_first_open (fixture, "guardian", TAMBO_CHECK_FAILED);
  g_free (enrolment->guardian->person->document_number);
  enrolment->guardian->person->document_number = g_strdup ("L898902C3");
  assert_passes (fixture);
}

static void test_minors_bring_documents (Fixture *fixture, gconstpointer data) {
  TamboEnrolment *enrolment = fixture->enrolment;
  const char *const kinds[] = { "guardian-consent", NULL };

  g_strfreev (fixture->procedure->minor_documents);
  fixture->procedure->minor_documents = g_strdupv ((char **) kinds);
  assert_passes (fixture);
  g_free (enrolment->applicant->birth_date);
  enrolment->applicant->birth_date = g_strdup ("2012-11-02");
  enrolment->guardian = g_new0 (TamboGuardian, 1);
  enrolment->guardian->relation = g_strdup ("mother");
  enrolment->guardian->person = tambo_applicant_new ();
  enrolment->guardian->person->surname = g_strdup ("Eriksson");
  enrolment->guardian->person->given_names = g_strdup ("");
  enrolment->guardian->person->document_number = g_strdup ("L898902C3");
  assert_first_open (fixture, "document-guardian-consent", TAMBO_CHECK_MISSING);
}

static void test_age (void) {
  static const struct {
    const char *birth_date, *today;
    int age;
  } rows[] = {
    { "2000-11-22", "2026-11-22", 26 }, { "2000-11-23", "2026-11-22", 25 },
    { "2000-11-21", "2026-11-22", 26 }, { "2000-XX-XX", "2026-11-22", 25 },
    { "2000-XX-XX", "2026-12-31", 26 }, { "2000-11-XX", "2026-11-29", 25 },
    { "2000-11-XX", "2026-11-30", 26 }, { "2004-02-29", "2026-02-28", 21 },
    { "2004-02-29", "2026-03-01", 22 }, { "2026-11-22", "2026-11-22", 0 },
    { "2026-11-23", "2026-11-22", -1 }, { "XXXX-XX-XX", "2026-11-22", -1 },
    { "1974-02-30", "2026-11-22", -1 }, { NULL, "2026-11-22", -1 },
    { "2000-11-22", "2026-XX-XX", -1 },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpint (tambo_age_on (rows[i].birth_date, rows[i].today), ==, rows[i].age);
  g_assert_cmpint (tambo_age_on ("1974-08-12", NULL), >=, 52);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
#define ADD(name, function) g_test_add (name, Fixture, NULL, set_up, function, tear_down)
  ADD ("/check/complete", test_complete);
  ADD ("/check/each-slot-can-be-missing", test_each_slot_can_be_missing);
  ADD ("/check/applicant", test_applicant);
  ADD ("/check/finger-quality", test_finger_quality);
  ADD ("/check/finger-exception", test_finger_exception);
  ADD ("/check/children-give-no-fingerprints", test_children_give_no_fingerprints);
  ADD ("/check/minors-have-guardians", test_minors_have_guardians);
  ADD ("/check/minors-bring-documents", test_minors_bring_documents);
  g_test_add_func ("/check/age", test_age);
  return g_test_run ();
}
