/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Operators at the desk: first passwords, the second person, and a key that is turned.
 */
#include "practice-station.h"

#include "station/audit-desk.h"
#include "station/case-desk.h"
#include "station/enrol.h"
#include "station/station-private.h"
#include "station/stock-desk.h"

static GBytes *secret (const char *text) {
  return tambo_secret_new (text, strlen (text));
}

static gboolean signs_in (Practice *practice, const char *id, const char *text, GError **error) {
  g_autoptr (GBytes) password = secret (text);

  return tambo_station_sign_in (practice->station, id, password, error);
}

static gboolean brings (Practice *practice, const char *id, const char *text, GError **error) {
  g_autoptr (GBytes) password = secret (text);

  return tambo_station_bring_second (practice->station, id, password, error);
}

static gboolean adds (Practice *practice, const char *id, TamboRole role, GError **error) {
  g_autoptr (GBytes) password = secret ("first password");

  return tambo_operator_desk_add (practice->station, id, role, password, error);
}

static gboolean receives (Practice *practice, GError **error) {
  guint count;

  return tambo_stock_desk_receive (practice->station, "card", NULL, "C1", "C5", &count, error);
}

/* What somebody else has chosen opens nothing. */
static void test_first_password (void) {
  g_autoptr (Practice) practice = practice_new (FALSE);
  g_autoptr (GBytes) first = secret ("first password"), own = secret ("my own password");
  g_autoptr (GError) error = NULL;

  sign_in (practice, "supervisor");
  g_assert_true (adds (practice, "new", TAMBO_ROLE_CLERK, &error));
  g_assert_false (brings (practice, "new", "first password", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_FIRST_PASSWORD);
  g_clear_error (&error);
  tambo_station_sign_out (practice->station);
  g_assert_false (signs_in (practice, "new", "first password", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_FIRST_PASSWORD);
  g_assert_cmpstr (error->message, ==, "change the password first");
  g_clear_error (&error);
  g_assert_null (tambo_station_permit (practice->station, TAMBO_OPERATION_OWN_PASSWORD, &error));
  g_clear_error (&error);
  g_assert_true (
      tambo_operator_desk_change_password (practice->station, "new", first, own, &error));
  g_assert_true (signs_in (practice, "new", "my own password", &error));

  /* Who has forgotten it is given a first one again. */
  sign_in (practice, "supervisor");
  g_assert_true (tambo_operator_desk_reset_password (practice->station, "new", first, &error));
  g_assert_false (signs_in (practice, "new", "first password", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_FIRST_PASSWORD);
}

static void test_second_person (void) {
  g_autoptr (Practice) practice = practice_new (FALSE);
  g_autoptr (GError) error = NULL;

  sign_in (practice, "supervisor");
  g_assert_false (receives (practice, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_FOUR_EYES);
  g_clear_error (&error);
  g_assert_false (brings (practice, "supervisor", PASSWORD, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_FOUR_EYES);
  g_clear_error (&error);
  g_assert_false (brings (practice, "deputy", "wrong password", &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_PASSWORD);
  g_clear_error (&error);
  g_assert_false (receives (practice, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_FOUR_EYES);
  g_clear_error (&error);

  g_assert_true (brings (practice, "deputy", PASSWORD, &error));
  g_assert_true (receives (practice, &error));
  assert_audit (practice->station, "supervisor+deputy", "stock.receive");
  /* One look, one act. */
  g_assert_false (tambo_stock_desk_spoil (practice->station, "C2", "torn", &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_FOUR_EYES);
  g_clear_error (&error);
  bring_second (practice, "deputy");
  g_assert_true (tambo_stock_desk_spoil (practice->station, "C2", "torn", &error));
  assert_audit (practice->station, "supervisor+deputy", "stock.spoiled");

  /* Who comes for one operator is not there for the next. */
  bring_second (practice, "deputy");
  sign_in (practice, "supervisor");
  g_assert_false (tambo_stock_desk_spoil (practice->station, "C3", "torn", &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_FOUR_EYES);
}

/* A supervisor alone cannot become two. */
static void test_one_makes_no_second (void) {
  g_autoptr (Practice) practice = practice_new (FALSE);
  g_autoptr (GBytes) first = secret ("first password");
  g_autoptr (GError) error = NULL;

  sign_in (practice, "supervisor");
  g_assert_false (adds (practice, "puppet", TAMBO_ROLE_SUPERVISOR, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_FOUR_EYES);
  g_clear_error (&error);
  g_assert_false (tambo_operator_desk_reset_password (practice->station, "deputy", first, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_FOUR_EYES);
  g_clear_error (&error);
  g_assert_false (
      tambo_operator_desk_set_role (practice->station, "clerk", TAMBO_ROLE_SUPERVISOR, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_FOUR_EYES);
  g_clear_error (&error);
  /* Nor by shutting the other one out first. */
  g_assert_true (tambo_operator_desk_disable (practice->station, "deputy", &error));
  g_assert_false (adds (practice, "puppet", TAMBO_ROLE_TECHNICIAN, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_FOUR_EYES);
  g_clear_error (&error);
  g_assert_false (tambo_operator_desk_enable (practice->station, "deputy", &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_FOUR_EYES);
  g_clear_error (&error);
  g_assert_false (brings (practice, "deputy", PASSWORD, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_DISABLED);
}

static void test_nobody_does_it_to_oneself (void) {
  g_autoptr (Practice) practice = practice_new (FALSE);
  g_autoptr (GBytes) first = secret ("first password");
  g_autoptr (GError) error = NULL;

  sign_in (practice, "supervisor");
  g_assert_false (tambo_operator_desk_disable (practice->station, "supervisor", &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_FOUR_EYES);
  g_clear_error (&error);
  g_assert_false (
      tambo_operator_desk_reset_password (practice->station, "supervisor", first, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_FOUR_EYES);
  g_clear_error (&error);
  bring_second (practice, "deputy");
  g_assert_false (
      tambo_operator_desk_set_role (practice->station, "supervisor", TAMBO_ROLE_AUDITOR, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_FOUR_EYES);
}

/* Any authorised clerk goes on with what a colleague began; each sample says who took it. */
static void test_colleague_resumes (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) portrait = portrait_new ();
  g_autofree char *id = NULL;

  sign_in (practice, "supervisor");
  add_operator (practice, "colleague", TAMBO_ROLE_CLERK);
  add_operator (practice, "auditor", TAMBO_ROLE_AUDITOR);
  sign_in (practice, "clerk");
  {
    g_autoptr (TamboEnrolment) begun =
        tambo_enrol_begin (practice->station, "passport", NULL, MRZ_LINES, NULL, &error);

    id = g_strdup (begun->id);
    g_assert_true (tambo_enrol_add_portrait (practice->station, begun, portrait, "test", &error));
  }
  sign_in (practice, "auditor");
  g_assert_null (tambo_enrol_resume (practice->station, id, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_ROLE);
  g_clear_error (&error);

  sign_in (practice, "colleague");
  g_autoptr (TamboEnrolment) resumed = tambo_enrol_resume (practice->station, id, &error);
  g_assert_no_error (error);
  g_autoptr (GBytes) loaded =
      tambo_enrol_load_sample (practice->station, resumed, "portrait", &error);
  g_assert_true (g_bytes_equal (loaded, portrait));
  g_assert_true (tambo_enrol_add_document (practice->station, resumed, "travel-document", portrait,
                                           "image/jpeg", 600, 800, &error));
  g_assert_cmpuint (resumed->samples->len, ==, 2);
  for (guint i = 0; i < resumed->samples->len; i++) {
    const TamboSample *sample = g_ptr_array_index (resumed->samples, i);
    g_assert_cmpstr (sample->operator_id, ==,
                     sample->kind == TAMBO_SAMPLE_PORTRAIT ? "clerk" : "colleague");
  }
}

/* Drafts, the search and what headquarters sends come along; the old key opens nothing any more. */
static void test_key_is_turned (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  TamboStore *store = tambo_station_get_store (practice->station);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) portrait = portrait_new ();
  g_autoptr (TamboEnrolment) enrolment =
      tambo_enrol_begin (practice->station, "passport", NULL, MRZ_LINES, NULL, &error);
  g_autoptr (TamboStation) elsewhere = NULL;

  g_assert_true (tambo_enrol_add_portrait (practice->station, enrolment, portrait, "test", &error));
  sign_in (practice, "supervisor");
  elsewhere = tambo_station_open (practice->folder, &error);
  g_autoptr (GBytes) password = secret (PASSWORD);
  g_assert_true (tambo_station_sign_in (elsewhere, "clerk", password, &error));
  g_assert_false (tambo_operator_desk_rotate_key (practice->station, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_FOUR_EYES);
  g_clear_error (&error);
  bring_second (practice, "deputy");
  tambo_operator_desk_rotate_key (practice->station, &error);
  g_assert_no_error (error);
  assert_audit (practice->station, "supervisor+deputy", "key.rotate");
  g_assert_true (tambo_store_verify (store, &error));

  /* Another desk has the old key open: it has to sign in again before it seals with that. */
  g_assert_null (tambo_enrol_resume (elsewhere, enrolment->id, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_true (tambo_station_sign_in (elsewhere, "clerk", password, &error));
  g_autoptr (TamboEnrolment) there = tambo_enrol_resume (elsewhere, enrolment->id, &error);
  g_assert_no_error (error);

  sign_in (practice, "clerk");
  g_autoptr (TamboEnrolment) resumed =
      tambo_enrol_resume (practice->station, enrolment->id, &error);
  g_assert_no_error (error);
  g_autoptr (GBytes) loaded =
      tambo_enrol_load_sample (practice->station, resumed, "portrait", &error);
  g_assert_true (g_bytes_equal (loaded, portrait));
  g_autoptr (GPtrArray) found = tambo_case_desk_search (practice->station, "eriksson", &error);
  g_assert_cmpuint (found->len, ==, 1);
  g_autoptr (TamboKey) inbox_key = tambo_station_open_inbox_key (practice->station, &error);
  g_assert_no_error (error);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/station/operators/first-password", test_first_password);
  g_test_add_func ("/station/operators/second", test_second_person);
  g_test_add_func ("/station/operators/no-puppets", test_one_makes_no_second);
  g_test_add_func ("/station/operators/oneself", test_nobody_does_it_to_oneself);
  g_test_add_func ("/station/operators/colleague", test_colleague_resumes);
  g_test_add_func ("/station/operators/rotate", test_key_is_turned);
  return g_test_run ();
}
