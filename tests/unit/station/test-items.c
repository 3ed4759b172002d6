/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What headquarters tells beside messages, and what is made of it when it, or a case, cannot be read.
 */
#include "practice-station.h"

#include "record/record-error.h"
#include "refused-store.h"
#include "station/alerts.h"
#include "station/appointments.h"
#include "station/enrol.h"
#include "station/station-private.h"
#include "store/cases.h"
#include "store/feed.h"
#include "sync/alert.h"
#include "sync/envelope.h"
#include "sync/exchange.h"

#define CODE "ABCDEFGH2345"
#define SALT_HEX "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
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

/* Compares, and says why that is no answer (NULL: it is one). */
static guint compare (Practice *practice, const TamboEnrolment *enrolment, GError **out_gap) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) alerts = tambo_alerts_check (practice->station, enrolment, out_gap, &error);

  g_assert_no_error (error);
  return alerts->len;
}

static void assert_gap (Practice *practice, const TamboEnrolment *enrolment, const char *cause) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) gap = NULL;

  g_assert_false (tambo_alerts_can_check (practice->station, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_ALERTS);
  compare (practice, enrolment, &gap);
  g_assert_error (gap, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_ALERTS);
  g_assert_nonnull (strstr (gap->message, cause));
}

static guint count_acts (Practice *practice, const char *action) {
  g_autoptr (GPtrArray) entries =
      tambo_audit_list (tambo_station_get_store (practice->station), NULL);
  guint n = 0;

  for (guint i = 0; i < entries->len; i++)
    n += strcmp (((const TamboAuditEntry *) entries->pdata[i])->action, action) == 0;
  return n;
}

static gint64 get_version (Practice *practice) {
  g_autofree char *time = NULL;
  gint64 version;

  g_assert_true (
      tambo_feed_get_version (tambo_station_get_store (practice->station), &version, &time, NULL));
  return version;
}

/* An alert about the specimen's document where NUMBER is its number. */
static void warn_of (Practice *practice, const char *id, const char *number) {
  g_autoptr (GBytes) salt = tambo_hex_decode (SALT_HEX);
  g_autofree char *hash = tambo_alert_hash_document (salt, "UTO", "P", number);
  g_autofree char *body =
      g_strdup_printf ("{\"about\":\"document\",\"reason\":\"stolen\",\"action\":\"keep it\","
                       "\"since\":\"2026-11-22T10:00:00Z\",\"hash\":\"%s\"}",
                       hash);

  tell (practice, "alert", id, body, "{}");
}

static Practice *practice_told (TamboEnrolment **out_enrolment) {
  Practice *practice = practice_new (TRUE);
  g_autoptr (GError) error = NULL;

  *out_enrolment = tambo_enrol_begin (practice->station, "passport", NULL, MRZ_LINES, NULL, &error);
  g_assert_no_error (error);
  tell (practice, TAMBO_EXCHANGE_ALERT_KEY, TAMBO_EXCHANGE_ALERT_KEY, "{}", SALT);
  return practice;
}

/* Nobody was compared with anything: that is no "none". */
static void test_rotten_alert_key (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboEnrolment) enrolment =
      tambo_enrol_begin (practice->station, "passport", NULL, MRZ_LINES, NULL, &error);
  g_autoptr (GError) gap = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (compare (practice, enrolment, &gap), ==, 0);
  g_assert_no_error (gap);
  tell (practice, TAMBO_EXCHANGE_ALERT_KEY, TAMBO_EXCHANGE_ALERT_KEY, "{}", SALT);
  g_assert_cmpuint (compare (practice, enrolment, &gap), ==, 0);
  g_assert_no_error (gap);

  refused_store_rot (practice->folder, "UPDATE feed SET version = version + 1");
  assert_gap (practice, enrolment, "alert-key");
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
  assert_gap (practice, enrolment, "the key to compare with is missing");
  tell (practice, TAMBO_EXCHANGE_ALERT_KEY, TAMBO_EXCHANGE_ALERT_KEY, "{}", SALT);
  g_assert_true (tambo_alerts_can_check (practice->station, &error));
  g_assert_no_error (error);
  refused_store_rot (practice->folder, "DELETE FROM feed WHERE kind = 'alert-key'");
  assert_gap (practice, enrolment, "the key to compare with is missing");
  refused_store_rot (practice->folder, "DELETE FROM feed WHERE kind = 'alert'");
  g_assert_true (tambo_alerts_can_check (practice->station, &error));
  g_assert_no_error (error);
}

/* Sealed for a key that this station does not have (any more): asked for anew as well. */
static void test_strange_alert_key (void) {
  g_autoptr (TamboEnrolment) enrolment = NULL;
  g_autoptr (Practice) practice = practice_told (&enrolment);

  tell (practice, TAMBO_EXCHANGE_ALERT_KEY, TAMBO_EXCHANGE_ALERT_KEY, "{}", "{\"pepper\":\"\"}");
  g_assert_cmpint (get_version (practice), ==, 1);
  assert_gap (practice, enrolment, "salt");
  g_assert_cmpint (get_version (practice), ==, 0);
}

/* One alert that cannot be read is told, and hides no other. */
static void test_rotten_alert (void) {
  static const struct {
    const char *harm, *cause;
  } harms[] = {
    { "UPDATE feed SET version = version + 1 WHERE id = 'b'", "alert/b: the row has rotted" },
    { "UPDATE feed SET body = replace (body, 'stolen', 'stalen') WHERE id = 'b'", "alert/b" },
    { "UPDATE feed SET kind = 'alarm' WHERE id = 'b'", "alarm/b" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (harms); i++) {
    g_autoptr (TamboEnrolment) enrolment = NULL;
    g_autoptr (Practice) practice = practice_told (&enrolment);
    g_autoptr (GError) gap = NULL;
    g_autoptr (GError) error = NULL;

    warn_of (practice, "a", "L898902C3");
    warn_of (practice, "b", "D23145890");
    g_assert_cmpuint (compare (practice, enrolment, &gap), ==, 1);
    g_assert_no_error (gap);
    refused_store_rot (practice->folder, harms[i].harm);
    assert_gap (practice, enrolment, harms[i].cause);
    g_autoptr (GPtrArray) all = tambo_alerts_list (practice->station, &gap, &error);
    g_assert_cmpuint (all->len, ==, 1);
    g_assert_error (gap, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_ALERTS);
    g_clear_error (&gap);
    g_assert_cmpuint (compare (practice, enrolment, &gap), ==, 1);
    g_assert_cmpuint (count_acts (practice, "feed.spoiled"), ==, 1);
    g_assert_cmpuint (count_acts (practice, "case.alert-gap"), ==, 1);
    g_assert_cmpuint (count_acts (practice, "alert.hit"), ==, 1);
    g_assert_cmpint (get_version (practice), ==, 0);
  }
}

/* Whole, and not what an alert is. */
static void test_strange_alert (void) {
  g_autoptr (TamboEnrolment) enrolment = NULL;
  g_autoptr (Practice) practice = practice_told (&enrolment);

  tell (practice, "alert", "c", "{\"about\":\"document\"}", "{}");
  assert_gap (practice, enrolment, "alert/c");
}

/* A rotten appointment is no gap among the alerts. */
static void test_rotten_neighbour (void) {
  g_autoptr (TamboEnrolment) enrolment = NULL;
  g_autoptr (Practice) practice = practice_told (&enrolment);
  g_autoptr (GError) gap = NULL;

  tell (practice, "appointment", "d", "{}", "{}");
  refused_store_rot (practice->folder, "UPDATE feed SET version = 7 WHERE id = 'd'");
  g_assert_cmpuint (compare (practice, enrolment, &gap), ==, 0);
  g_assert_no_error (gap);
}

/* No case is sealed before somebody has been told of what there is, and each is told once. */
static void test_sealing (void) {
  g_autoptr (TamboEnrolment) enrolment = NULL;
  g_autoptr (Practice) practice = practice_told (&enrolment);
  g_autoptr (GError) error = NULL;

  /* The case is not complete: that is what is said when nothing stands before it. */
  g_assert_false (tambo_enrol_seal (practice->station, enrolment, &error));
  g_assert_error (error, TAMBO_RECORD_ERROR, TAMBO_RECORD_ERROR_RULE);
  g_clear_error (&error);
  warn_of (practice, "a", "L898902C3");
  g_assert_false (tambo_enrol_seal (practice->station, enrolment, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_ALERT);
  g_assert_nonnull (strstr (error->message, "document: stolen; keep it"));
  g_clear_error (&error);
  g_assert_cmpuint (count_acts (practice, "case.alert"), ==, 1);
  g_assert_false (tambo_enrol_seal (practice->station, enrolment, &error));
  g_assert_error (error, TAMBO_RECORD_ERROR, TAMBO_RECORD_ERROR_RULE);
  g_clear_error (&error);
  g_assert_cmpuint (count_acts (practice, "case.alert"), ==, 1);

  warn_of (practice, "b", "D23145890");
  refused_store_rot (practice->folder, "UPDATE feed SET version = 7 WHERE id = 'b'");
  g_assert_false (tambo_enrol_seal (practice->station, enrolment, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_ALERTS);
  g_clear_error (&error);
  g_assert_cmpuint (count_acts (practice, "case.alert-gap"), ==, 1);
  g_assert_false (tambo_enrol_seal (practice->station, enrolment, &error));
  g_assert_error (error, TAMBO_RECORD_ERROR, TAMBO_RECORD_ERROR_RULE);

  /* Told by a comparison, it is told. */
  g_autoptr (TamboEnrolment) other =
      tambo_enrol_begin (practice->station, "passport", NULL, MRZ_LINES, NULL, NULL);
  g_autoptr (GError) gap = NULL;
  g_assert_cmpuint (compare (practice, other, &gap), ==, 1);
  g_clear_error (&error);
  g_assert_true (tambo_alerts_check_told (practice->station, other, &error));
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/station/items/one-case", test_one_case);
  g_test_add_func ("/station/items/rotten-alert-key", test_rotten_alert_key);
  g_test_add_func ("/station/items/alerts-without-key", test_alerts_without_key);
  g_test_add_func ("/station/items/strange-alert-key", test_strange_alert_key);
  g_test_add_func ("/station/items/rotten-alert", test_rotten_alert);
  g_test_add_func ("/station/items/strange-alert", test_strange_alert);
  g_test_add_func ("/station/items/rotten-neighbour", test_rotten_neighbour);
  g_test_add_func ("/station/items/sealing", test_sealing);
  return g_test_run ();
}
