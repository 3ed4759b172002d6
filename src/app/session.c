/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session.h"

#include <string.h>

#include "app/allocator.h"
#include "base/bytes.h"
#include "station/finger-unlock.h"
#include "station/procedures.h"
#include "station/recapture.h"

struct _TamboSession {
  GObject parent;
  TamboStation *station;
  TamboDeviceManager *devices;
  TamboApplicantScreen *screen;
  TamboWorkQueue *case_queue;
  TamboWorkQueue *desk_queue;
  TamboWorkQueue *network_queue;
  TamboPreferences *preferences;
  char *last_address;

  TamboEnrolment *enrolment; /* the case queue's own */

  TamboEnrolment *shown;
  TamboProcedure *procedure;
  GPtrArray *checks;
  guint generation; /* of the open case: what comes late from a closed one is not shown */
};

G_DEFINE_FINAL_TYPE (TamboSession, tambo_session, G_TYPE_OBJECT)

enum {
  CASE_CHANGED,
  FAILED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

void tambo_session_shut (TamboSession *self) {
  tambo_work_queue_free (g_steal_pointer (&self->case_queue), TRUE);
  tambo_work_queue_free (g_steal_pointer (&self->desk_queue), FALSE);
  tambo_work_queue_free (g_steal_pointer (&self->network_queue), FALSE);
}

static void tambo_session_finalize (GObject *object) {
  TamboSession *self = TAMBO_SESSION (object);

  tambo_session_shut (self);
  g_clear_pointer (&self->enrolment, tambo_enrolment_free);
  g_clear_pointer (&self->shown, tambo_enrolment_free);
  g_clear_pointer (&self->procedure, tambo_procedure_free);
  g_clear_pointer (&self->checks, g_ptr_array_unref);
  tambo_preferences_free (self->preferences);
  tambo_secret_string_free (self->last_address);
  g_clear_object (&self->devices);
  g_clear_object (&self->screen);
  g_clear_object (&self->station);
  G_OBJECT_CLASS (tambo_session_parent_class)->finalize (object);
}

static void tambo_session_class_init (TamboSessionClass *klass) {
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tambo_session_finalize;
  signals[CASE_CHANGED] =
      g_signal_new ("case-changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FAILED] = g_signal_new ("failed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_ERROR | G_SIGNAL_TYPE_STATIC_SCOPE);
}

static void tambo_session_init (TamboSession *self) {
  self->devices = tambo_device_manager_new ();
  self->preferences = tambo_preferences_new ();
  self->screen = tambo_applicant_screen_new ();
  self->case_queue = tambo_work_queue_new ();
  self->desk_queue = tambo_work_queue_new ();
  self->network_queue = tambo_work_queue_new ();
}

TamboSession *tambo_session_new (TamboStation *station) {
  TamboSession *self = g_object_new (TAMBO_TYPE_SESSION, NULL);

  self->station = g_object_ref (station);
  tambo_device_manager_watch (self->devices);
  return self;
}

TamboStation *tambo_session_get_station (TamboSession *self) {
  return self->station;
}

TamboPreferences *tambo_session_get_preferences (TamboSession *self) {
  return self->preferences;
}

void tambo_session_take_preferences (TamboSession *self, TamboPreferences *preferences) {
  tambo_preferences_free (self->preferences);
  self->preferences = preferences;
  tambo_preferences_apply (preferences, self->devices);
}

TamboDeviceManager *tambo_session_get_devices (TamboSession *self) {
  return self->devices;
}

TamboApplicantScreen *tambo_session_get_screen (TamboSession *self) {
  return self->screen;
}

TamboWorkQueue *tambo_session_get_desk_queue (TamboSession *self) {
  return self->desk_queue;
}

TamboWorkQueue *tambo_session_get_network_queue (TamboSession *self) {
  return self->network_queue;
}

static gboolean run_give_back (gpointer data, GCancellable *cancellable, GError **error) {
  tambo_allocator_give_back ();
  return TRUE;
}

void tambo_session_give_back_memory (TamboSession *self) {
  TamboWorkQueue *queues[] = { self->case_queue, self->desk_queue };

  for (guint i = 0; i < G_N_ELEMENTS (queues); i++)
    tambo_work_push (queues[i], run_give_back, NULL, NULL, NULL, NULL, NULL);
}

const TamboEnrolment *tambo_session_get_shown (TamboSession *self) {
  return self->shown;
}

const TamboProcedure *tambo_session_get_procedure (TamboSession *self) {
  return self->procedure;
}

GPtrArray *tambo_session_get_checks (TamboSession *self) {
  return self->checks;
}

gboolean tambo_session_is_sealed (TamboSession *self) {
  return self->shown != NULL && self->shown->state != TAMBO_CASE_DRAFT;
}

/* Procedures are data of the office and bring their own translation. Who has chosen a language that they lack
 * has said, too, which one comes then. */
const char *tambo_session_procedure_title (const TamboProcedure *procedure) {
  const char *const *languages = g_get_language_names ();

  for (gsize i = 0; languages[i] != NULL; i++) {
    if (g_str_has_prefix (languages[i], "en"))
      break;
    if (g_str_has_prefix (languages[i], "es") && procedure->title_es != NULL)
      return procedure->title_es;
  }
  return procedure->title;
}

/* ---- steps ---- */

static TamboStep step_of_rule (const char *rule) {
  if (g_str_has_prefix (rule, "applicant.") || g_str_equal (rule, "guardian"))
    return TAMBO_STEP_IDENTITY;
  if (g_str_equal (rule, "portrait"))
    return TAMBO_STEP_PORTRAIT;
  if (g_str_has_prefix (rule, "finger-"))
    return TAMBO_STEP_FINGERPRINTS;
  if (g_str_equal (rule, "signature"))
    return TAMBO_STEP_SIGNATURE;
  return TAMBO_STEP_DOCUMENTS;
}

static TamboStepState worse (TamboStepState state, TamboCheckVerdict verdict) {
  if (verdict == TAMBO_CHECK_FAILED || state == TAMBO_STEP_STATE_ATTENTION)
    return TAMBO_STEP_STATE_ATTENTION;
  if (verdict == TAMBO_CHECK_MISSING || state == TAMBO_STEP_STATE_TODO)
    return TAMBO_STEP_STATE_TODO;
  if (verdict == TAMBO_CHECK_APPROVE || state == TAMBO_STEP_STATE_SECOND)
    return TAMBO_STEP_STATE_SECOND;
  return TAMBO_STEP_STATE_DONE;
}

TamboStepState tambo_session_get_step_state (TamboSession *self, TamboStep step) {
  TamboStepState state = TAMBO_STEP_STATE_NOT_NEEDED;

  if (step >= TAMBO_STEP_REVIEW)
    return tambo_session_is_sealed (self) ? TAMBO_STEP_STATE_DONE : TAMBO_STEP_STATE_TODO;
  for (guint i = 0; self->checks != NULL && i < self->checks->len; i++) {
    const TamboCheck *check = g_ptr_array_index (self->checks, i);
    if (step_of_rule (check->rule) == step)
      state = worse (state, check->verdict);
  }
  return state;
}

TamboStep tambo_session_get_next_step (TamboSession *self) {
  for (int step = TAMBO_STEP_IDENTITY; step < TAMBO_STEP_REVIEW; step++) {
    TamboStepState state = tambo_session_get_step_state (self, (TamboStep) step);
    if (state == TAMBO_STEP_STATE_TODO || state == TAMBO_STEP_STATE_ATTENTION)
      return (TamboStep) step;
  }
  return TAMBO_STEP_REVIEW;
}

/* ---- the case ---- */

typedef struct {
  TamboSession *session;
  TamboSessionFunc run;
  gpointer data;
  GDestroyNotify free_data;
  TamboWorkDone done;
  GObject *owner;
  char *word; /* of begin and resume: which procedure, which case */
  guint generation;
  /* what the main thread is to see */
  TamboEnrolment *copy;
  TamboProcedure *procedure;
  GPtrArray *checks;
} Job;

static void job_free (Job *job) {
  if (job->free_data != NULL)
    job->free_data (job->data);
  g_clear_pointer (&job->copy, tambo_enrolment_free);
  g_clear_pointer (&job->procedure, tambo_procedure_free);
  g_clear_pointer (&job->checks, g_ptr_array_unref);
  g_clear_object (&job->owner);
  g_free (job->word);
  g_free (job);
}

/* Also after a failure: what was done before it has to be shown. */
static gboolean look_at_case (Job *job, GError **error) {
  TamboSession *session = job->session;

  if (session->enrolment == NULL)
    return TRUE;
  job->copy = tambo_enrolment_copy (session->enrolment);
  job->procedure = tambo_procedures_load (session->station, session->enrolment->procedure_id,
                                          session->enrolment->procedure_version, error);
  if (job->procedure == NULL)
    return FALSE;
  job->checks = tambo_enrol_check (session->station, session->enrolment, error);
  return job->checks != NULL;
}

static gboolean run_reading_job (gpointer data, GCancellable *cancellable, GError **error) {
  Job *job = data;
  TamboSession *session = job->session;

  /* The case may have been closed since. */
  if (session->enrolment == NULL) {
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "the case was closed");
    return FALSE;
  }
  return job->run (session->station, session->enrolment, job->data, cancellable, error);
}

static gboolean run_job (gpointer data, GCancellable *cancellable, GError **error) {
  gboolean good = run_reading_job (data, cancellable, error);

  return look_at_case (data, good ? error : NULL) && good;
}

static void end_job (gpointer owner, gpointer data, const GError *error) {
  TamboSession *self = owner;
  Job *job = data;

  gboolean is_late = job->generation != self->generation;
  if (job->copy != NULL && !is_late) {
    g_clear_pointer (&self->shown, tambo_enrolment_free);
    self->shown = g_steal_pointer (&job->copy);
  }
  if (job->checks != NULL && !is_late) {
    g_clear_pointer (&self->procedure, tambo_procedure_free);
    self->procedure = g_steal_pointer (&job->procedure);
    g_clear_pointer (&self->checks, g_ptr_array_unref);
    self->checks = g_steal_pointer (&job->checks);
    g_signal_emit (self, signals[CASE_CHANGED], 0);
  }
  gboolean has_left =
      GTK_IS_WIDGET (job->owner) && gtk_widget_get_root (GTK_WIDGET (job->owner)) == NULL;
  if (job->done != NULL && !has_left)
    job->done (job->owner, job->data, error);
}

static void push_job (TamboSession *self, TamboWorkFunc run, Job *job, GCancellable *cancellable) {
  job->session = self; /* kept alive as the owner of the work */
  job->generation = self->generation;
  tambo_work_push (self->case_queue, run, job, (GDestroyNotify) job_free, cancellable, end_job,
                   self);
}

static Job *job_new (TamboSessionFunc run, gpointer data, GDestroyNotify free_data,
                     TamboWorkDone done, gpointer owner) {
  Job *job = g_new0 (Job, 1);

  job->run = run;
  job->data = data;
  job->free_data = free_data;
  job->done = done;
  job->owner = owner != NULL ? g_object_ref (owner) : NULL;
  return job;
}

void tambo_session_push (TamboSession *self, TamboSessionFunc run, gpointer data,
                         GDestroyNotify free_data, GCancellable *cancellable, TamboWorkDone done,
                         gpointer owner) {
  /* What is captured is saved with it: the applicant moves where the clerk only looks. */
  tambo_station_note_presence (self->station);
  push_job (self, run_job, job_new (run, data, free_data, done, owner), cancellable);
}

void tambo_session_read (TamboSession *self, TamboSessionFunc run, gpointer data,
                         GDestroyNotify free_data, GCancellable *cancellable, TamboWorkDone done,
                         gpointer owner) {
  push_job (self, run_reading_job, job_new (run, data, free_data, done, owner), cancellable);
}

/* ENROLMENT is the case that is open from now on; NULL when it could not be opened. */
static gboolean take_case (Job *job, TamboEnrolment *enrolment, GError **error) {
  if (enrolment == NULL)
    return FALSE;
  g_clear_pointer (&job->session->enrolment, tambo_enrolment_free);
  job->session->enrolment = enrolment;
  return look_at_case (job, error);
}

static gboolean run_begin (gpointer data, GCancellable *cancellable, GError **error) {
  Job *job = data;

  return take_case (
      job, tambo_enrol_begin (job->session->station, job->word, NULL, NULL, NULL, error), error);
}

static gboolean run_recapture (gpointer data, GCancellable *cancellable, GError **error) {
  Job *job = data;

  return take_case (job, tambo_recapture_begin (job->session->station, job->word, error), error);
}

static gboolean run_resume (gpointer data, GCancellable *cancellable, GError **error) {
  Job *job = data;

  return take_case (job, tambo_enrol_resume (job->session->station, job->word, error), error);
}

static void open_case (TamboSession *self, TamboWorkFunc run, const char *word, TamboWorkDone done,
                       gpointer owner) {
  Job *job = g_new0 (Job, 1);

  job->word = g_strdup (word);
  job->done = done;
  job->owner = owner != NULL ? g_object_ref (owner) : NULL;
  push_job (self, run, job, NULL);
}

void tambo_session_begin (TamboSession *self, const char *procedure_id, TamboWorkDone done,
                          gpointer owner) {
  open_case (self, run_begin, procedure_id, done, owner);
}

void tambo_session_recapture (TamboSession *self, const char *case_id, TamboWorkDone done,
                              gpointer owner) {
  open_case (self, run_recapture, case_id, done, owner);
}

void tambo_session_resume (TamboSession *self, const char *case_id, TamboWorkDone done,
                           gpointer owner) {
  open_case (self, run_resume, case_id, done, owner);
}

static gboolean run_close (gpointer data, GCancellable *cancellable, GError **error) {
  Job *job = data;

  g_clear_pointer (&job->session->enrolment, tambo_enrolment_free);
  return TRUE;
}

void tambo_session_close (TamboSession *self) {
  push_job (self, run_close, g_new0 (Job, 1), NULL);
  tambo_applicant_screen_wait (self->screen);
  self->generation++;
  g_clear_pointer (&self->shown, tambo_enrolment_free);
  g_clear_pointer (&self->procedure, tambo_procedure_free);
  g_clear_pointer (&self->checks, g_ptr_array_unref);
  g_signal_emit (self, signals[CASE_CHANGED], 0);
}

static gboolean run_sign_out (gpointer data, GCancellable *cancellable, GError **error) {
  const Job *job = data;

  /* A finger may bring back who sat here. */
  tambo_finger_unlock_lock (job->session->station);
  return TRUE;
}

const char *tambo_session_get_last_address (TamboSession *self) {
  return self->last_address;
}

void tambo_session_note_address (TamboSession *self, const char *address) {
  tambo_secret_string_free (self->last_address);
  self->last_address = g_strdup (address);
}

void tambo_session_sign_out (TamboSession *self, TamboWorkDone done, gpointer owner) {
  g_clear_pointer (&self->last_address, tambo_secret_string_free);
  open_case (self, run_sign_out, NULL, done, owner);
}

void tambo_session_fail (TamboSession *self, const GError *error) {
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_signal_emit (self, signals[FAILED], 0, error);
}

/* ---- devices ---- */

typedef struct {
  TamboSession *session;
  TamboWorkDone done;
  GObject *owner;
} Scan;

static void on_scanned_cb (GObject *source, GAsyncResult *result, gpointer data) {
  Scan *scan = data;
  g_autoptr (GError) error = NULL;

  if (!tambo_device_manager_scan_finish (TAMBO_DEVICE_MANAGER (source), result, &error))
    tambo_session_fail (scan->session, error);
  if (scan->done != NULL && gtk_widget_get_root (GTK_WIDGET (scan->owner)) != NULL)
    scan->done (scan->owner, NULL, error);
  g_object_unref (scan->session);
  g_clear_object (&scan->owner);
  g_free (scan);
}

void tambo_session_scan (TamboSession *self, TamboWorkDone done, gpointer owner) {
  Scan *scan = g_new0 (Scan, 1);

  scan->session = g_object_ref (self);
  scan->done = done;
  scan->owner = owner != NULL ? g_object_ref (owner) : NULL;
  tambo_device_manager_scan_async (self->devices, NULL, on_scanned_cb, scan);
}
