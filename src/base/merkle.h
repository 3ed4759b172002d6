/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Merkle tree hashing, inclusion-free: root and consistency proofs of RFC 6962 section 2.1 over
 * SHA-256. The log itself lives in the store; headquarters verifies with the same functions.
 */
#pragma once

#include "base/hash.h"

/* The hash of one leaf: SHA-256 (00 | data). */
void tambo_merkle_leaf (gconstpointer data, gsize size, guint8 out_hash[TAMBO_SHA256_SIZE]);

/* Root of N_LEAVES leaf hashes laid one after the other; SHA-256 of nothing for none. */
void tambo_merkle_root (const guint8 *leaf_hashes, gsize n_leaves,
                        guint8 out_root[TAMBO_SHA256_SIZE]);

/* PROOF (OLD_SIZE, D[N_LEAVES]) of section 2.1.2: hashes of 32 bytes, one after the other.
 * Empty when OLD_SIZE is 0 or N_LEAVES. */
GBytes *tambo_merkle_consistency (const guint8 *leaf_hashes, gsize n_leaves, gsize old_size);

/* The same over a log whose leaves are not at hand: ROOT gives the root of N leaves from START on, and
 * fails for reasons of its own. */
typedef gboolean (*TamboMerkleRoot) (gpointer log, guint64 start, guint64 n,
                                     guint8 out_root[TAMBO_SHA256_SIZE], GError **error);
GBytes *tambo_merkle_consistency_of (TamboMerkleRoot root, gpointer log, guint64 size,
                                     guint64 old_size, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The root above two; OUT may be LEFT or RIGHT. */
void tambo_merkle_join (const guint8 *left, const guint8 *right, guint8 *out);
/* The k of section 2.1: the largest power of two smaller than N, which is 2 or more. */
guint64 tambo_merkle_split (guint64 n);

gboolean tambo_merkle_verify_consistency (gsize old_size, const guint8 old_root[TAMBO_SHA256_SIZE],
                                          gsize new_size, const guint8 new_root[TAMBO_SHA256_SIZE],
                                          GBytes *proof);
