/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <errno.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <string.h>

#include "base/error.h"

static void test_errno (void) {
  static const struct {
    int saved_errno;
    TamboBaseError code;
  } rows[] = {
    { ENOSPC, TAMBO_BASE_ERROR_NO_SPACE },
    { EDQUOT, TAMBO_BASE_ERROR_NO_SPACE },
    { EACCES, TAMBO_BASE_ERROR_PERMISSION },
    { EPERM, TAMBO_BASE_ERROR_PERMISSION },
    { EROFS, TAMBO_BASE_ERROR_PERMISSION },
    { ENOENT, TAMBO_BASE_ERROR_NOT_FOUND },
    { EIO, TAMBO_BASE_ERROR_IO },
    { EISDIR, TAMBO_BASE_ERROR_IO },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autoptr (GError) error = NULL;
    g_autofree char *message =
        g_strconcat ("cannot write x: ", g_strerror (rows[i].saved_errno), NULL);

    tambo_error_set_errno (&error, rows[i].saved_errno, "cannot write x");
    g_assert_error (error, TAMBO_BASE_ERROR, (int) rows[i].code);
    g_assert_cmpstr (error->message, ==, message);
  }
}

static void test_openssl (void) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GError) reasonless = NULL;

  ERR_raise (ERR_LIB_EVP, EVP_R_BAD_DECRYPT);
  tambo_error_set_openssl (&error, "cannot open");
  g_assert_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_FAILED);
  g_assert_cmpstr (error->message, ==, "cannot open: bad decrypt");
  g_assert_cmpuint (ERR_peek_error (), ==, 0);
  tambo_error_set_openssl (&reasonless, "cannot open");
  g_assert_error (reasonless, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_FAILED);
  tambo_error_set_openssl (NULL, "nobody asks");
}

static void test_pass (void) {
  g_autoptr (GError) none = NULL;
  g_autoptr (GError) cause = g_error_new_literal (TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_IO, "torn");
  g_autoptr (GError) error = NULL;

  g_assert_true (tambo_error_pass (&none, &error));
  g_assert_no_error (error);
  g_assert_false (tambo_error_pass (&cause, &error));
  g_assert_null (cause);
  g_assert_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_IO);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/error/errno", test_errno);
  g_test_add_func ("/error/openssl", test_openssl);
  g_test_add_func ("/error/pass", test_pass);
  return g_test_run ();
}
