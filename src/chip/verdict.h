/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How a check ends that talked to the chip. Private to the room; the rows themselves are sod.h's.
 */
#pragma once

#include "chip/chip-error.h"
#include "chip/sod.h"

/* Takes PROBLEM. A chip that answers, but wrongly, is a row: CHECK failed. One that does not answer is
 * ERROR, and FALSE. */
gboolean tambo_verdict_settle (GPtrArray *verdicts, const char *check, GError *problem,
                               GError **error);
