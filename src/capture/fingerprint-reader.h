/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A fingerprint reader: one plain print at a time.
 */
#pragma once

#include "capture/device.h"
#include "format/image.h"

typedef struct {
  TamboImage *image; /* grey, as the sensor gave it; ppi from the driver table, 0 when unknown */
  char *driver;
  int n_minutiae; /* what libfprint's own detector found */
} TamboFingerprintCapture;

void tambo_fingerprint_capture_free (TamboFingerprintCapture *capture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboFingerprintCapture, tambo_fingerprint_capture_free)

typedef enum {
  TAMBO_FINGER_NEEDED,  /* "put the finger on the reader" */
  TAMBO_FINGER_PRESENT, /* "hold still" */
} TamboFingerStatus;

/* Called on the capturing thread. */
typedef void (*TamboFingerStatusFunc) (TamboFingerStatus status, gpointer data);

#define TAMBO_TYPE_FINGERPRINT_READER (tambo_fingerprint_reader_get_type ())
G_DECLARE_DERIVABLE_TYPE (TamboFingerprintReader, tambo_fingerprint_reader, TAMBO,
                          FINGERPRINT_READER, TamboDevice)

struct _TamboFingerprintReaderClass {
  TamboDeviceClass parent_class;
  TamboFingerprintCapture *(*capture) (TamboFingerprintReader *self, TamboFingerStatusFunc status,
                                       gpointer data, GCancellable *cancellable, GError **error);
};

/* Waits for a finger. TAMBO_CAPTURE_RETRY when the press gave no usable print. */
TamboFingerprintCapture *tambo_fingerprint_reader_capture (TamboFingerprintReader *self,
                                                           TamboFingerStatusFunc status,
                                                           gpointer data, GCancellable *cancellable,
                                                           GError **error);
