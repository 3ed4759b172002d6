/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Signature time series of ISO/IEC 19794-7:2007, full format: channels X, Y, T and F. The one sample
 * type that every pad, pen and mouse gives.
 */
#pragma once

#include "format/image.h"

/* One report of the pen, in the pad's own units. */
typedef struct {
  guint16 x, y;
  guint16 pressure; /* 0: the pen hovers or is lifted */
  guint32 time;     /* milliseconds since the first sample */
} TamboPenSample;

typedef struct {
  guint16 max_x, max_y, max_pressure;
  int units_per_inch; /* of x and y; 0 when the pad does not tell */
  GArray *samples;    /* of TamboPenSample, owned, in order of time */
} TamboSignature;

TamboSignature *tambo_signature_new (guint16 max_x, guint16 max_y, guint16 max_pressure,
                                     int units_per_inch);
TamboSignature *tambo_signature_copy (const TamboSignature *signature);
void tambo_signature_free (TamboSignature *signature);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboSignature, tambo_signature_free)

GBytes *tambo_signature_encode (const TamboSignature *signature);
TamboSignature *tambo_signature_parse (GBytes *bytes, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Ink on white, grey, anti-aliased, the strokes centred with a margin: what DG7 and the review page
 * show. NULL when there is no ink. */
TamboImage *tambo_signature_draw (const TamboSignature *signature, int width, int height);
