/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Results of PC/SC as errors of the room. Private to the room.
 */
#pragma once

#include "chip/chip-error.h"

/* CODE is what a function of PC/SC gave. */
void tambo_pcsc_set_error (GError **error, long code, const char *action);
