/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/merkle.h"

#include <string.h>

#define NODE_SIZE (1 + 2 * TAMBO_SHA256_SIZE)

void tambo_merkle_leaf (gconstpointer data, gsize size, guint8 out_hash[TAMBO_SHA256_SIZE]) {
  g_autofree guint8 *leaf = g_malloc (1 + size);

  leaf[0] = 0x00;
  if (size > 0)
    memcpy (leaf + 1, data, size);
  tambo_sha256 (leaf, 1 + size, out_hash);
}

void tambo_merkle_join (const guint8 *left, const guint8 *right, guint8 *out) {
  guint8 node[NODE_SIZE];

  node[0] = 0x01;
  memcpy (node + 1, left, TAMBO_SHA256_SIZE);
  memcpy (node + 1 + TAMBO_SHA256_SIZE, right, TAMBO_SHA256_SIZE);
  tambo_sha256 (node, sizeof node, out);
}

guint64 tambo_merkle_split (guint64 n) {
  guint64 k = 1;

  while (k < n - k)
    k *= 2;
  return k;
}

void tambo_merkle_root (const guint8 *leaf_hashes, gsize n_leaves,
                        guint8 out_root[TAMBO_SHA256_SIZE]) {
  guint8 left[TAMBO_SHA256_SIZE], right[TAMBO_SHA256_SIZE];
  gsize k;

  if (n_leaves == 0) {
    tambo_sha256 (NULL, 0, out_root);
    return;
  }
  if (n_leaves == 1) {
    memmove (out_root, leaf_hashes, TAMBO_SHA256_SIZE);
    return;
  }
  k = tambo_merkle_split (n_leaves);
  tambo_merkle_root (leaf_hashes, k, left);
  tambo_merkle_root (leaf_hashes + k * TAMBO_SHA256_SIZE, n_leaves - k, right);
  tambo_merkle_join (left, right, out_root);
}

typedef struct {
  TamboMerkleRoot root;
  gpointer log; /* borrowed */
  GByteArray *proof;
} Prover;

static gboolean append_root (Prover *prover, guint64 start, guint64 n, GError **error) {
  guint8 hash[TAMBO_SHA256_SIZE];

  if (!prover->root (prover->log, start, n, hash, error))
    return FALSE;
  g_byte_array_append (prover->proof, hash, sizeof hash);
  return TRUE;
}

/* SUBPROOF (M, D[N], IS_WHOLE) of section 2.1.2, for the N leaves from START on. */
static gboolean append_subproof (Prover *prover, guint64 start, guint64 n, guint64 m,
                                 gboolean is_whole, GError **error) {
  guint64 k;

  if (m == n)
    return is_whole || append_root (prover, start, n, error);
  k = tambo_merkle_split (n);
  if (m <= k)
    return append_subproof (prover, start, k, m, is_whole, error)
           && append_root (prover, start + k, n - k, error);
  return append_subproof (prover, start + k, n - k, m - k, FALSE, error)
         && append_root (prover, start, k, error);
}

GBytes *tambo_merkle_consistency_of (TamboMerkleRoot root, gpointer log, guint64 size,
                                     guint64 old_size, GError **error) {
  g_autoptr (GByteArray) proof = g_byte_array_new ();
  Prover prover = { root, log, proof };

  if (old_size > 0 && old_size < size && !append_subproof (&prover, 0, size, old_size, TRUE, error))
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&proof));
}

static gboolean root_of_array (gpointer leaf_hashes, guint64 start, guint64 n,
                               guint8 out_root[TAMBO_SHA256_SIZE], GError **error) {
  tambo_merkle_root ((const guint8 *) leaf_hashes + start * TAMBO_SHA256_SIZE, n, out_root);
  return TRUE;
}

GBytes *tambo_merkle_consistency (const guint8 *leaf_hashes, gsize n_leaves, gsize old_size) {
  return tambo_merkle_consistency_of (root_of_array, (gpointer) leaf_hashes, n_leaves, old_size,
                                      NULL);
}

static gboolean is_root_of_nothing (const guint8 *root) {
  guint8 empty[TAMBO_SHA256_SIZE];

  tambo_sha256 (NULL, 0, empty);
  return memcmp (root, empty, sizeof empty) == 0;
}

/* Climbs from the last node of the old tree, as section 2.1.4.2 of RFC 9162 spells out: NODE and LAST
 * are the places, on the present level, of that node and of the new tree's last one. */
static gboolean climb (gsize old_size, const guint8 *old_root, gsize new_size,
                       const guint8 *new_root, const guint8 *proof, gsize n_hashes) {
  gsize node = old_size - 1, last = new_size - 1, used = 0;
  guint8 old_hash[TAMBO_SHA256_SIZE], new_hash[TAMBO_SHA256_SIZE];

  while (node & 1) {
    node >>= 1;
    last >>= 1;
  }
  /* A complete old tree is a node of the new one, and its root is not sent. */
  memcpy (old_hash, node == 0 ? old_root : proof, TAMBO_SHA256_SIZE);
  if (node != 0)
    used++;
  memcpy (new_hash, old_hash, TAMBO_SHA256_SIZE);

  for (; used < n_hashes; used++) {
    const guint8 *sibling = proof + used * TAMBO_SHA256_SIZE;

    if (last == 0)
      return FALSE;
    if (node & 1 || node == last) {
      tambo_merkle_join (sibling, old_hash, old_hash);
      tambo_merkle_join (sibling, new_hash, new_hash);
      while (!(node & 1) && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      tambo_merkle_join (new_hash, sibling, new_hash);
    }
    node >>= 1;
    last >>= 1;
  }
  return last == 0 && memcmp (old_hash, old_root, TAMBO_SHA256_SIZE) == 0
         && memcmp (new_hash, new_root, TAMBO_SHA256_SIZE) == 0;
}

gboolean tambo_merkle_verify_consistency (gsize old_size, const guint8 old_root[TAMBO_SHA256_SIZE],
                                          gsize new_size, const guint8 new_root[TAMBO_SHA256_SIZE],
                                          GBytes *proof) {
  gsize size;
  const guint8 *data = g_bytes_get_data (proof, &size);

  if (old_size > new_size || size % TAMBO_SHA256_SIZE != 0)
    return FALSE;
  if (old_size == 0)
    return size == 0 && is_root_of_nothing (old_root)
           && (new_size > 0 || is_root_of_nothing (new_root));
  if (old_size == new_size)
    return size == 0 && memcmp (old_root, new_root, TAMBO_SHA256_SIZE) == 0;
  return size > 0 && climb (old_size, old_root, new_size, new_root, data, size / TAMBO_SHA256_SIZE);
}
