/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Visible digital seals: what stands on paper and in its QR code, signed, so that anybody can verify it without a
 * network. The form is format/idb.h; the signer's certificate is in the seal.
 */
#pragma once

#include "base/crypto.h"
#include "chip/chip-error.h"
#include "format/idb.h"

/* What a seal is on; the issuing state's own numbers (TAMBO_IDB_TYPE). */
typedef enum {
  TAMBO_SEAL_RECEIPT = 1,
  TAMBO_SEAL_DOCUMENT = 2,
  TAMBO_SEAL_PRACTICE = 0x80, /* besides: it is not valid anywhere */
} TamboSealType;

/* The country of the certificate CSCA (PEM), which has two letters there; "<<<" for NULL. */
void tambo_seal_set_country (TamboIdb *idb, const char *csca);
/* Signs IDB with KEY, whose CERTIFICATE (PEM) goes into it. The text of the seal. */
char *tambo_seal_sign (TamboIdb *idb, TamboKey *key, const char *certificate,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
  TamboIdb *idb;
  char *signer; /* the common name of the certificate */
} TamboSeal;

void tambo_seal_free (TamboSeal *seal);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboSeal, tambo_seal_free)

/* Holds TEXT against AUTHORITIES (GBytes, each PEM or DER), of which one has to have certified the signer; the
 * certificate has to have been valid on the day of the seal, and the seal has to be valid on TODAY
 * ("2026-11-22"). AUTHENTICATION names what does not hold; a TAMBO_FORMAT_ERROR when it is no seal at all. */
TamboSeal *tambo_seal_verify (const char *text, GPtrArray *authorities, const char *today,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
