/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to the room: where the wrapped data key lies, twice: without it no draft can be opened, and one
 * bad sector must not take it. The two are rows of two tables, so that they are on different pages, and
 * they are always written together.
 */
#pragma once

#include "store/store.h"

typedef struct {
  char *uri;        /* of the token; NULL: none is needed */
  GBytes *wrapping; /* NULL: there is no such row, as before version 3 */
  char *sha256;     /* of the wrapping */
} TamboKeyRow;

void tambo_key_row_clear (TamboKeyRow *row);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboKeyRow, tambo_key_row_clear)

#define TAMBO_KEY_COPIES 2

/* Copy NUMBER, from 0 on; CORRUPT when it is not what was written. */
gboolean tambo_key_copies_load (TamboStore *store, guint number, TamboKeyRow *row, GError **error);
/* The first that can be read; CORRUPT when none can. */
gboolean tambo_key_copies_load_any (TamboStore *store, TamboKeyRow *row, GError **error);
/* Inside a transaction. */
gboolean tambo_key_copies_save (TamboStore *store, const char *uri, GBytes *wrapping,
                                GError **error);
/* Writes the copies anew that are not what ROW is, which could be opened, and notes it in the audit log.
 * What cannot be written stands in nobody's way. */
void tambo_key_copies_heal (TamboStore *store, const TamboKeyRow *row);
