/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Live guidance: a frame of the preview in, the one thing out that the applicant should do next. The face is
 * looked for now and then, at half the resolution, and followed between.
 */
#pragma once

#include "biometric/face.h"

typedef struct _TamboGuide TamboGuide;

TamboGuide *tambo_guide_new (
    TamboFaceFinder *finder); /* FINDER is borrowed and has to live longer */
void tambo_guide_free (TamboGuide *guide);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboGuide, tambo_guide_free)

/* The most important sentence, static; NULL when the picture may be taken now. */
const char *tambo_guide_feed (TamboGuide *guide, const TamboImage *frame);
/* Of the last frame, or NULL; borrowed. */
const TamboFace *tambo_guide_get_face (const TamboGuide *guide);
