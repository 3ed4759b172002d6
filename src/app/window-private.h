/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to the window's files: window.c goes from page to page, window-case.c opens, leaves and discards cases,
 * window-connection.c tells of headquarters and of what mends the line.
 */
#pragma once

#include "app/applicant-window.h"
#include "app/desk-page.h"
#include "app/enrolment-page.h"
#include "app/go-to.h"
#include "app/home-page.h"
#include "app/last-place.h"
#include "app/notices.h"
#include "app/problem-strip.h"
#include "app/procedures-page.h"
#include "app/sign-in-page.h"
#include "app/status-bar.h"
#include "app/store-watch.h"
#include "app/sync-process.h"
#include "app/undo.h"
#include "app/window.h"

struct _TamboWindow {
  AdwApplicationWindow parent;
  AdwWindowTitle *title;
  GtkWidget *home_button;
  GtkWidget *go_to_button;
  TamboStatusBar *status_bar;
  GtkWidget *practice_strip, *practice_button;
  TamboProblemStrip *problem_strip;
  AdwToastOverlay *toasts;
  GtkStack *stack;
  TamboSignInPage *sign_in_page;
  TamboHomePage *home_page;
  TamboProceduresPage *procedures_page;
  TamboEnrolmentPage *enrolment_page;
  TamboGoTo *go_to;
  TamboUndo *undo;
  int told_cause;         /* code of what the strip said of the connection by itself; -1 */
  gboolean has_told_room; /* that there is little */
  gboolean has_aside;     /* something was taken out of the open case in this step */
  char *discarded;        /* the case that the undo is offered for; NULL: it is a capture */

  TamboApplicantWindow *applicant; /* owned; NULL until it is wanted */
  TamboSession *session;
  TamboSyncProcess *sync;
  TamboNotices *notices;
  TamboStoreWatch *store_watch;
  GCancellable *exchanging;
  guint idle_tick;
  char *operator_id;    /* who sits here, or sat last */
  char *mrz;            /* that was swiped for a case to come; NULL */
  gboolean is_called;   /* a supervisor, who signs in for the approvals */
  char *left_place;     /* before the lock; NULL */
  TamboStep recaptured; /* where the case begins that takes the place of a refused one */
  TamboLastPlace *left; /* of the case that is being opened again; NULL */
};

/* ---- window.c ---- */

gboolean tambo_window_is_signed_in (TamboWindow *self);
gboolean tambo_window_is_enrolling (TamboWindow *self);
/* NULL where another page is shown. */
TamboDeskPage *tambo_window_get_desk_page (TamboWindow *self);

void tambo_window_show_page (TamboWindow *self, const char *name);
void tambo_window_leave_page (TamboWindow *self);
void tambo_window_go_home (TamboWindow *self);
/* ID of what to stand on there, or NULL. */
void tambo_window_go_to_place (TamboWindow *self, const char *name, const char *id);

/* ---- window-case.c ---- */

void tambo_window_install_case_actions (GtkWidgetClass *widget_class);
void tambo_window_begin_case (TamboWindow *self, const char *procedure_id);
void tambo_window_open_case (TamboWindow *self, const char *case_id);
/* Whoever left a case by a lock, a crash or a power cut is in it again, at the same step and field. */
void tambo_window_open_left_case (TamboWindow *self);
/* The step is left: what was taken out of it goes for good. */
void tambo_window_end_undo (TamboWindow *self);

/* ---- window-connection.c ---- */

void tambo_window_install_connection_actions (GtkWidgetClass *widget_class);
void tambo_window_show_connection (TamboWindow *self);
/* What somebody here can mend is told once by itself, and goes with its cause. */
void tambo_window_show_cause (TamboWindow *self);
/* Before an applicant has to be sent away. */
void tambo_window_tell_room (TamboWindow *self, guint cases_left);
/* Whoever signs in next is told anew. */
void tambo_window_forget_problems (TamboWindow *self);
