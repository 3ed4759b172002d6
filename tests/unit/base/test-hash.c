/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/hash.h"

#define OF_ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define OF_NOTHING "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static void test_known_answers (void) {
  g_autoptr (GBytes) abc = g_bytes_new ("abc", 3);
  g_autoptr (GBytes) nothing = g_bytes_new (NULL, 0);
  g_autoptr (GBytes) hash = tambo_sha256_bytes (abc);
  g_autofree char *of_abc = tambo_sha256_hex (abc);
  g_autofree char *of_nothing = tambo_sha256_hex (nothing);
  guint8 direct[TAMBO_SHA256_SIZE];

  tambo_sha256 ("abc", 3, direct);
  g_assert_cmpstr (of_abc, ==, OF_ABC);
  g_assert_cmpstr (of_nothing, ==, OF_NOTHING);
  g_assert_cmpmem (g_bytes_get_data (hash, NULL), g_bytes_get_size (hash), direct, sizeof direct);
}

static void test_text_form (void) {
  g_assert_true (tambo_is_sha256_hex (OF_ABC));
  g_assert_false (tambo_is_sha256_hex (OF_ABC "0"));
  g_assert_false (tambo_is_sha256_hex (&OF_ABC[1]));
  g_assert_false (
      tambo_is_sha256_hex ("BA7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
  g_assert_false (
      tambo_is_sha256_hex ("ga7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
  g_assert_false (tambo_is_sha256_hex (""));
  g_assert_false (tambo_is_sha256_hex (NULL));
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/hash/known-answers", test_known_answers);
  g_test_add_func ("/hash/text-form", test_text_form);
  return g_test_run ();
}
