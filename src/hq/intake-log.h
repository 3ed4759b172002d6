/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The intake log: headquarters' own Merkle log (RFC 6962 section 2.1), one leaf for each record that had
 * its effect, the leaf being the record's manifest as it was signed. Only the frontier (the roots of the
 * complete subtrees) is needed to go on, so that a receipt costs the same whatever the log's size.
 */
#pragma once

#include "base/hash.h"
#include "hq/database.h"

/* The question of every step that appends (TamboAsk): where the log ends. */
gboolean tambo_intake_log_ask (TamboWork *work, gpointer data, TamboQuery **out_query,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Joins the caller's transaction, whose slot keeps the frontier for the next record of it. */
gboolean tambo_intake_log_append (TamboDatabase *database, TamboWork *work, const char *record_id,
                                  const char *manifest, gint64 *out_index,
                                  guint8 out_root[TAMBO_SHA256_SIZE],
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
