/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The standardized domain parameters of Doc 9303-11 section 9.5.1 (table 6): MODP groups of RFC 5114,
 * NIST and Brainpool curves, and what PACE computes in them.
 *
 * A group is written as for a curve: elements are added and multiplied by numbers. An element travels
 * as octets: a point uncompressed (04 | X | Y), a number of a MODP group as long as its prime
 * (section 9.4). Scalars are big-endian secrets, counted modulo the order. Everything is immutable.
 */
#pragma once

#include <glib.h>

typedef enum {
  TAMBO_DOMAIN_DH,
  TAMBO_DOMAIN_ECDH,
} TamboDomainKind;

typedef struct _TamboDomainParameters TamboDomainParameters;

/* NULL for an identifier that the table does not know or reserves. */
TamboDomainParameters *tambo_domain_parameters_new (guint id) G_GNUC_WARN_UNUSED_RESULT;
/* Those of a key: KEY is the content of a SubjectPublicKeyInfo, which names its group, writes it out or
 * gives the identifier (section 9.5.1). NULL for a group that is not in the table. OUT_ELEMENT is not
 * judged. */
TamboDomainParameters *tambo_domain_parameters_new_from_key (
    gconstpointer key, gsize size, GBytes **out_element) G_GNUC_WARN_UNUSED_RESULT;
void tambo_domain_parameters_free (TamboDomainParameters *domain);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboDomainParameters, tambo_domain_parameters_free)

TamboDomainKind tambo_domain_parameters_get_kind (const TamboDomainParameters *domain);
const char *tambo_domain_parameters_get_name (
    const TamboDomainParameters *domain); /* "NIST P-256" */
guint tambo_domain_parameters_get_prime_bits (const TamboDomainParameters *domain);
gsize tambo_domain_parameters_get_element_size (const TamboDomainParameters *domain);
GBytes *tambo_domain_parameters_get_generator (const TamboDomainParameters *domain);
/* The curve has the map of appendix B.2, whose prime must be 3 modulo 4: all but NIST P-224. */
gboolean tambo_domain_parameters_has_map (const TamboDomainParameters *domain);

/* Even over 1 to the order less one. */
GBytes *tambo_domain_parameters_random_scalar (const TamboDomainParameters *domain);
/* SCALAR times ELEMENT, a secret. NULL when ELEMENT is not one of the group (9.4.4, 9.4.5) or the
 * product is the neutral element. Constant time in SCALAR. */
GBytes *tambo_domain_parameters_multiply (const TamboDomainParameters *domain, GBytes *element,
                                          GBytes *scalar) G_GNUC_WARN_UNUSED_RESULT;
/* NULL as above. */
GBytes *tambo_domain_parameters_add (const TamboDomainParameters *domain, GBytes *a,
                                     GBytes *b) G_GNUC_WARN_UNUSED_RESULT;
/* A over B modulo the order, for chip authentication mapping; NULL when B is zero. */
GBytes *tambo_domain_parameters_divide_scalars (const TamboDomainParameters *domain, GBytes *a,
                                                GBytes *b) G_GNUC_WARN_UNUSED_RESULT;

/* Integrated mapping, section 4.4.3.3.2: the element for a pseudo-random number, which is counted
 * modulo the prime. NULL for the few numbers that have none. */
GBytes *tambo_domain_parameters_map_number (const TamboDomainParameters *domain,
                                            GBytes *number) G_GNUC_WARN_UNUSED_RESULT;
/* What a key agreement gives: the X coordinate, or the number itself. A secret. */
GBytes *tambo_domain_parameters_dup_shared_secret (const TamboDomainParameters *domain,
                                                   GBytes *element);
/* Comp (ELEMENT), by which terminal authentication names a key: the X coordinate, or SHA-1 of the number
 * (TR-03110-3, A.2.2.3). */
GBytes *tambo_domain_parameters_compress (const TamboDomainParameters *domain, GBytes *element);
