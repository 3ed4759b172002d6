/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/press-news.h"

void tambo_press_news_init (TamboPressNews *news, GSourceFunc tell) {
  g_mutex_init (&news->mutex);
  news->tell = tell;
}

void tambo_press_news_clear (TamboPressNews *news) {
  if (news->source != 0)
    g_source_remove (news->source);
  g_mutex_clear (&news->mutex);
  g_free (news->why);
}

void tambo_press_news_wake (TamboPressNews *news) {
  if (news->source == 0)
    news->source = g_idle_add_full (G_PRIORITY_DEFAULT, news->tell, news, NULL);
}

void tambo_press_news_on_attempt (int attempt, const char *why, gpointer run) {
  TamboPressNews *news = run;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&news->mutex);

  g_free (news->why);
  news->why = g_strdup (why);
  news->attempt = attempt;
  tambo_press_news_wake (news);
}

void tambo_press_news_on_finger_status (TamboFingerStatus status, gpointer run) {
  TamboPressNews *news = run;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&news->mutex);

  news->status = status;
  news->has_status = TRUE;
  tambo_press_news_wake (news);
}

void tambo_press_news_take (TamboPressNews *news, TamboPressWords *out_words) {
  *out_words = (TamboPressWords){ .attempt = news->attempt,
                                  .why = g_steal_pointer (&news->why),
                                  .has_status = news->has_status,
                                  .status = news->status };
  news->attempt = 0;
  news->has_status = FALSE;
  news->source = 0;
}

void tambo_press_words_tell (const TamboPressWords *words, GObject *owner,
                             void (*attempt) (gpointer owner, int attempt, const char *why),
                             void (*finger_status) (gpointer owner, TamboFingerStatus status)) {
  if (words->attempt > 0 && attempt != NULL)
    attempt (owner, words->attempt, words->why);
  if (words->has_status && finger_status != NULL)
    finger_status (owner, words->status);
}

void tambo_press_words_clear (TamboPressWords *words) {
  g_clear_pointer (&words->why, g_free);
}
