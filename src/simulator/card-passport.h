/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A chip as a traveller brings it: made from a folder of LDS files, with the BAC keys of the MRZ in its
 * DG1. Where it has the keys it speaks PACE (ICAO Doc 9303-11 section 4.4, with a master file), active
 * and chip authentication (section 6) and terminal authentication (section 7.1), which alone opens DG3
 * and DG4.
 */
#pragma once

#include "simulator/card-emrtd.h"
#include "simulator/card-jmrtd.h"

typedef struct _TamboCardPassport TamboCardPassport;

/* FOLDER holds COM, DG1 … DG16 and SOD, as many of them as there are; DG1 must be there. */
TamboCardPassport *tambo_card_passport_new (const char *folder, gsize memory,
                                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
void tambo_card_passport_free (TamboCardPassport *card);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboCardPassport, tambo_card_passport_free)

/* FOLDER holds what the chip keeps to itself, each if it is there: AA.pem and CA.pem, the private halves
 * of DG15 and DG14, and CVCA.cvcert, the authority for terminals. */
gboolean tambo_card_passport_take_keys (TamboCardPassport *card, const char *folder,
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
gboolean tambo_card_passport_offer_pace (TamboCardPassport *card, TamboCardPace pace,
                                         const char *can, GBytes **out_csca,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Commands and answers may have MAX bytes (up to 32767), and EF.ATR/INFO says so. */
void tambo_card_passport_declare_lengths (TamboCardPassport *card, guint16 max);

/* A blank for card-iso7816.h and card-gp.h, whose agents write it: its files through card-emrtd.h, its
 * keys by these, which give status words. What is written is there at once. */
TamboCardPassport *tambo_card_passport_new_blank (gsize memory);
TamboCardEmrtd *tambo_card_passport_get_emrtd (TamboCardPassport *card);
guint16 tambo_card_passport_put_card_access (TamboCardPassport *card, gconstpointer data,
                                             gsize size);
/* Of PACE: REFERENCE is 1 for the MRZ, 2 for the CAN. */
guint16 tambo_card_passport_put_password (TamboCardPassport *card, guint8 reference,
                                          gconstpointer data, gsize size);
/* Of chip authentication, ECPrivateKey of RFC 5915; DG14 has to be there. */
guint16 tambo_card_passport_put_chip_key (TamboCardPassport *card, gconstpointer data, gsize size);
/* Of active authentication on a curve, likewise. */
guint16 tambo_card_passport_put_active_key (TamboCardPassport *card, gconstpointer data,
                                            gsize size);
/* Another key for active authentication, on P-256; OUT_ANSWER is its point in 7F49. */
guint16 tambo_card_passport_generate (TamboCardPassport *card, GBytes **out_answer);

/* The functions of card-jmrtd.h. */
void tambo_card_passport_set_random (TamboCardPassport *card, TamboCardRandom random);
void tambo_card_passport_reset (TamboCardPassport *card);
GBytes *tambo_card_passport_process (TamboCardPassport *card,
                                     GBytes *command) G_GNUC_WARN_UNUSED_RESULT;
