/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to the room: the schema and the way to it from every older one.
 */
#pragma once

#include "store/store.h"

/* "TAMB", in the header of the file. */
#define TAMBO_STORE_APPLICATION_ID 0x54414d42

/* Brings an open file to the newest version in one transaction, after a copy of the old one was laid
 * beside it, and has the rows' digests kept (digest.h). VERSION when it is newer still. */
gboolean tambo_migrations_run (TamboStore *store, GError **error);

/* Where the copy lies. */
char *tambo_migrations_kept_path (const char *store_path);
/* The version that it makes. */
int tambo_migrations_newest (void);
