/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/error-text.h"

#include <string.h>

#include "base/token.h"
#include "sync/sync-error.h"

/* What libraries and systems say; nothing of it is for a clerk. */
#define RAW "Failed to connect to 127.0.0.1 port 24001 after 0 ms"

static void assert_own_words (GQuark domain, int code) {
  g_autoptr (GError) error = g_error_new_literal (domain, code, RAW);
  g_autofree char *sentence = tambo_error_text_sentence (error);
  const char *cause = tambo_error_text_cause (error);

  if (strstr (sentence, RAW) != NULL)
    g_error ("%s %d has no sentence", g_quark_to_string (domain), code);
  g_assert_true (g_str_has_suffix (cause, "."));
  g_assert_true (g_str_has_suffix (sentence, "."));
  g_assert_false (g_str_has_suffix (sentence, ".."));
}

/* All that can come of a connection and of a token has a sentence of its own. */
static void test_connection (void) {
  for (int code = 0; code <= TAMBO_SYNC_ERROR_OLDER; code++)
    if (code != TAMBO_SYNC_ERROR_TURN_OVER) /* no failure */
      assert_own_words (TAMBO_SYNC_ERROR, code);
}

static void test_token (void) {
  for (int code = 0; code <= TAMBO_TOKEN_ERROR_FAILED; code++)
    assert_own_words (TAMBO_TOKEN_ERROR, code);
}

/* Each cause of a connection that did not come about is told apart from the others. */
static void test_told_apart (void) {
  static const int codes[] = {
    TAMBO_SYNC_ERROR_OFFLINE, TAMBO_SYNC_ERROR_NO_NAME, TAMBO_SYNC_ERROR_NO_ROUTE,
    TAMBO_SYNC_ERROR_CLOSED,  TAMBO_SYNC_ERROR_TIMEOUT, TAMBO_SYNC_ERROR_CLOCK,
    TAMBO_SYNC_ERROR_EXPIRED, TAMBO_SYNC_ERROR_PORTAL,  TAMBO_SYNC_ERROR_PROXY,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (codes); i++)
    for (gsize k = 0; k < i; k++) {
      g_autoptr (GError) one = g_error_new_literal (TAMBO_SYNC_ERROR, codes[i], RAW);
      g_autoptr (GError) other = g_error_new_literal (TAMBO_SYNC_ERROR, codes[k], RAW);

      g_assert_cmpstr (tambo_error_text_cause (one), !=, tambo_error_text_cause (other));
    }
}

/* A code that nobody has given words yet is told as it came: better than nothing. */
static void test_unknown (void) {
  g_autoptr (GError) error = g_error_new_literal (TAMBO_SYNC_ERROR, 900, "something new");
  g_autofree char *sentence = tambo_error_text_sentence (error);

  g_assert_nonnull (strstr (sentence, "something new"));
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/error-text/connection", test_connection);
  g_test_add_func ("/app/error-text/token", test_token);
  g_test_add_func ("/app/error-text/told-apart", test_told_apart);
  g_test_add_func ("/app/error-text/unknown", test_unknown);
  return g_test_run ();
}
