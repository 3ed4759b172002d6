/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/deliver-run.h"

#include "app/holder-card.h"
#include "app/press-news.h"

typedef struct {
  TamboPressNews news; /* the first, see there */
  TamboStation *station;
  TamboDeviceManager *devices;
  TamboDeliverAct act;
  TamboDelivery *delivery;
  char *text;
  const TamboDeliverEvents *events;
  GCancellable *cancellable;
  GObject *owner;
  cairo_surface_t *picture;
} Run;

static void run_free (Run *run) {
  tambo_press_news_clear (&run->news);
  tambo_delivery_free (run->delivery);
  g_clear_pointer (&run->picture, cairo_surface_destroy);
  g_object_unref (run->station);
  g_object_unref (run->devices);
  g_object_unref (run->cancellable);
  g_object_unref (run->owner);
  g_free (run->text);
  g_free (run);
}

/* ---- what is told meanwhile ---- */

static gboolean tell_owner (gpointer data) {
  Run *run = data;
  g_auto (TamboPressWords) words = { 0 };

  g_mutex_lock (&run->news.mutex);
  tambo_press_news_take (&run->news, &words);
  g_mutex_unlock (&run->news.mutex);
  if (!g_cancellable_is_cancelled (run->cancellable))
    tambo_press_words_tell (&words, run->owner, run->events->attempt, run->events->finger_status);
  return G_SOURCE_REMOVE;
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
    .attempt = tambo_press_news_on_attempt,
    .finger_status = tambo_press_news_on_finger_status,
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
  tambo_press_news_init (&run->news, tell_owner);
  tambo_work_push (queue, act, run, (GDestroyNotify) run_free, cancellable, on_acted, owner);
}
