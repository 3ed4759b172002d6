/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a biometric device signs (SBI, "Device Trust"): JSON Web Signatures in the compact form of
 * RFC 7515, RS256 or ES256, with the signer's certificate in x5c. A certificate is believed when it
 * leads to one of those that the desk was given.
 */
#pragma once

#include <json-glib/json-glib.h>

/* Certificates of device providers. */
typedef struct _TamboSbiTrust TamboSbiTrust;

/* PATH is a file of PEM certificates or a folder of such files (*.pem, *.crt, *.cer). */
TamboSbiTrust *tambo_sbi_trust_load (const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* PEM holds any number of certificates, but one at least. */
TamboSbiTrust *tambo_sbi_trust_new (GBytes *pem, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void tambo_sbi_trust_free (TamboSbiTrust *trust);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboSbiTrust, tambo_sbi_trust_free)

/* The payload of a token, which is WHAT for the messages. */
typedef JsonObject *(*TamboSbiOpener) (const char *token, const char *what, gpointer data,
                                       GError **error);

/* DATA is a TamboSbiTrust: the payload when the signature holds and its certificate is believed now;
 * otherwise UNTRUSTED, or PROTOCOL for what is no token. */
JsonObject *tambo_sbi_token_verify (const char *token, const char *what, gpointer data,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The payload as it stands, signed or not; nothing of it is to be believed. DATA is ignored. */
JsonObject *tambo_sbi_token_peek (const char *token, const char *what, gpointer data,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* RFC 4648 section 5, with or without padding. NULL when malformed. */
GBytes *tambo_sbi_base64url_decode (const char *text, gsize length) G_GNUC_WARN_UNUSED_RESULT;
