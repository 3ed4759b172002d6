/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The parts of chip authentication: for the tests, which give their own secrets, and for the chip's end,
 * which the simulator plays. Private to them and the room.
 */
#pragma once

#include "chip/chip-authentication.h"
#include "chip/pace.h"

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

/* The strongest cipher that DG14 names for its key; FALSE without a key. */
gboolean tambo_chip_authentication_find_cipher (GBytes *dg14, TamboPaceCipher *out_cipher);
/* What both ends have after SECRET was agreed on. */
TamboSecureMessaging *tambo_chip_authentication_session (TamboPaceCipher cipher, GBytes *secret);
