/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/status-bar.h"

#include <glib/gi18n.h>

#include "app/error-text.h"

/* So few applicants fit that somebody has to do something about it. */
#define FEW_CASES 20
/* More than anybody enrols in a month is just much. */
#define MANY_CASES 9999

struct _TamboStatusBar {
  GtkBox parent;
  GtkWidget *queue_button;
  GtkLabel *queue_label;
  GtkImage *connection_icon;
  GtkLabel *connection_label;
  GtkImage *room_icon;
  GtkLabel *room_label;
  GtkWidget *room_box;
  GtkWidget *operator_button;
  GtkLabel *operator_label;
  gboolean is_counting;
  gboolean count_again;
};

G_DEFINE_FINAL_TYPE (TamboStatusBar, tambo_status_bar, GTK_TYPE_BOX)

static guint room_told_signal;

static void tambo_status_bar_dispose (GObject *object) {
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_STATUS_BAR);
  G_OBJECT_CLASS (tambo_status_bar_parent_class)->dispose (object);
}

static void tambo_status_bar_class_init (TamboStatusBarClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_status_bar_dispose;
  room_told_signal = g_signal_new ("room-told", TAMBO_TYPE_STATUS_BAR, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tambo/Station/ui/status-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboStatusBar, queue_button);
  gtk_widget_class_bind_template_child (widget_class, TamboStatusBar, queue_label);
  gtk_widget_class_bind_template_child (widget_class, TamboStatusBar, connection_icon);
  gtk_widget_class_bind_template_child (widget_class, TamboStatusBar, connection_label);
  gtk_widget_class_bind_template_child (widget_class, TamboStatusBar, room_icon);
  gtk_widget_class_bind_template_child (widget_class, TamboStatusBar, room_label);
  gtk_widget_class_bind_template_child (widget_class, TamboStatusBar, room_box);
  gtk_widget_class_bind_template_child (widget_class, TamboStatusBar, operator_button);
  gtk_widget_class_bind_template_child (widget_class, TamboStatusBar, operator_label);
}

static void tambo_status_bar_init (TamboStatusBar *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void set_name (GtkWidget *widget, const char *name) {
  gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

void tambo_status_bar_set_operator (TamboStatusBar *self, const char *id, guint role) {
  g_autofree char *tip = g_strdup_printf ("%s · %s", id, tambo_text_role (role));
  g_autofree char *name =
      g_strdup_printf (_ ("%s, %s. Lock or switch the operator"), id, tambo_text_role (role));

  gtk_label_set_label (self->operator_label, id);
  gtk_widget_set_tooltip_text (self->operator_button, tip);
  set_name (self->operator_button, name);
}

/* ---- the queue and the room ---- */

static void show_status (TamboStatusBar *self, const TamboDeskStatus *status) {
  g_autofree char *queue = g_strdup_printf (
      ngettext ("%u record waits", "%u records wait", status->waiting), status->waiting);
  g_autofree char *number = status->cases_left > MANY_CASES
                                ? g_strdup_printf (_ ("> %d fit"), MANY_CASES)
                                : g_strdup_printf (_ ("%u fit"), status->cases_left);
  g_autofree char *room =
      g_strdup_printf (_ ("This computer has room for %u more cases"), status->cases_left);
  g_autofree char *short_queue = g_strdup_printf ("%u", status->waiting);
  gboolean is_full = status->cases_left < FEW_CASES;

  gtk_label_set_label (self->queue_label, short_queue);
  gtk_widget_set_tooltip_text (self->queue_button, queue);
  set_name (self->queue_button, queue);
  gtk_label_set_label (self->room_label, number);
  gtk_widget_set_tooltip_text (self->room_box, room);
  set_name (GTK_WIDGET (self->room_label), room);
  gtk_image_set_from_icon_name (self->room_icon,
                                is_full ? "dialog-warning-symbolic" : "drive-harddisk-symbolic");
  if (is_full)
    gtk_widget_add_css_class (self->room_box, "problem");
  else
    gtk_widget_remove_css_class (self->room_box, "problem");
}

typedef struct {
  TamboSession *session;
  TamboDeskStatus status;
} Status;

static void status_free (Status *status) {
  g_object_unref (status->session);
  g_free (status);
}

static gboolean read_status (gpointer data, GCancellable *cancellable, GError **error) {
  Status *status = data;

  return tambo_desk_status_read (tambo_session_get_station (status->session), &status->status,
                                 error);
}

static void on_status_read (gpointer owner, gpointer data, const GError *error) {
  TamboStatusBar *self = owner;
  const Status *status = data;

  if (error == NULL) {
    show_status (self, &status->status);
    g_signal_emit (self, room_told_signal, 0, status->status.cases_left);
  }
  self->is_counting = FALSE;
  if (self->count_again)
    tambo_status_bar_load (self, status->session);
}

/* One at a time: a burst of changes is counted once more at its end. */
void tambo_status_bar_load (TamboStatusBar *self, TamboSession *session) {
  self->count_again = self->is_counting;
  if (self->is_counting)
    return;

  Status *status = g_new0 (Status, 1);
  status->session = g_object_ref (session);
  self->is_counting = TRUE;
  tambo_work_push (tambo_session_get_desk_queue (session), read_status, status,
                   (GDestroyNotify) status_free, NULL, on_status_read, self);
}

/* ---- the connection ---- */

static void show_connection (TamboStatusBar *self, const char *icon, const char *text) {
  gtk_image_set_from_icon_name (self->connection_icon, icon);
  gtk_label_set_label (self->connection_label, text);
}

void tambo_status_bar_set_connection (TamboStatusBar *self, TamboConnection connection,
                                      GDateTime *since) {
  if (connection == TAMBO_CONNECTION_GOOD) {
    show_connection (self, "network-wired-symbolic", _ ("Connected"));
  } else if (connection == TAMBO_CONNECTION_LOST && since != NULL) {
    g_autofree char *time = g_date_time_format (since, "%H:%M");
    g_autofree char *text = g_strdup_printf (_ ("Offline since %s"), time);
    show_connection (self, "network-offline-symbolic", text);
  } else {
    show_connection (self, "network-idle-symbolic", _ ("Not connected yet"));
  }
}

const char *tambo_status_bar_get_connection (TamboStatusBar *self) {
  return gtk_label_get_label (self->connection_label);
}

void tambo_status_bar_set_not_registered (TamboStatusBar *self) {
  show_connection (self, "network-offline-symbolic", _ ("Not registered"));
}

void tambo_status_bar_set_sending (TamboStatusBar *self) {
  show_connection (self, "network-transmit-symbolic", _ ("Sending…"));
}
