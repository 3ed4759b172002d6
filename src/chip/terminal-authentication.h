/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Terminal Authentication version 1, Doc 9303-11 section 7.1 and TR-03110-3 appendix B.3: the terminal
 * shows the chip that its state was allowed to read fingerprints and irises. It comes after chip
 * authentication, in whose session it happens.
 */
#pragma once

#include "chip/lds.h"
#include "chip/secure-messaging.h"
#include "chip/sod.h"

/* An inspection system: its key and the certificates between it and the authorities of the states
 * whose documents it reads. */
typedef struct _TamboTerminal TamboTerminal;

/* KEY is PEM without a password; each of CERTIFICATES (GBytes) holds one or more of cv-certificate.h,
 * one behind the other: links, document verifiers, the terminal's own. TERMINAL, also when none is of
 * KEY. */
TamboTerminal *tambo_terminal_new (GBytes *key, GPtrArray *certificates,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
void tambo_terminal_free (TamboTerminal *terminal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboTerminal, tambo_terminal_free)
const char *tambo_terminal_get_name (const TamboTerminal *terminal); /* its certificate's holder */

/* What ties the proof to this chip and this session. */
typedef struct {
  GBytes *chip; /* ID_IC: document number and check digit by BAC; Comp of its PACE key by PACE */
  GBytes *
      terminal_key; /* Comp of the terminal's key of chip authentication, or of PACE with its mapping */
} TamboTerminalBinding;

/* Adds the row terminal-authentication to VERDICTS, passed when the chip took it. DG14 may name where
 * EF.CVCA lies; NULL without. FALSE only when the chip could not be talked to. */
gboolean tambo_terminal_authentication (TamboChannel *channel, TamboSecureMessaging *sm,
                                        const TamboTerminal *terminal,
                                        const TamboTerminalBinding *binding, GBytes *dg14,
                                        GPtrArray *verdicts, GCancellable *cancellable,
                                        GError **error);
