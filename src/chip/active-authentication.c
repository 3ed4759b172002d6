/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/active-authentication.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/crypto.h"
#include "chip/data-group.h"
#include "chip/ecdsa-plain.h"
#include "chip/file-access.h"
#include "chip/key-info.h"
#include "chip/status.h"
#include "chip/verdict.h"
#include "format/tlv.h"

#define INS_INTERNAL_AUTHENTICATE 0x88
#define HEADER 0x6A /* partial recovery, a trailer, and no padding beyond this octet */
#define TRAILER_SHA1 0xBC
#define TRAILER_EXPLICIT 0xCC
#define MAX_SIGNATURE 1024
#define MAX_SHORT_SIGNATURE 231 /* what a short answer carries under 3DES */
#define KEY_BITS 1024
#define KEY_SIZE 128
#define SECURITY_INFO 0x30
#define TAG_OID 0x06

/* 0.4.0.127.0.7.1.1.4.1.n, ecdsa-plain-signatures of TR-03111; n is the hash. And the object identifier
 * of ActiveAuthenticationInfo, 2.23.136.1.1.5. */
static const guint8 oid_active[] = { 0x67, 0x81, 0x08, 0x01, 0x01, 0x05 };
static const guint8 oid_plain[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x01, 0x01, 0x04, 0x01 };

static void set_wrong (GError **error, const char *cause) {
  g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION, "%s", cause);
}

/* ---- RSA ---- */

/* ISO/IEC 10118 numbers, the octet before CC. */
static const EVP_MD *hash_of_trailer (guint8 identifier) {
  switch (identifier) {
  case 0x33:
    return EVP_sha1 ();
  case 0x34:
    return EVP_sha256 ();
  case 0x35:
    return EVP_sha512 ();
  case 0x36:
    return EVP_sha384 ();
  case 0x38:
    return EVP_sha224 ();
  default:
    return NULL;
  }
}

gboolean tambo_iso9796_2_check (gconstpointer representative, gsize size, gconstpointer challenge,
                                gsize challenge_size) {
  const guint8 *f = representative;
  guint8 digest[EVP_MAX_MD_SIZE];

  if (size < 3 || f[0] != HEADER)
    return FALSE;
  gsize trailer = f[size - 1] == TRAILER_SHA1 ? 1 : 2;
  const EVP_MD *hash = trailer == 1                      ? EVP_sha1 ()
                       : f[size - 1] == TRAILER_EXPLICIT ? hash_of_trailer (f[size - 2])
                                                         : NULL;
  if (!hash)
    return FALSE;
  gsize hash_size = (gsize) EVP_MD_get_size (hash);
  if (size < 1 + hash_size + trailer)
    return FALSE;
  gsize m1_size = size - 1 - hash_size - trailer;
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();
  if (!context || EVP_DigestInit_ex (context, hash, NULL) != 1
      || EVP_DigestUpdate (context, f + 1, m1_size) != 1
      || EVP_DigestUpdate (context, challenge, challenge_size) != 1
      || EVP_DigestFinal_ex (context, digest, NULL) != 1)
    return FALSE;
  return memcmp (digest, f + 1 + m1_size, hash_size) == 0;
}

/* The scheme allows the smaller of s and n - s to be sent: then the representative does not end in 1100
 * and n minus it does. Both are tried. */
static gboolean recover (EVP_PKEY *key, GBytes *signature, GByteArray *out_f, gboolean complement) {
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new (key, NULL);
  g_autoptr (BIGNUM) n = NULL;
  gsize size = (gsize) EVP_PKEY_get_size (key), signature_size;
  const guint8 *data = g_bytes_get_data (signature, &signature_size);

  if (signature_size != size || size > MAX_SIGNATURE)
    return FALSE;
  g_byte_array_set_size (out_f, (guint) size);
  if (!context || EVP_PKEY_encrypt_init (context) != 1
      || EVP_PKEY_CTX_set_rsa_padding (context, RSA_NO_PADDING) != 1
      || EVP_PKEY_encrypt (context, out_f->data, &size, data, signature_size) != 1)
    return FALSE;
  if (!complement)
    return TRUE;
  g_autoptr (BIGNUM) f = BN_bin2bn (out_f->data, (int) size, NULL);
  return f && EVP_PKEY_get_bn_param (key, OSSL_PKEY_PARAM_RSA_N, &n) && BN_sub (f, n, f)
         && BN_bn2binpad (f, out_f->data, (int) size) == (int) size;
}

static gboolean verify_rsa (EVP_PKEY *key, const guint8 *challenge, GBytes *signature,
                            GError **error) {
  for (int complement = 0; complement < 2; complement++) {
    g_autoptr (GByteArray) f = g_byte_array_new ();
    if (!recover (key, signature, f, complement))
      continue;
    gsize skip = 0; /* a modulus whose size is no multiple of eight bits leaves a zero before */
    while (skip < f->len && f->data[skip] == 0)
      skip++;
    if (tambo_iso9796_2_check (f->data + skip, f->len - skip, challenge,
                               TAMBO_ACTIVE_CHALLENGE_SIZE))
      return TRUE;
  }
  set_wrong (error, "the chip's signature is not one of the key in DG15");
  return FALSE;
}

/* ---- ECDSA ---- */

/* ActiveAuthenticationInfo { id-AA, version 1, signatureAlgorithm } */
static const EVP_MD *find_hash (GBytes *dg14) {
  g_autoptr (GPtrArray) infos = dg14 ? tambo_dg14_parse (dg14, NULL) : NULL;

  for (guint i = 0; infos && i < infos->len; i++) {
    TamboReader reader = tambo_reader_for_bytes (g_ptr_array_index (infos, i));
    TamboTlv info, oid, version, algorithm;
    if (!tambo_tlv_next (&reader, &info) || info.tag != SECURITY_INFO)
      continue;
    reader = tambo_reader (info.value, info.length);
    if (tambo_tlv_next (&reader, &oid) && oid.length == sizeof oid_active
        && memcmp (oid.value, oid_active, sizeof oid_active) == 0
        && tambo_tlv_next (&reader, &version) && tambo_tlv_next (&reader, &algorithm)
        && algorithm.tag == TAG_OID && algorithm.length == sizeof oid_plain + 1
        && memcmp (algorithm.value, oid_plain, sizeof oid_plain) == 0)
      return tambo_ecdsa_plain_hash (algorithm.value[sizeof oid_plain]);
  }
  return NULL;
}

/* Without a name for it: the hash as long as the curve, or the next shorter one. */
static const EVP_MD *hash_of_size (int bits) {
  return bits < 224   ? EVP_sha1 ()
         : bits < 256 ? EVP_sha224 ()
         : bits < 384 ? EVP_sha256 ()
         : bits < 512 ? EVP_sha384 ()
                      : EVP_sha512 ();
}

static gboolean holds (EVP_PKEY *key, const EVP_MD *hash, const guint8 *challenge, GBytes *der) {
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();
  gsize size;
  const guint8 *data = g_bytes_get_data (der, &size);

  return context && EVP_DigestVerifyInit (context, NULL, hash, NULL, key) == 1
         && EVP_DigestVerify (context, data, size, challenge, TAMBO_ACTIVE_CHALLENGE_SIZE) == 1;
}

static gboolean verify_ecdsa (EVP_PKEY *key, GBytes *dg14, const guint8 *challenge,
                              GBytes *signature, GError **error) {
  const EVP_MD *named = find_hash (dg14);
  const EVP_MD *hash = named ? named : hash_of_size (EVP_PKEY_get_bits (key));
  gsize size;
  gconstpointer data = g_bytes_get_data (signature, &size);
  g_autoptr (GBytes) der = tambo_ecdsa_plain_to_der (data, size);

  if ((der && holds (key, hash, challenge, der)) || holds (key, hash, challenge, signature))
    return TRUE;
  set_wrong (error, "the chip's signature is not one of the key in DG15");
  return FALSE;
}

/* ---- both ---- */

static EVP_PKEY *load_key (GBytes *dg15, GError **error) {
  g_autoptr (GBytes) info = tambo_dg15_parse (dg15, error);
  if (!info)
    return NULL;
  gsize size;
  const unsigned char *data = g_bytes_get_data (info, &size);
  EVP_PKEY *key = d2i_PUBKEY (NULL, &data, (long) size);
  if (!key)
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
                         "DG15 holds no public key");
  return key;
}

gboolean tambo_active_authentication_verify (GBytes *dg15, GBytes *dg14,
                                             const guint8 challenge[TAMBO_ACTIVE_CHALLENGE_SIZE],
                                             GBytes *signature, GError **error) {
  g_autoptr (EVP_PKEY) key = load_key (dg15, error);
  if (!key)
    return FALSE;
  if (EVP_PKEY_get_base_id (key) == EVP_PKEY_RSA)
    return verify_rsa (key, challenge, signature, error);
  if (EVP_PKEY_get_base_id (key) == EVP_PKEY_EC)
    return verify_ecdsa (key, dg14, challenge, signature, error);
  g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED,
                       "the key in DG15 is neither RSA nor ECDSA");
  return FALSE;
}

/* A chip that has the group, but not the key, is what a clone looks like. */
static gboolean ask (TamboChannel *channel, TamboSecureMessaging *sm, const TamboLds *lds,
                     GCancellable *cancellable, GError **error) {
  guint8 challenge[TAMBO_ACTIVE_CHALLENGE_SIZE];
  TamboCommand command = {
    .ins = INS_INTERNAL_AUTHENTICATE, .data = challenge, .size = sizeof challenge, .le = 256
  };
  g_auto (TamboResponse) response = { 0 };
  g_autoptr (EVP_PKEY) key = load_key (lds->files[TAMBO_LDS_DG15], error);

  if (!key)
    return FALSE;
  if (EVP_PKEY_get_size (key) > MAX_SHORT_SIGNATURE)
    command.le = 65536;
  tambo_random (challenge, sizeof challenge);
  if (!tambo_file_transmit (channel, sm, &command, &response, cancellable, error))
    return FALSE;
  if (response.sw != TAMBO_SW_OK) {
    tambo_status_set_error (error, TAMBO_CHIP_ERROR_AUTHENTICATION, "INTERNAL AUTHENTICATE",
                            response.sw);
    return FALSE;
  }
  return tambo_active_authentication_verify (lds->files[TAMBO_LDS_DG15], lds->files[TAMBO_LDS_DG14],
                                             challenge, response.data, error);
}

gboolean tambo_active_authentication (TamboChannel *channel, TamboSecureMessaging *sm,
                                      const TamboLds *lds, GPtrArray *verdicts,
                                      GCancellable *cancellable, GError **error) {
  static const char check[] = "active-authentication";
  g_autoptr (GError) problem = NULL;

  if (!lds->files[TAMBO_LDS_DG15]) {
    tambo_verdict_add (verdicts, check, TAMBO_VERDICT_SKIPPED, "the chip has no DG15");
    return TRUE;
  }
  if (ask (channel, sm, lds, cancellable, &problem)) {
    tambo_verdict_add (verdicts, check, TAMBO_VERDICT_PASSED, "%s", "");
    return TRUE;
  }
  if (g_error_matches (problem, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED)) {
    tambo_verdict_add (verdicts, check, TAMBO_VERDICT_SKIPPED, "%s", problem->message);
    return TRUE;
  }
  return tambo_verdict_settle (verdicts, check, g_steal_pointer (&problem), error);
}

/* ---- a key for a new chip ---- */

void tambo_active_key_clear (TamboActiveKey *key) {
  g_clear_pointer (&key->modulus, g_bytes_unref);
  g_clear_pointer (&key->private_exponent, g_bytes_unref);
  g_clear_pointer (&key->curve_key, g_bytes_unref);
}

static GBytes *take_number (EVP_PKEY *key, const char *name) {
  g_autoptr (BIGNUM) value = NULL;
  guint8 octets[KEY_SIZE];
  GBytes *number = NULL;

  if (EVP_PKEY_get_bn_param (key, name, &value)
      && BN_bn2binpad (value, octets, sizeof octets) == sizeof octets)
    number = tambo_secret_new (octets, sizeof octets);
  tambo_secret_wipe (octets, sizeof octets);
  return number;
}

static gboolean take_numbers (EVP_PKEY *key, TamboActiveKey *out_key) {
  out_key->modulus = take_number (key, OSSL_PKEY_PARAM_RSA_N);
  out_key->private_exponent = take_number (key, OSSL_PKEY_PARAM_RSA_D);
  return out_key->modulus && out_key->private_exponent;
}

static gboolean take_curve_key (EVP_PKEY *key, TamboActiveKey *out_key) {
  unsigned char *der = NULL;
  int size = i2d_PrivateKey (key, &der);

  if (size > 0)
    out_key->curve_key = tambo_secret_new (der, (gsize) size);
  OPENSSL_clear_free (der, size > 0 ? (gsize) size : 0);
  return size > 0;
}

static gboolean take_key (EVP_PKEY *key, TamboActiveKey *out_key, GBytes **out_dg15,
                          GError **error) {
  g_auto (TamboActiveKey) taken = { 0 };
  gboolean fits = FALSE;

  if (key && EVP_PKEY_is_a (key, "EC"))
    fits = take_curve_key (key, &taken);
  else if (key && EVP_PKEY_is_a (key, "RSA") && EVP_PKEY_get_bits (key) == KEY_BITS)
    fits = take_numbers (key, &taken);
  if (!fits) {
    ERR_clear_error ();
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED,
                         "active authentication wants a private key on a curve, or an RSA key of "
                         "1024 bits");
    return FALSE;
  }
  g_autoptr (GBytes) info = tambo_public_key_info (key, error);
  if (!info)
    return FALSE;
  *out_dg15 = tambo_dg15_encode (info);
  *out_key = taken;
  taken = (TamboActiveKey){ 0 };
  return TRUE;
}

gboolean tambo_active_key_generate (TamboActiveKey *out_key, GBytes **out_dg15, GError **error) {
  g_autoptr (EVP_PKEY) key = EVP_RSA_gen (KEY_BITS);

  return take_key (key, out_key, out_dg15, error);
}

/* A key that asks for a password is refused: there is nobody to ask. */
static int refuse_password (char *buffer, int size, int rwflag, void *data) {
  return -1;
}

gboolean tambo_active_key_parse (GBytes *pem, TamboActiveKey *out_key, GBytes **out_dg15,
                                 GError **error) {
  gsize size;
  gconstpointer data = g_bytes_get_data (pem, &size);
  g_autoptr (BIO) bio = size <= G_MAXINT ? BIO_new_mem_buf (data, (int) size) : NULL;
  g_autoptr (EVP_PKEY) key =
      bio ? PEM_read_bio_PrivateKey (bio, NULL, refuse_password, NULL) : NULL;

  return take_key (key, out_key, out_dg15, error);
}
