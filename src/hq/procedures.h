/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The procedures that headquarters decides by: procedures/ID.json in TAMBO_DATADIR, or where Tambo is
 * installed, and the versions that were published since. A published version is told to the stations and
 * never changes: a case is decided by the version that it was made under.
 */
#pragma once

#include "hq/headquarters.h"
#include "record/procedure.h"

/* NOT_FOUND for an id that is not there. */
TamboProcedure *tambo_hq_load_procedure (const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The published one of that version, or the file. */
TamboProcedure *tambo_hq_find_procedure (TamboHq *hq, const char *id, int version,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* STATE when there is another procedure under its id and version, or a later file. */
gboolean tambo_hq_publish_procedure (TamboHq *hq, JsonObject *object, GError **error);
