/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A capture that is taken out of the case, with the offer to put it back.
 */
#pragma once

#include "app/step-page.h"

/* TEXT is what the offer says. DONE is called after success, and before the offer; what goes wrong is told by the
 * session. */
typedef void (*TamboCaptureRemoved) (gpointer page);
void tambo_capture_removal_run (TamboStepPage *page, const char *slot, const char *text,
                                TamboCaptureRemoved done);

/* Something was replaced, or a reason noted: it can be taken back, too. */
void tambo_capture_removal_offer (TamboStepPage *page, const char *text);
