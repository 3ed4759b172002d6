/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/document-signer.h"

#include <string.h>

#include <glib/gstdio.h>

#include "chip/sod.h"
#include "soft-token.h"

static const TamboHqSettings settings = { .name = "Practice", .state = "UTO", .country = "UT" };

static char *make_folder (void) {
  char *folder = g_dir_make_tmp ("tambo-signer-XXXXXX", NULL);
  g_autofree char *private = g_build_filename (folder, "private", NULL);

  g_assert_cmpint (g_mkdir (private, 0700), ==, 0);
  return folder;
}

static void remove_folder (char *folder) {
  static const char *const names[] = { "private/csca.pem",   "private/signer.pem",
                                       "private/signer.uri", "csca.pem",
                                       "signer.pem",         "private" };

  for (gsize i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (folder, names[i], NULL);
    g_remove (path);
  }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
  g_free (folder);
}

static gboolean has_file (const char *folder, const char *name) {
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS);
}

/* A SOD by the signer of FOLDER holds under its CSCA. */
static void assert_signs (const char *folder) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboSigner) signer = tambo_document_signer_open (folder, &error);
  g_assert_no_error (error);
  g_autofree char *path = g_build_filename (folder, "csca.pem", NULL);
  g_autofree char *pem = NULL;
  g_assert_true (g_file_get_contents (path, &pem, NULL, NULL));
  g_autoptr (GPtrArray) roots = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_ptr_array_add (roots, g_bytes_new (pem, strlen (pem)));
  g_autoptr (TamboLds) lds = tambo_lds_new ();
  g_autoptr (GBytes) group = g_bytes_new_static ("\x6D\x01\x00", 3);
  tambo_lds_set (lds, TAMBO_LDS_DG13, group);
  g_autoptr (GBytes) sod = tambo_sod_sign (lds, signer, &error);
  g_assert_no_error (error);
  tambo_lds_set (lds, TAMBO_LDS_SOD, sod);
  g_autoptr (GPtrArray) verdicts =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_verdict_free);
  g_assert_true (tambo_passive_authentication (lds, roots, verdicts));
}

static void test_file (void) {
  char *folder = make_folder ();
  g_autoptr (GError) error = NULL;

  g_assert_true (tambo_document_signer_create (folder, &settings, &error));
  g_assert_no_error (error);
  assert_signs (folder);
  g_autoptr (TamboSigner) first = tambo_document_signer_open (folder, NULL);
  g_assert_true (tambo_document_signer_replace (folder, "Practice", NULL, &error));
  assert_signs (folder);
  g_autoptr (TamboSigner) second = tambo_document_signer_open (folder, NULL);
  g_assert_cmpstr (first->certificate, !=, second->certificate);
  remove_folder (folder);
}

/* From a file to a token and back; what does not go leaves the old signer in its place. */
static void test_token (void) {
  SoftToken *soft = soft_token_new ();
  if (soft == NULL)
    return;
  soft_token_generate (soft, "EC:prime256v1", "hq", "01");
  g_autofree char *uri = soft_token_uri (soft, "hq", "");
  g_autofree char *nobody = soft_token_uri (soft, "nobody", "");
  char *folder = make_folder ();
  g_autoptr (GError) error = NULL;

  g_assert_true (tambo_document_signer_create (folder, &settings, &error));
  g_assert_true (tambo_document_signer_replace (folder, "Practice", uri, &error));
  g_assert_no_error (error);
  g_assert_false (has_file (folder, "private/signer.pem"));
  assert_signs (folder);

  g_assert_false (tambo_document_signer_replace (folder, "Practice", nobody, &error));
  g_assert_error (error, TAMBO_TOKEN_ERROR, TAMBO_TOKEN_ERROR_NO_KEY);
  g_clear_error (&error);
  assert_signs (folder);

  g_assert_true (tambo_document_signer_replace (folder, "Practice", NULL, &error));
  g_assert_false (has_file (folder, "private/signer.uri"));
  assert_signs (folder);
  remove_folder (folder);
  soft_token_free (soft);
}

static void test_token_from_the_start (void) {
  SoftToken *soft = soft_token_new ();
  if (soft == NULL)
    return;
  soft_token_generate (soft, "EC:prime256v1", "hq", "01");
  g_autofree char *uri = soft_token_uri (soft, "hq", "");
  TamboHqSettings with_token = settings;
  char *folder = make_folder ();
  g_autoptr (GError) error = NULL;

  with_token.signer = uri;
  g_assert_true (tambo_document_signer_create (folder, &with_token, &error));
  g_assert_no_error (error);
  assert_signs (folder);
  remove_folder (folder);
  soft_token_free (soft);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hq/document-signer/file", test_file);
  g_test_add_func ("/hq/document-signer/token", test_token);
  g_test_add_func ("/hq/document-signer/token-from-the-start", test_token_from_the_start);
  return g_test_run ();
}
