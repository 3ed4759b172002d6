/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The helper's end of the pipes, and its modes. One process serves one device; every mode runs on the
 * main thread and returns when it is over. A mode tells its failures as ERROR frames.
 */
#pragma once

#include <glib.h>

#include "capture/helper-protocol.h"

/* Takes standard output for frames alone (libraries print there) and starts the watch over standard
 * input: once it ends, the process has a grace to let its device go, then it exits. */
void tambo_output_start (void);
/* The desk is gone or does not want the answer any more. Any thread. */
gboolean tambo_output_is_hung_up (void);
/* Runs FUNC on the default main context when the desk hangs up. */
void tambo_output_set_hang_up_func (GSourceFunc func, gpointer data);

/* Writes the frames in ARRAY and wipes it. FALSE when nobody reads. Any thread, like the one below. */
gboolean tambo_output_frames (GByteArray *array);
gboolean tambo_output_frame (TamboHelperFrameType type, const void *payload, gsize size);
void tambo_output_error (const GError *error);
void tambo_output_device (const TamboDeviceRow *row);

/* Whoever begins to use USB listens to udev, which may be refused for a moment: tried so often, with that pause. */
#define TAMBO_USB_TRIES 10
#define TAMBO_USB_PAUSE_MS 20
/* A row of its own: devices of this kind on USB could not be looked for. */
void tambo_output_usb_failure (const char *cause);

/* "no access to NODE; …" when the device node exists and may not be used. */
gboolean tambo_output_check_node (const char *node, GError **error);
void tambo_fingerprint_reader_list (void);
void tambo_fingerprint_reader_run (const char *id);
/* Readers behind a Secure Biometric Interface on this computer. ARGUMENTS are PRESS FINGER MISSING HASH GLASS;
 * FALSE when they are none. */
void tambo_sbi_list (void);
gboolean tambo_sbi_run (const char *id, char **arguments);
void tambo_camera_list (void);
void tambo_camera_run (const char *id);
/* Of camera-gstreamer.c, where that is built: webcams, whose IDs begin with TAMBO_WEBCAM_PREFIX. */
void tambo_webcam_list (void);
void tambo_webcam_run (const char *id);
void tambo_printer_list (void);
/* NAME is empty for the first scanner. */
void tambo_scanner_run (const char *name);
void tambo_signature_pad_list (void);
void tambo_signature_pad_run (const char *id, guint rest_ms, guint timeout_ms);
