/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "base/json.h"
#include "capture/capture-error.h"
#include "capture/sbi-token.h"
#include "sbi-tokens.h"

static TamboSbiTrust *provider_trust (void) {
  g_autoptr (GBytes) pem = g_bytes_new_static (provider_pem, strlen (provider_pem));
  g_autoptr (GError) error = NULL;
  TamboSbiTrust *trust = tambo_sbi_trust_new (pem, &error);

  g_assert_no_error (error);
  return trust;
}

static void test_vectors (void) {
  g_autoptr (TamboSbiTrust) trust = provider_trust ();

  for (guint i = 0; i < G_N_ELEMENTS (token_vectors); i++) {
    const TokenVector *vector = &token_vectors[i];
    g_autoptr (GError) error = NULL;
    g_autoptr (JsonObject) payload =
        tambo_sbi_token_verify (vector->token, "the token", trust, &error);

    g_test_message ("%s: %s", vector->name, error != NULL ? error->message : "holds");
    if (vector->refusal == NULL) {
      g_assert_no_error (error);
      g_assert_cmpstr (tambo_json_peek_string (payload, "serialNo"), ==, "S1");
      continue;
    }
    g_assert_null (payload);
    g_assert_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_UNTRUSTED);
    g_assert_nonnull (strstr (error->message, vector->refusal));
  }
}

/* Any other character anywhere, and a token that ends early. */
static void test_changed (void) {
  g_autoptr (TamboSbiTrust) trust = provider_trust ();
  g_autofree char *token = g_strdup (token_vectors[0].token);
  gsize length = strlen (token);

  for (gsize i = 0; i < length; i++) {
    char was = token[i];
    g_autofree char *part = g_strndup (token, i);

    g_assert_null (tambo_sbi_token_verify (part, "the token", trust, NULL));
    token[i] = was == 'B' ? 'C' : 'B';
    /* The last character of a part has bits that stand for nothing. */
    if (i + 1 < length && token[i + 1] != '.')
      g_assert_null (tambo_sbi_token_verify (token, "the token", trust, NULL));
    token[i] = was;
  }
}

static void test_no_tokens (void) {
  static const char *const texts[] = { "",           ".",          "..",         "a.b",
                                       "e30",        "e30.e30.",   "e30.e30.AA", "e30.e30.AA.AA",
                                       "W10.e30.AA", "e30.W10.AA", "####" };
  g_autoptr (TamboSbiTrust) trust = provider_trust ();

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_null (tambo_sbi_token_verify (texts[i], "the token", trust, &error));
    g_assert_cmpuint (error->domain, ==, TAMBO_CAPTURE_ERROR);
    g_assert_true (error->code == TAMBO_CAPTURE_ERROR_UNTRUSTED
                   || error->code == TAMBO_CAPTURE_ERROR_PROTOCOL);
  }
}

static void test_base64url (void) {
  static const struct {
    const char *text, *bytes;
  } good[] = { { "", "" }, { "Zg", "f" }, { "Zg==", "f" }, { "Zm8", "fo" }, { "_-4", "\xff\xee" } };
  static const char *const bad[] = { "Z", "Z===", "Zg+", "Zg/", "Z g", "Zg.", "Zm8\n" };

  for (guint i = 0; i < G_N_ELEMENTS (good); i++) {
    g_autoptr (GBytes) bytes = tambo_sbi_base64url_decode (good[i].text, strlen (good[i].text));
    g_assert_nonnull (bytes);
    g_assert_cmpmem (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), good[i].bytes,
                     strlen (good[i].bytes));
  }
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    g_assert_null (tambo_sbi_base64url_decode (bad[i], strlen (bad[i])));
}

/* A folder of files, in which one is no certificate and one is none of ours. */
static void test_trust_folder (void) {
  static const char *const names[] = { "provider.pem", "broken.crt", "empty.cer", "notes.txt" };
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("trust-XXXXXX", &error);
  const char *const texts[] = { provider_pem, "-----BEGIN CERTIFICATE-----\nAAAA\n", "",
                                provider_pem };

  g_assert_null (tambo_sbi_trust_load (folder, &error));
  g_assert_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_UNTRUSTED);
  g_clear_error (&error);
  for (int i = (int) G_N_ELEMENTS (names) - 1; i >= 0; i--) {
    g_autofree char *path = g_build_filename (folder, names[i], NULL);
    g_autoptr (TamboSbiTrust) trust = NULL;

    g_assert_true (g_file_set_contents (path, texts[i], -1, &error));
    trust = tambo_sbi_trust_load (folder, NULL);
    g_assert_true ((trust != NULL) == (i == 0));
  }
  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    g_autofree char *path = g_build_filename (folder, names[i], NULL);
    g_autoptr (TamboSbiTrust) trust = tambo_sbi_trust_load (path, NULL);
    g_assert_true ((trust != NULL) == (texts[i] == provider_pem));
    g_unlink (path);
  }
  g_rmdir (folder);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/capture/sbi-token/vectors", test_vectors);
  g_test_add_func ("/capture/sbi-token/changed", test_changed);
  g_test_add_func ("/capture/sbi-token/no-tokens", test_no_tokens);
  g_test_add_func ("/capture/sbi-token/base64url", test_base64url);
  g_test_add_func ("/capture/sbi-token/trust-folder", test_trust_folder);
  return g_test_run ();
}
