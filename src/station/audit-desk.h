/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The audit log at the desk.
 */
#pragma once

#include "station/station.h"
#include "store/audit.h"

GPtrArray *tambo_audit_desk_list (TamboStation *station, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Every entry, the root, and what headquarters countersigned, whose signature is checked again. */
gboolean tambo_audit_desk_verify (TamboStation *station, gint64 *out_entries,
                                  gint64 *out_countersigned,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
