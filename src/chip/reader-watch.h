/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Watches card readers and what lies on them: a thread that sleeps in PC/SC and tells a main context
 * what has come and gone, also when the service itself goes and comes back.
 */
#pragma once

#include <gio/gio.h>

#include "chip/reader.h"

typedef enum {
  TAMBO_READER_EVENT_SERVICE_LOST, /* with the cause; every reader was told to be removed before */
  TAMBO_READER_EVENT_SERVICE_BACK, /* also the first thing that is told when there is a service */
  TAMBO_READER_EVENT_READER_ADDED,
  TAMBO_READER_EVENT_READER_REMOVED,
  TAMBO_READER_EVENT_CARD_INSERTED,
  TAMBO_READER_EVENT_CARD_REMOVED,
  TAMBO_READER_EVENT_CARD_MUTE, /* something lies there that does not answer */
} TamboReaderEventKind;

/* "card-inserted" and the like; static. */
const char *tambo_reader_event_kind_to_string (TamboReaderEventKind kind);

typedef struct {
  TamboReaderEventKind kind;
  const char *reader;             /* NULL of the service */
  TamboReaderInterface interface; /* of the reader, as far as it can be told */
  const GError *cause;            /* why the service is lost; NULL otherwise */
} TamboReaderEvent;

/* EVENT is valid during the call only. */
typedef void (*TamboReaderWatchFunc) (const TamboReaderEvent *event, gpointer data);

typedef struct _TamboReaderWatch TamboReaderWatch;

/* FUNC is called in CONTEXT (NULL: the default one). A card that was away and is back between two looks
 * is told to be removed and inserted. */
TamboReaderWatch *tambo_reader_watch_new (GMainContext *context, TamboReaderWatchFunc func,
                                          gpointer data);
/* In the thread of CONTEXT: FUNC is not called any more. Waits for the thread, which PC/SC lets go at
 * once. */
void tambo_reader_watch_free (TamboReaderWatch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboReaderWatch, tambo_reader_watch_free)
