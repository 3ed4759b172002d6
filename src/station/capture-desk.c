/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/capture-desk.h"

#define MAX_ATTEMPTS 3
#define PEN_REST_MS 1500
#define PEN_TIMEOUT_MS 60000

typedef gboolean (*CaptureOnce) (const TamboCaptureDesk *desk, TamboFinger finger,
                                 GCancellable *cancellable, GError **error);

/* What the applicant can mend by trying again, as against what somebody has to repair. */
static gboolean is_worth_another_try (const GError *error) {
  return error->domain == TAMBO_CAPTURE_RETRY
         || g_error_matches (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_QUALITY)
         || g_error_matches (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_OTHER_FINGER);
}

static gboolean capture_with_attempts (const TamboCaptureDesk *desk, CaptureOnce once,
                                       TamboFinger finger, GCancellable *cancellable,
                                       GError **error) {
  g_autoptr (GError) last = NULL;

  for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    if (desk->attempt != NULL)
      desk->attempt (attempt, last != NULL ? last->message : NULL, desk->data);
    g_clear_error (&last);
    if (once (desk, finger, cancellable, &last))
      return TRUE;
    if (!is_worth_another_try (last))
      break;
  }
  g_propagate_error (error, g_steal_pointer (&last));
  return FALSE;
}

static char *describe (gpointer device) {
  return g_strdup_printf ("%s (%s)", tambo_device_get_name (device),
                          tambo_device_get_driver (device));
}

static gboolean portrait_once (const TamboCaptureDesk *desk, TamboFinger finger,
                               GCancellable *cancellable, GError **error) {
  g_autoptr (TamboCamera) camera = tambo_device_manager_dup_camera (desk->devices, NULL, error);
  if (camera == NULL)
    return FALSE;
  g_autoptr (GBytes) file = tambo_camera_capture (camera, cancellable, error);
  g_autofree char *device = describe (camera);

  tambo_camera_stop (camera);
  if (file == NULL)
    return FALSE;
  return desk->keep_better
             ? tambo_enrol_improve_portrait (desk->station, desk->enrolment, file, device, error)
             : tambo_enrol_add_portrait (desk->station, desk->enrolment, file, device, error);
}

static gboolean finger_once (const TamboCaptureDesk *desk, TamboFinger finger,
                             GCancellable *cancellable, GError **error) {
  g_autoptr (TamboFingerprintReader) reader =
      tambo_device_manager_dup_fingerprint_reader (desk->devices, NULL, error);
  if (reader == NULL)
    return FALSE;
  g_autoptr (TamboFingerprintCapture) capture = tambo_fingerprint_reader_capture (
      reader, desk->finger_status, desk->data, cancellable, error);
  if (capture == NULL)
    return FALSE;
  g_autofree char *device = describe (reader);
  if (desk->take_finger != NULL)
    return desk->take_finger (capture->image, device, desk->taker, error);
  return tambo_enrol_add_finger (desk->station, desk->enrolment, finger, capture->image, device,
                                 error);
}

static gboolean signature_once (const TamboCaptureDesk *desk, TamboFinger finger,
                                GCancellable *cancellable, GError **error) {
  g_autoptr (TamboSignaturePad) pad =
      tambo_device_manager_dup_signature_pad (desk->devices, NULL, error);
  if (pad == NULL)
    return FALSE;
  g_autoptr (TamboSignature) signature = tambo_signature_pad_capture (
      pad, PEN_REST_MS, PEN_TIMEOUT_MS, desk->pen_sample, desk->data, cancellable, error);
  if (signature == NULL)
    return FALSE;
  g_autofree char *device = describe (pad);
  return tambo_enrol_add_signature (desk->station, desk->enrolment, signature, device, error);
}

gboolean tambo_capture_desk_portrait (const TamboCaptureDesk *desk, GCancellable *cancellable,
                                      GError **error) {
  return capture_with_attempts (desk, portrait_once, TAMBO_FINGER_UNKNOWN, cancellable, error);
}

gboolean tambo_capture_desk_finger (const TamboCaptureDesk *desk, TamboFinger finger,
                                    GCancellable *cancellable, GError **error) {
  return capture_with_attempts (desk, finger_once, finger, cancellable, error);
}

gboolean tambo_capture_desk_signature (const TamboCaptureDesk *desk, GCancellable *cancellable,
                                       GError **error) {
  return capture_with_attempts (desk, signature_once, TAMBO_FINGER_UNKNOWN, cancellable, error);
}
