/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/card-watch.h"

#include "chip/reader-watch.h"
#include "station/advice.h"

struct _TamboCardWatch {
  GObject parent_instance;
  TamboReaderWatch *watch;
  GHashTable *readers; /* name to TamboCardsState: EMPTY, MUTE or PRESENT */
  TamboCardsState state;
  char *reader;
  GError *cause;
};

G_DEFINE_FINAL_TYPE (TamboCardWatch, tambo_card_watch, G_TYPE_OBJECT)

enum { SIGNAL_EVENT, SIGNAL_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static const char *const state_names[] = {
  [TAMBO_CARDS_UNKNOWN] = "unknown",
  [TAMBO_CARDS_NO_SERVICE] = "no-service",
  [TAMBO_CARDS_NO_PERMISSION] = "no-permission",
  [TAMBO_CARDS_NO_READER] = "no-reader",
  [TAMBO_CARDS_EMPTY] = "empty",
  [TAMBO_CARDS_MUTE] = "mute",
  [TAMBO_CARDS_PRESENT] = "present",
};

const char *tambo_cards_state_to_string (TamboCardsState state) {
  g_return_val_if_fail (state < G_N_ELEMENTS (state_names), NULL);
  return state_names[state];
}

/* The best that can be said of all readers together; OUT_READER is the one it is said of. */
static TamboCardsState sum_up (TamboCardWatch *self, const char **out_reader) {
  TamboCardsState best = TAMBO_CARDS_NO_READER;
  GHashTableIter iter;
  gpointer name, state;

  *out_reader = NULL;
  if (self->cause)
    return g_error_matches (self->cause, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_NO_PERMISSION)
               ? TAMBO_CARDS_NO_PERMISSION
               : TAMBO_CARDS_NO_SERVICE;
  g_hash_table_iter_init (&iter, self->readers);
  while (g_hash_table_iter_next (&iter, &name, &state))
    if (GPOINTER_TO_UINT (state) > best) {
      best = GPOINTER_TO_UINT (state);
      *out_reader = best == TAMBO_CARDS_EMPTY ? NULL : name;
    }
  return best;
}

static void set_card (TamboCardWatch *self, const char *reader, TamboCardsState state) {
  g_hash_table_replace (self->readers, g_strdup (reader), GUINT_TO_POINTER (state));
}

static void take_event (TamboCardWatch *self, const TamboReaderEvent *event) {
  switch (event->kind) {
  case TAMBO_READER_EVENT_SERVICE_LOST:
    g_clear_error (&self->cause);
    self->cause = g_error_copy (event->cause);
    break;
  case TAMBO_READER_EVENT_SERVICE_BACK:
    g_clear_error (&self->cause);
    break;
  case TAMBO_READER_EVENT_READER_REMOVED:
    g_hash_table_remove (self->readers, event->reader);
    break;
  case TAMBO_READER_EVENT_READER_ADDED:
  case TAMBO_READER_EVENT_CARD_REMOVED:
    set_card (self, event->reader, TAMBO_CARDS_EMPTY);
    break;
  case TAMBO_READER_EVENT_CARD_MUTE:
    set_card (self, event->reader, TAMBO_CARDS_MUTE);
    break;
  case TAMBO_READER_EVENT_CARD_INSERTED:
  default:
    set_card (self, event->reader, TAMBO_CARDS_PRESENT);
    break;
  }
}

static const char *detail_of (const TamboReaderEvent *event) {
  static const char *const interfaces[] = {
    [TAMBO_READER_UNKNOWN] = NULL,
    [TAMBO_READER_CONTACTLESS] = "contactless",
    [TAMBO_READER_CONTACT] = "contacts only: travel documents mean nothing to it",
  };

  return event->cause ? event->cause->message : interfaces[event->interface];
}

static void on_event (const TamboReaderEvent *event, gpointer data) {
  TamboCardWatch *self = data;
  const char *reader = NULL;

  take_event (self, event);
  TamboCardsState state = sum_up (self, &reader);
  gboolean changed = state != self->state || g_strcmp0 (reader, self->reader) != 0;
  self->state = state;
  g_free (self->reader);
  self->reader = g_strdup (reader);

  g_object_ref (self);
  g_signal_emit (self, signals[SIGNAL_EVENT], 0, tambo_reader_event_kind_to_string (event->kind),
                 event->reader, detail_of (event));
  if (changed)
    g_signal_emit (self, signals[SIGNAL_CHANGED], 0);
  g_object_unref (self);
}

static void tambo_card_watch_dispose (GObject *object) {
  TamboCardWatch *self = TAMBO_CARD_WATCH (object);

  g_clear_pointer (&self->watch, tambo_reader_watch_free);
  G_OBJECT_CLASS (tambo_card_watch_parent_class)->dispose (object);
}

static void tambo_card_watch_finalize (GObject *object) {
  TamboCardWatch *self = TAMBO_CARD_WATCH (object);

  g_hash_table_unref (self->readers);
  g_free (self->reader);
  g_clear_error (&self->cause);
  G_OBJECT_CLASS (tambo_card_watch_parent_class)->finalize (object);
}

static void tambo_card_watch_class_init (TamboCardWatchClass *klass) {
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_card_watch_dispose;
  G_OBJECT_CLASS (klass)->finalize = tambo_card_watch_finalize;
  signals[SIGNAL_EVENT] =
      g_signal_new ("event", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                    G_TYPE_STRING, G_TYPE_STRING, G_TYPE_STRING);
  signals[SIGNAL_CHANGED] =
      g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void tambo_card_watch_init (TamboCardWatch *self) {
  self->readers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

TamboCardWatch *tambo_card_watch_new (void) {
  TamboCardWatch *self = g_object_new (TAMBO_TYPE_CARD_WATCH, NULL);
  g_autoptr (GMainContext) context = g_main_context_ref_thread_default ();

  self->watch = tambo_reader_watch_new (context, on_event, self);
  return self;
}

TamboCardsState tambo_card_watch_get_state (TamboCardWatch *self) {
  return self->state;
}

const char *tambo_card_watch_get_reader (TamboCardWatch *self) {
  return self->reader;
}

const char *tambo_card_watch_get_cause (TamboCardWatch *self) {
  return self->cause ? self->cause->message : NULL;
}

const char *tambo_card_watch_get_advice (TamboCardWatch *self) {
  return self->cause ? tambo_advice_action (self->cause) : NULL;
}
