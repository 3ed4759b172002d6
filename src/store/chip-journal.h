/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The chip journal: each step of a personalisation, durable before its first APDU is sent.
 */
#pragma once

#include "store/store.h"

typedef struct {
  gint64 number;
  char *order_id;
  char *blank;
  char *step; /* personalisation step, "CREATE DG1", or "spoiled", "done" */
  char *time;
} TamboChipJournalRow;

void tambo_chip_journal_row_free (TamboChipJournalRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboChipJournalRow, tambo_chip_journal_row_free)

/* A step that is about to be sent; STATE inside a transaction, so that it is durable on return. */
gboolean tambo_chip_journal_append (TamboStore *store, const char *order_id, const char *blank,
                                    const char *step, GError **error);
/* How it ended, "done" or "spoiled"; inside the transaction of what follows from it. */
gboolean tambo_chip_journal_close (TamboStore *store, const char *order_id, const char *blank,
                                   const char *outcome, GError **error);
/* In order; of one order, which fails with CORRUPT when a step of it or of its blank has rotted, or of all
 * when ORDER_ID is NULL, without the rotten ones. */
GPtrArray *tambo_chip_journal_list (TamboStore *store, const char *order_id,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
