/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Status words of ISO/IEC 7816-4 section 5.6 as errors of the chip room. Private to the room.
 */
#pragma once

#include "chip/chip-error.h"

/* What SW says, in a few words; NULL when nothing is known about it. */
const char *tambo_status_meaning (guint16 sw);
/* CODE, "ACTION was answered SW (meaning)". */
void tambo_status_set_error (GError **error, TamboChipError code, const char *action, guint16 sw);
