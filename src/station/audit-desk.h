/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The audit log at the desk.
 */
#pragma once

#include "station/station.h"
#include "store/audit.h"

GPtrArray *tambo_audit_desk_list (TamboStation *station, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The newest COUNT, oldest first, and how many there are. */
GPtrArray *tambo_audit_desk_list_newest (TamboStation *station, guint count, gint64 *out_size,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Every entry, the root, what headquarters countersigned, whose signature is checked again, and the
 * head that the newest record was signed with. */
gboolean tambo_audit_desk_verify (TamboStation *station, gint64 *out_entries,
                                  gint64 *out_countersigned,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Writes what docs/audit-verify.sh proves without this program: after "tambo-audit-export 1" the head
 * of the log signed by this station and the last head that headquarters countersigned, each with its
 * public key (base64 of SubjectPublicKeyInfo), signature (base64 of DER) and statement; an empty line;
 * then the entries, one to a line. CORRUPT for a log that does not hold. */
gboolean tambo_audit_desk_export (TamboStation *station, const char *path, gint64 *out_entries,
                                  gint64 *out_countersigned, GError **error);
