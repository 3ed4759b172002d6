/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Public keys and signatures of card verifiable certificates, TR-03110-3 appendices A.7.3, A.7.4 and
 * D.3.
 */
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/param_build.h>
#include <openssl/rsa.h>

#include "chip/cv-certificate-private.h"
#include "chip/ecdsa-plain.h"
#include "format/tlv.h"

#define TAG_OID 0x06
#define TAG_FIRST 0x81
#define TAG_POINT 0x86
#define TAG_COFACTOR 0x87
#define N_NUMBERS 5
#define MIN_MODULUS 128
#define MAX_MODULUS 512
#define MAX_EXPONENT 4
#define MAX_POINT 133
#define MAX_SIGNATURE 512
#define KIND_RSA 1
#define KIND_ECDSA 2

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EC_GROUP, EC_GROUP_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OSSL_PARAM_BLD, OSSL_PARAM_BLD_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (OSSL_PARAM, OSSL_PARAM_free)

/* id-TA, 0.4.0.127.0.7.2.2.2; then the kind and the number. */
static const guint8 id_ta[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x02, 0x02, 0x02 };

static const EVP_MD *find_hash (TamboCvAlgorithm algorithm, gboolean *out_pss) {
  *out_pss = algorithm.kind == KIND_RSA
             && (algorithm.number == 3 || algorithm.number == 4 || algorithm.number == 6);
  if (algorithm.kind == KIND_RSA)
    switch (algorithm.number) {
    case 1:
    case 3:
      return EVP_sha1 ();
    case 2:
    case 4:
      return EVP_sha256 ();
    case 5:
    case 6:
      return EVP_sha512 ();
    default:
      return NULL;
    }
  return algorithm.kind == KIND_ECDSA ? tambo_ecdsa_plain_hash (algorithm.number) : NULL;
}

/* ---- reading ---- */

static gboolean malformed (GError **error) {
  g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
                       "the terminal's certificate has no proper public key");
  return FALSE;
}

static gboolean unsupported (GError **error, const char *what) {
  g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED,
               "the terminal's certificate has %s that is not known here", what);
  return FALSE;
}

static gboolean take (TamboReader *reader, guint32 tag, gsize min, gsize max, TamboTlv *out_tlv) {
  return tambo_tlv_next (reader, out_tlv) && out_tlv->tag == tag && out_tlv->length >= min
         && out_tlv->length <= max;
}

static gboolean parse_rsa (TamboReader *reader, TamboCvCertificate *certificate, GError **error) {
  TamboTlv modulus, exponent;

  if (!take (reader, TAG_FIRST, MIN_MODULUS, MAX_MODULUS, &modulus)
      || !take (reader, TAG_FIRST + 1, 1, MAX_EXPONENT, &exponent)
      || tambo_reader_left (reader) > 0)
    return malformed (error);
  certificate->modulus = g_bytes_new (modulus.value, modulus.length);
  certificate->exponent = g_bytes_new (exponent.value, exponent.length);
  return TRUE;
}

static gboolean equals (const TamboTlv *tlv, const BIGNUM *number) {
  g_autoptr (BIGNUM) other = BN_bin2bn (tlv->value, (int) tlv->length, NULL);

  return other && BN_cmp (other, number) == 0;
}

static gboolean is_curve (int nid, const TamboTlv numbers[N_NUMBERS]) {
  g_autoptr (EC_GROUP) group = EC_GROUP_new_by_curve_name (nid);
  g_autoptr (BIGNUM) p = BN_new ();
  g_autoptr (BIGNUM) a = BN_new ();
  g_autoptr (BIGNUM) b = BN_new ();
  guint8 generator[MAX_POINT];

  if (!group || !p || !a || !b || EC_GROUP_get_curve (group, p, a, b, NULL) != 1)
    return FALSE;
  gsize size =
      EC_POINT_point2oct (group, EC_GROUP_get0_generator (group), POINT_CONVERSION_UNCOMPRESSED,
                          generator, sizeof generator, NULL);
  return equals (&numbers[0], p) && equals (&numbers[1], a) && equals (&numbers[2], b)
         && numbers[3].length == size && memcmp (numbers[3].value, generator, size) == 0
         && equals (&numbers[4], EC_GROUP_get0_order (group));
}

/* Parameters are those of a curve with a name or none at all: a generator of the author's own choice
 * would let him sign for anybody. */
static int find_curve (const TamboTlv numbers[N_NUMBERS]) {
  static const int curves[] = {
    NID_X9_62_prime192v1, NID_secp224r1,       NID_X9_62_prime256v1, NID_secp384r1,
    NID_secp521r1,        NID_brainpoolP192r1, NID_brainpoolP224r1,  NID_brainpoolP256r1,
    NID_brainpoolP320r1,  NID_brainpoolP384r1, NID_brainpoolP512r1,
  };

  for (gsize i = 0; i < G_N_ELEMENTS (curves); i++)
    if (is_curve (curves[i], numbers))
      return curves[i];
  return 0;
}

static gboolean parse_ecdsa (TamboReader *reader, TamboCvCertificate *certificate, GError **error) {
  TamboReader ahead = *reader;
  TamboTlv numbers[N_NUMBERS], point, cofactor;
  gboolean has_curve = tambo_tlv_next (&ahead, &point) && point.tag == TAG_FIRST;

  for (guint i = 0; has_curve && i < N_NUMBERS; i++)
    if (!take (reader, TAG_FIRST + i, 0, MAX_POINT, &numbers[i]))
      return malformed (error);
  if (!take (reader, TAG_POINT, 3, MAX_POINT, &point))
    return malformed (error);
  if (tambo_reader_left (reader) > 0
      && (!has_curve || !take (reader, TAG_COFACTOR, 1, 1, &cofactor) || cofactor.value[0] != 1
          || tambo_reader_left (reader) > 0))
    return malformed (error);
  certificate->curve = has_curve ? find_curve (numbers) : 0;
  ERR_clear_error ();
  if (has_curve && !certificate->curve)
    return unsupported (error, "a curve");
  certificate->point = g_bytes_new (point.value, point.length);
  return TRUE;
}

gboolean tambo_cv_key_parse (gconstpointer data, gsize size, TamboCvCertificate *certificate,
                             GError **error) {
  TamboReader reader = tambo_reader (data, size);
  TamboTlv oid;
  gboolean pss;

  if (!tambo_tlv_next (&reader, &oid) || oid.tag != TAG_OID)
    return malformed (error);
  if (oid.length != sizeof id_ta + 2 || memcmp (oid.value, id_ta, sizeof id_ta) != 0)
    return unsupported (error, "an algorithm");
  certificate->algorithm.kind = oid.value[sizeof id_ta];
  certificate->algorithm.number = oid.value[sizeof id_ta + 1];
  if (!find_hash (certificate->algorithm, &pss))
    return unsupported (error, "an algorithm");
  return (certificate->algorithm.kind == KIND_RSA ? parse_rsa : parse_ecdsa) (&reader, certificate,
                                                                              error);
}

/* ---- keys ---- */

static EVP_PKEY *make_key (const char *type, OSSL_PARAM_BLD *builder) {
  g_autoptr (OSSL_PARAM) parameters = OSSL_PARAM_BLD_to_param (builder);
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_name (NULL, type, NULL);
  EVP_PKEY *key = NULL;

  if (!parameters || !context || EVP_PKEY_fromdata_init (context) != 1
      || EVP_PKEY_fromdata (context, &key, EVP_PKEY_PUBLIC_KEY, parameters) != 1)
    return NULL;
  return key;
}

static BIGNUM *to_number (GBytes *bytes) {
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);

  return BN_bin2bn (data, (int) size, NULL);
}

static EVP_PKEY *make_rsa_key (const TamboCvCertificate *certificate) {
  g_autoptr (OSSL_PARAM_BLD) builder = OSSL_PARAM_BLD_new ();
  g_autoptr (BIGNUM) n = to_number (certificate->modulus);
  g_autoptr (BIGNUM) e = to_number (certificate->exponent);

  return builder && n && e && OSSL_PARAM_BLD_push_BN (builder, OSSL_PKEY_PARAM_RSA_N, n)
                 && OSSL_PARAM_BLD_push_BN (builder, OSSL_PKEY_PARAM_RSA_E, e)
             ? make_key ("RSA", builder)
             : NULL;
}

static EVP_PKEY *make_ecdsa_key (const TamboCvCertificate *certificate, EVP_PKEY *issuer) {
  g_autoptr (OSSL_PARAM_BLD) builder = OSSL_PARAM_BLD_new ();
  char inherited[64];
  const char *group = certificate->curve ? OBJ_nid2sn (certificate->curve) : inherited;
  gsize size;
  gconstpointer point = g_bytes_get_data (certificate->point, &size);

  if (!certificate->curve
      && (!issuer || EVP_PKEY_get_group_name (issuer, inherited, sizeof inherited, NULL) != 1))
    return NULL;
  return builder && OSSL_PARAM_BLD_push_utf8_string (builder, OSSL_PKEY_PARAM_GROUP_NAME, group, 0)
                 && OSSL_PARAM_BLD_push_octet_string (builder, OSSL_PKEY_PARAM_PUB_KEY, point, size)
             ? make_key ("EC", builder)
             : NULL;
}

EVP_PKEY *tambo_cv_certificate_dup_key (const TamboCvCertificate *certificate, EVP_PKEY *issuer,
                                        GError **error) {
  EVP_PKEY *key = certificate->algorithm.kind == KIND_RSA ? make_rsa_key (certificate)
                                                          : make_ecdsa_key (certificate, issuer);

  ERR_clear_error ();
  if (!key)
    malformed (error);
  return key;
}

gboolean tambo_cv_certificate_is_of (const TamboCvCertificate *certificate, EVP_PKEY *key) {
  gboolean is_rsa = certificate->algorithm.kind == KIND_RSA;

  if (!EVP_PKEY_is_a (key, is_rsa ? "RSA" : "EC"))
    return FALSE;
  g_autoptr (EVP_PKEY) own =
      is_rsa ? make_rsa_key (certificate) : make_ecdsa_key (certificate, key);
  gboolean same = own && EVP_PKEY_eq (own, key) == 1;
  ERR_clear_error ();
  return same;
}

/* ---- signatures ---- */

/* The context is DIGEST's. */
static gboolean set_padding (EVP_PKEY_CTX *context, gboolean pss) {
  return !pss
         || (EVP_PKEY_CTX_set_rsa_padding (context, RSA_PKCS1_PSS_PADDING) == 1
             && EVP_PKEY_CTX_set_rsa_pss_saltlen (context, RSA_PSS_SALTLEN_DIGEST) == 1);
}

static gboolean fits (TamboCvAlgorithm algorithm, EVP_PKEY *key) {
  return EVP_PKEY_is_a (key, algorithm.kind == KIND_RSA ? "RSA" : "EC");
}

GBytes *tambo_cv_sign (TamboCvAlgorithm algorithm, EVP_PKEY *key, gconstpointer data, gsize size) {
  gboolean pss;
  const EVP_MD *hash = find_hash (algorithm, &pss);
  g_autoptr (EVP_MD_CTX) digest = EVP_MD_CTX_new ();
  EVP_PKEY_CTX *context = NULL;
  guint8 signature[MAX_SIGNATURE];
  gsize signature_size = sizeof signature;

  gboolean made = hash && fits (algorithm, key) && digest
                  && EVP_DigestSignInit (digest, &context, hash, NULL, key) == 1
                  && set_padding (context, pss)
                  && EVP_DigestSign (digest, signature, &signature_size, data, size) == 1;
  ERR_clear_error ();
  if (!made)
    return NULL;
  return algorithm.kind == KIND_RSA ? g_bytes_new (signature, signature_size)
                                    : tambo_ecdsa_der_to_plain (key, signature, signature_size);
}

gboolean tambo_cv_verify (TamboCvAlgorithm algorithm, EVP_PKEY *key, gconstpointer data, gsize size,
                          GBytes *signature) {
  gboolean pss;
  const EVP_MD *hash = find_hash (algorithm, &pss);
  g_autoptr (EVP_MD_CTX) digest = EVP_MD_CTX_new ();
  EVP_PKEY_CTX *context = NULL;
  gsize plain_size, signature_size;
  gconstpointer plain = g_bytes_get_data (signature, &plain_size);
  g_autoptr (GBytes) der = algorithm.kind == KIND_RSA
                               ? g_bytes_ref (signature)
                               : tambo_ecdsa_plain_to_der (plain, plain_size);

  if (!hash || !fits (algorithm, key) || !digest || !der)
    return FALSE;
  const guint8 *octets = g_bytes_get_data (der, &signature_size);
  gboolean holds = EVP_DigestVerifyInit (digest, &context, hash, NULL, key) == 1
                   && set_padding (context, pss)
                   && EVP_DigestVerify (digest, octets, signature_size, data, size) == 1;
  ERR_clear_error ();
  return holds;
}
