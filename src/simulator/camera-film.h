/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the camera is about to see, drawn ahead by a thread of its own: libgphoto2 gives a camera on the
 * network 2.5 seconds for an answer, and on a busy machine the drawing alone takes as long. May be used
 * from any thread.
 */
#pragma once

#include "simulator/camera-portrait.h"

#define TAMBO_FILM_FRAMES 12 /* the live view repeats itself */

typedef struct _TamboCameraFilm TamboCameraFilm;

TamboCameraFilm *tambo_camera_film_new (TamboScene *scene); /* takes SCENE */
void tambo_camera_film_free (TamboCameraFilm *film);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboCameraFilm, tambo_camera_film_free)

void tambo_camera_film_set_scene (TamboCameraFilm *film, TamboScene *scene); /* takes SCENE */

/* JPEG. Both wait until the picture is drawn. The still is used up: the next one is another shot. */
GBytes *tambo_camera_film_take_still (TamboCameraFilm *film);
GBytes *tambo_camera_film_get_frame (TamboCameraFilm *film, guint number);
