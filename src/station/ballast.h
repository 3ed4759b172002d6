/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Ballast: a file of the station's folder that holds nothing but room. When the disk is full it is
 * dropped, so that what was begun can still be finished, sent and purged; it comes back when there is
 * room again.
 */
#pragma once

#include "station/station.h"

#define TAMBO_BALLAST_SIZE (64 * 1024 * 1024)

/* Takes the ballast aboard where the disk has room for it and for the enrolments after it. Never fails:
 * a station without ballast works. */
void tambo_ballast_restore (const char *folder);
char *tambo_ballast_dup_path (TamboStation *station);

/* When ERROR says that the disk is full and there was ballast to drop: clears it, and the caller tries
 * once more. */
gboolean tambo_ballast_relieves (TamboStation *station, GError **error);
