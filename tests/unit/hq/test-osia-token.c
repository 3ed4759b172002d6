/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/osia-token.h"

#include <string.h>

#include "base/bytes.h"
#include "hq/hq-error.h"

#define NOW 1795000000

static char *make (TamboKey *key, gint64 seconds) {
  return tambo_osia_token_sign (key, "hq", "bank", "enroll.read cms.request.read", NOW, seconds);
}

static void assert_refused (const char *text, TamboKey *key, gint64 now) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboOsiaToken) token = tambo_osia_token_verify (text, key, now, &error);

  g_assert_null (token);
  g_assert_error (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_TOKEN);
}

static void test_good (void) {
  g_autoptr (TamboKey) key = tambo_key_generate ();

  /* Signatures differ each time; padding of short numbers is met in some. */
  for (int i = 0; i < 300; i++) {
    g_autofree char *text = make (key, 60);
    g_autoptr (GError) error = NULL;
    g_autoptr (TamboOsiaToken) token = tambo_osia_token_verify (text, key, NOW + 59, &error);

    g_assert_no_error (error);
    g_assert_cmpstr (token->client, ==, "bank");
    g_assert_true (g_strv_contains ((const char *const *) token->scopes, "enroll.read"));
    g_assert_false (g_strv_contains ((const char *const *) token->scopes, "enroll"));
    g_assert_null (strpbrk (text, "+/="));
  }
}

static void test_bad (void) {
  g_autoptr (TamboKey) key = tambo_key_generate ();
  g_autoptr (TamboKey) other = tambo_key_generate ();
  g_autofree char *text = make (key, 60);
  gsize size = strlen (text);

  assert_refused (text, other, NOW);
  assert_refused (text, key, NOW + 60);
  for (gsize i = 0; i < size; i++) {
    g_autofree char *part = g_strndup (text, i);
    g_autofree char *changed = g_strdup (text);

    assert_refused (part, key, NOW);
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    if (i + 1 < size) /* of the last sign only some bits count */
      assert_refused (changed, key, NOW);
  }
}

static char *encode (const char *json) {
  g_autoptr (GBytes) bytes = g_bytes_new_static (json, strlen (json));
  char *text = tambo_base64_encode (bytes);

  g_strdelimit (text, "+", '-');
  g_strdelimit (text, "/", '_');
  text[strcspn (text, "=")] = '\0';
  return text;
}

/* RFC 8725, 3.1: who makes a token does not say how it is judged. */
static void test_algorithm (void) {
  static const char *const headers[] = { "{\"alg\":\"none\"}", "{\"alg\":\"HS256\"}",
                                         "{\"typ\":\"JWT\"}",
                                         "{\"alg\":\"ES256\",\"crit\":[\"x\"]}" };
  g_autoptr (TamboKey) key = tambo_key_generate ();
  g_autofree char *text = make (key, 60);
  const char *rest = strchr (text, '.');

  for (gsize i = 0; i < G_N_ELEMENTS (headers); i++) {
    g_autofree char *header = encode (headers[i]);
    g_autofree char *forged = g_strconcat (header, rest, NULL);
    g_autofree char *bare = g_strdup (forged);

    assert_refused (forged, key, NOW);
    *(strrchr (bare, '.') + 1) = '\0';
    assert_refused (bare, key, NOW);
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hq/osia-token/good", test_good);
  g_test_add_func ("/hq/osia-token/bad", test_bad);
  g_test_add_func ("/hq/osia-token/algorithm", test_algorithm);
  return g_test_run ();
}
