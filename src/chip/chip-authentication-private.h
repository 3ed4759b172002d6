/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One run of chip authentication, for the tests, which give their own secrets. Private to the room.
 */
#pragma once

#include "chip/chip-authentication.h"

typedef struct {
  GBytes *ephemeral; /* the terminal's private key; NULL to have it drawn */
  gboolean general;  /* MSE:Set AT and GENERAL AUTHENTICATE for 3DES too */
} TamboChipAuthenticationWish;

/* The session under the new keys, in which the chip has answered once, or NULL. UNSUPPORTED for a group
 * that is not known here and for a DG14 without a key. */
TamboSecureMessaging *tambo_chip_authentication_run (TamboChannel *channel,
                                                     TamboSecureMessaging *sm, GBytes *dg14,
                                                     const TamboChipAuthenticationWish *wish,
                                                     GBytes **out_terminal_key,
                                                     GCancellable *cancellable,
                                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
