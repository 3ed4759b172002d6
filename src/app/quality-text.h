/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What judges of pictures and prints say, in the clerk's language.
 */
#pragma once

#include "station/portrait-desk.h"

/* "roll" as "Head tilted". */
const char *tambo_text_measure (const char *measure);
/* "3.1° · −8 to 8°" in two parts, with the measure's own unit. */
char *tambo_text_measure_value (const TamboPortraitMeasure *measure);
char *tambo_text_measure_limits (const TamboPortraitMeasure *measure);
/* A hint of the live guidance, or what a measure advises. */
const char *tambo_text_hint (const char *hint);
