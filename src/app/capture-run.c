/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/capture-run.h"

#include "app/picture-area.h"
#include "app/press-news.h"

typedef struct {
  TamboPressNews news; /* the first, see there */
  TamboDeviceManager *devices;
  TamboCaptureWish wish;
  const TamboCaptureEvents *events;
  GCancellable *cancellable;
  GObject *owner;
  cairo_surface_t *picture;

  /* With the mutex of news: the worker writes, the main thread takes. */
  TamboShownPrint *print;
  GArray *ink;
} Run;

static void run_free (Run *run) {
  tambo_press_news_clear (&run->news);
  g_clear_pointer (&run->picture, cairo_surface_destroy);
  tambo_shown_print_free (run->print);
  g_array_unref (run->ink);
  g_object_unref (run->devices);
  g_object_unref (run->cancellable);
  g_object_unref (run->owner);
  g_free (run);
}

static GArray *new_ink (void) {
  return g_array_new (FALSE, FALSE, sizeof (TamboPenSample));
}

static gboolean tell_owner (gpointer data) {
  Run *run = data;
  g_auto (TamboPressWords) words = { 0 };

  g_mutex_lock (&run->news.mutex);
  tambo_press_news_take (&run->news, &words);
  g_autoptr (TamboShownPrint) print = g_steal_pointer (&run->print);
  g_autoptr (GArray) ink = g_steal_pointer (&run->ink);
  run->ink = new_ink ();
  g_mutex_unlock (&run->news.mutex);

  if (g_cancellable_is_cancelled (run->cancellable))
    return G_SOURCE_REMOVE;
  if (print != NULL && run->events->print != NULL)
    run->events->print (run->owner, g_steal_pointer (&print));
  tambo_press_words_tell (&words, run->owner, run->events->attempt, run->events->finger_status);
  if (ink->len > 0 && run->events->ink != NULL)
    run->events->ink (run->owner, ink);
  return G_SOURCE_REMOVE;
}

static void on_print (TamboPrintReport *report, gpointer data) {
  Run *run = data;
  TamboShownPrint *print = tambo_shown_print_new (report, run->wish.width, run->wish.height);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&run->news.mutex);

  tambo_print_report_free (report);
  tambo_shown_print_free (run->print);
  run->print = print;
  tambo_press_news_wake (&run->news);
}

static void on_pen_sample (const TamboPenSample *sample, gpointer data) {
  Run *run = data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&run->news.mutex);

  g_array_append_val (run->ink, *sample);
  tambo_press_news_wake (&run->news);
}

static char *slot_of (const Run *run) {
  if (run->wish.kind == TAMBO_SAMPLE_FINGERPRINT)
    return g_strconcat ("finger-", tambo_finger_to_string (run->wish.finger), NULL);
  return g_strdup (run->wish.kind == TAMBO_SAMPLE_PORTRAIT ? "portrait" : "signature");
}

static gboolean capture (TamboStation *station, TamboEnrolment *enrolment, gpointer data,
                         GCancellable *cancellable, GError **error) {
  Run *run = data;
  const TamboCaptureDesk desk = {
    .station = station,
    .devices = run->devices,
    .enrolment = enrolment,
    .attempt = tambo_press_news_on_attempt,
    .finger_status = tambo_press_news_on_finger_status,
    .print = on_print,
    .pen_sample = on_pen_sample,
    .keep_better = run->wish.keep_better,
    .data = run,
  };
  gboolean good;

  if (run->wish.kind == TAMBO_SAMPLE_FINGERPRINT && run->wish.press != TAMBO_PRESS_SINGLE)
    good = tambo_capture_desk_slap (&desk, run->wish.press, run->wish.missing, cancellable, error);
  else if (run->wish.kind == TAMBO_SAMPLE_FINGERPRINT)
    good = tambo_capture_desk_finger (&desk, run->wish.finger, cancellable, error);
  else if (run->wish.kind == TAMBO_SAMPLE_PORTRAIT)
    good = tambo_capture_desk_portrait (&desk, cancellable, error);
  else
    good = tambo_capture_desk_signature (&desk, cancellable, error);
  if (!good)
    return FALSE;

  g_autofree char *slot = slot_of (run);
  run->picture =
      tambo_picture_load (station, enrolment, slot, run->wish.width, run->wish.height, error);
  return run->picture != NULL;
}

static void on_captured (gpointer owner, gpointer data, const GError *error) {
  Run *run = data;

  run->events->done (owner, run->picture, error);
}

void tambo_capture_run (TamboSession *session, const TamboCaptureWish *wish,
                        const TamboCaptureEvents *events, GCancellable *cancellable,
                        gpointer owner) {
  Run *run = g_new0 (Run, 1);

  run->devices = g_object_ref (tambo_session_get_devices (session));
  run->wish = *wish;
  run->events = events;
  run->cancellable = g_object_ref (cancellable);
  run->owner = g_object_ref (owner);
  run->ink = new_ink ();
  tambo_press_news_init (&run->news, tell_owner);
  tambo_session_push (session, capture, run, (GDestroyNotify) run_free, cancellable, on_captured,
                      owner);
}
