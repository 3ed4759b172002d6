/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Elliptic curves; all have cofactor 1, so that a point on the curve is a point of the group.
 */
#include "base/bytes.h"
#include "chip/domain-parameters-private.h"

#define UNCOMPRESSED 0x04

G_DEFINE_AUTOPTR_CLEANUP_FUNC (EC_POINT, EC_POINT_clear_free)

static GBytes *dup_element (const EC_GROUP *curve, const EC_POINT *point, BN_CTX *context) {
  guint8 *octets = NULL;

  if (EC_POINT_is_at_infinity (curve, point))
    return NULL;
  gsize size = EC_POINT_point2buf (curve, point, POINT_CONVERSION_UNCOMPRESSED, &octets, context);
  if (size == 0)
    return NULL;
  GBytes *bytes = tambo_secret_new (octets, size);
  OPENSSL_clear_free (octets, size);
  return bytes;
}

gboolean tambo_domain_ec_fill (TamboDomainParameters *domain, int curve) {
  domain->curve = EC_GROUP_new_by_curve_name (curve);
  domain->p = BN_new ();
  if (!domain->curve || !domain->p
      || EC_GROUP_get_curve (domain->curve, domain->p, NULL, NULL, NULL) != 1
      || !BN_is_one (EC_GROUP_get0_cofactor (domain->curve)))
    return FALSE;
  domain->q = BN_dup (EC_GROUP_get0_order (domain->curve));
  domain->generator = dup_element (domain->curve, EC_GROUP_get0_generator (domain->curve), NULL);
  return domain->q && domain->generator;
}

/* Section 9.4.5: on the curve, in the uncompressed form alone. */
static EC_POINT *parse_element (const TamboDomainParameters *domain, GBytes *element,
                                BN_CTX *context) {
  gsize size;
  const guint8 *data = g_bytes_get_data (element, &size);
  g_autoptr (EC_POINT) point = EC_POINT_new (domain->curve);

  if (!point || size != g_bytes_get_size (domain->generator) || *data != UNCOMPRESSED
      || EC_POINT_oct2point (domain->curve, point, data, size, context) != 1)
    return NULL;
  return g_steal_pointer (&point);
}

/* One scalar and one point: OpenSSL takes its constant-time ladder, with a blinded point. */
GBytes *tambo_domain_ec_multiply (const TamboDomainParameters *domain, GBytes *element,
                                  GBytes *scalar) {
  g_autoptr (TamboBnCtx) context = BN_CTX_secure_new ();
  g_autoptr (EC_POINT) point = parse_element (domain, element, context);
  g_autoptr (BIGNUM) number = tambo_domain_reduce (scalar, domain->q, context);
  g_autoptr (EC_POINT) product = EC_POINT_new (domain->curve);

  if (!point || !product
      || EC_POINT_mul (domain->curve, product, NULL, point, number, context) != 1)
    return NULL;
  return dup_element (domain->curve, product, context);
}

GBytes *tambo_domain_ec_add (const TamboDomainParameters *domain, GBytes *a, GBytes *b) {
  g_autoptr (TamboBnCtx) context = BN_CTX_secure_new ();
  g_autoptr (EC_POINT) first = parse_element (domain, a, context);
  g_autoptr (EC_POINT) second = parse_element (domain, b, context);
  g_autoptr (EC_POINT) sum = EC_POINT_new (domain->curve);

  if (!first || !second || !sum || EC_POINT_add (domain->curve, sum, first, second, context) != 1)
    return NULL;
  return dup_element (domain->curve, sum, context);
}

/* The field of a curve, for the map: all is computed modulo p, and a failure of the library's memory
 * is remembered to the end. */
typedef struct {
  const BIGNUM *p;
  BN_CTX *context;
  gboolean failed;
} Field;

static BIGNUM *take (Field *field) {
  BIGNUM *number = BN_CTX_get (field->context);

  if (!number)
    g_error ("no memory for a number");
  return number;
}

static BIGNUM *times (Field *field, const BIGNUM *a, const BIGNUM *b) {
  BIGNUM *product = take (field);

  field->failed |= !BN_mod_mul (product, a, b, field->p, field->context);
  return product;
}

static BIGNUM *plus (Field *field, const BIGNUM *a, const BIGNUM *b) {
  BIGNUM *sum = take (field);

  field->failed |= !BN_mod_add (sum, a, b, field->p, field->context);
  return sum;
}

static BIGNUM *negative (Field *field, const BIGNUM *a) {
  BIGNUM *difference = take (field);

  BN_zero (difference);
  field->failed |= !BN_mod_sub (difference, difference, a, field->p, field->context);
  return difference;
}

static BIGNUM *power (Field *field, const BIGNUM *base, const BIGNUM *exponent) {
  BIGNUM *result = take (field);

  field->failed |=
      !BN_mod_exp_mont_consttime (result, base, exponent, field->p, field->context, NULL);
  return result;
}

/* By Fermat: BN_mod_inverse would tell the number by its time. Zero has zero. */
static BIGNUM *inverse (Field *field, const BIGNUM *a) {
  BIGNUM *exponent = take (field);

  field->failed |= !BN_copy (exponent, field->p) || !BN_sub_word (exponent, 2);
  return power (field, a, exponent);
}

/* x^3 + ax + b */
static BIGNUM *right_side (Field *field, const BIGNUM *x, const BIGNUM *a, const BIGNUM *b) {
  BIGNUM *square = times (field, x, x);

  return plus (field, times (field, x, plus (field, square, a)), b);
}

/* p - 1 - (p + 1) / 4 */
static BIGNUM *root_exponent (Field *field) {
  BIGNUM *quarter = take (field);
  BIGNUM *exponent = take (field);

  field->failed |= !BN_copy (quarter, field->p) || !BN_add_word (quarter, 1)
                   || !BN_rshift (quarter, quarter, 2) || !BN_sub (exponent, field->p, quarter)
                   || !BN_sub_word (exponent, 1);
  return exponent;
}

/* Appendix B.2.1, with its names: the point for U, of which X2 or X3 is an abscissa. */
static gboolean encode_point (Field *field, const BIGNUM *u, const BIGNUM *a, const BIGNUM *b,
                              BIGNUM *out_x, BIGNUM *out_y) {
  BIGNUM *one = take (field);

  BN_one (one);
  BIGNUM *alpha = negative (field, times (field, u, u));
  BIGNUM *sum = plus (field, alpha, times (field, alpha, alpha));
  BIGNUM *fraction = times (field, negative (field, b), inverse (field, a));
  BIGNUM *x2 = times (field, fraction, plus (field, one, inverse (field, sum)));
  BIGNUM *x3 = times (field, alpha, x2);
  BIGNUM *h2 = right_side (field, x2, a, b);
  BIGNUM *cube = times (field, u, times (field, u, u));
  BIGNUM *big_u = times (field, cube, h2);
  BIGNUM *big_a = power (field, h2, root_exponent (field));
  BIGNUM *y2 = times (field, big_a, h2);
  BIGNUM *y3 = times (field, big_a, big_u);
  gboolean is_square = BN_is_one (times (field, big_a, y2));

  return !field->failed && !BN_is_zero (sum) && BN_copy (out_x, is_square ? x2 : x3)
         && BN_copy (out_y, is_square ? y2 : y3);
}

GBytes *tambo_domain_ec_map (const TamboDomainParameters *domain, GBytes *number) {
  g_autoptr (TamboBnCtx) context = BN_CTX_secure_new ();
  g_autoptr (BIGNUM) u = tambo_domain_reduce (number, domain->p, context);
  g_autoptr (BIGNUM) x = BN_secure_new ();
  g_autoptr (BIGNUM) y = BN_secure_new ();
  g_autoptr (EC_POINT) point = EC_POINT_new (domain->curve);
  GBytes *element = NULL;

  if (!context || !x || !y || !point)
    return NULL;
  BN_CTX_start (context);
  Field field = { domain->p, context, FALSE };
  BIGNUM *a = take (&field);
  BIGNUM *b = take (&field);
  if (EC_GROUP_get_curve (domain->curve, NULL, a, b, context) == 1
      && encode_point (&field, u, a, b, x, y)
      && EC_POINT_set_affine_coordinates (domain->curve, point, x, y, context) == 1)
    element = dup_element (domain->curve, point, context);
  BN_CTX_end (context);
  return element;
}
