/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Wrong passwords: after a few of them each further try has to wait longer. In memory, bounded, the same for
 * names that exist and names that do not. Times are seconds of any clock that does not go back.
 */
#pragma once

#include <glib.h>

typedef struct _TamboThrottle TamboThrottle;

TamboThrottle *tambo_throttle_new (void);
void tambo_throttle_free (TamboThrottle *throttle);
/* Counts a try by KEY, of which N_FREE may fail without a wait. 0 when it may go on; otherwise seconds to wait,
 * and it did not count. */
guint tambo_throttle_try (TamboThrottle *throttle, const char *key, guint n_free, gint64 now);
/* The password was right: what was counted is forgotten. */
void tambo_throttle_forget (TamboThrottle *throttle, const char *key);
