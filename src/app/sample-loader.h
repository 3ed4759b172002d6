/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Pictures of what the open case already has.
 */
#pragma once

#include "app/session.h"

/* PICTURE is NULL for a sample that has none, or when it could not be read (the clerk was told). */
typedef void (*TamboSampleLoaded) (gpointer owner, cairo_surface_t *picture);

void tambo_sample_loader_load (TamboSession *session, const char *slot, int width, int height,
                               TamboSampleLoaded loaded, gpointer owner);
