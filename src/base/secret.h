/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Memory for secrets, for the code of base/ that fills it in place. Everybody else uses
 * tambo_secret_new of base/bytes.h.
 */
#pragma once

#include <glib.h>

/* Zeroed, locked where the system allows it, left out of core dumps and of forked processes. Never
 * NULL. */
gpointer tambo_secret_allocate (gsize size);
/* Wipes and returns it to the system. */
void tambo_secret_release (gpointer memory, gsize size);
/* Takes MEMORY, which tambo_secret_allocate made with the same SIZE. */
GBytes *tambo_secret_take (gpointer memory, gsize size);
