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
typedef struct {
  const char *folder, *path;
  const char *operator_id; /* a supervisor of the station in the backup, and */
  GBytes *password;        /* the password of both */
  const char *second_id;   /* somebody of that station whom others trust */
  GBytes *second_password;
  gboolean replace; /* also where a station is */
} TamboRestoring;

/* Makes the folder out of the file, for two persons; for one where the backup has nobody who could be the
 * second. EXISTS when a station is there, unless REPLACE: it is then kept beside, under *OUT_KEPT (NULL
 * when there was none). The restored store has a new incarnation: headquarters raises an
 * alarm at the next contact and countersigns nothing until a person there has looked. */
gboolean tambo_backup_restore (const TamboRestoring *restoring, char **out_kept, GError **error);
