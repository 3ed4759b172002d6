/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The codes of Doc 9303-3 section 5: ISO 3166-1 alpha-3 and what ICAO adds to it, "D" included.
 */
#pragma once

#include <glib.h>

gboolean tambo_is_state_code (const char *text);
