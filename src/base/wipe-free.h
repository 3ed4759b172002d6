/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Whether memory that is given back is wiped in this program (wipe-free.c): FALSE under a sanitizer.
 */
#pragma once

#include <glib.h>

gboolean tambo_freed_is_wiped (void);
