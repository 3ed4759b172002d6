/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A fingerprint reader: one plain print at a time, or a slap where the reader cuts it into its fingers.
 */
#pragma once

#include "capture/device.h"
#include "format/image.h"
#include "record/finger.h"

/* What lies on the glass at once. */
typedef enum {
  TAMBO_PRESS_SINGLE,
  TAMBO_PRESS_RIGHT_FOUR,
  TAMBO_PRESS_LEFT_FOUR,
  TAMBO_PRESS_THUMBS,
  TAMBO_PRESS_SWIPE, /* one finger drawn over a narrow sensor, the picture put together: not for enrolment */
} TamboPress;

/* "single", "slap-right", "slap-left", "slap-thumbs" */
const char *tambo_press_to_string (TamboPress press);
gboolean tambo_press_from_string (const char *text, TamboPress *out_press);
/* Bits 1 << TamboFinger; 0 for a single one. */
guint tambo_press_get_fingers (TamboPress press);

typedef struct {
  TamboImage *image; /* grey, as the sensor gave it; ppi from the driver table, 0 when unknown */
  char *driver;
  int n_minutiae;     /* what libfprint's own detector found */
  TamboFinger finger; /* what the reader says that it is; UNKNOWN for a reader that cannot tell */
  int quality;        /* 0 to 100 of the reader's own measure; -1 for none */
} TamboFingerprintCapture;

void tambo_fingerprint_capture_free (TamboFingerprintCapture *capture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboFingerprintCapture, tambo_fingerprint_capture_free)

typedef enum {
  TAMBO_FINGER_NEEDED,  /* "put the finger on the reader" */
  TAMBO_FINGER_PRESENT, /* "hold still" */
} TamboFingerStatus;

/* Called on the capturing thread. */
typedef void (*TamboFingerStatusFunc) (TamboFingerStatus status, gpointer data);

/* The glass, a JPEG, while the fingers are laid. TRUE: they lie well, take them. Called on the capturing
 * thread. */
typedef gboolean (*TamboGlassFunc) (GBytes *jpeg, gpointer data);

typedef struct {
  TamboPress press;
  TamboFinger finger;           /* of a single press; UNKNOWN leaves it to the applicant */
  guint missing;                /* bits 1 << TamboFinger that are not there and not waited for */
  TamboFingerStatusFunc status; /* may be NULL */
  TamboGlassFunc glass;         /* may be NULL: the picture is taken as soon as it is good */
  gpointer data;
} TamboFingerRequest;

#define TAMBO_TYPE_FINGERPRINT_READER (tambo_fingerprint_reader_get_type ())
G_DECLARE_DERIVABLE_TYPE (TamboFingerprintReader, tambo_fingerprint_reader, TAMBO,
                          FINGERPRINT_READER, TamboDevice)

struct _TamboFingerprintReaderClass {
  TamboDeviceClass parent_class;
  /* Of TamboFingerprintCapture, owned. */
  GPtrArray *(*press) (TamboFingerprintReader *self, const TamboFingerRequest *request,
                       GCancellable *cancellable, GError **error);
};

/* What it takes at once: bits 1 << TamboPress. */
guint tambo_fingerprint_reader_get_presses (TamboFingerprintReader *self);

/* Waits for a finger. TAMBO_CAPTURE_RETRY when the press gave no usable print. */
TamboFingerprintCapture *tambo_fingerprint_reader_capture (TamboFingerprintReader *self,
                                                           TamboFingerStatusFunc status,
                                                           gpointer data, GCancellable *cancellable,
                                                           GError **error);
/* All fingers of the press but those that are missing, of TamboFingerprintCapture, owned; never fewer. RETRY
 * when the applicant can do better, UNSUITABLE for a press that the reader does not take. */
GPtrArray *tambo_fingerprint_reader_press (TamboFingerprintReader *self,
                                           const TamboFingerRequest *request,
                                           GCancellable *cancellable, GError **error);
