/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/bytes.h"
#include "base/merkle.h"

#define MOST_LEAVES 40

/* The eight leaves and roots that Certificate Transparency's reference trees are tested with. */
static const char *const reference_leaves[] = {
  "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"
};

static const struct {
  gsize size;
  const char *root;
} reference_roots[] = {
  { 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
  { 1, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d" },
  { 8, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328" },
};

static void fill_reference_leaves (guint8 *out_hashes) {
  for (gsize i = 0; i < G_N_ELEMENTS (reference_leaves); i++) {
    g_autoptr (GBytes) leaf = tambo_hex_decode (reference_leaves[i]);

    tambo_merkle_leaf (g_bytes_get_data (leaf, NULL), g_bytes_get_size (leaf),
                       out_hashes + i * TAMBO_SHA256_SIZE);
  }
}

static void fill_leaves (guint8 *out_hashes, gsize n_leaves) {
  for (gsize i = 0; i < n_leaves; i++) {
    guint8 number = (guint8) i;

    tambo_merkle_leaf (&number, 1, out_hashes + i * TAMBO_SHA256_SIZE);
  }
}

static void test_reference_roots (void) {
  guint8 leaves[8 * TAMBO_SHA256_SIZE];

  fill_reference_leaves (leaves);
  for (gsize i = 0; i < G_N_ELEMENTS (reference_roots); i++) {
    guint8 root[TAMBO_SHA256_SIZE];
    g_autofree char *hex = NULL;

    tambo_merkle_root (leaves, reference_roots[i].size, root);
    hex = tambo_hex_encode (root, sizeof root);
    g_assert_cmpstr (hex, ==, reference_roots[i].root);
  }
}

/* Section 2.1.3 of RFC 6962 spells out the proofs of its tree of seven leaves. */
static void test_proof_lengths_of_the_rfc (void) {
  guint8 leaves[7 * TAMBO_SHA256_SIZE];
  g_autoptr (GBytes) from3 = NULL;
  g_autoptr (GBytes) from4 = NULL;
  g_autoptr (GBytes) from6 = NULL;

  fill_leaves (leaves, 7);
  from3 = tambo_merkle_consistency (leaves, 7, 3);
  from4 = tambo_merkle_consistency (leaves, 7, 4);
  from6 = tambo_merkle_consistency (leaves, 7, 6);
  g_assert_cmpuint (g_bytes_get_size (from3), ==, 4 * TAMBO_SHA256_SIZE); /* [c, d, g, l] */
  g_assert_cmpuint (g_bytes_get_size (from4), ==, 1 * TAMBO_SHA256_SIZE); /* [l] */
  g_assert_cmpuint (g_bytes_get_size (from6), ==, 3 * TAMBO_SHA256_SIZE); /* [i, j, k] */
  /* c is the third leaf and d the fourth. */
  g_assert_cmpmem (g_bytes_get_data (from3, NULL), 2 * TAMBO_SHA256_SIZE,
                   leaves + 2 * TAMBO_SHA256_SIZE, 2 * TAMBO_SHA256_SIZE);
}

static void test_every_pair_of_sizes (void) {
  guint8 leaves[MOST_LEAVES * TAMBO_SHA256_SIZE];

  fill_leaves (leaves, MOST_LEAVES);
  for (gsize n = 0; n <= MOST_LEAVES; n++)
    for (gsize m = 0; m <= n; m++) {
      g_autoptr (GBytes) proof = tambo_merkle_consistency (leaves, n, m);
      guint8 old_root[TAMBO_SHA256_SIZE], new_root[TAMBO_SHA256_SIZE];

      tambo_merkle_root (leaves, m, old_root);
      tambo_merkle_root (leaves, n, new_root);
      g_assert_true (tambo_merkle_verify_consistency (m, old_root, n, new_root, proof));
      g_assert_true ((g_bytes_get_size (proof) == 0) == (m == 0 || m == n));
      /* Other sizes with the same roots and proof hold only where the proof says nothing of them. */
      if (m > 0 && m < n)
        g_assert_false (tambo_merkle_verify_consistency (n, old_root, m, new_root, proof));
    }
}

static void assert_changed_fails (gsize m, const guint8 *old_root, gsize n, const guint8 *new_root,
                                  GBytes *proof) {
  gsize size = g_bytes_get_size (proof);

  for (gsize i = 0; i < (size + 2 * TAMBO_SHA256_SIZE) * 8; i++) {
    g_autofree guint8 *copy = g_malloc (size + 2 * TAMBO_SHA256_SIZE);
    g_autoptr (GBytes) changed = NULL;

    memcpy (copy, old_root, TAMBO_SHA256_SIZE);
    memcpy (copy + TAMBO_SHA256_SIZE, new_root, TAMBO_SHA256_SIZE);
    if (size > 0)
      memcpy (copy + 2 * TAMBO_SHA256_SIZE, g_bytes_get_data (proof, NULL), size);
    copy[i / 8] ^= (guint8) (1 << i % 8);
    changed = g_bytes_new (copy + 2 * TAMBO_SHA256_SIZE, size);
    g_assert_false (
        tambo_merkle_verify_consistency (m, copy, n, copy + TAMBO_SHA256_SIZE, changed));
  }
}

static void test_every_changed_bit_fails (void) {
  guint8 leaves[9 * TAMBO_SHA256_SIZE];

  fill_leaves (leaves, 9);
  for (gsize n = 1; n <= 9; n++)
    for (gsize m = 1; m <= n; m++) {
      g_autoptr (GBytes) proof = tambo_merkle_consistency (leaves, n, m);
      guint8 old_root[TAMBO_SHA256_SIZE], new_root[TAMBO_SHA256_SIZE];

      tambo_merkle_root (leaves, m, old_root);
      tambo_merkle_root (leaves, n, new_root);
      assert_changed_fails (m, old_root, n, new_root, proof);
    }
}

static void test_every_other_length_fails (void) {
  guint8 leaves[13 * TAMBO_SHA256_SIZE];

  fill_leaves (leaves, 13);
  for (gsize m = 1; m < 13; m++) {
    g_autoptr (GBytes) proof = tambo_merkle_consistency (leaves, 13, m);
    gsize size = g_bytes_get_size (proof);
    g_autofree guint8 *longer = g_malloc0 (size + TAMBO_SHA256_SIZE);
    g_autoptr (GBytes) extended = NULL;
    guint8 old_root[TAMBO_SHA256_SIZE], new_root[TAMBO_SHA256_SIZE];

    tambo_merkle_root (leaves, m, old_root);
    tambo_merkle_root (leaves, 13, new_root);
    for (gsize cut = 0; cut < size; cut++) {
      g_autoptr (GBytes) shorter = g_bytes_new_from_bytes (proof, 0, cut);

      g_assert_false (tambo_merkle_verify_consistency (m, old_root, 13, new_root, shorter));
    }
    memcpy (longer, g_bytes_get_data (proof, NULL), size);
    extended = g_bytes_new (longer, size + TAMBO_SHA256_SIZE);
    g_assert_false (tambo_merkle_verify_consistency (m, old_root, 13, new_root, extended));
  }
}

static void test_rewritten_history_fails (void) {
  guint8 leaves[12 * TAMBO_SHA256_SIZE], old_root[TAMBO_SHA256_SIZE], new_root[TAMBO_SHA256_SIZE];

  fill_leaves (leaves, 12);
  tambo_merkle_root (leaves, 7, old_root);
  for (gsize changed = 0; changed < 7; changed++) {
    g_autoptr (GBytes) proof = NULL;

    leaves[changed * TAMBO_SHA256_SIZE] ^= 0x80;
    proof = tambo_merkle_consistency (leaves, 12, 7);
    tambo_merkle_root (leaves, 12, new_root);
    g_assert_false (tambo_merkle_verify_consistency (7, old_root, 12, new_root, proof));
    leaves[changed * TAMBO_SHA256_SIZE] ^= 0x80;
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/merkle/reference-roots", test_reference_roots);
  g_test_add_func ("/merkle/proof-lengths-of-the-rfc", test_proof_lengths_of_the_rfc);
  g_test_add_func ("/merkle/every-pair-of-sizes", test_every_pair_of_sizes);
  g_test_add_func ("/merkle/every-changed-bit-fails", test_every_changed_bit_fails);
  g_test_add_func ("/merkle/every-other-length-fails", test_every_other_length_fails);
  g_test_add_func ("/merkle/rewritten-history-fails", test_rewritten_history_fails);
  return g_test_run ();
}
