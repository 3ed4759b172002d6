/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the versions of 2005 and 2011 share.
 */
#pragma once

#include "base/bytes.h"
#include "format/format-error.h"
#include "format/iso19794-4.h"

#define TAMBO_FIR_UNITS_INCH 1
#define TAMBO_FIR_UNITS_CENTIMETRE 2
#define TAMBO_FIR_BITS_A_PIXEL 8

/* Pixels per inch as they are written per centimetre, and the other way round. */
guint16 tambo_fir_per_centimetre (guint16 ppi);
guint16 tambo_fir_per_inch (guint16 per_centimetre);

/* Sets MALFORMED or UNSUPPORTED and is NULL. */
gpointer tambo_fir_fail (GError **error, TamboFormatError code, const char *message);

TamboFingerRecord *tambo_fir_parse_2011 (GBytes *bytes, GError **error);
