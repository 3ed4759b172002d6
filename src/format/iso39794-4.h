/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Finger image data of ISO/IEC 39794-4:2019: [APPLICATION 4] around a representation for each view. The
 * values are those of the older record (format/iso19794-4.h); codes that differ are mapped.
 */
#pragma once

#include "format/iso19794-4.h"

/* DER, beginning with 64. UNSUPPORTED for JPEG, which the standard does not have. */
GBytes *tambo_finger_block_encode (const TamboFingerRecord *record,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Views have the width and height that the image file tells. All are of one compression, or UNSUPPORTED;
 * 500 ppi where the block tells no resolution. */
TamboFingerRecord *tambo_finger_block_parse (GBytes *bytes,
                                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
