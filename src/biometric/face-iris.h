/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The middle of the iris between the lids of an eye: feature points 12.1 and 12.2 of ISO/IEC 19794-5. The lids
 * alone do not say it, since they close from above.
 */
#pragma once

#include "biometric/face-module.h"
#include "format/image.h"

/* LIDS are the six places of one eye, from the corner at the left of the picture over the upper lid, EYES the
 * vector from the middle of the right eye's lids to that of the left eye's. Where nothing round is seen (closed
 * lids, dark glasses) the place that is usual between such lids. OUT_SEEN: how clear the edge of the iris is,
 * about 0.1 to 0.3 of the contrast there; less where there is none. */
TamboFacePoint tambo_face_find_iris (const TamboImage *grey, const TamboFacePoint lids[6],
                                     TamboFacePoint eyes, double *out_seen);
