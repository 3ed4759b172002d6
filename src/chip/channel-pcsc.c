/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * SCardTransmit has no time-out and waits for a mute card for ever. So each channel has a thread that
 * alone talks to PC/SC; the caller waits for it with a deadline and, when that has passed, leaves the
 * thread behind. A channel that was left behind does nothing any more.
 *
 * Waking a thread takes as long as a fast card takes for a command. So commands that are announced lie
 * ready for the thread: it sends each as soon as the one before was answered 9000, and the caller, who
 * looks at the answers in the meantime, is not woken for each of them.
 */
#include "chip/channel-pcsc.h"

#include <winscard.h>

#include "base/bytes.h"
#include "chip/error-pcsc.h"

#define CLOSE_PATIENCE_MS 2000
/* How soon a cancellation is noticed, and an answer that nobody was woken for. */
#define SLICE_US (50 * 1000)
/* With so many of them ready the thread has enough to do without the caller. */
#define FEW_JOBS 4
#define MAX_ANSWER (65536 + 2)

typedef enum {
  JOB_CONNECT,
  JOB_TRANSMIT,
  JOB_TRANSMIT_AFTER_OK, /* nothing, unless the command before was answered 9000 */
  JOB_RESET,
  JOB_CLOSE,
} JobKind;

/* One thing for the thread to do; shared by the caller and the thread. */
typedef struct {
  JobKind kind;
  GBytes *command;
  gboolean done; /* under the line's mutex; what follows is valid when it is set */
  GBytes *answer;
  GError *error;
} Job;

static void job_clear (gpointer data) {
  Job *job = data;

  g_clear_pointer (&job->command, g_bytes_unref);
  g_clear_pointer (&job->answer, g_bytes_unref);
  g_clear_error (&job->error);
}

static Job *job_new (JobKind kind, GBytes *command) {
  Job *job = g_atomic_rc_box_new0 (Job);

  job->kind = kind;
  job->command = command ? g_bytes_ref (command) : NULL;
  return job;
}

static void job_unref (gpointer job) {
  g_atomic_rc_box_release_full (job, job_clear);
}

/* Where the caller lays down what the thread takes up. */
typedef struct {
  GMutex mutex;
  GQueue jobs; /* owned, not begun */
  GCond laid;
  GCond done;
  gboolean thread_waits, caller_waits;
} Line;

static void line_clear (gpointer data) {
  Line *line = data;

  g_queue_clear_full (&line->jobs, job_unref);
  g_mutex_clear (&line->mutex);
  g_cond_clear (&line->laid);
  g_cond_clear (&line->done);
}

static Line *line_new (void) {
  Line *line = g_atomic_rc_box_new0 (Line);

  g_mutex_init (&line->mutex);
  g_cond_init (&line->laid);
  g_cond_init (&line->done);
  return line;
}

static void line_unref (Line *line) {
  g_atomic_rc_box_release_full (line, line_clear);
}

static void line_push (Line *line, Job *job) {
  g_mutex_lock (&line->mutex);
  g_queue_push_tail (&line->jobs, g_atomic_rc_box_acquire (job));
  gboolean wake = line->thread_waits;
  g_mutex_unlock (&line->mutex);
  if (wake)
    g_cond_signal (&line->laid);
}

static void line_remove (Line *line, Job *job) {
  g_mutex_lock (&line->mutex);
  gboolean was_there = g_queue_remove (&line->jobs, job);
  g_mutex_unlock (&line->mutex);
  if (was_there)
    job_unref (job);
}

static Job *line_pop (Line *line) {
  g_mutex_lock (&line->mutex);
  line->thread_waits = TRUE;
  while (g_queue_is_empty (&line->jobs))
    g_cond_wait (&line->laid, &line->mutex);
  line->thread_waits = FALSE;
  Job *job = g_queue_pop_head (&line->jobs);
  g_mutex_unlock (&line->mutex);
  return job;
}

/* Whom it wakes finds the mutex free. */
static void line_finish (Line *line, Job *job, GBytes *answer, GError *error, gboolean goes_on) {
  g_mutex_lock (&line->mutex);
  job->answer = answer;
  job->error = error;
  job->done = TRUE;
  gboolean wake = line->caller_waits && !(goes_on && line->jobs.length > FEW_JOBS);
  g_mutex_unlock (&line->mutex);
  if (wake)
    g_cond_signal (&line->done);
}

/* The thread's own things; nobody else touches them. */
typedef struct {
  Line *line;
  char *reader;
  SCARDCONTEXT context;
  SCARDHANDLE card;
  DWORD protocol;
  gboolean established, connected;
  gboolean answered_ok; /* 9000, to the newest command */
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

static gboolean is_ok (const guint8 *answer, gsize size) {
  return answer[size - 2] == TAMBO_SW_OK >> 8 && answer[size - 1] == (TAMBO_SW_OK & 0xFF);
}

static GBytes *worker_transmit (Worker *worker, GBytes *command, GError **error) {
  const SCARD_IO_REQUEST *pci = worker->protocol == SCARD_PROTOCOL_T0 ? SCARD_PCI_T0 : SCARD_PCI_T1;
  g_autofree guint8 *answer = g_malloc (MAX_ANSWER);
  DWORD answer_size = MAX_ANSWER;
  gsize size;
  const guint8 *data = g_bytes_get_data (command, &size);

  worker->answered_ok = FALSE;
  LONG result = SCardTransmit (worker->card, pci, data, (DWORD) size, NULL, answer, &answer_size);
  if (!worker_check (result, "talking to the card", error))
    return NULL;
  if (!is_whole (answer, answer_size)) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_REMOVED,
                         "talking to the card: the card left while it answered");
    return NULL;
  }
  worker->answered_ok = is_ok (answer, answer_size);
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
  case JOB_TRANSMIT_AFTER_OK:
    if (!worker->answered_ok)
      break;
    G_GNUC_FALLTHROUGH;
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
  line_finish (worker->line, job, answer, error, worker->answered_ok);
}

static gpointer worker_run (gpointer data) {
  Worker *worker = data;
  gboolean open = TRUE;

  while (open) {
    Job *job = line_pop (worker->line);
    worker_do (worker, job);
    open = job->kind != JOB_CLOSE;
    job_unref (job);
  }
  line_unref (worker->line);
  g_free (worker->reader);
  g_free (worker);
  return NULL;
}

typedef struct {
  TamboChannel parent_instance;
  Line *line;
  GQueue announced; /* jobs that the thread has, and perhaps has done */
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
static gboolean wait_for (Line *line, Job *job, guint patience, GCancellable *cancellable,
                          GError **error) {
  gint64 deadline = g_get_monotonic_time () + (gint64) patience * 1000;

  g_mutex_lock (&line->mutex);
  line->caller_waits = TRUE;
  while (!job->done && g_get_monotonic_time () < deadline
         && !g_cancellable_is_cancelled (cancellable))
    g_cond_wait_until (&line->done, &line->mutex,
                       MIN (deadline, g_get_monotonic_time () + SLICE_US));
  line->caller_waits = FALSE;
  gboolean done = job->done;
  gboolean leisure = line->jobs.length >= FEW_JOBS;
  g_mutex_unlock (&line->mutex);
  if (done && leisure) /* on a shared processor the next command goes before this answer */
    g_thread_yield ();

  if (!done && !g_cancellable_set_error_if_cancelled (cancellable, error))
    g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_TIMEOUT,
                 "talking to the card: the card did not answer within %g seconds",
                 patience / 1000.0);
  return done;
}

static Job *push_job (TamboChannelPcsc *self, JobKind kind, GBytes *command) {
  Job *job = job_new (kind, command);

  line_push (self->line, job);
  return job;
}

/* The last one first, so that none is sent without the one before. */
static void forget_announced (TamboChannelPcsc *self) {
  Job *job;

  while ((job = g_queue_pop_tail (&self->announced))) {
    line_remove (self->line, job);
    job_unref (job);
  }
}

/* Takes JOB. The finished job, or NULL with ERROR; a job that failed is an error too. */
static Job *finish_job (TamboChannelPcsc *self, Job *job, GCancellable *cancellable,
                        GError **error) {
  if (!wait_for (self->line, job, tambo_channel_get_patience (&self->parent_instance), cancellable,
                 error)) {
    self->left_behind = TRUE;
    g_clear_pointer (&job, job_unref);
  } else if (job->error) {
    g_propagate_error (error, g_steal_pointer (&job->error));
    g_clear_pointer (&job, job_unref);
  }
  return job;
}

static gboolean check_free (TamboChannelPcsc *self, GError **error) {
  if (self->left_behind)
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_TIMEOUT,
                         "talking to the card: the card still owes an answer");
  return !self->left_behind;
}

static gboolean run_job (TamboChannelPcsc *self, JobKind kind, GCancellable *cancellable,
                         GError **error) {
  forget_announced (self);
  if (!check_free (self, error))
    return FALSE;
  Job *job = finish_job (self, push_job (self, kind, NULL), cancellable, error);
  if (!job)
    return FALSE;
  job_unref (job);
  return TRUE;
}

static void tambo_channel_pcsc_announce (TamboChannel *channel, GBytes *command) {
  TamboChannelPcsc *self = PCSC (channel);
  gboolean first = g_queue_is_empty (&self->announced);

  if (!self->left_behind)
    g_queue_push_tail (&self->announced,
                       push_job (self, first ? JOB_TRANSMIT : JOB_TRANSMIT_AFTER_OK, command));
}

/* The job of COMMAND, which may have been announced. */
static Job *begin_transmit (TamboChannelPcsc *self, GBytes *command) {
  const Job *first = g_queue_peek_head (&self->announced);

  if (first && g_bytes_equal (first->command, command))
    return g_queue_pop_head (&self->announced);
  forget_announced (self);
  return push_job (self, JOB_TRANSMIT, command);
}

static GBytes *tambo_channel_pcsc_transmit (TamboChannel *channel, GBytes *command,
                                            GCancellable *cancellable, GError **error) {
  TamboChannelPcsc *self = PCSC (channel);

  if (!check_free (self, error))
    return NULL;
  Job *job = finish_job (self, begin_transmit (self, command), cancellable, error);
  GBytes *answer = job ? g_steal_pointer (&job->answer) : NULL;
  g_clear_pointer (&job, job_unref);
  if (!answer || !is_ok (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer)))
    forget_announced (self);
  return answer;
}

static gboolean tambo_channel_pcsc_reset (TamboChannel *channel, GError **error) {
  return run_job (PCSC (channel), JOB_RESET, NULL, error);
}

static const char *tambo_channel_pcsc_get_name (TamboChannel *channel) {
  return PCSC (channel)->reader;
}

/* Waits until the card is free for the next one, but not for a mute card. */
static void tambo_channel_pcsc_finalize (GObject *object) {
  TamboChannelPcsc *self = PCSC (object);

  forget_announced (self);
  Job *job = push_job (self, JOB_CLOSE, NULL);
  if (!self->left_behind) {
    g_autoptr (GError) ignored = NULL;
    (void) wait_for (self->line, job, CLOSE_PATIENCE_MS, NULL, &ignored);
  }
  job_unref (job);
  line_unref (self->line);
  g_free (self->reader);
  G_OBJECT_CLASS (tambo_channel_pcsc_parent_class)->finalize (object);
}

static void tambo_channel_pcsc_class_init (TamboChannelPcscClass *klass) {
  TamboChannelClass *channel_class = TAMBO_CHANNEL_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tambo_channel_pcsc_finalize;
  channel_class->transmit = tambo_channel_pcsc_transmit;
  channel_class->announce = tambo_channel_pcsc_announce;
  channel_class->reset = tambo_channel_pcsc_reset;
  channel_class->get_name = tambo_channel_pcsc_get_name;
}

static void tambo_channel_pcsc_init (TamboChannelPcsc *self) {
  self->line = line_new ();
}

TamboChannel *tambo_channel_pcsc_new (const char *reader, GCancellable *cancellable,
                                      GError **error) {
  g_autoptr (TamboChannel) channel = g_object_new (tambo_channel_pcsc_get_type (), NULL);
  TamboChannelPcsc *self = PCSC (channel);
  Worker *worker = g_new0 (Worker, 1);

  self->reader = g_strdup (reader);
  worker->reader = g_strdup (reader);
  worker->line = g_atomic_rc_box_acquire (self->line);
  g_thread_unref (g_thread_new ("card", worker_run, worker));

  if (!run_job (self, JOB_CONNECT, cancellable, error))
    return NULL;
  return g_steal_pointer (&channel);
}
