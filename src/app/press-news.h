/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a capture on another thread says meanwhile (station/capture-desk.h), brought to the main thread: of several
 * words that come before it has time, the last.
 */
#pragma once

#include "station/capture-desk.h"

/* A run on a TamboWorkQueue has it as its first member: the functions below get the run. */
typedef struct {
  GMutex mutex; /* over what follows, and what else a run has to tell */
  GSourceFunc tell;
  guint source;
  int attempt; /* 0: none to tell */
  char *why;
  gboolean has_status;
  TamboFingerStatus status;
} TamboPressNews;

/* TELL gets the run on the main thread, where it takes what there is. */
void tambo_press_news_init (TamboPressNews *news, GSourceFunc tell);
void tambo_press_news_clear (TamboPressNews *news);

/* With the mutex: TELL will be called. */
void tambo_press_news_wake (TamboPressNews *news);
/* Of TamboCaptureDesk, whose data is the run. */
void tambo_press_news_on_attempt (int attempt, const char *why, gpointer run);
void tambo_press_news_on_finger_status (TamboFingerStatus status, gpointer run);

/* What was taken. */
typedef struct {
  int attempt;
  char *why;
  gboolean has_status;
  TamboFingerStatus status;
} TamboPressWords;

/* With the mutex, from TELL. */
void tambo_press_news_take (TamboPressNews *news, TamboPressWords *out_words);
/* Functions may be NULL. */
void tambo_press_words_tell (const TamboPressWords *words, GObject *owner,
                             void (*attempt) (gpointer owner, int attempt, const char *why),
                             void (*finger_status) (gpointer owner, TamboFingerStatus status));
void tambo_press_words_clear (TamboPressWords *words);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboPressWords, tambo_press_words_clear)
