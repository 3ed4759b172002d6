/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A headquarters that was restored from an older backup has forgotten the end of its log, and its numbers
 * for the stations' inboxes begin again. The stations tell it (docs/protocol.md, "Headquarters that was
 * restored").
 */
#pragma once

#include "hq/stations.h"

/* Which of the claims are not known here; raises "rewound", once for each loss, and "lost" for what the
 * station has not kept either. An inbox whose end is another one goes on behind the station's last number. */
TamboClaimsAnswer *tambo_hq_check_claims (TamboHq *hq, const TamboStationRow *station,
                                          const TamboClaims *claims,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether a record of this sequence was here before and was forgotten: what was decided about it then is
 * for a person to look at. */
gboolean tambo_hq_was_forgotten (TamboHq *hq, const char *station, gint64 epoch, gint64 sequence,
                                 gboolean *out_was_forgotten,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
