/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The strip below the header bar that says what went wrong and what to do (libadwaita 1.2 has no
 * banner).
 */
#pragma once

#include <adwaita.h>

#include "app/remedies.h"

#define TAMBO_TYPE_PROBLEM_STRIP (tambo_problem_strip_get_type ())
G_DECLARE_FINAL_TYPE (TamboProblemStrip, tambo_problem_strip, TAMBO, PROBLEM_STRIP, AdwBin)

/* With the button that leads to what is to be done, where there is one (app/remedies.h). */
void tambo_problem_strip_show (TamboProblemStrip *self, const GError *error);
/* What is no error, or has words of its own; DETAIL and REMEDY may be NULL. */
void tambo_problem_strip_say (TamboProblemStrip *self, const char *sentence, const char *detail,
                              const TamboRemedy *remedy);
void tambo_problem_strip_hide (TamboProblemStrip *self);
