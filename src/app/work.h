/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Work off the main thread. A queue runs one piece after another, in the order in which they were
 * pushed, so that whatever only one queue touches needs no lock.
 */
#pragma once

#include <gtk/gtk.h>

typedef struct _TamboWorkQueue TamboWorkQueue;

TamboWorkQueue *tambo_work_queue_new (void);
/* Waits for what runs; what has not begun is done as well when FINISH, else forgotten. */
void tambo_work_queue_free (TamboWorkQueue *queue, gboolean finish);

/* The calling thread leaves the processor to the main loop; the queues' threads do. */
void tambo_work_step_back (void);

/* On the queue's thread. */
typedef gboolean (*TamboWorkFunc) (gpointer data, GCancellable *cancellable, GError **error);
/* On the main thread; ERROR is NULL after success. Not called for a widget that left its window. */
typedef void (*TamboWorkDone) (gpointer owner, gpointer data, const GError *error);

/* Takes DATA and, when QUEUE is gone already, throws it away; OWNER is kept alive until DONE, which may be NULL, was called. */
void tambo_work_push (TamboWorkQueue *queue, TamboWorkFunc run, gpointer data,
                      GDestroyNotify free_data, GCancellable *cancellable, TamboWorkDone done,
                      gpointer owner);
