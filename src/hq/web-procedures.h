/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The procedures that people can choose from: of each the newest version, published or from a file.
 */
#pragma once

#include "hq/headquarters.h"
#include "record/procedure.h"

/* Elements are TamboProcedure, by id. */
GPtrArray *tambo_web_list_procedures (TamboHq *hq, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* NOT_FOUND. */
TamboProcedure *tambo_web_find_procedure (TamboHq *hq, const char *id,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
