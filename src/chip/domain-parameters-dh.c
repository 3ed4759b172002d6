/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * MODP groups of RFC 5114 sections 2.1 to 2.3; OpenSSL knows their numbers.
 */
#include <openssl/core_names.h>
#include <openssl/err.h>

#include "base/bytes.h"
#include "chip/domain-parameters-private.h"

gboolean tambo_domain_dh_fill (TamboDomainParameters *domain, const char *name) {
  OSSL_PARAM parameters[] = {
    OSSL_PARAM_construct_utf8_string (OSSL_PKEY_PARAM_GROUP_NAME, (char *) name, 0),
    OSSL_PARAM_construct_end (),
  };
  g_autoptr (EVP_PKEY_CTX) context = EVP_PKEY_CTX_new_from_name (NULL, "DHX", NULL);
  EVP_PKEY *made = NULL;

  if (!context || EVP_PKEY_paramgen_init (context) != 1
      || EVP_PKEY_CTX_set_params (context, parameters) != 1
      || EVP_PKEY_generate (context, &made) != 1)
    ERR_clear_error ();
  g_autoptr (EVP_PKEY) key = made;
  BIGNUM *generator = NULL;
  gboolean whole = key && EVP_PKEY_get_bn_param (key, OSSL_PKEY_PARAM_FFC_P, &domain->p)
                   && EVP_PKEY_get_bn_param (key, OSSL_PKEY_PARAM_FFC_Q, &domain->q)
                   && EVP_PKEY_get_bn_param (key, OSSL_PKEY_PARAM_FFC_G, &generator);
  if (whole)
    domain->generator = tambo_domain_number_dup (generator, (gsize) BN_num_bytes (domain->p));
  BN_free (generator);
  return whole;
}

/* Section 9.4.4: neither 0, 1 nor p - 1, and of order q, or a small subgroup would tell the scalar. */
static BIGNUM *parse_element (const TamboDomainParameters *domain, GBytes *element,
                              BN_CTX *context) {
  g_autoptr (BIGNUM) number = NULL;
  g_autoptr (BIGNUM) above = BN_dup (domain->p);
  g_autoptr (BIGNUM) power = BN_new ();

  if (g_bytes_get_size (element) != (gsize) BN_num_bytes (domain->p) || !above || !power
      || !BN_sub_word (above, 1))
    return NULL;
  number = tambo_domain_number_new (element);
  if (BN_is_zero (number) || BN_is_one (number) || BN_cmp (number, above) >= 0
      || !BN_mod_exp_mont (power, number, domain->q, domain->p, context, NULL)
      || !BN_is_one (power))
    return NULL;
  return g_steal_pointer (&number);
}

static GBytes *dup_element (const TamboDomainParameters *domain, const BIGNUM *number) {
  if (BN_is_zero (number) || BN_is_one (number))
    return NULL;
  return tambo_domain_number_dup (number, (gsize) BN_num_bytes (domain->p));
}

GBytes *tambo_domain_dh_multiply (const TamboDomainParameters *domain, GBytes *element,
                                  GBytes *scalar) {
  g_autoptr (TamboBnCtx) context = BN_CTX_secure_new ();
  g_autoptr (BIGNUM) base = parse_element (domain, element, context);
  g_autoptr (BIGNUM) exponent = tambo_domain_reduce (scalar, domain->q, context);
  g_autoptr (BIGNUM) power = BN_secure_new ();

  if (!base || !power
      || !BN_mod_exp_mont_consttime (power, base, exponent, domain->p, context, NULL))
    return NULL;
  return dup_element (domain, power);
}

GBytes *tambo_domain_dh_add (const TamboDomainParameters *domain, GBytes *a, GBytes *b) {
  g_autoptr (TamboBnCtx) context = BN_CTX_secure_new ();
  g_autoptr (BIGNUM) first = parse_element (domain, a, context);
  g_autoptr (BIGNUM) second = parse_element (domain, b, context);
  g_autoptr (BIGNUM) product = BN_secure_new ();

  if (!first || !second || !product || !BN_mod_mul (product, first, second, domain->p, context))
    return NULL;
  return dup_element (domain, product);
}

/* Raised to the cofactor (p - 1) / q, so that it lies in the group of order q. */
GBytes *tambo_domain_dh_map (const TamboDomainParameters *domain, GBytes *number) {
  g_autoptr (TamboBnCtx) context = BN_CTX_secure_new ();
  g_autoptr (BIGNUM) base = tambo_domain_reduce (number, domain->p, context);
  g_autoptr (BIGNUM) cofactor = BN_dup (domain->p);
  g_autoptr (BIGNUM) power = BN_secure_new ();

  if (!cofactor || !power || !BN_sub_word (cofactor, 1)
      || !BN_div (cofactor, NULL, cofactor, domain->q, context)
      || !BN_mod_exp_mont_consttime (power, base, cofactor, domain->p, context, NULL))
    return NULL;
  return dup_element (domain, power);
}
