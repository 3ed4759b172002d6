/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where a test is run by tests/scenario/with-postgresql.sh.
 */
#pragma once

/* The URI of an empty database of that server; NULL without one. */
char *new_database (void);
