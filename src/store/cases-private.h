/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to the room: what the outbox and the inbox make of a case.
 */
#pragma once

#include <sqlite3.h>

#include "store/cases.h"
#include "store/digest.h"

/* What a row is written with, and what it is read with. */
#define TAMBO_CASE_COLUMNS                                                                         \
  "id, tracking_number, procedure_id, state, practice, operator_id, created_at, updated_at"
#define TAMBO_CASE_READING TAMBO_CASE_COLUMNS ", " TAMBO_IS_SOUND (TAMBO_DIGESTED_CASES)

/* The rows of a statement that selects TAMBO_CASE_READING. */
GPtrArray *tambo_cases_read_rows (TamboStore *store, sqlite3_stmt *statement,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Moves the case of that id to STATE when it is here and the arrow exists; otherwise changes
 * nothing. Needs an open transaction. */
gboolean tambo_cases_advance (TamboStore *store, const char *id, TamboCaseState state,
                              GError **error);
