/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A picture that is painted by cairo: live frames at 30 a second cost a third of what GtkPicture
 * costs on a desk without a graphics card. Workers make the surface; the main thread paints it.
 */
#pragma once

#include <gtk/gtk.h>

#include "format/image.h"
#include "record/enrolment.h"
#include "station/station.h"

#define TAMBO_TYPE_PICTURE_AREA (tambo_picture_area_get_type ())
G_DECLARE_FINAL_TYPE (TamboPictureArea, tambo_picture_area, TAMBO, PICTURE_AREA, GtkWidget)

/* Any thread. IMAGE is fitted into WIDTH x HEIGHT, never enlarged. */
cairo_surface_t *tambo_picture_surface (const TamboImage *image, int width, int height);
/* A worker. The sample of SLOT as a picture; NULL without an error for what has none, such as a PDF. */
cairo_surface_t *tambo_picture_load (TamboStation *station, const TamboEnrolment *enrolment,
                                     const char *slot, int width, int height, GError **error);

/* References SURFACE; NULL empties the area. */
void tambo_picture_area_set_surface (TamboPictureArea *self, cairo_surface_t *surface);
/* Any thread: how large the area is, in pixels of the screen. */
void tambo_picture_area_get_wanted (TamboPictureArea *self, int *out_width, int *out_height);
/* With the oval: how much of the time all has been right, 0..1, drawn around it. */
void tambo_picture_area_set_held (TamboPictureArea *self, double held);
/* What assistive technology says of the picture. */
void tambo_picture_area_set_label (TamboPictureArea *self, const char *label);
