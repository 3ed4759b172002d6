/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/block-sum.h"

#include <string.h>

#include "base/hash.h"

#define BLOCK_SIZE 1024
#define N_PAIRS (BLOCK_SIZE / 8)
#define N_SHORT 64 /* blocks whose 16 bytes are handed on together */

/* Pages lie anywhere in a journal. */
typedef guint32 Word __attribute__ ((aligned (1), may_alias));

typedef struct {
  guint64 first, second;
} Short;

struct _TamboBlockSum {
  TamboBlockSumKind kind;
  TamboChecksum *checksum;
  guint64 size;
  guint8 block[BLOCK_SIZE]; /* the last one, while it is not whole */
  Short shorts[N_SHORT];
  guint n_shorts;
};

/* One more than there are pairs: the second sum has the key moved by one. */
static guint32 left_key[N_PAIRS + 1], right_key[N_PAIRS + 1];

static void fill_key (guint32 *key, guint8 name) {
  guint8 words[(N_PAIRS + 1) * sizeof *key + TAMBO_SHA256_SIZE];
  guint8 seed[2] = { name, 0 };

  for (gsize at = 0; at < (N_PAIRS + 1) * sizeof *key; at += TAMBO_SHA256_SIZE, seed[1]++)
    tambo_sha256 (seed, sizeof seed, words + at);
  memcpy (key, words, (N_PAIRS + 1) * sizeof *key);
}

static void make_keys (void) {
  static gsize are_made;

  if (g_once_init_enter (&are_made)) {
    fill_key (left_key, 'l');
    fill_key (right_key, 'r');
    g_once_init_leave (&are_made, 1);
  }
}

/* Twice as fast where the processor can; an address sanitizer does not like to choose that early. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)                                \
    && !defined(__SANITIZE_ADDRESS__)
#define FOR_WIDE_VECTORS __attribute__ ((target_clones ("avx2", "default")))
#else
#define FOR_WIDE_VECTORS
#endif

/* A plain loop over both halves of the block: compilers make vectors of it. */
FOR_WIDE_VECTORS static Short add_products (const Word *block) {
  Short sum = { 0, 0 };

  for (guint i = 0; i < N_PAIRS; i++) {
    guint32 left = block[i], right = block[i + N_PAIRS];

    sum.first += (guint64) (left + left_key[i]) * (guint32) (right + right_key[i]);
    sum.second += (guint64) (left + left_key[i + 1]) * (guint32) (right + right_key[i + 1]);
  }
  return sum;
}

static void hand_on (TamboBlockSum *sum) {
  tambo_checksum_update (sum->checksum, sum->shorts, sum->n_shorts * sizeof *sum->shorts);
  sum->n_shorts = 0;
}

static void shorten (TamboBlockSum *sum, const void *block) {
  if (sum->n_shorts == N_SHORT)
    hand_on (sum);
  sum->shorts[sum->n_shorts++] = add_products (block);
}

void tambo_block_sum_update (TamboBlockSum *sum, gconstpointer data, gsize size) {
  const guint8 *bytes = data;

  if (sum->kind == TAMBO_BLOCK_SUM_OLD) {
    tambo_checksum_update (sum->checksum, data, size);
    return;
  }
  while (size > 0) {
    gsize at = sum->size % BLOCK_SIZE;
    gsize part = MIN (size, BLOCK_SIZE - at);

    if (part < BLOCK_SIZE)
      memcpy (sum->block + at, bytes, part);
    if (at + part == BLOCK_SIZE)
      shorten (sum, part < BLOCK_SIZE ? sum->block : bytes);
    sum->size += part;
    bytes += part;
    size -= part;
  }
}

static void finish_blocks (TamboBlockSum *sum) {
  gsize at = sum->size % BLOCK_SIZE;

  if (at > 0) {
    memset (sum->block + at, 0, BLOCK_SIZE - at);
    shorten (sum, sum->block);
  }
  hand_on (sum);
  tambo_checksum_update (sum->checksum, &sum->size, sizeof sum->size);
}

void tambo_block_sum_finish (TamboBlockSum *sum, guint8 out[TAMBO_CHECKSUM_SIZE]) {
  if (sum->kind == TAMBO_BLOCK_SUM)
    finish_blocks (sum);
  tambo_checksum_finish (sum->checksum, out);
  tambo_block_sum_begin (sum);
}

void tambo_block_sum_begin (TamboBlockSum *sum) {
  sum->size = 0;
  sum->n_shorts = 0;
  tambo_checksum_begin (sum->checksum);
}

TamboBlockSum *tambo_block_sum_new (TamboBlockSumKind kind) {
  TamboBlockSum *sum = g_new0 (TamboBlockSum, 1);

  make_keys ();
  sum->kind = kind;
  sum->checksum = tambo_checksum_new ();
  return sum;
}

void tambo_block_sum_free (TamboBlockSum *sum) {
  if (sum == NULL)
    return;
  tambo_checksum_free (sum->checksum);
  g_free (sum);
}
