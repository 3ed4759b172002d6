/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A print as a clerk may read it: in colour, green where the ridges run clearly, amber where they are uncertain,
 * red where there is finger and no ridge to be trusted; the platen stays as it is.
 */
#pragma once

#include "format/image.h"

/* IMAGE is grey, at the resolution of the sensor; the map has its size. A picture without a finger comes back
 * without colour. NULL when it is too large. */
TamboImage *tambo_fingerprint_draw_map (const TamboImage *image);
