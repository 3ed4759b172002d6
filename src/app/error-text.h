/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the clerk reads: the rooms below speak untranslated English, and here domain and code, rules
 * and kinds become sentences in the clerk's language.
 */
#pragma once

#include <gtk/gtk.h>

#include "record/check.h"
#include "record/enrolment.h"

/* The cause; static. Falls back to the message itself, which lives as long as ERROR. */
const char *tambo_error_text_cause (const GError *error);
/* The next action of station/advice.h as a sentence. */
char *tambo_error_text_action (const GError *error);
/* Cause and action. */
char *tambo_error_text_sentence (const GError *error);

/* Names on the screen. */
const char *tambo_text_field (const char *key);
const char *tambo_text_finger (TamboFinger finger);
const char *tambo_text_document (const char *kind);
const char *tambo_text_case_state (TamboCaseState state);
/* "amputated" and the like; another reason as it was written. */
const char *tambo_text_reason (const char *reason);
/* What a row of the rules is about, and what it says. */
const char *tambo_text_rule (const char *rule);
char *tambo_text_check (const TamboCheck *check);
/* "Clerk" and the like, of TamboRole bits. */
const char *tambo_text_role (guint role);
/* Of blanks: "passport" as "Passports". */
const char *tambo_text_blank_kind (const char *kind);
/* "2026-03-02T09:40:00Z" as "2 Mar 2026, 09:40", in local time. */
char *tambo_text_time (const char *rfc3339);
