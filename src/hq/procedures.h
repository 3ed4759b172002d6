/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The procedures that headquarters decides by: procedures/ID.json in TAMBO_DATADIR, or where Tambo is
 * installed.
 */
#pragma once

#include "record/procedure.h"

/* NOT_FOUND for an id that is not there. */
TamboProcedure *tambo_hq_load_procedure (const char *id, GError **error) G_GNUC_WARN_UNUSED_RESULT;
