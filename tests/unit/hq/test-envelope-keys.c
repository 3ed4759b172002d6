/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Public halves for everybody, private ones for who decides.
 */
#include "hq/envelope-keys.h"

#include <glib/gstdio.h>

#include "base/bytes.h"
#include "base/error.h"
#include "made-hq.h"

/* It is the private half of the key of that id. */
static void check_private (TamboHq *hq, const char *id) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboKey) key = tambo_hq_find_envelope_key (hq, id, &error);
  g_autofree char *found = NULL;

  g_assert_no_error (error);
  g_assert_true (tambo_key_is_private (key));
  found = tambo_key_dup_id (key);
  g_assert_cmpstr (found, ==, id);
}

static void test_roles (void) {
  g_auto (MadeHq) made = { NULL };
  g_autoptr (TamboHq) receiver = NULL;
  g_autofree char *first = NULL;
  g_autofree char *second = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  made_hq_init (&made);
  first = tambo_key_dup_id (made.hq->envelope_key);
  second = tambo_hq_announce_envelope_key (made.hq, "2027-01-01T00:00:00Z", NULL, &error);
  g_assert_no_error (error);
  check_private (made.hq, first);
  check_private (made.hq, second);
  g_assert_null (tambo_hq_find_envelope_key (made.hq, "0123456789abcdef", &error));
  g_assert_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (tambo_hq_find_envelope_key (made.hq, "../private/server", NULL));

  /* Who takes in knows both, signs what stations are told of them, and needs neither private half. */
  path = g_build_filename (made.folder, "private", "envelope.pem", NULL);
  g_assert_cmpint (g_unlink (path), ==, 0);
  receiver = tambo_hq_open_as (TAMBO_HQ_RECEIVER, made.folder, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (tambo_hq_check_envelope_key (receiver, first, &error));
  g_assert_true (tambo_hq_check_envelope_key (receiver, second, &error));
  g_assert_no_error (error);
  g_assert_false (tambo_hq_check_envelope_key (receiver, "0123456789abcdef", &error));
  g_assert_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_false (tambo_hq_may_decide (receiver));
  g_autofree char *reference = tambo_hq_sign_reference (receiver, &error);
  g_assert_no_error (error);
  g_assert_nonnull (reference);
  g_assert_null (tambo_hq_find_envelope_key (receiver, first, &error));
  g_assert_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_NOT_FOUND);
}

/* A folder from before the public halves lay by themselves. */
static void test_old_folder (void) {
  g_auto (MadeHq) made = { NULL };
  g_autoptr (TamboHq) again = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  made_hq_init (&made);
  before = tambo_key_dup_id (made.hq->envelope_key);
  path = g_build_filename (made.folder, "envelope.pem", NULL);
  g_assert_cmpint (g_unlink (path), ==, 0);
  again = tambo_hq_open (made.folder, &error);
  g_assert_no_error (error);
  after = tambo_key_dup_id (again->envelope_key);
  g_assert_cmpstr (after, ==, before);
  g_assert_false (tambo_key_is_private (again->envelope_key));
  g_assert_true (g_file_test (path, G_FILE_TEST_EXISTS));
  check_private (again, before);
}

/* Another key in the place of the one that records are sealed for opens nothing, and is not believed. */
static void test_mixed_up (void) {
  g_auto (MadeHq) made = { NULL };
  g_autoptr (TamboKey) other = tambo_key_generate ();
  g_autoptr (GBytes) pem = tambo_key_dup_private_pem (other);
  g_autofree char *id = NULL;
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;

  made_hq_init (&made);
  id = tambo_key_dup_id (made.hq->envelope_key);
  path = g_build_filename (made.folder, "private", "envelope.pem", NULL);
  const char *text = g_bytes_get_data (pem, &size);
  g_assert_true (g_file_set_contents (path, text, (gssize) size, NULL));
  g_assert_null (tambo_hq_find_envelope_key (made.hq, id, &error));
  g_assert_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_FAILED);
}

/* A disk that cannot be read makes no record a stranger's. */
static void test_unreadable (void) {
  g_auto (MadeHq) made = { NULL };
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;

  made_hq_init (&made);
  path = g_build_filename (made.folder, "envelope-0123456789abcdef.pem", NULL);
  g_assert_cmpint (g_mkdir (path, 0700), ==, 0);
  g_assert_false (tambo_hq_check_envelope_key (made.hq, "0123456789abcdef", &error));
  g_assert_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_IO);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hq/envelope-keys/roles", test_roles);
  g_test_add_func ("/hq/envelope-keys/old-folder", test_old_folder);
  g_test_add_func ("/hq/envelope-keys/mixed-up", test_mixed_up);
  g_test_add_func ("/hq/envelope-keys/unreadable", test_unreadable);
  return g_test_run ();
}
