/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to the room: trying a password, and what wrong ones cost.
 */
#pragma once

#include "store/operators.h"

/* The unlock key, when PASSWORD is the right one and the operator is not disabled; the try is counted
 * durably before the password is looked at. Nothing is unlocked. */
GBytes *tambo_sign_in_open (TamboStore *store, const char *id, GBytes *password,
                            TamboOperatorRow **out_row, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Keeps the keys open for OPERATOR_ID. */
void tambo_sign_in_unlock (TamboStore *store, GBytes *unlock_key, GBytes *data_key,
                           const char *operator_id);

/* Seconds until the next try: RETRY_AT is of the uptime of the system's run that RETRY_BOOT names. After
 * a restart the wait begins anew. No clock that anybody can set has a part in it. */
gint64 tambo_sign_in_wait (int failures, gint64 retry_at, const char *retry_boot);
