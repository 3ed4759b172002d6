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

/* The bytes of a slot, whatever the case says of it; ACTION is for the audit log, or NULL. Need an open
 * transaction, and give NOT_FOUND for an empty slot. */
gboolean tambo_cases_write_slot (TamboStore *store, const char *id, const char *slot, GBytes *bytes,
                                 const char *action, const char *actor, GError **error);
GBytes *tambo_cases_read_slot (TamboStore *store, const char *id, const char *slot,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Puts what BEFORE has in the slot aside (aside.h), in place of what lies there. Needs an open transaction. */
gboolean tambo_aside_put (TamboStore *store, const TamboEnrolment *before, const char *slot,
                          const char *actor, GError **error);

/* Moves the case of that id to STATE when it is here and the arrow exists; otherwise changes
 * nothing. Needs an open transaction. */
gboolean tambo_cases_advance (TamboStore *store, const char *id, TamboCaseState state,
                              GError **error);
