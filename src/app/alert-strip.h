/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What headquarters warns of about who is being enrolled, and what the clerk does then. It stands on the page of
 * the clerk alone, takes no focus and stops nothing.
 */
#pragma once

#include <adwaita.h>

#include "app/session.h"

#define TAMBO_TYPE_ALERT_STRIP (tambo_alert_strip_get_type ())
G_DECLARE_FINAL_TYPE (TamboAlertStrip, tambo_alert_strip, TAMBO, ALERT_STRIP, AdwBin)

/* Compares the open case with the alerts, as soon as it says who or which document it is about, and each time
 * it says so otherwise. Where not all could be compared, the strip says so, and compares again at each look. */
void tambo_alert_strip_look (TamboAlertStrip *self, TamboSession *session);
/* The same although nothing was changed: there may be new alerts. */
void tambo_alert_strip_look_again (TamboAlertStrip *self, TamboSession *session);
