/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to the room: the schema and the way to it from every older one.
 */
#pragma once

#include "store/store.h"

/* "TAMB", in the header of the file. */
#define TAMBO_STORE_APPLICATION_ID 0x54414d42

/* Brings an open file to the newest version in one transaction; VERSION when it is newer still. */
gboolean tambo_migrations_run (TamboStore *store, GError **error);
/* The version that it makes. */
int tambo_migrations_newest (void);
