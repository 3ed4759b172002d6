/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/bytes.h"
#include "base/hash.h"
#include "base/json.h"
#include "sbi-answers.h"

#define RIGHT_FOUR 0x3cu

static TamboSbiRequest request_for (const TamboSbiDevice *device, TamboPress press,
                                    TamboFinger finger, guint missing) {
  return (TamboSbiRequest){
    .device = device,
    .press = press,
    .finger = finger,
    .missing = missing,
    .transaction = ANSWER_TRANSACTION,
    .previous_hash = TAMBO_SBI_FIRST_HASH,
    .timeout_ms = 10000,
    .quality = 60,
  };
}

static GPtrArray *parse_with (const char *text, gssize size, const TamboSbiRequest *request,
                              char **out_hash, GError **error) {
  return tambo_sbi_captures_parse (text, size < 0 ? strlen (text) : (gsize) size, request,
                                   tambo_sbi_token_peek, NULL, ANSWER_NOW, out_hash, error);
}

static GPtrArray *parse_slap (const char *text, gssize size, GError **error) {
  g_autoptr (TamboSbiDevice) device = answer_device ();
  TamboSbiRequest request = request_for (device, TAMBO_PRESS_RIGHT_FOUR, TAMBO_FINGER_UNKNOWN, 0);
  g_autofree char *hash = NULL;

  return parse_with (text, size, &request, &hash, error);
}

static void test_slap (void) {
  g_autofree char *text = answer_capture (RIGHT_FOUR);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) captures = parse_slap (text, -1, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (captures->len, ==, 4);
  for (guint i = 0; i < 4; i++) {
    const TamboFingerprintCapture *capture = captures->pdata[i];
    g_assert_cmpint (capture->finger, ==, TAMBO_FINGER_RIGHT_INDEX + (int) i);
    g_assert_cmpint (capture->quality, ==, 72);
    g_assert_cmpint (capture->image->ppi, ==, 500);
    g_assert_cmpint (capture->image->width, ==, 8);
    g_assert_cmpint (capture->image->data[63], ==, capture->finger);
    g_assert_cmpstr (capture->driver, ==, "sbi-1.0");
  }
}

static void test_cut_short (void) {
  g_autofree char *text = answer_capture (RIGHT_FOUR);
  gsize length = strlen (text);

  for (gsize size = 0; size < length; size++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (parse_slap (text, (gssize) size, &error));
    g_assert_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_PROTOCOL);
  }
}

/* Three are never four, nor are five; and no other four are these. */
static void test_counts (void) {
  static const struct {
    guint fingers;
    gboolean is_retry;
    int code;
    const char *words;
  } rows[] = {
    { 0x1c, TRUE, TAMBO_CAPTURE_RETRY_FEWER_FINGERS, "3 of 4 fingers, without right-little" },
    { 0x20, TRUE, TAMBO_CAPTURE_RETRY_FEWER_FINGERS, "without right-index, right-middle" },
    { 0, TRUE, TAMBO_CAPTURE_RETRY_FEWER_FINGERS, "0 of 4" },
    { 0x780, TRUE, TAMBO_CAPTURE_RETRY_OTHER_FINGERS, "saw left-index where right-index" },
    { 0x3e, TRUE, TAMBO_CAPTURE_RETRY_OTHER_FINGERS, "saw right-thumb" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *text = answer_capture (rows[i].fingers);
    g_autoptr (GError) error = NULL;

    g_assert_null (parse_slap (text, -1, &error));
    GQuark domain = rows[i].is_retry ? TAMBO_CAPTURE_RETRY : TAMBO_CAPTURE_ERROR;
    g_assert_error (error, domain, rows[i].code);
    g_assert_nonnull (strstr (error->message, rows[i].words));
  }
}

static void test_missing_fingers (void) {
  g_autoptr (TamboSbiDevice) device = answer_device ();
  TamboSbiRequest request = request_for (device, TAMBO_PRESS_RIGHT_FOUR, TAMBO_FINGER_UNKNOWN,
                                         1u << TAMBO_FINGER_RIGHT_LITTLE);
  g_autofree char *three = answer_capture (0x1c);
  g_autofree char *four = answer_capture (RIGHT_FOUR);
  g_autofree char *hash = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) captures = parse_with (three, -1, &request, &hash, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (captures->len, ==, 3);
  /* A finger that is told to be missing is nobody's. */
  g_assert_null (parse_with (four, -1, &request, &hash, &error));
  g_assert_error (error, TAMBO_CAPTURE_RETRY, TAMBO_CAPTURE_RETRY_OTHER_FINGERS);
}

static void test_twice (void) {
  g_autofree char *hash = g_strdup (TAMBO_SBI_FIRST_HASH);
  g_autoptr (GBytes) record = answer_record (TAMBO_FINGER_RIGHT_INDEX);
  JsonArray *items = json_array_new ();
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  for (int i = 0; i < 4; i++)
    json_array_add_object_element (
        items, answer_item (answer_data (TAMBO_FINGER_RIGHT_INDEX, record), record, &hash));
  text = answer_text (items);
  g_assert_null (parse_slap (text, -1, &error));
  g_assert_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_PROTOCOL);
}

/* ---- one member that is wrong ---- */

typedef struct {
  const char *member, *value; /* NULL: without it */
  int code;                   /* of TAMBO_CAPTURE_ERROR; -1: it is taken all the same */
} Change;

static void change (JsonObject *object, const Change *change) {
  if (change->value == NULL)
    json_object_remove_member (object, change->member);
  else
    json_object_set_string_member (object, change->member, change->value);
}

static char *changed_capture (const Change *in_data, const Change *in_item) {
  g_autofree char *hash = g_strdup (TAMBO_SBI_FIRST_HASH);
  g_autoptr (GBytes) record = answer_record (TAMBO_FINGER_RIGHT_INDEX);
  JsonObject *data = answer_data (TAMBO_FINGER_RIGHT_INDEX, record);
  JsonArray *items = json_array_new ();
  JsonObject *item;

  if (in_data != NULL)
    change (data, in_data);
  item = answer_item (data, record, &hash);
  if (in_item != NULL)
    change (item, in_item);
  json_array_add_object_element (items, item);
  return answer_text (items);
}

static void check_change (const Change *change, const char *text) {
  g_autoptr (TamboSbiDevice) device = answer_device ();
  TamboSbiRequest request = request_for (device, TAMBO_PRESS_SINGLE, TAMBO_FINGER_RIGHT_INDEX, 0);
  g_autofree char *hash = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) captures = parse_with (text, -1, &request, &hash, &error);

  g_test_message ("%s = %s", change->member, change->value);
  if (change->code >= 0)
    g_assert_error (error, TAMBO_CAPTURE_ERROR, change->code);
  else
    g_assert_no_error (error);
  g_assert_true ((captures == NULL) == (change->code >= 0));
}

static void test_changed_data (void) {
  static const Change rows[] = {
    { "nothing", "new", -1 },
    { "transactionId", "transaction-2", TAMBO_CAPTURE_ERROR_UNTRUSTED },
    { "transactionId", NULL, TAMBO_CAPTURE_ERROR_UNTRUSTED },
    { "timestamp", "2026-11-23T10:04:59Z", -1 },
    { "timestamp", "2026-11-23T09:55:01Z", -1 },
    { "timestamp", "2026-11-23T10:00:00.123Z", -1 },
    { "timestamp", "2026-11-23T15:30:00+05:30", -1 },
    { "timestamp", "2026-11-23T10:05:01Z", TAMBO_CAPTURE_ERROR_UNTRUSTED },
    { "timestamp", "2026-11-23T09:54:59Z", TAMBO_CAPTURE_ERROR_UNTRUSTED },
    { "timestamp", "today", TAMBO_CAPTURE_ERROR_PROTOCOL },
    { "timestamp", NULL, TAMBO_CAPTURE_ERROR_PROTOCOL },
    { "bioType", "Iris", TAMBO_CAPTURE_ERROR_PROTOCOL },
    { "purpose", "Auth", TAMBO_CAPTURE_ERROR_PROTOCOL },
    { "env", "Production", TAMBO_CAPTURE_ERROR_PROTOCOL },
    { "bioSubType", "UNKNOWN", TAMBO_CAPTURE_ERROR_PROTOCOL },
    { "bioSubType", "right index", TAMBO_CAPTURE_ERROR_PROTOCOL },
    { "qualityScore", "0", -1 },
    { "qualityScore", "100", -1 },
    { "qualityScore", "100.5", TAMBO_CAPTURE_ERROR_PROTOCOL },
    { "qualityScore", "-1", TAMBO_CAPTURE_ERROR_PROTOCOL },
    { "qualityScore", "nan", TAMBO_CAPTURE_ERROR_PROTOCOL },
    { "qualityScore", "", TAMBO_CAPTURE_ERROR_PROTOCOL },
    { "qualityScore", NULL, TAMBO_CAPTURE_ERROR_PROTOCOL },
    { "digitalId", "e30", TAMBO_CAPTURE_ERROR_UNTRUSTED }, /* {} */
    { "digitalId", "###", TAMBO_CAPTURE_ERROR_PROTOCOL },
    { "digitalId", NULL, TAMBO_CAPTURE_ERROR_PROTOCOL },
    { "bioValue", "AAAA", TAMBO_CAPTURE_ERROR_UNTRUSTED }, /* not what was chained */
    { "bioValue", "+/", TAMBO_CAPTURE_ERROR_PROTOCOL },
    { "bioValue", NULL, TAMBO_CAPTURE_ERROR_PROTOCOL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *text = changed_capture (&rows[i], NULL);
    check_change (&rows[i], text);
  }
}

static void test_changed_item (void) {
  static const Change rows[] = {
    { "specVersion", "0.9.5", TAMBO_CAPTURE_ERROR_PROTOCOL },
    { "specVersion", NULL, TAMBO_CAPTURE_ERROR_PROTOCOL },
    { "hash", TAMBO_SBI_FIRST_HASH, TAMBO_CAPTURE_ERROR_UNTRUSTED },
    { "hash", "00", TAMBO_CAPTURE_ERROR_UNTRUSTED },
    { "hash", "", TAMBO_CAPTURE_ERROR_UNTRUSTED },
    { "hash", NULL, TAMBO_CAPTURE_ERROR_UNTRUSTED },
    { "data", "", TAMBO_CAPTURE_ERROR_PROTOCOL },
    { "data", "W10", TAMBO_CAPTURE_ERROR_PROTOCOL }, /* [] */
    { "data", "a.b", TAMBO_CAPTURE_ERROR_PROTOCOL },
    { "data", NULL, TAMBO_CAPTURE_ERROR_PROTOCOL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *text = changed_capture (NULL, &rows[i]);
    check_change (&rows[i], text);
  }
}

/* ---- the chain ---- */

static void test_chain (void) {
  g_autoptr (TamboSbiDevice) device = answer_device ();
  TamboSbiRequest request = request_for (device, TAMBO_PRESS_SINGLE, TAMBO_FINGER_RIGHT_INDEX, 0);
  g_autofree char *text = answer_capture (1u << TAMBO_FINGER_RIGHT_INDEX);
  g_autofree char *first = NULL, *second = NULL, *lower = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) captures = parse_with (text, -1, &request, &first, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (strlen (first), ==, 64);
  /* What was right after the first hash is wrong after another. */
  request.previous_hash = first;
  g_assert_null (parse_with (text, -1, &request, &second, &error));
  g_assert_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_UNTRUSTED);
  g_clear_error (&error);
  /* The case of the digits is nobody's business. */
  lower = g_ascii_strdown (TAMBO_SBI_FIRST_HASH, -1);
  request.previous_hash = lower;
  g_autoptr (GPtrArray) again = parse_with (text, -1, &request, &second, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (second, ==, first);
}

static void test_chain_of_digits (void) {
  g_autoptr (GBytes) record = answer_record (TAMBO_FINGER_RIGHT_INDEX);
  g_autoptr (GBytes) own = tambo_sha256_bytes (record);
  g_autofree char *own_hex =
      tambo_hex_encode (g_bytes_get_data (own, NULL), g_bytes_get_size (own));
  g_autofree char *own_digits = g_ascii_strup (own_hex, -1);
  g_autofree char *digits = g_strconcat (TAMBO_SBI_FIRST_HASH, own_digits, NULL);
  g_autoptr (GBytes) input = g_bytes_new (digits, strlen (digits));
  g_autofree char *hash = tambo_sha256_hex (input);
  const Change change = { "hash", hash, -1 };
  g_autofree char *text = changed_capture (NULL, &change);

  check_change (&change, text);
}

/* ---- refusals of the scanner ---- */

static void test_errors (void) {
  static const struct {
    const char *code;
    gboolean is_retry;
    int error;
  } rows[] = {
    { "\"101\"", TRUE, TAMBO_CAPTURE_RETRY_GENERAL },
    { "101", TRUE, TAMBO_CAPTURE_RETRY_GENERAL },
    { "\"105\"", TRUE, TAMBO_CAPTURE_RETRY_CENTER_FINGER },
    { "\"111\"", FALSE, TAMBO_CAPTURE_ERROR_BUSY },
    { "\"202\"", FALSE, TAMBO_CAPTURE_ERROR_REMOVED },
    { "\"107\"", FALSE, TAMBO_CAPTURE_ERROR_FAILED },
    { "\"501\"", FALSE, TAMBO_CAPTURE_ERROR_FAILED },
  };
  static const char *const forms[] = {
    "{\"biometrics\":[{\"specVersion\":\"1.0\",\"data\":\"\",\"hash\":\"\",\"error\":{"
    "\"errorCode\":%s,"
    "\"errorInfo\":\"of the maker\"}}]}",
    "{\"error\":{\"errorCode\":%s,\"errorInfo\":\"of the maker\"}}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    for (guint j = 0; j < G_N_ELEMENTS (forms); j++) {
      g_auto (GStrv) parts = g_strsplit (forms[j], "%s", 2);
      g_autofree char *text = g_strconcat (parts[0], rows[i].code, parts[1], NULL);
      g_autoptr (GError) error = NULL;

      g_assert_null (parse_slap (text, -1, &error));
      GQuark domain = rows[i].is_retry ? TAMBO_CAPTURE_RETRY : TAMBO_CAPTURE_ERROR;
      g_assert_error (error, domain, rows[i].error);
      g_assert_nonnull (strstr (error->message, "of the maker"));
    }
}

static void test_nonsense (void) {
  static const char *const texts[] = { "",
                                       "{}",
                                       "[]",
                                       "{\"biometrics\":{}}",
                                       "{\"biometrics\":[1]}",
                                       "{\"biometrics\":[[]]}",
                                       "{\"biometrics\":[{},{},{},{},{},{},{},{},{},{},{}]}",
                                       "<html>",
                                       "{\"biometrics\":[{\"specVersion\":[]}]}" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (parse_slap (texts[i], -1, &error));
    g_assert_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_PROTOCOL);
  }
}

/* ---- what is asked ---- */

static void check_request (const TamboSbiRequest *request, const char *bio) {
  g_autofree char *text = tambo_sbi_request_to_json (request, ANSWER_NOW);

  g_assert_nonnull (strstr (text, bio));
  g_assert_nonnull (strstr (text, "\"captureTime\":\"" ANSWER_TIME "\""));
  g_assert_nonnull (strstr (text, "\"transactionId\":\"" ANSWER_TRANSACTION "\""));
  g_assert_nonnull (strstr (text, "\"purpose\":\"Registration\""));
}

static void test_requests (void) {
  g_autoptr (TamboSbiDevice) device = answer_device ();
  TamboSbiRequest slap = request_for (device, TAMBO_PRESS_LEFT_FOUR, TAMBO_FINGER_UNKNOWN,
                                      1u << TAMBO_FINGER_LEFT_RING | 1u << TAMBO_FINGER_RIGHT_RING);
  TamboSbiRequest single = request_for (device, TAMBO_PRESS_SINGLE, TAMBO_FINGER_LEFT_THUMB, 0);
  TamboSbiRequest any = request_for (device, TAMBO_PRESS_SINGLE, TAMBO_FINGER_UNKNOWN, 0);

  check_request (
      &slap, "{\"bioSubType\":[\"Left IndexFinger\",\"Left MiddleFinger\",\"Left LittleFinger\"],"
             "\"count\":\"3\",\"deviceSubId\":\"1\",\"exception\":[\"Left RingFinger\"],"
             "\"previousHash\":\"" TAMBO_SBI_FIRST_HASH "\",\"requestedScore\":\"60\","
             "\"serialNo\":\"" ANSWER_SERIAL "\",\"type\":\"Finger\"}");
  check_request (&single, "{\"bioSubType\":[\"Left Thumb\"],\"count\":\"1\",\"deviceSubId\":\"3\","
                          "\"exception\":[\"Right Thumb\"],");
  check_request (&any, "{\"bioSubType\":[\"Right IndexFinger\"],\"count\":\"1\","
                       "\"deviceSubId\":\"2\",");
  g_free (device->version);
  device->version = g_strdup ("0.9.5");
  g_free (device->sub_type);
  device->sub_type = g_strdup ("Single");
  check_request (&any, "{\"count\":\"1\",\"deviceId\":\"inside\",\"deviceSubId\":\"1\","
                       "\"exception\":[],");
}

/* A scanner for one finger, and nobody said which. */
static void test_any_finger (void) {
  g_autoptr (TamboSbiDevice) device = answer_device ();
  TamboSbiRequest request = request_for (device, TAMBO_PRESS_SINGLE, TAMBO_FINGER_UNKNOWN, 0);
  g_autofree char *text = answer_capture (1u << TAMBO_FINGER_LEFT_RING);
  g_autofree char *two = answer_capture (3u << TAMBO_FINGER_LEFT_RING);
  g_autofree char *none = answer_capture (0);
  g_autofree char *hash = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) captures = NULL;

  g_free (device->sub_type);
  device->sub_type = g_strdup ("Single");
  captures = parse_with (text, -1, &request, &hash, &error);
  g_assert_no_error (error);
  g_assert_cmpint (((TamboFingerprintCapture *) captures->pdata[0])->finger, ==,
                   TAMBO_FINGER_LEFT_RING);
  g_assert_null (parse_with (two, -1, &request, &hash, &error));
  g_assert_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_PROTOCOL);
  g_clear_error (&error);
  g_assert_null (parse_with (none, -1, &request, &hash, &error));
  g_assert_error (error, TAMBO_CAPTURE_RETRY, TAMBO_CAPTURE_RETRY_FEWER_FINGERS);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/capture/sbi-capture/slap", test_slap);
  g_test_add_func ("/capture/sbi-capture/cut-short", test_cut_short);
  g_test_add_func ("/capture/sbi-capture/counts", test_counts);
  g_test_add_func ("/capture/sbi-capture/missing-fingers", test_missing_fingers);
  g_test_add_func ("/capture/sbi-capture/twice", test_twice);
  g_test_add_func ("/capture/sbi-capture/changed-data", test_changed_data);
  g_test_add_func ("/capture/sbi-capture/changed-item", test_changed_item);
  g_test_add_func ("/capture/sbi-capture/chain", test_chain);
  g_test_add_func ("/capture/sbi-capture/chain-of-digits", test_chain_of_digits);
  g_test_add_func ("/capture/sbi-capture/errors", test_errors);
  g_test_add_func ("/capture/sbi-capture/nonsense", test_nonsense);
  g_test_add_func ("/capture/sbi-capture/requests", test_requests);
  g_test_add_func ("/capture/sbi-capture/any-finger", test_any_finger);
  return g_test_run ();
}
