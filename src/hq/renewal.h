/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Stations' certificates, continued: who asks with the registered key gets one more, for as long as the
 * station is active, and for a while after the old one has ended.
 */
#pragma once

#include "hq/stations.h"

/* The certificate of now while half of its life is not over, so that a lost answer and somebody who asks in
 * the place of the station change nothing; otherwise a new one. REVOKED for all that is no active station
 * with this key. */
char *tambo_hq_renew (TamboHq *hq, const TamboRenewalRequest *request,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A certificate of the station CODE for KEY; it holds for two years, or what the setting "station_days" says. */
char *tambo_hq_certify_station (TamboHq *hq, const char *code, TamboKey *key,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A station whose answer was lost comes with the certificate before. */
gboolean tambo_hq_is_previous_certificate (TamboHq *hq, const TamboStationRow *row,
                                           const char *fingerprint, gboolean *out_is_previous,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
