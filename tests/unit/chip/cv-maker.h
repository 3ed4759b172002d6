/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Makes card verifiable certificates for the tests, TR-03110-3 appendices C.1 and D.
 */
#pragma once

#include "chip/cv-certificate.h"

typedef struct {
  const char *authority, *holder;
  guint8 authorization;
  const char *effective, *expiration; /* YYMMDD */
  gboolean with_curve;
} CvWish;

#define CV_ECDSA_SHA256 ((TamboCvAlgorithm){ 2, 3 })

EVP_PKEY *cv_key (void); /* P-256 */
/* The certificate of KEY, tag 7F21, signed by ISSUER. */
GBytes *cv_make (const CvWish *wish, EVP_PKEY *key, EVP_PKEY *issuer);
GBytes *cv_key_pem (EVP_PKEY *key);
