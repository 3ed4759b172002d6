/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/sbi-device.h"

#include <string.h>

#include "base/json.h"

#define MAX_TEXT 200

void tambo_sbi_device_free (TamboSbiDevice *device) {
  if (device == NULL)
    return;
  g_free (device->device_id);
  g_free (device->serial);
  g_free (device->make);
  g_free (device->model);
  g_free (device->type);
  g_free (device->sub_type);
  g_free (device->status);
  g_free (device->purpose);
  g_free (device->environment);
  g_free (device->version);
  g_free (device->error_code);
  g_free (device->error_info);
  g_free (device);
}

/* ---- members ---- */

/* What is shown to people and said to the device again: short, and nothing that moves a terminal. */
static char *tidy (const char *text) {
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *tidied = g_string_new (NULL);

  for (const char *p = valid; *p != '\0' && tidied->len < MAX_TEXT; p = g_utf8_next_char (p)) {
    gunichar c = g_utf8_get_char (p);
    g_string_append_unichar (tidied, g_unichar_isprint (c) ? c : ' ');
  }
  return g_strstrip (g_string_free (tidied, FALSE));
}

char *tambo_sbi_dup_text (JsonObject *object, const char *member) {
  JsonNode *node = json_object_get_member (object, member);
  GType type = node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_value_type (node)
                                                            : G_TYPE_INVALID;
  char number[G_ASCII_DTOSTR_BUF_SIZE];

  if (type == G_TYPE_STRING)
    return tidy (json_node_get_string (node));
  if (type == G_TYPE_INT64)
    return g_strdup_printf ("%" G_GINT64_FORMAT, json_node_get_int (node));
  if (type == G_TYPE_DOUBLE)
    return g_strdup (g_ascii_dtostr (number, sizeof number, json_node_get_double (node)));
  return g_strdup ("");
}

static JsonArray *peek_array (JsonObject *object, const char *member) {
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
}

static JsonObject *peek_object (JsonObject *object, const char *member) {
  JsonNode *node = json_object_get_member (object, member);

  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

void tambo_sbi_read_error (JsonObject *object, char **out_code, char **out_info) {
  JsonObject *error = peek_object (object, "error");

  *out_code = error != NULL ? tambo_sbi_dup_text (error, "errorCode") : g_strdup ("");
  *out_info = error != NULL ? tambo_sbi_dup_text (error, "errorInfo") : g_strdup ("");
  if (**out_code == '\0') {
    g_free (*out_code);
    *out_code = g_strdup ("0");
  }
}

static const char *element_text (JsonArray *array, guint i) {
  JsonNode *element = json_array_get_element (array, i);

  return JSON_NODE_HOLDS_VALUE (element) && json_node_get_value_type (element) == G_TYPE_STRING
             ? json_node_get_string (element)
             : "";
}

/* ---- a device ---- */

static char *choose_version (JsonObject *object) {
  static const char *const known[] = { "1.0", "0.9.5" };
  JsonArray *versions = peek_array (object, "specVersion");
  guint n = versions != NULL ? json_array_get_length (versions) : 0;

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    for (guint j = 0; j < n; j++)
      if (g_str_equal (element_text (versions, j), known[i]))
        return g_strdup (known[i]);
  return g_strdup ("");
}

/* Numbers, or numbers as text. */
static guint read_sub_ids (JsonObject *object) {
  JsonArray *array = peek_array (object, "deviceSubId");
  guint n = array != NULL ? json_array_get_length (array) : 0;
  guint sub_ids = 0;

  for (guint i = 0; i < n; i++) {
    JsonNode *element = json_array_get_element (array, i);
    guint64 value;

    if (JSON_NODE_HOLDS_VALUE (element) && json_node_get_value_type (element) == G_TYPE_INT64)
      value = (guint64) json_node_get_int (element);
    else if (!g_ascii_string_to_unsigned (element_text (array, i), 10, 0, 31, &value, NULL))
      continue;
    if (value < 32)
      sub_ids |= 1u << value;
  }
  return sub_ids;
}

static TamboSbiDevice *device_from_json (JsonObject *object, JsonObject *digital_id) {
  TamboSbiDevice *device = g_new0 (TamboSbiDevice, 1);

  device->device_id = tambo_sbi_dup_text (object, "deviceId");
  device->serial = tambo_sbi_dup_text (digital_id, "serialNo");
  device->make = tambo_sbi_dup_text (digital_id, "make");
  device->model = tambo_sbi_dup_text (digital_id, "model");
  device->type = tambo_sbi_dup_text (digital_id, "type");
  device->sub_type = tambo_sbi_dup_text (digital_id, "deviceSubType");
  device->status = tambo_sbi_dup_text (object, "deviceStatus");
  device->purpose = tambo_sbi_dup_text (object, "purpose");
  device->environment = tambo_sbi_dup_text (object, "env");
  device->version = choose_version (object);
  device->sub_ids = read_sub_ids (object);
  return device;
}

static JsonObject *open_digital_id (JsonObject *object, TamboSbiOpener opener, gpointer data,
                                    GError **error) {
  const char *token = tambo_json_peek_string (object, "digitalId");

  if (token != NULL)
    return opener (token, "the identity", data, error);
  g_set_error_literal (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_PROTOCOL,
                       "the scanner's service told a device without an identity");
  return NULL;
}

static JsonArray *parse_answer (const char *text, gsize size, GError **error) {
  g_autoptr (JsonArray) array = tambo_json_parse_array (text, (gssize) size, NULL);
  gboolean good = array != NULL && json_array_get_length (array) <= TAMBO_SBI_MAX_DEVICES;

  for (guint i = 0; good && i < json_array_get_length (array); i++)
    good = JSON_NODE_HOLDS_OBJECT (json_array_get_element (array, i));
  if (good)
    return g_steal_pointer (&array);
  g_set_error_literal (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_PROTOCOL,
                       "the scanner's service answered with something that is no list of devices");
  return NULL;
}

static GPtrArray *new_devices (void) {
  return g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_sbi_device_free);
}

GPtrArray *tambo_sbi_devices_parse (const char *text, gsize size, GError **error) {
  g_autoptr (JsonArray) array = parse_answer (text, size, error);
  g_autoptr (GPtrArray) devices = new_devices ();

  if (array == NULL)
    return NULL;
  for (guint i = 0; i < json_array_get_length (array); i++) {
    JsonObject *object = json_array_get_object_element (array, i);
    g_autoptr (JsonObject) digital_id = open_digital_id (object, tambo_sbi_token_peek, NULL, error);

    if (digital_id == NULL)
      return NULL;
    TamboSbiDevice *device = device_from_json (object, digital_id);
    tambo_sbi_read_error (object, &device->error_code, &device->error_info);
    g_ptr_array_add (devices, device);
  }
  return g_steal_pointer (&devices);
}

static gboolean is_status (const char *status, const char *wanted) {
  return g_ascii_strcasecmp (status, wanted) == 0;
}

/* Whoever is not registered has no key to sign with: then it says so, and no more is believed. */
static TamboSbiDevice *read_info (const char *token, TamboSbiOpener opener, gpointer data,
                                  GError **error) {
  g_autoptr (JsonObject) seen = tambo_sbi_token_peek (token, "the information", NULL, error);
  if (seen == NULL)
    return NULL;

  g_autofree char *status = tambo_sbi_dup_text (seen, "deviceStatus");
  TamboSbiOpener how = is_status (status, "Not Registered") ? tambo_sbi_token_peek : opener;
  g_autoptr (JsonObject) info = how (token, "the information", data, error);
  g_autoptr (JsonObject) digital_id =
      info != NULL ? open_digital_id (info, how, data, error) : NULL;

  return digital_id != NULL ? device_from_json (info, digital_id) : NULL;
}

GPtrArray *tambo_sbi_infos_parse (const char *text, gsize size, TamboSbiOpener opener,
                                  gpointer data, GError **error) {
  g_autoptr (JsonArray) array = parse_answer (text, size, error);
  g_autoptr (GPtrArray) devices = new_devices ();

  if (array == NULL)
    return NULL;
  for (guint i = 0; i < json_array_get_length (array); i++) {
    JsonObject *object = json_array_get_object_element (array, i);
    const char *token = tambo_json_peek_string (object, "deviceInfo");
    TamboSbiDevice *device = token != NULL ? read_info (token, opener, data, error) : NULL;

    if (token == NULL)
      g_set_error_literal (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_PROTOCOL,
                           "the scanner's service told no information of a device");
    if (device == NULL)
      return NULL;
    tambo_sbi_read_error (object, &device->error_code, &device->error_info);
    g_ptr_array_add (devices, device);
  }
  return g_steal_pointer (&devices);
}

const TamboSbiDevice *tambo_sbi_devices_find (GPtrArray *devices, const char *serial) {
  for (guint i = 0; i < devices->len; i++) {
    const TamboSbiDevice *device = devices->pdata[i];
    if (*serial != '\0' && g_str_equal (device->serial, serial))
      return device;
  }
  return NULL;
}

/* ---- judgement ---- */

char *tambo_sbi_describe_error (const char *code, const char *info) {
  static const struct {
    const char *code, *words;
  } known[] = {
    { "100", "the scanner is not registered with its provider" },
    { "101", "the scanner saw no finger" },
    { "102", "the scanner could not make a picture" },
    { "103", "the scanner was tampered with" },
    { "104", "the scanner's service does not reach its provider" },
    { "105", "the fingers lay the wrong way round" },
    { "106", "the scanner's service does not find its scanner" },
    { "107", "the key of the scanner has expired" },
    { "108", "the scanner's service lacks the key of the domain" },
    { "109", "the scanner cannot take so many fingers at once" },
    { "110", "the scanner is not ready" },
    { "111", "the scanner is busy" },
    { "202", "no scanner is connected to the scanner's service" },
  };
  const char *words = "the scanner refused";

  for (guint i = 0; i < G_N_ELEMENTS (known); i++)
    if (g_str_equal (known[i].code, code))
      words = known[i].words;
  if (*info == '\0')
    return g_strdup_printf ("%s (SBI error %s)", words, code);
  return g_strdup_printf ("%s (SBI error %s: %s)", words, code, info);
}

static char *explain (const TamboSbiDevice *device, const char *words) {
  return g_str_equal (device->error_code, "0")
             ? g_strdup (words)
             : tambo_sbi_describe_error (device->error_code, device->error_info);
}

TamboDeviceState tambo_sbi_device_judge (const TamboSbiDevice *device, char **out_detail) {
  if (is_status (device->status, "Not Registered")) {
    *out_detail = explain (device, "the scanner is not registered with its provider");
    return TAMBO_DEVICE_NOT_REGISTERED;
  }
  if (is_status (device->status, "Busy")) {
    *out_detail = explain (device, "the scanner is busy with another program");
    return TAMBO_DEVICE_BUSY;
  }
  if (!is_status (device->status, "Ready")) {
    *out_detail = explain (device, "the scanner is not ready");
    return TAMBO_DEVICE_FAILED;
  }
  if (*device->version == '\0') {
    *out_detail = g_strdup ("the scanner speaks neither version 1.0 nor 0.9.5 of SBI");
    return TAMBO_DEVICE_UNSUITABLE;
  }
  if (!is_status (device->purpose, "Registration")) {
    *out_detail = g_strdup ("the scanner was made for authentication, not for registration");
    return TAMBO_DEVICE_UNSUITABLE;
  }
  if (tambo_sbi_device_presses (device) == 0) {
    *out_detail = g_strdup ("the scanner names no sensor that takes fingers");
    return TAMBO_DEVICE_UNSUITABLE;
  }
  *out_detail = g_strdup ("");
  return TAMBO_DEVICE_READY;
}

guint tambo_sbi_device_presses (const TamboSbiDevice *device) {
  guint presses = 1u << TAMBO_PRESS_SINGLE;

  if (!is_status (device->type, "Finger"))
    return 0;
  if (!is_status (device->sub_type, "Slap"))
    return presses;
  if ((device->sub_ids & 1u << TAMBO_SBI_SUB_LEFT) != 0)
    presses |= 1u << TAMBO_PRESS_LEFT_FOUR;
  if ((device->sub_ids & 1u << TAMBO_SBI_SUB_RIGHT) != 0)
    presses |= 1u << TAMBO_PRESS_RIGHT_FOUR;
  if ((device->sub_ids & 1u << TAMBO_SBI_SUB_THUMBS) != 0)
    presses |= 1u << TAMBO_PRESS_THUMBS;
  return presses;
}
