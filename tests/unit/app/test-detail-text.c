/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/detail-text.h"

/* The name of the field, or of whom it is, goes; what is wrong stays. */
static void test_fault (void) {
  g_assert_cmpstr (tambo_detail_text_fault ("birth_date is in the future"), ==, "is in the future");
  g_assert_cmpstr (tambo_detail_text_fault ("the guardian's surname has digits"), ==, "has digits");
  g_assert_null (tambo_detail_text_fault ("surname is something new"));
  g_assert_null (tambo_detail_text_fault (""));
}

static void assert_verdict (const char *detail, gboolean is_known) {
  g_autofree char *text = tambo_detail_text_verdict (detail);

  g_assert_cmpstr (text, ==, is_known ? detail : NULL);
}

/* Without a catalogue it says what was said: day, state and status word stay where they were. */
static void test_verdict (void) {
  assert_verdict ("the chip has no DG15", TRUE);
  assert_verdict ("the signer's certificate expired on 2024-01-31", TRUE);
  assert_verdict ("the signer's certificate expired on 2024-01-31; it was valid when it signed",
                  TRUE);
  assert_verdict ("EF.COM names what the SOD does not: DG3, DG7", TRUE);
  assert_verdict ("a write after the lock was answered 9000", TRUE);
  assert_verdict ("the signer's certificate expired on ", FALSE);
  assert_verdict ("the chip has no DG15 at all", FALSE);
  assert_verdict ("", FALSE);
}

static void test_support (void) {
  g_autofree char *text = tambo_detail_text_support ("answered 6F42");

  g_assert_cmpstr (text, ==, "For support: answered 6F42");
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/detail-text/fault", test_fault);
  g_test_add_func ("/app/detail-text/verdict", test_verdict);
  g_test_add_func ("/app/detail-text/support", test_support);
  return g_test_run ();
}
