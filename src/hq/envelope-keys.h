/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The keys that stations seal records for: one of the beginning, and others that are announced some time
 * before they are used. None is taken away: a record may have waited for long.
 *
 * The public halves are envelope.pem and envelope-ID.pem of the folder, for everybody. The private ones
 * are of the same names in hq/key-folder.h, or in a PKCS#11 token, whose URI is there as envelope.uri.
 */
#pragma once

#include "hq/headquarters.h"

/* The first one, in the token that URI names or, with NULL, in a file. */
gboolean tambo_envelope_keys_create (const char *folder, const char *uri, GError **error);
/* The public half of the first one. */
TamboKey *tambo_envelope_keys_load (const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Makes one more key, or takes that of URI, which stations use from FROM (RFC 3339) on. Its id. */
char *tambo_hq_announce_envelope_key (TamboHq *hq, const char *from, const char *uri,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The private key of that id, for who decides; NOT_FOUND. Its token stays open. */
TamboKey *tambo_hq_find_envelope_key (TamboHq *hq, const char *id,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether it is one of ours; NOT_FOUND when it is not. */
gboolean tambo_hq_check_envelope_key (TamboHq *hq, const char *id, GError **error);
/* Closes the tokens: one that was taken away has to be opened again. */
void tambo_hq_forget_private_keys (TamboHq *hq);
/* Whether this user may read the private half of the first key, or its URI. */
gboolean tambo_hq_may_decide (TamboHq *hq);

/* What stations have to know, signed; NOT_FOUND before the first announcement. */
char *tambo_hq_sign_reference (TamboHq *hq, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Its version; 0 before. */
gboolean tambo_hq_get_reference_version (TamboHq *hq, gint64 *out_version,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
