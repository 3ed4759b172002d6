/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/domain-parameters.h"

#include <openssl/err.h>
#include <openssl/objects.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "chip/domain-parameters-private.h"

static const struct {
  guint id;
  const char *name;
  const char *group; /* OpenSSL's name of a MODP group, or NULL */
  int curve;
} table[] = {
  { 0, "1024-bit MODP with 160-bit order", "dh_1024_160", 0 },
  { 1, "2048-bit MODP with 224-bit order", "dh_2048_224", 0 },
  { 2, "2048-bit MODP with 256-bit order", "dh_2048_256", 0 },
  { 8, "NIST P-192", NULL, NID_X9_62_prime192v1 },
  { 9, "brainpoolP192r1", NULL, NID_brainpoolP192r1 },
  { 10, "NIST P-224", NULL, NID_secp224r1 },
  { 11, "brainpoolP224r1", NULL, NID_brainpoolP224r1 },
  { 12, "NIST P-256", NULL, NID_X9_62_prime256v1 },
  { 13, "brainpoolP256r1", NULL, NID_brainpoolP256r1 },
  { 14, "brainpoolP320r1", NULL, NID_brainpoolP320r1 },
  { 15, "NIST P-384", NULL, NID_secp384r1 },
  { 16, "brainpoolP384r1", NULL, NID_brainpoolP384r1 },
  { 17, "brainpoolP512r1", NULL, NID_brainpoolP512r1 },
  { 18, "NIST P-521", NULL, NID_secp521r1 },
};

TamboDomainParameters *tambo_domain_parameters_new (guint id) {
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++) {
    if (table[i].id != id)
      continue;
    g_autoptr (TamboDomainParameters) domain = g_new0 (TamboDomainParameters, 1);
    domain->name = table[i].name;
    gboolean known = table[i].group ? tambo_domain_dh_fill (domain, table[i].group)
                                    : tambo_domain_ec_fill (domain, table[i].curve);
    return known ? g_steal_pointer (&domain) : NULL;
  }
  return NULL;
}

void tambo_domain_parameters_free (TamboDomainParameters *domain) {
  if (!domain)
    return;
  g_clear_pointer (&domain->curve, EC_GROUP_free);
  g_clear_pointer (&domain->p, BN_free);
  g_clear_pointer (&domain->q, BN_free);
  g_clear_pointer (&domain->generator, g_bytes_unref);
  g_free (domain);
}

TamboDomainKind tambo_domain_parameters_get_kind (const TamboDomainParameters *domain) {
  return domain->curve ? TAMBO_DOMAIN_ECDH : TAMBO_DOMAIN_DH;
}

const char *tambo_domain_parameters_get_name (const TamboDomainParameters *domain) {
  return domain->name;
}

guint tambo_domain_parameters_get_prime_bits (const TamboDomainParameters *domain) {
  return (guint) BN_num_bits (domain->p);
}

gsize tambo_domain_parameters_get_element_size (const TamboDomainParameters *domain) {
  return g_bytes_get_size (domain->generator);
}

GBytes *tambo_domain_parameters_get_generator (const TamboDomainParameters *domain) {
  return domain->generator;
}

gboolean tambo_domain_parameters_has_map (const TamboDomainParameters *domain) {
  return !domain->curve || (BN_is_bit_set (domain->p, 0) && BN_is_bit_set (domain->p, 1));
}

GBytes *tambo_domain_number_dup (const BIGNUM *number, gsize size) {
  g_autofree guint8 *octets = g_malloc0 (size);

  if (BN_bn2binpad (number, octets, (int) size) < 0)
    g_error ("a number is greater than its group");
  GBytes *bytes = tambo_secret_new (octets, size);
  tambo_secret_wipe (octets, size);
  return bytes;
}

BIGNUM *tambo_domain_number_new (GBytes *bytes) {
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);
  BIGNUM *number = BN_secure_new ();

  if (!number || size > G_MAXINT || !BN_bin2bn (data, (int) size, number))
    g_error ("no memory for a number");
  BN_set_flags (number, BN_FLG_CONSTTIME);
  return number;
}

BIGNUM *tambo_domain_reduce (GBytes *bytes, const BIGNUM *modulus, BN_CTX *context) {
  g_autoptr (BIGNUM) number = tambo_domain_number_new (bytes);
  BIGNUM *rest = BN_secure_new ();

  if (!rest || !BN_nnmod (rest, number, modulus, context))
    g_error ("no memory for a number");
  BN_set_flags (rest, BN_FLG_CONSTTIME);
  return rest;
}

GBytes *tambo_domain_parameters_random_scalar (const TamboDomainParameters *domain) {
  g_autoptr (BIGNUM) scalar = BN_secure_new ();

  do {
    if (!scalar || BN_priv_rand_range (scalar, domain->q) != 1)
      g_error ("the cryptographic library has no random numbers");
  } while (BN_is_zero (scalar));
  return tambo_domain_number_dup (scalar, (gsize) BN_num_bytes (domain->q));
}

/* A foreign element that is refused leaves nothing in the library's queue. */
static GBytes *settle (GBytes *result) {
  if (!result)
    ERR_clear_error ();
  return result;
}

GBytes *tambo_domain_parameters_divide_scalars (const TamboDomainParameters *domain, GBytes *a,
                                                GBytes *b) {
  g_autoptr (TamboBnCtx) context = BN_CTX_secure_new ();
  g_autoptr (BIGNUM) numerator = tambo_domain_reduce (a, domain->q, context);
  g_autoptr (BIGNUM) denominator = tambo_domain_reduce (b, domain->q, context);
  g_autoptr (BIGNUM) inverse = BN_secure_new ();
  g_autoptr (BIGNUM) quotient = BN_secure_new ();

  if (!inverse || !quotient || !BN_mod_inverse (inverse, denominator, domain->q, context)
      || !BN_mod_mul (quotient, numerator, inverse, domain->q, context))
    return settle (NULL);
  return tambo_domain_number_dup (quotient, (gsize) BN_num_bytes (domain->q));
}

GBytes *tambo_domain_parameters_multiply (const TamboDomainParameters *domain, GBytes *element,
                                          GBytes *scalar) {
  return settle (domain->curve ? tambo_domain_ec_multiply (domain, element, scalar)
                               : tambo_domain_dh_multiply (domain, element, scalar));
}

GBytes *tambo_domain_parameters_add (const TamboDomainParameters *domain, GBytes *a, GBytes *b) {
  return settle (domain->curve ? tambo_domain_ec_add (domain, a, b)
                               : tambo_domain_dh_add (domain, a, b));
}

GBytes *tambo_domain_parameters_map_number (const TamboDomainParameters *domain, GBytes *number) {
  g_return_val_if_fail (tambo_domain_parameters_has_map (domain), NULL);

  return settle (domain->curve ? tambo_domain_ec_map (domain, number)
                               : tambo_domain_dh_map (domain, number));
}

GBytes *tambo_domain_parameters_dup_shared_secret (const TamboDomainParameters *domain,
                                                   GBytes *element) {
  const guint8 *data = g_bytes_get_data (element, NULL);

  if (!domain->curve)
    return g_bytes_ref (element);
  return tambo_secret_new (data + 1, (g_bytes_get_size (element) - 1) / 2);
}

GBytes *tambo_domain_parameters_compress (const TamboDomainParameters *domain, GBytes *element) {
  guint8 digest[EVP_MAX_MD_SIZE];
  guint digest_size;
  gsize size;
  const guint8 *data = g_bytes_get_data (element, &size);

  if (domain->curve)
    return g_bytes_new (data + 1, (size - 1) / 2);
  if (EVP_Digest (data, size, digest, &digest_size, EVP_sha1 (), NULL) != 1)
    g_error ("the cryptographic library does not know SHA-1");
  return g_bytes_new (digest, digest_size);
}
