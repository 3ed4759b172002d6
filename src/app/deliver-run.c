/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/deliver-run.h"

#include "app/holder-card.h"

typedef struct {
  TamboStation *station;
  TamboDeviceManager *devices;
  TamboDeliverAct act;
  TamboDelivery *delivery;
  char *text;
  const TamboDeliverEvents *events;
  GCancellable *cancellable;
  GObject *owner;
  cairo_surface_t *picture;

  GMutex mutex; /* over what follows: the worker writes, the main thread takes */
  guint source;
  int attempt; /* 0: none to tell */
  char *why;
  gboolean has_status;
  TamboFingerStatus status;
} Run;

static void run_free (Run *run) {
  if (run->source != 0)
    g_source_remove (run->source);
  g_mutex_clear (&run->mutex);
  tambo_delivery_free (run->delivery);
  g_clear_pointer (&run->picture, cairo_surface_destroy);
  g_object_unref (run->station);
  g_object_unref (run->devices);
  g_object_unref (run->cancellable);
  g_object_unref (run->owner);
  g_free (run->text);
  g_free (run->why);
  g_free (run);
}

/* ---- what is told meanwhile ---- */

static gboolean tell_owner (gpointer data) {
  Run *run = data;

  g_mutex_lock (&run->mutex);
  int attempt = run->attempt;
  gboolean has_status = run->has_status;
  TamboFingerStatus status = run->status;
  g_autofree char *why = g_steal_pointer (&run->why);
  run->attempt = 0;
  run->has_status = FALSE;
  run->source = 0;
  g_mutex_unlock (&run->mutex);

  if (g_cancellable_is_cancelled (run->cancellable))
    return G_SOURCE_REMOVE;
  if (attempt > 0)
    run->events->attempt (run->owner, attempt, why);
  if (has_status)
    run->events->finger_status (run->owner, status);
  return G_SOURCE_REMOVE;
}

/* With the mutex held. */
static void wake_owner (Run *run) {
  if (run->source == 0)
    run->source = g_idle_add_full (G_PRIORITY_DEFAULT, tell_owner, run, NULL);
}

static void on_attempt (int attempt, const char *why, gpointer data) {
  Run *run = data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&run->mutex);

  g_free (run->why);
  run->why = g_strdup (why);
  run->attempt = attempt;
  wake_owner (run);
}

static void on_finger_status (TamboFingerStatus status, gpointer data) {
  Run *run = data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&run->mutex);

  run->status = status;
  run->has_status = TRUE;
  wake_owner (run);
}

/* ---- the acts ---- */

static gboolean begin (Run *run, GCancellable *cancellable, GError **error) {
  g_autofree char *id = tambo_order_desk_find (run->station, run->text, cancellable, error);
  g_autoptr (TamboDelivery) delivery =
      id != NULL ? tambo_delivery_begin (run->station, id, error) : NULL;
  g_autoptr (TamboOpenOrder) open =
      delivery != NULL ? tambo_order_desk_open (run->station, id, error) : NULL;

  if (open == NULL)
    return FALSE;
  run->picture = tambo_holder_card_picture (open);
  run->delivery = g_steal_pointer (&delivery);
  return TRUE;
}

static gboolean press (Run *run, GCancellable *cancellable, GError **error) {
  const TamboCaptureDesk desk = {
    .devices = run->devices,
    .attempt = on_attempt,
    .finger_status = on_finger_status,
    .data = run,
  };

  return tambo_delivery_verify_at_desk (run->delivery, tambo_delivery_choose_finger (run->delivery),
                                        &desk, run->text, cancellable, error);
}

static gboolean act (gpointer data, GCancellable *cancellable, GError **error) {
  Run *run = data;

  switch (run->act) {
  case TAMBO_DELIVER_BEGIN:
    return begin (run, cancellable, error);
  case TAMBO_DELIVER_COMPARE:
    return tambo_delivery_compare_chip (run->delivery, run->text, cancellable, error);
  case TAMBO_DELIVER_PRESS:
    return press (run, cancellable, error);
  case TAMBO_DELIVER_SIGHT:
  default:
    return tambo_delivery_by_sight (run->delivery, run->text, error);
  }
}

static void on_acted (gpointer owner, gpointer data, const GError *error) {
  Run *run = data;

  run->events->done (owner, run->act, g_steal_pointer (&run->delivery), run->picture, error);
}

void tambo_deliver_run (TamboSession *session, TamboWorkQueue *queue, TamboDeliverAct deliver_act,
                        TamboDelivery *delivery, const char *text, const TamboDeliverEvents *events,
                        GCancellable *cancellable, gpointer owner) {
  Run *run = g_new0 (Run, 1);

  run->station = g_object_ref (tambo_session_get_station (session));
  run->devices = g_object_ref (tambo_session_get_devices (session));
  run->act = deliver_act;
  run->delivery = delivery;
  run->text = g_strdup (text);
  run->events = events;
  run->cancellable = g_object_ref (cancellable);
  run->owner = g_object_ref (owner);
  g_mutex_init (&run->mutex);
  tambo_work_push (queue, act, run, (GDestroyNotify) run_free, cancellable, on_acted, owner);
}
