/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/device-manager.h"

#include "capture/device-private.h"
#include "capture/device-watch.h"
#include "capture/helper-devices.h"

#define N_KINDS (TAMBO_DEVICE_PRINTER + 1)

struct _TamboDeviceManager {
  GObject parent;
  GMutex mutex; /* over the list: workers ask for devices while the main thread updates it */
  GPtrArray *devices;
  char *preferred[N_KINDS]; /* names; NULL: the first ready one is as good */
  GRecMutex updating;       /* one update, with its signal, after another */
  TamboDeviceWatch *watch;  /* NULL while nobody wants it */
};

static void tambo_device_manager_list_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (TamboDeviceManager, tambo_device_manager, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL,
                                                      tambo_device_manager_list_init))

static GType get_item_type (GListModel *model) {
  return TAMBO_TYPE_DEVICE;
}

static guint get_n_items (GListModel *model) {
  TamboDeviceManager *self = TAMBO_DEVICE_MANAGER (model);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return self->devices->len;
}

static gpointer get_item (GListModel *model, guint position) {
  TamboDeviceManager *self = TAMBO_DEVICE_MANAGER (model);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  return position < self->devices->len ? g_object_ref (self->devices->pdata[position]) : NULL;
}

static void tambo_device_manager_list_init (GListModelInterface *iface) {
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static void tambo_device_manager_finalize (GObject *object) {
  TamboDeviceManager *self = TAMBO_DEVICE_MANAGER (object);

  tambo_device_watch_free (self->watch);
  g_ptr_array_unref (self->devices);
  for (guint kind = 0; kind < N_KINDS; kind++)
    g_free (self->preferred[kind]);
  g_mutex_clear (&self->mutex);
  g_rec_mutex_clear (&self->updating);
  G_OBJECT_CLASS (tambo_device_manager_parent_class)->finalize (object);
}

static void tambo_device_manager_class_init (TamboDeviceManagerClass *klass) {
  G_OBJECT_CLASS (klass)->finalize = tambo_device_manager_finalize;
}

static void tambo_device_manager_init (TamboDeviceManager *self) {
  g_mutex_init (&self->mutex);
  g_rec_mutex_init (&self->updating);
  self->devices = g_ptr_array_new_with_free_func (g_object_unref);
}

TamboDeviceManager *tambo_device_manager_new (void) {
  return g_object_new (TAMBO_TYPE_DEVICE_MANAGER, NULL);
}

/* What one scan found, kind by kind: of TamboDeviceRow. */
typedef struct {
  GPtrArray *rows[N_KINDS];
} Findings;

static void findings_free (Findings *findings) {
  for (guint kind = 0; kind < N_KINDS; kind++)
    g_clear_pointer (&findings->rows[kind], g_ptr_array_unref);
  g_free (findings);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Findings, findings_free)

typedef struct {
  TamboDeviceKind kind;
  GCancellable *cancellable; /* borrowed */
} ListJob;

/* A kind whose helper fails is one row that says so. */
static gpointer list_kind (gpointer data) {
  static const char *const names[] = { "Fingerprint readers", "Cameras", "Signature pads",
                                       "Printers" };
  ListJob *job = data;
  g_autoptr (GError) error = NULL;
  GPtrArray *rows = tambo_helper_list_devices (job->kind, job->cancellable, &error);

  if (rows == NULL) {
    rows = g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_device_row_free);
    g_ptr_array_add (rows, tambo_device_row_new (tambo_device_kind_to_string (job->kind),
                                                 names[job->kind], "", TAMBO_DEVICE_FAILED,
                                                 error->message));
  }
  return rows;
}

static Findings *find_devices (GCancellable *cancellable, GError **error) {
  g_autoptr (Findings) findings = g_new0 (Findings, 1);
  ListJob jobs[N_KINDS];
  GThread *threads[N_KINDS];

  for (guint kind = 0; kind < N_KINDS; kind++) {
    jobs[kind] = (ListJob){ (TamboDeviceKind) kind, cancellable };
    threads[kind] = g_thread_new ("capture-list", list_kind, &jobs[kind]);
  }
  for (guint kind = 0; kind < N_KINDS; kind++)
    findings->rows[kind] = g_thread_join (threads[kind]);
  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  return g_steal_pointer (&findings);
}

/* The device of that row, kept from the last scan or new; the reference is the caller's. */
static TamboDevice *keep_or_make (GPtrArray *old, TamboDeviceKind kind, const TamboDeviceRow *row) {
  for (guint i = 0; i < old->len; i++) {
    TamboDevice *device = old->pdata[i];

    if (tambo_device_get_kind (device) == kind
        && g_str_equal (tambo_device_get_id (device), row->id)
        && g_str_equal (tambo_device_get_name (device), row->name)
        && g_str_equal (tambo_device_get_driver (device), row->driver)) {
      tambo_device_set_state (device, row->state, row->detail);
      return g_object_ref (device);
    }
  }
  return tambo_helper_device_new (kind, row);
}

/* One signal for the part of the list that differs. */
static void tell_difference (TamboDeviceManager *self, GPtrArray *old, GPtrArray *new) {
  guint head = 0, tail = 0;

  while (head < old->len && head < new->len && old->pdata[head] == new->pdata[head])
    head++;
  while (tail < old->len - head && tail < new->len - head
         && old->pdata[old->len - 1 - tail] == new->pdata[new->len - 1 - tail])
    tail++;
  if (old->len != head + tail || new->len != head + tail)
    g_list_model_items_changed (G_LIST_MODEL (self), head, old->len - head - tail,
                                new->len - head - tail);
}

static void apply (TamboDeviceManager *self, const Findings *findings) {
  g_autoptr (GRecMutexLocker) updating = g_rec_mutex_locker_new (&self->updating);
  GPtrArray *devices = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr (GPtrArray) old = NULL;

  for (guint kind = 0; kind < N_KINDS; kind++) {
    for (guint i = 0; i < findings->rows[kind]->len; i++)
      g_ptr_array_add (devices, keep_or_make (self->devices, (TamboDeviceKind) kind,
                                              findings->rows[kind]->pdata[i]));
  }
  g_mutex_lock (&self->mutex);
  old = self->devices;
  self->devices = devices;
  g_mutex_unlock (&self->mutex);

  for (guint i = 0; i < old->len; i++) {
    if (!g_ptr_array_find (devices, old->pdata[i], NULL))
      tambo_device_set_state (old->pdata[i], TAMBO_DEVICE_REMOVED, "the device was unplugged");
  }
  tell_difference (self, old, devices);
}

gboolean tambo_device_manager_scan (TamboDeviceManager *self, GCancellable *cancellable,
                                    GError **error) {
  g_autoptr (Findings) findings = NULL;

  g_return_val_if_fail (TAMBO_IS_DEVICE_MANAGER (self), FALSE);
  findings = find_devices (cancellable, error);
  if (findings == NULL)
    return FALSE;
  apply (self, findings);
  return TRUE;
}

static void scan_in_thread (GTask *task, gpointer source, gpointer data,
                            GCancellable *cancellable) {
  GError *error = NULL;
  Findings *findings = find_devices (cancellable, &error);

  if (findings != NULL)
    g_task_return_pointer (task, findings, (GDestroyNotify) findings_free);
  else
    g_task_return_error (task, error);
}

void tambo_device_manager_scan_async (TamboDeviceManager *self, GCancellable *cancellable,
                                      GAsyncReadyCallback callback, gpointer user_data) {
  g_autoptr (GTask) task = NULL;

  g_return_if_fail (TAMBO_IS_DEVICE_MANAGER (self));
  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, tambo_device_manager_scan_async);
  g_task_run_in_thread (task, scan_in_thread);
}

gboolean tambo_device_manager_scan_finish (TamboDeviceManager *self, GAsyncResult *result,
                                           GError **error) {
  g_autoptr (Findings) findings = NULL;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);
  findings = g_task_propagate_pointer (G_TASK (result), error);
  if (findings == NULL)
    return FALSE;
  apply (self, findings);
  return TRUE;
}

void tambo_device_manager_watch (TamboDeviceManager *self) {
  g_return_if_fail (TAMBO_IS_DEVICE_MANAGER (self));
  if (self->watch == NULL)
    self->watch = tambo_device_watch_new (self);
}

static void set_error_from_state (GError **error, TamboDevice *device) {
  static const TamboCaptureError codes[] = {
    [TAMBO_DEVICE_READY] = TAMBO_CAPTURE_ERROR_FAILED,
    [TAMBO_DEVICE_BUSY] = TAMBO_CAPTURE_ERROR_BUSY,
    [TAMBO_DEVICE_NO_PERMISSION] = TAMBO_CAPTURE_ERROR_NO_PERMISSION,
    [TAMBO_DEVICE_UNSUITABLE] = TAMBO_CAPTURE_ERROR_UNSUITABLE,
    [TAMBO_DEVICE_NOT_REGISTERED] = TAMBO_CAPTURE_ERROR_NOT_REGISTERED,
    [TAMBO_DEVICE_UNTRUSTED] = TAMBO_CAPTURE_ERROR_UNTRUSTED,
    [TAMBO_DEVICE_REMOVED] = TAMBO_CAPTURE_ERROR_REMOVED,
    [TAMBO_DEVICE_FAILED] = TAMBO_CAPTURE_ERROR_FAILED,
  };
  TamboDeviceState state = tambo_device_get_state (device);
  const char *detail = tambo_device_get_detail (device);

  if (*detail != '\0')
    g_set_error_literal (error, TAMBO_CAPTURE_ERROR, codes[state], detail);
  else
    g_set_error (error, TAMBO_CAPTURE_ERROR, codes[state], "%s is %s",
                 tambo_device_get_name (device), tambo_device_state_to_string (state));
}

/* The one that the desk prefers, when it is ready. With the mutex held. */
static TamboDevice *find_preferred (TamboDeviceManager *self, TamboDeviceKind kind) {
  for (guint i = 0; self->preferred[kind] != NULL && i < self->devices->len; i++) {
    TamboDevice *device = self->devices->pdata[i];

    if (tambo_device_get_kind (device) == kind
        && tambo_device_get_state (device) == TAMBO_DEVICE_READY
        && g_str_equal (tambo_device_get_name (device), self->preferred[kind]))
      return device;
  }
  return NULL;
}

void tambo_device_manager_prefer (TamboDeviceManager *self, TamboDeviceKind kind,
                                  const char *name) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);

  g_free (self->preferred[kind]);
  self->preferred[kind] = g_strdup (name);
}

static TamboDevice *dup_device (TamboDeviceManager *self, TamboDeviceKind kind, const char *id,
                                GError **error) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->mutex);
  TamboDevice *preferred = id == NULL ? find_preferred (self, kind) : NULL;
  TamboDevice *unready = NULL;

  if (preferred != NULL)
    return g_object_ref (preferred);
  for (guint i = 0; i < self->devices->len; i++) {
    TamboDevice *device = self->devices->pdata[i];

    if (tambo_device_get_kind (device) != kind
        || (id != NULL && !g_str_equal (id, tambo_device_get_id (device))))
      continue;
    if (tambo_device_get_state (device) == TAMBO_DEVICE_READY)
      return g_object_ref (device);
    if (unready == NULL)
      unready = device;
  }
  if (unready != NULL)
    set_error_from_state (error, unready);
  else if (id != NULL)
    g_set_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_NO_DEVICE,
                 "no %s with the ID “%s” is connected", tambo_device_kind_to_string (kind), id);
  else
    g_set_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_NO_DEVICE, "no %s is connected",
                 tambo_device_kind_to_string (kind));
  return NULL;
}

TamboFingerprintReader *tambo_device_manager_dup_fingerprint_reader (TamboDeviceManager *self,
                                                                     const char *id,
                                                                     GError **error) {
  g_return_val_if_fail (TAMBO_IS_DEVICE_MANAGER (self), NULL);
  return (TamboFingerprintReader *) dup_device (self, TAMBO_DEVICE_FINGERPRINT_READER, id, error);
}

static gboolean takes (TamboDevice *device, TamboPress press) {
  return TAMBO_IS_FINGERPRINT_READER (device)
         && (tambo_fingerprint_reader_get_presses (TAMBO_FINGERPRINT_READER (device)) & 1u << press)
                != 0;
}

TamboFingerprintReader *tambo_device_manager_dup_reader_for (TamboDeviceManager *self,
                                                             TamboPress press, GError **error) {
  g_autoptr (TamboDevice) unready = NULL;
  guint n;

  g_return_val_if_fail (TAMBO_IS_DEVICE_MANAGER (self), NULL);
  n = g_list_model_get_n_items (G_LIST_MODEL (self));
  for (guint i = 0; i < n; i++) {
    g_autoptr (TamboDevice) device = g_list_model_get_item (G_LIST_MODEL (self), i);

    if (device == NULL || !takes (device, press))
      continue;
    if (tambo_device_get_state (device) == TAMBO_DEVICE_READY)
      return TAMBO_FINGERPRINT_READER (g_steal_pointer (&device));
    g_set_object (&unready, device);
  }
  if (unready != NULL)
    set_error_from_state (error, unready);
  else
    g_set_error (error, TAMBO_CAPTURE_ERROR, TAMBO_CAPTURE_ERROR_NO_DEVICE,
                 "no fingerprint reader that takes a %s is connected",
                 tambo_press_to_string (press));
  return NULL;
}

TamboCamera *tambo_device_manager_dup_camera (TamboDeviceManager *self, const char *id,
                                              GError **error) {
  g_return_val_if_fail (TAMBO_IS_DEVICE_MANAGER (self), NULL);
  return (TamboCamera *) dup_device (self, TAMBO_DEVICE_CAMERA, id, error);
}

TamboSignaturePad *tambo_device_manager_dup_signature_pad (TamboDeviceManager *self, const char *id,
                                                           GError **error) {
  g_return_val_if_fail (TAMBO_IS_DEVICE_MANAGER (self), NULL);
  return (TamboSignaturePad *) dup_device (self, TAMBO_DEVICE_SIGNATURE_PAD, id, error);
}
