/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What headquarters tells beside messages, and what is made of it when it, or a case, cannot be read.
 */
#include "practice-station.h"

#include "refused-store.h"
#include "station/alerts.h"
#include "station/appointments.h"
#include "station/enrol.h"
#include "station/station-private.h"
#include "store/cases.h"
#include "store/feed.h"
#include "sync/envelope.h"
#include "sync/exchange.h"

#define CODE "ABCDEFGH2345"
#define SALT "{\"salt\":\"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\"}"

/* Sealed for the station's inbox key, as headquarters does it. */
static GBytes *seal (Practice *practice, const char *kind, const char *id, const char *text) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboKey) key = tambo_station_open_inbox_key (practice->station, &error);
  g_autoptr (JsonObject) object = tambo_json_parse_object (text, -1, &error);
  g_autoptr (TamboPacket) packet = tambo_packet_new ();
  g_autoptr (GBytes) encoded = NULL;
  TamboEnvelopeHeader header = {
    .id = (char *) id,
    .kind = (char *) kind,
    .sender = (char *) "headquarters",
    .sequence = 1,
    .created = (char *) "2026-11-22T10:00:00Z",
  };

  g_assert_no_error (error);
  tambo_packet_add_json (packet, kind, object);
  encoded = tambo_packet_encode (packet);
  GBytes *sealed = tambo_envelope_seal (&header, encoded, key, &error);
  g_assert_no_error (error);
  return sealed;
}

static void tell (Practice *practice, const char *kind, const char *id, const char *body,
                  const char *personal) {
  g_autoptr (GPtrArray) rows =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_feed_row_free);
  TamboStore *store = tambo_station_get_store (practice->station);
  g_autoptr (TamboTransaction) transaction = NULL;
  g_autoptr (GError) error = NULL;
  TamboFeedRow *row = g_new0 (TamboFeedRow, 1);

  row->kind = g_strdup (kind);
  row->id = g_strdup (id);
  row->version = 1;
  row->body = g_strdup (body);
  row->sealed = seal (practice, kind, id, personal);
  g_ptr_array_add (rows, row);
  transaction = tambo_transaction_begin (store, &error);
  g_assert_true (tambo_feed_apply (store, FALSE, rows, 1, "2026-11-22T10:00:00Z", &error)
                 && tambo_transaction_commit (transaction, &error));
}

static TamboEnrolment *begin (Practice *practice, GError **error) {
  return tambo_appointments_begin (practice->station, CODE, NULL, NULL, MRZ_LINES, NULL, error);
}

static guint count_cases (Practice *practice) {
  g_autoptr (GPtrArray) rows = tambo_cases_list (tambo_station_get_store (practice->station), NULL);

  return rows->len;
}

/* Whether it was begun has to be known: an unreadable case is one. */
static void test_one_case (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  RefusedStore refused = { SQLITE_READ, "cases" };
  g_autoptr (GError) error = NULL;

  tell (practice, "appointment", "6f0e0d0c-0b0a-4908-8706-050403020100",
        "{\"code\":\"" CODE "\",\"office\":\"MIG-TEST-01\",\"start\":\"2026-11-22T10:00:00Z\","
        "\"procedure\":\"passport\"}",
        "{\"applicant\":{\"surname\":\"ERIKSSON\",\"given_names\":\"ANNA MARIA\","
        "\"birth_date\":\"1974-08-12\",\"sex\":\"F\",\"nationality\":\"UTO\"}}");
  g_autoptr (TamboEnrolment) enrolment = begin (practice, &error);
  g_assert_no_error (error);
  g_assert_null (begin (practice, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_STATE);
  g_clear_error (&error);

  refused_store_set (practice->station, &refused);
  g_assert_null (begin (practice, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_FAILED);
  g_clear_error (&error);
  refused_store_set (practice->station, NULL);
  g_assert_cmpuint (count_cases (practice), ==, 1);

  refused_store_rot (practice->folder, "UPDATE cases SET updated_at = updated_at || '0'");
  g_assert_null (begin (practice, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT);
  refused_store_rot (practice->folder, "UPDATE cases SET updated_at = rtrim (updated_at, '0')");
  g_assert_cmpuint (count_cases (practice), ==, 1);
}

static void assert_no_alerts (Practice *practice, TamboEnrolment *enrolment) {
  g_autoptr (GError) error = NULL;

  g_assert_false (tambo_alerts_can_check (practice->station, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_ALERTS);
  g_clear_error (&error);
  g_assert_null (tambo_alerts_check (practice->station, enrolment, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_ALERTS);
}

/* Nobody was compared with anything: that is no "none". */
static void test_rotten_alert_key (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboEnrolment) enrolment =
      tambo_enrol_begin (practice->station, "passport", NULL, MRZ_LINES, NULL, &error);
  g_autoptr (GPtrArray) none = tambo_alerts_check (practice->station, enrolment, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (none->len, ==, 0);
  tell (practice, TAMBO_EXCHANGE_ALERT_KEY, TAMBO_EXCHANGE_ALERT_KEY, "{}", SALT);
  g_autoptr (GPtrArray) compared = tambo_alerts_check (practice->station, enrolment, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (compared->len, ==, 0);

  refused_store_rot (practice->folder, "UPDATE feed SET version = version + 1");
  assert_no_alerts (practice, enrolment);
}

/* There is something to compare with, and no way to do it. */
static void test_alerts_without_key (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboEnrolment) enrolment =
      tambo_enrol_begin (practice->station, "passport", NULL, MRZ_LINES, NULL, &error);

  g_assert_no_error (error);
  tell (practice, "alert", "6f0e0d0c-0b0a-4908-8706-050403020100",
        "{\"about\":\"document\",\"reason\":\"stolen\",\"action\":\"keep it\","
        "\"since\":\"2026-11-22T10:00:00Z\",\"hash\":\"00\"}",
        "{}");
  assert_no_alerts (practice, enrolment);
  tell (practice, TAMBO_EXCHANGE_ALERT_KEY, TAMBO_EXCHANGE_ALERT_KEY, "{}", SALT);
  g_assert_true (tambo_alerts_can_check (practice->station, &error));
  g_assert_no_error (error);
  refused_store_rot (practice->folder, "DELETE FROM feed WHERE kind = 'alert-key'");
  assert_no_alerts (practice, enrolment);
  refused_store_rot (practice->folder, "DELETE FROM feed WHERE kind = 'alert'");
  g_assert_true (tambo_alerts_can_check (practice->station, &error));
  g_assert_no_error (error);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/station/items/one-case", test_one_case);
  g_test_add_func ("/station/items/rotten-alert-key", test_rotten_alert_key);
  g_test_add_func ("/station/items/alerts-without-key", test_alerts_without_key);
  return g_test_run ();
}
