/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Networks that answer in the place of everybody until somebody has signed in to them.
 */
#pragma once

#include <glib.h>

/* Asks the host of URL for a page without TLS, as a browser would that somebody opens there: TRUE when a
 * page comes that is not the host's own way to TLS. Blocks for some seconds; after a failure only. */
gboolean tambo_portal_answers_for (const char *url);
