/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sbi-answers.h"

#include <string.h>

#include "base/bytes.h"
#include "base/hash.h"
#include "base/json.h"
#include "format/iso19794-4.h"

#define SIDE 8

TamboSbiDevice *answer_device (void) {
  TamboSbiDevice *device = g_new0 (TamboSbiDevice, 1);

  device->device_id = g_strdup ("inside");
  device->serial = g_strdup (ANSWER_SERIAL);
  device->make = g_strdup ("Tambo");
  device->model = g_strdup ("Practice");
  device->type = g_strdup ("Finger");
  device->sub_type = g_strdup ("Slap");
  device->status = g_strdup ("Ready");
  device->purpose = g_strdup ("Registration");
  device->environment = g_strdup ("Developer");
  device->version = g_strdup ("1.0");
  device->sub_ids = 0xe;
  device->error_code = g_strdup ("0");
  device->error_info = g_strdup ("");
  return device;
}

static char *encode (gconstpointer data, gsize size) {
  char *text = g_base64_encode (data, size);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  g_strdelimit (text, "=", '\0');
  return text;
}

char *answer_token (JsonObject *payload) {
  g_autofree char *text = tambo_json_canonical (payload);

  return encode (text, strlen (text));
}

GBytes *answer_record (TamboFinger finger) {
  g_autoptr (TamboFingerRecord) record = tambo_finger_record_new (500, TAMBO_FIR_UNCOMPRESSED);
  TamboFirView *view = g_new0 (TamboFirView, 1);
  guint8 pixels[SIDE * SIDE];

  memset (pixels, (int) finger, sizeof pixels);
  view->position = (guint8) finger;
  view->quality = 70;
  view->width = view->height = SIDE;
  view->image = g_bytes_new (pixels, sizeof pixels);
  g_ptr_array_add (record->views, view);
  return tambo_finger_record_encode_2011 (record);
}

JsonObject *answer_data (TamboFinger finger, GBytes *record) {
  JsonObject *data = json_object_new ();
  g_autoptr (JsonObject) identity = json_object_new ();
  g_autofree char *token = NULL;
  g_autofree char *value = encode (g_bytes_get_data (record, NULL), g_bytes_get_size (record));

  json_object_set_string_member (identity, "serialNo", ANSWER_SERIAL);
  token = answer_token (identity);
  json_object_set_string_member (data, "digitalId", token);
  json_object_set_string_member (data, "bioType", "Finger");
  json_object_set_string_member (data, "bioSubType", tambo_sbi_finger_to_string (finger));
  json_object_set_string_member (data, "purpose", "Registration");
  json_object_set_string_member (data, "env", "Developer");
  json_object_set_string_member (data, "bioValue", value);
  json_object_set_string_member (data, "transactionId", ANSWER_TRANSACTION);
  json_object_set_string_member (data, "timestamp", ANSWER_TIME);
  json_object_set_string_member (data, "requestedScore", "60");
  json_object_set_string_member (data, "qualityScore", "71.6");
  return data;
}

static char *chain (const char *before, GBytes *record) {
  g_autoptr (GBytes) own = tambo_sha256_bytes (record);
  g_autofree char *own_hex =
      tambo_hex_encode (g_bytes_get_data (own, NULL), g_bytes_get_size (own));
  g_autofree char *digits = g_strconcat (before, own_hex, NULL);
  g_autoptr (GBytes) bytes = tambo_hex_decode (digits);
  g_autofree char *hash = tambo_sha256_hex (bytes);

  return g_ascii_strup (hash, -1);
}

JsonObject *answer_item (JsonObject *data, GBytes *record, char **hash) {
  g_autoptr (JsonObject) payload = data;
  g_autofree char *token = answer_token (payload);
  g_autofree char *before = *hash;
  JsonObject *item = json_object_new ();

  *hash = chain (before, record);
  json_object_set_string_member (item, "specVersion", "1.0");
  json_object_set_string_member (item, "data", token);
  json_object_set_string_member (item, "hash", *hash);
  return item;
}

char *answer_text (JsonArray *items) {
  g_autoptr (JsonObject) answer = json_object_new ();

  json_object_set_array_member (answer, "biometrics", items);
  return tambo_json_canonical (answer);
}

char *answer_capture (guint fingers) {
  g_autofree char *hash = g_strdup (TAMBO_SBI_FIRST_HASH);
  JsonArray *items = json_array_new ();

  for (guint i = TAMBO_FINGER_RIGHT_THUMB; i <= TAMBO_FINGER_LEFT_LITTLE; i++) {
    g_autoptr (GBytes) record = answer_record ((TamboFinger) i);

    if ((fingers & 1u << i) != 0)
      json_array_add_object_element (
          items, answer_item (answer_data ((TamboFinger) i, record), record, &hash));
  }
  return answer_text (items);
}
