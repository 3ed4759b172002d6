/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The station's certificate: renewed by itself once half of its life is over, for the same key.
 */
#pragma once

#include "station/station.h"

typedef struct {
  int days_left; /* until the certificate ends; -1: unknown */
  gboolean is_renewed;
} TamboRenewal;

/* Asks headquarters where it is time to. That it could not be done is no failure as long as the old
 * certificate holds; when it does not, the exchange says so. TIME_FLOOR as in sync/client.h. */
TamboRenewal tambo_renewal_see_to (TamboStation *station, gint64 time_floor,
                                   GCancellable *cancellable);
