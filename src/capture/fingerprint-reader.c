/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/fingerprint-reader.h"

#include "capture/device-private.h"
#include "capture/helper-client.h"
#include "capture/helper-devices.h"

/* Opening a reader may take libfprint's own time-out of 10 s before it says what is wrong. */
#define DEADLINE_MS 15000

G_DEFINE_ABSTRACT_TYPE (TamboFingerprintReader, tambo_fingerprint_reader, TAMBO_TYPE_DEVICE)

static void tambo_fingerprint_reader_class_init (TamboFingerprintReaderClass *klass) {
}

static void tambo_fingerprint_reader_init (TamboFingerprintReader *self) {
}

void tambo_fingerprint_capture_free (TamboFingerprintCapture *capture) {
  if (capture == NULL)
    return;
  tambo_image_free (capture->image);
  g_free (capture->driver);
  g_free (capture);
}

TamboFingerprintCapture *tambo_fingerprint_reader_capture (TamboFingerprintReader *self,
                                                           TamboFingerStatusFunc status,
                                                           gpointer data, GCancellable *cancellable,
                                                           GError **error) {
  g_autoptr (GError) cause = NULL;
  TamboFingerprintCapture *capture = NULL;

  g_return_val_if_fail (TAMBO_IS_FINGERPRINT_READER (self), NULL);
  if (!tambo_device_claim (TAMBO_DEVICE (self), error))
    return NULL;
  capture =
      TAMBO_FINGERPRINT_READER_GET_CLASS (self)->capture (self, status, data, cancellable, &cause);
  tambo_device_release (TAMBO_DEVICE (self));
  tambo_device_set_state_from_error (TAMBO_DEVICE (self), cause);
  if (cause != NULL)
    g_propagate_error (error, g_steal_pointer (&cause));
  return capture;
}

#define TAMBO_TYPE_HELPER_FINGERPRINT_READER (tambo_helper_fingerprint_reader_get_type ())
G_DECLARE_FINAL_TYPE (TamboHelperFingerprintReader, tambo_helper_fingerprint_reader, TAMBO,
                      HELPER_FINGERPRINT_READER, TamboFingerprintReader)

struct _TamboHelperFingerprintReader {
  TamboFingerprintReader parent;
};

G_DEFINE_FINAL_TYPE (TamboHelperFingerprintReader, tambo_helper_fingerprint_reader,
                     TAMBO_TYPE_FINGERPRINT_READER)

static TamboFingerprintCapture *helper_capture (TamboFingerprintReader *reader,
                                                TamboFingerStatusFunc status_func, gpointer data,
                                                GCancellable *cancellable, GError **error) {
  const char *arguments[] = { "fingerprint", tambo_device_get_id (TAMBO_DEVICE (reader)), NULL };
  g_autoptr (TamboHelper) helper = tambo_helper_spawn (arguments, cancellable, error);

  if (helper == NULL)
    return NULL;
  for (;;) {
    TamboHelperFrame frame;
    TamboFingerStatus status;

    if (!tambo_helper_receive (helper, DEADLINE_MS, cancellable, &frame, error))
      return NULL;
    if (frame.type != TAMBO_HELPER_FINGER_STATUS)
      return tambo_helper_parse_fingerprint (&frame, error);
    if (!tambo_helper_parse_finger_status (&frame, &status, error))
      return NULL;
    if (status_func != NULL)
      status_func (status, data);
  }
}

static void tambo_helper_fingerprint_reader_class_init (TamboHelperFingerprintReaderClass *klass) {
  TAMBO_FINGERPRINT_READER_CLASS (klass)->capture = helper_capture;
}

static void tambo_helper_fingerprint_reader_init (TamboHelperFingerprintReader *self) {
}

TamboDevice *tambo_helper_fingerprint_reader_new (const TamboDeviceRow *row) {
  return tambo_device_new_from_row (TAMBO_TYPE_HELPER_FINGERPRINT_READER,
                                    TAMBO_DEVICE_FINGERPRINT_READER, row);
}
