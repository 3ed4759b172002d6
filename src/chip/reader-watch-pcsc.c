/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/reader-watch.h"

#include <string.h>
#include <winscard.h>

#include "chip/error-pcsc.h"
#include "chip/reader-private.h"
#include "chip/service-notice.h"

/* Looks although nothing was told: a reader that comes in the moment between two calls is told by neither. Such
 * moments are those after a change, as when a reader with two slots is plugged in. */
#define FIRST_LOOK_MS 100
#define LAST_LOOK_MS (10 * 60 * 1000)
#define CANCEL_SLICE_US (10 * 1000)
/* Between two tries to reach the service, unless its socket tells to be new. */
#define FIRST_PAUSE_MS 50
#define LAST_PAUSE_MS (10 * 1000)
#define MAX_READERS 16
#define NOTIFICATION "\\\\?PnP?\\Notification"

struct _TamboReaderWatch {
  GMainContext *context;
  TamboReaderWatchFunc func; /* NULL once the watch is freed; in the context's thread alone */
  gpointer data;
  GThread *thread; /* of the owner alone */
  GCancellable *stop;

  GMutex mutex;
  GCond cond;
  gboolean ended;
  gboolean established; /* SERVICE is valid: who frees the watch cancels it */
  SCARDCONTEXT service;
};

static const char *const kind_names[] = {
  [TAMBO_READER_EVENT_SERVICE_LOST] = "service-lost",
  [TAMBO_READER_EVENT_SERVICE_BACK] = "service-back",
  [TAMBO_READER_EVENT_READER_ADDED] = "reader-added",
  [TAMBO_READER_EVENT_READER_REMOVED] = "reader-removed",
  [TAMBO_READER_EVENT_CARD_INSERTED] = "card-inserted",
  [TAMBO_READER_EVENT_CARD_REMOVED] = "card-removed",
  [TAMBO_READER_EVENT_CARD_MUTE] = "card-mute",
};

const char *tambo_reader_event_kind_to_string (TamboReaderEventKind kind) {
  g_return_val_if_fail (kind < G_N_ELEMENTS (kind_names), NULL);
  return kind_names[kind];
}

static void watch_clear (gpointer data) {
  TamboReaderWatch *watch = data;

  g_main_context_unref (watch->context);
  g_object_unref (watch->stop);
  g_mutex_clear (&watch->mutex);
  g_cond_clear (&watch->cond);
}

static void watch_unref (TamboReaderWatch *watch) {
  g_atomic_rc_box_release_full (watch, watch_clear);
}

/* ---- telling ---- */

typedef struct {
  TamboReaderWatch *watch;
  TamboReaderEvent event;
  char *reader;
  GError *cause;
} Message;

static gboolean deliver (gpointer data) {
  Message *message = data;

  if (message->watch->func)
    message->watch->func (&message->event, message->watch->data);
  return G_SOURCE_REMOVE;
}

static void message_free (gpointer data) {
  Message *message = data;

  watch_unref (message->watch);
  g_free (message->reader);
  g_clear_error (&message->cause);
  g_free (message);
}

static void tell (TamboReaderWatch *watch, TamboReaderEventKind kind, const char *reader,
                  TamboReaderInterface interface, const GError *cause) {
  Message *message = g_new0 (Message, 1);
  g_autoptr (GSource) source = g_idle_source_new ();

  message->watch = g_atomic_rc_box_acquire (watch);
  message->reader = g_strdup (reader);
  message->cause = cause ? g_error_copy (cause) : NULL;
  message->event = (TamboReaderEvent){ kind, message->reader, interface, message->cause };
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, deliver, message, message_free);
  g_source_attach (source, watch->context);
}

/* ---- looking ---- */

/* A reader as it was seen last. */
typedef struct {
  char *name;
  DWORD state; /* with the event counter in its upper half */
  gboolean is_new, still_there;
} Seen;

static void seen_free (gpointer data) {
  Seen *seen = data;

  g_free (seen->name);
  g_free (seen);
}

typedef struct {
  TamboReaderWatch *watch;
  GPtrArray *readers; /* of Seen */
  guint patience_ms;  /* until the next look, when nothing is told */
} Look;

static void tell_of (const Look *look, TamboReaderEventKind kind, const Seen *seen, GBytes *atr) {
  tell (look->watch, kind, seen->name, tambo_reader_interface (seen->name, atr), NULL);
}

static Seen *find_seen (const Look *look, const char *name) {
  for (guint i = 0; i < look->readers->len; i++) {
    Seen *seen = g_ptr_array_index (look->readers, i);
    if (strcmp (seen->name, name) == 0)
      return seen;
  }
  return NULL;
}

static void forget (Look *look, guint index) {
  const Seen *seen = g_ptr_array_index (look->readers, index);

  if (seen->state & SCARD_STATE_PRESENT)
    tell_of (look, TAMBO_READER_EVENT_CARD_REMOVED, seen, NULL);
  tell_of (look, TAMBO_READER_EVENT_READER_REMOVED, seen, NULL);
  g_ptr_array_remove_index (look->readers, index);
}

/* What has come to the list of readers and what has gone from it. */
static gboolean list_again (Look *look, SCARDCONTEXT service, GError **error) {
  g_auto (GStrv) names = tambo_pcsc_list_names (service, error);

  if (!names)
    return FALSE;
  for (guint i = 0; i < look->readers->len; i++)
    ((Seen *) g_ptr_array_index (look->readers, i))->still_there = FALSE;
  for (guint i = 0; names[i] && i < MAX_READERS; i++) {
    Seen *seen = find_seen (look, names[i]);
    if (!seen) {
      seen = g_new0 (Seen, 1);
      seen->name = g_strdup (names[i]);
      seen->is_new = TRUE;
      g_ptr_array_add (look->readers, seen);
      tell_of (look, TAMBO_READER_EVENT_READER_ADDED, seen, NULL);
    }
    seen->still_there = TRUE;
  }
  for (guint i = look->readers->len; i-- > 0;)
    if (!((Seen *) g_ptr_array_index (look->readers, i))->still_there)
      forget (look, i);
  return TRUE;
}

/* Every insertion and every removal counts one; a difference of two means that what lies there now is
 * not what lay there, or was there for a moment. */
static void compare (const Look *look, Seen *seen, const SCARD_READERSTATE *now) {
  gboolean was = (seen->state & SCARD_STATE_PRESENT) != 0;
  gboolean is = (now->dwEventState & SCARD_STATE_PRESENT) != 0;
  guint16 changes = (guint16) ((now->dwEventState >> 16) - (seen->state >> 16));
  gboolean again = !seen->is_new && was == is && changes >= 2;
  gboolean is_mute = (now->dwEventState & SCARD_STATE_MUTE) != 0;
  g_autoptr (GBytes) atr =
      is && now->cbAtr <= sizeof now->rgbAtr ? g_bytes_new (now->rgbAtr, now->cbAtr) : NULL;

  if (was && (!is || again))
    tell_of (look, TAMBO_READER_EVENT_CARD_REMOVED, seen, NULL);
  if (again && !was)
    tell_of (look, TAMBO_READER_EVENT_CARD_INSERTED, seen, NULL);
  if (again && !is)
    tell_of (look, TAMBO_READER_EVENT_CARD_REMOVED, seen, NULL);
  if (is && (!was || again))
    tell_of (look, is_mute ? TAMBO_READER_EVENT_CARD_MUTE : TAMBO_READER_EVENT_CARD_INSERTED, seen,
             atr);
  seen->state = now->dwEventState & ~(DWORD) SCARD_STATE_CHANGED;
  seen->is_new = FALSE;
}

/* Sleeps until something happens. */
static gboolean look_on (Look *look, SCARDCONTEXT service, GError **error) {
  SCARD_READERSTATE states[MAX_READERS + 1] = { 0 };
  guint count = look->readers->len;

  for (guint i = 0; i < count; i++) {
    const Seen *seen = g_ptr_array_index (look->readers, i);
    states[i].szReader = seen->name;
    states[i].dwCurrentState = seen->is_new ? SCARD_STATE_UNAWARE : seen->state;
  }
  states[count].szReader = NOTIFICATION;
  LONG result = SCardGetStatusChange (service, look->patience_ms, states, count + 1);
  look->patience_ms =
      result == SCARD_S_SUCCESS ? FIRST_LOOK_MS : MIN (look->patience_ms * 4, LAST_LOOK_MS);
  if ((guint32) result == (guint32) SCARD_E_TIMEOUT
      || (guint32) result == (guint32) SCARD_E_CANCELLED
      || (guint32) result == (guint32) SCARD_E_UNKNOWN_READER) /* it went in this moment */
    return TRUE;
  if (result != SCARD_S_SUCCESS) {
    tambo_pcsc_set_error (error, result, "watching the card readers");
    return FALSE;
  }
  for (guint i = 0; i < count; i++)
    compare (look, g_ptr_array_index (look->readers, i), &states[i]);
  return TRUE;
}

/* ---- the service ---- */

static gboolean establish (TamboReaderWatch *watch, SCARDCONTEXT *out_service, GError **error) {
  LONG result = SCardEstablishContext (SCARD_SCOPE_SYSTEM, NULL, NULL, out_service);

  if (result != SCARD_S_SUCCESS) {
    tambo_pcsc_set_error (error, result, "watching the card readers");
    return FALSE;
  }
  g_mutex_lock (&watch->mutex);
  watch->service = *out_service;
  watch->established = TRUE;
  g_mutex_unlock (&watch->mutex);
  return TRUE;
}

static void release (TamboReaderWatch *watch) {
  g_mutex_lock (&watch->mutex);
  watch->established = FALSE;
  g_mutex_unlock (&watch->mutex);
  SCardReleaseContext (watch->service);
}

/* Until the service is lost or the watch is freed; FALSE with ERROR for the former. */
static gboolean watch_service (TamboReaderWatch *watch, gboolean *out_was_there, GError **error) {
  g_autoptr (GPtrArray) readers = g_ptr_array_new_with_free_func (seen_free);
  Look look = { watch, readers, FIRST_LOOK_MS };
  gboolean good = TRUE;
  SCARDCONTEXT service;

  if (!establish (watch, &service, error))
    return FALSE;
  *out_was_there = TRUE;
  tell (watch, TAMBO_READER_EVENT_SERVICE_BACK, NULL, TAMBO_READER_UNKNOWN, NULL);
  while (good && !g_cancellable_is_cancelled (watch->stop))
    good = list_again (&look, service, error) && look_on (&look, service, error);
  release (watch);
  while (!good && readers->len > 0)
    forget (&look, readers->len - 1);
  return good;
}

/* Why the service is away. */
typedef struct {
  GError *told;  /* NULL while it was there */
  GError *doubt; /* of the last try, when it was another */
} Absence;

static void absence_clear (Absence *absence) {
  g_clear_error (&absence->told);
  g_clear_error (&absence->doubt);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Absence, absence_clear)

static gboolean is_same (const GError *one, const GError *other) {
  return one != NULL && g_error_matches (other, one->domain, one->code);
}

/* The first cause is told at once; another one when it stays: a service that is just starting refuses in several
 * ways. FALSE while that is open. */
static gboolean tell_absence (TamboReaderWatch *watch, Absence *absence, const GError *error) {
  if (is_same (absence->told, error)) {
    g_clear_error (&absence->doubt);
    return TRUE;
  }
  if (absence->told != NULL && !is_same (absence->doubt, error)) {
    g_clear_error (&absence->doubt);
    absence->doubt = g_error_copy (error);
    return FALSE;
  }
  tell (watch, TAMBO_READER_EVENT_SERVICE_LOST, NULL, TAMBO_READER_UNKNOWN, error);
  absence_clear (absence);
  absence->told = g_error_copy (error);
  return TRUE;
}

/* A context that has seen the service go is dead: each try has a new one. */
static gpointer watch_run (gpointer data) {
  TamboReaderWatch *watch = data;
  g_auto (Absence) absence = { NULL };
  guint pause = FIRST_PAUSE_MS;

  while (!g_cancellable_is_cancelled (watch->stop)) {
    g_autoptr (GError) error = NULL;
    gboolean was_there = FALSE;
    /* A socket that comes after the try is told, too. */
    int notice = tambo_service_notice_open ();
    if (watch_service (watch, &was_there, &error)) {
      tambo_service_notice_close (notice);
      break;
    }
    if (was_there) {
      pause = FIRST_PAUSE_MS;
      absence_clear (&absence);
    }
    if (!tell_absence (watch, &absence, error))
      pause = FIRST_PAUSE_MS;
    pause = tambo_service_notice_wait (notice, pause, watch->stop) ? FIRST_PAUSE_MS
                                                                   : MIN (pause * 2, LAST_PAUSE_MS);
    tambo_service_notice_close (notice);
  }
  g_mutex_lock (&watch->mutex);
  watch->ended = TRUE;
  g_cond_broadcast (&watch->cond);
  g_mutex_unlock (&watch->mutex);
  watch_unref (watch);
  return NULL;
}

TamboReaderWatch *tambo_reader_watch_new (GMainContext *context, TamboReaderWatchFunc func,
                                          gpointer data) {
  TamboReaderWatch *watch = g_atomic_rc_box_new0 (TamboReaderWatch);

  watch->context = g_main_context_ref (context ? context : g_main_context_default ());
  watch->func = func;
  watch->data = data;
  watch->stop = g_cancellable_new ();
  g_mutex_init (&watch->mutex);
  g_cond_init (&watch->cond);
  watch->thread = g_thread_new ("readers", watch_run, g_atomic_rc_box_acquire (watch));
  return watch;
}

/* A cancellation that comes before the thread is asleep in PC/SC is lost: so it is repeated. */
void tambo_reader_watch_free (TamboReaderWatch *watch) {
  if (!watch)
    return;
  watch->func = NULL;
  g_cancellable_cancel (watch->stop);
  g_mutex_lock (&watch->mutex);
  while (!watch->ended) {
    if (watch->established)
      SCardCancel (watch->service);
    g_cond_wait_until (&watch->cond, &watch->mutex, g_get_monotonic_time () + CANCEL_SLICE_US);
  }
  g_mutex_unlock (&watch->mutex);
  g_thread_join (watch->thread);
  watch_unref (watch);
}
