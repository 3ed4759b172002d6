/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The part of a capture that goes into a document: the full frontal image (ISO/IEC 19794-5, 8) and the token
 * image (clause 9). Nothing is enlarged and nothing is filled up beyond the picture's edge.
 */
#pragma once

#include "biometric/face.h"

#define TAMBO_PORTRAIT_RATIO_MIN 0.74 /* width over height */
#define TAMBO_PORTRAIT_RATIO_MAX 0.80

typedef struct {
  int x, y, width, height;
} TamboFrame;

/* Chin to crown; the crown is where it lies on the mean head, since hair hides it. */
double tambo_portrait_head_height (const TamboFace *face);
double tambo_portrait_head_width (const TamboFace *face);

/* The 3:4 frame in which the head has the standard's size and place. FALSE when the capture ends before. */
gboolean tambo_portrait_frame (const TamboFace *face, int width, int height,
                               TamboFrame *out_frame) G_GNUC_WARN_UNUSED_RESULT;
/* Cut from the capture as it is. NULL as above. */
TamboImage *tambo_portrait_crop_frontal (const TamboImage *image, const TamboFace *face,
                                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Eyes level, at 0.375 and 0.625 of the width and 0.6 widths from the top. */
TamboImage *tambo_portrait_crop_token (const TamboImage *image, const TamboFace *face,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
