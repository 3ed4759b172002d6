/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the libraries for cameras have in common in the helper: how they are commanded, and how they tell what
 * they took and why they did not.
 */
#pragma once

#include "capture/helper-protocol.h"

/* FALSE at the end of input, or when what came is no command. */
gboolean tambo_camera_read_command (TamboHelperFrameType *out_command);
/* A PICTURE frame. Whatever is no JPEG file that a frame takes is TAMBO_CAPTURE_ERROR_FAILED with WHY_NOT. */
gboolean tambo_camera_tell_picture (const void *data, gsize size, const char *why_not,
                                    GError **error);

GError *tambo_camera_removed_error (void);
/* The desk, which may look at other processes, says which. */
GError *tambo_camera_busy_error (void);
GError *tambo_camera_unknown_command_error (void);
