/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A chip with an eMRTD applet behind the issuer security domain of a GlobalPlatform card: the agent
 * opens a secure channel (SCP02 or SCP03), names the applet (INSTALL [for personalization]) and sends
 * it data groupings (STORE DATA) until the last block closes it. One command in, one answer out.
 */
#pragma once

#include "chip/scp.h"
#include "simulator/card-iso7816.h"

typedef struct _TamboCardGp TamboCardGp;

/* With the factory key of card-iso7816.h in both its keys. */
TamboCardGp *tambo_card_gp_new (gsize memory, TamboScpProtocol protocol);
void tambo_card_gp_free (TamboCardGp *card);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboCardGp, tambo_card_gp_free)
/* Its state, borrowed. */
TamboCardEmrtd *tambo_card_gp_get_emrtd (TamboCardGp *card);
void tambo_card_gp_reset (TamboCardGp *card);
/* Any bytes at all are a command; the answer always ends in a status word. */
GBytes *tambo_card_gp_process (TamboCardGp *card, GBytes *command) G_GNUC_WARN_UNUSED_RESULT;
