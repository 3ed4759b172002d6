/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A print as every method here and ISO/IEC 19794-4 want it: grey, 500 pixels per inch. Sensors see at 512,
 * 508 or 1,000.
 */
#pragma once

#include "format/image.h"

#define TAMBO_FINGERPRINT_PPI 500

/* IMAGE is grey or RGB. One that tells no resolution, or that of a screen, keeps its size, and so does one
 * that would become too large. */
TamboImage *tambo_fingerprint_normalise (const TamboImage *image);
