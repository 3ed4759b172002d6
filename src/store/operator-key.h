/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to the room: how a password opens the unlock key, which is random, made with the first operator
 * and the same for all of them. A wrapping is LOG2_N(1) | SALT(16) | the unlock key sealed under scrypt
 * of the password, with the operator's name as associated data.
 */
#pragma once

#include "store/store.h"

/* The setting "scrypt-log2-n" (10 to 20, 17 where unset) is the cost. */
GBytes *tambo_operator_key_wrap (TamboStore *store, const char *id, GBytes *password,
                                 GBytes *unlock_key, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* PASSWORD when it is the wrong one; CORRUPT when the wrapping has no such form. */
GBytes *tambo_operator_key_unwrap (const char *id, GBytes *wrapping, GBytes *password,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Only the work of it, for an operator who does not exist. */
gboolean tambo_operator_key_pretend (TamboStore *store, GBytes *password, GError **error);

/* "unknown operator or wrong password" */
void tambo_operator_key_set_wrong_password (GError **error);
