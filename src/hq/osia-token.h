/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Bearer tokens of other systems: JSON Web Tokens (RFC 7519) signed with ECDSA P-256 (ES256, RFC 7518, 3.4), and
 * nothing else, after RFC 8725. Whoever has the private key gives them out: 'tambo-hq osia token', or an
 * authorization server whose public key lies in the folder as osia.pem.
 */
#pragma once

#include "base/crypto.h"

#define TAMBO_OSIA_AUDIENCE "osia"

typedef struct {
  char *client; /* "sub" */
  char **scopes;
} TamboOsiaToken;

void tambo_osia_token_free (TamboOsiaToken *token);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboOsiaToken, tambo_osia_token_free)

/* SCOPE is a list with blanks between. */
char *tambo_osia_token_sign (TamboKey *key, const char *issuer, const char *client,
                             const char *scope, gint64 now, gint64 seconds);
/* TOKEN (TAMBO_HQ_ERROR) for one that is malformed, not KEY's, for somebody else or out of its time. */
TamboOsiaToken *tambo_osia_token_verify (const char *text, TamboKey *key, gint64 now,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
