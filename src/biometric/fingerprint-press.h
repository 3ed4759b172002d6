/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * How a finger was pressed: what fingerprint-quality.c asks of the grey levels once it has found the ridges.
 */
#pragma once

#include "biometric/fingerprint-quality.h"

#define TAMBO_FINGERPRINT_BLOCK 16

/* RIDGES has a byte for each whole block of IMAGE, grey at 500 ppi, row by row. */
void tambo_fingerprint_measure_press (const TamboImage *image, const guint8 *ridges,
                                      TamboFingerprintQuality *out_quality);
