/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The document signer of a headquarters and the CSCA above it. The CSCA's key is in a file; the signer's
 * is in a file (signer.pem of hq/key-folder.h) or in a PKCS#11 token, whose URI is in signer.uri and whose
 * PIN the URI's pin-source or TAMBO_PIN_FILE tells.
 */
#pragma once

#include "hq/headquarters.h"

/* Makes a CSCA and a signer under it in FOLDER. */
gboolean tambo_document_signer_create (const char *folder, const TamboHqSettings *settings,
                                       GError **error);
/* Puts another signer in the place of the one that FOLDER has: the key that URI names, or with NULL a new
 * one in a file. The CSCA certifies it; documents that the old one signed stay valid. */
gboolean tambo_document_signer_replace (const char *folder, const char *name, const char *uri,
                                        GError **error);
/* Opens the token, where the key is in one. */
TamboSigner *tambo_document_signer_open (const char *folder,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
