/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Face image record of ISO/IEC 19794-5:2005, as Doc 9303-10 demands it in DG2: one face, full
 * frontal, image data JPEG or JPEG 2000. Sizes and offsets are those of the standard's table 2.
 */
#pragma once

#include "format/image-codec.h"

typedef struct {
  guint8 gender;             /* 0 unspecified, 1 male, 2 female */
  guint8 eye_colour;         /* 0 unspecified */
  guint8 hair_colour;        /* 0 unspecified */
  guint8 face_image_type;    /* 1 full frontal, 2 token frontal */
  TamboImageType image_type; /* TAMBO_IMAGE_JPEG or TAMBO_IMAGE_JPEG2000 */
  guint16 width, height;
  GBytes *image; /* owned */
} TamboFaceRecord;

void tambo_face_record_clear (TamboFaceRecord *record);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboFaceRecord, tambo_face_record_clear)

GBytes *tambo_face_record_encode (const TamboFaceRecord *record);
gboolean tambo_face_record_parse (GBytes *bytes, TamboFaceRecord *out_record,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
