/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What each check of a case said, one row for each check, for people and pages without keys. DETAIL is
 * "word=value word=value …", made of names of rules, scores and tracking numbers: never personal.
 */
#pragma once

#include "hq/headquarters.h"

typedef enum {
  TAMBO_VALIDATION_PASSED,
  TAMBO_VALIDATION_OBJECTED,
  TAMBO_VALIDATION_UNAVAILABLE, /* could not be asked, and the case goes to a person */
  TAMBO_VALIDATION_WAITING,     /* could not be asked yet; it is asked again */
} TamboValidationState;

/* "passed", "objected", "unavailable", "waiting". */
const char *tambo_validation_state_to_string (TamboValidationState state);
gboolean tambo_validation_state_from_string (const char *text, TamboValidationState *out_state)
    G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
  char *name; /* of the check: "completeness", "quality", "duplicates", "connector-police" … */
  TamboValidationState state;
  char *detail; /* "" when there is nothing to say */
  char *at;     /* RFC 3339 */
} TamboValidation;

TamboValidation *tambo_validation_new (const char *name, TamboValidationState state,
                                       const char *detail);
void tambo_validation_free (TamboValidation *validation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboValidation, tambo_validation_free)

/* Elements are TamboValidation, in the order in which the checks are made. */
GPtrArray *tambo_hq_validation_list (TamboHq *hq, const char *case_id,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Puts VALIDATIONS in the place of what was said of the case before; in the caller's transaction. */
gboolean tambo_hq_validation_save (TamboHq *hq, const char *case_id, GPtrArray *validations,
                                   GError **error);
