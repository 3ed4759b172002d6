/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <dlfcn.h>
#include <libfprint-2/fprint.h>
#include <string.h>

#include "capture/device-holder.h"
#include "capture/helper-output.h"

#define PICTURE_DUE_MS 5000 /* after a finger came down */

/* libfprint 1.94 tells no resolution for any driver (fp_image_get_ppmm is 0): data sheets do. What
 * is not listed here is 0, unknown, and judged as such. */
static const struct {
  const char *driver;
  int ppi;
} resolutions[] = {
  { "uru4000", 512 },
  { "virtual_image", 500 },
};

static int driver_ppi (const char *driver) {
  for (guint i = 0; i < G_N_ELEMENTS (resolutions); i++) {
    if (g_str_equal (resolutions[i].driver, driver))
      return resolutions[i].ppi;
  }
  return 0;
}

/* libfprint's own device ID is "0" for every USB reader, and its USB handle is private: libgusb,
 * which is in this process anyway, tells the place of the plug. */
typedef struct {
  guint8 (*get_bus) (gpointer device);
  guint8 (*get_address) (gpointer device);
  const char *(*get_platform_id) (gpointer device);
} Gusb;

static gboolean load_gusb (Gusb *gusb) {
  *(void **) &gusb->get_bus = dlsym (RTLD_DEFAULT, "g_usb_device_get_bus");
  *(void **) &gusb->get_address = dlsym (RTLD_DEFAULT, "g_usb_device_get_address");
  *(void **) &gusb->get_platform_id = dlsym (RTLD_DEFAULT, "g_usb_device_get_platform_id");
  return gusb->get_bus != NULL && gusb->get_address != NULL && gusb->get_platform_id != NULL;
}

static GObject *dup_usb_device (FpDevice *device) {
  GObject *usb = NULL;

  if (g_object_class_find_property (G_OBJECT_GET_CLASS (device), "fpi-usb-device") != NULL)
    g_object_get (device, "fpi-usb-device", &usb, NULL);
  return usb;
}

static char *dup_id (FpDevice *device) {
  g_autoptr (GObject) usb = dup_usb_device (device);
  Gusb gusb;

  if (usb != NULL && load_gusb (&gusb))
    return g_strconcat (fp_device_get_driver (device), ":", gusb.get_platform_id (usb), NULL);
  return g_strconcat (fp_device_get_driver (device), ":", fp_device_get_device_id (device), NULL);
}

static char *dup_node (FpDevice *device) {
  g_autoptr (GObject) usb = dup_usb_device (device);
  Gusb gusb;

  if (usb == NULL || !load_gusb (&gusb))
    return NULL;
  return g_strdup_printf ("/dev/bus/usb/%03u/%03u", gusb.get_bus (usb), gusb.get_address (usb));
}

/* libfprint only logs that it has no USB; its list is then empty for a wrong reason. */
static void on_context_log_cb (const char *domain, GLogLevelFlags level, const char *message,
                               gpointer data) {
  char **usb_failure = data;

  if (strstr (message, "USB Subsystem") != NULL) {
    g_free (*usb_failure);
    *usb_failure = g_strconcat ("USB is not available: ", message, NULL);
  }
  g_log_default_handler (domain, level, message, NULL);
}

/* OUT_USB_FAILURE says why there are no USB readers; NULL when USB works. */
static FpContext *context_new (char **out_usb_failure) {
  g_autofree char *usb_failure = NULL;
  guint handler =
      g_log_set_handler ("libfprint-context", G_LOG_LEVEL_MASK, on_context_log_cb, &usb_failure);
  FpContext *context = fp_context_new ();

  for (int i = 1; i < TAMBO_USB_TRIES && usb_failure != NULL; i++) {
    g_clear_pointer (&usb_failure, g_free);
    g_object_unref (context);
    g_usleep (TAMBO_USB_PAUSE_MS * 1000);
    context = fp_context_new ();
  }
  g_log_remove_handler ("libfprint-context", handler);
  *out_usb_failure = g_steal_pointer (&usb_failure);
  return context;
}

static gboolean check_device (FpDevice *device, GError **error) {
  g_autofree char *node = dup_node (device);

  if (!fp_device_has_feature (device, FP_DEVICE_FEATURE_CAPTURE)) {
    g_set_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_UNSUITABLE,
                 "%s matches inside and gives no image", fp_device_get_name (device));
    return FALSE;
  }
  return tambo_output_check_node (node, error);
}

/* The practice reader says nothing of its own, which reads as a strip. */
static TamboPress find_press (FpDevice *device) {
  return fp_device_get_scan_type (device) == FP_SCAN_TYPE_SWIPE
                 && !g_str_equal (fp_device_get_driver (device), "virtual_image")
             ? TAMBO_PRESS_SWIPE
             : TAMBO_PRESS_SINGLE;
}

void tambo_fingerprint_reader_list (void) {
  g_autofree char *usb_failure = NULL;
  g_autoptr (FpContext) context = context_new (&usb_failure);
  GPtrArray *devices = fp_context_get_devices (context);

  for (guint i = 0; i < devices->len; i++) {
    FpDevice *device = devices->pdata[i];
    g_autofree char *id = dup_id (device);
    g_autoptr (GError) error = NULL;
    g_autoptr (TamboDeviceRow) row = NULL;
    TamboDeviceState state = TAMBO_DEVICE_READY;

    if (!check_device (device, &error))
      state = error->code == TAMBO_CAPTURE_ERROR_UNSUITABLE ? TAMBO_DEVICE_UNSUITABLE
                                                            : TAMBO_DEVICE_NO_PERMISSION;
    row = tambo_device_row_new (id, fp_device_get_name (device), fp_device_get_driver (device),
                                state, error != NULL ? error->message : NULL);
    row->presses = 1u << find_press (device);
    tambo_output_device (row);
  }
  if (usb_failure != NULL)
    tambo_output_usb_failure (usb_failure);
  tambo_output_frame (TAMBO_HELPER_DONE, NULL, 0);
}

/* The desk, which may look at other processes, says which. */
static GError *busy_error (void) {
  return g_error_new_literal (TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_BUSY,
                              "the fingerprint reader is held by " TAMBO_HELD_BY_ANOTHER);
}

/* libgusb's codes are coarse (4 means both busy and gone); the libusb code in its text is exact. */
static GError *map_usb_error (const GError *error, FpDevice *device) {
  g_autofree char *node = dup_node (device);
  TamboCaptureError code = TAMBO_CAPTURE_ERROR_FAILED;

  if (strstr (error->message, "[-6]") != NULL)
    return busy_error ();
  if (strstr (error->message, "[-3]") != NULL)
    return g_error_new (TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_NO_PERMISSION,
                        "no access to %s: the udev rule 70-tambo.rules is not installed",
                        node != NULL ? node : "the reader");
  if (strstr (error->message, "[-4]") != NULL)
    code = TAMBO_CAPTURE_ERROR_REMOVED;
  else if (strstr (error->message, "[-7]") != NULL || strstr (error->message, "timed out") != NULL)
    code = TAMBO_CAPTURE_ERROR_TIMEOUT;
  else if (error->code == 4)
    return busy_error ();
  return g_error_new_literal (TAMBO_CAPTURE_ERROR, (int) code, error->message);
}

/* libfprint's own sentences are for its developers; ours name the device. */
static GError *map_device_error (const GError *error) {
  static const struct {
    int fp_code;
    TamboCaptureError code;
    const char *message;
  } map[] = {
    { FP_DEVICE_ERROR_NOT_SUPPORTED, TAMBO_CAPTURE_ERROR_UNSUITABLE,
      "the fingerprint reader gives no pictures" },
    { FP_DEVICE_ERROR_BUSY, TAMBO_CAPTURE_ERROR_BUSY,
      "the fingerprint reader is held by " TAMBO_HELD_BY_ANOTHER },
    { FP_DEVICE_ERROR_PROTO, TAMBO_CAPTURE_ERROR_PROTOCOL,
      "the fingerprint reader sent something that its driver does not understand" },
    { FP_DEVICE_ERROR_REMOVED, TAMBO_CAPTURE_ERROR_REMOVED,
      "the fingerprint reader was unplugged" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (map); i++) {
    if (map[i].fp_code == error->code)
      return g_error_new_literal (TAMBO_CAPTURE_ERROR, (int) map[i].code, map[i].message);
  }
  return g_error_new_literal (TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_FAILED, error->message);
}

static GError *map_error (const GError *error, FpDevice *device) {
  if (error->domain == FP_DEVICE_RETRY) {
    static const TamboCaptureRetry retries[] = {
      [FP_DEVICE_RETRY_GENERAL] = TAMBO_CAPTURE_RETRY_GENERAL,
      [FP_DEVICE_RETRY_TOO_SHORT] = TAMBO_CAPTURE_RETRY_TOO_SHORT,
      [FP_DEVICE_RETRY_CENTER_FINGER] = TAMBO_CAPTURE_RETRY_CENTER_FINGER,
      [FP_DEVICE_RETRY_REMOVE_FINGER] = TAMBO_CAPTURE_RETRY_REMOVE_FINGER,
    };
    guint code = (guint) error->code < G_N_ELEMENTS (retries) ? retries[error->code]
                                                              : TAMBO_CAPTURE_RETRY_GENERAL;

    return g_error_new_literal (TAMBO_CAPTURE_RETRY, (int) code, error->message);
  }
  if (error->domain == FP_DEVICE_ERROR)
    return map_device_error (error);
  if (g_str_equal (g_quark_to_string (error->domain), "g-usb-device-error-quark"))
    return map_usb_error (error, device);
  return g_error_new_literal (TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_FAILED, error->message);
}

typedef struct {
  GMainLoop *loop;
  GCancellable *cancellable;
  FpDevice *device; /* borrowed */
  FpFingerStatusFlags told;
  gboolean open;
  gint64 touched; /* when the finger came down; 0: it lies not there */
} Session;

static gboolean on_hung_up_cb (gpointer data) {
  Session *session = data;

  g_cancellable_cancel (session->cancellable);
  return G_SOURCE_REMOVE;
}

/* Silent until the reader is open, and when a finger lies there and gives no picture: the desk's deadline bounds
 * the reader, not the person. */
static gboolean on_alive_due_cb (gpointer data) {
  const Session *session = data;
  gboolean hangs =
      session->touched != 0 && g_get_monotonic_time () - session->touched > PICTURE_DUE_MS * 1000LL;

  if (session->open && !hangs)
    tambo_output_frame (TAMBO_HELPER_ALIVE, NULL, 0);
  return G_SOURCE_CONTINUE;
}

static void on_finger_status_changed_cb (FpDevice *device, GParamSpec *pspec, gpointer data) {
  Session *session = data;
  FpFingerStatusFlags flags = fp_device_get_finger_status (device);
  FpFingerStatusFlags telling =
      (flags & FP_FINGER_STATUS_PRESENT) != 0 ? FP_FINGER_STATUS_PRESENT : flags;
  g_autoptr (GByteArray) array = g_byte_array_new ();

  if ((flags & FP_FINGER_STATUS_PRESENT) == 0)
    session->touched = 0;
  else if (session->touched == 0)
    session->touched = g_get_monotonic_time ();
  if (telling == FP_FINGER_STATUS_NONE || telling == session->told)
    return;
  session->told = telling;
  tambo_helper_put_finger_status (array, telling == FP_FINGER_STATUS_PRESENT ? TAMBO_FINGER_PRESENT
                                                                             : TAMBO_FINGER_NEEDED);
  tambo_output_frames (array);
}

static void tell_image (FpDevice *device, FpImage *image) {
  g_autoptr (TamboFingerprintCapture) capture = g_new0 (TamboFingerprintCapture, 1);
  g_autoptr (GByteArray) array = g_byte_array_new ();
  GPtrArray *minutiae = fp_image_get_minutiae (image);
  gsize size;
  const guint8 *data = fp_image_get_data (image, &size);

  capture->image =
      tambo_image_new ((int) fp_image_get_width (image), (int) fp_image_get_height (image), 1);
  if (capture->image == NULL || tambo_image_size (capture->image) != size) {
    g_autoptr (GError) error = g_error_new (TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_PROTOCOL,
                                            "the reader gave an image of impossible size");
    tambo_output_error (error);
    return;
  }
  memcpy (capture->image->data, data, size);
  capture->image->ppi = driver_ppi (fp_device_get_driver (device));
  capture->driver = g_strdup (fp_device_get_driver (device));
  capture->quality = -1;
  capture->n_minutiae = minutiae != NULL ? (int) MIN (minutiae->len, G_MAXUINT16) : 0;
  tambo_helper_put_fingerprint (array, capture);
  tambo_output_frames (array);
}

static void tell_failure (Session *session, const GError *error) {
  g_autoptr (GError) mapped = NULL;

  if (g_cancellable_is_cancelled (session->cancellable))
    return;
  mapped = map_error (error, session->device);
  tambo_output_error (mapped);
}

static void on_closed_cb (GObject *source, GAsyncResult *result, gpointer data) {
  Session *session = data;

  /* A reader that was pulled out says so here once more. */
  fp_device_close_finish (FP_DEVICE (source), result, NULL);
  g_main_loop_quit (session->loop);
}

static void on_captured_cb (GObject *source, GAsyncResult *result, gpointer data) {
  Session *session = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (FpImage) image = fp_device_capture_finish (FP_DEVICE (source), result, &error);

  if (image != NULL)
    tell_image (session->device, image);
  else
    tell_failure (session, error);
  fp_device_close (session->device, NULL, on_closed_cb, session);
}

static void on_opened_cb (GObject *source, GAsyncResult *result, gpointer data) {
  Session *session = data;
  g_autoptr (GError) error = NULL;

  if (!fp_device_open_finish (FP_DEVICE (source), result, &error)) {
    tell_failure (session, error);
    g_main_loop_quit (session->loop);
    return;
  }
  session->open = TRUE;
  fp_device_capture (session->device, TRUE, session->cancellable, on_captured_cb, session);
}

static void capture (FpDevice *device) {
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  Session session = { .loop = loop, .cancellable = cancellable, .device = device };
  gulong handler = g_signal_connect (device, "notify::finger-status",
                                     G_CALLBACK (on_finger_status_changed_cb), &session);
  guint alive = g_timeout_add (TAMBO_HELPER_ALIVE_MS, on_alive_due_cb, &session);

  tambo_output_set_hang_up_func (on_hung_up_cb, &session);
  fp_device_open (device, cancellable, on_opened_cb, &session);
  g_main_loop_run (loop);
  tambo_output_set_hang_up_func (NULL, NULL);
  g_source_remove (alive);
  g_signal_handler_disconnect (device, handler);
}

static FpDevice *find_device (GPtrArray *devices, const char *id) {
  for (guint i = 0; i < devices->len; i++) {
    g_autofree char *candidate = dup_id (devices->pdata[i]);

    if (g_str_equal (candidate, id))
      return devices->pdata[i];
  }
  return NULL;
}

void tambo_fingerprint_reader_run (const char *id) {
  g_autofree char *usb_failure = NULL;
  g_autoptr (FpContext) context = context_new (&usb_failure);
  FpDevice *device = find_device (fp_context_get_devices (context), id);
  g_autoptr (GError) error = NULL;

  if (device == NULL && usb_failure != NULL)
    g_set_error_literal (&error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_FAILED, usb_failure);
  else if (device == NULL)
    g_set_error_literal (&error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_REMOVED,
                         "the fingerprint reader was unplugged");
  if (device != NULL && check_device (device, &error))
    capture (device);
  if (error != NULL)
    tambo_output_error (error);
}
