/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/reader.h"

#include <winscard.h>

#include "chip/error-pcsc.h"

/* A socket that nobody listens on. */
static void test_no_service (void) {
  g_autoptr (GError) error = NULL;
  gint64 before = g_get_monotonic_time ();

  g_assert_null (tambo_readers_list (&error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_NO_SERVICE);
  g_clear_error (&error);
  g_assert_null (tambo_reader_connect (NULL, 60000, NULL, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_NO_SERVICE);
  g_assert_cmpint (g_get_monotonic_time () - before, <, 5 * G_USEC_PER_SEC); /* no waiting for it */
}

static void test_codes (void) {
  static const struct {
    LONG code;
    TamboChipError error;
  } values[] = {
    { SCARD_E_NO_SERVICE, TAMBO_CHIP_ERROR_NO_SERVICE },
    { SCARD_F_COMM_ERROR, TAMBO_CHIP_ERROR_NO_SERVICE },
    { (LONG) 0x8010006A, TAMBO_CHIP_ERROR_NO_PERMISSION },
    { (LONG) (gint32) 0x8010006A, TAMBO_CHIP_ERROR_NO_PERMISSION },
    { SCARD_E_UNKNOWN_READER, TAMBO_CHIP_ERROR_NO_READER },
    { SCARD_E_NO_SMARTCARD, TAMBO_CHIP_ERROR_NO_CARD },
    { SCARD_W_REMOVED_CARD, TAMBO_CHIP_ERROR_REMOVED },
    { SCARD_E_NOT_TRANSACTED, TAMBO_CHIP_ERROR_REMOVED },
    { SCARD_E_TIMEOUT, TAMBO_CHIP_ERROR_TIMEOUT },
    { SCARD_F_INTERNAL_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (values); i++) {
    g_autoptr (GError) error = NULL;
    tambo_pcsc_set_error (&error, values[i].code, "test");
    g_assert_cmpuint (error->domain, ==, TAMBO_CHIP_ERROR);
    g_assert_cmpint (error->code, ==, (int) values[i].error);
    g_assert_true (g_str_has_prefix (error->message, "test: "));
  }
}

int main (int argc, char **argv) {
  g_setenv ("PCSCLITE_CSOCK_NAME", "/nonexistent/pcscd.comm", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chip/reader/no-service", test_no_service);
  g_test_add_func ("/chip/reader/codes", test_codes);
  return g_test_run ();
}
