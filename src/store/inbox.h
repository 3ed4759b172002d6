/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The inbox: what headquarters sent, sealed for this station, in headquarters' own numbering.
 */
#pragma once

#include "store/store.h"

typedef struct {
  gint64 number; /* headquarters' number for this station, from 1 */
  char *id;      /* of the order or notice */
  char *kind;    /* "order", "refusal", "failure", … */
  char *case_id; /* NULL when it is about none; of a failure: the record */
  char *state;   /* "new", "done"; "delivered", of an order, and "purged", with its case: only the
                   manifest is left */
  char *received_at;
  char *manifest; /* signed statement */
} TamboInboxRow;

void tambo_inbox_row_free (TamboInboxRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboInboxRow, tambo_inbox_row_free)

GPtrArray *tambo_inbox_list (TamboStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Those of KIND that nobody has read. */
GPtrArray *tambo_inbox_list_new (TamboStore *store, const char *kind,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* By id or an unambiguous beginning of one. */
TamboInboxRow *tambo_inbox_get (TamboStore *store, const char *id,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean tambo_inbox_last_number (TamboStore *store, gint64 *out_number,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Adds one message; the case of an order becomes ordered, of a refusal refused, in the same
 * transaction. The same number again is no error and changes nothing. */
gboolean tambo_inbox_add (TamboStore *store, const TamboInboxRow *row, GBytes *sealed,
                          GError **error);
GBytes *tambo_inbox_load (TamboStore *store, const char *id,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean tambo_inbox_set_state (TamboStore *store, const char *id, const char *state,
                                GError **error);
/* The document of the order was handed over: "delivered", and what identified its holder goes. STATE when
 * the order is not done. */
gboolean tambo_inbox_deliver (TamboStore *store, const char *id, const char *actor, GError **error);
