/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/block-sum.h"

#include <string.h>

#include "store/journal-seal.h"

#define SIZE 3000 /* two blocks and a part */

static void sum_in_two (TamboBlockSumKind kind, const guint8 *data, gsize size, gsize cut,
                        guint8 out[TAMBO_CHECKSUM_SIZE]) {
  g_autoptr (TamboBlockSum) sum = tambo_block_sum_new (kind);

  tambo_block_sum_update (sum, data, cut);
  tambo_block_sum_update (sum, data + cut, size - cut);
  tambo_block_sum_finish (sum, out);
}

static void fill (guint8 *data, gsize size) {
  for (gsize i = 0; i < size; i++)
    data[i] = (guint8) (i * 7 + i / 251);
}

static void test_pieces (void) {
  guint8 data[SIZE], whole[TAMBO_CHECKSUM_SIZE], pieces[TAMBO_CHECKSUM_SIZE];

  fill (data, sizeof data);
  sum_in_two (TAMBO_BLOCK_SUM, data, sizeof data, 0, whole);
  for (gsize cut = 1; cut <= sizeof data; cut++) {
    sum_in_two (TAMBO_BLOCK_SUM, data, sizeof data, cut, pieces);
    g_assert_cmpmem (pieces, sizeof pieces, whole, sizeof whole);
  }
}

static void test_each_bit_counts (void) {
  guint8 data[SIZE], before[TAMBO_CHECKSUM_SIZE], after[TAMBO_CHECKSUM_SIZE];

  fill (data, sizeof data);
  sum_in_two (TAMBO_BLOCK_SUM, data, sizeof data, 0, before);
  for (gsize bit = 0; bit < 8 * sizeof data; bit++) {
    data[bit / 8] ^= (guint8) (1 << bit % 8);
    sum_in_two (TAMBO_BLOCK_SUM, data, sizeof data, 0, after);
    g_assert_true (memcmp (before, after, sizeof before) != 0);
    data[bit / 8] ^= (guint8) (1 << bit % 8);
  }
}

/* A sector that was not written, and one that stands in another's place. */
static void test_sectors (void) {
  guint8 data[SIZE], before[TAMBO_CHECKSUM_SIZE], after[TAMBO_CHECKSUM_SIZE], first[512];

  fill (data, sizeof data);
  memcpy (first, data, sizeof first);
  sum_in_two (TAMBO_BLOCK_SUM, data, sizeof data, 0, before);
  memcpy (data, data + 1024, sizeof first);
  memcpy (data + 1024, first, sizeof first);
  sum_in_two (TAMBO_BLOCK_SUM, data, sizeof data, 0, after);
  g_assert_true (memcmp (before, after, sizeof before) != 0);
  fill (data, sizeof data);
  memset (data + 512, 0, 512);
  sum_in_two (TAMBO_BLOCK_SUM, data, sizeof data, 0, after);
  g_assert_true (memcmp (before, after, sizeof before) != 0);
}

/* Zeros behind the end are not the same as none. */
static void test_each_size_has_its_own (void) {
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint8 data[SIZE] = { 0 }, out[TAMBO_CHECKSUM_SIZE];

  for (gsize size = 0; size <= sizeof data; size++) {
    sum_in_two (TAMBO_BLOCK_SUM, data, size, 0, out);
    g_assert_true (g_hash_table_add (seen, g_base64_encode (out, sizeof out)));
  }
}

static void test_begins_anew (void) {
  g_autoptr (TamboBlockSum) sum = tambo_block_sum_new (TAMBO_BLOCK_SUM);
  guint8 data[SIZE], first[TAMBO_CHECKSUM_SIZE], again[TAMBO_CHECKSUM_SIZE];

  fill (data, sizeof data);
  tambo_block_sum_update (sum, data, sizeof data);
  tambo_block_sum_finish (sum, first);
  tambo_block_sum_update (sum, "forgotten", 9);
  tambo_block_sum_begin (sum);
  tambo_block_sum_update (sum, data, sizeof data);
  tambo_block_sum_finish (sum, again);
  g_assert_cmpmem (again, sizeof again, first, sizeof first);
}

static void test_old_kind (void) {
  g_autoptr (TamboChecksum) checksum = tambo_checksum_new ();
  guint8 data[SIZE], expected[TAMBO_CHECKSUM_SIZE], actual[TAMBO_CHECKSUM_SIZE];

  fill (data, sizeof data);
  tambo_checksum_update (checksum, data, sizeof data);
  tambo_checksum_finish (checksum, expected);
  sum_in_two (TAMBO_BLOCK_SUM_OLD, data, sizeof data, 77, actual);
  g_assert_cmpmem (actual, sizeof actual, expected, sizeof expected);
}

/* ---- what an earlier program left behind ---- */

#define HEADER_SIZE 512
#define JOURNAL_SIZE (HEADER_SIZE + 1000)

typedef struct {
  sqlite3_file base;
  const guint8 *bytes;
} Memory;

static int read_memory (sqlite3_file *file, void *data, int size, sqlite3_int64 offset) {
  memcpy (data, ((Memory *) file)->bytes + offset, (gsize) size);
  return SQLITE_OK;
}

static int measure_memory (sqlite3_file *file, sqlite3_int64 *out_size) {
  *out_size = JOURNAL_SIZE;
  return SQLITE_OK;
}

static TamboJournalState judge (const guint8 *journal) {
  static const sqlite3_io_methods methods = { .iVersion = 1,
                                              .xRead = read_memory,
                                              .xFileSize = measure_memory };
  Memory file = { { &methods }, journal };
  TamboJournalState state;
  guint8 sum[TAMBO_CHECKSUM_SIZE];

  g_assert_cmpint (tambo_journal_seal_judge (&file.base, &state, sum), ==, SQLITE_OK);
  return state;
}

/* magic and fields (28) | mark | start | end | GMAC of the contents and the fields */
static void test_old_seal (void) {
  static const guint8 magic[] = { 0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7 };
  g_autoptr (TamboChecksum) checksum = tambo_checksum_new ();
  guint8 journal[JOURNAL_SIZE] = { 0 };
  guint64 start = GUINT64_TO_BE (HEADER_SIZE), end = GUINT64_TO_BE (JOURNAL_SIZE);

  fill (journal + HEADER_SIZE, JOURNAL_SIZE - HEADER_SIZE);
  memcpy (journal, magic, sizeof magic);
  memcpy (journal + 28, "TMBSEAL", 8);
  memcpy (journal + 36, &start, 8);
  memcpy (journal + 44, &end, 8);
  tambo_checksum_update (checksum, journal + HEADER_SIZE, JOURNAL_SIZE - HEADER_SIZE);
  tambo_checksum_update (checksum, journal, 28);
  tambo_checksum_finish (checksum, journal + 52);
  g_assert_cmpint (judge (journal), ==, TAMBO_JOURNAL_WHOLE);
  journal[700] ^= 1;
  g_assert_cmpint (judge (journal), ==, TAMBO_JOURNAL_TORN);
  journal[30] ^= 1;
  g_assert_cmpint (judge (journal), ==, TAMBO_JOURNAL_FOREIGN);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/block-sum/pieces", test_pieces);
  g_test_add_func ("/block-sum/each-bit-counts", test_each_bit_counts);
  g_test_add_func ("/block-sum/sectors", test_sectors);
  g_test_add_func ("/block-sum/each-size-has-its-own", test_each_size_has_its_own);
  g_test_add_func ("/block-sum/begins-anew", test_begins_anew);
  g_test_add_func ("/block-sum/old-kind", test_old_kind);
  g_test_add_func ("/block-sum/old-seal", test_old_seal);
  return g_test_run ();
}
