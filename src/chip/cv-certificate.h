/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Card verifiable certificates of inspection systems, TR-03110-3 appendices C.1, C.4.1 and D: a country
 * verifying authority (CVCA), its document verifiers (DV), their inspection systems (IS). Doc 9303-11
 * section 7.1 takes them for terminal authentication. Both ends: the terminal shows them, the simulated
 * chip verifies them.
 */
#pragma once

#include "base/cleanup.h"
#include "chip/chip-error.h"

#define TAMBO_CV_REFERENCE_SIZE 16

/* Appendix C.4.1, the two highest bits of the authorization. */
typedef enum {
  TAMBO_CV_ROLE_INSPECTION_SYSTEM,
  TAMBO_CV_ROLE_FOREIGN_VERIFIER,
  TAMBO_CV_ROLE_DOMESTIC_VERIFIER,
  TAMBO_CV_ROLE_AUTHORITY,
} TamboCvRole;

#define TAMBO_CV_RIGHT_DG3 0x01
#define TAMBO_CV_RIGHT_DG4 0x02
#define TAMBO_CV_RIGHTS 0x3F

/* Appendices A.7.3 and A.7.4: id-TA-RSA.N or id-TA-ECDSA.N. */
typedef struct {
  guint8 kind; /* 1 RSA, 2 ECDSA */
  guint8 number;
} TamboCvAlgorithm;

typedef struct {
  GBytes *message;                             /* body and signature, as a chip takes them */
  gsize body_size;                             /* of them, what is signed */
  GBytes *signature;                           /* its value */
  char authority[TAMBO_CV_REFERENCE_SIZE + 1]; /* whose key signed it */
  char holder[TAMBO_CV_REFERENCE_SIZE + 1];    /* whose key it holds */
  TamboCvRole role;
  guint8 rights;
  guint32 effective, expiration; /* yyyymmdd; the last day counts */
  TamboCvAlgorithm algorithm;    /* of the key that it holds */
  int curve;                  /* OpenSSL's NID; 0 for RSA and for a key over its issuer's curve */
  GBytes *point;              /* ECDSA */
  GBytes *modulus, *exponent; /* RSA */
} TamboCvCertificate;

/* One certificate, tag 7F21, nothing behind. MALFORMED; UNSUPPORTED for an algorithm or a curve that is
 * not known here, and for terminals that do not inspect. */
TamboCvCertificate *tambo_cv_certificate_parse (gconstpointer data, gsize size,
                                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same of body and signature alone, the data of PSO:Verify Certificate. */
TamboCvCertificate *tambo_cv_certificate_parse_message (gconstpointer data, gsize size,
                                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
void tambo_cv_certificate_free (TamboCvCertificate *certificate);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboCvCertificate, tambo_cv_certificate_free)

/* The public key; over the curve of ISSUER (NULL without) where the certificate has none. MALFORMED for
 * a point that is not on it. */
EVP_PKEY *tambo_cv_certificate_dup_key (const TamboCvCertificate *certificate, EVP_PKEY *issuer,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The certificate holds the public half of KEY. */
gboolean tambo_cv_certificate_is_of (const TamboCvCertificate *certificate, EVP_PKEY *key);
/* The signature holds under the ISSUER's key and algorithm. AUTHENTICATION. */
gboolean tambo_cv_certificate_verify (const TamboCvCertificate *certificate, EVP_PKEY *issuer,
                                      TamboCvAlgorithm algorithm,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Signatures by ALGORITHM; ECDSA plain. NULL when KEY does not fit it. */
GBytes *tambo_cv_sign (TamboCvAlgorithm algorithm, EVP_PKEY *key, gconstpointer data,
                       gsize size) G_GNUC_WARN_UNUSED_RESULT;
gboolean tambo_cv_verify (TamboCvAlgorithm algorithm, EVP_PKEY *key, gconstpointer data, gsize size,
                          GBytes *signature) G_GNUC_WARN_UNUSED_RESULT;
