/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "practice-station.h"

#include "format/format-error.h"
#include "record/record-error.h"
#include "station/audit-desk.h"
#include "station/case-desk.h"
#include "station/enrol.h"
#include "station/headquarters.h"
#include "sync/envelope.h"

static TamboEnrolment *begin (Practice *practice) {
  g_autoptr (GError) error = NULL;
  TamboEnrolment *enrolment =
      tambo_enrol_begin (practice->station, "passport", NULL, MRZ_LINES, NULL, &error);

  g_assert_no_error (error);
  return enrolment;
}

static TamboSignature *signature_new (void) {
  TamboSignature *signature = tambo_signature_new (1000, 500, 1023, 2540);

  for (guint i = 0; i < 200; i++) {
    TamboPenSample sample = { 100 + i * 4, 250 + (i % 40) * 3, 600, i * 5 };
    g_array_append_val (signature->samples, sample);
  }
  return signature;
}

static void add_all (Practice *practice, TamboEnrolment *enrolment) {
  g_autoptr (GBytes) portrait = portrait_new ();
  g_autoptr (TamboImage) ridges = ridges_new ();
  g_autoptr (TamboSignature) signature = signature_new ();
  g_autoptr (GError) error = NULL;

  tambo_enrol_add_portrait (practice->station, enrolment, portrait, "test", &error);
  g_assert_no_error (error);
  add_finger (practice, enrolment, TAMBO_FINGER_RIGHT_INDEX, ridges, &error);
  g_assert_no_error (error);
  add_finger (practice, enrolment, TAMBO_FINGER_LEFT_INDEX, ridges, &error);
  g_assert_no_error (error);
  tambo_enrol_add_signature (practice->station, enrolment, signature, "test", &error);
  g_assert_no_error (error);
}

static void test_check_digit (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autofree char *wrong = g_strdup (MRZ_LINES);
  g_autoptr (GError) error = NULL;

  wrong[strlen (wrong) - 1] = '7';
  g_assert_null (tambo_enrol_begin (practice->station, "passport", NULL, wrong, NULL, &error));
  g_assert_error (error, TAMBO_RECORD_ERROR, TAMBO_RECORD_ERROR_CHECK_DIGIT);
}

static void test_document_and_typing_differ (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autoptr (TamboApplicant) typed = tambo_applicant_new ();
  g_autoptr (GError) error = NULL;

  typed->birth_date = g_strdup ("1974-08-13");
  g_assert_null (tambo_enrol_begin (practice->station, "passport", typed, MRZ_LINES, NULL, &error));
  g_assert_error (error, TAMBO_RECORD_ERROR, TAMBO_RECORD_ERROR_FIELD);
}

static void test_bad_samples_change_nothing (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autoptr (TamboEnrolment) enrolment = begin (practice);
  g_autoptr (GBytes) no_image = g_bytes_new_static ("this is no image", 16);
  g_autoptr (TamboImage) blank = tambo_image_new (320, 400, 1);
  g_autoptr (GError) error = NULL;

  g_assert_false (
      tambo_enrol_add_portrait (practice->station, enrolment, no_image, "test", &error));
  g_assert_cmpstr (g_quark_to_string (error->domain), ==, g_quark_to_string (TAMBO_FORMAT_ERROR));
  g_clear_error (&error);
  memset (blank->data, 255, tambo_image_size (blank));
  g_assert_false (add_finger (practice, enrolment, TAMBO_FINGER_RIGHT_INDEX, blank, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_QUALITY);
  g_clear_error (&error);
  g_assert_cmpuint (enrolment->samples->len, ==, 0);

  g_assert_false (tambo_enrol_seal (practice->station, enrolment, &error));
  g_assert_error (error, TAMBO_RECORD_ERROR, TAMBO_RECORD_ERROR_RULE);
}

/* Another process, after a power cut: everything is there. */
static void test_resume (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autoptr (TamboEnrolment) enrolment = begin (practice);
  g_autoptr (GError) error = NULL;

  add_all (practice, enrolment);
  g_object_unref (practice->station);
  practice->station = tambo_station_open (practice->folder, &error);
  g_assert_no_error (error);
  sign_in (practice, "supervisor");

  g_autoptr (TamboEnrolment) resumed =
      tambo_enrol_resume (practice->station, enrolment->id, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (resumed->samples->len, ==, 4);
  g_assert_cmpstr (resumed->applicant->surname, ==, "ERIKSSON");
  g_autoptr (GBytes) portrait = portrait_new ();
  g_autoptr (GBytes) kept =
      tambo_enrol_load_sample (practice->station, resumed, "portrait", &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (portrait, kept));
}

static void test_seal (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autoptr (TamboEnrolment) enrolment = begin (practice);
  g_autoptr (GError) error = NULL;
  guint records;

  add_all (practice, enrolment);
  tambo_enrol_seal (practice->station, enrolment, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (tambo_station_count_waiting (practice->station), ==, 1);
  g_assert_true (tambo_headquarters_verify_outbox (practice->station, &records, &error));
  g_assert_cmpuint (records, ==, 1);

  /* Headquarters reads it, the station does not any more. */
  g_autoptr (GBytes) sealed =
      tambo_outbox_load (tambo_station_get_store (practice->station), enrolment->id, &error);
  g_auto (TamboEnvelopeHeader) header = { NULL };
  g_autoptr (GBytes) plain = tambo_envelope_open (sealed, practice->envelope_key, &header, &error);
  g_assert_no_error (error);
  g_autoptr (TamboPacket) packet = tambo_packet_parse (plain, &error);
  g_assert_no_error (error);
  g_assert_nonnull (tambo_packet_get (packet, "portrait"));
  g_autoptr (JsonObject) object = tambo_packet_get_json (packet, "case", &error);
  g_autoptr (TamboEnrolment) received = tambo_enrolment_from_json (object, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (received->applicant->document_number, ==, "L898902C3");
  g_assert_null (tambo_enrol_resume (practice->station, enrolment->id, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE);
}

/* An exception needs a second person, and not the one who noted it. */
static void test_four_eyes (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autoptr (TamboEnrolment) enrolment = begin (practice);
  g_autoptr (GBytes) portrait = portrait_new ();
  g_autoptr (TamboImage) ridges = ridges_new ();
  g_autoptr (TamboSignature) signature = signature_new ();
  g_autoptr (GError) error = NULL;

  tambo_enrol_add_portrait (practice->station, enrolment, portrait, "test", &error);
  add_finger (practice, enrolment, TAMBO_FINGER_RIGHT_INDEX, ridges, &error);
  tambo_enrol_add_finger_exception (practice->station, enrolment, TAMBO_FINGER_LEFT_INDEX,
                                    "bandaged", &error);
  tambo_enrol_add_signature (practice->station, enrolment, signature, "test", &error);
  g_assert_no_error (error);

  g_assert_false (tambo_enrol_seal (practice->station, enrolment, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_FOUR_EYES);
  g_clear_error (&error);
  g_assert_false (tambo_case_desk_approve (practice->station, enrolment->id, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_ROLE);
  g_clear_error (&error);

  sign_in (practice, "supervisor");
  g_assert_true (tambo_case_desk_approve (practice->station, enrolment->id, &error));
  g_assert_no_error (error);
  g_autoptr (TamboCaseRow) row =
      tambo_case_desk_get (practice->station, enrolment->tracking_number, &error);
  g_assert_no_error (error);
  g_assert_cmpint (row->state, ==, TAMBO_CASE_QUEUED);
}

/* Bandaged finger, sealed as far as the clerk can. */
static TamboEnrolment *make_waiting (Practice *practice) {
  TamboEnrolment *enrolment = begin (practice);
  g_autoptr (GBytes) portrait = portrait_new ();
  g_autoptr (TamboImage) ridges = ridges_new ();
  g_autoptr (TamboSignature) signature = signature_new ();
  g_autoptr (GError) error = NULL;

  tambo_enrol_add_portrait (practice->station, enrolment, portrait, "test", &error);
  add_finger (practice, enrolment, TAMBO_FINGER_RIGHT_INDEX, ridges, &error);
  tambo_enrol_add_finger_exception (practice->station, enrolment, TAMBO_FINGER_LEFT_INDEX,
                                    "bandaged", &error);
  tambo_enrol_add_signature (practice->station, enrolment, signature, "test", &error);
  g_assert_no_error (error);
  g_assert_false (tambo_enrol_seal (practice->station, enrolment, &error));
  return enrolment;
}

static void assert_not_decided (Practice *practice, const char *case_id, int code) {
  g_autoptr (GError) error = NULL;

  g_assert_false (tambo_case_desk_decide (practice->station, case_id, TRUE, "seen", &error));
  g_assert_error (error, TAMBO_STATION_ERROR, code);
}

/* The supervisor comes to the clerk's desk; who captured it is no second person. */
static void test_decision_at_the_desk (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autoptr (TamboEnrolment) first = make_waiting (practice), second = make_waiting (practice);
  g_autoptr (GPtrArray) checks = NULL;
  g_autoptr (GError) error = NULL;

  assert_not_decided (practice, first->id, TAMBO_STATION_ERROR_FOUR_EYES);
  bring_second (practice, "supervisor");
  g_assert_true (
      tambo_case_desk_decide (practice->station, first->id, TRUE, "bandage seen", &error));
  g_assert_no_error (error);
  assert_audit (practice->station, "clerk+supervisor", "case.approve");
  assert_not_decided (practice, second->id, TAMBO_STATION_ERROR_FOUR_EYES);

  bring_second (practice, "supervisor");
  g_assert_true (
      tambo_case_desk_decide (practice->station, second->id, FALSE, "no bandage", &error));
  g_assert_no_error (error);
  g_autoptr (TamboEnrolment) seen =
      tambo_case_desk_look (practice->station, second->id, &checks, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (seen->note, ==, "no bandage");
  g_autoptr (TamboEnrolment) mended = tambo_enrol_resume (practice->station, second->id, &error);
  g_assert_no_error (error);
  g_assert_cmpint (mended->state, ==, TAMBO_CASE_DRAFT);
  g_assert_cmpuint (checks->len, >, 0);
}

/* A supervisor who captured the case needs another one. */
static void test_decision_of_who_captured (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autoptr (GError) error = NULL;

  sign_in (practice, "supervisor");
  g_autoptr (TamboEnrolment) enrolment = make_waiting (practice);
  assert_not_decided (practice, enrolment->id, TAMBO_STATION_ERROR_FOUR_EYES);
  bring_second (practice, "clerk");
  assert_not_decided (practice, enrolment->id, TAMBO_STATION_ERROR_ROLE);
  bring_second (practice, "deputy");
  g_assert_true (tambo_case_desk_decide (practice->station, enrolment->id, TRUE, NULL, &error));
  g_assert_no_error (error);
}

static void test_not_registered (void) {
  g_autoptr (Practice) practice = practice_new (FALSE);
  g_autoptr (TamboEnrolment) enrolment = begin (practice);
  g_autoptr (GError) error = NULL;

  add_all (practice, enrolment);
  g_assert_false (tambo_enrol_seal (practice->station, enrolment, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_NOT_REGISTERED);
  g_clear_error (&error);
  g_autoptr (TamboEnrolment) kept = tambo_enrol_resume (practice->station, enrolment->id, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (kept->samples->len, ==, 4);
}

/* A log cut at the end holds in itself; the record that was signed with its head tells. */
static void test_cut_log (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autoptr (TamboEnrolment) enrolment = begin (practice);
  g_autoptr (GError) error = NULL;
  gint64 entries, countersigned;

  add_all (practice, enrolment);
  g_assert_true (tambo_enrol_seal (practice->station, enrolment, &error));
  g_assert_true (tambo_audit_desk_verify (practice->station, &entries, &countersigned, &error));
  for (int cut = 1; cut < 6; cut++) {
    g_autofree char *command =
        g_strdup_printf ("sqlite3 '%s/store.db' 'DELETE FROM audit_entries WHERE number >= %d'",
                         practice->folder, (int) entries - cut);

    g_assert_cmpint (system (command), ==, 0);
    if (tambo_audit_desk_verify (practice->station, &entries, &countersigned, &error)) {
      entries += cut;
      continue; /* what came after the seal: the state of its case */
    }
    g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT);
    return;
  }
  g_assert_not_reached ();
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/station/enrol/check-digit", test_check_digit);
  g_test_add_func ("/station/enrol/document-and-typing", test_document_and_typing_differ);
  g_test_add_func ("/station/enrol/bad-samples", test_bad_samples_change_nothing);
  g_test_add_func ("/station/enrol/resume", test_resume);
  g_test_add_func ("/station/enrol/seal", test_seal);
  g_test_add_func ("/station/enrol/cut-log", test_cut_log);
  g_test_add_func ("/station/enrol/four-eyes", test_four_eyes);
  g_test_add_func ("/station/enrol/decision-at-the-desk", test_decision_at_the_desk);
  g_test_add_func ("/station/enrol/decision-of-own-case", test_decision_of_who_captured);
  g_test_add_func ("/station/enrol/not-registered", test_not_registered);
  return g_test_run ();
}
