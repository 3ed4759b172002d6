/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A database that breaks at one question, on the far side of the library that asks it: SQLite interrupts the
 * statement by itself, the line to PostgreSQL is cut. A program that links this one is linked with
 * --wrap=sqlite3_step and --wrap=PQsendQueryPrepared.
 */
#pragma once

#include <glib.h>

/* At the Nth question from now on, from 1; once. */
void broken_database_at (guint n);
/* Whether it has broken since then; from now on it does not. */
gboolean broken_database_mend (void);
