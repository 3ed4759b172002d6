/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Builds the files of a chip at a desk without headquarters: data groups, and a SOD by a signer of the
 * state, whose key is in a file or a token, or of practice.
 */
#pragma once

#include "chip/lds-builder.h"

/* Adds to RECORDS (TamboFingerRecord) the finger of "POSITION=FILE", an image at 500 ppi where the file
 * tells nothing else, as WSQ. */
gboolean tambo_lds_desk_add_finger (GPtrArray *records, const char *position_and_file,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "KEY,CERT", two PEM files, or "pkcs11:URI[,CERT]": without CERT the certificate of the same id in the
 * token. */
TamboSigner *tambo_lds_desk_load_signer (const char *key_and_certificate,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A practice CSCA and a signer under it; OUT_CSCA is the CSCA's certificate, DER. */
TamboSigner *tambo_lds_desk_make_signer (GBytes **out_csca,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Paths of keys that a chip has or gets; each may be NULL. */
typedef struct {
  const char *active_key; /* RSA-1024, PEM, private: as chip/active-authentication.h has it */
  const char *active_public_key; /* of a key that was made on the chip */
  const char *chip_key;          /* chip authentication, the public half, on a curve */
  gboolean pace;                 /* generic mapping on NIST P-256, AES-128 */
} TamboLdsDeskKeys;

/* Sets DG14 and DG15 of EXTRAS, whose owner the caller is, and EF.CardAccess where there is PACE; what
 * the keys have nothing for stays NULL. */
gboolean tambo_lds_desk_read_keys (const TamboLdsDeskKeys *keys, TamboLdsExtras *extras,
                                   GBytes **out_card_access, GError **error);

/* PORTRAIT and SIGNATURE are image files; SIGNATURE may be NULL. */
TamboLds *tambo_lds_desk_build (const TamboApplicant *applicant, GBytes *portrait,
                                GBytes *signature, const TamboLdsExtras *extras,
                                const TamboSigner *signer,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
