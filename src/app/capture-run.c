/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/capture-run.h"

#include "app/picture-area.h"

typedef struct {
  TamboDeviceManager *devices;
  TamboCaptureWish wish;
  const TamboCaptureEvents *events;
  GCancellable *cancellable;
  GObject *owner;
  cairo_surface_t *picture;

  GMutex mutex; /* over what follows: the worker writes, the main thread takes */
  guint source;
  int attempt; /* 0: none to tell */
  char *why;
  gboolean has_status;
  TamboFingerStatus status;
  TamboShownPrint *print;
  GArray *ink;
} Run;

static void run_free (Run *run) {
  if (run->source != 0)
    g_source_remove (run->source);
  g_clear_pointer (&run->picture, cairo_surface_destroy);
  tambo_shown_print_free (run->print);
  g_array_unref (run->ink);
  g_mutex_clear (&run->mutex);
  g_object_unref (run->devices);
  g_object_unref (run->cancellable);
  g_object_unref (run->owner);
  g_free (run->why);
  g_free (run);
}

static GArray *new_ink (void) {
  return g_array_new (FALSE, FALSE, sizeof (TamboPenSample));
}

static gboolean tell_owner (gpointer data) {
  Run *run = data;

  g_mutex_lock (&run->mutex);
  int attempt = run->attempt;
  gboolean has_status = run->has_status;
  TamboFingerStatus status = run->status;
  g_autofree char *why = g_steal_pointer (&run->why);
  g_autoptr (TamboShownPrint) print = g_steal_pointer (&run->print);
  g_autoptr (GArray) ink = g_steal_pointer (&run->ink);
  run->ink = new_ink ();
  run->attempt = 0;
  run->has_status = FALSE;
  run->source = 0;
  g_mutex_unlock (&run->mutex);

  if (g_cancellable_is_cancelled (run->cancellable))
    return G_SOURCE_REMOVE;
  if (print != NULL && run->events->print != NULL)
    run->events->print (run->owner, g_steal_pointer (&print));
  if (attempt > 0 && run->events->attempt != NULL)
    run->events->attempt (run->owner, attempt, why);
  if (has_status && run->events->finger_status != NULL)
    run->events->finger_status (run->owner, status);
  if (ink->len > 0 && run->events->ink != NULL)
    run->events->ink (run->owner, ink);
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

static void on_print (TamboPrintReport *report, gpointer data) {
  Run *run = data;
  TamboShownPrint *print = tambo_shown_print_new (report, run->wish.width, run->wish.height);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&run->mutex);

  tambo_print_report_free (report);
  tambo_shown_print_free (run->print);
  run->print = print;
  wake_owner (run);
}

static void on_pen_sample (const TamboPenSample *sample, gpointer data) {
  Run *run = data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&run->mutex);

  g_array_append_val (run->ink, *sample);
  wake_owner (run);
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
    .attempt = on_attempt,
    .finger_status = on_finger_status,
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
  g_mutex_init (&run->mutex);
  tambo_session_push (session, capture, run, (GDestroyNotify) run_free, cancellable, on_captured,
                      owner);
}
