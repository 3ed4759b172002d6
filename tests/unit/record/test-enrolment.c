/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/id.h"
#include "base/json.h"
#include "record/enrolment.h"
#include "record/record-error.h"

static TamboEnrolment *new_case (void) {
  char no_list[] = "";
  char *none[] = { NULL };
  const TamboProcedure procedure = {
    .id = (char *) "passport", .version = 3, .title = no_list, .required_fields = none
  };

  return tambo_enrolment_new ("LIM-01", &procedure, "clerk");
}

static TamboSample *new_finger (TamboFinger finger, int quality) {
  TamboSample *sample = tambo_sample_new (TAMBO_SAMPLE_FINGERPRINT);

  sample->finger = finger;
  sample->quality = quality;
  return sample;
}

static TamboEnrolment *new_full_case (void) {
  TamboEnrolment *enrolment = new_case ();

  enrolment->practice = TRUE;
  enrolment->applicant->surname = g_strdup ("Eriksson");
  enrolment->mrz = g_strdup ("P<UTOERIKSSON");
  enrolment->note = g_strdup ("I saw the bandage.");
  enrolment->guardian = g_new0 (TamboGuardian, 1);
  enrolment->guardian->person = tambo_applicant_new ();
  enrolment->guardian->person->surname = g_strdup ("Eriksson");
  enrolment->guardian->relation = g_strdup ("mother");
  tambo_enrolment_take_sample (enrolment, tambo_sample_new (TAMBO_SAMPLE_PORTRAIT));
  tambo_enrolment_take_sample (enrolment, new_finger (TAMBO_FINGER_RIGHT_INDEX, 50));
  tambo_enrolment_add_exception (enrolment, TAMBO_FINGER_LEFT_INDEX, "bandaged", "clerk");
  return enrolment;
}

static char *text_of (const TamboEnrolment *enrolment) {
  g_autoptr (JsonObject) object = tambo_enrolment_to_json (enrolment);

  return tambo_json_canonical (object);
}

static void test_new (void) {
  g_autoptr (TamboEnrolment) enrolment = new_case ();

  g_assert_true (tambo_id_is_valid (enrolment->id));
  g_assert_true (tambo_tracking_is_valid (enrolment->tracking_number));
  g_assert_cmpstr (enrolment->procedure_id, ==, "passport");
  g_assert_cmpint (enrolment->procedure_version, ==, 3);
  g_assert_cmpint (enrolment->state, ==, TAMBO_CASE_DRAFT);
  g_assert_false (enrolment->practice);
  g_assert_cmpuint (enrolment->samples->len, ==, 0);
}

static void test_a_slot_holds_one_sample (void) {
  g_autoptr (TamboEnrolment) enrolment = new_case ();

  tambo_enrolment_take_sample (enrolment, new_finger (TAMBO_FINGER_RIGHT_INDEX, 10));
  tambo_enrolment_take_sample (enrolment, new_finger (TAMBO_FINGER_LEFT_INDEX, 20));
  tambo_enrolment_take_sample (enrolment, new_finger (TAMBO_FINGER_RIGHT_INDEX, 30));
  g_assert_cmpuint (enrolment->samples->len, ==, 2);
  g_assert_cmpint (tambo_enrolment_find_sample (enrolment, "finger-right-index")->quality, ==, 30);
  g_assert_cmpint (tambo_enrolment_find_sample (enrolment, "finger-left-index")->quality, ==, 20);
  g_assert_null (tambo_enrolment_find_sample (enrolment, "portrait"));
}

static void test_a_finger_has_one_exception (void) {
  g_autoptr (TamboEnrolment) enrolment = new_case ();

  tambo_enrolment_add_exception (enrolment, TAMBO_FINGER_LEFT_INDEX, "bandaged", "clerk");
  tambo_enrolment_add_exception (enrolment, TAMBO_FINGER_LEFT_INDEX, "amputated", "clerk");
  g_assert_cmpuint (enrolment->exceptions->len, ==, 1);
  g_assert_cmpstr (tambo_enrolment_find_exception (enrolment, TAMBO_FINGER_LEFT_INDEX)->reason, ==,
                   "amputated");
  g_assert_null (tambo_enrolment_find_exception (enrolment, TAMBO_FINGER_LEFT_RING));
}

static void test_round_trip (void) {
  g_autoptr (TamboEnrolment) enrolment = new_full_case ();
  g_autoptr (TamboEnrolment) copy = tambo_enrolment_copy (enrolment);
  g_autoptr (JsonObject) object = tambo_enrolment_to_json (enrolment);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboEnrolment) back = tambo_enrolment_from_json (object, &error);
  g_autofree char *text = text_of (enrolment);
  g_autofree char *text_of_copy = text_of (copy);
  g_autofree char *text_of_back = NULL;

  g_assert_no_error (error);
  text_of_back = text_of (back);
  g_assert_cmpstr (text_of_copy, ==, text);
  g_assert_cmpstr (text_of_back, ==, text);
  /* The copy's lists own what they hold. */
  tambo_enrolment_take_sample (copy, new_finger (TAMBO_FINGER_RIGHT_INDEX, 70));
  tambo_enrolment_add_exception (copy, TAMBO_FINGER_LEFT_INDEX, "amputated", "clerk");
  g_assert_cmpint (tambo_enrolment_find_sample (enrolment, "finger-right-index")->quality, ==, 50);
}

/* Each member changed into something that it may not be. */
static void test_refuses (void) {
  static const struct {
    const char *member, *value; /* value: JSON, NULL to leave it out */
  } rows[] = {
    { "id", NULL },
    { "id", "\"1\"" },
    { "tracking_number", "\"TB-0000-0000-0\"" },
    { "office", NULL },
    { "procedure_id", "\"../passport\"" },
    { "procedure_version", "0" },
    { "procedure_version", "\"1\"" },
    { "procedure_version", NULL },
    { "state", "\"lost\"" },
    { "created_at", "\"today\"" },
    { "operator_id", "7" },
    { "practice", "\"no\"" },
    { "applicant", NULL },
    { "applicant", "[]" },
    { "guardian", "{\"relation\":\"mother\"}" },
    { "applicant", "null" },
    { "samples", "{}" },
    { "samples", "[1]" },
    { "samples", "[{\"kind\":\"iris\"}]" },
    { "samples", "[{\"kind\":\"portrait\"},{\"kind\":\"portrait\"}]" },
    { "exceptions", "[{\"finger\":\"nose\",\"reason\":\"x\",\"operator_id\":\"y\"}]" },
    { "exceptions", "[{\"finger\":\"left-index\",\"operator_id\":\"y\"}]" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (TamboEnrolment) enrolment = new_full_case ();
    g_autoptr (JsonObject) object = tambo_enrolment_to_json (enrolment);
    g_autoptr (GError) error = NULL;

    if (rows[i].value == NULL)
      json_object_remove_member (object, rows[i].member);
    else
      json_object_set_member (object, rows[i].member, json_from_string (rows[i].value, NULL));
    g_assert_null (tambo_enrolment_from_json (object, &error));
    g_assert_error (error, TAMBO_RECORD_ERROR, TAMBO_RECORD_ERROR_MALFORMED);
  }
}

static void test_state_names (void) {
  for (int i = TAMBO_CASE_DRAFT; i <= TAMBO_CASE_DISCARDED; i++) {
    TamboCaseState state;

    g_assert_true (
        tambo_case_state_from_string (tambo_case_state_to_string ((TamboCaseState) i), &state));
    g_assert_cmpint (state, ==, i);
  }
}

static void test_arrows (void) {
  guint n_arrows = 0;

  for (int from = TAMBO_CASE_DRAFT; from <= TAMBO_CASE_DISCARDED; from++)
    for (int to = TAMBO_CASE_DRAFT; to <= TAMBO_CASE_DISCARDED; to++)
      n_arrows += (guint) tambo_case_state_may_become ((TamboCaseState) from, (TamboCaseState) to);
  g_assert_cmpuint (n_arrows, ==, 12);
  g_assert_true (tambo_case_state_may_become (TAMBO_CASE_DRAFT, TAMBO_CASE_QUEUED));
  g_assert_true (tambo_case_state_may_become (TAMBO_CASE_WAITING, TAMBO_CASE_DRAFT));
  g_assert_true (tambo_case_state_may_become (TAMBO_CASE_QUEUED, TAMBO_CASE_ACKNOWLEDGED));
  g_assert_false (tambo_case_state_may_become (TAMBO_CASE_WAITING, TAMBO_CASE_QUEUED));
  g_assert_false (tambo_case_state_may_become (TAMBO_CASE_QUEUED, TAMBO_CASE_DRAFT));
  g_assert_false (tambo_case_state_may_become (TAMBO_CASE_DISCARDED, TAMBO_CASE_DRAFT));
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/enrolment/new", test_new);
  g_test_add_func ("/enrolment/a-slot-holds-one-sample", test_a_slot_holds_one_sample);
  g_test_add_func ("/enrolment/a-finger-has-one-exception", test_a_finger_has_one_exception);
  g_test_add_func ("/enrolment/round-trip", test_round_trip);
  g_test_add_func ("/enrolment/refuses", test_refuses);
  g_test_add_func ("/enrolment/state-names", test_state_names);
  g_test_add_func ("/enrolment/arrows", test_arrows);
  return g_test_run ();
}
