/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/active-key.h"

#include <openssl/ec.h>
#include <openssl/pem.h>

#include "base/cleanup.h"
#include "chip/active-authentication.h"

static void test_round_trip (void) {
  g_auto (TamboActiveKey) key = { 0 }, back = { 0 };
  g_autoptr (GBytes) dg15 = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (tambo_active_key_generate (&key, &dg15, &error));
  g_autoptr (GBytes) bytes = tambo_active_key_encode (&key);
  g_assert_cmpuint (g_bytes_get_size (bytes), ==, 2 * (2 + 128));
  g_assert_true (tambo_active_key_decode (bytes, &back, &error));
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (key.modulus, back.modulus));
  g_assert_true (g_bytes_equal (key.private_exponent, back.private_exponent));
}

static GBytes *curve_pem (const char *curve) {
  g_autoptr (EVP_PKEY) key = EVP_EC_gen (curve);
  BIO *bio = BIO_new (BIO_s_mem ());
  char *text;

  g_assert_true (PEM_write_bio_PrivateKey (bio, key, NULL, NULL, 0, NULL, NULL));
  long size = BIO_get_mem_data (bio, &text);
  GBytes *pem = g_bytes_new (text, (gsize) size);
  BIO_free (bio);
  return pem;
}

static void test_curve (void) {
  g_autoptr (GBytes) pem = curve_pem ("P-256");
  g_auto (TamboActiveKey) key = { 0 }, back = { 0 };
  g_autoptr (GBytes) dg15 = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (tambo_active_key_parse (pem, &key, &dg15, &error));
  g_assert_no_error (error);
  g_assert_null (key.modulus);
  g_autoptr (GBytes) bytes = tambo_active_key_encode (&key);
  g_assert_true (tambo_active_key_decode (bytes, &back, &error));
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (key.curve_key, back.curve_key));
  g_assert_null (back.modulus);
  for (gsize cut = 0; cut < g_bytes_get_size (bytes); cut++) {
    g_autoptr (GBytes) part = g_bytes_new_from_bytes (bytes, 0, cut);
    g_auto (TamboActiveKey) none = { 0 };
    g_assert_false (tambo_active_key_decode (part, &none, NULL));
    g_assert_null (none.curve_key);
  }
}

/* Cut at any octet, longer, or with numbers of another size. */
static void test_refused (void) {
  guint8 octets[2 * (2 + 128) + 1] = { 0 };

  octets[1] = octets[2 + 128 + 1] = 128;
  for (gsize size = 0; size <= sizeof octets; size++) {
    g_autoptr (GBytes) bytes = g_bytes_new (octets, size);
    g_auto (TamboActiveKey) key = { 0 };
    g_autoptr (GError) error = NULL;
    gboolean whole = size == sizeof octets - 1;
    g_assert_cmpint (tambo_active_key_decode (bytes, &key, &error), ==, whole);
    if (!whole)
      g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED);
  }
  octets[1] = 127;
  g_autoptr (GBytes) shorter = g_bytes_new (octets, sizeof octets - 2);
  g_auto (TamboActiveKey) key = { 0 };
  g_assert_false (tambo_active_key_decode (shorter, &key, NULL));
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chip/active-key/round-trip", test_round_trip);
  g_test_add_func ("/chip/active-key/curve", test_curve);
  g_test_add_func ("/chip/active-key/refused", test_refused);
  return g_test_run ();
}
