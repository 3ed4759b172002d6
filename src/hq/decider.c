/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hq/decider.h"

#include "hq/decision.h"

#define LOOK_EVERY (2 * G_TIME_SPAN_SECOND)

struct _TamboDecider {
  TamboHq *hq;
  GThread *thread;
  GMutex lock;
  GCond wake;
  gboolean has_work, is_over;
  char *complaint; /* the last one: the same is not told every two seconds */
};

static void complain (TamboDecider *decider, const GError *error) {
  if (g_strcmp0 (decider->complaint, error->message) == 0)
    return;
  g_free (decider->complaint);
  decider->complaint = g_strdup (error->message);
  g_printerr ("tambo-hq: decide: %s; it is tried again and again\n", error->message);
}

static void decide_once (TamboDecider *decider) {
  g_autoptr (GError) error = NULL;
  guint decided;

  if (!tambo_database_lead (decider->hq->database))
    return;
  if (tambo_hq_decide (decider->hq, &decided, &error))
    g_clear_pointer (&decider->complaint, g_free);
  else
    complain (decider, error);
}

/* FALSE when it is over. */
static gboolean wait_for_work (TamboDecider *decider) {
  gint64 until = g_get_monotonic_time () + LOOK_EVERY;
  gboolean is_over;

  g_mutex_lock (&decider->lock);
  while (!decider->has_work && !decider->is_over)
    if (!g_cond_wait_until (&decider->wake, &decider->lock, until))
      break;
  decider->has_work = FALSE;
  is_over = decider->is_over;
  g_mutex_unlock (&decider->lock);
  return !is_over;
}

static gpointer decide_for_ever (gpointer data) {
  TamboDecider *decider = data;

  while (wait_for_work (decider))
    decide_once (decider);
  return NULL;
}

static void tell (TamboDecider *decider, gboolean is_over) {
  g_mutex_lock (&decider->lock);
  decider->has_work = TRUE;
  decider->is_over |= is_over;
  g_cond_signal (&decider->wake);
  g_mutex_unlock (&decider->lock);
}

TamboDecider *tambo_decider_start (TamboHq *hq) {
  TamboDecider *decider = g_new0 (TamboDecider, 1);

  decider->hq = hq;
  decider->has_work = TRUE; /* what an earlier run left */
  g_mutex_init (&decider->lock);
  g_cond_init (&decider->wake);
  decider->thread = g_thread_new ("decide", decide_for_ever, decider);
  return decider;
}

void tambo_decider_wake (TamboDecider *decider) {
  tell (decider, FALSE);
}

void tambo_decider_stop (TamboDecider *decider) {
  if (decider == NULL)
    return;
  tell (decider, TRUE);
  g_thread_join (decider->thread);
  g_mutex_clear (&decider->lock);
  g_cond_clear (&decider->wake);
  g_free (decider->complaint);
  g_free (decider);
}
