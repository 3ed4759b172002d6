/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/sbi-scanner.h"

#include <string.h>

#include "base/bytes.h"
#include "base/clock.h"
#include "base/hash.h"
#include "base/json.h"
#include "format/image-codec.h"
#include "format/iso19794-4.h"
#include "format/wsq.h"
#include "simulator/ridges.h"
#include "simulator/simulator-error.h"

#define N_FINGERS 10
#define SERIAL "TAMBO00000001"
#define OTHER_SERIAL "TAMBO00000002"
#define DEVICE_ID "tambo-practice"
#define FRAME_QUALITY 70
#define SMEAR 5 /* pixels become one */
#define FIRST_HASH "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855"
#define DAY (24 * 3600L)
#define YEAR (365 * 24 * 3600L)

static const char *const finger_names[N_FINGERS] = {
  "Right Thumb",        "Right IndexFinger", "Right MiddleFinger", "Right RingFinger",
  "Right LittleFinger", "Left Thumb",        "Left IndexFinger",   "Left MiddleFinger",
  "Left RingFinger",    "Left LittleFinger",
};

struct _TamboScanner {
  GMutex lock;
  TamboScannerSettings settings;
  TamboSbiSigner *signer, *stranger;
  TamboRidges *ridges[N_FINGERS]; /* NULL until the finger is laid for the first time */
  guint32 press;
  const char *status; /* static */
};

TamboScanner *tambo_scanner_new (const TamboScannerSettings *settings, GError **error) {
  g_autoptr (TamboScanner) scanner = g_new0 (TamboScanner, 1);

  g_mutex_init (&scanner->lock);
  scanner->settings = *settings;
  scanner->status = "Ready";
  scanner->press = g_random_int ();
  scanner->signer =
      tambo_sbi_signer_new (settings->algorithm, -YEAR, settings->is_expired ? -DAY : YEAR, error);
  scanner->stranger = tambo_sbi_signer_new (TAMBO_SBI_ES256, -3600, YEAR, error);
  if (scanner->signer == NULL || scanner->stranger == NULL)
    return NULL;
  return g_steal_pointer (&scanner);
}

void tambo_scanner_free (TamboScanner *scanner) {
  if (scanner == NULL)
    return;
  tambo_sbi_signer_free (scanner->signer);
  tambo_sbi_signer_free (scanner->stranger);
  for (guint i = 0; i < N_FINGERS; i++)
    tambo_ridges_free (scanner->ridges[i]);
  g_mutex_clear (&scanner->lock);
  g_free (scanner);
}

void tambo_scanner_set_port (TamboScanner *scanner, guint16 port) {
  scanner->settings.port = port;
}

gboolean tambo_scanner_set_status (TamboScanner *scanner, const char *status, GError **error) {
  static const char *const known[] = { "Ready", "Busy", "Not Ready", "Not Registered" };

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_ascii_strcasecmp (known[i], status) == 0) {
      g_atomic_pointer_set (&scanner->status, known[i]);
      return TRUE;
    }
  g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_USAGE,
               "a scanner is Ready, Busy, Not Ready or Not Registered, not %s", status);
  return FALSE;
}

char *tambo_scanner_dup_provider_pem (TamboScanner *scanner) {
  return tambo_sbi_signer_dup_provider_pem (scanner->signer);
}

/* ---- what it says of itself ---- */

static gboolean is_version_1 (TamboScanner *scanner) {
  return g_str_equal (scanner->settings.version, "1.0");
}

static const char *get_status (TamboScanner *scanner) {
  return g_atomic_pointer_get (&scanner->status);
}

static gboolean is_registered (TamboScanner *scanner) {
  return !g_str_equal (get_status (scanner), "Not Registered");
}

static JsonObject *digital_id (TamboScanner *scanner, const char *serial) {
  g_autofree char *now = tambo_clock_now ();
  JsonObject *object = json_object_new ();

  json_object_set_string_member (object, "serialNo", serial);
  json_object_set_string_member (object, "make", "Tambo");
  json_object_set_string_member (object, "model",
                                 scanner->settings.is_single ? "Practice One" : "Practice Slap");
  json_object_set_string_member (object, "type", "Finger");
  json_object_set_string_member (object, "deviceSubType",
                                 scanner->settings.is_single ? "Single" : "Slap");
  json_object_set_string_member (object, "deviceProvider", "Tambo practice");
  json_object_set_string_member (object, "deviceProviderId", "tambo.practice");
  json_object_set_string_member (object, "dateTime", now);
  return object;
}

static void set_error (JsonObject *object, const char *code, const char *info) {
  JsonObject *error = json_object_new ();

  json_object_set_string_member (error, "errorCode", code);
  json_object_set_string_member (error, "errorInfo", info);
  json_object_set_object_member (object, "error", error);
}

static void set_state_error (TamboScanner *scanner, JsonObject *object) {
  const char *status = get_status (scanner);

  if (g_str_equal (status, "Busy"))
    set_error (object, "111", "Device is busy");
  else if (g_str_equal (status, "Not Ready"))
    set_error (object, "110", "Device not ready");
  else if (!is_registered (scanner))
    set_error (object, "100", "Device not registered");
  else
    set_error (object, "0", "Success");
}

static void set_description (TamboScanner *scanner, JsonObject *object) {
  g_autofree char *callback = g_strdup_printf ("http://127.0.0.1:%u/", scanner->settings.port);
  JsonArray *sub_ids = json_array_new ();
  JsonArray *versions = json_array_new ();

  for (int i = 1; i <= (scanner->settings.is_single ? 1 : 3); i++) {
    g_autofree char *text = g_strdup_printf ("%d", i);
    json_array_add_string_element (sub_ids, text);
  }
  json_array_add_string_element (versions, scanner->settings.version);
  json_object_set_array_member (object, "deviceSubId", sub_ids);
  json_object_set_array_member (object, "specVersion", versions);
  json_object_set_string_member (object, "callbackId", callback);
  json_object_set_string_member (object, "deviceStatus", get_status (scanner));
  json_object_set_string_member (object, "certification", "L0");
  json_object_set_string_member (object, "serviceVersion", scanner->settings.version);
  json_object_set_string_member (object, "purpose", is_registered (scanner) ? "Registration" : "");
  if (is_version_1 (scanner)) {
    json_object_set_string_member (object, "serialNo", SERIAL);
  } else {
    json_object_set_string_member (object, "deviceId", DEVICE_ID);
    json_object_set_string_member (object, "deviceCode", SERIAL);
  }
}

static char *to_list (JsonObject *object) {
  g_autofree char *text = tambo_json_canonical (object);

  return g_strdup_printf ("[%s]", text);
}

char *tambo_scanner_discovery (TamboScanner *scanner) {
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonObject) identity = digital_id (scanner, SERIAL);
  g_autofree char *encoded = tambo_sbi_encode_payload (identity);

  set_description (scanner, object);
  json_object_set_string_member (object, "digitalId", encoded);
  set_state_error (scanner, object);
  return to_list (object);
}

/* ---- what it signs ---- */

static void spoil_signature (char *token) {
  char *signature = strrchr (token, '.') + 1;

  signature[8] = signature[8] == 'A' ? 'B' : 'A';
}

static TamboSbiSigner *find_signer (TamboScanner *scanner, TamboScannerFault fault) {
  if (fault == TAMBO_SCANNER_STRANGER)
    return scanner->stranger;
  return scanner->signer;
}

static char *sign (TamboScanner *scanner, JsonObject *payload, TamboScannerFault fault) {
  char *token = tambo_sbi_signer_sign (find_signer (scanner, fault), payload);

  if (fault == TAMBO_SCANNER_WRONG_SIGNATURE)
    spoil_signature (token);
  return token;
}

char *tambo_scanner_info (TamboScanner *scanner, TamboScannerFault fault) {
  g_autoptr (JsonObject) object = json_object_new ();
  g_autoptr (JsonObject) info = json_object_new ();
  g_autoptr (JsonObject) identity = digital_id (scanner, SERIAL);
  g_autofree char *signed_identity = is_registered (scanner) ? sign (scanner, identity, fault)
                                                             : tambo_sbi_encode_payload (identity);

  set_description (scanner, info);
  json_object_set_string_member (info, "firmware", scanner->settings.version);
  json_object_set_string_member (info, "env", is_registered (scanner) ? "Developer" : "None");
  json_object_set_string_member (info, "digitalId", signed_identity);
  g_autofree char *token =
      is_registered (scanner) ? sign (scanner, info, fault) : tambo_sbi_encode_payload (info);
  json_object_set_string_member (object, "deviceInfo", token);
  set_state_error (scanner, object);
  return to_list (object);
}

/* ---- the hand ---- */

static TamboImage *lay (TamboScanner *scanner, guint finger, guint32 press) {
  g_mutex_lock (&scanner->lock);
  if (scanner->ridges[finger] == NULL)
    scanner->ridges[finger] = tambo_ridges_new (scanner->settings.seed + finger);
  g_mutex_unlock (&scanner->lock);
  return tambo_ridges_press (scanner->ridges[finger], press);
}

static GBytes *compress (TamboScannerCompression compression, const TamboImage *image) {
  GBytes *bytes = NULL;

  if (compression == TAMBO_SCANNER_JPEG2000)
    bytes = tambo_image_encode_jpeg2000 (image, 2 * tambo_image_size (image), NULL);
  else if (compression == TAMBO_SCANNER_WSQ)
    bytes = tambo_wsq_encode (image, TAMBO_WSQ_RATE, NULL);
  else if (compression == TAMBO_SCANNER_PNG)
    bytes = tambo_image_encode_png (image, NULL);
  return bytes != NULL ? bytes : g_bytes_new (image->data, tambo_image_size (image));
}

static GBytes *make_record (TamboScanner *scanner, guint finger, const TamboImage *image) {
  static const TamboFirCompression codes[] = {
    [TAMBO_SCANNER_JPEG2000] = TAMBO_FIR_JPEG2000,
    [TAMBO_SCANNER_WSQ] = TAMBO_FIR_WSQ,
    [TAMBO_SCANNER_RAW] = TAMBO_FIR_UNCOMPRESSED,
    [TAMBO_SCANNER_PNG] = TAMBO_FIR_PNG,
  };
  TamboScannerCompression compression = scanner->settings.compression;
  g_autoptr (TamboFingerRecord) record = tambo_finger_record_new (500, codes[compression]);
  TamboFirView *view = g_new0 (TamboFirView, 1);

  view->position = (guint8) (finger + 1);
  view->quality = (guint8) scanner->settings.quality;
  view->width = (guint16) image->width;
  view->height = (guint16) image->height;
  view->image = compress (compression, image);
  g_ptr_array_add (record->views, view);
  return scanner->settings.is_old_record ? tambo_finger_record_encode (record)
                                         : tambo_finger_record_encode_2011 (record);
}

GBytes *tambo_scanner_frame (TamboScanner *scanner) {
  g_autoptr (TamboImage) image = lay (scanner, 1, g_atomic_int_add (&scanner->press, 1));

  return tambo_image_encode_jpeg (image, FRAME_QUALITY, NULL);
}

/* ---- a capture ---- */

/* What was asked for. */
typedef struct {
  JsonObject *object, *bio; /* of the request, borrowed */
  TamboScannerFault fault;
  guint fingers; /* bits 1 << finger, from 0 */
} Request;

static guint read_names (JsonObject *bio, const char *member) {
  JsonNode *node = json_object_get_member (bio, member);
  JsonArray *array =
      node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  guint fingers = 0;

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++) {
    const char *name = json_array_get_string_element (array, i);
    for (guint j = 0; j < N_FINGERS; j++)
      if (g_strcmp0 (name, finger_names[j]) == 0)
        fingers |= 1u << j;
  }
  return fingers;
}

static guint read_number (JsonObject *object, const char *member) {
  const char *text = tambo_json_peek_string (object, member);
  guint64 value = 0;

  if (text != NULL)
    g_ascii_string_to_unsigned (text, 10, 0, 100, &value, NULL);
  else if (json_object_has_member (object, member))
    value = (guint64) json_object_get_int_member (object, member);
  return (guint) value;
}

static guint find_fingers (TamboScanner *scanner, JsonObject *bio) {
  static const guint of_sub_id[] = { 0, 0x3c0, 0x1e, 0x21 };
  guint named = read_names (bio, "bioSubType");
  guint sub_id = read_number (bio, "deviceSubId");

  if (named != 0)
    return named;
  if (scanner->settings.is_single)
    return 1u << 1;
  return (sub_id < G_N_ELEMENTS (of_sub_id) ? of_sub_id[sub_id] : 0)
         & ~read_names (bio, "exception");
}

static guint count_bits (guint bits) {
  guint n = 0;

  for (; bits != 0; bits &= bits - 1)
    n++;
  return n;
}

static char *next_hash (TamboScanner *scanner, const char *previous, GBytes *record) {
  g_autoptr (GBytes) own = tambo_sha256_bytes (record);
  g_autofree char *own_hex =
      tambo_hex_encode (g_bytes_get_data (own, NULL), g_bytes_get_size (own));
  g_autofree char *digits = g_strconcat (previous, own_hex, NULL);
  g_autofree char *upper = g_ascii_strup (digits, -1);
  g_autoptr (GBytes) input = scanner->settings.hashes_digits ? g_bytes_new (upper, strlen (upper))
                                                             : tambo_hex_decode (upper);
  g_autofree char *hash = input != NULL ? tambo_sha256_hex (input) : g_strdup ("");

  return g_ascii_strup (hash, -1);
}

static char *time_of (TamboScannerFault fault) {
  return tambo_clock_format (tambo_clock_now_unix () - (fault == TAMBO_SCANNER_OLD ? 3600 : 0));
}

static const char *or_empty (const char *text) {
  return text != NULL ? text : "";
}

static JsonObject *make_data (TamboScanner *scanner, const Request *request, const char *name,
                              GBytes *record) {
  TamboScannerFault fault = request->fault;
  const char *serial = fault == TAMBO_SCANNER_OTHER_SCANNER ? OTHER_SERIAL : SERIAL;
  g_autoptr (JsonObject) identity = digital_id (scanner, serial);
  g_autofree char *signed_identity = sign (scanner, identity, TAMBO_SCANNER_WELL);
  g_autofree char *value =
      tambo_sbi_base64url_encode (g_bytes_get_data (record, NULL), g_bytes_get_size (record));
  g_autofree char *quality = g_strdup_printf ("%d", scanner->settings.quality);
  g_autofree char *time = time_of (fault);
  JsonObject *data = json_object_new ();

  json_object_set_string_member (data, "digitalId", signed_identity);
  json_object_set_string_member (data, "deviceCode", serial);
  json_object_set_string_member (data, "deviceServiceVersion", scanner->settings.version);
  json_object_set_string_member (data, "bioType", "Finger");
  json_object_set_string_member (data, "bioSubType", name);
  json_object_set_string_member (data, "purpose", "Registration");
  json_object_set_string_member (data, "env",
                                 or_empty (tambo_json_peek_string (request->object, "env")));
  json_object_set_string_member (data, "bioValue", value);
  json_object_set_string_member (
      data, "transactionId",
      fault == TAMBO_SCANNER_OTHER_TRANSACTION
          ? "yesterday-0001"
          : or_empty (tambo_json_peek_string (request->object, "transactionId")));
  json_object_set_string_member (data, "timestamp", time);
  json_object_set_string_member (
      data, "requestedScore", or_empty (tambo_json_peek_string (request->bio, "requestedScore")));
  json_object_set_string_member (data, "qualityScore", quality);
  return data;
}

/* Is it the last of those that were asked for at first? The little finger, or the left thumb. */
static gboolean is_outermost (guint finger) {
  return finger == 4 || finger == 9 || finger == 5;
}

/* As if the hand had moved. */
static TamboImage *smear (TamboImage *image) {
  g_autoptr (TamboImage) sharp = image;
  g_autoptr (TamboImage) small =
      tambo_image_scale (sharp, MAX (sharp->width / SMEAR, 1), MAX (sharp->height / SMEAR, 1));

  return tambo_image_scale (small, sharp->width, sharp->height);
}

static TamboImage *lay_for (TamboScanner *scanner, TamboScannerFault fault, guint finger) {
  guint laid = fault == TAMBO_SCANNER_OTHER_HAND ? (finger + 5) % N_FINGERS : finger;
  TamboImage *image = lay (scanner, laid, g_atomic_int_add (&scanner->press, 1));

  if (fault == TAMBO_SCANNER_POOR || (fault == TAMBO_SCANNER_POOR_LAST && is_outermost (finger)))
    return smear (image);
  return image;
}

static JsonObject *make_item (TamboScanner *scanner, const Request *request, guint finger,
                              char **hash) {
  guint named = request->fault == TAMBO_SCANNER_WRONG_FINGER ? (finger + 5) % N_FINGERS : finger;
  g_autoptr (TamboImage) image = lay_for (scanner, request->fault, finger);
  g_autoptr (GBytes) record = make_record (scanner, named, image);
  g_autoptr (JsonObject) data = make_data (scanner, request, finger_names[named], record);
  g_autofree char *token = sign (scanner, data, request->fault);
  g_autofree char *previous = *hash;
  JsonObject *item = json_object_new ();

  *hash = next_hash (scanner, request->fault == TAMBO_SCANNER_BROKEN_CHAIN ? FIRST_HASH : previous,
                     record);
  if (request->fault == TAMBO_SCANNER_BROKEN_CHAIN)
    (*hash)[0] = (*hash)[0] == '0' ? '1' : '0';
  json_object_set_string_member (
      item, "specVersion",
      request->fault == TAMBO_SCANNER_OTHER_VERSION ? "0.9.2" : scanner->settings.version);
  json_object_set_string_member (item, "data", token);
  json_object_set_string_member (item, "hash", *hash);
  set_error (item, "0", "Success");
  return item;
}

static char *answer_with (JsonArray *items) {
  g_autoptr (JsonObject) answer = json_object_new ();

  json_object_set_array_member (answer, "biometrics", items);
  return tambo_json_canonical (answer);
}

static char *refuse (TamboScanner *scanner, const char *code, const char *info) {
  JsonArray *items = json_array_new ();
  JsonObject *item = json_object_new ();

  json_object_set_string_member (item, "specVersion", scanner->settings.version);
  json_object_set_string_member (item, "data", "");
  json_object_set_string_member (item, "hash", "");
  set_error (item, code, info);
  json_array_add_object_element (items, item);
  return answer_with (items);
}

static char *take_fingers (TamboScanner *scanner, const Request *request) {
  const char *previous = tambo_json_peek_string (request->bio, "previousHash");
  g_autofree char *hash = g_strdup (previous != NULL && *previous != '\0' ? previous : FIRST_HASH);
  JsonArray *items = json_array_new ();
  guint left = count_bits (request->fingers);

  if (request->fault == TAMBO_SCANNER_FEWER_FINGERS)
    left--;
  for (guint i = 0; i < N_FINGERS && left > 0; i++)
    if ((request->fingers & 1u << i) != 0) {
      json_array_add_object_element (items, make_item (scanner, request, i, &hash));
      left--;
    }
  return answer_with (items);
}

static JsonObject *find_bio (JsonObject *object) {
  JsonArray *bios = tambo_json_get_array (object, "bio", NULL);

  if (bios == NULL || json_array_get_length (bios) != 1
      || !JSON_NODE_HOLDS_OBJECT (json_array_get_element (bios, 0)))
    return NULL;
  return json_array_get_object_element (bios, 0);
}

char *tambo_scanner_capture (TamboScanner *scanner, const char *text, gsize size,
                             TamboScannerFault fault) {
  g_autoptr (JsonObject) object = tambo_json_parse_object (text, (gssize) size, NULL);
  Request request = { .object = object, .fault = fault };

  request.bio = object != NULL ? find_bio (object) : NULL;
  if (request.bio == NULL)
    return refuse (scanner, "500", "the request is not understood");
  if (!g_str_equal (get_status (scanner), "Ready"))
    return refuse (scanner, "110", "Device not ready");
  if (g_strcmp0 (tambo_json_peek_string (object, "specVersion"), scanner->settings.version) != 0)
    return refuse (scanner, "501", "specVersion is not spoken here");
  request.fingers = find_fingers (scanner, request.bio);
  if (request.fingers == 0 || count_bits (request.fingers) != read_number (request.bio, "count"))
    return refuse (scanner, "109", "Requested number of biometric not supported");
  if (fault == TAMBO_SCANNER_NO_FINGER)
    return refuse (scanner, "101", "Unable to detect a biometric object");
  return take_fingers (scanner, &request);
}
