/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The region of interest of NFIQ 2.3: where the finger lies in a picture without its white frame.
 */
#pragma once

#include "format/image.h"

/* A byte for each pixel, 0 inside the region and 255 outside; to be freed with g_free (). */
guint8 *tambo_nfiq2_find_region (const TamboImage *image);
