/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/device-wait.h"

#include <glib/gi18n.h>

#include "app/error-text.h"

/* A device that is ready and fails again at once must not flicker; what failed has to be read, too. */
static const guint delays_ms[] = { 2000, 4000, 8000, 15000 };

struct _TamboDeviceWait {
  GObject parent;
  TamboSession *session;
  TamboDeviceKind kind;
  TamboDeviceBack back;
  gpointer owner; /* borrowed */
  gboolean is_waiting, is_looking;
  guint n_looks; /* in a row */
  guint timer;
};

G_DEFINE_FINAL_TYPE (TamboDeviceWait, tambo_device_wait, G_TYPE_OBJECT)

static gboolean is_one_ready (TamboDeviceWait *self) {
  GListModel *devices = G_LIST_MODEL (tambo_session_get_devices (self->session));

  for (guint i = 0; i < g_list_model_get_n_items (devices); i++) {
    g_autoptr (TamboDevice) device = g_list_model_get_item (devices, i);
    if (tambo_device_get_kind (device) == self->kind
        && tambo_device_get_state (device) == TAMBO_DEVICE_READY)
      return TRUE;
  }
  return FALSE;
}

/* TRUE when the wait is over. */
static gboolean check (TamboDeviceWait *self) {
  if (!self->is_waiting || !is_one_ready (self))
    return !self->is_waiting;
  tambo_device_wait_end (self);
  self->back (self->owner);
  return TRUE;
}

static void plan_look (TamboDeviceWait *self);

static void on_looked_cb (GObject *source, GAsyncResult *result, gpointer data) {
  g_autoptr (TamboDeviceWait) self = data;

  self->is_looking = FALSE;
  /* A look that failed is followed by another. */
  tambo_device_manager_scan_finish (TAMBO_DEVICE_MANAGER (source), result, NULL);
  if (!check (self))
    plan_look (self);
}

static gboolean look (gpointer data) {
  TamboDeviceWait *self = data;

  self->timer = 0;
  self->is_looking = TRUE;
  tambo_device_manager_scan_async (tambo_session_get_devices (self->session), NULL, on_looked_cb,
                                   g_object_ref (self));
  return G_SOURCE_REMOVE;
}

static void plan_look (TamboDeviceWait *self) {
  if (self->timer != 0 || self->is_looking)
    return;
  self->timer =
      g_timeout_add (delays_ms[MIN (self->n_looks, G_N_ELEMENTS (delays_ms) - 1)], look, self);
  self->n_looks++;
}

gboolean tambo_device_wait_is_about (const GError *error) {
  return error->domain == TAMBO_CAPTURE_ERROR && error->code != TAMBO_CAPTURE_ERROR_UNSUITABLE;
}

gboolean tambo_device_wait_begin (TamboDeviceWait *self, const GError *error) {
  if (!tambo_device_wait_is_about (error))
    return FALSE;
  self->is_waiting = TRUE;
  plan_look (self);
  return TRUE;
}

void tambo_device_wait_end (TamboDeviceWait *self) {
  self->is_waiting = FALSE;
  g_clear_handle_id (&self->timer, g_source_remove);
}

void tambo_device_wait_reset (TamboDeviceWait *self) {
  tambo_device_wait_end (self);
  self->n_looks = 0;
}

char *tambo_device_wait_sentence (const GError *error) {
  g_autofree char *sentence = tambo_error_text_sentence (error);

  return g_strconcat (sentence, " ", _ ("This page goes on by itself."), NULL);
}

/* ---- the object ---- */

static void tambo_device_wait_dispose (GObject *object) {
  TamboDeviceWait *self = TAMBO_DEVICE_WAIT (object);

  tambo_device_wait_end (self);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (tambo_device_wait_parent_class)->dispose (object);
}

static void tambo_device_wait_class_init (TamboDeviceWaitClass *klass) {
  G_OBJECT_CLASS (klass)->dispose = tambo_device_wait_dispose;
}

static void tambo_device_wait_init (TamboDeviceWait *self) {
}

TamboDeviceWait *tambo_device_wait_new (TamboSession *session, TamboDeviceKind kind,
                                        TamboDeviceBack back, gpointer owner) {
  TamboDeviceWait *self = g_object_new (TAMBO_TYPE_DEVICE_WAIT, NULL);

  self->session = g_object_ref (session);
  self->kind = kind;
  self->back = back;
  self->owner = owner;
  /* Something was plugged in, or somebody else has looked. */
  g_signal_connect_object (tambo_session_get_devices (session), "items-changed", G_CALLBACK (check),
                           self, G_CONNECT_SWAPPED);
  return self;
}
