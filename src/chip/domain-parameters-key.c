/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Which of the standardized parameters a SubjectPublicKeyInfo means.
 */
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/err.h>

#include "base/bytes.h"
#include "chip/card-access.h"
#include "chip/domain-parameters-private.h"

#define TAG_SEQUENCE 0x30
#define TAG_OID 0x06
#define TAG_BIT_STRING 0x03
#define N_IDS 32
#define MAX_POINT 256

/* standardizedDomainParameters, 0.4.0.127.0.7.1.2. */
static const guint8 id_standardized[] = { 0x04, 0x00, 0x7F, 0x00, 0x07, 0x01, 0x02 };

static gboolean has_number (EVP_PKEY *key, const char *name, const BIGNUM *expected) {
  BIGNUM *number = NULL;
  gboolean same = EVP_PKEY_get_bn_param (key, name, &number) == 1 && BN_cmp (number, expected) == 0;

  BN_free (number);
  return same;
}

static gboolean has_generator (EVP_PKEY *key, GBytes *expected) {
  guint8 octets[MAX_POINT];
  gsize size;

  return EVP_PKEY_get_octet_string_param (key, OSSL_PKEY_PARAM_EC_GENERATOR, octets, sizeof octets,
                                          &size)
             == 1
         && size == g_bytes_get_size (expected)
         && memcmp (octets, g_bytes_get_data (expected, NULL), size) == 0;
}

/* Prime, coefficients, order and generator are a curve; a name beside them proves nothing. */
static gboolean is_curve (EVP_PKEY *key, const TamboDomainParameters *domain) {
  g_autoptr (BIGNUM) a = BN_new ();
  g_autoptr (BIGNUM) b = BN_new ();

  return domain->curve && a && b && EC_GROUP_get_curve (domain->curve, NULL, a, b, NULL) == 1
         && has_number (key, OSSL_PKEY_PARAM_EC_P, domain->p)
         && has_number (key, OSSL_PKEY_PARAM_EC_A, a) && has_number (key, OSSL_PKEY_PARAM_EC_B, b)
         && has_number (key, OSSL_PKEY_PARAM_EC_ORDER, domain->q)
         && has_generator (key, domain->generator);
}

static gboolean is_modp (EVP_PKEY *key, const TamboDomainParameters *domain) {
  if (domain->curve)
    return FALSE;
  g_autoptr (BIGNUM) generator = tambo_domain_number_new (domain->generator);
  return has_number (key, OSSL_PKEY_PARAM_FFC_P, domain->p)
         && has_number (key, OSSL_PKEY_PARAM_FFC_G, generator);
}

static TamboDomainParameters *find_group (EVP_PKEY *key) {
  gboolean is_ec = EVP_PKEY_is_a (key, "EC");

  for (guint id = 0; id < N_IDS; id++) {
    g_autoptr (TamboDomainParameters) domain = tambo_domain_parameters_new (id);
    if (domain && (is_ec ? is_curve (key, domain) : is_modp (key, domain)))
      return g_steal_pointer (&domain);
  }
  return NULL;
}

/* A number of a MODP group stands in the key as an INTEGER, without leading zeros. */
static GBytes *dup_modp_element (EVP_PKEY *key, const TamboDomainParameters *domain) {
  BIGNUM *number = NULL;
  GBytes *element = NULL;

  if (EVP_PKEY_get_bn_param (key, OSSL_PKEY_PARAM_PUB_KEY, &number) == 1
      && BN_num_bytes (number) <= BN_num_bytes (domain->p))
    element = tambo_domain_number_dup (number, (gsize) BN_num_bytes (domain->p));
  BN_free (number);
  return element;
}

static TamboDomainParameters *find_by_library (gconstpointer data, gsize size, GBytes **element) {
  g_autoptr (GByteArray) whole = g_byte_array_new ();

  tambo_tlv_put (whole, TAG_SEQUENCE, data, size);
  const guint8 *at = whole->data;
  g_autoptr (EVP_PKEY) key = d2i_PUBKEY (NULL, &at, (long) whole->len);
  g_autoptr (TamboDomainParameters) domain = key ? find_group (key) : NULL;
  ERR_clear_error ();
  if (domain && !domain->curve) {
    g_clear_pointer (element, g_bytes_unref);
    *element = dup_modp_element (key, domain);
  }
  return domain && *element ? g_steal_pointer (&domain) : NULL;
}

TamboDomainParameters *tambo_domain_parameters_new_from_key (gconstpointer key, gsize size,
                                                             GBytes **out_element) {
  TamboReader reader = tambo_reader (key, size);
  TamboTlv algorithm, bits, oid, id;
  guint number;

  if (!tambo_tlv_next (&reader, &algorithm) || algorithm.tag != TAG_SEQUENCE
      || !tambo_tlv_next (&reader, &bits) || bits.tag != TAG_BIT_STRING || bits.length < 2
      || bits.value[0] != 0 || tambo_reader_left (&reader) > 0)
    return NULL;
  g_autoptr (GBytes) element = g_bytes_new (bits.value + 1, bits.length - 1);
  g_autoptr (TamboDomainParameters) domain = NULL;
  reader = tambo_reader (algorithm.value, algorithm.length);
  if (tambo_tlv_next (&reader, &oid) && oid.tag == TAG_OID && oid.length == sizeof id_standardized
      && memcmp (oid.value, id_standardized, oid.length) == 0)
    domain = tambo_tlv_next (&reader, &id) && tambo_security_info_number (&id, &number)
                 ? tambo_domain_parameters_new (number)
                 : NULL;
  else
    domain = find_by_library (key, size, &element);
  if (domain)
    *out_element = g_steal_pointer (&element);
  return g_steal_pointer (&domain);
}
