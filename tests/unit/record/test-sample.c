/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json.h"
#include "record/record-error.h"
#include "record/sample.h"

#define SHA256 "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

#define FINGERPRINT                                                                                \
  "{\"captured_at\":\"2026-11-22T09:51:07Z\",\"device\":\"file\",\"finger\":\"right-index\","      \
  "\"height\":480,\"kind\":\"fingerprint\",\"media_type\":\"image/"                                \
  "png\",\"operator_id\":\"clerk\","                                                               \
  "\"ppi\":500,\"quality\":61,\"sha256\":\"" SHA256 "\",\"size\":12345,\"width\":320}"

static TamboSample *sample_from (const char *text, GError **error) {
  g_autoptr (JsonObject) object = tambo_json_parse_object (text, -1, NULL);

  g_assert_nonnull (object);
  return tambo_sample_from_json (object, error);
}

static void test_round_trip (void) {
  g_autoptr (TamboSample) sample = sample_from (FINGERPRINT, NULL);
  g_autoptr (TamboSample) copy = tambo_sample_copy (sample);
  g_autoptr (JsonObject) object = tambo_sample_to_json (copy);
  g_autofree char *text = tambo_json_canonical (object);

  g_assert_cmpstr (text, ==, FINGERPRINT);
  g_assert_cmpint (sample->finger, ==, TAMBO_FINGER_RIGHT_INDEX);
  g_assert_cmpint (sample->quality, ==, 61);
}

static void test_slots (void) {
  static const struct {
    const char *text, *slot;
  } rows[] = {
    { "{\"kind\":\"portrait\"}", "portrait" },
    { "{\"kind\":\"fingerprint\",\"finger\":\"7\"}", "finger-left-index" },
    { "{\"kind\":\"signature\"}", "signature" },
    { "{\"kind\":\"document\",\"document_kind\":\"travel-document\"}", "document-travel-document" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (TamboSample) sample = sample_from (rows[i].text, NULL);
    g_autofree char *slot = tambo_sample_dup_slot (sample);

    g_assert_cmpstr (slot, ==, rows[i].slot);
    g_assert_cmpint (sample->quality, ==, -1);
  }
}

static void test_refuses (void) {
  static const char *const texts[] = {
    "{}",
    "{\"kind\":\"iris\"}",
    "{\"kind\":7}",
    "{\"kind\":\"fingerprint\"}",
    "{\"kind\":\"fingerprint\",\"finger\":\"sixth\"}",
    "{\"kind\":\"document\"}",
    "{\"kind\":\"document\",\"document_kind\":\"../passport\"}",
    "{\"kind\":\"document\",\"document_kind\":\"-a\"}",
    "{\"kind\":\"portrait\",\"size\":-1}",
    "{\"kind\":\"portrait\",\"size\":\"1\"}",
    "{\"kind\":\"portrait\",\"width\":100001}",
    "{\"kind\":\"portrait\",\"quality\":101}",
    "{\"kind\":\"portrait\",\"sha256\":\"abc\"}",
    "{\"kind\":\"portrait\",\"captured_at\":\"yesterday\"}",
    "{\"kind\":\"portrait\",\"device\":1}",
  };

  for (gsize i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (sample_from (texts[i], &error));
    g_assert_error (error, TAMBO_RECORD_ERROR, TAMBO_RECORD_ERROR_MALFORMED);
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sample/round-trip", test_round_trip);
  g_test_add_func ("/sample/slots", test_slots);
  g_test_add_func ("/sample/refuses", test_refuses);
  return g_test_run ();
}
