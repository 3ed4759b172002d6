/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/last-place.h"

#include <glib/gstdio.h>

#define FILE_NAME "window.place"
#define GROUP "place"

void tambo_last_place_free (TamboLastPlace *place) {
  if (place == NULL)
    return;
  g_free (place->case_id);
  g_free (place->operator_id);
  g_free (place->field);
  g_free (place);
}

typedef struct {
  TamboStation *station;
  TamboLastPlace *place;
  TamboLastPlaceLoaded loaded;
} Job;

static void job_free (Job *job) {
  g_object_unref (job->station);
  tambo_last_place_free (job->place);
  g_free (job);
}

static Job *job_new (TamboSession *session, TamboLastPlace *place) {
  Job *job = g_new0 (Job, 1);

  job->station = g_object_ref (tambo_session_get_station (session));
  job->place = place;
  return job;
}

static char *file_of (const Job *job) {
  return g_build_filename (tambo_station_get_folder (job->station), FILE_NAME, NULL);
}

static gboolean run_note (gpointer data, GCancellable *cancellable, GError **error) {
  const Job *job = data;
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *path = file_of (job);
  gsize length;

  g_key_file_set_string (file, GROUP, "case", job->place->case_id);
  g_key_file_set_string (file, GROUP, "operator", job->place->operator_id);
  g_key_file_set_integer (file, GROUP, "step", (int) job->place->step);
  if (job->place->field != NULL)
    g_key_file_set_string (file, GROUP, "field", job->place->field);
  g_autofree char *text = g_key_file_to_data (file, &length, NULL);
  return g_file_set_contents_full (path, text, (gssize) length,
                                   G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE,
                                   0600, error);
}

void tambo_last_place_note (TamboSession *session, TamboStep step, const char *field) {
  const TamboEnrolment *shown = tambo_session_get_shown (session);
  char *operator_id = tambo_station_dup_operator (tambo_session_get_station (session));
  TamboLastPlace *place;

  if (shown == NULL || operator_id == NULL) {
    g_free (operator_id);
    return;
  }
  place = g_new0 (TamboLastPlace, 1);
  place->case_id = g_strdup (shown->id);
  place->operator_id = operator_id;
  place->step = step;
  place->field = g_strdup (field);
  tambo_work_push (tambo_session_get_desk_queue (session), run_note, job_new (session, place),
                   (GDestroyNotify) job_free, NULL, NULL, session);
}

static gboolean run_forget (gpointer data, GCancellable *cancellable, GError **error) {
  g_autofree char *path = file_of (data);

  g_unlink (path);
  return TRUE;
}

void tambo_last_place_forget (TamboSession *session) {
  tambo_work_push (tambo_session_get_desk_queue (session), run_forget, job_new (session, NULL),
                   (GDestroyNotify) job_free, NULL, NULL, session);
}

/* A file that somebody has spoilt leads nowhere. */
static TamboLastPlace *parse (GKeyFile *file) {
  g_autoptr (TamboLastPlace) place = g_new0 (TamboLastPlace, 1);
  int step = g_key_file_get_integer (file, GROUP, "step", NULL);

  place->case_id = g_key_file_get_string (file, GROUP, "case", NULL);
  place->operator_id = g_key_file_get_string (file, GROUP, "operator", NULL);
  place->field = g_key_file_get_string (file, GROUP, "field", NULL);
  place->step = (TamboStep) CLAMP (step, TAMBO_STEP_IDENTITY, TAMBO_STEP_REVIEW);
  return place->case_id != NULL && place->operator_id != NULL ? g_steal_pointer (&place) : NULL;
}

static gboolean run_load (gpointer data, GCancellable *cancellable, GError **error) {
  Job *job = data;
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autofree char *path = file_of (job);
  g_autofree char *operator_id = tambo_station_dup_operator (job->station);

  if (!g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, NULL))
    return TRUE;
  job->place = parse (file);
  if (job->place != NULL && g_strcmp0 (job->place->operator_id, operator_id) != 0)
    g_clear_pointer (&job->place, tambo_last_place_free);
  return TRUE;
}

static void on_loaded (gpointer owner, gpointer data, const GError *error) {
  const Job *job = data;

  job->loaded (owner, job->place);
}

void tambo_last_place_load (TamboSession *session, TamboLastPlaceLoaded loaded, gpointer owner) {
  Job *job = job_new (session, NULL);

  job->loaded = loaded;
  tambo_work_push (tambo_session_get_desk_queue (session), run_load, job, (GDestroyNotify) job_free,
                   NULL, on_loaded, owner);
}
