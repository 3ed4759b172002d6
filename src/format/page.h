/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A sheet of paper on a scanner's glass or on a table under the camera: where it lies, and how it looks
 * from straight above.
 */
#pragma once

#include "format/image.h"

/* From the sheet's top left corner clockwise, in pixels of the picture. */
typedef struct {
  double x[4], y[4];
} TamboPageCorners;

/* FALSE when no sheet stands out against what it lies on: it fills the picture, or there is none. */
gboolean tambo_page_find (const TamboImage *image, TamboPageCorners *out_corners);

/* The sheet alone, upright: leaning and perspective are taken out, the scale stays. NULL when the corners
 * are none of a sheet. */
TamboImage *tambo_page_straighten (const TamboImage *image, const TamboPageCorners *corners);

/* Both; a copy where no sheet is found. */
TamboImage *tambo_page_cut_out (const TamboImage *image);
