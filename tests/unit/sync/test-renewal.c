/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/protocol.h"

#include <string.h>

static void test_request (void) {
  TamboRenewalRequest request = { .station = (char *) "MIG-TEST-01", .csr = (char *) "PEM" };
  g_autofree char *text = tambo_renewal_request_to_json (&request);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboRenewalRequest) read = tambo_renewal_request_from_json (text, -1, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (read->station, ==, "MIG-TEST-01");
  g_assert_cmpstr (read->csr, ==, "PEM");
  for (gsize size = 0; size < strlen (text); size++)
    g_assert_null (tambo_renewal_request_from_json (text, (gssize) size, NULL));
  g_assert_null (
      tambo_renewal_request_from_json ("{\"csr\":\"PEM\",\"station\":\"../x\"}", -1, &error));
  g_assert_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_PROTOCOL);
}

static void test_answer (void) {
  g_autofree char *text = tambo_renewal_answer_to_json ("PEM");
  g_autoptr (GError) error = NULL;
  g_autofree char *pem = tambo_renewal_answer_from_json (text, -1, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (pem, ==, "PEM");
  for (gsize size = 0; size < strlen (text); size++)
    g_assert_null (tambo_renewal_answer_from_json (text, (gssize) size, NULL));
}

static void test_half (void) {
  g_assert_false (tambo_certificate_is_half_over (100, 200, 149));
  g_assert_true (tambo_certificate_is_half_over (100, 200, 150));
  g_assert_true (tambo_certificate_is_half_over (100, 200, 500));
}

static void test_dates (void) {
  g_autoptr (GError) error = NULL;
  gint64 from, to;

  g_assert_false (tambo_certificate_get_dates ("no certificate", &from, &to, &error));
  g_assert_nonnull (error);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sync/renewal/request", test_request);
  g_test_add_func ("/sync/renewal/answer", test_answer);
  g_test_add_func ("/sync/renewal/half", test_half);
  g_test_add_func ("/sync/renewal/dates", test_dates);
  return g_test_run ();
}
