/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Chip Authentication version 1, Doc 9303-11 section 6.2, the terminal's end: an ephemeral key against
 * the chip's static one in DG14, and secure messaging anew under what both agree on. Who has no static
 * key cannot go on. Curves and MODP groups of section 9.5.1.
 */
#pragma once

#include "chip/lds.h"
#include "chip/secure-messaging.h"
#include "chip/sod.h"

/* Adds the row chip-authentication to VERDICTS when DG14 (NULL without) has a key for it: passed once the
 * chip has answered in the new SESSION, which takes the old one's place, and then OUT_TERMINAL_KEY is
 * Comp of the terminal's ephemeral key; skipped for a group that is not known here. FALSE only when the
 * chip could not be talked to. The hash of DG14 has to hold in the SOD besides. After a row that failed
 * SESSION is over. */
gboolean tambo_chip_authentication (TamboChannel *channel, TamboSecureMessaging **session,
                                    GBytes *dg14, GBytes **out_terminal_key, GPtrArray *verdicts,
                                    GCancellable *cancellable, GError **error);
