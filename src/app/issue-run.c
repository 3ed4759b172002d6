/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/issue-run.h"

typedef struct {
  TamboStation *station;
  char *order_id, *blank, *reader;
  const TamboIssueEvents *events;
  GCancellable *cancellable;
  GObject *owner;
  TamboIssuance issuance;

  GMutex mutex; /* over what follows: the worker writes, the main thread takes */
  guint source;
  TamboIssueStep step;
  gsize bytes, n_bytes;
  gsize bytes_before; /* the step began */
} Run;

static void run_free (Run *run) {
  if (run->source != 0)
    g_source_remove (run->source);
  g_mutex_clear (&run->mutex);
  tambo_issuance_clear (&run->issuance);
  g_object_unref (run->station);
  g_object_unref (run->cancellable);
  g_object_unref (run->owner);
  g_free (run->order_id);
  g_free (run->blank);
  g_free (run->reader);
  g_free (run);
}

/* Of a step that moves no bytes nothing is known until it is over. */
static double fraction_of (const Run *run) {
  gsize size =
      run->step.step == TAMBO_STEP_READ_BACK ? run->n_bytes - run->bytes_before : run->step.size;

  return size > 0 && run->step.step != TAMBO_STEP_CREATE
             ? (double) (run->bytes - run->bytes_before) / (double) size
             : 0;
}

static gboolean tell_owner (gpointer data) {
  Run *run = data;

  g_mutex_lock (&run->mutex);
  TamboIssueStep step = run->step;
  double fraction = fraction_of (run);
  gsize bytes = run->bytes, n_bytes = run->n_bytes;
  run->source = 0;
  g_mutex_unlock (&run->mutex);

  if (step.n_steps > 0)
    run->events->progress (run->owner, &step, fraction, bytes, n_bytes);
  return G_SOURCE_REMOVE;
}

/* With the mutex held. */
static void wake_owner (Run *run) {
  if (run->source == 0)
    run->source = g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, tell_owner, run, NULL);
}

static void on_step (const TamboIssueStep *step, gpointer data) {
  Run *run = data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&run->mutex);

  run->step = *step;
  run->bytes_before = run->bytes;
  wake_owner (run);
}

static void on_progress (gsize done, gsize total, gpointer data) {
  Run *run = data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&run->mutex);

  run->bytes = done;
  run->n_bytes = total;
  wake_owner (run);
}

static gboolean issue (gpointer data, GCancellable *cancellable, GError **error) {
  Run *run = data;
  const TamboIssueRequest request = {
    .order_id = run->order_id,
    .reader = run->reader,
    .blank = run->blank,
    .progress = on_progress,
    .step = on_step,
    .data = run,
  };

  return tambo_issue (run->station, &request, cancellable, &run->issuance, error);
}

static void on_issued (gpointer owner, gpointer data, const GError *error) {
  Run *run = data;

  /* How far it came is to be known before how it ended. */
  if (run->source != 0) {
    g_source_remove (run->source);
    tell_owner (run);
  }
  run->events->done (owner, error == NULL ? &run->issuance : NULL, error);
}

void tambo_issue_run (TamboSession *session, TamboWorkQueue *queue, const char *order_id,
                      const char *blank, const char *reader, const TamboIssueEvents *events,
                      GCancellable *cancellable, gpointer owner) {
  Run *run = g_new0 (Run, 1);

  run->station = g_object_ref (tambo_session_get_station (session));
  run->order_id = g_strdup (order_id);
  run->blank = g_strdup (blank);
  run->reader = g_strdup (reader);
  run->events = events;
  run->cancellable = g_object_ref (cancellable);
  run->owner = g_object_ref (owner);
  g_mutex_init (&run->mutex);
  tambo_work_push (queue, issue, run, (GDestroyNotify) run_free, cancellable, on_issued, owner);
}
