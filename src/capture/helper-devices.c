/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/helper-devices.h"

#include "capture/device-private.h"
#include "capture/helper-client.h"
#include "capture/printer.h"
#include "capture/sbi-ports.h"

/* A whole listing: libgphoto2 alone needs a second or two to load its drivers from a cold disk. */
#define LIST_DEADLINE_MS 10000
#define MAX_ROWS 64

static TamboDevice *make_reader (const TamboDeviceRow *row) {
  return g_str_has_prefix (row->id, "sbi:") ? tambo_sbi_reader_new (row)
                                            : tambo_helper_fingerprint_reader_new (row);
}

static const struct {
  const char *argument;
  TamboDevice *(*make) (const TamboDeviceRow *row);
} kinds[] = {
  [TAMBO_DEVICE_FINGERPRINT_READER] = { "fingerprint", make_reader },
  [TAMBO_DEVICE_CAMERA] = { "camera", tambo_helper_camera_new },
  [TAMBO_DEVICE_SIGNATURE_PAD] = { "pad", tambo_helper_signature_pad_new },
  [TAMBO_DEVICE_PRINTER] = { "printer", tambo_printer_new },
};

TamboDevice *tambo_device_new_from_row (GType type, TamboDeviceKind kind,
                                        const TamboDeviceRow *row) {
  TamboDevice *device = g_object_new (type, "kind", (int) kind, "id", row->id, "name", row->name,
                                      "driver", row->driver, NULL);

  tambo_device_set_state (device, row->state, row->detail);
  return device;
}

TamboDevice *tambo_helper_device_new (TamboDeviceKind kind, const TamboDeviceRow *row) {
  return kinds[kind].make (row);
}

static GPtrArray *list (const char *what, GCancellable *cancellable, GError **error) {
  const char *arguments[] = { "list", what, NULL };
  g_autoptr (GPtrArray) rows =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_device_row_free);
  g_autoptr (TamboHelper) helper = tambo_helper_spawn (arguments, cancellable, error);

  if (helper == NULL)
    return NULL;
  for (;;) {
    TamboHelperFrame frame;
    TamboDeviceRow *row = NULL;

    if (!tambo_helper_receive (helper, LIST_DEADLINE_MS, cancellable, &frame, error))
      return NULL;
    if (frame.type == TAMBO_HELPER_DONE)
      return g_steal_pointer (&rows);
    row = tambo_helper_parse_device (&frame, error);
    if (row == NULL)
      return NULL;
    g_ptr_array_add (rows, row);
    if (rows->len > MAX_ROWS) {
      g_set_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_PROTOCOL,
                   "the capture helper listed more than %d devices", MAX_ROWS);
      return NULL;
    }
  }
}

typedef struct {
  const char *what, *name;
  GCancellable *cancellable; /* borrowed */
} ListJob;

/* One that fails is a row that says so, beside those of the others. */
static gpointer list_or_tell (gpointer data) {
  const ListJob *job = data;
  g_autoptr (GError) error = NULL;
  GPtrArray *rows = list (job->what, job->cancellable, &error);

  if (rows == NULL) {
    rows = g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_device_row_free);
    g_ptr_array_add (
        rows, tambo_device_row_new (job->what, job->name, "", TAMBO_DEVICE_FAILED, error->message));
  }
  return rows;
}

/* Two kinds of line to one kind of device, at the same time; OTHER is NULL where nobody wants it. */
static GPtrArray *list_both (ListJob *own, ListJob *other, GCancellable *cancellable,
                             GError **error) {
  GThread *thread = other != NULL ? g_thread_new ("capture-list", list_or_tell, other) : NULL;
  g_autoptr (GPtrArray) rows = list_or_tell (own);

  if (thread != NULL)
    g_ptr_array_extend_and_steal (rows, g_thread_join (thread));
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  return g_steal_pointer (&rows);
}

static GPtrArray *list_readers (GCancellable *cancellable, GError **error) {
  ListJob own = { "fingerprint", "Fingerprint readers", cancellable };
  ListJob served = { "sbi", "Services of fingerprint scanners", cancellable };
  guint first, last;

  return list_both (&own, tambo_sbi_ports_get (&first, &last) ? &served : NULL, cancellable, error);
}

static gboolean want_webcams (void) {
#ifdef TAMBO_WITH_WEBCAMS
  return g_strcmp0 (g_getenv ("TAMBO_WEBCAMS"), "no") != 0;
#else
  return FALSE;
#endif
}

/* The webcams last: without a preference the first camera that is ready is taken. */
static GPtrArray *list_cameras (GCancellable *cancellable, GError **error) {
  ListJob own = { "camera", "Cameras", cancellable };
  ListJob webcams = { "webcam", "Webcams", cancellable };

  if (!want_webcams ())
    return list ("camera", cancellable, error);
  return list_both (&own, &webcams, cancellable, error);
}

GPtrArray *tambo_helper_list_devices (TamboDeviceKind kind, GCancellable *cancellable,
                                      GError **error) {
  if (kind == TAMBO_DEVICE_FINGERPRINT_READER)
    return list_readers (cancellable, error);
  if (kind == TAMBO_DEVICE_CAMERA)
    return list_cameras (cancellable, error);
  return list (kinds[kind].argument, cancellable, error);
}
