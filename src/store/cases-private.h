/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to the room: what the outbox and the inbox make of a case.
 */
#pragma once

#include "store/cases.h"

/* Moves the case of that id to STATE when it is here and the arrow exists; otherwise changes
 * nothing. Needs an open transaction. */
gboolean tambo_cases_advance (TamboStore *store, const char *id, TamboCaseState state,
                              GError **error);
