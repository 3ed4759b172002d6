/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * CMS SignedData (RFC 5652) as EF.SOD and EF.CardSecurity use it: one signer, signed attributes, its
 * certificate inside. Private to the room. NAME is the file's, for messages: "the SOD".
 */
#pragma once

#include "base/cleanup.h"
#include "chip/chip-error.h"
#include "chip/signer.h"

/* A CMS message of content type OID and nothing behind it. */
CMS_ContentInfo *tambo_signed_data_parse (gconstpointer data, gsize size, const char *oid,
                                          const char *name,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The content, borrowed from CMS. */
const ASN1_OCTET_STRING *tambo_signed_data_get_content (CMS_ContentInfo *cms, const char *name,
                                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The certificate inside that made the signature, a new reference. Its own standing is the caller's to
 * judge. */
X509 *tambo_signed_data_check_signature (CMS_ContentInfo *cms, const char *name,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* SignedData over CONTENT of type OID as SIGNER's form says, DER. */
GBytes *tambo_signed_data_make (GBytes *content, const char *oid, const TamboSigner *signer,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
