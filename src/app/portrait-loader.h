/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The portrait of the open case as it goes into the document, with the verdict on it.
 */
#pragma once

#include "app/session.h"
#include "station/portrait-desk.h"

/* PICTURE is the crop, or the whole where there is none; both NULL when it cannot be read, which was told. */
typedef void (*TamboPortraitLoaded) (gpointer owner, cairo_surface_t *picture,
                                     const TamboPortraitReport *report);

void tambo_portrait_loader_load (TamboSession *session, int width, int height,
                                 TamboPortraitLoaded loaded, gpointer owner);
