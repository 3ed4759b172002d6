/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/device-watch.h"

#include "capture/device-events-udev.h"
#include "capture/sbi-ports.h"

#define SETTLE_MS 250      /* after the last event of a burst */
#define MAX_SETTLE_MS 2000 /* after the first */
#define SECOND_LOOK_MS 2000
#define FIRST_RETRY_MS 3000
#define MAX_RETRY_MS 60000
#define SERVICES_MS 3000

struct _TamboDeviceWatch {
  TamboDeviceManager *manager; /* borrowed */
  TamboDeviceEvents *events;
  guint timer;
  gint64 first_event; /* of a burst; 0: there is none */
  gboolean looking;
  gboolean second_look; /* is still to come */
  guint retry_ms;
  guint service_timer; /* 0: none is looked for */
  guint64 listeners;   /* services of scanners that were up at the last look */
};

static void look (TamboDeviceWatch *self);

static gboolean on_due_cb (gpointer data) {
  TamboDeviceWatch *self = data;

  self->timer = 0;
  look (self);
  return G_SOURCE_REMOVE;
}

static void look_in (TamboDeviceWatch *self, guint milliseconds) {
  if (self->timer != 0)
    g_source_remove (self->timer);
  self->timer = g_timeout_add (milliseconds, on_due_cb, self);
}

/* A row without a driver stands for a kind that could not be listed. */
static gboolean is_list_whole (GListModel *devices) {
  for (guint i = 0; i < g_list_model_get_n_items (devices); i++) {
    g_autoptr (TamboDevice) device = g_list_model_get_item (devices, i);

    if (tambo_device_get_state (device) == TAMBO_DEVICE_FAILED
        && *tambo_device_get_driver (device) == '\0')
      return FALSE;
  }
  return TRUE;
}

static void plan_next (TamboDeviceWatch *self) {
  if (self->first_event != 0) {
    look_in (self, SETTLE_MS);
  } else if (self->second_look) {
    self->second_look = FALSE;
    look_in (self, SECOND_LOOK_MS);
  } else if (!is_list_whole (G_LIST_MODEL (self->manager))) {
    look_in (self, self->retry_ms);
    self->retry_ms = MIN (self->retry_ms * 2, MAX_RETRY_MS);
  } else {
    self->retry_ms = FIRST_RETRY_MS;
    g_debug ("the devices are known");
  }
}

/* The task held the manager, and with it this watch. */
static void on_scanned_cb (GObject *source, GAsyncResult *result, gpointer data) {
  TamboDeviceWatch *self = data;
  g_autoptr (GError) error = NULL;

  if (!tambo_device_manager_scan_finish (self->manager, result, &error))
    g_debug ("the devices were not looked at: %s", error->message);
  self->looking = FALSE;
  plan_next (self);
}

static void look (TamboDeviceWatch *self) {
  if (self->looking)
    return;
  g_debug ("looking at the devices");
  if (self->service_timer != 0)
    tambo_sbi_listeners_update (&self->listeners);
  self->looking = TRUE;
  self->first_event = 0;
  tambo_device_manager_scan_async (self->manager, NULL, on_scanned_cb, self);
}

static void on_event_cb (gpointer data) {
  TamboDeviceWatch *self = data;
  gint64 now = g_get_monotonic_time ();

  if (self->first_event == 0)
    self->first_event = now;
  self->second_look = TRUE;
  self->retry_ms = FIRST_RETRY_MS;
  if (!self->looking && (self->timer == 0 || now - self->first_event < MAX_SETTLE_MS * 1000))
    look_in (self, SETTLE_MS);
}

/* A service that is started or ends tells nobody. */
static gboolean on_services_due_cb (gpointer data) {
  TamboDeviceWatch *self = data;

  if (tambo_sbi_listeners_update (&self->listeners))
    on_event_cb (self);
  return G_SOURCE_CONTINUE;
}

static void watch_services (TamboDeviceWatch *self) {
  guint first, last;

  if (tambo_sbi_ports_get (&first, &last))
    self->service_timer = g_timeout_add (SERVICES_MS, on_services_due_cb, self);
}

TamboDeviceWatch *tambo_device_watch_new (TamboDeviceManager *manager) {
  TamboDeviceWatch *self = g_new0 (TamboDeviceWatch, 1);

  self->manager = manager;
  self->retry_ms = FIRST_RETRY_MS;
  self->second_look = TRUE;
  self->events = tambo_device_events_new (on_event_cb, self);
  watch_services (self);
  look (self);
  return self;
}

void tambo_device_watch_free (TamboDeviceWatch *self) {
  if (self == NULL)
    return;
  tambo_device_events_free (self->events);
  if (self->timer != 0)
    g_source_remove (self->timer);
  if (self->service_timer != 0)
    g_source_remove (self->service_timer);
  g_free (self);
}
