/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A chip that is personalised with the commands of ISO/IEC 7816-4 and -9: the agent chooses his key
 * (MANAGE SECURITY ENVIRONMENT), authenticates himself and writes under secure messaging (CREATE FILE
 * with file control parameters, UPDATE BINARY with both instructions, PUT DATA), until ACTIVATE FILE
 * makes it operational. One command in, one answer out.
 */
#pragma once

#include "simulator/card-emrtd.h"

typedef struct _TamboCardIso7816 TamboCardIso7816;

/* The agent's keys of a chip as it leaves the factory; enciphering and MAC alike. */
#define TAMBO_CARD_FACTORY_KEY "\x40\x41\x42\x43\x44\x45\x46\x47\x48\x49\x4A\x4B\x4C\x4D\x4E\x4F"
#define TAMBO_CARD_FACTORY_KEY_SIZE 16

TamboCardIso7816 *tambo_card_iso7816_new (gsize memory);
void tambo_card_iso7816_free (TamboCardIso7816 *card);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboCardIso7816, tambo_card_iso7816_free)
/* Its state, borrowed. */
TamboCardEmrtd *tambo_card_iso7816_get_emrtd (TamboCardIso7816 *card);
void tambo_card_iso7816_reset (TamboCardIso7816 *card);
/* Any bytes at all are a command; the answer always ends in a status word. */
GBytes *tambo_card_iso7816_process (TamboCardIso7816 *card,
                                    GBytes *command) G_GNUC_WARN_UNUSED_RESULT;
/* Commands and answers may have MAX bytes, and EF.ATR/INFO says so. */
void tambo_card_iso7816_declare_lengths (TamboCardIso7816 *card, guint16 max);
