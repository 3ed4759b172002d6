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
    { SCARD_E_SHARING_VIOLATION, TAMBO_CHIP_ERROR_BUSY },
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

/* Names as their makers give them; a pseudo-ATR says more than any name. */
static void test_interface (void) {
  static const struct {
    const char *name;
    TamboReaderInterface interface;
  } readers[] = {
    { "ACS ACR1281 1S Dual Reader [ACR1281U-C ICC] 00 00", TAMBO_READER_CONTACT },
    { "ACS ACR1281 1S Dual Reader [ACR1281U-C PICC] 00 01", TAMBO_READER_CONTACTLESS },
    { "HID Global OMNIKEY 5022 Smart Card Reader [OMNIKEY 5022 CL] 00 00",
      TAMBO_READER_CONTACTLESS },
    { "OMNIKEY AG CardMan 5321 (OKCM0071-CL ) 00 01", TAMBO_READER_CONTACTLESS },
    { "SCM Microsystems Inc. SCL010 Contactless Reader 00 00", TAMBO_READER_CONTACTLESS },
    { "Alcor Micro AU9540 Smart Card Reader 00 00", TAMBO_READER_CONTACT },
    { "Gemalto PC Twin Reader 00 00", TAMBO_READER_UNKNOWN },
    { "Practice reader 00 00", TAMBO_READER_UNKNOWN },
  };
  static const guint8 pseudo[] = { 0x3B, 0x81, 0x80, 0x01, 0x80, 0x80 };
  static const guint8 contact[] = { 0x3B, 0x65, 0x00, 0x00, 0x20, 0x63 };
  g_autoptr (GBytes) over_air = g_bytes_new_static (pseudo, sizeof pseudo);
  g_autoptr (GBytes) by_contacts = g_bytes_new_static (contact, sizeof contact);

  for (gsize i = 0; i < G_N_ELEMENTS (readers); i++) {
    g_assert_cmpint (tambo_reader_interface (readers[i].name, NULL), ==, readers[i].interface);
    g_assert_cmpint (tambo_reader_interface (readers[i].name, over_air), ==,
                     TAMBO_READER_CONTACTLESS);
  }
  g_assert_cmpint (tambo_reader_interface ("Any", by_contacts), ==, TAMBO_READER_UNKNOWN);
}

int main (int argc, char **argv) {
  g_setenv ("PCSCLITE_CSOCK_NAME", "/nonexistent/pcscd.comm", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chip/reader/no-service", test_no_service);
  g_test_add_func ("/chip/reader/codes", test_codes);
  g_test_add_func ("/chip/reader/interface", test_interface);
  return g_test_run ();
}
