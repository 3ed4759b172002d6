/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The same picture at another resolution, for those who measure in pixels of a known size.
 */
#pragma once

#include "format/image.h"

/* By the kernel of Lanczos with three lobes, as wide as the coarser grid asks: no edge is lost that the new
 * resolution can hold, and nothing finer folds back. A copy where IMAGE tells no resolution or has this
 * one already; NULL when the result would be too large. */
TamboImage *tambo_image_resample (const TamboImage *image, int ppi);
