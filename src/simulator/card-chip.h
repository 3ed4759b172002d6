/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any of the simulated chips, as the hand that holds it sees it.
 */
#pragma once

#include "chip/scp.h"
#include "simulator/card-passport.h"

typedef struct _TamboCardChip TamboCardChip;

/* A blank of "jmrtd", "iso7816" or "gp-scp03"; PROTOCOL is for the last. NULL for another name. */
TamboCardChip *tambo_card_chip_new (const char *profile, gsize memory, TamboScpProtocol protocol);
/* Takes CARD over. */
TamboCardChip *tambo_card_chip_new_passport (TamboCardPassport *card);
/* EF.ATR/INFO declares commands and answers of MAX bytes; nothing for kinds that know short ones alone. */
void tambo_card_chip_declare_lengths (TamboCardChip *chip, guint16 max);
void tambo_card_chip_free (TamboCardChip *chip);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboCardChip, tambo_card_chip_free)

/* The functions of card-jmrtd.h. */
void tambo_card_chip_set_quirks (TamboCardChip *chip, TamboCardQuirks quirks);
void tambo_card_chip_reset (TamboCardChip *chip);
GBytes *tambo_card_chip_process (TamboCardChip *chip, GBytes *command) G_GNUC_WARN_UNUSED_RESULT;
gboolean tambo_card_chip_is_locked (const TamboCardChip *chip);
gsize tambo_card_chip_get_memory_used (const TamboCardChip *chip);
guint tambo_card_chip_get_creations (const TamboCardChip *chip);
GBytes *tambo_card_chip_dup_file (const TamboCardChip *chip, guint16 file_id);
