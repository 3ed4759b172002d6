/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The keys that stations seal records for: one of the beginning, and others that are announced some time
 * before they are used. None is taken away: a record may have waited for long.
 */
#pragma once

#include "hq/headquarters.h"

/* Makes one more key, which stations use from FROM (RFC 3339) on. Its id. */
char *tambo_hq_announce_envelope_key (TamboHq *hq, const char *from,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The private key of that id; NOT_FOUND. */
TamboKey *tambo_hq_find_envelope_key (TamboHq *hq, const char *id,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What stations have to know, signed; NOT_FOUND before the first announcement. */
char *tambo_hq_sign_reference (TamboHq *hq, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Its version; 0 before. */
gboolean tambo_hq_get_reference_version (TamboHq *hq, gint64 *out_version,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
