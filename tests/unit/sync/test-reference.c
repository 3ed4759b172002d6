/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/protocol.h"

#include <string.h>

#include "base/clock.h"

static gint64 at (const char *time) {
  gint64 seconds;

  g_assert_true (tambo_clock_parse (time, &seconds));
  return seconds;
}

static char *dup_picked (const TamboReference *reference, const char *time) {
  TamboKey *key = tambo_reference_pick_key (reference, at (time));

  return key != NULL ? tambo_key_dup_id (key) : NULL;
}

static void assert_picked (const TamboReference *reference, const char *time, TamboKey *wanted) {
  g_autofree char *picked = dup_picked (reference, time);
  g_autofree char *id = wanted != NULL ? tambo_key_dup_id (wanted) : NULL;

  g_assert_cmpstr (picked, ==, id);
}

static void test_pick (void) {
  g_autoptr (TamboKey) signer = tambo_key_generate ();
  g_autoptr (TamboKey) first = tambo_key_generate ();
  g_autoptr (TamboKey) second = tambo_key_generate ();
  g_autoptr (TamboReference) reference = tambo_reference_new (2, "2026-01-01T00:00:00Z");
  g_autoptr (TamboReference) read = NULL;
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  tambo_reference_add_key (reference, second, "2026-06-01T00:00:00Z");
  tambo_reference_add_key (reference, first, "2026-03-01T00:00:00Z");
  text = tambo_reference_sign (reference, signer);
  read = tambo_reference_verify (text, signer, &error);
  g_assert_no_error (error);
  g_assert_cmpint (read->version, ==, 2);
  assert_picked (read, "2026-02-28T23:59:59Z", NULL);
  assert_picked (read, "2026-03-01T00:00:00Z", first);
  assert_picked (read, "2026-05-31T23:59:59Z", first);
  assert_picked (read, "2026-06-01T00:00:00Z", second);
}

static void test_touched (void) {
  g_autoptr (TamboKey) signer = tambo_key_generate ();
  g_autoptr (TamboKey) other = tambo_key_generate ();
  g_autoptr (TamboReference) reference = tambo_reference_new (1, "2026-01-01T00:00:00Z");
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  tambo_reference_add_key (reference, other, "2026-03-01T00:00:00Z");
  text = tambo_reference_sign (reference, signer);
  g_assert_null (tambo_reference_verify (text, other, &error));
  g_assert_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_INTEGRITY);
  for (gsize size = 0; size < strlen (text); size++) {
    g_autofree char *shorter = g_strndup (text, size);

    g_assert_null (tambo_reference_verify (shorter, signer, NULL));
  }
}

/* Well signed, and of no form. */
static void test_bad (void) {
  g_autoptr (TamboKey) signer = tambo_key_generate ();
  static const struct {
    gint64 version;
    const char *time, *from;
  } rows[] = {
    { 0, "2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z" },
    { 1, "now", "2026-03-01T00:00:00Z" },
    { 1, "2026-01-01T00:00:00Z", "tomorrow" },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (TamboReference) reference = tambo_reference_new (rows[i].version, rows[i].time);
    g_autofree char *text = NULL;
    g_autoptr (GError) error = NULL;

    tambo_reference_add_key (reference, signer, rows[i].from);
    text = tambo_reference_sign (reference, signer);
    g_assert_null (tambo_reference_verify (text, signer, &error));
    g_assert_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_PROTOCOL);
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/reference/pick", test_pick);
  g_test_add_func ("/sync/reference/touched", test_touched);
  g_test_add_func ("/sync/reference/bad", test_bad);
  return g_test_run ();
}
