/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What an inspection trusts, and what it judges a document signer by: CSCA certificates and their link
 * certificates (Doc 9303-12 section 7.1), CSCA master lists (section 8) and revocation lists (section
 * 7.1.4). Private to the room.
 */
#pragma once

#include <time.h>

#include "base/cleanup.h"
#include "chip/chip-error.h"

typedef struct _TamboCertificateStore TamboCertificateStore;

/* FILES (GBytes, NULL for none) are told apart by what they are: one certificate, DER; certificates and
 * lists in PEM, as many as there are; a revocation list, DER; a master list. A certificate that signed
 * itself is trusted; another is a link, which is trusted when its chain ends in one that is. A master
 * list is taken up when its signer stands under a CSCA that was given besides: AUTHENTICATION
 * otherwise, MALFORMED for what is none of these. */
TamboCertificateStore *tambo_certificate_store_new (GPtrArray *files,
                                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
void tambo_certificate_store_free (TamboCertificateStore *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboCertificateStore, tambo_certificate_store_free)

/* Certificates, links among them. */
guint tambo_certificate_store_count (const TamboCertificateStore *store);

/* The certificates from SIGNER to one that is trusted (X509, owned by the array): names, keys,
 * signatures and constraints hold, and elliptic curves have names; dates are not looked at.
 * AUTHENTICATION says what is missing. */
GPtrArray *tambo_certificate_store_find_chain (const TamboCertificateStore *store, X509 *signer,
                                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* None of CHAIN is on a list that its issuer signed, and the list is of today. OUT_LISTED tells whether
 * there was a list to ask. */
gboolean tambo_certificate_store_check_revocation (const TamboCertificateStore *store,
                                                   GPtrArray *chain, gboolean *out_listed,
                                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
