/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The few cryptographic operations that the project builds on, over OpenSSL's EVP: random bytes,
 * AES-256-GCM (SP 800-38D), scrypt (RFC 7914), HKDF-SHA256 (RFC 5869), ECDSA and ECDH on P-256.
 * Nothing here chooses a policy. All functions are thread-safe.
 */
#pragma once

#include <glib.h>

#define TAMBO_AES256_KEY_SIZE 32
#define TAMBO_GCM_NONCE_SIZE 12
#define TAMBO_GCM_TAG_SIZE 16
#define TAMBO_P256_POINT_SIZE 65 /* uncompressed: 04 | X | Y */

/* Aborts when the system has no random bytes: nothing safe can follow. */
void tambo_random (gpointer out_data, gsize size);
GBytes *tambo_random_bytes (gsize size);

/* NONCE(12) | ciphertext | TAG(16), with a fresh random nonce. */
GBytes *tambo_aead_seal (GBytes *key, GBytes *associated_data, GBytes *plaintext);
/* INTEGRITY when the tag does not hold; the result is a secret. */
GBytes *tambo_aead_open (GBytes *key, GBytes *associated_data, GBytes *sealed,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* One key for many pieces, for HPKE alone: the key's schedule is computed once, and what is sealed or
 * opened goes where it belongs without a copy. One thread at a time. */
typedef struct _TamboAead TamboAead;
typedef struct {
  gconstpointer data;
  gsize size;
} TamboPiece;

TamboAead *tambo_aead_new (GBytes *key, gboolean is_sealing);
void tambo_aead_clear_free (TamboAead *aead);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboAead, tambo_aead_clear_free)
/* PIECES one behind the other as ciphertext | TAG, to OUT. A nonce is used once. */
void tambo_aead_seal_to (TamboAead *aead, const guint8 nonce[TAMBO_GCM_NONCE_SIZE],
                         TamboPiece associated_data, const TamboPiece *pieces, guint n_pieces,
                         guint8 *out);
/* SEALED is ciphertext | TAG; OUT has room for the plaintext, and holds nothing to be believed when the
 * result is FALSE. */
gboolean tambo_aead_open_to (TamboAead *aead, const guint8 nonce[TAMBO_GCM_NONCE_SIZE],
                             TamboPiece associated_data, TamboPiece sealed,
                             guint8 *out) G_GNUC_WARN_UNUSED_RESULT;

/* N = 2^LOG2_N, r = 8, p = 1; a secret of 32 bytes. Memory of 128 * 8 * N bytes is allowed
 * explicitly, because OpenSSL's default limit refuses it. */
GBytes *tambo_scrypt (GBytes *password, GBytes *salt, guint log2_n,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;

GBytes *tambo_hmac_sha256 (GBytes *key, gconstpointer data, gsize size);
/* RFC 5869 steps; both give secrets. */
GBytes *tambo_hkdf_extract (GBytes *salt, GBytes *key_material);
GBytes *tambo_hkdf_expand (GBytes *prk, GBytes *info, gsize size);

/* A P-256 key, private or public. Immutable and shared by reference. */
typedef struct _TamboKey TamboKey;

TamboKey *tambo_key_generate (void);
TamboKey *tambo_key_ref (TamboKey *key);
void tambo_key_unref (TamboKey *key);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboKey, tambo_key_unref)

gboolean tambo_key_is_private (TamboKey *key);
/* PKCS#8 or SubjectPublicKeyInfo or certificate PEM; a P-256 key is demanded. */
TamboKey *tambo_key_new_from_pem (const char *pem, gssize size,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
TamboKey *tambo_key_new_from_point (gconstpointer point, gsize size,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
TamboKey *tambo_key_new_from_scalar (GBytes *scalar, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The private half stays in TOKEN (base/token.h), which is taken: such a key agrees on secrets, and that
 * may fail with TAMBO_TOKEN_ERROR; it neither signs nor shows its private half. */
typedef struct _TamboToken TamboToken;
TamboKey *tambo_key_new_from_token (TamboToken *token, GError **error) G_GNUC_WARN_UNUSED_RESULT;
GBytes *tambo_key_dup_private_pem (TamboKey *key); /* a secret; PKCS#8, not encrypted */
char *tambo_key_dup_public_pem (TamboKey *key);
GBytes *tambo_key_dup_point (TamboKey *key); /* 65 bytes */
/* The first 16 hexadecimal digits of SHA-256 over the uncompressed point. */
char *tambo_key_dup_id (TamboKey *key);
/* The EVP_PKEY behind it, borrowed, for the rooms that speak X.509 or CMS. */
gpointer tambo_key_get_evp_pkey (TamboKey *key);

/* ECDSA with SHA-256 over DATA; the signature is DER. */
GBytes *tambo_key_sign (TamboKey *key, gconstpointer data, gsize size);
gboolean tambo_key_verify (TamboKey *key, gconstpointer data, gsize size, GBytes *signature);
/* ECDH: the X coordinate, 32 bytes, a secret. */
GBytes *tambo_key_derive (TamboKey *private_key, TamboKey *public_key,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
