/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The desktop's file manager mounts cameras as soon as they are plugged in, and a camera that is mounted
 * takes no pictures. Here it is asked to let them go.
 */
#pragma once

#include <gtk/gtk.h>

/* Once, after every camera that was mounted has been let go or has not. Not called for a widget that left
 * its window. */
typedef void (*TamboCameraRivalDone) (gpointer owner);

void tambo_camera_rival_unmount (TamboCameraRivalDone done, gpointer owner);
