/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Face image data of ISO/IEC 39794-5:2019 in the form of ICAO's application profile, which Doc 9303-10
 * demands in DG2 from 2030: [APPLICATION 5] around one representation of one two-dimensional image. The
 * values are those of the older record (format/iso19794-5.h); codes that differ are mapped.
 */
#pragma once

#include "format/iso19794-5.h"

/* DER, beginning with 65. A full frontal image of the kind "mrtd"; gender and colours only where they
 * are told. */
GBytes *tambo_face_block_encode (const TamboFaceRecord *record);
/* The first representation. Width and height are 0 where the block does not say them. */
gboolean tambo_face_block_parse (GBytes *bytes, TamboFaceRecord *out_record,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
