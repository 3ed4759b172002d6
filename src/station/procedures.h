/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The procedures that this station knows: files of data/procedures (or of TAMBO_DATADIR), and the versions that
 * headquarters has published. New cases take the newest; a case keeps the version that it was begun under.
 */
#pragma once

#include "record/procedure.h"
#include "station/station.h"

/* The newest of each; elements are TamboProcedure, by id. STATION NULL: the files alone. */
GPtrArray *tambo_procedures_list (TamboStation *station, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* VERSION 0 is the newest; a file of another version stands in for one that is nowhere to be found. */
TamboProcedure *tambo_procedures_load (TamboStation *station, const char *id, int version,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One file, wherever it lies. */
TamboProcedure *tambo_procedures_read (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
