/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The applicant field by field, for the rules of a procedure. A field is named by its JSON key.
 */
#pragma once

#include "record/applicant.h"

gboolean tambo_applicant_has_field (const char *key);
/* NULL-terminated, in the order of a form. */
const char *const *tambo_applicant_field_keys (void);
/* Borrowed; NULL when it is not known, and of other_names, which are several. */
const char *tambo_applicant_get_field (const TamboApplicant *applicant, const char *key);
/* Sex is never missing: unspecified is a value. Given names may be empty, but not unknown. */
gboolean tambo_applicant_field_is_missing (const TamboApplicant *applicant, const char *key);
/* FIELD when what is there is impossible on TODAY (ISO 8601); a missing field is possible. */
gboolean tambo_applicant_check_field (const TamboApplicant *applicant, const char *key,
                                      const char *today, GError **error) G_GNUC_WARN_UNUSED_RESULT;
