/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The procedures that this station knows: files of data/procedures (or of TAMBO_DATADIR).
 */
#pragma once

#include "record/procedure.h"

/* Elements are TamboProcedure, by id. */
GPtrArray *tambo_procedures_list (GError **error) G_GNUC_WARN_UNUSED_RESULT;
TamboProcedure *tambo_procedures_load (const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One file, wherever it lies. */
TamboProcedure *tambo_procedures_read (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
