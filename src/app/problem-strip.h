/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The strip below the header bar that says what went wrong and what to do (libadwaita 1.2 has no
 * banner). One problem of each kind has its place: the newest shows, a button leads to the next, and the most
 * urgent follows one that has gone.
 */
#pragma once

#include <adwaita.h>

#include "app/remedies.h"

#define TAMBO_TYPE_PROBLEM_STRIP (tambo_problem_strip_get_type ())
G_DECLARE_FINAL_TYPE (TamboProblemStrip, tambo_problem_strip, TAMBO, PROBLEM_STRIP, AdwBin)

/* The most urgent first. */
typedef enum {
  TAMBO_PROBLEM_ACT,        /* what somebody here has just tried */
  TAMBO_PROBLEM_ROOM,       /* of the disk */
  TAMBO_PROBLEM_CONNECTION, /* to headquarters */
  TAMBO_N_PROBLEMS,
} TamboProblem;

/* With the button that leads to what is to be done, where there is one (app/remedies.h). */
void tambo_problem_strip_show (TamboProblemStrip *self, TamboProblem kind, const GError *error);
/* What is no error, or has words of its own; DETAIL and REMEDY (static) may be NULL. */
void tambo_problem_strip_say (TamboProblemStrip *self, TamboProblem kind, const char *sentence,
                              const char *detail, const TamboRemedy *remedy);
/* Its cause has gone; others stay. */
void tambo_problem_strip_hide (TamboProblemStrip *self, TamboProblem kind);
void tambo_problem_strip_clear (TamboProblemStrip *self);
