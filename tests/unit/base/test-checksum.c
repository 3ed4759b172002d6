/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/checksum.h"

#include <string.h>

static void sum (gconstpointer data, gsize size, gsize cut, guint8 out[TAMBO_CHECKSUM_SIZE]) {
  g_autoptr (TamboChecksum) checksum = tambo_checksum_new ();

  tambo_checksum_update (checksum, data, cut);
  tambo_checksum_update (checksum, (const guint8 *) data + cut, size - cut);
  tambo_checksum_finish (checksum, out);
}

static void test_pieces (void) {
  static const char text[] = "abcdefghijklmnopqrstuvwxyz0123456789";
  guint8 whole[TAMBO_CHECKSUM_SIZE], pieces[TAMBO_CHECKSUM_SIZE];

  sum (text, strlen (text), 0, whole);
  for (gsize cut = 1; cut <= strlen (text); cut++) {
    sum (text, strlen (text), cut, pieces);
    g_assert_cmpmem (pieces, sizeof pieces, whole, sizeof whole);
  }
}

static void test_each_bit_counts (void) {
  guint8 data[64] = { 0 };
  guint8 before[TAMBO_CHECKSUM_SIZE], after[TAMBO_CHECKSUM_SIZE];

  sum (data, sizeof data, 0, before);
  for (gsize bit = 0; bit < 8 * sizeof data; bit++) {
    data[bit / 8] ^= (guint8) (1 << bit % 8);
    sum (data, sizeof data, 0, after);
    g_assert_true (memcmp (before, after, sizeof before) != 0);
    data[bit / 8] ^= (guint8) (1 << bit % 8);
  }
  sum (data, sizeof data - 1, 0, after);
  g_assert_true (memcmp (before, after, sizeof before) != 0);
}

static void test_begins_anew (void) {
  g_autoptr (TamboChecksum) checksum = tambo_checksum_new ();
  guint8 first[TAMBO_CHECKSUM_SIZE], again[TAMBO_CHECKSUM_SIZE];

  tambo_checksum_update (checksum, "abc", 3);
  tambo_checksum_finish (checksum, first);
  tambo_checksum_update (checksum, "abc", 3);
  tambo_checksum_finish (checksum, again);
  g_assert_cmpmem (again, sizeof again, first, sizeof first);
  tambo_checksum_update (checksum, "forgotten", 9);
  tambo_checksum_begin (checksum);
  tambo_checksum_update (checksum, "abc", 3);
  tambo_checksum_finish (checksum, again);
  g_assert_cmpmem (again, sizeof again, first, sizeof first);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/checksum/pieces", test_pieces);
  g_test_add_func ("/checksum/each-bit-counts", test_each_bit_counts);
  g_test_add_func ("/checksum/begins-anew", test_begins_anew);
  return g_test_run ();
}
