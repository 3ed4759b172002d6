/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * When headquarters is restored from an older backup, what it receipted since then is gone there. What a
 * station holds against that: its receipts by the audit entry about them, and the end of its inbox.
 */
#pragma once

#include "store/outbox.h"

/* Elements are TamboOutboxRow with a receipt whose audit entry is AFTER or later, oldest first, at most
 * LIMIT. */
GPtrArray *tambo_rewind_list_receipted (TamboStore *store, gint64 after, guint limit,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The row of that sequence with its receipt; NULL without an error when it has none (any more). */
TamboOutboxRow *tambo_rewind_get_receipted (TamboStore *store, gint64 sequence, GError **error);
/* Back into the queue, without the receipt, whose hash goes into the audit entry. STATE when its bytes
 * were purged. */
gboolean tambo_rewind_requeue (TamboStore *store, const TamboOutboxRow *row, const char *actor,
                               GError **error);
/* Notes in the audit log that a purged record is gone at both ends. */
gboolean tambo_rewind_note_lost (TamboStore *store, const TamboOutboxRow *row, const char *actor,
                                 GError **error);

typedef struct {
  gint64 number;
  char *manifest_sha256;
} TamboInboxMark;

void tambo_inbox_mark_free (TamboInboxMark *mark);
/* The newest messages, at most LIMIT, the last one first. */
GPtrArray *tambo_rewind_list_inbox (TamboStore *store, guint limit,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
