/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/intake-log.h"

#include <string.h>

#include "base/error.h"
#include "base/merkle.h"
#include "hq/hq-error.h"

#define MAX_LEVELS 63

typedef struct {
  guint8 hashes[MAX_LEVELS][TAMBO_SHA256_SIZE];
  guint64 levels;  /* bit N: a complete subtree of 2^N leaves is there; all bits: the log's size */
  int highest_new; /* of the levels that are others than in the database; -1: none */
  gboolean is_loaded;
} Frontier;

static gboolean load_frontier (TamboQuery *query, Frontier *out_frontier, GError **error) {
  g_autoptr (GError) cause = NULL;

  out_frontier->levels = 0;
  out_frontier->highest_new = -1;
  while (tambo_query_next (query, &cause)) {
    gint64 level = tambo_query_int (query, 0);
    g_autoptr (GBytes) hash = tambo_query_dup_blob (query, 1);

    if (level < 0 || level >= MAX_LEVELS || g_bytes_get_size (hash) != TAMBO_SHA256_SIZE) {
      g_set_error_literal (error, TAMBO_HQ_ERROR, TAMBO_HQ_ERROR_INTEGRITY,
                           "the intake log's frontier is damaged");
      return FALSE;
    }
    memcpy (out_frontier->hashes[level], g_bytes_get_data (hash, NULL), TAMBO_SHA256_SIZE);
    out_frontier->levels |= G_GUINT64_CONSTANT (1) << level;
  }
  return tambo_error_pass (&cause, error);
}

/* The node above two, which is the root of two leaves of these hashes. */
static void hash_pair (const guint8 *left, const guint8 *right, guint8 *out_hash) {
  guint8 pair[2 * TAMBO_SHA256_SIZE];

  memcpy (pair, left, TAMBO_SHA256_SIZE);
  memcpy (pair + TAMBO_SHA256_SIZE, right, TAMBO_SHA256_SIZE);
  tambo_merkle_root (pair, 2, out_hash);
}

/* Adding a leaf is counting up by one in binary: full subtrees carry over into the next level. */
static void carry (Frontier *frontier, const guint8 *leaf) {
  guint8 hash[TAMBO_SHA256_SIZE];
  int level = 0;

  memcpy (hash, leaf, sizeof hash);
  for (; frontier->levels >> level & 1; level++) {
    hash_pair (frontier->hashes[level], hash, hash);
    frontier->levels &= ~(G_GUINT64_CONSTANT (1) << level);
  }
  memcpy (frontier->hashes[level], hash, sizeof hash);
  frontier->levels |= G_GUINT64_CONSTANT (1) << level;
  frontier->highest_new = MAX (frontier->highest_new, level);
}

static void root_of (const Frontier *frontier, guint8 out_root[TAMBO_SHA256_SIZE]) {
  gboolean has_root = FALSE;

  for (int level = 0; level < MAX_LEVELS; level++) {
    if ((frontier->levels >> level & 1) == 0)
      continue;
    if (has_root)
      hash_pair (frontier->hashes[level], out_root, out_root);
    else
      memcpy (out_root, frontier->hashes[level], TAMBO_SHA256_SIZE);
    has_root = TRUE;
  }
}

/* Once for all leaves of the transaction. */
static gboolean save_frontier (TamboWork *work, gpointer data, GError **error) {
  const Frontier *frontier = data;

  if (!tambo_work_post (work, error, "DELETE FROM intake_frontier WHERE level <= ?", "i",
                        (gint64) frontier->highest_new))
    return FALSE;
  for (int level = 0; level <= frontier->highest_new; level++) {
    g_autoptr (GBytes) node = NULL;

    if ((frontier->levels >> level & 1) == 0)
      continue;
    node = g_bytes_new (frontier->hashes[level], TAMBO_SHA256_SIZE);
    if (!tambo_work_post (work, error, "INSERT INTO intake_frontier (level, hash) VALUES (?, ?)",
                          "ib", (gint64) level, node))
      return FALSE;
  }
  return TRUE;
}

#define ENDS "SELECT level, hash FROM intake_frontier"

gboolean tambo_intake_log_ask (TamboWork *work, gpointer data, TamboQuery **out_query,
                               GError **error) {
  if (tambo_work_get (work, TAMBO_SLOT_LOG) != NULL)
    return TRUE;
  tambo_work_put (work, TAMBO_SLOT_LOG, g_new0 (Frontier, 1), g_free);
  *out_query = tambo_work_ask (work, error, ENDS, "");
  return *out_query != NULL;
}

/* That of the transaction. Steps follow each other as their questions did, so who asked has the answer first; but
 * one that found its receipt has not read it. */
static Frontier *get_frontier (TamboDatabase *database, TamboWork *work, GError **error) {
  TamboQuery *answer = tambo_work_get_answer (work);
  Frontier *frontier = tambo_work_get (work, TAMBO_SLOT_LOG);
  g_autoptr (TamboQuery) query = NULL;

  g_assert (frontier != NULL);
  if (frontier->is_loaded)
    return frontier;
  if (answer == NULL)
    answer = query = tambo_database_query (database, error, ENDS, "");
  if (answer == NULL || !load_frontier (answer, frontier, error))
    return NULL;
  frontier->is_loaded = TRUE;
  tambo_work_set_last (work, save_frontier, frontier);
  return frontier;
}

gboolean tambo_intake_log_append (TamboDatabase *database, TamboWork *work, const char *record_id,
                                  const char *manifest, gint64 *out_index,
                                  guint8 out_root[TAMBO_SHA256_SIZE], GError **error) {
  Frontier *frontier = get_frontier (database, work, error);
  guint8 leaf[TAMBO_SHA256_SIZE];
  g_autoptr (GBytes) leaf_bytes = NULL;

  if (frontier == NULL)
    return FALSE;
  *out_index = (gint64) frontier->levels;
  tambo_merkle_leaf (manifest, strlen (manifest), leaf);
  carry (frontier, leaf);
  root_of (frontier, out_root);
  leaf_bytes = g_bytes_new (leaf, sizeof leaf);
  return tambo_work_post (work, error,
                          "INSERT INTO intake_log (number, leaf, record) VALUES (?, ?, ?)", "ibs",
                          *out_index, leaf_bytes, record_id);
}
