/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/secret.h"

static void test_holds_what_it_was_given (void) {
  const gsize sizes[] = { 0, 1, 32, 4096, 4097, 1 << 20 };

  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autofree guint8 *data = g_malloc (sizes[i] + 1);
    g_autoptr (GBytes) secret = NULL;

    memset (data, 0x5a, sizes[i]);
    secret = tambo_secret_new (data, sizes[i]);
    g_assert_cmpmem (g_bytes_get_data (secret, NULL), g_bytes_get_size (secret), data, sizes[i]);
  }
}

static void test_takes_a_string (void) {
  g_autoptr (GBytes) secret = tambo_secret_new_take_string (g_strdup ("open sesame"));
  g_autoptr (GBytes) nothing = tambo_secret_new_take_string (NULL);

  g_assert_cmpmem (g_bytes_get_data (secret, NULL), g_bytes_get_size (secret), "open sesame", 11);
  g_assert_cmpuint (g_bytes_get_size (nothing), ==, 0);
  tambo_secret_string_free (NULL);
}

static void test_wipes (void) {
  char text[] = "secret";

  tambo_secret_wipe (text, 3);
  g_assert_cmpmem (text, sizeof text, "\0\0\0ret", 7);
  tambo_secret_wipe (NULL, 0);
}

/* More small ones than there are drawers; none is another's, and what is given back is clean. */
static void test_many_small_ones (void) {
  guint8 *secrets[200];

  for (int round = 0; round < 3; round++) {
    for (guint i = 0; i < G_N_ELEMENTS (secrets); i++) {
      secrets[i] = tambo_secret_allocate (1 + i);
      for (guint j = 0; j < 1 + i; j++)
        g_assert_cmpuint (secrets[i][j], ==, 0);
      memset (secrets[i], (int) i + 1, 1 + i);
    }
    for (guint i = 0; i < G_N_ELEMENTS (secrets); i++) {
      for (guint j = 0; j < 1 + i; j++)
        g_assert_cmpuint (secrets[i][j], ==, i + 1);
      tambo_secret_release (secrets[i], 1 + i);
    }
  }
}

/* The flags of the mapping that ADDRESS lies in, from the kernel itself. */
static char *dup_mapping_flags (gconstpointer address) {
  g_autofree char *smaps = NULL;
  g_auto (GStrv) lines = NULL;
  gboolean is_inside = FALSE;

  if (!g_file_get_contents ("/proc/self/smaps", &smaps, NULL, NULL))
    return NULL;
  lines = g_strsplit (smaps, "\n", -1);
  for (gsize i = 0; lines[i] != NULL; i++) {
    unsigned long start, end;

    if (sscanf (lines[i], "%lx-%lx ", &start, &end) == 2)
      is_inside = (gsize) address >= start && (gsize) address < end;
    else if (is_inside && g_str_has_prefix (lines[i], "VmFlags:"))
      return g_strconcat (lines[i], " ", NULL);
  }
  return NULL;
}

static void test_stays_out_of_core_dumps (void) {
  g_autoptr (GBytes) secret = tambo_secret_new ("0123", 4);
  g_autofree char *flags = dup_mapping_flags (g_bytes_get_data (secret, NULL));

  if (flags == NULL) {
    g_test_skip ("the kernel shows no mapping flags");
    return;
  }
  g_assert_nonnull (strstr (flags, " dd "));
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/secret/holds-what-it-was-given", test_holds_what_it_was_given);
  g_test_add_func ("/secret/takes-a-string", test_takes_a_string);
  g_test_add_func ("/secret/many-small-ones", test_many_small_ones);
  g_test_add_func ("/secret/wipes", test_wipes);
  g_test_add_func ("/secret/stays-out-of-core-dumps", test_stays_out_of_core_dumps);
  return g_test_run ();
}
