/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/sbi-capture.h"

#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/json.h"
#include "capture/sbi-image.h"

#define MAX_ITEMS 10
#define CLOCK_LAG_SECONDS (5 * 60)

static const char *const finger_names[] = {
  [TAMBO_FINGER_UNKNOWN] = "UNKNOWN",
  [TAMBO_FINGER_RIGHT_THUMB] = "Right Thumb",
  [TAMBO_FINGER_RIGHT_INDEX] = "Right IndexFinger",
  [TAMBO_FINGER_RIGHT_MIDDLE] = "Right MiddleFinger",
  [TAMBO_FINGER_RIGHT_RING] = "Right RingFinger",
  [TAMBO_FINGER_RIGHT_LITTLE] = "Right LittleFinger",
  [TAMBO_FINGER_LEFT_THUMB] = "Left Thumb",
  [TAMBO_FINGER_LEFT_INDEX] = "Left IndexFinger",
  [TAMBO_FINGER_LEFT_MIDDLE] = "Left MiddleFinger",
  [TAMBO_FINGER_LEFT_RING] = "Left RingFinger",
  [TAMBO_FINGER_LEFT_LITTLE] = "Left LittleFinger",
};

const char *tambo_sbi_finger_to_string (TamboFinger finger) {
  g_return_val_if_fail ((guint) finger < G_N_ELEMENTS (finger_names), finger_names[0]);
  return finger_names[finger];
}

TamboFinger tambo_sbi_finger_from_string (const char *text) {
  for (guint i = TAMBO_FINGER_RIGHT_THUMB; i < G_N_ELEMENTS (finger_names); i++)
    if (g_str_equal (finger_names[i], text))
      return (TamboFinger) i;
  return TAMBO_FINGER_UNKNOWN;
}

/* ---- what is asked ---- */

static gboolean is_version_1 (const TamboSbiRequest *request) {
  return g_str_equal (request->device->version, "1.0");
}

static gboolean is_slap_scanner (const TamboSbiRequest *request) {
  return g_ascii_strcasecmp (request->device->sub_type, "Slap") == 0;
}

guint tambo_sbi_request_fingers (const TamboSbiRequest *request) {
  if (request->press != TAMBO_PRESS_SINGLE)
    return tambo_press_get_fingers (request->press) & ~request->missing;
  if (request->finger != TAMBO_FINGER_UNKNOWN)
    return 1u << request->finger;
  /* A slap scanner has to be told which of its sensors to switch on. */
  return is_slap_scanner (request) ? 1u << TAMBO_FINGER_RIGHT_INDEX : 0;
}

/* The press that FINGERS belong to on a slap scanner. */
static TamboPress press_of (guint fingers) {
  for (guint press = TAMBO_PRESS_RIGHT_FOUR; press <= TAMBO_PRESS_THUMBS; press++)
    if ((fingers & tambo_press_get_fingers ((TamboPress) press)) != 0)
      return (TamboPress) press;
  return TAMBO_PRESS_SINGLE;
}

TamboSbiSubId tambo_sbi_request_sub_id (const TamboSbiRequest *request) {
  guint fingers = tambo_sbi_request_fingers (request);
  static const TamboSbiSubId ids[] = {
    [TAMBO_PRESS_SINGLE] = TAMBO_SBI_SUB_ANY,
    [TAMBO_PRESS_RIGHT_FOUR] = TAMBO_SBI_SUB_RIGHT,
    [TAMBO_PRESS_LEFT_FOUR] = TAMBO_SBI_SUB_LEFT,
    [TAMBO_PRESS_THUMBS] = TAMBO_SBI_SUB_THUMBS,
  };

  if (is_slap_scanner (request))
    return ids[press_of (fingers)];
  /* A scanner for one finger may have its one sensor as number 1 or not name it at all. */
  return (request->device->sub_ids & 1u << 1) != 0 ? TAMBO_SBI_SUB_LEFT : TAMBO_SBI_SUB_ANY;
}

static JsonArray *name_fingers (guint fingers) {
  JsonArray *array = json_array_new ();

  for (guint i = TAMBO_FINGER_RIGHT_THUMB; i <= TAMBO_FINGER_LEFT_LITTLE; i++)
    if ((fingers & 1u << i) != 0)
      json_array_add_string_element (array, finger_names[i]);
  return array;
}

static guint count_bits (guint bits) {
  guint n = 0;

  for (; bits != 0; bits &= bits - 1)
    n++;
  return n;
}

static void set_number (JsonObject *object, const char *member, guint value) {
  g_autofree char *text = g_strdup_printf ("%u", value);

  json_object_set_string_member (object, member, text);
}

static JsonObject *bio_to_json (const TamboSbiRequest *request) {
  guint fingers = tambo_sbi_request_fingers (request);
  guint beside =
      is_slap_scanner (request) ? tambo_press_get_fingers (press_of (fingers)) & ~fingers : 0;
  JsonObject *bio = json_object_new ();

  json_object_set_string_member (bio, "type", "Finger");
  set_number (bio, "count", MAX (count_bits (fingers), 1));
  if (fingers != 0)
    json_object_set_array_member (bio, "bioSubType", name_fingers (fingers));
  json_object_set_array_member (bio, "exception", name_fingers (beside));
  set_number (bio, "requestedScore", (guint) request->quality);
  if (is_version_1 (request))
    json_object_set_string_member (bio, "serialNo", request->device->serial);
  else
    json_object_set_string_member (bio, "deviceId", request->device->device_id);
  set_number (bio, "deviceSubId", tambo_sbi_request_sub_id (request));
  json_object_set_string_member (bio, "previousHash", request->previous_hash);
  return bio;
}

/* Numbers go as text, as the devices in the field know them. */
char *tambo_sbi_request_to_json (const TamboSbiRequest *request, gint64 now) {
  g_autoptr (JsonObject) object = json_object_new ();
  g_autofree char *time = tambo_clock_format (now);
  JsonArray *bios = json_array_new ();

  json_object_set_string_member (object, "env", request->device->environment);
  json_object_set_string_member (object, "purpose", "Registration");
  json_object_set_string_member (object, "specVersion", request->device->version);
  set_number (object, "timeout", request->timeout_ms);
  json_object_set_string_member (object, "captureTime", time);
  json_object_set_string_member (object, "transactionId", request->transaction);
  json_array_add_object_element (bios, bio_to_json (request));
  json_object_set_array_member (object, "bio", bios);
  json_object_set_object_member (object, "customOpts", json_object_new ());
  return tambo_json_canonical (object);
}

/* ---- what is accepted ---- */

typedef struct {
  const TamboSbiRequest *request; /* borrowed */
  TamboSbiOpener opener;
  gpointer data;
  gint64 now;
  char *hash;          /* of the chain so far; owned */
  guint seen;          /* bits 1 << TamboFinger */
  GPtrArray *captures; /* owned */
} Judgement;

static void judgement_clear (Judgement *judgement) {
  g_clear_pointer (&judgement->hash, g_free);
  g_clear_pointer (&judgement->captures, g_ptr_array_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Judgement, judgement_clear)

G_GNUC_PRINTF (3, 4)
static gboolean refuse (GError **error, TamboCaptureError code, const char *format, ...) {
  g_autofree char *message = NULL;
  va_list arguments;

  va_start (arguments, format);
  message = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  g_set_error_literal (error, TAMBO_CAPTURE_ERROR, (int) code, message);
  return FALSE;
}

/* What the applicant can mend is asked of him again. */
static gboolean check_error (JsonObject *item, GError **error) {
  static const struct {
    const char *code;
    TamboCaptureRetry retry;
  } retries[] = {
    { "101", TAMBO_CAPTURE_RETRY_GENERAL },
    { "102", TAMBO_CAPTURE_RETRY_GENERAL },
    { "105", TAMBO_CAPTURE_RETRY_CENTER_FINGER },
  };
  g_autofree char *code = NULL;
  g_autofree char *info = NULL;

  tambo_sbi_read_error (item, &code, &info);
  if (g_str_equal (code, "0"))
    return TRUE;
  g_autofree char *words = tambo_sbi_describe_error (code, info);
  for (guint i = 0; i < G_N_ELEMENTS (retries); i++)
    if (g_str_equal (code, retries[i].code)) {
      g_set_error_literal (error, TAMBO_CAPTURE_RETRY, (int) retries[i].retry, words);
      return FALSE;
    }
  if (g_str_equal (code, "111"))
    return refuse (error, TAMBO_CAPTURE_ERROR_BUSY, "%s", words);
  if (g_str_equal (code, "106") || g_str_equal (code, "202"))
    return refuse (error, TAMBO_CAPTURE_ERROR_REMOVED, "%s", words);
  return refuse (error, TAMBO_CAPTURE_ERROR_FAILED, "%s", words);
}

/* Of the bytes of both hashes, or of their digits: SBI's text allows both, and devices of both kinds
 * are in use. Either binds the picture to all before it. */
static gboolean is_next_hash (const char *previous, GBytes *record, const char *hash) {
  g_autoptr (GBytes) before = tambo_hex_decode (previous);
  g_autoptr (GBytes) own = tambo_sha256_bytes (record);
  g_autofree char *own_hex =
      tambo_hex_encode (g_bytes_get_data (own, NULL), g_bytes_get_size (own));
  g_autofree char *own_digits = g_ascii_strup (own_hex, -1);
  g_autofree char *digits = g_strconcat (previous, own_digits, NULL);
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint8 of_bytes[TAMBO_SHA256_SIZE], of_digits[TAMBO_SHA256_SIZE];
  g_autoptr (GBytes) given = tambo_hex_decode (hash);

  if (given == NULL || before == NULL || g_bytes_get_size (given) != TAMBO_SHA256_SIZE)
    return FALSE;
  tambo_put_bytes (bytes, g_bytes_get_data (before, NULL), g_bytes_get_size (before));
  tambo_put_bytes (bytes, g_bytes_get_data (own, NULL), g_bytes_get_size (own));
  tambo_sha256 (bytes->data, bytes->len, of_bytes);
  tambo_sha256 (digits, strlen (digits), of_digits);
  return memcmp (g_bytes_get_data (given, NULL), of_bytes, sizeof of_bytes) == 0
         || memcmp (g_bytes_get_data (given, NULL), of_digits, sizeof of_digits) == 0;
}

static gboolean check_chain (Judgement *judgement, JsonObject *item, GBytes *record,
                             GError **error) {
  g_autofree char *hash = tambo_sbi_dup_text (item, "hash");

  if (!is_next_hash (judgement->hash, record, hash))
    return refuse (error, TAMBO_CAPTURE_ERROR_UNTRUSTED,
                   "the chain of hashes over the scanner's pictures is broken");
  g_free (judgement->hash);
  judgement->hash = g_ascii_strup (hash, -1);
  return TRUE;
}

static gboolean check_member (JsonObject *data, const char *member, const char *wanted,
                              TamboCaptureError code, GError **error) {
  g_autofree char *found = tambo_sbi_dup_text (data, member);

  if (g_str_equal (found, wanted))
    return TRUE;
  return refuse (error, code, "the scanner answered with %s “%s” where “%s” was asked for", member,
                 found, wanted);
}

static gboolean check_time (const Judgement *judgement, JsonObject *data, GError **error) {
  g_autofree char *text = tambo_sbi_dup_text (data, "timestamp");
  g_autoptr (GTimeZone) utc = g_time_zone_new_utc ();
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (text, utc);

  if (time == NULL)
    return refuse (error, TAMBO_CAPTURE_ERROR_PROTOCOL,
                   "the scanner's picture does not say when it was taken");
  if (ABS (g_date_time_to_unix (time) - judgement->now) <= CLOCK_LAG_SECONDS)
    return TRUE;
  return refuse (error, TAMBO_CAPTURE_ERROR_UNTRUSTED,
                 "the scanner says that its picture was taken at %s, more than 5 minutes from this "
                 "computer's time",
                 text);
}

static gboolean check_origin (const Judgement *judgement, JsonObject *data, GError **error) {
  const char *token = tambo_json_peek_string (data, "digitalId");
  if (token == NULL)
    return refuse (error, TAMBO_CAPTURE_ERROR_PROTOCOL,
                   "the scanner's picture does not say which scanner took it");

  g_autoptr (JsonObject) digital_id =
      judgement->opener (token, "the identity", judgement->data, error);
  if (digital_id == NULL)
    return FALSE;
  g_autofree char *serial = tambo_sbi_dup_text (digital_id, "serialNo");
  if (*serial == '\0' || !g_str_equal (serial, judgement->request->device->serial))
    return refuse (error, TAMBO_CAPTURE_ERROR_UNTRUSTED,
                   "the picture was taken by the scanner “%s” where “%s” was asked", serial,
                   judgement->request->device->serial);
  return TRUE;
}

static gboolean check_circumstances (const Judgement *judgement, JsonObject *data, GError **error) {
  const TamboSbiRequest *request = judgement->request;

  return check_member (data, "transactionId", request->transaction, TAMBO_CAPTURE_ERROR_UNTRUSTED,
                       error)
         && check_time (judgement, data, error)
         && check_member (data, "bioType", "Finger", TAMBO_CAPTURE_ERROR_PROTOCOL, error)
         && check_member (data, "purpose", "Registration", TAMBO_CAPTURE_ERROR_PROTOCOL, error)
         && check_member (data, "env", request->device->environment, TAMBO_CAPTURE_ERROR_PROTOCOL,
                          error)
         && check_origin (judgement, data, error);
}

static gboolean read_quality (JsonObject *data, int *out_quality, GError **error) {
  g_autofree char *text = tambo_sbi_dup_text (data, "qualityScore");
  char *end = text;
  double value = g_ascii_strtod (text, &end);

  if (*text == '\0' || *end != '\0' || !(value >= 0 && value <= 100))
    return refuse (error, TAMBO_CAPTURE_ERROR_PROTOCOL,
                   "the scanner's picture has no quality from 0 to 100");
  *out_quality = (int) (value + 0.5);
  return TRUE;
}

/* "right-index, right-ring" */
static char *list_fingers (guint fingers) {
  g_autoptr (GPtrArray) names = g_ptr_array_new ();

  for (guint i = TAMBO_FINGER_RIGHT_THUMB; i <= TAMBO_FINGER_LEFT_LITTLE; i++)
    if ((fingers & 1u << i) != 0)
      g_ptr_array_add (names, (gpointer) tambo_finger_to_string ((TamboFinger) i));
  g_ptr_array_add (names, NULL);
  return g_strjoinv (", ", (char **) names->pdata);
}

static gboolean read_finger (Judgement *judgement, JsonObject *data, TamboFinger *out_finger,
                             GError **error) {
  guint wanted = tambo_sbi_request_fingers (judgement->request);
  g_autofree char *name = tambo_sbi_dup_text (data, "bioSubType");
  TamboFinger finger = tambo_sbi_finger_from_string (name);

  if (finger == TAMBO_FINGER_UNKNOWN && !(wanted == 0 && g_str_equal (name, "UNKNOWN")))
    return refuse (error, TAMBO_CAPTURE_ERROR_PROTOCOL, "the scanner gave a picture of “%s”", name);
  if (wanted != 0 && (wanted & 1u << finger) == 0) {
    g_autofree char *names = list_fingers (wanted);
    g_set_error (error, TAMBO_CAPTURE_RETRY, TAMBO_CAPTURE_RETRY_OTHER_FINGERS,
                 "the scanner saw %s where %s was asked for", tambo_finger_to_string (finger),
                 names);
    return FALSE;
  }
  if ((judgement->seen & 1u << finger) != 0)
    return refuse (error, TAMBO_CAPTURE_ERROR_PROTOCOL, "the scanner gave %s twice",
                   tambo_finger_to_string (finger));
  judgement->seen |= 1u << finger;
  *out_finger = finger;
  return TRUE;
}

static GBytes *read_record (JsonObject *data, GError **error) {
  const char *text = tambo_json_peek_string (data, "bioValue");
  GBytes *record = text != NULL ? tambo_sbi_base64url_decode (text, strlen (text)) : NULL;

  if (record == NULL)
    refuse (error, TAMBO_CAPTURE_ERROR_PROTOCOL, "the scanner's answer has no picture");
  return record;
}

static gboolean take_capture (Judgement *judgement, JsonObject *item, JsonObject *data,
                              GError **error) {
  g_autoptr (TamboFingerprintCapture) capture = g_new0 (TamboFingerprintCapture, 1);
  g_autoptr (GBytes) record = NULL;

  if (!check_circumstances (judgement, data, error)
      || !read_finger (judgement, data, &capture->finger, error)
      || !read_quality (data, &capture->quality, error)
      || (record = read_record (data, error)) == NULL
      || !check_chain (judgement, item, record, error))
    return FALSE;
  capture->image = tambo_sbi_image_from_record (record, capture->finger, error);
  if (capture->image == NULL)
    return FALSE;
  capture->driver = g_strconcat ("sbi-", judgement->request->device->version, NULL);
  g_ptr_array_add (judgement->captures, g_steal_pointer (&capture));
  return TRUE;
}

static gboolean judge_item (Judgement *judgement, JsonObject *item, GError **error) {
  const char *token = tambo_json_peek_string (item, "data");

  if (!check_error (item, error)
      || !check_member (item, "specVersion", judgement->request->device->version,
                        TAMBO_CAPTURE_ERROR_PROTOCOL, error))
    return FALSE;
  if (token == NULL)
    return refuse (error, TAMBO_CAPTURE_ERROR_PROTOCOL, "the scanner's answer has no data");
  g_autoptr (JsonObject) data = judgement->opener (token, "the picture", judgement->data, error);
  return data != NULL && take_capture (judgement, item, data, error);
}

/* Three fingers are never four. */
static gboolean check_complete (const Judgement *judgement, GError **error) {
  guint wanted = tambo_sbi_request_fingers (judgement->request);
  guint n = MAX (count_bits (wanted), 1);

  if (judgement->captures->len == n)
    return TRUE;
  if (judgement->captures->len > n)
    return refuse (error, TAMBO_CAPTURE_ERROR_PROTOCOL,
                   "the scanner gave %u fingers where %u were asked for", judgement->captures->len,
                   n);
  g_autofree char *names = list_fingers (wanted & ~judgement->seen);
  g_set_error (error, TAMBO_CAPTURE_RETRY, TAMBO_CAPTURE_RETRY_FEWER_FINGERS,
               "the scanner saw %u of %u fingers, without %s", judgement->captures->len, n,
               *names != '\0' ? names : "any");
  return FALSE;
}

static JsonArray *find_items (JsonObject *answer, GError **error) {
  JsonNode *node = json_object_get_member (answer, "biometrics");
  JsonArray *items =
      node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  gboolean good = items != NULL && json_array_get_length (items) <= MAX_ITEMS;

  for (guint i = 0; good && i < json_array_get_length (items); i++)
    good = JSON_NODE_HOLDS_OBJECT (json_array_get_element (items, i));
  if (good)
    return items;
  refuse (error, TAMBO_CAPTURE_ERROR_PROTOCOL,
          "the scanner's service answered with something that is no capture");
  return NULL;
}

GPtrArray *tambo_sbi_captures_parse (const char *text, gsize size, const TamboSbiRequest *request,
                                     TamboSbiOpener opener, gpointer data, gint64 now,
                                     char **out_last_hash, GError **error) {
  g_autoptr (JsonObject) answer = tambo_json_parse_object (text, (gssize) size, NULL);
  g_auto (Judgement) judgement = {
    .request = request,
    .opener = opener,
    .data = data,
    .now = now,
    .hash = g_ascii_strup (request->previous_hash, -1),
    .captures = g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_fingerprint_capture_free),
  };

  if (answer == NULL) {
    refuse (error, TAMBO_CAPTURE_ERROR_PROTOCOL, "the scanner's service answered nonsense");
    return NULL;
  }
  /* Some services report a failure of the whole beside the list, or instead of it. */
  if (!check_error (answer, error))
    return NULL;
  JsonArray *items = find_items (answer, error);
  for (guint i = 0; items != NULL && i < json_array_get_length (items); i++)
    if (!judge_item (&judgement, json_array_get_object_element (items, i), error))
      return NULL;
  if (items == NULL || !check_complete (&judgement, error))
    return NULL;
  *out_last_hash = g_steal_pointer (&judgement.hash);
  return g_steal_pointer (&judgement.captures);
}
