/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Copies of a store that is in use, and the life of a store that was made from one.
 */
#pragma once

#include "store/store.h"

/* Copies the store as it is at one moment to PATH (0600), which must not exist; others may read and write
 * meanwhile. */
gboolean tambo_store_copy (TamboStore *store, const char *path, GError **error);
/* For a store that was restored: gives it another incarnation id, by which headquarters sees that what
 * comes now may contradict what came before, and an audit entry. */
gboolean tambo_store_renew_incarnation (TamboStore *store, const char *actor, GError **error);
