/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * SCardTransmit has no time-out and waits for a mute card for ever. So each channel has a thread that
 * alone talks to PC/SC; the caller waits for it with a deadline and, when that has passed, leaves the
 * thread behind. A channel that was left behind does nothing any more.
 */
#include "chip/channel-pcsc.h"

#include <winscard.h>

#include "base/bytes.h"
#include "chip/error-pcsc.h"

#define CLOSE_PATIENCE_MS 2000
#define CANCEL_SLICE_US (50 * 1000)
#define MAX_ANSWER (65536 + 2)

typedef enum {
  JOB_CONNECT,
  JOB_TRANSMIT,
  JOB_RESET,
  JOB_CLOSE,
} JobKind;

/* One thing for the thread to do; shared by the caller and the thread. */
typedef struct {
  JobKind kind;
  GBytes *command;
  GMutex mutex;
  GCond cond;
  gboolean done; /* under the mutex; what follows is valid when it is set */
  GBytes *answer;
  GError *error;
} Job;

static void job_clear (gpointer data) {
  Job *job = data;

  g_clear_pointer (&job->command, g_bytes_unref);
  g_clear_pointer (&job->answer, g_bytes_unref);
  g_clear_error (&job->error);
  g_mutex_clear (&job->mutex);
  g_cond_clear (&job->cond);
}

static Job *job_new (JobKind kind, GBytes *command) {
  Job *job = g_atomic_rc_box_new0 (Job);

  job->kind = kind;
  job->command = command ? g_bytes_ref (command) : NULL;
  g_mutex_init (&job->mutex);
  g_cond_init (&job->cond);
  return job;
}

static void job_unref (Job *job) {
  g_atomic_rc_box_release_full (job, job_clear);
}

/* The thread's own things; nobody else touches them. */
typedef struct {
  GAsyncQueue *jobs;
  char *reader;
  SCARDCONTEXT context;
  SCARDHANDLE card;
  DWORD protocol;
  gboolean established, connected;
} Worker;

static gboolean worker_check (LONG result, const char *action, GError **error) {
  if (result == SCARD_S_SUCCESS)
    return TRUE;
  tambo_pcsc_set_error (error, result, action);
  return FALSE;
}

static gboolean worker_connect (Worker *worker, GError **error) {
  const char *action = "connecting to the card";

  if (!worker_check (SCardEstablishContext (SCARD_SCOPE_SYSTEM, NULL, NULL, &worker->context),
                     action, error))
    return FALSE;
  worker->established = TRUE;
  worker->connected = worker_check (
      SCardConnect (worker->context, worker->reader, SCARD_SHARE_EXCLUSIVE,
                    SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, &worker->card, &worker->protocol),
      action, error);
  /* Nobody else gets the card between two commands, not even one who was let in by a daemon that
   * takes exclusive for shared. The transaction ends with the connection. */
  return worker->connected && worker_check (SCardBeginTransaction (worker->card), action, error);
}

/* A card that dies while it answers leaves SUCCESS with nothing, or with the beginning of its answer:
 * two bytes that are no status word are not one. */
static gboolean is_whole (const guint8 *answer, gsize size) {
  return size >= 2 && (answer[size - 2] >> 4 == 0x6 || answer[size - 2] >> 4 == 0x9);
}

static GBytes *worker_transmit (Worker *worker, GBytes *command, GError **error) {
  const SCARD_IO_REQUEST *pci = worker->protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;
  g_autofree guint8 *answer = g_malloc (MAX_ANSWER);
  DWORD answer_size = MAX_ANSWER;
  gsize size;
  const guint8 *data = g_bytes_get_data (command, &size);

  LONG result = SCardTransmit (worker->card, pci, data, (DWORD) size, NULL, answer, &answer_size);
  if (!worker_check (result, "talking to the card", error))
    return NULL;
  if (!is_whole (answer, answer_size)) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_REMOVED,
                         "talking to the card: the card left while it answered");
    return NULL;
  }
  GBytes *bytes = g_bytes_new (answer, answer_size);
  tambo_secret_wipe (answer, answer_size);
  return bytes;
}

static gboolean worker_reset (Worker *worker, GError **error) {
  return worker_check (SCardReconnect (worker->card, SCARD_SHARE_EXCLUSIVE,
                                       SCARD_PROTOCOL_T0 | SCARD_PROTOCOL_T1, SCARD_RESET_CARD,
                                       &worker->protocol),
                       "resetting the card", error);
}

/* The reset makes the card forget its session before anybody else gets it. */
static void worker_close (Worker *worker) {
  if (worker->connected) {
    SCardEndTransaction (worker->card, SCARD_LEAVE_CARD);
    SCardDisconnect (worker->card, SCARD_RESET_CARD);
  }
  if (worker->established)
    SCardReleaseContext (worker->context);
  worker->connected = worker->established = FALSE;
}

static void worker_do (Worker *worker, Job *job) {
  GError *error = NULL;
  GBytes *answer = NULL;

  switch (job->kind) {
  case JOB_CONNECT:
    worker_connect (worker, &error);
    break;
  case JOB_TRANSMIT:
    answer = worker_transmit (worker, job->command, &error);
    break;
  case JOB_RESET:
    worker_reset (worker, &error);
    break;
  case JOB_CLOSE:
  default:
    worker_close (worker);
    break;
  }
  g_mutex_lock (&job->mutex);
  job->answer = answer;
  job->error = error;
  job->done = TRUE;
  g_mutex_unlock (&job->mutex);
  g_cond_signal (&job->cond); /* whom it wakes finds the mutex free */
}

static gpointer worker_run (gpointer data) {
  Worker *worker = data;
  gboolean open = TRUE;

  while (open) {
    Job *job = g_async_queue_pop (worker->jobs);
    worker_do (worker, job);
    open = job->kind != JOB_CLOSE;
    job_unref (job);
  }
  g_async_queue_unref (worker->jobs);
  g_free (worker->reader);
  g_free (worker);
  return NULL;
}

typedef struct {
  TamboChannel parent_instance;
  GAsyncQueue *jobs;
  char *reader;
  gboolean left_behind;
} TamboChannelPcsc;

typedef struct {
  TamboChannelClass parent_class;
} TamboChannelPcscClass;

static GType tambo_channel_pcsc_get_type (void);
G_DEFINE_FINAL_TYPE (TamboChannelPcsc, tambo_channel_pcsc, TAMBO_TYPE_CHANNEL)

#define PCSC(channel)                                                                              \
  G_TYPE_CHECK_INSTANCE_CAST ((channel), tambo_channel_pcsc_get_type (), TamboChannelPcsc)

/* FALSE when PATIENCE (ms) is over or the caller was cancelled, with ERROR. */
static gboolean wait_for (Job *job, guint patience, GCancellable *cancellable, GError **error) {
  gint64 deadline = g_get_monotonic_time () + (gint64) patience * 1000;
  gboolean done;

  g_mutex_lock (&job->mutex);
  while (!job->done && g_get_monotonic_time () < deadline
         && !g_cancellable_is_cancelled (cancellable))
    g_cond_wait_until (&job->cond, &job->mutex,
                       MIN (deadline, g_get_monotonic_time () + CANCEL_SLICE_US));
  done = job->done;
  g_mutex_unlock (&job->mutex);

  if (!done && !g_cancellable_set_error_if_cancelled (cancellable, error))
    g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_TIMEOUT,
                 "talking to the card: the card did not answer within %g seconds",
                 patience / 1000.0);
  return done;
}

/* The finished job, or NULL with ERROR; a job that failed is an error too. */
static Job *run_job (TamboChannelPcsc *self, JobKind kind, GBytes *command,
                     GCancellable *cancellable, GError **error) {
  if (self->left_behind) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_TIMEOUT,
                         "talking to the card: the card still owes an answer");
    return NULL;
  }
  Job *job = job_new (kind, command);
  g_async_queue_push (self->jobs, g_atomic_rc_box_acquire (job));
  if (!wait_for (job, tambo_channel_get_patience (&self->parent_instance), cancellable, error)) {
    self->left_behind = TRUE;
    g_clear_pointer (&job, job_unref);
  } else if (job->error) {
    g_propagate_error (error, g_steal_pointer (&job->error));
    g_clear_pointer (&job, job_unref);
  }
  return job;
}

static GBytes *tambo_channel_pcsc_transmit (TamboChannel *channel, GBytes *command,
                                            GCancellable *cancellable, GError **error) {
  Job *job = run_job (PCSC (channel), JOB_TRANSMIT, command, cancellable, error);

  if (!job)
    return NULL;
  GBytes *answer = g_steal_pointer (&job->answer);
  job_unref (job);
  return answer;
}

static gboolean tambo_channel_pcsc_reset (TamboChannel *channel, GError **error) {
  Job *job = run_job (PCSC (channel), JOB_RESET, NULL, NULL, error);

  if (!job)
    return FALSE;
  job_unref (job);
  return TRUE;
}

static const char *tambo_channel_pcsc_get_name (TamboChannel *channel) {
  return PCSC (channel)->reader;
}

/* Waits until the card is free for the next one, but not for a mute card. */
static void tambo_channel_pcsc_finalize (GObject *object) {
  TamboChannelPcsc *self = PCSC (object);
  Job *job = job_new (JOB_CLOSE, NULL);

  g_async_queue_push (self->jobs, g_atomic_rc_box_acquire (job));
  if (!self->left_behind) {
    g_autoptr (GError) ignored = NULL;
    (void) wait_for (job, CLOSE_PATIENCE_MS, NULL, &ignored);
  }
  job_unref (job);
  g_async_queue_unref (self->jobs);
  g_free (self->reader);
  G_OBJECT_CLASS (tambo_channel_pcsc_parent_class)->finalize (object);
}

static void tambo_channel_pcsc_class_init (TamboChannelPcscClass *klass) {
  TamboChannelClass *channel_class = TAMBO_CHANNEL_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tambo_channel_pcsc_finalize;
  channel_class->transmit = tambo_channel_pcsc_transmit;
  channel_class->reset = tambo_channel_pcsc_reset;
  channel_class->get_name = tambo_channel_pcsc_get_name;
}

static void tambo_channel_pcsc_init (TamboChannelPcsc *self) {
  self->jobs = g_async_queue_new_full ((GDestroyNotify) job_unref);
}

TamboChannel *tambo_channel_pcsc_new (const char *reader, GCancellable *cancellable,
                                      GError **error) {
  g_autoptr (TamboChannel) channel = g_object_new (tambo_channel_pcsc_get_type (), NULL);
  TamboChannelPcsc *self = PCSC (channel);
  Worker *worker = g_new0 (Worker, 1);

  self->reader = g_strdup (reader);
  worker->reader = g_strdup (reader);
  worker->jobs = g_async_queue_ref (self->jobs);
  g_thread_unref (g_thread_new ("card", worker_run, worker));

  Job *job = run_job (self, JOB_CONNECT, NULL, cancellable, error);
  if (!job)
    return NULL;
  job_unref (job);
  return g_steal_pointer (&channel);
}
