/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * WSQ, the fingerprint compression of IAFIS-IC-0110: 8-bit grey images near 500 pixels per inch.
 * The resolution has no field in the format: it travels in a NISTCOM comment, which may be missing.
 */
#pragma once

#include "format/image.h"

/* The rates that the profiles name: 15:1 for an archive, 5:1 for latent work. */
#define TAMBO_WSQ_RATE 0.75
#define TAMBO_WSQ_RATE_FINE 2.25
#define TAMBO_WSQ_RATE_MIN 0.1
#define TAMBO_WSQ_RATE_MAX 8.0
#define TAMBO_WSQ_MIN_SIDE 64 /* pixels; the deepest subbands of less hold nothing to measure */

/* BIT_RATE in bits a pixel, before entropy coding. With ppi 0 the NISTCOM tells no resolution. */
GBytes *tambo_wsq_encode (const TamboImage *grey, double bit_rate,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Takes filters of other lengths, Huffman codes of all ones, and files without a comment (ppi 0) or
 * without the end marker; what lacks a coefficient is malformed. */
TamboImage *tambo_wsq_decode (GBytes *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;
