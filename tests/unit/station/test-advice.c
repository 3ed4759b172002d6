/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/advice.h"

#include <string.h>

#include "base/error.h"
#include "base/token.h"
#include "capture/capture-error.h"
#include "chip/chip-error.h"
#include "format/format-error.h"
#include "record/record-error.h"
#include "station/station-error.h"
#include "store/store-error.h"
#include "sync/sync-error.h"

static const struct {
  GQuark (*domain) (void);
  int code;
  TamboExit exit;
} expected[] = {
  { tambo_record_error_quark, TAMBO_RECORD_ERROR_CHECK_DIGIT, TAMBO_EXIT_INTEGRITY },
  { tambo_record_error_quark, TAMBO_RECORD_ERROR_RULE, TAMBO_EXIT_REFUSED },
  { tambo_format_error_quark, TAMBO_FORMAT_ERROR_MALFORMED, TAMBO_EXIT_INTEGRITY },
  { tambo_station_error_quark, TAMBO_STATION_ERROR_QUALITY, TAMBO_EXIT_REFUSED },
  { tambo_station_error_quark, TAMBO_STATION_ERROR_STOCK, TAMBO_EXIT_REFUSED },
  { tambo_chip_error_quark, TAMBO_CHIP_ERROR_REMOVED, TAMBO_EXIT_DEVICE },
  { tambo_chip_error_quark, TAMBO_CHIP_ERROR_AUTHENTICATION, TAMBO_EXIT_INTEGRITY },
  { tambo_chip_error_quark, TAMBO_CHIP_ERROR_MISMATCH, TAMBO_EXIT_INTEGRITY },
  { tambo_chip_error_quark, TAMBO_CHIP_ERROR_TERMINAL, TAMBO_EXIT_INTEGRITY },
  { tambo_sync_error_quark, TAMBO_SYNC_ERROR_CERTIFICATE, TAMBO_EXIT_INTEGRITY },
  { tambo_sync_error_quark, TAMBO_SYNC_ERROR_OFFLINE, TAMBO_EXIT_FAILED },
  { tambo_store_error_quark, TAMBO_STORE_ERROR_NO_SPACE, TAMBO_EXIT_FAILED },
  { tambo_store_error_quark, TAMBO_STORE_ERROR_FIRST_PASSWORD, TAMBO_EXIT_REFUSED },
  { tambo_token_error_quark, TAMBO_TOKEN_ERROR_NO_TOKEN, TAMBO_EXIT_DEVICE },
  { tambo_token_error_quark, TAMBO_TOKEN_ERROR_PIN, TAMBO_EXIT_REFUSED },
  { tambo_store_error_quark, TAMBO_STORE_ERROR_CORRUPT, TAMBO_EXIT_INTEGRITY },
  { tambo_store_error_quark, TAMBO_STORE_ERROR_INVALID, TAMBO_EXIT_REFUSED },
  { tambo_base_error_quark, TAMBO_BASE_ERROR_NO_SPACE, TAMBO_EXIT_FAILED },
  { tambo_capture_error_quark, TAMBO_CAPTURE_ERROR_NO_DEVICE, TAMBO_EXIT_DEVICE },
  { tambo_capture_retry_quark, TAMBO_CAPTURE_RETRY_GENERAL, TAMBO_EXIT_DEVICE },
};

static void test_exits (void) {
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++) {
    g_autoptr (GError) error =
        g_error_new (expected[i].domain (), expected[i].code, "something happened");
    g_assert_cmpint (tambo_advice_exit (error), ==, expected[i].exit);
  }
}

/* Whatever comes, somebody is told what to do, in one clause without a full stop. */
static void test_actions (void) {
  for (gsize i = 0; i < G_N_ELEMENTS (expected); i++)
    for (int code = 0; code < 20; code++) {
      g_autoptr (GError) error = g_error_new (expected[i].domain (), code, "something happened");
      const char *action = tambo_advice_action (error);
      g_assert_cmpuint (strlen (action), >, 5);
      g_assert_false (g_str_has_suffix (action, "."));
      g_assert_cmpint (tambo_advice_exit (error), !=, TAMBO_EXIT_DONE);
    }
}

/* A wrong key of the station's own is no reason to keep a traveller's document. */
static void test_terminal (void) {
  g_autoptr (GError) own = g_error_new (TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_TERMINAL, "own");
  g_autoptr (GError) chip = g_error_new (TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MISMATCH, "chip");

  g_assert_null (strstr (tambo_advice_action (own), "document over"));
  g_assert_nonnull (strstr (tambo_advice_action (own), "terminal's key"));
  g_assert_nonnull (strstr (tambo_advice_action (chip), "do not hand the document over"));
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/station/advice/exits", test_exits);
  g_test_add_func ("/station/advice/actions", test_actions);
  g_test_add_func ("/station/advice/terminal", test_terminal);
  return g_test_run ();
}
