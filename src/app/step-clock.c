/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/step-clock.h"

#include "station/step-durations.h"

/* The names of the station's durations are of these steps, in this order; the receipt is none. */
#define N_TIMED TAMBO_STEP_RECEIPT

typedef struct {
  TamboStation *station;
  char *case_id;
  TamboStepSpan spans[N_TIMED];
} Note;

static void note_free (Note *note) {
  g_object_unref (note->station);
  g_free (note->case_id);
  g_free (note);
}

static gboolean run_note (gpointer data, GCancellable *cancellable, GError **error) {
  const Note *note = data;

  return tambo_step_durations_note (note->station, note->case_id, note->spans, N_TIMED, error);
}

/* A duration that could not be noted is no failure of the clerk's. */
static void on_noted (gpointer owner, gpointer data, const GError *error) {
  if (error != NULL)
    g_message ("durations not noted: %s", error->message);
}

void tambo_step_clock_pause (TamboStepClock *self) {
  if (self->since != 0)
    self->spent[self->step] += g_get_monotonic_time () - self->since;
  self->since = 0;
}

void tambo_step_clock_enter (TamboStepClock *self, TamboSession *session, TamboStep step) {
  const TamboEnrolment *shown = tambo_session_get_shown (session);

  tambo_step_clock_pause (self);
  if (shown == NULL)
    return;
  if (g_strcmp0 (shown->id, self->case_id) != 0) {
    tambo_step_clock_hand_in (self, session);
    self->case_id = g_strdup (shown->id);
  }
  self->step = step;
  self->since = g_get_monotonic_time ();
}

void tambo_step_clock_hand_in (TamboStepClock *self, TamboSession *session) {
  tambo_step_clock_pause (self);
  if (self->case_id == NULL)
    return;

  Note *note = g_new0 (Note, 1);
  note->station = g_object_ref (tambo_session_get_station (session));
  note->case_id = g_steal_pointer (&self->case_id);
  for (int i = 0; i < N_TIMED; i++)
    note->spans[i] =
        (TamboStepSpan){ .step = tambo_step_durations_names ()[i], .ms = self->spent[i] / 1000 };
  tambo_step_clock_clear (self);
  tambo_work_push (tambo_session_get_desk_queue (session), run_note, note,
                   (GDestroyNotify) note_free, NULL, on_noted, session);
}

void tambo_step_clock_clear (TamboStepClock *self) {
  g_free (self->case_id);
  *self = (TamboStepClock){ 0 };
}
