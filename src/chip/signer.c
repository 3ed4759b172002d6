/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Makes the certificates of Doc 9303-12 section 7.1, table 6: CSCA and document signer.
 */
#include <string.h>
#include <time.h>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/crypto.h"
#include "base/error.h"
#include "chip/certificate.h"
#include "chip/signer.h"
#include "format/tlv.h"

#define SERIAL_SIZE 16
#define OID_DOCUMENT_TYPE_LIST "2.23.136.1.1.6.2"

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PKEY_USAGE_PERIOD, PKEY_USAGE_PERIOD_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GENERAL_NAMES, GENERAL_NAMES_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GENERAL_NAME, GENERAL_NAME_free)

void tambo_signer_free (TamboSigner *signer) {
  if (!signer)
    return;
  g_clear_pointer (&signer->key, tambo_signing_key_unref);
  g_free (signer->certificate);
  g_free (signer);
}

const char *tambo_signer_get_digest (const TamboSigner *signer) {
  return signer->form.digest ? signer->form.digest : tambo_signing_key_get_digest (signer->key);
}

static TamboSigner *take_certificate (TamboSigningKey *key, X509 *certificate, GError **error) {
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
  char *data;

  if (!bio || PEM_write_bio_X509 (bio, certificate) != 1) {
    tambo_error_set_openssl (error, "the certificate could not be written");
    return NULL;
  }
  long size = BIO_get_mem_data (bio, &data);
  TamboSigner *signer = g_new0 (TamboSigner, 1);
  signer->key = tambo_signing_key_ref (key);
  signer->certificate = g_strndup (data, (gsize) size);
  return signer;
}

TamboSigner *tambo_signer_new (TamboSigningKey *key, GBytes *file, GError **error) {
  g_autoptr (X509) certificate = tambo_certificate_parse (file, error);

  if (!certificate)
    return NULL;
  EVP_PKEY *pkey = X509_get0_pubkey (certificate);
  gboolean same = pkey && EVP_PKEY_eq (pkey, tambo_signing_key_get_public (key)) == 1;
  ERR_clear_error ();
  if (!same) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED,
                         "the signer's certificate is of another key");
    return NULL;
  }
  return take_certificate (key, certificate, error);
}

TamboSigner *tambo_signer_new_from_token (const char *uri, GBytes *certificate, GError **error) {
  g_autoptr (TamboToken) token = tambo_token_open (uri, error);
  if (!token)
    return NULL;
  g_autoptr (GBytes) file =
      certificate ? g_bytes_ref (certificate) : tambo_token_dup_certificate (token, error);
  g_autoptr (TamboSigningKey) key =
      file ? tambo_signing_key_new_from_token (g_steal_pointer (&token), error) : NULL;

  return key ? tambo_signer_new (key, file, error) : NULL;
}

/* The public half; a curve's with its curve written out as numbers, section 4.1.6.3. */
static EVP_PKEY *dup_public_key (TamboSigningKey *key) {
  g_autoptr (EVP_PKEY) copy = EVP_PKEY_dup (tambo_signing_key_get_public (key));

  if (!copy
      || (!tambo_signing_key_is_rsa (key)
          && (EVP_PKEY_set_utf8_string_param (copy, OSSL_PKEY_PARAM_EC_ENCODING,
                                              OSSL_PKEY_EC_ENCODING_EXPLICIT)
                  != 1
              || EVP_PKEY_set_utf8_string_param (copy, OSSL_PKEY_PARAM_EC_POINT_CONVERSION_FORMAT,
                                                 OSSL_PKEY_EC_POINT_CONVERSION_FORMAT_UNCOMPRESSED)
                     != 1)))
    return NULL;
  return g_steal_pointer (&copy);
}

static gboolean set_serial (X509 *certificate) {
  guint8 octets[SERIAL_SIZE];

  tambo_random (octets, sizeof octets);
  octets[0] = (octets[0] & 0x3F) | 0x40; /* positive, and of one length always */
  g_autoptr (BIGNUM) number = BN_bin2bn (octets, sizeof octets, NULL);
  return number && BN_to_ASN1_INTEGER (number, X509_get_serialNumber (certificate));
}

static gboolean set_name (X509_NAME *name, const char *country, const char *common_name) {
  return X509_NAME_add_entry_by_NID (name, NID_countryName, V_ASN1_PRINTABLESTRING,
                                     (const guint8 *) country, -1, -1, 0)
             == 1
         && X509_NAME_add_entry_by_NID (name, NID_commonName, V_ASN1_UTF8STRING,
                                        (const guint8 *) common_name, -1, -1, 0)
                == 1;
}

/* YEARS from now, but never past the issuer: a chain holds only while all of it is valid. */
static gboolean set_validity (X509 *certificate, X509 *issuer, int years) {
  time_t now = time (NULL);
  int days = years * 365 + years / 4;

  if (!X509_time_adj_ex (X509_getm_notBefore (certificate), 0, 0, &now)
      || !X509_time_adj_ex (X509_getm_notAfter (certificate), days, 0, &now))
    return FALSE;
  if (issuer != certificate
      && ASN1_TIME_compare (X509_get0_notAfter (certificate), X509_get0_notAfter (issuer)) > 0)
    return X509_set1_notAfter (certificate, X509_get0_notAfter (issuer)) == 1;
  return TRUE;
}

static gboolean add_extension (X509 *certificate, X509 *issuer, int nid, const char *value) {
  X509V3_CTX context;

  X509V3_set_ctx (&context, issuer, certificate, NULL, NULL, 0);
  g_autoptr (X509_EXTENSION) extension = X509V3_EXT_nconf_nid (NULL, &context, nid, value);
  return extension && X509_add_ext (certificate, extension, -1) == 1;
}

static gboolean add_usage_period (X509 *certificate) {
  g_autoptr (PKEY_USAGE_PERIOD) period = PKEY_USAGE_PERIOD_new ();

  if (!period)
    return FALSE;
  period->notBefore = ASN1_TIME_to_generalizedtime (X509_get0_notBefore (certificate), NULL);
  period->notAfter = ASN1_TIME_to_generalizedtime (X509_get0_notAfter (certificate), NULL);
  return period->notBefore && period->notAfter
         && X509_add1_ext_i2d (certificate, NID_private_key_usage_period, period, 0,
                               X509V3_ADD_DEFAULT)
                == 1;
}

/* The state as a directory name with a locality, the contact that table 6 wants at least. */
static gboolean add_alternative_name (X509 *certificate, int nid, const char *state) {
  g_autoptr (GENERAL_NAMES) names = GENERAL_NAMES_new ();
  g_autoptr (GENERAL_NAME) entry = GENERAL_NAME_new ();
  g_autoptr (X509_NAME) name = X509_NAME_new ();

  if (!names || !entry || !name
      || X509_NAME_add_entry_by_NID (name, NID_localityName, V_ASN1_PRINTABLESTRING,
                                     (const guint8 *) state, -1, -1, 0)
             != 1)
    return FALSE;
  GENERAL_NAME_set0_value (entry, GEN_DIRNAME, g_steal_pointer (&name));
  if (sk_GENERAL_NAME_push (names, entry) <= 0)
    return FALSE;
  (void) g_steal_pointer (&entry);
  return X509_add1_ext_i2d (certificate, nid, names, 0, X509V3_ADD_DEFAULT) == 1;
}

/* DocumentTypeListSyntax of section 7.1.1.6: what this signer may sign, by the first MRZ letters. */
static gboolean add_document_types (X509 *certificate) {
  static const char types[] = { 'A', 'C', 'I', 'P' };
  g_autoptr (GByteArray) set = g_byte_array_new ();
  g_autoptr (GByteArray) list = g_byte_array_new ();
  g_autoptr (ASN1_OBJECT) oid = OBJ_txt2obj (OID_DOCUMENT_TYPE_LIST, 1);
  g_autoptr (ASN1_OCTET_STRING) value = ASN1_OCTET_STRING_new ();

  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    tambo_tlv_put (set, V_ASN1_PRINTABLESTRING, &types[i], 1);
  tambo_tlv_put (list, V_ASN1_INTEGER, "\0", 1);
  tambo_tlv_put (list, V_ASN1_SET | V_ASN1_CONSTRUCTED, set->data, set->len);
  tambo_tlv_wrap (list, V_ASN1_SEQUENCE | V_ASN1_CONSTRUCTED);
  if (!oid || !value || !ASN1_OCTET_STRING_set (value, list->data, (int) list->len))
    return FALSE;
  g_autoptr (X509_EXTENSION) extension = X509_EXTENSION_create_by_OBJ (NULL, oid, FALSE, value);
  return extension && X509_add_ext (certificate, extension, -1) == 1;
}

static gboolean add_extensions (X509 *certificate, X509 *issuer, const char *state) {
  gboolean is_csca = certificate == issuer;

  return add_extension (certificate, issuer, NID_subject_key_identifier, "hash")
         && add_extension (certificate, issuer, NID_authority_key_identifier, "keyid:always")
         && add_extension (certificate, issuer, NID_key_usage,
                           is_csca ? "critical,keyCertSign,cRLSign" : "critical,digitalSignature")
         && (!is_csca
             || add_extension (certificate, issuer, NID_basic_constraints,
                               "critical,CA:TRUE,pathlen:0"))
         && add_usage_period (certificate)
         && add_alternative_name (certificate, NID_subject_alt_name, state)
         && add_alternative_name (certificate, NID_issuer_alt_name, state)
         && (is_csca || add_document_types (certificate));
}

/* With RSASSA-PSS where FORM says so, as the SOD is. */
static gboolean sign_certificate (X509 *certificate, const TamboSigner *above) {
  EVP_PKEY *pkey = tambo_signing_key_get_private (above->key);
  const EVP_MD *digest = EVP_get_digestbyname (tambo_signer_get_digest (above));
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();
  EVP_PKEY_CTX *parameters = NULL;

  return context && EVP_DigestSignInit (context, &parameters, digest, NULL, pkey) == 1
         && (!above->form.pss || !tambo_signing_key_is_rsa (above->key)
             || (EVP_PKEY_CTX_set_rsa_padding (parameters, RSA_PKCS1_PSS_PADDING) == 1
                 && EVP_PKEY_CTX_set_rsa_pss_saltlen (parameters, RSA_PSS_SALTLEN_DIGEST) == 1))
         && X509_sign_ctx (certificate, context) > 0;
}

/* What a certificate says besides its names. */
typedef struct {
  const char *state, *common_name;
  int years;
} Profile;

/* ISSUER is NULL for a CSCA, which signs itself: ABOVE has its key. */
static TamboSigner *make_signer (TamboSigningKey *key, X509 *issuer, const TamboSigner *above,
                                 const Profile *profile, GError **error) {
  g_autoptr (X509) certificate = X509_new ();
  g_autoptr (EVP_PKEY) public_key = dup_public_key (key);
  X509 *parent = issuer ? issuer : certificate;

  if (!tambo_signing_key_get_private (above->key)) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED,
                         "certificates are signed by a CSCA whose key is in a file");
    return NULL;
  }
  if (!certificate || !public_key || X509_set_version (certificate, X509_VERSION_3) != 1
      || !set_serial (certificate)
      || !set_name (X509_get_subject_name (certificate), profile->state, profile->common_name)
      || X509_set_issuer_name (certificate, X509_get_subject_name (parent)) != 1
      || !set_validity (certificate, parent, profile->years)
      || X509_set_pubkey (certificate, public_key) != 1
      || !add_extensions (certificate, parent, profile->state)
      || !sign_certificate (certificate, above)) {
    tambo_error_set_openssl (error, "the certificate could not be made");
    return NULL;
  }
  return take_certificate (key, certificate, error);
}

static gboolean check_years (int years, GError **error) {
  if (years >= 1 && years <= 30)
    return TRUE;
  g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED,
               "a certificate cannot be valid for %d years", years);
  return FALSE;
}

static TamboSigningKey *generate_key (GError **error) {
  g_autoptr (EVP_PKEY) pkey = EVP_EC_gen (SN_X9_62_prime256v1);

  if (!pkey)
    g_error ("OpenSSL cannot make a P-256 key");
  return tambo_signing_key_new (pkey, error);
}

TamboSigner *tambo_csca_new_for_key (TamboSigningKey *key, const TamboSignatureForm *form,
                                     const char *country, const char *common_name, int years,
                                     GError **error) {
  g_autofree char *state = g_ascii_strup (country, -1);
  const Profile profile = { state, common_name, years };
  const TamboSigner self = { .key = key, .form = *form };

  if (strlen (country) != 2 || !g_ascii_isalpha (country[0]) || !g_ascii_isalpha (country[1])) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED,
                         "a country is named by two letters (ISO 3166-1)");
    return NULL;
  }
  if (!check_years (years, error))
    return NULL;
  TamboSigner *csca = make_signer (key, NULL, &self, &profile, error);
  if (csca)
    csca->form = *form;
  return csca;
}

TamboSigner *tambo_csca_new (const char *country, const char *common_name, int years,
                             GError **error) {
  static const TamboSignatureForm usual = { 0 };
  g_autoptr (TamboSigningKey) key = generate_key (error);

  return key ? tambo_csca_new_for_key (key, &usual, country, common_name, years, error) : NULL;
}

static char *dup_country (X509 *certificate) {
  char text[8];

  if (X509_NAME_get_text_by_NID (X509_get_subject_name (certificate), NID_countryName, text,
                                 sizeof text)
      <= 0)
    return NULL;
  return g_strdup (text);
}

TamboSigner *tambo_document_signer_new_for_key (const TamboSigner *csca, TamboSigningKey *key,
                                                const char *common_name, int years,
                                                GError **error) {
  if (!check_years (years, error))
    return NULL;
  g_autoptr (GBytes) pem = g_bytes_new_static (csca->certificate, strlen (csca->certificate));
  g_autoptr (X509) issuer = tambo_certificate_parse (pem, error);
  if (!issuer)
    return NULL;
  g_autofree char *state = dup_country (issuer);
  if (!state) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
                         "the CSCA certificate names no country");
    return NULL;
  }
  const Profile profile = { state, common_name, years };
  return make_signer (key, issuer, csca, &profile, error);
}

TamboSigner *tambo_document_signer_new (const TamboSigner *csca, const char *common_name, int years,
                                        GError **error) {
  g_autoptr (TamboSigningKey) key = generate_key (error);

  return key ? tambo_document_signer_new_for_key (csca, key, common_name, years, error) : NULL;
}

GBytes *tambo_signer_dup_certificate_der (const TamboSigner *signer, GError **error) {
  g_autoptr (GBytes) pem = g_bytes_new_static (signer->certificate, strlen (signer->certificate));
  g_autoptr (X509) certificate = tambo_certificate_parse (pem, error);
  if (!certificate)
    return NULL;

  unsigned char *der = NULL;
  int size = i2d_X509 (certificate, &der);
  if (size <= 0) {
    tambo_error_set_openssl (error, "the certificate cannot be written");
    return NULL;
  }
  GBytes *bytes = g_bytes_new (der, size);
  OPENSSL_free (der);
  return bytes;
}
