/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A chip as a traveller brings it: personalised from a folder of LDS files and locked, with the BAC
 * keys of the MRZ in its DG1.
 */
#pragma once

#include "simulator/card-jmrtd.h"

/* FOLDER holds COM, DG1 … DG15 and SOD, as many of them as there are; DG1 must be there. DG3 and DG4
 * are left out: the applet gives them to nobody. */
TamboCardJmrtd *tambo_card_passport_new (const char *folder, gsize memory,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The template 62 of PUT DATA for the MRZ in DG1 (TD1, TD2 or TD3); NULL when there is none. */
GBytes *tambo_card_passport_keys_from_dg1 (GBytes *dg1);

/* PACE besides BAC: ECDH with P-256 and AES-128, generic mapping. */
typedef enum {
  TAMBO_CARD_PACE_NONE,
  TAMBO_CARD_PACE_GENERIC,
  TAMBO_CARD_PACE_CAM, /* chip authentication mapping, with EF.CardSecurity of a practice signer */
} TamboCardPace;

/* CAN may be NULL. OUT_CSCA (may be NULL) is set with TAMBO_CARD_PACE_CAM: the certificate, DER, that
 * EF.CardSecurity's signer stands under. */
gboolean tambo_card_passport_offer_pace (TamboCardJmrtd *card, TamboCardPace pace, const char *can,
                                         GBytes **out_csca,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
