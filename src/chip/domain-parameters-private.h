/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The two kinds of groups behind domain-parameters.h. Private to the room.
 */
#pragma once

#include "base/cleanup.h"
#include "chip/domain-parameters.h"

typedef BN_CTX TamboBnCtx;
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboBnCtx, BN_CTX_free)

struct _TamboDomainParameters {
  const char *name;
  EC_GROUP *curve; /* NULL for a MODP group */
  BIGNUM *p, *q;   /* prime of the field, order of the generator */
  GBytes *generator;
};

/* A secret of SIZE octets. */
GBytes *tambo_domain_number_dup (const BIGNUM *number, gsize size);
/* Marked for constant time. */
BIGNUM *tambo_domain_number_new (GBytes *bytes);
BIGNUM *tambo_domain_reduce (GBytes *bytes, const BIGNUM *modulus, BN_CTX *context);

/* Each as the public function of that name. */
gboolean tambo_domain_dh_fill (TamboDomainParameters *domain, const char *name);
GBytes *tambo_domain_dh_multiply (const TamboDomainParameters *domain, GBytes *element,
                                  GBytes *scalar);
GBytes *tambo_domain_dh_add (const TamboDomainParameters *domain, GBytes *a, GBytes *b);
GBytes *tambo_domain_dh_map (const TamboDomainParameters *domain, GBytes *number);

gboolean tambo_domain_ec_fill (TamboDomainParameters *domain, int curve);
GBytes *tambo_domain_ec_multiply (const TamboDomainParameters *domain, GBytes *element,
                                  GBytes *scalar);
GBytes *tambo_domain_ec_add (const TamboDomainParameters *domain, GBytes *a, GBytes *b);
GBytes *tambo_domain_ec_map (const TamboDomainParameters *domain, GBytes *number);
