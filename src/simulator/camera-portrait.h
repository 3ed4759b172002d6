/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the camera sees: somebody who sits before a light grey wall, drawn by program, or a picture
 * that was given. The pose changes a little from shot to shot.
 */
#pragma once

#include "format/image.h"

#define TAMBO_PORTRAIT_WIDTH 1200 /* of a still, held upright */
#define TAMBO_PORTRAIT_HEIGHT 1600
#define TAMBO_FRAME_WIDTH 960 /* of the live view */
#define TAMBO_FRAME_HEIGHT 640

typedef struct _TamboScene TamboScene;

TamboScene *tambo_scene_new_drawn (guint32 seed);
TamboScene *tambo_scene_new_picture (const TamboImage *picture);
/* The picture in the file PORTRAIT; NULL: drawn. */
TamboScene *tambo_scene_load (const char *portrait, guint32 seed, GError **error);
void tambo_scene_free (TamboScene *scene);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboScene, tambo_scene_free)

TamboImage *tambo_scene_still (const TamboScene *scene, guint32 shot);
/* The part of the still stands upright in the middle of the frame. */
TamboImage *tambo_scene_frame (const TamboScene *scene, guint32 number);
