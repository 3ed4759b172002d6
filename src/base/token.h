/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A private key in a PKCS#11 token (smart card, HSM, TPM), named by an RFC 7512 URI. The module is the
 * URI's module-path, or one of p11-kit's configuration. The key stays where it is: what comes out are
 * signatures, shared secrets and what is public.
 *
 * The PIN is what the caller gives, else the URI's pin-source (a file), else the file that
 * TAMBO_PIN_FILE names. A pin-value in the URI can be read by every user of the machine: it is refused
 * unless TAMBO_ALLOW_PIN_VALUE is set, which is for tests.
 */
#pragma once

#include <glib.h>
#include <openssl/evp.h>

#define TAMBO_TOKEN_ERROR (tambo_token_error_quark ())
GQuark tambo_token_error_quark (void);

typedef enum {
  TAMBO_TOKEN_ERROR_URI,         /* not a PKCS#11 URI, or it names more than one token or key */
  TAMBO_TOKEN_ERROR_NO_MODULE,   /* no module, or it cannot be loaded */
  TAMBO_TOKEN_ERROR_NO_TOKEN,    /* no reader holds the token, or it was taken away */
  TAMBO_TOKEN_ERROR_NO_PIN,      /* nobody has given one, or it may not be read */
  TAMBO_TOKEN_ERROR_PIN,         /* wrong */
  TAMBO_TOKEN_ERROR_PIN_FEW,     /* wrong, and the token says that few tries are left */
  TAMBO_TOKEN_ERROR_PIN_LAST,    /* wrong, and the next try is the last */
  TAMBO_TOKEN_ERROR_PIN_LOCKED,  /* only the security officer can help */
  TAMBO_TOKEN_ERROR_NO_KEY,      /* the token has no such key or certificate */
  TAMBO_TOKEN_ERROR_UNSUPPORTED, /* the key or the token cannot do this */
  TAMBO_TOKEN_ERROR_FAILED,      /* the message has the module's own code */
} TamboTokenError;

/* An open session with one private key. May be used from several threads, one call at a time. */
typedef struct _TamboToken TamboToken;

/* TEXT begins as a PKCS#11 URI does. */
gboolean tambo_token_is_uri (const char *text);

TamboToken *tambo_token_open (const char *uri, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* PIN may be NULL: as above. A token to which this process is logged in already takes any PIN. */
TamboToken *tambo_token_open_with_pin (const char *uri, GBytes *pin,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
void tambo_token_free (TamboToken *token);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboToken, tambo_token_free)

/* From the public key object or the certificate of the same CKA_ID, or from the private key itself. */
EVP_PKEY *tambo_token_dup_public_key (TamboToken *token, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* DER; the certificate of the same CKA_ID. */
GBytes *tambo_token_dup_certificate (TamboToken *token, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef enum {
  TAMBO_TOKEN_ECDSA,       /* ECDSA-Sig-Value, DER */
  TAMBO_TOKEN_ECDSA_PLAIN, /* r | s, each as long as the order (TR-03111) */
  TAMBO_TOKEN_RSA_PKCS1,   /* RSASSA-PKCS1-v1_5 */
  TAMBO_TOKEN_RSA_PSS,     /* RSASSA-PSS, MGF1 with the same hash, salt as long as the hash */
} TamboTokenScheme;

/* DIGEST is of the hash that DIGEST_NAME names: "SHA256", … */
GBytes *tambo_token_sign (TamboToken *token, TamboTokenScheme scheme, const char *digest_name,
                          GBytes *digest, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* ECDH against PEER_POINT (uncompressed, 04 | X | Y): the X coordinate, a secret. */
GBytes *tambo_token_derive (TamboToken *token, GBytes *peer_point,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
