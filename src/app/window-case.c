/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/window-private.h"
#include "base/bytes.h"
#include "station/case-desk.h"
#include "station/take-back.h"

/* ---- what was taken out of it ---- */

static gboolean run_forget (TamboStation *station, TamboEnrolment *enrolment, gpointer data,
                            GCancellable *cancellable, GError **error) {
  return tambo_take_back_forget (station, enrolment, error);
}

void tambo_window_end_undo (TamboWindow *self) {
  tambo_undo_end (self->undo);
  if (self->has_aside)
    tambo_session_read (self->session, run_forget, NULL, NULL, NULL, NULL, NULL);
  self->has_aside = FALSE;
}

static gboolean run_take_back (TamboStation *station, TamboEnrolment *enrolment, gpointer data,
                               GCancellable *cancellable, GError **error) {
  return tambo_take_back (station, enrolment, error);
}

static void on_taken_back (gpointer owner, gpointer data, const GError *error) {
  TamboWindow *self = owner;

  tambo_session_fail (self->session, error);
  if (tambo_window_is_enrolling (self))
    tambo_enrolment_page_resume (self->enrolment_page);
}

/* A capture that runs has the case's thread for itself. */
static void take_back (gpointer owner) {
  TamboWindow *self = owner;

  tambo_enrolment_page_suspend (self->enrolment_page);
  tambo_session_push (self->session, run_take_back, NULL, NULL, NULL, on_taken_back, self);
}

static void on_offer_undo (GtkWidget *widget, const char *name, GVariant *parameter) {
  TamboWindow *self = TAMBO_WINDOW (widget);

  self->has_aside = TRUE;
  tambo_undo_offer (self->undo, g_variant_get_string (parameter, NULL), take_back, NULL);
}

static void on_end_undo (GtkWidget *widget, const char *name, GVariant *parameter) {
  tambo_window_end_undo (TAMBO_WINDOW (widget));
}

/* ---- into a case ---- */

static void on_case_opened (gpointer owner, gpointer data, const GError *error) {
  TamboWindow *self = owner;

  if (error != NULL) {
    tambo_window_show_problem (self, error);
    return;
  }
  tambo_window_show_page (self, "enrolment");
  tambo_enrolment_page_enter (self->enrolment_page);
  if (self->mrz != NULL)
    tambo_enrolment_page_swipe (self->enrolment_page, self->mrz);
  g_clear_pointer (&self->mrz, tambo_secret_string_free);
}

void tambo_window_open_case (TamboWindow *self, const char *case_id) {
  if (g_strcmp0 (case_id, self->discarded) == 0) {
    g_clear_pointer (&self->discarded, g_free);
    tambo_undo_drop (self->undo);
  }
  tambo_undo_end (self->undo);
  tambo_session_resume (self->session, case_id, on_case_opened, self);
}

static void on_recaptured (gpointer owner, gpointer data, const GError *error) {
  TamboWindow *self = owner;

  if (error != NULL) {
    tambo_window_show_problem (self, error);
    return;
  }
  tambo_window_leave_page (self);
  tambo_window_show_page (self, "enrolment");
  tambo_enrolment_page_enter_at (self->enrolment_page, self->recaptured, NULL);
}

static void on_recapture (GtkWidget *widget, const char *name, GVariant *parameter) {
  TamboWindow *self = TAMBO_WINDOW (widget);
  const char *case_id;
  int step;

  if (!tambo_window_is_signed_in (self) || tambo_window_is_enrolling (self))
    return;
  g_variant_get (parameter, "(&si)", &case_id, &step);
  self->recaptured = (TamboStep) step;
  tambo_session_recapture (self->session, case_id, on_recaptured, self);
}

void tambo_window_begin_case (TamboWindow *self, const char *procedure_id) {
  tambo_session_begin (self->session, procedure_id, on_case_opened, self);
}

/* ---- out of it: discarded and parked ---- */

typedef struct {
  TamboStation *station;
  char *id;
} Discard;

static void discard_free (Discard *discard) {
  g_object_unref (discard->station);
  g_free (discard->id);
  g_free (discard);
}

static gboolean run_discard (gpointer data, GCancellable *cancellable, GError **error) {
  const Discard *discard = data;

  return tambo_case_desk_discard (discard->station, discard->id, error);
}

static void on_discarded (gpointer owner, gpointer data, const GError *error) {
  tambo_session_fail (TAMBO_WINDOW (owner)->session, error);
}

/* Until here it was a draft like any other: after a power cut it is still there. */
static void discard (gpointer owner) {
  TamboWindow *self = owner;
  Discard *work = g_new0 (Discard, 1);

  work->station = g_object_ref (tambo_session_get_station (self->session));
  work->id = g_steal_pointer (&self->discarded);
  tambo_work_push (tambo_session_get_desk_queue (self->session), run_discard, work,
                   (GDestroyNotify) discard_free, NULL, on_discarded, self);
}

static void open_again (gpointer owner) {
  TamboWindow *self = owner;
  g_autofree char *id = g_steal_pointer (&self->discarded);

  tambo_session_resume (self->session, id, on_case_opened, self);
}

static void forget_parked (gpointer owner) {
  g_clear_pointer (&TAMBO_WINDOW (owner)->discarded, g_free);
}

/* NULL where none is open that may be left so. */
static const TamboEnrolment *get_draft (TamboWindow *self) {
  return self->session != NULL && tambo_window_is_enrolling (self)
                 && !tambo_session_is_sealed (self->session)
             ? tambo_session_get_shown (self->session)
             : NULL;
}

/* Takes TEXT. For a moment it can be come back to; then GONE is called. */
static void leave_draft (TamboWindow *self, const TamboEnrolment *draft, char *text,
                         TamboUndoFunc gone) {
  g_autofree char *said = text;
  g_autofree char *id = g_strdup (draft->id);

  tambo_window_go_home (self);
  self->discarded = g_steal_pointer (&id);
  tambo_undo_offer (self->undo, said, open_again, gone);
}

static void on_discard (GtkWidget *widget, const char *name, GVariant *parameter) {
  const TamboEnrolment *draft = get_draft (TAMBO_WINDOW (widget));

  if (draft != NULL)
    leave_draft (TAMBO_WINDOW (widget), draft,
                 g_strdup_printf (_ ("The case %s is discarded."), draft->tracking_number),
                 discard);
}

/* Leaving does the same; this says so, and brings it back for a moment. */
static void on_park (GtkWidget *widget, const char *name, GVariant *parameter) {
  const TamboEnrolment *draft = get_draft (TAMBO_WINDOW (widget));

  if (draft != NULL)
    leave_draft (TAMBO_WINDOW (widget), draft,
                 g_strdup_printf (_ ("The case %s is parked."), draft->tracking_number),
                 forget_parked);
}

/* ---- the case that was left ---- */

static void on_left_case_opened (gpointer owner, gpointer data, const GError *error) {
  TamboWindow *self = owner;
  g_autoptr (TamboLastPlace) place = g_steal_pointer (&self->left);

  /* It was discarded or decided meanwhile: the day is shown already. */
  if (error != NULL || place == NULL)
    return;
  tambo_window_show_page (self, "enrolment");
  tambo_enrolment_page_enter_at (self->enrolment_page, place->step, place->field);
}

static void on_last_place_loaded (gpointer owner, const TamboLastPlace *place) {
  TamboWindow *self = owner;

  if (place == NULL || !tambo_window_is_signed_in (self) || tambo_window_is_enrolling (self))
    return;
  tambo_last_place_free (self->left);
  self->left = g_new0 (TamboLastPlace, 1);
  self->left->step = place->step;
  self->left->field = g_strdup (place->field);
  tambo_session_resume (self->session, place->case_id, on_left_case_opened, self);
}

void tambo_window_open_left_case (TamboWindow *self) {
  tambo_last_place_load (self->session, on_last_place_loaded, self);
}

/* ---- the keys ---- */

void tambo_window_install_case_actions (GtkWidgetClass *widget_class) {
  gtk_widget_class_install_action (widget_class, "win.park", NULL, on_park);
  gtk_widget_class_install_action (widget_class, "win.discard", NULL, on_discard);
  gtk_widget_class_install_action (widget_class, "win.offer-undo", "s", on_offer_undo);
  gtk_widget_class_install_action (widget_class, "win.end-undo", NULL, on_end_undo);
  gtk_widget_class_install_action (widget_class, "win.recapture", "(si)", on_recapture);
}
