/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The verdict on a portrait whose faces were looked for: the measures of portrait-check.h and those of ISO/IEC
 * 19794-5, full frontal, with the components and limits of TR-03121-3 Volume 4, tables 4.5 and 4.6. A capture
 * that is not 3:4 is judged in the frame that would be cut from it.
 */
#pragma once

#include "biometric/face.h"
#include "biometric/portrait-check.h"

/* FACES as tambo_face_find gave them, or NULL when there is no detector: what needs a face is left out
 * then. Elements are TamboPortraitMeasure; the defect that hides others stands before them. */
GArray *tambo_portrait_judge (const TamboImage *image, const GArray *faces);
/* How many of FACES are faces: those that are certain, or one that something covers. */
int tambo_portrait_count_faces (const TamboImage *image, const GArray *faces);
