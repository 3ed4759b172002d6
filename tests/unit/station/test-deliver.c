/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Delivery without devices: an order as headquarters seals it, a document that was issued for it, prints
 * with minutiae that are known.
 */
#include "practice-station.h"

#include "../print.h"

#include "base/clock.h"
#include "base/hash.h"
#include "biometric/match.h"
#include "biometric/minutiae.h"
#include "chip/lds.h"
#include "station/deliver.h"
#include "station/order-desk.h"
#include "station/station-private.h"
#include "store/inbox.h"
#include "store/outbox.h"
#include "store/stock.h"
#include "sync/envelope.h"

#define ORDER "0f8d5c7e-3a11-4b57-9a55-6f0d2c1b7e90"
#define CASE "1b2c3d4e-5f60-4711-8a9b-0c1d2e3f4a5b"

/* ---- prints ---- */

static TamboImage *white_new (void) {
  TamboImage *image = tambo_image_new (320, 400, 1);

  memset (image->data, 255, 320 * 400);
  image->ppi = 500;
  return image;
}

static GBytes *template_of (guint32 seed, TamboFinger finger) {
  g_autoptr (TamboImage) image = print_new (seed, 0);
  g_autoptr (TamboMinutiaeRecord) record = tambo_minutiae_extract (image);
  TamboMinutiaeView *view = g_ptr_array_index (record->views, 0);

  g_assert_cmpuint (view->minutiae->len, >, 10);
  view->position = (guint8) finger;
  return tambo_minutiae_record_encode (record);
}

/* ---- the order ---- */

static JsonObject *order_new (void) {
  static const char *const members[][2] = {
    { "id", ORDER },
    { "case", CASE },
    { "tracking_number", "TB-1" },
    { "document_number", "X1" },
    { "document_type", "I" },
    { "procedure", "foreigner-card" },
    { "holder", "ERIKSSON ANNA MARIA" },
    { "mrz", MRZ_LINES },
  };
  JsonObject *object = json_object_new ();
  JsonArray *exceptions = json_array_new ();
  JsonObject *exception = json_object_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    json_object_set_string_member (object, members[i][0], members[i][1]);
  json_object_set_string_member (exception, "finger", "left-index");
  json_object_set_string_member (exception, "reason", "amputated");
  json_array_add_object_element (exceptions, exception);
  json_object_set_array_member (object, "exceptions", exceptions);
  return object;
}

static TamboPacket *packet_new (gboolean has_finger) {
  TamboPacket *packet = tambo_packet_new ();
  g_autoptr (JsonObject) object = order_new ();
  g_autoptr (GBytes) file = g_bytes_new_static ("file", 4);
  g_autoptr (TamboLds) lds = tambo_lds_new ();

  tambo_lds_set (lds, TAMBO_LDS_DG1, file);
  tambo_lds_set (lds, TAMBO_LDS_SOD, file);
  g_autoptr (GBytes) archive = tambo_lds_encode (lds);
  tambo_packet_add_json (packet, "order", object);
  tambo_packet_add (packet, "lds", archive);
  if (has_finger) {
    g_autoptr (GBytes) template = template_of (1, TAMBO_FINGER_RIGHT_INDEX);
    tambo_packet_add (packet, TAMBO_PACKET_REFERENCE "right-index", template);
  }
  return packet;
}

static char *sign_order (Practice *practice, TamboKey *recipient, GBytes *sealed, const char *now) {
  g_autoptr (TamboManifest) manifest = tambo_manifest_new ();

  manifest->id = g_strdup (ORDER);
  manifest->kind = g_strdup ("order");
  manifest->sender = g_strdup ("headquarters");
  manifest->sequence = 1;
  manifest->created = g_strdup (now);
  manifest->recipient = tambo_key_dup_id (recipient);
  manifest->sha256 = tambo_sha256_hex (sealed);
  manifest->size = (gint64) g_bytes_get_size (sealed);
  manifest->previous = g_strdup ("");
  manifest->case_id = g_strdup (CASE);
  return tambo_manifest_sign (manifest, practice->signing_key);
}

/* As it comes from headquarters. */
static void receive_order (Practice *practice, gboolean has_finger) {
  g_autoptr (TamboPacket) packet = packet_new (has_finger);
  g_autoptr (GBytes) plain = tambo_packet_encode (packet);
  g_autoptr (GBytes) point = tambo_station_dup_inbox_point (practice->station, NULL);
  g_autoptr (TamboKey) recipient =
      tambo_key_new_from_point (g_bytes_get_data (point, NULL), g_bytes_get_size (point), NULL);
  g_autofree char *now = tambo_clock_now ();
  TamboEnvelopeHeader header = { (char *) ORDER, (char *) "order", (char *) "headquarters", 1,
                                 now };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) sealed = tambo_envelope_seal (&header, plain, recipient, &error);
  g_assert_no_error (error);
  g_autofree char *manifest = sign_order (practice, recipient, sealed, now);
  TamboInboxRow row = { .number = 1,
                        .id = (char *) ORDER,
                        .kind = (char *) "order",
                        .case_id = (char *) CASE,
                        .manifest = manifest };

  tambo_inbox_add (tambo_station_get_store (practice->station), &row, sealed, &error);
  g_assert_no_error (error);
}

/* What tambo_issue leaves behind; its card is another test's. */
static void issue (Practice *practice) {
  TamboStore *store = tambo_station_get_store (practice->station);
  g_autoptr (GError) error = NULL;
  g_autofree char *blank = NULL;

  tambo_stock_receive (store, "card", "MIG", "MIG", "C1", "C3", "test", NULL, &error);
  g_assert_no_error (error);
  blank = tambo_stock_take (store, "card", NULL, ORDER, "test", &error);
  g_assert_no_error (error);
  g_assert_true (tambo_stock_set_state (store, blank, TAMBO_BLANK_ISSUED, "", "test", &error));
  g_assert_true (tambo_inbox_set_state (store, ORDER, "done", &error));
}

static Practice *issued_new (gboolean has_finger) {
  Practice *practice = practice_new (TRUE);

  receive_order (practice, has_finger);
  issue (practice);
  return practice;
}

static TamboDelivery *begin (Practice *practice) {
  g_autoptr (GError) error = NULL;
  TamboDelivery *delivery = tambo_delivery_begin (practice->station, ORDER, &error);

  g_assert_no_error (error);
  return delivery;
}

/* ---- what has to hold ---- */

static void assert_refused (gboolean done, GError **error, int code) {
  g_assert_false (done);
  g_assert_error (*error, TAMBO_STATION_ERROR, code);
}

static void press (Practice *practice, TamboImage *image, const char *poor_because, int code) {
  g_autoptr (TamboDelivery) delivery = begin (practice);
  g_autoptr (GError) error = NULL;

  gboolean done = tambo_delivery_verify (delivery, TAMBO_FINGER_RIGHT_INDEX, image, "test",
                                         poor_because, &error);
  assert_refused (done, &error, code);
  g_assert_false (delivery->is_delivered);
}

/* The event as headquarters opens it; NULL when there is none. */
static JsonObject *read_event (Practice *practice) {
  TamboStore *store = tambo_station_get_store (practice->station);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = tambo_outbox_list (store, &error);
  g_assert_no_error (error);
  if (rows->len == 0)
    return NULL;

  g_assert_cmpuint (rows->len, ==, 1);
  const TamboOutboxRow *row = rows->pdata[0];
  g_autoptr (GBytes) sealed = tambo_outbox_load (store, row->id, &error);
  g_auto (TamboEnvelopeHeader) header = { NULL };
  g_autoptr (GBytes) plain = tambo_envelope_open (sealed, practice->envelope_key, &header, &error);
  g_autoptr (TamboPacket) packet = tambo_packet_parse (plain, &error);
  g_assert_no_error (error);
  JsonObject *event = tambo_packet_get_json (packet, "event", &error);
  g_assert_no_error (error);
  return event;
}

static void assert_outcomes (JsonObject *delivery, const char *wanted) {
  g_autoptr (GString) outcomes = g_string_new (NULL);
  JsonArray *attempts = json_object_get_array_member (delivery, "attempts");

  for (guint i = 0; i < json_array_get_length (attempts); i++)
    g_string_append_printf (
        outcomes, "%s%s", i > 0 ? " " : "",
        json_object_get_string_member (json_array_get_object_element (attempts, i), "outcome"));
  g_assert_cmpstr (outcomes->str, ==, wanted);
}

static void assert_delivered (Practice *practice, const char *actor) {
  TamboStore *store = tambo_station_get_store (practice->station);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboBlankRow) blank = tambo_stock_find_issued (store, ORDER, &error);
  g_autoptr (TamboInboxRow) order = tambo_inbox_get (store, ORDER, &error);
  g_autofree char *attempts = tambo_store_dup_setting (store, "delivery/" ORDER, &error);

  g_assert_no_error (error);
  g_assert_cmpint (blank->state, ==, TAMBO_BLANK_DELIVERED);
  g_assert_cmpstr (order->state, ==, "delivered");
  g_assert_null (attempts);
  assert_audit (practice->station, actor, "document.deliver");
  g_assert_null (tambo_inbox_load (store, ORDER, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE);
  g_clear_error (&error);
  g_assert_true (tambo_store_verify (store, &error));
  g_assert_null (tambo_delivery_begin (practice->station, ORDER, &error));
  g_assert_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_STATE);
}

/* ---- tests ---- */

static void test_not_issued (void) {
  g_autoptr (Practice) practice = practice_new (TRUE);
  g_autoptr (GError) error = NULL;

  receive_order (practice, TRUE);
  assert_refused (tambo_delivery_begin (practice->station, ORDER, &error) != NULL, &error,
                  TAMBO_STATION_ERROR_STATE);
}

static void test_right_finger (void) {
  g_autoptr (Practice) practice = issued_new (TRUE);
  g_autoptr (TamboDelivery) delivery = begin (practice);
  g_autoptr (TamboImage) image = print_new (1, 30);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (tambo_delivery_choose_finger (delivery), ==, TAMBO_FINGER_RIGHT_INDEX);
  tambo_delivery_verify (delivery, TAMBO_FINGER_RIGHT_INDEX, image, "test", NULL, &error);
  g_assert_no_error (error);
  g_assert_true (delivery->is_delivered);
  assert_delivered (practice, "clerk");

  g_autoptr (JsonObject) event = read_event (practice);
  JsonObject *told = json_object_get_object_member (event, "delivery");
  JsonObject *attempt =
      json_array_get_object_element (json_object_get_array_member (told, "attempts"), 0);
  g_assert_cmpstr (json_object_get_string_member (event, "kind"), ==, "delivered");
  g_assert_cmpstr (json_object_get_string_member (event, "order"), ==, ORDER);
  g_assert_cmpstr (json_object_get_string_member (event, "blank"), ==, "C1");
  g_assert_cmpstr (json_object_get_string_member (told, "manner"), ==, "fingerprint");
  g_assert_cmpint (json_object_get_int_member (told, "threshold"), ==, TAMBO_MATCH_THRESHOLD);
  g_assert_cmpint (json_object_get_int_member (attempt, "score"), >=, TAMBO_MATCH_THRESHOLD);
  assert_outcomes (told, "matched");
}

/* At another desk the first one's delivery counts at once. */
static void test_twice (void) {
  g_autoptr (Practice) practice = issued_new (TRUE);
  g_autoptr (TamboDelivery) first = begin (practice);
  g_autoptr (TamboDelivery) second = begin (practice);
  g_autoptr (TamboImage) image = print_new (1, 30);
  g_autoptr (GError) error = NULL;

  g_assert_true (
      tambo_delivery_verify (first, TAMBO_FINGER_RIGHT_INDEX, image, "test", NULL, &error));
  gboolean done =
      tambo_delivery_verify (second, TAMBO_FINGER_RIGHT_INDEX, image, "test", NULL, &error);
  assert_refused (done, &error, TAMBO_STATION_ERROR_STATE);
  g_autoptr (JsonObject) event = read_event (practice);
  g_assert_nonnull (event);
}

static void test_other_finger (void) {
  g_autoptr (Practice) practice = issued_new (TRUE);
  g_autoptr (TamboImage) other = print_new (2, 0);
  g_autoptr (TamboImage) right = print_new (1, 0);
  g_autoptr (TamboImage) white = white_new ();

  press (practice, other, NULL, TAMBO_STATION_ERROR_OTHER_FINGER);
  press (practice, white, NULL, TAMBO_STATION_ERROR_QUALITY);
  assert_audit (practice->station, "clerk", "document.verify");
  press (practice, other, NULL, TAMBO_STATION_ERROR_FOUR_EYES);
  press (practice, right, NULL, TAMBO_STATION_ERROR_FOUR_EYES);
  g_autoptr (JsonObject) event = read_event (practice);
  g_assert_null (event);
}

/* The office's procedure with a MINIMUM of its own, in a folder of data; where that lay before. */
static char *raise_minimum (Practice *practice, int minimum) {
  char *before = g_strdup (g_getenv ("TAMBO_DATADIR"));
  g_autofree char *from = g_build_filename (before, "procedures", "foreigner-card.json", NULL);
  g_autofree char *data = g_build_filename (practice->folder, "data", NULL);
  g_autofree char *folder = g_build_filename (data, "procedures", NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (g_file_get_contents (from, &text, NULL, &error));
  g_autoptr (JsonObject) procedure = tambo_json_parse_object (text, -1, &error);
  g_assert_no_error (error);
  json_object_set_int_member (procedure, "minimum_finger_quality", minimum);
  g_autofree char *changed = tambo_json_canonical (procedure);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  write_text (folder, "foreigner-card.json", changed);
  g_setenv ("TAMBO_DATADIR", data, TRUE);
  return before;
}

/* The clerk's word makes a poor print worth a comparison, and no finger out of none. */
static void test_poor (void) {
  g_autoptr (Practice) practice = issued_new (TRUE);
  g_autoptr (TamboDelivery) delivery = begin (practice);
  g_autoptr (TamboImage) poor = print_new (1, 100);
  g_autoptr (TamboImage) white = white_new ();
  g_autofree char *before = raise_minimum (practice, 99);
  g_autoptr (GError) error = NULL;

  press (practice, white, "worn", TAMBO_STATION_ERROR_QUALITY);
  press (practice, poor, NULL, TAMBO_STATION_ERROR_QUALITY);
  tambo_delivery_verify (delivery, TAMBO_FINGER_RIGHT_INDEX, poor, "test", "worn", &error);
  g_setenv ("TAMBO_DATADIR", before, TRUE);
  g_assert_no_error (error);
  assert_delivered (practice, "clerk");

  g_autoptr (JsonObject) event = read_event (practice);
  JsonObject *told = json_object_get_object_member (event, "delivery");
  JsonObject *last =
      json_array_get_object_element (json_object_get_array_member (told, "attempts"), 2);
  assert_outcomes (told, "poor poor matched");
  g_assert_cmpstr (json_object_get_string_member (last, "poor_because"), ==, "worn");
  g_assert_cmpint (json_object_get_int_member (last, "quality"), <, 99);
  g_assert_cmpint (json_object_get_int_member (last, "minimum_quality"), ==, 99);
}

static void test_finger_that_was_not_enrolled (void) {
  g_autoptr (Practice) practice = issued_new (TRUE);
  g_autoptr (TamboDelivery) delivery = begin (practice);
  g_autoptr (TamboImage) image = print_new (1, 0);
  static const TamboFinger fingers[] = { TAMBO_FINGER_LEFT_INDEX, TAMBO_FINGER_RIGHT_THUMB };

  for (gsize i = 0; i < G_N_ELEMENTS (fingers); i++) {
    g_autoptr (GError) error = NULL;
    gboolean done = tambo_delivery_verify (delivery, fingers[i], image, "test", NULL, &error);
    assert_refused (done, &error, TAMBO_STATION_ERROR_STATE);
  }
  g_assert_cmpuint (json_array_get_length (delivery->attempts), ==, 0);
}

/* ---- by sight ---- */

static void assert_sight (Practice *practice, const char *outcomes) {
  assert_delivered (practice, "clerk+supervisor");
  g_autoptr (JsonObject) event = read_event (practice);
  JsonObject *told = json_object_get_object_member (event, "delivery");

  g_assert_cmpstr (json_object_get_string_member (event, "operator"), ==, "clerk+supervisor");
  g_assert_cmpstr (json_object_get_string_member (told, "manner"), ==, "sight");
  g_assert_cmpstr (json_object_get_string_member (told, "reason"), ==, "her face");
  assert_outcomes (told, outcomes);
}

static void test_sight_after_three_attempts (void) {
  g_autoptr (Practice) practice = issued_new (TRUE);
  g_autoptr (TamboImage) other = print_new (2, 0);

  for (int attempt = 1; attempt <= TAMBO_DELIVERY_MAX_ATTEMPTS; attempt++) {
    g_autoptr (TamboDelivery) delivery = begin (practice);
    g_autoptr (GError) error = NULL;

    bring_second (practice, "supervisor");
    assert_refused (tambo_delivery_by_sight (delivery, "her face", &error), &error,
                    TAMBO_STATION_ERROR_STATE);
    press (practice, other, NULL,
           attempt < TAMBO_DELIVERY_MAX_ATTEMPTS ? TAMBO_STATION_ERROR_OTHER_FINGER
                                                 : TAMBO_STATION_ERROR_FOUR_EYES);
  }
  g_autoptr (TamboDelivery) delivery = begin (practice);
  g_autoptr (GError) error = NULL;
  bring_second (practice, "supervisor");
  tambo_delivery_by_sight (delivery, "her face", &error);
  g_assert_no_error (error);
  assert_sight (practice, "other-finger other-finger other-finger");
}

static void test_sight_without_fingers (void) {
  g_autoptr (Practice) practice = issued_new (FALSE);
  g_autoptr (TamboDelivery) delivery = begin (practice);
  g_autoptr (TamboImage) image = print_new (1, 0);
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (tambo_delivery_choose_finger (delivery), ==, TAMBO_FINGER_UNKNOWN);
  press (practice, image, NULL, TAMBO_STATION_ERROR_FOUR_EYES);
  assert_refused (tambo_delivery_by_sight (delivery, "her face", &error), &error,
                  TAMBO_STATION_ERROR_FOUR_EYES);
  g_clear_error (&error);
  bring_second (practice, "supervisor");
  gboolean done = tambo_delivery_by_sight (delivery, " ", &error);
  assert_refused (done, &error, TAMBO_STATION_ERROR_STATE);
  g_clear_error (&error);
  tambo_delivery_by_sight (delivery, "her face", &error);
  g_assert_no_error (error);
  assert_sight (practice, "");
}

/* ---- the order as the desk looks at it ---- */

static void receive_blanks (Practice *practice, const char *kind, const char *institution,
                            const char *first, const char *last) {
  g_autoptr (GError) error = NULL;

  tambo_stock_receive (tambo_station_get_store (practice->station), kind, institution, "MIG", first,
                       last, "test", NULL, &error);
  g_assert_no_error (error);
}

static TamboBlankFit fit (Practice *practice, const char *number, const char *wanted_other) {
  g_autoptr (GError) error = NULL;
  g_autofree char *other = NULL;
  TamboBlankFit told = TAMBO_BLANK_FITS;

  tambo_order_desk_fit_blank (practice->station, ORDER, "card", number, &told, &other, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (other, ==, wanted_other);
  return told;
}

static void test_blanks (void) {
  g_autoptr (GError) error = NULL;
  g_autoptr (Practice) practice = practice_new (TRUE);
  TamboStore *store = tambo_station_get_store (practice->station);

  receive_order (practice, TRUE);
  receive_blanks (practice, "card", "MIG", "C2", "C4");
  receive_blanks (practice, "passport", "MIG", "P1", "P1");
  receive_blanks (practice, "card", "XYZ", "Y1", "Y1");
  g_assert_true (tambo_stock_set_state (store, "C4", TAMBO_BLANK_SPOILED, "bent", "test", &error));

  g_autoptr (TamboOpenOrder) open = tambo_order_desk_open (practice->station, ORDER, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (open->blank, ==, "C2");
  g_assert_false (open->is_begun);
  g_assert_cmpint (fit (practice, "C3", NULL), ==, TAMBO_BLANK_FITS);
  g_assert_cmpint (fit (practice, "C4", NULL), ==, TAMBO_BLANK_UNUSABLE);
  g_assert_cmpint (fit (practice, "P1", NULL), ==, TAMBO_BLANK_OTHER_KIND);
  g_assert_cmpint (fit (practice, "Y1", NULL), ==, TAMBO_BLANK_OTHER_INSTITUTION);
  g_assert_cmpint (fit (practice, "C9", NULL), ==, TAMBO_BLANK_UNKNOWN);

  g_autofree char *taken = tambo_stock_take (store, "card", "C3", ORDER, "test", &error);
  g_assert_no_error (error);
  g_autoptr (TamboOpenOrder) begun = tambo_order_desk_open (practice->station, ORDER, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (begun->blank, ==, "C3");
  g_assert_true (begun->is_begun);
  g_assert_cmpint (fit (practice, "C3", NULL), ==, TAMBO_BLANK_FITS);
  g_assert_cmpint (fit (practice, "C2", "C3"), ==, TAMBO_BLANK_NOT_BEGUN);
}

static void assert_found (Practice *practice, const char *text) {
  g_autoptr (GError) error = NULL;
  g_autofree char *id = tambo_order_desk_find (practice->station, text, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (id, ==, ORDER);
}

static guint count_orders (Practice *practice, TamboOrderStage stage) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows = tambo_order_desk_list (practice->station, stage, &error);

  g_assert_no_error (error);
  return rows->len;
}

static void test_find (void) {
  g_autoptr (GError) error = NULL;
  g_autoptr (Practice) practice = practice_new (TRUE);

  receive_order (practice, TRUE);
  g_assert_cmpuint (count_orders (practice, TAMBO_ORDERS_TO_ISSUE), ==, 1);
  g_assert_cmpuint (count_orders (practice, TAMBO_ORDERS_TO_DELIVER), ==, 0);
  issue (practice);
  g_assert_cmpuint (count_orders (practice, TAMBO_ORDERS_TO_ISSUE), ==, 0);
  g_assert_cmpuint (count_orders (practice, TAMBO_ORDERS_TO_DELIVER), ==, 1);
  assert_found (practice, " x1 "); /* the document's number */
  assert_found (practice, "c1");   /* the blank's */
  assert_found (practice, ORDER);
  g_assert_null (tambo_order_desk_find (practice->station, "X2", NULL, &error));
  g_assert_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_NOT_FOUND);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/station/deliver/not-issued", test_not_issued);
  g_test_add_func ("/station/deliver/right-finger", test_right_finger);
  g_test_add_func ("/station/deliver/twice", test_twice);
  g_test_add_func ("/station/deliver/other-finger", test_other_finger);
  g_test_add_func ("/station/deliver/poor", test_poor);
  g_test_add_func ("/station/deliver/not-enrolled", test_finger_that_was_not_enrolled);
  g_test_add_func ("/station/deliver/sight/attempts", test_sight_after_three_attempts);
  g_test_add_func ("/station/deliver/sight/no-finger", test_sight_without_fingers);
  g_test_add_func ("/station/order-desk/blanks", test_blanks);
  g_test_add_func ("/station/order-desk/find", test_find);
  return g_test_run ();
}
