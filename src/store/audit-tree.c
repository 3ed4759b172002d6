/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/audit-tree.h"

#include <string.h>

#include "base/merkle.h"
#include "store/db.h"

#define LOWEST_LEVEL 8 /* that is kept: 256 entries */
#define LOWEST_SIZE (1 << LOWEST_LEVEL)

typedef enum {
  NODE_MISSING,
  NODE_ROTTEN,
  NODE_SOUND,
} NodeState;

static gboolean read_node (TamboStore *store, int level, gint64 number, NodeState *out_state,
                           guint8 out_hash[TAMBO_SHA256_SIZE], GError **error) {
  g_autoptr (sqlite3_stmt) row =
      tambo_db_prepare (store, error,
                        "SELECT hash, digest = tambo_digest (level, number, hash) FROM audit_nodes"
                        " WHERE level = ? AND number = ?",
                        "il", level, number);
  TamboDbStep step = row != NULL ? tambo_db_step (store, row, error) : TAMBO_DB_FAILED;

  *out_state = NODE_MISSING;
  if (step != TAMBO_DB_ROW)
    return step == TAMBO_DB_DONE;
  *out_state = NODE_ROTTEN;
  if (sqlite3_column_int (row, 1) == 1 && sqlite3_column_bytes (row, 0) == TAMBO_SHA256_SIZE) {
    memcpy (out_hash, sqlite3_column_blob (row, 0), TAMBO_SHA256_SIZE);
    *out_state = NODE_SOUND;
  }
  return TRUE;
}

static gboolean write_node (TamboStore *store, int level, gint64 number,
                            const guint8 hash[TAMBO_SHA256_SIZE], GError **error) {
  g_autoptr (GBytes) bytes = g_bytes_new (hash, TAMBO_SHA256_SIZE);

  return tambo_db_run (store, error,
                       "INSERT INTO audit_nodes (level, number, hash, digest)"
                       " VALUES (?1, ?2, ?3, tambo_digest (?1, ?2, ?3))"
                       " ON CONFLICT (level, number) DO UPDATE SET hash = excluded.hash,"
                       " digest = excluded.digest",
                       "ilb", level, number, bytes);
}

/* ---- roots ---- */

static void set_corrupt (GError **error, gint64 number, const char *what) {
  g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT,
               "audit entry %" G_GINT64_FORMAT " %s", number, what);
}

static gboolean root_of_entries (TamboStore *store, gint64 start, gint64 n, guint8 *out_root,
                                 GError **error) {
  g_autoptr (sqlite3_stmt) statement =
      tambo_db_prepare (store, error,
                        "SELECT number, leaf_hash FROM audit_entries"
                        " WHERE number >= ? AND number < ? ORDER BY number",
                        "ll", start, start + n);
  guint8 leaves[LOWEST_SIZE][TAMBO_SHA256_SIZE];
  TamboDbStep step;
  gint64 count = 0;

  if (statement == NULL)
    return FALSE;
  while ((step = tambo_db_step (store, statement, error)) == TAMBO_DB_ROW) {
    if (sqlite3_column_int64 (statement, 0) != start + count)
      break;
    if (sqlite3_column_bytes (statement, 1) != TAMBO_SHA256_SIZE) {
      set_corrupt (error, start + count, "has no leaf hash");
      return FALSE;
    }
    memcpy (leaves[count++], sqlite3_column_blob (statement, 1), TAMBO_SHA256_SIZE);
  }
  if (step == TAMBO_DB_FAILED)
    return FALSE;
  if (count < n) {
    set_corrupt (error, start + count, "is missing");
    return FALSE;
  }
  tambo_merkle_root (leaves[0], (gsize) n, out_root);
  return TRUE;
}

/* The level of a complete node of N entries from START on; 0 when it is none that is kept. */
static int level_of (gint64 start, gint64 n) {
  int level = __builtin_ctzll ((guint64) n);

  return level >= LOWEST_LEVEL && n == G_GINT64_CONSTANT (1) << level && start % n == 0 ? level : 0;
}

/* Not from the node itself, but from what is below it. */
static gboolean compute_root (TamboStore *store, gint64 start, gint64 n, guint8 *out_root,
                              GError **error) {
  guint8 left[TAMBO_SHA256_SIZE], right[TAMBO_SHA256_SIZE];
  gint64 k;

  if (n <= LOWEST_SIZE)
    return root_of_entries (store, start, n, out_root, error);
  k = (gint64) tambo_merkle_split ((guint64) n);
  if (!tambo_audit_tree_root (store, start, k, left, error)
      || !tambo_audit_tree_root (store, start + k, n - k, right, error))
    return FALSE;
  tambo_merkle_join (left, right, out_root);
  return TRUE;
}

gboolean tambo_audit_tree_root (TamboStore *store, gint64 start, gint64 n,
                                guint8 out_root[TAMBO_SHA256_SIZE], GError **error) {
  int level = n > 0 ? level_of (start, n) : 0;
  NodeState state = NODE_MISSING;

  if (level > 0 && !read_node (store, level, start >> level, &state, out_root, error))
    return FALSE;
  return state == NODE_SOUND || compute_root (store, start, n, out_root, error);
}

/* ---- growing ---- */

/* An entry that has rotted stands in the way of no other: what is above it is not kept. */
static gboolean is_fatal (GError **reason, GError **error) {
  if (g_error_matches (*reason, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT)) {
    g_clear_error (reason);
    return FALSE;
  }
  g_propagate_error (error, g_steal_pointer (reason));
  return TRUE;
}

gboolean tambo_audit_tree_grow (TamboStore *store, gint64 size, GError **error) {
  guint8 root[TAMBO_SHA256_SIZE];

  for (int level = LOWEST_LEVEL; size > 0 && size % (G_GINT64_CONSTANT (1) << level) == 0;
       level++) {
    gint64 n = G_GINT64_CONSTANT (1) << level;
    g_autoptr (GError) reason = NULL;

    if (!compute_root (store, size - n, n, root, &reason))
      return !is_fatal (&reason, error);
    if (!write_node (store, level, (size - n) >> level, root, error))
      return FALSE;
  }
  return TRUE;
}

gboolean tambo_audit_tree_build (TamboStore *store, GError **error) {
  g_autoptr (sqlite3_stmt) row = tambo_db_find (
      store, "audit log", error, "SELECT coalesce (max (number) + 1, 0) FROM audit_entries", "");
  gint64 size = row != NULL ? sqlite3_column_int64 (row, 0) : 0;

  for (gint64 done = LOWEST_SIZE; done <= size; done += LOWEST_SIZE)
    if (!tambo_audit_tree_grow (store, done, error))
      return FALSE;
  return row != NULL;
}

/* ---- verifying ---- */

static gboolean check_node (TamboStore *store, int level, gint64 number,
                            const guint8 actual[TAMBO_SHA256_SIZE], GError **error) {
  guint8 kept[TAMBO_SHA256_SIZE];
  NodeState state;

  if (!read_node (store, level, number, &state, kept, error))
    return FALSE;
  if (state == NODE_SOUND && memcmp (kept, actual, sizeof kept) == 0)
    return TRUE;
  g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT,
               "audit_nodes %d/%" G_GINT64_FORMAT ": %s", level, number,
               state == NODE_MISSING ? "the node is missing"
                                     : "the node is not the root of its entries");
  return FALSE;
}

static gboolean check_count (TamboStore *store, gint64 expected, GError **error) {
  g_autoptr (sqlite3_stmt) row =
      tambo_db_find (store, "node", error, "SELECT count (*) FROM audit_nodes", "");
  gint64 count = row != NULL ? sqlite3_column_int64 (row, 0) : -1;

  if (row != NULL && count != expected)
    g_set_error (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_CORRUPT,
                 "audit_nodes: there are %" G_GINT64_FORMAT ", and the log has %" G_GINT64_FORMAT,
                 count, expected);
  return count == expected;
}

gboolean tambo_audit_tree_verify (TamboStore *store, const guint8 *leaf_hashes, gint64 size,
                                  GError **error) {
  gint64 n_nodes = size / LOWEST_SIZE, expected = 0;
  g_autofree guint8 *nodes = g_malloc ((gsize) (n_nodes + 1) * TAMBO_SHA256_SIZE);

  for (gint64 i = 0; i < n_nodes; i++)
    tambo_merkle_root (leaf_hashes + i * LOWEST_SIZE * TAMBO_SHA256_SIZE, LOWEST_SIZE,
                       nodes + i * TAMBO_SHA256_SIZE);
  /* Level by level, each in the place of the one below. */
  for (int level = LOWEST_LEVEL; n_nodes > 0; level++, n_nodes /= 2) {
    for (gint64 i = 0; i < n_nodes; i++)
      if (!check_node (store, level, i, nodes + i * TAMBO_SHA256_SIZE, error))
        return FALSE;
    for (gint64 i = 0; i < n_nodes / 2; i++)
      tambo_merkle_join (nodes + 2 * i * TAMBO_SHA256_SIZE, nodes + (2 * i + 1) * TAMBO_SHA256_SIZE,
                         nodes + i * TAMBO_SHA256_SIZE);
    expected += n_nodes;
  }
  return check_count (store, expected, error);
}
