/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The chip's end of Terminal Authentication version 1 (ICAO Doc 9303-11 section 7.1, TR-03110-3 sections
 * 2.5 and 2.6 and appendix B.3): the authorities that it trusts, the date that it takes to be today, and
 * what the terminal before it may read.
 */
#pragma once

#include <glib.h>

#include "chip/apdu.h"

typedef struct _TamboCardTerminal TamboCardTerminal;

/* A chip that trusts the AUTHORITY whose own certificate (cv-certificate.h) this is; it is the day on
 * which that was made. */
TamboCardTerminal *tambo_card_terminal_new (GBytes *authority,
                                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
void tambo_card_terminal_free (TamboCardTerminal *terminal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboCardTerminal, tambo_card_terminal_free)
/* Loss of power or of the session: authorities and the date stay. */
void tambo_card_terminal_reset (TamboCardTerminal *terminal);

/* EF.CVCA: the newest authority first. */
GBytes *tambo_card_terminal_dup_file (const TamboCardTerminal *terminal);
/* MSE:Set DST and Set AT, PSO:Verify Certificate: the status word. */
guint16 tambo_card_terminal_set (TamboCardTerminal *terminal, const TamboCommand *command);
guint16 tambo_card_terminal_verify (TamboCardTerminal *terminal, const TamboCommand *command);
/* EXTERNAL AUTHENTICATE over MESSAGE, ID_IC | r_IC | Comp (PK_IFD); once in a session. */
guint16 tambo_card_terminal_authenticate (TamboCardTerminal *terminal, const TamboCommand *command,
                                          const GByteArray *message);
/* The terminal has proved that it may read data group NUMBER. */
gboolean tambo_card_terminal_may_read (const TamboCardTerminal *terminal, guint number);
