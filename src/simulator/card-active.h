/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The chip's end of Active Authentication with RSA-1024 and SHA-1: ISO/IEC 9796-2 digital signature
 * scheme 1 as in ICAO Doc 9303-11 section 6.1 and appendix F.
 */
#pragma once

#include <glib.h>

#define TAMBO_CARD_ACTIVE_KEY_SIZE 128

/* The signature over M1 | CHALLENGE, where M1 of 106 bytes is the chip's own nonce; NULL when the
 * modulus is not one of 1024 bits. */
GBytes *tambo_card_active_sign (GBytes *modulus, GBytes *private_exponent, const guint8 m1[106],
                                gconstpointer challenge, gsize challenge_size);
