/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Operators and the data key. The data key is random, made with the first operator, and wrapped for
 * each operator under scrypt of the password (log2 N = 17, or what `init` calibrated).
 */
#pragma once

#include "store/store.h"

typedef enum {
  TAMBO_ROLE_CLERK = 1 << 0,
  TAMBO_ROLE_SUPERVISOR = 1 << 1,
  TAMBO_ROLE_TECHNICIAN = 1 << 2,
  TAMBO_ROLE_AUDITOR = 1 << 3,
} TamboRole;

const char *tambo_role_to_string (TamboRole role); /* "clerk" */
gboolean tambo_role_from_string (const char *text, TamboRole *out_role) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
  char *id; /* sign-in name, [a-z0-9._-]{1,32} */
  TamboRole role;
  gboolean disabled;
  char *created_at;
  int failures; /* wrong passwords since the last right one */
} TamboOperatorRow;

void tambo_operator_row_free (TamboOperatorRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboOperatorRow, tambo_operator_row_free)

/* Elements are TamboOperatorRow, by id. */
GPtrArray *tambo_operators_list (TamboStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Sets "scrypt-log2-n" to what takes this computer about 300 ms, never below 16. */
gboolean tambo_operators_calibrate (TamboStore *store, GError **error);
/* The first operator makes the data key and leaves the store unlocked; for all others the store has
 * to be unlocked already. PASSWORD is a secret of at least 8 bytes; INVALID otherwise. The setting
 * "scrypt-log2-n" (10 to 20) is the cost of new wrappings. */
gboolean tambo_operators_add (TamboStore *store, const char *id, TamboRole role, GBytes *password,
                              const char *actor, GError **error);
gboolean tambo_operators_set_disabled (TamboStore *store, const char *id, gboolean disabled,
                                       const char *actor, GError **error);
/* Wraps the data key anew; needs the unlocked store. */
gboolean tambo_operators_set_password (TamboStore *store, const char *id, GBytes *password,
                                       const char *actor, GError **error);
/* Signs in: unlocks the data key and gives the row; never inside a transaction. PASSWORD or
 * DISABLED otherwise; wrong passwords are counted and delay the next try (2^(n-3) seconds from the
 * fourth on, at most 15 minutes). */
TamboOperatorRow *tambo_operators_sign_in (TamboStore *store, const char *id, GBytes *password,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
