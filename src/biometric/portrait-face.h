/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is measured on a face whose landmarks are known: pose, expression, eyes, what covers it, light
 * (ISO/IEC 19794-5, full frontal; components of TR-03121-3 Volume 4, table 4.5). Lengths are in eye
 * distances, levels in 0 to 255. Pure functions; limits lie in portrait-check.c.
 */
#pragma once

#include "biometric/face.h"

typedef struct {
  double roll, yaw, pitch; /* degrees; yaw and pitch are estimates good to some five degrees */
  double eye_distance;     /* pixels */
  double mouth_gap;        /* between the lips' inner edges, over the mouth's width */
  double mouth_width;      /* its corners' distance: a smile stretches it */
  double brow_height;      /* from the eye to the brow */
} TamboFaceShape;

typedef struct {
  double brightness; /* mean of the skin */
  double
      sharpness; /* Laplacian's variance over the levels' variance, percent, at one eye distance */
  double eyes_closed;   /* how much speaks for closed lids: from 1 on they are; the mean of both */
  double eyes_dark;     /* share of both eyes' surroundings that is far darker than the skin */
  double gaze;          /* the iris from the middle of the eye, sideways; the greater of both */
  double red_eye;       /* share of the pupils' pixels that is red */
  double mouth_covered; /* how even and how unlike the skin the mouth's surroundings are */
  double side_light;    /* difference of the cheeks over their sum */
  double hot_spots;     /* share of the skin without a level left */
  double colour_cast;   /* distance of the skin's hue from those that skin has */
} TamboFaceLook;

void tambo_face_measure_shape (const TamboFace *face, TamboFaceShape *out_shape);
/* IMAGE grey or RGB; the places may reach over its edge. */
void tambo_face_measure_look (const TamboFace *face, const TamboImage *image,
                              TamboFaceLook *out_look);
