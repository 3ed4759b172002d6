/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/focus.h"
#include "app/issue-page-private.h"
#include "app/second-person.h"
#include "station/permissions.h"
#include "station/stock-desk.h"

gboolean tambo_issue_page_may_spoil (TamboIssuePage *self) {
  TamboSession *session = tambo_issue_page_get_session (self);
  guint role = tambo_station_get_role (tambo_session_get_station (session));

  return self->open != NULL && self->open->is_begun
         && (role & tambo_permission (TAMBO_OPERATION_STOCK_SPOIL)->roles) != 0;
}

typedef struct {
  TamboStation *station;
  char *id, *number, *reason;
} Spoiling;

static void spoiling_free (Spoiling *spoiling) {
  g_object_unref (spoiling->station);
  g_free (spoiling->id);
  g_free (spoiling->number);
  g_free (spoiling->reason);
  g_free (spoiling);
}

static gboolean run_spoil (gpointer data, GCancellable *cancellable, GError **error) {
  Spoiling *spoiling = data;

  return tambo_stock_desk_spoil (spoiling->station, spoiling->number, spoiling->reason, error);
}

static void on_spoiled (gpointer owner, gpointer data, const GError *error) {
  TamboIssuePage *self = owner;
  const Spoiling *spoiling = data;

  self->is_spoiling = FALSE;
  if (error != NULL) {
    tambo_session_fail (tambo_issue_page_get_session (self), error);
    return;
  }
  if (self->open != NULL)
    tambo_issue_page_open_order (self, spoiling->id);
}

static void on_second_person (gpointer owner, gboolean has_come) {
  TamboIssuePage *self = owner;
  TamboSession *session = tambo_issue_page_get_session (self);

  if (!has_come || self->open == NULL) {
    self->is_spoiling = FALSE;
    tambo_issue_page_look_at_card (self); /* it may have come back meanwhile */
    return;
  }
  Spoiling *spoiling = g_new0 (Spoiling, 1);
  spoiling->station = g_object_ref (tambo_session_get_station (session));
  spoiling->id = g_strdup (self->open->order->id);
  spoiling->number = g_strdup (self->open->blank);
  spoiling->reason = g_steal_pointer (&self->reason);
  tambo_work_push (tambo_session_get_desk_queue (session), run_spoil, spoiling,
                   (GDestroyNotify) spoiling_free, NULL, on_spoiled, self);
}

static void on_spoil_cb (TamboIssuePage *self) {
  const char *reason = gtk_editable_get_text (GTK_EDITABLE (self->reason_entry));

  if (*reason == '\0' || self->open == NULL) {
    tambo_focus_take (GTK_WIDGET (self->reason_entry));
    return;
  }
  g_autofree char *operation =
      g_strdup_printf (_ ("Blank %s is spoiled: %s"), self->open->blank, reason);
  g_free (self->reason);
  self->reason = g_strdup (reason);
  self->is_spoiling = TRUE;
  gtk_editable_set_text (GTK_EDITABLE (self->reason_entry), "");
  gtk_popover_popdown (self->spoil_popover);
  tambo_second_person_ask (self->spoil_button, tambo_issue_page_get_session (self), operation,
                           on_second_person, self);
}

void tambo_issue_page_bind_spoiling (GtkWidgetClass *widget_class) {
  gtk_widget_class_bind_template_callback (widget_class, on_spoil_cb);
}
