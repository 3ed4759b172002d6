/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The synthetic faces of the test data at one size, and how a tilted picture is made.
 */
#pragma once

#include "biometric/face.h"

#include "picture.h"

#define FACE_SIDE 450

typedef struct {
  char *name; /* of the file, without its folder */
  TamboImage *image;
} FacePicture;

static inline void face_picture_clear (gpointer data) {
  FacePicture *picture = data;
  g_free (picture->name);
  tambo_image_free (picture->image);
}

/* FacePicture, in RGB; empty, and the test skipped, without a detector or without data. */
static inline GArray *load_faces (const TamboFaceFinder *finder) {
  GArray *faces = g_array_new (FALSE, FALSE, sizeof (FacePicture));
  g_autoptr (GPtrArray) names = test_pictures ("faces/sfhq");

  g_array_set_clear_func (faces, face_picture_clear);
  for (guint i = 0; finder != NULL && i < names->len; i++) {
    g_autoptr (TamboImage) image = test_picture_load (g_ptr_array_index (names, i));
    g_autoptr (TamboImage) rgb = image != NULL ? tambo_image_to_rgb (image) : NULL;
    if (rgb == NULL)
      continue;
    FacePicture picture = { g_path_get_basename (g_ptr_array_index (names, i)),
                            tambo_image_scale (rgb, FACE_SIDE, FACE_SIDE) };
    g_array_append_val (faces, picture);
  }
  if (faces->len == 0)
    g_test_skip (finder != NULL ? "skipped: no data" : "skipped: no face detector");
  return faces;
}

static inline const TamboImage *face_at (const GArray *faces, guint i) {
  return g_array_index (faces, FacePicture, i).image;
}

/* Around the middle of a square picture, clockwise; the edge goes on outside. */
static inline TamboImage *turned (const TamboImage *image, double degrees) {
  TamboImage *copy = tambo_image_copy (image);
  double a = degrees * G_PI / 180, middle = image->width / 2.0 - 0.5;

  for (int y = 0; y < image->height; y++)
    for (int x = 0; x < image->width; x++) {
      double u = (x - middle) * cos (a) + (y - middle) * sin (a) + middle;
      double v = (y - middle) * cos (a) - (x - middle) * sin (a) + middle;
      int from_x = CLAMP ((int) (u + 0.5), 0, image->width - 1);
      int from_y = CLAMP ((int) (v + 0.5), 0, image->height - 1);
      memcpy (copy->data + ((gsize) y * image->width + x) * 3,
              image->data + ((gsize) from_y * image->width + from_x) * 3, 3);
    }
  return copy;
}
