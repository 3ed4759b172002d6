/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The verdict on a portrait: what was measured, its value, its limits, and whether it is good. What is not good
 * comes first.
 */
#pragma once

#include <adwaita.h>

#include "station/portrait-desk.h"

#define TAMBO_TYPE_VERDICT_LIST (tambo_verdict_list_get_type ())
G_DECLARE_FINAL_TYPE (TamboVerdictList, tambo_verdict_list, TAMBO, VERDICT_LIST, AdwBin)

/* MEASURES elements are TamboPortraitMeasure; NULL empties the list. */
void tambo_verdict_list_show (TamboVerdictList *self, const GArray *measures);
