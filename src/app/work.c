/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/work.h"

#include <sys/resource.h>
#include <unistd.h>

/* On one busy core the main loop comes first. */
#define NICENESS 10

/* A thread of its own, not one of a pool: what OpenSSL keeps for a thread is given back only when the thread
 * has ended before the program does. */
struct _TamboWorkQueue {
  GThread *thread;
  GAsyncQueue *works; /* of Work; END_OF_WORK is the last */
};

typedef struct {
  TamboWorkFunc run;
  gpointer data;
  GDestroyNotify free_data;
  GCancellable *cancellable;
  TamboWorkDone done;
  GObject *owner;
  GError *error;
} Work;

#define END_OF_WORK (&end_of_work)
static char end_of_work;

static void work_free (Work *work) {
  if (work->free_data != NULL)
    work->free_data (work->data);
  g_clear_object (&work->cancellable);
  g_clear_object (&work->owner);
  g_clear_error (&work->error);
  g_free (work);
}

static gboolean has_left (GObject *owner) {
  return GTK_IS_WIDGET (owner) && gtk_widget_get_root (GTK_WIDGET (owner)) == NULL;
}

static gboolean end_work (gpointer data) {
  Work *work = data;

  if (work->done != NULL && !has_left (work->owner))
    work->done (work->owner, work->data, work->error);
  return G_SOURCE_REMOVE;
}

void tambo_work_step_back (void) {
  static __thread gboolean is_behind;

  if (!is_behind)
    is_behind = setpriority (PRIO_PROCESS, (id_t) gettid (), NICENESS) == 0;
}

static void run_work (Work *work) {
  if (!g_cancellable_set_error_if_cancelled (work->cancellable, &work->error))
    work->run (work->data, work->cancellable, &work->error);
  g_idle_add_full (G_PRIORITY_DEFAULT, end_work, work, (GDestroyNotify) work_free);
}

static gpointer run_works (gpointer data) {
  g_autoptr (GAsyncQueue) works = data;
  gpointer work;

  tambo_work_step_back ();
  while ((work = g_async_queue_pop (works)) != END_OF_WORK)
    run_work (work);
  return NULL;
}

TamboWorkQueue *tambo_work_queue_new (void) {
  TamboWorkQueue *queue = g_new0 (TamboWorkQueue, 1);

  queue->works = g_async_queue_new ();
  queue->thread = g_thread_new ("work", run_works, g_async_queue_ref (queue->works));
  return queue;
}

static void drop_works (TamboWorkQueue *queue) {
  Work *work;

  while ((work = g_async_queue_try_pop (queue->works)) != NULL)
    work_free (work);
}

void tambo_work_queue_free (TamboWorkQueue *queue, gboolean finish) {
  if (queue == NULL)
    return;
  if (!finish)
    drop_works (queue);
  g_async_queue_push (queue->works, END_OF_WORK);
  g_thread_join (queue->thread);
  g_async_queue_unref (queue->works);
  g_free (queue);
}

void tambo_work_push (TamboWorkQueue *queue, TamboWorkFunc run, gpointer data,
                      GDestroyNotify free_data, GCancellable *cancellable, TamboWorkDone done,
                      gpointer owner) {
  Work *work = g_new0 (Work, 1);

  work->run = run;
  work->data = data;
  work->free_data = free_data;
  work->cancellable = cancellable != NULL ? g_object_ref (cancellable) : NULL;
  work->done = done;
  work->owner = owner != NULL ? g_object_ref (owner) : NULL;
  if (queue != NULL)
    g_async_queue_push (queue->works, work);
  else
    work_free (work);
}
