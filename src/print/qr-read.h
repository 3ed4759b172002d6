/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * QR codes on a picture: a scan, a photograph, or the page itself as it was drawn.
 */
#pragma once

#include "format/image.h"

/* The texts of all codes that can be read; elements are char *, perhaps none. What holds a NUL is left out. */
GPtrArray *tambo_qr_read (const TamboImage *image);
