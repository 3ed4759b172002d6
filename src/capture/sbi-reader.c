/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A reader behind a Secure Biometric Interface, as the desk sees it. The talking is done in its helper.
 */
#include "capture/device-private.h"
#include "capture/helper-client.h"
#include "capture/helper-devices.h"
#include "capture/sbi-capture.h"

#define DEADLINE_MS 15000
#define MAX_FINGERS 10

#define TAMBO_TYPE_SBI_READER (tambo_sbi_reader_get_type ())
G_DECLARE_FINAL_TYPE (TamboSbiReader, tambo_sbi_reader, TAMBO, SBI_READER, TamboFingerprintReader)

struct _TamboSbiReader {
  TamboFingerprintReader parent;
  char *hash; /* of the last capture: the next one follows it */
};

G_DEFINE_FINAL_TYPE (TamboSbiReader, tambo_sbi_reader, TAMBO_TYPE_FINGERPRINT_READER)

/* What has come of one press. */
typedef struct {
  const TamboFingerRequest *request;
  GPtrArray *captures;
  char *hash;
  gboolean is_taking; /* the glass was good enough */
} Press;

static void press_clear (Press *press) {
  g_clear_pointer (&press->captures, g_ptr_array_unref);
  g_clear_pointer (&press->hash, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Press, press_clear)

static gboolean show_glass (Press *press, TamboHelper *helper, const TamboHelperFrame *frame,
                            GError **error) {
  g_autoptr (GBytes) jpeg = tambo_helper_parse_picture (frame, error);

  if (jpeg == NULL)
    return FALSE;
  if (press->is_taking || press->request->glass == NULL
      || !press->request->glass (jpeg, press->request->data))
    return TRUE;
  press->is_taking = TRUE;
  return tambo_helper_send (helper, TAMBO_HELPER_STILL, error);
}

static gboolean show_status (const Press *press, const TamboHelperFrame *frame, GError **error) {
  TamboFingerStatus status;

  if (!tambo_helper_parse_finger_status (frame, &status, error))
    return FALSE;
  if (press->request->status != NULL)
    press->request->status (status, press->request->data);
  return TRUE;
}

static gboolean keep_capture (Press *press, const TamboHelperFrame *frame, GError **error) {
  TamboFingerprintCapture *capture = tambo_helper_parse_fingerprint (frame, error);

  if (capture == NULL)
    return FALSE;
  g_ptr_array_add (press->captures, capture);
  if (press->captures->len <= MAX_FINGERS)
    return TRUE;
  g_set_error_literal (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_PROTOCOL,
                       "the capture helper gave more fingers than there are");
  return FALSE;
}

/* The hash comes last, when all fingers of the press were good. */
static gboolean receive (Press *press, TamboHelper *helper, GCancellable *cancellable,
                         GError **error) {
  while (press->hash == NULL) {
    TamboHelperFrame frame;
    gboolean good;

    if (!tambo_helper_receive (helper, DEADLINE_MS, cancellable, &frame, error))
      return FALSE;
    if (frame.type == TAMBO_HELPER_PICTURE)
      good = show_glass (press, helper, &frame, error);
    else if (frame.type == TAMBO_HELPER_FINGER_STATUS)
      good = show_status (press, &frame, error);
    else if (frame.type == TAMBO_HELPER_FINGERPRINT)
      good = keep_capture (press, &frame, error);
    else
      good = (press->hash = tambo_helper_parse_hash (&frame, error)) != NULL;
    if (!good)
      return FALSE;
  }
  if (press->captures->len > 0)
    return TRUE;
  g_set_error_literal (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_PROTOCOL,
                       "the capture helper gave no finger");
  return FALSE;
}

static GPtrArray *sbi_press (TamboFingerprintReader *reader, const TamboFingerRequest *request,
                             GCancellable *cancellable, GError **error) {
  TamboSbiReader *self = TAMBO_SBI_READER (reader);
  g_autofree char *missing = g_strdup_printf ("%u", request->missing);
  const char *arguments[] = { "sbi",
                              tambo_device_get_id (TAMBO_DEVICE (reader)),
                              tambo_press_to_string (request->press),
                              tambo_finger_to_string (request->finger),
                              missing,
                              self->hash,
                              request->glass != NULL ? "1" : "0",
                              NULL };
  g_autoptr (TamboHelper) helper = tambo_helper_spawn (arguments, cancellable, error);
  g_auto (Press) press = {
    .request = request,
    .captures = g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_fingerprint_capture_free),
  };

  if (helper == NULL || !receive (&press, helper, cancellable, error))
    return NULL;
  g_free (self->hash);
  self->hash = g_steal_pointer (&press.hash);
  return g_steal_pointer (&press.captures);
}

static void tambo_sbi_reader_finalize (GObject *object) {
  g_free (TAMBO_SBI_READER (object)->hash);
  G_OBJECT_CLASS (tambo_sbi_reader_parent_class)->finalize (object);
}

static void tambo_sbi_reader_class_init (TamboSbiReaderClass *klass) {
  G_OBJECT_CLASS (klass)->finalize = tambo_sbi_reader_finalize;
  TAMBO_FINGERPRINT_READER_CLASS (klass)->press = sbi_press;
}

static void tambo_sbi_reader_init (TamboSbiReader *self) {
  self->hash = g_strdup (TAMBO_SBI_FIRST_HASH);
}

TamboDevice *tambo_sbi_reader_new (const TamboDeviceRow *row) {
  TamboDevice *device =
      tambo_device_new_from_row (TAMBO_TYPE_SBI_READER, TAMBO_DEVICE_FINGERPRINT_READER, row);

  tambo_fingerprint_reader_set_presses (TAMBO_FINGERPRINT_READER (device), row->presses);
  return device;
}
