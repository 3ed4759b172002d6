/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A station in one file under the password of the supervisor who made it: its keys, its settings and its
 * store as it was at one moment.
 */
#pragma once

#include "station/station.h"

/* Writes PATH and reads it back: TRUE means that it was decrypted, opened and verified. A supervisor;
 * PASSWORD has to be the signed-in one's. */
gboolean tambo_backup_make (TamboStation *station, const char *path, GBytes *password,
                            GError **error);
/* Makes FOLDER out of PATH. EXISTS when a station is there, unless REPLACE: it is then kept beside, under
 * *OUT_KEPT (NULL when there was none). The restored store has a new incarnation: headquarters raises an
 * alarm at the next contact and countersigns nothing until a person there has looked. */
gboolean tambo_backup_restore (const char *folder, const char *path, GBytes *password,
                               gboolean replace, char **out_kept, GError **error);
