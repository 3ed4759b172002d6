/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/guidance.h"

#include "app/work.h"

/* A slow machine has the picture to show first: of five moments at most one goes into looking. */
#define REST 4

struct _TamboGuidance {
  gatomicrefcount refs;
  TamboGuidanceTold told;
  gpointer data;

  GMutex mutex; /* over what follows */
  GCond wake;
  TamboImage *frame; /* the newest that was not looked at */
  gboolean is_stopped;
  TamboPortraitSight sight;
  gboolean is_telling;
};

static void guidance_unref (TamboGuidance *guidance) {
  if (!g_atomic_ref_count_dec (&guidance->refs))
    return;
  g_clear_pointer (&guidance->frame, tambo_image_free);
  g_mutex_clear (&guidance->mutex);
  g_cond_clear (&guidance->wake);
  g_free (guidance);
}

static TamboGuidance *guidance_ref (TamboGuidance *guidance) {
  g_atomic_ref_count_inc (&guidance->refs);
  return guidance;
}

static gboolean tell (gpointer data) {
  TamboGuidance *guidance = data;

  g_mutex_lock (&guidance->mutex);
  TamboPortraitSight sight = guidance->sight;
  gboolean is_stopped = guidance->is_stopped;
  guidance->is_telling = FALSE;
  g_mutex_unlock (&guidance->mutex);
  if (!is_stopped)
    guidance->told (&sight, guidance->data);
  return G_SOURCE_REMOVE;
}

static void hand_over (TamboGuidance *guidance, const TamboPortraitSight *sight) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&guidance->mutex);

  guidance->sight = *sight;
  if (guidance->is_telling || guidance->is_stopped)
    return;
  guidance->is_telling = TRUE;
  g_idle_add_full (G_PRIORITY_DEFAULT, tell, guidance_ref (guidance),
                   (GDestroyNotify) guidance_unref);
}

/* Not before a moment; NULL when it is over. */
static TamboImage *wait_for_frame (TamboGuidance *guidance, gint64 moment) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&guidance->mutex);

  while (!guidance->is_stopped && g_get_monotonic_time () < moment)
    g_cond_wait_until (&guidance->wake, &guidance->mutex, moment);
  while (guidance->frame == NULL && !guidance->is_stopped)
    g_cond_wait (&guidance->wake, &guidance->mutex);
  return guidance->is_stopped ? NULL : g_steal_pointer (&guidance->frame);
}

static gpointer guide (gpointer data) {
  TamboGuidance *guidance = data;
  /* Without a detector nothing is said, and the clerk looks. */
  g_autoptr (TamboPortraitWatch) watch = tambo_portrait_watch_new (NULL);
  TamboImage *frame;
  gint64 moment = 0;

  tambo_work_step_back ();
  while (watch != NULL && (frame = wait_for_frame (guidance, moment)) != NULL) {
    gint64 begin = g_get_monotonic_time ();
    TamboPortraitSight sight;
    tambo_portrait_watch_feed (watch, frame, begin, &sight);
    tambo_image_free (frame);
    hand_over (guidance, &sight);
    gint64 end = g_get_monotonic_time ();
    moment = end + REST * (end - begin);
  }
  guidance_unref (guidance);
  return NULL;
}

TamboGuidance *tambo_guidance_start (TamboGuidanceTold told, gpointer data) {
  TamboGuidance *guidance = g_new0 (TamboGuidance, 1);

  g_atomic_ref_count_init (&guidance->refs);
  g_mutex_init (&guidance->mutex);
  g_cond_init (&guidance->wake);
  guidance->told = told;
  guidance->data = data;
  g_thread_unref (g_thread_new ("guidance", guide, guidance_ref (guidance)));
  return guidance;
}

void tambo_guidance_take_frame (TamboGuidance *guidance, TamboImage *frame) {
  g_mutex_lock (&guidance->mutex);
  g_clear_pointer (&guidance->frame, tambo_image_free);
  guidance->frame = frame;
  g_cond_signal (&guidance->wake);
  g_mutex_unlock (&guidance->mutex);
}

void tambo_guidance_stop (TamboGuidance *guidance) {
  g_mutex_lock (&guidance->mutex);
  guidance->is_stopped = TRUE;
  g_cond_signal (&guidance->wake);
  g_mutex_unlock (&guidance->mutex);
  guidance_unref (guidance);
}
