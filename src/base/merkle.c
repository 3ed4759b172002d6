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

/* OUT may be LEFT or RIGHT. */
static void hash_children (const guint8 *left, const guint8 *right, guint8 *out) {
  guint8 node[NODE_SIZE];

  node[0] = 0x01;
  memcpy (node + 1, left, TAMBO_SHA256_SIZE);
  memcpy (node + 1 + TAMBO_SHA256_SIZE, right, TAMBO_SHA256_SIZE);
  tambo_sha256 (node, sizeof node, out);
}

/* The k of section 2.1: the largest power of two smaller than N, which is 2 or more. */
static gsize split_of (gsize n) {
  gsize k = 1;

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
  k = split_of (n_leaves);
  tambo_merkle_root (leaf_hashes, k, left);
  tambo_merkle_root (leaf_hashes + k * TAMBO_SHA256_SIZE, n_leaves - k, right);
  hash_children (left, right, out_root);
}

/* SUBPROOF (M, D[N], IS_WHOLE) of section 2.1.2. */
static void append_subproof (GByteArray *proof, const guint8 *leaf_hashes, gsize n, gsize m,
                             gboolean is_whole) {
  guint8 hash[TAMBO_SHA256_SIZE];
  const guint8 *right;
  gsize k;

  if (m == n) {
    if (!is_whole) {
      tambo_merkle_root (leaf_hashes, n, hash);
      g_byte_array_append (proof, hash, sizeof hash);
    }
    return;
  }
  k = split_of (n);
  right = leaf_hashes + k * TAMBO_SHA256_SIZE;
  if (m <= k) {
    append_subproof (proof, leaf_hashes, k, m, is_whole);
    tambo_merkle_root (right, n - k, hash);
  } else {
    append_subproof (proof, right, n - k, m - k, FALSE);
    tambo_merkle_root (leaf_hashes, k, hash);
  }
  g_byte_array_append (proof, hash, sizeof hash);
}

GBytes *tambo_merkle_consistency (const guint8 *leaf_hashes, gsize n_leaves, gsize old_size) {
  GByteArray *proof = g_byte_array_new ();

  if (old_size > 0 && old_size < n_leaves)
    append_subproof (proof, leaf_hashes, n_leaves, old_size, TRUE);
  return g_byte_array_free_to_bytes (proof);
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
      hash_children (sibling, old_hash, old_hash);
      hash_children (sibling, new_hash, new_hash);
      while (!(node & 1) && node != 0) {
        node >>= 1;
        last >>= 1;
      }
    } else {
      hash_children (new_hash, sibling, new_hash);
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
