/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/camera-helper.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "capture/device-holder.h"
#include "capture/helper-output.h"

gboolean tambo_camera_read_command (TamboHelperFrameType *out_command) {
  guint8 bytes[TAMBO_HELPER_HEADER_SIZE];
  TamboReader reader;
  TamboHelperFrame frame;
  gsize got = 0;

  while (got < sizeof bytes) {
    ssize_t n = read (STDIN_FILENO, bytes + got, sizeof bytes - got);

    if (n < 0 && errno == EINTR)
      continue;
    if (n <= 0)
      return FALSE;
    got += (gsize) n;
  }
  reader = tambo_reader (bytes, sizeof bytes);
  if (tambo_helper_frame_parse (&reader, &frame, NULL) != TAMBO_HELPER_PARSE_WHOLE)
    return FALSE;
  *out_command = frame.type;
  return TRUE;
}

gboolean tambo_camera_tell_picture (const void *data, gsize size, const char *why_not,
                                    GError **error) {
  if (size < 3 || size > TAMBO_HELPER_MAX_PAYLOAD || memcmp (data, "\xff\xd8\xff", 3) != 0) {
    g_set_error_literal (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_FAILED, why_not);
    return FALSE;
  }
  tambo_output_frame (TAMBO_HELPER_PICTURE, data, size);
  return TRUE;
}

GError *tambo_camera_removed_error (void) {
  return g_error_new_literal (TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_REMOVED,
                              "the camera was unplugged or switched off");
}

GError *tambo_camera_busy_error (void) {
  return g_error_new_literal (TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_BUSY,
                              "the camera is held by " TAMBO_HELD_BY_ANOTHER);
}

GError *tambo_camera_unknown_command_error (void) {
  return g_error_new_literal (TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_PROTOCOL,
                              "the desk asked the camera for something unknown");
}
