/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "soft-token.h"

#include <glib/gstdio.h>
#include <string.h>

static char *find_module (void) {
  static const char *const paths[] = { "/usr/lib/softhsm/libsofthsm2.so",
                                       "/usr/lib64/pkcs11/libsofthsm2.so",
                                       "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so" };

  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    if (g_file_test (paths[i], G_FILE_TEST_EXISTS))
      return g_strdup (paths[i]);
  return NULL;
}

/* ARGUMENTS end with NULL. */
static void run (const char *const *arguments) {
  g_autoptr (GError) error = NULL;
  g_autofree char *output = NULL, *errors = NULL;
  int status;

  g_spawn_sync (NULL, (char **) arguments, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &output, &errors,
                &status, &error);
  g_assert_no_error (error);
  if (!g_spawn_check_wait_status (status, NULL))
    g_test_message ("%s: %s%s", arguments[0], output, errors);
  g_assert_true (g_spawn_check_wait_status (status, NULL));
}

static void write_file (SoftToken *token, const char *name, const char *text, gsize size) {
  g_autofree char *path = g_build_filename (token->folder, name, NULL);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, (gssize) size, &error);
  g_assert_no_error (error);
}

SoftToken *soft_token_new (void) {
  g_autofree char *module = find_module ();
  g_autofree char *util = g_find_program_in_path ("softhsm2-util");
  g_autofree char *tool = g_find_program_in_path ("pkcs11-tool");

  if (module == NULL || util == NULL || tool == NULL) {
    g_test_skip ("SoftHSM and pkcs11-tool are not installed");
    return NULL;
  }
  SoftToken *token = g_new0 (SoftToken, 1);
  token->module = g_steal_pointer (&module);
  token->folder = g_dir_make_tmp ("tambo-token-XXXXXX", NULL);
  g_autofree char *tokens = g_build_filename (token->folder, "tokens", NULL);
  g_autofree char *configuration = g_build_filename (token->folder, "softhsm2.conf", NULL);
  g_autofree char *text =
      g_strdup_printf ("directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n"
                       "slots.removable = false\n",
                       tokens);
  g_assert_cmpint (g_mkdir (tokens, 0700), ==, 0);
  write_file (token, "softhsm2.conf", text, strlen (text));
  write_file (token, "pin", SOFT_TOKEN_PIN "\n", strlen (SOFT_TOKEN_PIN) + 1);
  g_setenv ("SOFTHSM2_CONF", configuration, TRUE);
  run ((const char *[]){ util, "--init-token", "--free", "--label", SOFT_TOKEN_LABEL, "--pin",
                         SOFT_TOKEN_PIN, "--so-pin", "87654321", NULL });
  return token;
}

static void remove_folder (const char *path) {
  g_autoptr (GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL) {
    g_autofree char *child = g_build_filename (path, name, NULL);
    if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
      remove_folder (child);
    else
      g_unlink (child);
  }
  g_rmdir (path);
}

void soft_token_free (SoftToken *token) {
  remove_folder (token->folder);
  g_unsetenv ("SOFTHSM2_CONF");
  g_free (token->folder);
  g_free (token->module);
  g_free (token);
}

void soft_token_generate (SoftToken *token, const char *type, const char *label, const char *id) {
  run ((const char *[]){ "pkcs11-tool", "--module", token->module, "--token-label",
                         SOFT_TOKEN_LABEL, "--login", "--pin", SOFT_TOKEN_PIN, "--keypairgen",
                         "--key-type", type, "--label", label, "--id", id, "--usage-sign",
                         "--usage-derive", NULL });
}

void soft_token_put_certificate (SoftToken *token, GBytes *der, const char *label, const char *id) {
  g_autofree char *path = g_build_filename (token->folder, "certificate.der", NULL);

  write_file (token, "certificate.der", g_bytes_get_data (der, NULL), g_bytes_get_size (der));
  run ((const char *[]){ "pkcs11-tool", "--module", token->module, "--token-label",
                         SOFT_TOKEN_LABEL, "--login", "--pin", SOFT_TOKEN_PIN, "--write-object",
                         path, "--type", "cert", "--label", label, "--id", id, NULL });
}

char *soft_token_uri_without_pin (SoftToken *token, const char *label) {
  g_autofree char *name = g_uri_escape_string (SOFT_TOKEN_LABEL, NULL, FALSE);

  return g_strdup_printf ("pkcs11:token=%s;object=%s?module-path=%s", name, label, token->module);
}

char *soft_token_uri (SoftToken *token, const char *label, const char *rest) {
  g_autofree char *uri = soft_token_uri_without_pin (token, label);

  return g_strdup_printf ("%s&pin-source=file:%s/pin%s", uri, token->folder, rest);
}
