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
/* For how long a certificate holds: two years, or what the setting "station_days" says. */
int tambo_hq_get_station_days (TamboHq *hq);
/* A station whose answer was lost comes with the certificate before. FALSE when it is another one. */
gboolean tambo_hq_is_previous_certificate (TamboHq *hq, const char *code, const char *fingerprint);
