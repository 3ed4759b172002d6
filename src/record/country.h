/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The codes of Doc 9303-3 section 5: ISO 3166-1 alpha-3 and what ICAO adds to it, "D" included.
 */
#pragma once

#include <glib.h>

gboolean tambo_is_state_code (const char *text);
/* The two letters that certificates name the state by (Doc 9303-12 section 7.1.1): ISO 3166-1 alpha-2,
 * EU, UN, KS for Kosovo, UT for Utopia. NULL for what is no state or has none. */
const char *tambo_state_code_to_alpha2 (const char *text);
