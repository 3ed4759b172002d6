/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/fingerprint-reader.h"

#include "capture/device-holder.h"
#include "capture/device-private.h"
#include "capture/helper-client.h"
#include "capture/helper-devices.h"

/* Opening a reader may take libfprint's own time-out of 10 s before it says what is wrong. */
#define DEADLINE_MS 15000

typedef struct {
  guint presses;
} TamboFingerprintReaderPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (TamboFingerprintReader, tambo_fingerprint_reader,
                                     TAMBO_TYPE_DEVICE)

static void tambo_fingerprint_reader_class_init (TamboFingerprintReaderClass *klass) {
}

static TamboFingerprintReaderPrivate *get_private (TamboFingerprintReader *self) {
  return tambo_fingerprint_reader_get_instance_private (self);
}

static void tambo_fingerprint_reader_init (TamboFingerprintReader *self) {
  get_private (self)->presses = 1u << TAMBO_PRESS_SINGLE;
}

/* ---- presses ---- */

#define FINGER(name) (1u << TAMBO_FINGER_##name)

static const struct {
  const char *name;
  guint fingers;
} presses[] = {
  [TAMBO_PRESS_SINGLE] = { "single", 0 },
  [TAMBO_PRESS_RIGHT_FOUR] = { "slap-right", FINGER (RIGHT_INDEX) | FINGER (RIGHT_MIDDLE)
                                                 | FINGER (RIGHT_RING) | FINGER (RIGHT_LITTLE) },
  [TAMBO_PRESS_LEFT_FOUR] = { "slap-left", FINGER (LEFT_INDEX) | FINGER (LEFT_MIDDLE)
                                               | FINGER (LEFT_RING) | FINGER (LEFT_LITTLE) },
  [TAMBO_PRESS_THUMBS] = { "slap-thumbs", FINGER (RIGHT_THUMB) | FINGER (LEFT_THUMB) },
  [TAMBO_PRESS_SWIPE] = { "swipe", 0 },
};

const char *tambo_press_to_string (TamboPress press) {
  g_return_val_if_fail ((guint) press < G_N_ELEMENTS (presses), "unknown");
  return presses[press].name;
}

gboolean tambo_press_from_string (const char *text, TamboPress *out_press) {
  for (guint i = 0; i < G_N_ELEMENTS (presses); i++)
    if (g_str_equal (presses[i].name, text)) {
      *out_press = (TamboPress) i;
      return TRUE;
    }
  return FALSE;
}

guint tambo_press_get_fingers (TamboPress press) {
  g_return_val_if_fail ((guint) press < G_N_ELEMENTS (presses), 0);
  return presses[press].fingers;
}

guint tambo_fingerprint_reader_get_presses (TamboFingerprintReader *self) {
  g_return_val_if_fail (TAMBO_IS_FINGERPRINT_READER (self), 0);
  return get_private (self)->presses;
}

void tambo_fingerprint_reader_set_presses (TamboFingerprintReader *self, guint mask) {
  get_private (self)->presses = mask;
}

/* ---- captures ---- */

void tambo_fingerprint_capture_free (TamboFingerprintCapture *capture) {
  if (capture == NULL)
    return;
  tambo_image_free (capture->image);
  g_free (capture->driver);
  g_free (capture);
}

static gboolean check_press (TamboFingerprintReader *self, TamboPress press, GError **error) {
  guint mask = get_private (self)->presses;

  if ((mask & 1u << press) != 0)
    return TRUE;
  if (press == TAMBO_PRESS_SINGLE && (mask & 1u << TAMBO_PRESS_SWIPE) != 0)
    g_set_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_UNSUITABLE,
                 "%s puts a print together from strips, and a reader is needed that sees the whole "
                 "finger at once",
                 tambo_device_get_name (TAMBO_DEVICE (self)));
  else
    g_set_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_UNSUITABLE,
                 "%s does not take a %s", tambo_device_get_name (TAMBO_DEVICE (self)),
                 tambo_press_to_string (press));
  return FALSE;
}

GPtrArray *tambo_fingerprint_reader_press (TamboFingerprintReader *self,
                                           const TamboFingerRequest *request,
                                           GCancellable *cancellable, GError **error) {
  g_autoptr (GError) cause = NULL;
  GPtrArray *captures = NULL;

  g_return_val_if_fail (TAMBO_IS_FINGERPRINT_READER (self), NULL);
  if (!check_press (self, request->press, error)
      || !tambo_device_claim (TAMBO_DEVICE (self), error))
    return NULL;
  captures = TAMBO_FINGERPRINT_READER_GET_CLASS (self)->press (self, request, cancellable, &cause);
  tambo_device_release (TAMBO_DEVICE (self));
  tambo_device_name_holder (TAMBO_DEVICE (self), &cause);
  tambo_device_set_state_from_error (TAMBO_DEVICE (self), cause);
  if (cause != NULL)
    g_propagate_error (error, g_steal_pointer (&cause));
  return captures;
}

TamboFingerprintCapture *tambo_fingerprint_reader_capture (TamboFingerprintReader *self,
                                                           TamboFingerStatusFunc status,
                                                           gpointer data, GCancellable *cancellable,
                                                           GError **error) {
  gboolean is_swipe = (tambo_fingerprint_reader_get_presses (self) & 1u << TAMBO_PRESS_SWIPE) != 0;
  const TamboFingerRequest request = {
    .press = is_swipe ? TAMBO_PRESS_SWIPE : TAMBO_PRESS_SINGLE,
    .finger = TAMBO_FINGER_UNKNOWN,
    .status = status,
    .data = data,
  };
  g_autoptr (GPtrArray) captures =
      tambo_fingerprint_reader_press (self, &request, cancellable, error);

  return captures != NULL ? g_ptr_array_steal_index (captures, 0) : NULL;
}

/* ---- libfprint, in its helper ---- */

#define TAMBO_TYPE_HELPER_FINGERPRINT_READER (tambo_helper_fingerprint_reader_get_type ())
G_DECLARE_FINAL_TYPE (TamboHelperFingerprintReader, tambo_helper_fingerprint_reader, TAMBO,
                      HELPER_FINGERPRINT_READER, TamboFingerprintReader)

struct _TamboHelperFingerprintReader {
  TamboFingerprintReader parent;
};

G_DEFINE_FINAL_TYPE (TamboHelperFingerprintReader, tambo_helper_fingerprint_reader,
                     TAMBO_TYPE_FINGERPRINT_READER)

static TamboFingerprintCapture *receive_capture (TamboHelper *helper,
                                                 const TamboFingerRequest *request,
                                                 GCancellable *cancellable, GError **error) {
  for (;;) {
    TamboHelperFrame frame;
    TamboFingerStatus status;

    if (!tambo_helper_receive (helper, DEADLINE_MS, cancellable, &frame, error))
      return NULL;
    if (frame.type != TAMBO_HELPER_FINGER_STATUS)
      return tambo_helper_parse_fingerprint (&frame, error);
    if (!tambo_helper_parse_finger_status (&frame, &status, error))
      return NULL;
    if (request->status != NULL)
      request->status (status, request->data);
  }
}

static GPtrArray *helper_press (TamboFingerprintReader *reader, const TamboFingerRequest *request,
                                GCancellable *cancellable, GError **error) {
  const char *arguments[] = { "fingerprint", tambo_device_get_id (TAMBO_DEVICE (reader)), NULL };
  g_autoptr (TamboHelper) helper = tambo_helper_spawn (arguments, cancellable, error);
  TamboFingerprintCapture *capture =
      helper != NULL ? receive_capture (helper, request, cancellable, error) : NULL;

  if (capture == NULL)
    return NULL;
  GPtrArray *captures =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_fingerprint_capture_free);
  /* libfprint does not know fingers: it is the one that was asked for. */
  capture->finger = request->finger;
  g_ptr_array_add (captures, capture);
  return captures;
}

static void tambo_helper_fingerprint_reader_class_init (TamboHelperFingerprintReaderClass *klass) {
  TAMBO_FINGERPRINT_READER_CLASS (klass)->press = helper_press;
}

static void tambo_helper_fingerprint_reader_init (TamboHelperFingerprintReader *self) {
}

TamboDevice *tambo_helper_fingerprint_reader_new (const TamboDeviceRow *row) {
  TamboDevice *device = tambo_device_new_from_row (TAMBO_TYPE_HELPER_FINGERPRINT_READER,
                                                   TAMBO_DEVICE_FINGERPRINT_READER, row);

  if (row->presses != 0)
    tambo_fingerprint_reader_set_presses (TAMBO_FINGERPRINT_READER (device), row->presses);
  return device;
}
