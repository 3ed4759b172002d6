/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the pages share: the station, its devices, and the case that is open. The case belongs to one
 * queue's thread, which alone calls station/ with it; the main thread looks at copies.
 *
 * Signals: "case-changed" after the copy has changed, "failed" (const GError *) when something has to
 * be shown to the clerk.
 */
#pragma once

#include "app/applicant-screen.h"
#include "app/preferences.h"
#include "app/work.h"
#include "station/capture-desk.h"

typedef enum {
  TAMBO_STEP_IDENTITY,
  TAMBO_STEP_PORTRAIT,
  TAMBO_STEP_FINGERPRINTS,
  TAMBO_STEP_SIGNATURE,
  TAMBO_STEP_DOCUMENTS,
  TAMBO_STEP_REVIEW,
  TAMBO_STEP_RECEIPT,
  TAMBO_N_STEPS,
} TamboStep;

typedef enum {
  TAMBO_STEP_STATE_TODO,
  TAMBO_STEP_STATE_DONE,
  TAMBO_STEP_STATE_ATTENTION,  /* something is wrong */
  TAMBO_STEP_STATE_SECOND,     /* a second person has to approve */
  TAMBO_STEP_STATE_NOT_NEEDED, /* by the procedure */
} TamboStepState;

#define TAMBO_TYPE_SESSION (tambo_session_get_type ())
G_DECLARE_FINAL_TYPE (TamboSession, tambo_session, TAMBO, SESSION, GObject)

TamboSession *tambo_session_new (TamboStation *station);

TamboStation *tambo_session_get_station (TamboSession *self);
/* Of this station; changed in place by the page that shows them. */
TamboPreferences *tambo_session_get_preferences (TamboSession *self);
/* Takes them, and they hold from now on. */
void tambo_session_take_preferences (TamboSession *self, TamboPreferences *preferences);
TamboDeviceManager *tambo_session_get_devices (TamboSession *self);
/* What the applicant sees. */
TamboApplicantScreen *tambo_session_get_screen (TamboSession *self);
/* For what has nothing to do with the open case. */
TamboWorkQueue *tambo_session_get_desk_queue (TamboSession *self);
TamboWorkQueue *tambo_session_get_network_queue (TamboSession *self);
/* When what runs on the queues is done. */
void tambo_session_give_back_memory (TamboSession *self);

/* Of the open case, for showing; NULL when none is. CHECKS elements are TamboCheck. */
const TamboEnrolment *tambo_session_get_shown (TamboSession *self);
const TamboProcedure *tambo_session_get_procedure (TamboSession *self);
GPtrArray *tambo_session_get_checks (TamboSession *self);
TamboStepState tambo_session_get_step_state (TamboSession *self, TamboStep step);
/* The first step of the open case that is not done. */
TamboStep tambo_session_get_next_step (TamboSession *self);
gboolean tambo_session_is_sealed (TamboSession *self);
/* What the next applicant may live at, too; NULL when there is none. It is forgotten with who signs out. */
const char *tambo_session_get_last_address (TamboSession *self);
void tambo_session_note_address (TamboSession *self, const char *address);
/* The procedure's title in the clerk's language. */
const char *tambo_session_procedure_title (const TamboProcedure *procedure);

/* On the case's thread, where alone ENROLMENT may be touched. */
typedef gboolean (*TamboSessionFunc) (TamboStation *station, TamboEnrolment *enrolment,
                                      gpointer data, GCancellable *cancellable, GError **error);
void tambo_session_push (TamboSession *self, TamboSessionFunc run, gpointer data,
                         GDestroyNotify free_data, GCancellable *cancellable, TamboWorkDone done,
                         gpointer owner);

/* The same for what changes nothing: no "case-changed" comes of it. */
void tambo_session_read (TamboSession *self, TamboSessionFunc run, gpointer data,
                         GDestroyNotify free_data, GCancellable *cancellable, TamboWorkDone done,
                         gpointer owner);

void tambo_session_begin (TamboSession *self, const char *procedure_id, TamboWorkDone done,
                          gpointer owner);
/* In place of one that headquarters refused (station/recapture.h). */
void tambo_session_recapture (TamboSession *self, const char *case_id, TamboWorkDone done,
                              gpointer owner);
void tambo_session_resume (TamboSession *self, const char *case_id, TamboWorkDone done,
                           gpointer owner);
/* Puts the case aside; it stays a draft. */
void tambo_session_close (TamboSession *self);

/* After everything that was pushed before is saved; the data key is wiped. */
void tambo_session_sign_out (TamboSession *self, TamboWorkDone done, gpointer owner);

/* The end: returns after everything that was pushed for the case is saved. Nothing can be pushed after
 * it. */
void tambo_session_shut (TamboSession *self);

/* Shows ERROR to the clerk, unless it is a cancellation. */
void tambo_session_fail (TamboSession *self, const GError *error);
/* Looks for the devices again. */
void tambo_session_scan (TamboSession *self, TamboWorkDone done, gpointer owner);
