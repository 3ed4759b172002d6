/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How long a station waits for its next exchange.
 */
#pragma once

#include <glib.h>

#define TAMBO_WAITING_SECONDS 15
#define TAMBO_WAITING_MAX_SECONDS (15 * 60)

/* After so many FAILURES in a row: full jitter, somewhere between nothing and a limit that doubles each time.
 * RETRY_AFTER, headquarters' own wish, comes before that, so that not all stations come at once then. */
guint tambo_waiting_seconds (guint failures, guint retry_after);
