/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Operators: who they are, and how a password opens the station's keys (operator-key.h, data-key.h). Their
 * acts stand in the audit log under their names; an ACTOR of two names, "anna+berta", is two persons.
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
  int failures;               /* wrong passwords since the last right one */
  gboolean is_first_password; /* given by somebody else: good only for choosing another one */
  gint64 wait;                /* seconds until the next try is listened to; mostly 0 */
} TamboOperatorRow;

void tambo_operator_row_free (TamboOperatorRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboOperatorRow, tambo_operator_row_free)

/* Elements are TamboOperatorRow, by id. */
GPtrArray *tambo_operators_list (TamboStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
TamboOperatorRow *tambo_operators_get (TamboStore *store, const char *id,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Sets "scrypt-log2-n" to what takes this computer about 300 ms, never below 16. */
gboolean tambo_operators_calibrate (TamboStore *store, GError **error);

/* The first operator makes the keys and leaves the store unlocked; for all others the store has to be
 * unlocked already. PASSWORD is a secret of at least 8 bytes; INVALID otherwise. The setting
 * "scrypt-log2-n" (10 to 20) is the cost of new wrappings. */
gboolean tambo_operators_add (TamboStore *store, const char *id, TamboRole role, GBytes *password,
                              const char *actor, GError **error);
/* The same, with a first password. */
gboolean tambo_operators_invite (TamboStore *store, const char *id, TamboRole role,
                                 GBytes *password, const char *actor, GError **error);
gboolean tambo_operators_set_disabled (TamboStore *store, const char *id, gboolean disabled,
                                       const char *actor, GError **error);
/* Forgets the wrong passwords and the wait after them. */
gboolean tambo_operators_unlock (TamboStore *store, const char *id, const char *actor,
                                 GError **error);
gboolean tambo_operators_set_role (TamboStore *store, const char *id, TamboRole role,
                                   const char *actor, GError **error);

/* Gives a password to somebody; needs the unlocked store. IS_FIRST: it has to be changed at once. */
gboolean tambo_operators_set_password (TamboStore *store, const char *id, GBytes *password,
                                       gboolean is_first, const char *actor, GError **error);
/* Of oneself, locked or not; never inside a transaction. INVALID when both are the same. */
gboolean tambo_operators_change_password (TamboStore *store, const char *id, GBytes *password,
                                          GBytes *new_password, GError **error);

/* A template (ISO/IEC 19794-2) that ID may be known by at this station; it replaces one of the same
 * POSITION. Sealed under the data key. */
gboolean tambo_operators_set_finger (TamboStore *store, const char *id, const char *position,
                                     GBytes *record, const char *actor, GError **error);
/* Elements are GBytes; needs the unlocked store. */
GPtrArray *tambo_operators_load_fingers (TamboStore *store, const char *id,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What is needed to unlock again without the password; a secret. LOCKED when the store is. */
GBytes *tambo_operators_dup_keys (TamboStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Unlocks with them, and gives the row: LOCKED when the data key was changed since, DISABLED when ID may
 * not sign in any more. */
TamboOperatorRow *tambo_operators_reopen (TamboStore *store, const char *id, GBytes *keys,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Unlocks the data key and gives the row; never inside a transaction. PASSWORD or DISABLED otherwise;
 * FIRST_PASSWORD when it has to be changed first; what the token has to say where there is one (PIN may
 * be NULL: base/token.h). Wrong passwords are counted and delay the next try (2^(n-3) seconds from the
 * fourth on, at most 15 minutes), whatever the clock says and also after a restart. */
TamboOperatorRow *tambo_operators_sign_in (TamboStore *store, const char *id, GBytes *password,
                                           GBytes *pin, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same question with the same costs, and nothing is unlocked: for a second person. */
TamboOperatorRow *tambo_operators_check (TamboStore *store, const char *id, GBytes *password,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
