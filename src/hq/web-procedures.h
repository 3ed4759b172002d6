/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The procedures that people can choose from.
 */
#pragma once

#include "record/procedure.h"

/* Elements are TamboProcedure, by id. */
GPtrArray *tambo_web_list_procedures (GError **error) G_GNUC_WARN_UNUSED_RESULT;
