/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to the room: the upper part of the audit log's Merkle tree (base/merkle.h). The roots of 256
 * entries, and of twice as many and so on, are kept when they are complete, so that the root of a log of
 * a million costs what the last 256 cost. A kept root that has rotted is computed anew.
 */
#pragma once

#include "base/hash.h"
#include "store/store.h"

/* The root of N entries from START on; CORRUPT names the first that is not there. */
gboolean tambo_audit_tree_root (TamboStore *store, gint64 start, gint64 n,
                                guint8 out_root[TAMBO_SHA256_SIZE],
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The log has become SIZE entries long. Needs an open transaction. */
gboolean tambo_audit_tree_grow (TamboStore *store, gint64 size, GError **error);
/* For a log that grew without it. */
gboolean tambo_audit_tree_build (TamboStore *store, GError **error);
/* Whether all that is kept is what the leaves, hashes one after the other, say. */
gboolean tambo_audit_tree_verify (TamboStore *store, const guint8 *leaf_hashes, gint64 size,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
