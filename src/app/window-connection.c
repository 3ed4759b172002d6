/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/outbox-page.h"
#include "app/window-private.h"
#include "station/headquarters.h"

/* So few applicants fit that it is told. */
#define FEW_CASES 10

void tambo_window_show_connection (TamboWindow *self) {
  if (!tambo_station_is_registered (tambo_session_get_station (self->session)))
    tambo_status_bar_set_not_registered (self->status_bar);
  else
    tambo_status_bar_set_connection (self->status_bar,
                                     tambo_sync_process_get_connection (self->sync),
                                     tambo_sync_process_get_since (self->sync));
  tambo_home_page_set_connection (self->home_page,
                                  tambo_status_bar_get_connection (self->status_bar));
}

void tambo_window_show_cause (TamboWindow *self) {
  const GError *cause = tambo_sync_process_get_cause (self->sync);
  gboolean has_remedy = tambo_remedy_find (cause) != NULL;

  if (has_remedy && self->told_cause != cause->code)
    tambo_problem_strip_show (self->problem_strip, TAMBO_PROBLEM_CONNECTION, cause);
  else if (!has_remedy)
    tambo_problem_strip_hide (self->problem_strip, TAMBO_PROBLEM_CONNECTION);
  self->told_cause = has_remedy ? cause->code : -1;
}

void tambo_window_tell_room (TamboWindow *self, guint cases_left) {
  gboolean is_little = cases_left < FEW_CASES && tambo_window_is_signed_in (self);

  if (is_little && !self->has_told_room) {
    g_autofree char *sentence = g_strdup_printf (
        ngettext ("There is room for %u more case. Connect, or copy the queue to a stick.",
                  "There is room for %u more cases. Connect, or copy the queue to a stick.",
                  cases_left),
        cases_left);
    tambo_problem_strip_say (self->problem_strip, TAMBO_PROBLEM_ROOM, sentence, NULL,
                             tambo_remedy_copy_queue ());
  } else if (!is_little) {
    tambo_problem_strip_hide (self->problem_strip, TAMBO_PROBLEM_ROOM);
  }
  self->has_told_room = is_little;
}

void tambo_window_forget_problems (TamboWindow *self) {
  tambo_problem_strip_clear (self->problem_strip);
  self->told_cause = -1;
  self->has_told_room = FALSE;
}

/* ---- an exchange at once ---- */

typedef struct {
  TamboStation *station;
  TamboExchangeResult result;
} Exchange;

static void exchange_free (Exchange *exchange) {
  g_object_unref (exchange->station);
  g_free (exchange);
}

static gboolean run_exchange (gpointer data, GCancellable *cancellable, GError **error) {
  Exchange *exchange = data;

  return tambo_headquarters_exchange (exchange->station, 0, NULL, NULL, cancellable,
                                      &exchange->result, error);
}

static void on_exchanged (gpointer owner, gpointer data, const GError *error) {
  TamboWindow *self = owner;

  g_clear_object (&self->exchanging);
  tambo_sync_process_set_connection (
      self->sync, error == NULL ? TAMBO_CONNECTION_GOOD : TAMBO_CONNECTION_LOST, error);
  /* What it brought is no news to the process that exchanges otherwise. */
  tambo_notices_look (self->notices);
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    tambo_window_show_problem (self, error);
}

static void on_exchange (GtkWidget *widget, const char *name, GVariant *parameter) {
  TamboWindow *self = TAMBO_WINDOW (widget);

  if (tambo_window_is_signed_in (self) && tambo_window_get_desk_page (self) != NULL)
    tambo_desk_page_again (tambo_window_get_desk_page (self));
  if (!tambo_window_is_signed_in (self) || self->exchanging != NULL)
    return;
  Exchange *exchange = g_new0 (Exchange, 1);
  exchange->station = g_object_ref (tambo_session_get_station (self->session));
  self->exchanging = g_cancellable_new ();
  tambo_status_bar_set_sending (self->status_bar);
  tambo_work_push (tambo_session_get_network_queue (self->session), run_exchange, exchange,
                   (GDestroyNotify) exchange_free, self->exchanging, on_exchanged, self);
  if (tambo_window_is_enrolling (self))
    tambo_enrolment_page_again (self->enrolment_page);
}

/* ---- remedies ---- */

static void on_remedy_failed (GtkWindow *window, const char *sentence, const char *detail) {
  tambo_problem_strip_say (TAMBO_WINDOW (window)->problem_strip, TAMBO_PROBLEM_ACT, sentence,
                           detail, NULL);
}

static void on_open_portal (GtkWidget *widget, const char *name, GVariant *parameter) {
  TamboWindow *self = TAMBO_WINDOW (widget);

  if (tambo_window_is_signed_in (self))
    tambo_remedy_open_portal (GTK_WINDOW (self),
                              tambo_station_get_url (tambo_session_get_station (self->session)),
                              on_remedy_failed);
}

static void on_set_clock (GtkWidget *widget, const char *name, GVariant *parameter) {
  if (tambo_window_is_signed_in (TAMBO_WINDOW (widget)))
    tambo_remedy_set_clock (GTK_WINDOW (widget), on_remedy_failed);
}

static void on_copy_queue (GtkWidget *widget, const char *name, GVariant *parameter) {
  TamboWindow *self = TAMBO_WINDOW (widget);

  if (!tambo_window_is_signed_in (self))
    return;
  tambo_window_go_to_place (self, "outbox", NULL);
  tambo_outbox_page_open_stick (TAMBO_OUTBOX_PAGE (tambo_window_get_desk_page (self)));
}

/* ---- the keys ---- */

void tambo_window_install_connection_actions (GtkWidgetClass *widget_class) {
  gtk_widget_class_install_action (widget_class, "win.exchange", NULL, on_exchange);
  gtk_widget_class_install_action (widget_class, "win.open-portal", NULL, on_open_portal);
  gtk_widget_class_install_action (widget_class, "win.set-clock", NULL, on_set_clock);
  gtk_widget_class_install_action (widget_class, "win.copy-queue", NULL, on_copy_queue);
}
