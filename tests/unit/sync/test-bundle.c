/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/protocol.h"

#include <string.h>

#define HASH "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define STATION "MIG-TEST-01"

static char *sign (TamboKey *key, const char *station, const char *created, const char *sha256) {
  g_autoptr (TamboBundle) bundle = tambo_bundle_new (station, created);

  tambo_bundle_add (bundle, sha256, "{\"statement\":{}}");
  return tambo_bundle_sign (bundle, key);
}

static void test_round_trip (void) {
  g_autoptr (TamboKey) key = tambo_key_generate ();
  g_autofree char *text = sign (key, STATION, "2026-11-22T09:51:07Z", HASH);
  g_autofree char *station = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboBundle) bundle = tambo_bundle_verify (text, key, &error);
  const TamboBundleEntry *entry;

  g_assert_no_error (error);
  station = tambo_bundle_peek_station (text, &error);
  g_assert_cmpstr (station, ==, STATION);
  g_assert_cmpuint (bundle->entries->len, ==, 1);
  entry = bundle->entries->pdata[0];
  g_assert_cmpstr (entry->sha256, ==, HASH);
  g_assert_cmpstr (entry->manifest, ==, "{\"statement\":{}}");
}

static void test_touched (void) {
  g_autoptr (TamboKey) key = tambo_key_generate ();
  g_autoptr (TamboKey) other = tambo_key_generate ();
  g_autofree char *text = sign (key, STATION, "2026-11-22T09:51:07Z", HASH);
  g_autoptr (GError) error = NULL;

  g_assert_null (tambo_bundle_verify (text, other, &error));
  g_assert_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_INTEGRITY);
  for (gsize size = 0; size < strlen (text); size++) {
    g_autofree char *shorter = g_strndup (text, size);

    g_assert_null (tambo_bundle_verify (shorter, key, NULL));
    g_assert_null (tambo_bundle_peek_station (shorter, NULL));
  }
}

/* Well signed, and of no form. */
static void test_bad (void) {
  static const struct {
    const char *station, *created, *sha256;
  } rows[] = {
    { "../hq", "2026-11-22T09:51:07Z", HASH },
    { STATION, "yesterday", HASH },
    { STATION, "2026-11-22T09:51:07Z", "../../etc/passwd" },
  };
  g_autoptr (TamboKey) key = tambo_key_generate ();

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *text = sign (key, rows[i].station, rows[i].created, rows[i].sha256);
    g_autoptr (GError) error = NULL;

    g_assert_null (tambo_bundle_verify (text, key, &error));
    g_assert_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_PROTOCOL);
  }
}

static void test_receipts (void) {
  g_autoptr (GPtrArray) receipts = g_ptr_array_new ();
  g_autoptr (GPtrArray) read = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_ptr_array_add (receipts, (char *) "one");
  g_ptr_array_add (receipts, (char *) "two");
  text = tambo_bundle_receipts_to_json (receipts);
  read = tambo_bundle_receipts_from_json (text, -1, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (read->len, ==, 2);
  g_assert_cmpstr (read->pdata[1], ==, "two");
  for (gsize size = 0; size < strlen (text); size++)
    g_assert_null (tambo_bundle_receipts_from_json (text, (gssize) size, NULL));
  g_assert_null (tambo_bundle_receipts_from_json ("{\"receipts\":[7]}", -1, &error));
  g_assert_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_PROTOCOL);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/bundle/round-trip", test_round_trip);
  g_test_add_func ("/sync/bundle/touched", test_touched);
  g_test_add_func ("/sync/bundle/bad", test_bad);
  g_test_add_func ("/sync/bundle/receipts", test_receipts);
  return g_test_run ();
}
