/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The chip's end of Active Authentication, ICAO Doc 9303-11 section 6.1: RSA by ISO/IEC 9796-2 digital
 * signature scheme 1 as in appendix F, and ECDSA.
 */
#pragma once

#include "base/cleanup.h"

#define TAMBO_CARD_ACTIVE_KEY_SIZE 128

/* The signature over M1 | CHALLENGE, where M1 of 106 bytes is the chip's own nonce; NULL when the
 * modulus is not one of 1024 bits. */
GBytes *tambo_card_active_sign (GBytes *modulus, GBytes *private_exponent, const guint8 m1[106],
                                gconstpointer challenge, gsize challenge_size);

/* The same for any RSA key, with SHA-1, and for an elliptic curve one by ECDSA, plain, with the hash that
 * fits the curve. NULL for another kind. */
GBytes *tambo_card_active_sign_by (EVP_PKEY *key, gconstpointer challenge, gsize challenge_size);
