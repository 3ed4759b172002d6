/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "print/qr-read.h"

#include <string.h>

#include "print/receipt-page.h"

/* As long as a seal is, in its characters. */
static char *make_seal (void) {
  GString *text = g_string_new ("RDB1B");

  for (guint i = 0; i < 900; i++)
    g_string_append_c (text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[(i * 7 + i / 32) % 32]);
  return g_string_free (text, FALSE);
}

static gboolean has (GPtrArray *texts, const char *wanted) {
  for (guint i = 0; i < texts->len; i++)
    if (g_str_equal (texts->pdata[i], wanted))
      return TRUE;
  return FALSE;
}

/* What stands on a receipt, as a scan of 200 to 300 dots an inch shows it. */
static void test_receipt (gconstpointer data) {
  g_autofree char *seal = make_seal ();
  const TamboReceiptPage page = {
    .office = "MIG-LIMA-01",
    .procedure = "Carné de extranjería",
    .tracking_number = "TB-7K3M-9QX4-H",
    .received = "2026-11-22T09:51:07Z",
    .state = "La sede no aceptó el trámite; consulte en esta oficina.",
    .practice = TRUE,
    .verification_url = "https://hq.example/v/ABCD-EFGH-JKMN-PQRS-TVWX",
    .verification_code = "ABCD-EFGH-JKMN-PQRS-TVWX",
    .seal = seal,
    .seal_expiry = "2027-11-22",
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboImage) picture =
      tambo_receipt_page_picture (&page, GPOINTER_TO_INT (data), &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) texts = tambo_qr_read (picture);
  g_assert_true (has (texts, seal));
  g_assert_true (has (texts, page.tracking_number));
  g_assert_true (has (texts, page.verification_url));
  g_assert_cmpuint (texts->len, ==, 3);
}

static void test_nothing (void) {
  g_autoptr (TamboImage) black = tambo_image_new (300, 200, 1);
  g_autoptr (TamboImage) dot = tambo_image_new (1, 1, 3);
  g_autoptr (GPtrArray) none = tambo_qr_read (black);
  g_autoptr (GPtrArray) nothing = tambo_qr_read (dot);

  g_assert_cmpuint (none->len, ==, 0);
  g_assert_cmpuint (nothing->len, ==, 0);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_data_func ("/qr-read/receipt/200", GINT_TO_POINTER (1165), test_receipt);
  g_test_add_data_func ("/qr-read/receipt/300", GINT_TO_POINTER (1748), test_receipt);
  g_test_add_func ("/qr-read/nothing", test_nothing);
  return g_test_run ();
}
