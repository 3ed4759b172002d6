/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/json.h"
#include "capture/sbi-device.h"

#define IDENTITY                                                                                   \
  "eyJzZXJpYWxObyI6IlMxIiwibWFrZSI6Ik1ha2VyIiwibW9kZWwiOiJNb2RlbCIsInR5cGUiOiJGaW5nZXIiLCJkZXZpY2" \
  "VTdWJUeXBlIjoiU2xhcCJ9" /* {"serialNo":"S1","make":"Maker","model":"Model","type":"Finger",…} */

static char *discovery (const char *status, const char *versions, const char *purpose,
                        const char *sub_ids, const char *code) {
  return g_strdup_printf ("[{\"deviceId\":\"1\",\"deviceStatus\":\"%s\",\"specVersion\":%s,"
                          "\"purpose\":\"%s\",\"deviceSubId\":%s,\"digitalId\":\"" IDENTITY "\","
                          "\"error\":{\"errorCode\":%s,\"errorInfo\":\"\"}}]",
                          status, versions, purpose, sub_ids, code);
}

static void test_states (void) {
  static const struct {
    const char *status, *versions, *purpose, *sub_ids, *code;
    TamboDeviceState state;
  } rows[] = {
    { "Ready", "[\"1.0\"]", "Registration", "[1,2,3]", "\"0\"", TAMBO_DEVICE_READY },
    { "READY", "[\"0.9.2\",\"0.9.5\"]", "REGISTRATION", "[\"1\"]", "0", TAMBO_DEVICE_READY },
    { "Busy", "[\"1.0\"]", "Registration", "[1]", "\"111\"", TAMBO_DEVICE_BUSY },
    { "Not Ready", "[\"1.0\"]", "Registration", "[1]", "\"110\"", TAMBO_DEVICE_FAILED },
    { "asleep", "[\"1.0\"]", "Registration", "[1]", "\"0\"", TAMBO_DEVICE_FAILED },
    { "Not Registered", "[\"1.0\"]", "", "[1]", "\"100\"", TAMBO_DEVICE_NOT_REGISTERED },
    { "Ready", "[\"2.0\"]", "Registration", "[1]", "\"0\"", TAMBO_DEVICE_UNSUITABLE },
    { "Ready", "\"1.0\"", "Registration", "[1]", "\"0\"", TAMBO_DEVICE_UNSUITABLE },
    { "Ready", "[\"1.0\"]", "Auth", "[1]", "\"0\"", TAMBO_DEVICE_UNSUITABLE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *text = discovery (rows[i].status, rows[i].versions, rows[i].purpose,
                                       rows[i].sub_ids, rows[i].code);
    g_autoptr (GError) error = NULL;
    g_autoptr (GPtrArray) devices = tambo_sbi_devices_parse (text, strlen (text), &error);
    g_autofree char *detail = NULL;

    g_assert_no_error (error);
    g_assert_cmpuint (devices->len, ==, 1);
    g_assert_cmpint (tambo_sbi_device_judge (devices->pdata[0], &detail), ==, rows[i].state);
    g_assert_true ((*detail == '\0') == (rows[i].state == TAMBO_DEVICE_READY));
    g_assert_nonnull (tambo_sbi_devices_find (devices, "S1"));
    g_assert_null (tambo_sbi_devices_find (devices, ""));
  }
}

static void test_presses (void) {
  static const struct {
    const char *type, *sub_type;
    guint sub_ids, presses;
  } rows[] = {
    { "Finger", "Slap", 0xe, 0xf },  { "Finger", "Slap", 0x4, 0x3 }, { "Finger", "Single", 0xe, 1 },
    { "Finger", "Touchless", 0, 1 }, { "Iris", "Double", 0xe, 0 },   { "Finger", "Slap", 0, 1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    TamboSbiDevice device = { .type = (char *) rows[i].type,
                              .sub_type = (char *) rows[i].sub_type,
                              .sub_ids = rows[i].sub_ids };
    g_assert_cmphex (tambo_sbi_device_presses (&device), ==, rows[i].presses);
  }
}

static void test_cut_short (void) {
  g_autofree char *text = discovery ("Ready", "[\"1.0\"]", "Registration", "[1,2,3]", "\"0\"");

  for (gsize size = 0; size < strlen (text); size++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (tambo_sbi_devices_parse (text, size, &error));
    g_assert_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_PROTOCOL);
  }
}

static void test_nonsense (void) {
  static const char *const texts[] = {
    "{}",
    "[1]",
    "[{}]",
    "[{\"digitalId\":1}]",
    "[{\"digitalId\":\"****\"}]",
    "[{\"digitalId\":\"W10\"}]",
    "[{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{},{}]",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (tambo_sbi_devices_parse (texts[i], strlen (texts[i]), &error));
    g_assert_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_PROTOCOL);
    g_clear_error (&error);
    g_assert_null (
        tambo_sbi_infos_parse (texts[i], strlen (texts[i]), tambo_sbi_token_peek, NULL, &error));
    g_assert_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_PROTOCOL);
  }
}

/* Nothing that a device says moves a terminal or fills a window. */
static void test_tidy (void) {
  g_autofree char *flood = g_strnfill (5000, 'x');
  g_autofree char *text =
      g_strdup_printf ("{\"a\":\"\\u001b[2Jx\\n\",\"b\":\"%s\",\"c\":12,\"d\":1.5,"
                       "\"e\":null,\"f\":[]}",
                       flood);
  g_autoptr (JsonObject) object = tambo_json_parse_object (text, -1, NULL);
  static const char *const wanted[][2] = {
    { "a", "[2Jx" }, { "c", "12" }, { "d", "1.5" }, { "e", "" }, { "f", "" }, { "g", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (wanted); i++) {
    g_autofree char *got = tambo_sbi_dup_text (object, wanted[i][0]);
    g_assert_cmpstr (got, ==, wanted[i][1]);
  }
  g_autofree char *bounded = tambo_sbi_dup_text (object, "b");
  g_assert_cmpuint (strlen (bounded), ==, 200);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/capture/sbi-device/states", test_states);
  g_test_add_func ("/capture/sbi-device/presses", test_presses);
  g_test_add_func ("/capture/sbi-device/cut-short", test_cut_short);
  g_test_add_func ("/capture/sbi-device/nonsense", test_nonsense);
  g_test_add_func ("/capture/sbi-device/tidy", test_tidy);
  return g_test_run ();
}
