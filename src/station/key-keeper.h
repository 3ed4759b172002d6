/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A small process of its own that keeps one key while the station is locked, so that what a locked station
 * has in its own memory opens nothing. It has no other work: it gives the key to its parent a few times,
 * wipes it after that, at its end of time or with the parent, and writes no core.
 */
#pragma once

#include <glib.h>

#define TAMBO_KEY_KEEPER_SIZE 32

typedef struct _TamboKeyKeeper TamboKeyKeeper;

/* Takes KEY (TAMBO_KEY_KEEPER_SIZE bytes) for SECONDS and at most TIMES; NULL when there is no process to
 * be had. */
TamboKeyKeeper *tambo_key_keeper_new (GBytes *key, guint seconds, guint times);
/* A secret; NULL when the keeper has wiped it. */
GBytes *tambo_key_keeper_ask (TamboKeyKeeper *keeper);
void tambo_key_keeper_free (TamboKeyKeeper *keeper);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboKeyKeeper, tambo_key_keeper_free)
