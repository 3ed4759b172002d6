/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/key-info.h"

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/pem.h>

#include "base/cleanup.h"
#include "base/error.h"
#include "chip/certificate.h"
#include "chip/signing-key.h"
#include "format/der.h"

#define TAG_INTEGER 0x02
#define TAG_OID 0x06
#define TAG_SEQUENCE 0x30
#define VERSION 1
#define MAX_SIZE (64 * 1024)

/* id-AA, 2.23.136.1.1.5; ecdsa-plain with a hash, 0.4.0.127.0.7.1.1.4.1; id-CA-ECDH, 0.4.0.127.0.7.2.2.3.2;
 * id-PK-ECDH, 0.4.0.127.0.7.2.2.1.2. */
static const guint8 id_aa[] = { 0x67, 0x81, 0x08, 0x01, 0x01, 0x05 };
static const guint8 id_ecdsa_plain[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x01, 0x01, 0x04, 0x01 };
static const guint8 id_ca_ecdh[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x03, 0x02 };
static const guint8 id_pk_ecdh[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x01, 0x02 };

/* The last number of ecdsa-plain-SHA256, -SHA384 and -SHA512. */
enum { PLAIN_SHA256 = 3, PLAIN_SHA384, PLAIN_SHA512 };

/* ---- public keys ---- */

/* OpenSSL would ask on the terminal. */
static int no_password (char *buffer, int size, int is_writing, void *data) {
  return -1;
}

static EVP_PKEY *parse_pem (BIO *bio) {
  EVP_PKEY *key = PEM_read_bio_PUBKEY (bio, NULL, no_password, NULL);

  if (!key && BIO_seek (bio, 0) >= 0)
    key = PEM_read_bio_PrivateKey (bio, NULL, no_password, NULL);
  return key;
}

static EVP_PKEY *parse_certificate (GBytes *bytes) {
  g_autoptr (X509) certificate = tambo_certificate_parse (bytes, NULL);

  return certificate ? X509_get_pubkey (certificate) : NULL;
}

EVP_PKEY *tambo_public_key_parse (GBytes *bytes, GError **error) {
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  const guint8 *end = data;
  EVP_PKEY *key = NULL;

  if (size > 0 && size <= MAX_SIZE) {
    g_autoptr (BIO) bio = BIO_new_mem_buf (data, (int) size);
    key = d2i_PUBKEY (NULL, &end, (long) size);
    if (!key && bio)
      key = parse_pem (bio);
    if (!key)
      key = parse_certificate (bytes);
  }
  ERR_clear_error ();
  if (!key)
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
                         "what should be a public key is none");
  return key;
}

GBytes *tambo_public_key_info (EVP_PKEY *key, GError **error) {
  g_autoptr (EVP_PKEY) copy = EVP_PKEY_dup (key);
  guint8 *der = NULL;
  gboolean ready =
      copy
      && (!EVP_PKEY_is_a (copy, "EC")
          || (EVP_PKEY_set_utf8_string_param (copy, OSSL_PKEY_PARAM_EC_ENCODING,
                                              OSSL_PKEY_EC_ENCODING_EXPLICIT)
                  == 1
              && EVP_PKEY_set_utf8_string_param (copy, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT,
                                                 OSSL_PKEY_EC_POINT_CONVERSION_FORMAT_UNCOMPRESSED)
                     == 1));
  int size = ready ? i2d_PUBKEY (copy, &der) : -1;

  if (size <= 0) {
    tambo_error_set_openssl (error, "the public key cannot be written");
    return NULL;
  }
  GBytes *info = g_bytes_new (der, (gsize) size);
  OPENSSL_free (der);
  return info;
}

/* ---- SecurityInfos ---- */

/* The object identifier PREFIX.LAST. */
static void put_oid (GByteArray *info, const guint8 *prefix, gsize size, guint8 last) {
  g_autoptr (GByteArray) oid = g_byte_array_new ();

  tambo_put_bytes (oid, prefix, size);
  tambo_put_u8 (oid, last);
  tambo_tlv_put (info, TAG_OID, oid->data, oid->len);
}

static void take_info (GPtrArray *infos, GByteArray *info) {
  tambo_tlv_wrap (info, TAG_SEQUENCE);
  g_ptr_array_add (infos, g_byte_array_free_to_bytes (info));
}

void tambo_key_infos_add_pace (GPtrArray *infos, const TamboPaceInfo *pace) {
  g_autoptr (GBytes) file = tambo_card_access_encode (pace, 1);
  TamboReader reader = tambo_reader_for_bytes (file);
  TamboTlv set;

  if (!tambo_tlv_next (&reader, &set))
    g_assert_not_reached ();
  g_ptr_array_add (infos, g_bytes_new (set.value, set.length));
}

void tambo_key_infos_add_active (GPtrArray *infos, EVP_PKEY *key) {
  GByteArray *info;
  int bits = EVP_PKEY_get_bits (key);

  if (!EVP_PKEY_is_a (key, "EC"))
    return;
  info = g_byte_array_new ();
  tambo_tlv_put (info, TAG_OID, id_aa, sizeof id_aa);
  tambo_der_put_number (info, TAG_INTEGER, VERSION);
  put_oid (info, id_ecdsa_plain, sizeof id_ecdsa_plain,
           bits <= 256   ? PLAIN_SHA256
           : bits <= 384 ? PLAIN_SHA384
                         : PLAIN_SHA512);
  take_info (infos, info);
}

gboolean tambo_key_infos_add_chip_authentication (GPtrArray *infos, EVP_PKEY *key,
                                                  TamboPaceCipher cipher, GError **error) {
  g_autoptr (GBytes) public_key = NULL;

  if (!EVP_PKEY_is_a (key, "EC")) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED,
                         "the key of chip authentication is not of a curve");
    return FALSE;
  }
  public_key = tambo_public_key_info (key, error);
  if (!public_key)
    return FALSE;
  GByteArray *offer = g_byte_array_new (), *key_info = g_byte_array_new ();
  put_oid (offer, id_ca_ecdh, sizeof id_ca_ecdh, (guint8) cipher);
  tambo_der_put_number (offer, TAG_INTEGER, VERSION);
  take_info (infos, offer);
  tambo_tlv_put (key_info, TAG_OID, id_pk_ecdh, sizeof id_pk_ecdh);
  tambo_put_bytes (key_info, g_bytes_get_data (public_key, NULL), g_bytes_get_size (public_key));
  take_info (infos, key_info);
  return TRUE;
}

gboolean tambo_key_infos_generate_chip_key (GPtrArray *infos, GBytes **out_pem, GError **error) {
  g_autoptr (EVP_PKEY) pkey = EVP_EC_gen (SN_X9_62_prime256v1);
  g_autoptr (TamboSigningKey) key = pkey ? tambo_signing_key_new (pkey, error) : NULL;

  if (!pkey)
    tambo_error_set_openssl (error, "the key of chip authentication is not made");
  if (!key || !tambo_key_infos_add_chip_authentication (infos, pkey, TAMBO_PACE_AES_128, error))
    return FALSE;
  *out_pem = tambo_signing_key_dup_pem (key);
  return TRUE;
}
