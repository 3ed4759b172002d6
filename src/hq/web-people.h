/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Headquarters' own people: who may look at its pages and who may decide. A password is kept as
 * LOG2_N(1) | SALT(16) | scrypt of it (32).
 */
#pragma once

#include "hq/headquarters.h"

typedef enum {
  TAMBO_PERSON_NOBODY,
  TAMBO_PERSON_VIEWER,
  TAMBO_PERSON_SUPERVISOR,
} TamboPersonRole;

const char *tambo_person_role_to_string (TamboPersonRole role);
gboolean tambo_person_role_from_string (const char *text,
                                        TamboPersonRole *out_role) G_GNUC_WARN_UNUSED_RESULT;

/* EXISTS for a name that is taken; INVALID for one that is no name, or a password of fewer than 12 characters. */
gboolean tambo_people_add (TamboHq *hq, const char *name, TamboPersonRole role, GBytes *password,
                           GError **error);
/* Another password; who was disabled is not any more. NOT_FOUND. */
gboolean tambo_people_set_password (TamboHq *hq, const char *name, GBytes *password,
                                    GError **error);
gboolean tambo_people_disable (TamboHq *hq, const char *name, GError **error);
/* What NAME may now; NOBODY when there is no such person or not any more. */
gboolean tambo_people_get_role (TamboHq *hq, const char *name, TamboPersonRole *out_role,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* OUT_ROLE is NOBODY when name and password do not belong together. Takes as long for a name that is unknown.
 * UNAVAILABLE when too many ask at once. */
gboolean tambo_people_check (TamboHq *hq, const char *name, GBytes *password,
                             TamboPersonRole *out_role, GError **error) G_GNUC_WARN_UNUSED_RESULT;
