/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/undo.h"

#include <glib/gi18n.h>

#define SECONDS 15
/* More than a toast takes to come. */
#define SHOW_US G_USEC_PER_SEC

struct _TamboUndo {
  GObject parent;
  AdwToastOverlay *overlay; /* borrowed */
  gpointer owner;           /* borrowed */
  AdwToast *toast;          /* of the offer; NULL for none */
  GtkEventController *keys; /* borrowed by the overlay's window while there is one */
  TamboUndoFunc take_back, keep;
  gint64 shown_at, gone_at; /* of the newest toast, which waits for the one before it */
};

G_DEFINE_FINAL_TYPE (TamboUndo, tambo_undo, G_TYPE_OBJECT)

static gboolean on_key (GtkWidget *widget, GVariant *arguments, gpointer data) {
  return tambo_undo_take_back (data);
}

/* Before an entry, which has nothing to take back that matters as much. */
static void add_keys (TamboUndo *self) {
  GtkShortcut *shortcut = gtk_shortcut_new (gtk_shortcut_trigger_parse_string ("<Control>z"),
                                            gtk_callback_action_new (on_key, self, NULL));

  self->keys = gtk_shortcut_controller_new ();
  gtk_event_controller_set_propagation_phase (self->keys, GTK_PHASE_CAPTURE);
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (self->keys), shortcut);
  gtk_widget_add_controller (GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self->overlay))),
                             self->keys);
}

static void remove_keys (TamboUndo *self) {
  GtkEventController *keys = g_steal_pointer (&self->keys);

  if (keys != NULL && gtk_event_controller_get_widget (keys) != NULL)
    gtk_widget_remove_controller (gtk_event_controller_get_widget (keys), keys);
}

/* The offer is over, and the toast goes without being heard again. */
static AdwToast *take_toast (TamboUndo *self) {
  if (self->toast != NULL)
    g_signal_handlers_disconnect_by_data (self->toast, self);
  remove_keys (self);
  return g_steal_pointer (&self->toast);
}

static void on_gone_cb (GObject *toast) {
  g_object_set_data (toast, "gone", toast);
}

static gboolean dismiss_cb (gpointer toast) {
  if (g_object_get_data (toast, "gone") == NULL)
    adw_toast_dismiss (toast);
  return G_SOURCE_REMOVE;
}

/* libadwaita 1.2 forgets a toast that goes while it still comes, and touches it once more when it has come. */
static void dismiss (TamboUndo *self, AdwToast *toast) {
  gint64 now = g_get_monotonic_time ();

  self->gone_at = MAX (now, self->shown_at + SHOW_US);
  if (self->gone_at == now)
    adw_toast_dismiss (toast);
  else
    g_timeout_add_full (G_PRIORITY_DEFAULT, (guint) ((self->gone_at - now + 999) / 1000),
                        dismiss_cb, g_object_ref (toast), g_object_unref);
}

static void end (TamboUndo *self, TamboUndoFunc func) {
  g_autoptr (AdwToast) toast = take_toast (self);

  if (toast == NULL)
    return;
  dismiss (self, toast);
  if (func != NULL)
    func (self->owner);
}

gboolean tambo_undo_take_back (TamboUndo *self) {
  gboolean is_offered = self->toast != NULL;

  end (self, self->take_back);
  return is_offered;
}

void tambo_undo_end (TamboUndo *self) {
  end (self, self->keep);
}

void tambo_undo_drop (TamboUndo *self) {
  end (self, NULL);
}

/* By itself, or by the clerk: it must not be dismissed once more. */
static void on_dismissed_cb (TamboUndo *self) {
  g_autoptr (AdwToast) toast = take_toast (self);

  if (self->keep != NULL)
    self->keep (self->owner);
}

static void on_clicked_cb (TamboUndo *self) {
  tambo_undo_take_back (self);
}

void tambo_undo_offer (TamboUndo *self, const char *text, TamboUndoFunc take_back,
                       TamboUndoFunc keep) {
  tambo_undo_end (self);
  self->toast = adw_toast_new (text);
  self->shown_at = MAX (g_get_monotonic_time (), self->gone_at);
  self->take_back = take_back;
  self->keep = keep;
  adw_toast_set_button_label (self->toast, _ ("Undo"));
  adw_toast_set_timeout (self->toast, SECONDS);
  g_signal_connect_object (self->toast, "button-clicked", G_CALLBACK (on_clicked_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->toast, "dismissed", G_CALLBACK (on_dismissed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect (self->toast, "dismissed", G_CALLBACK (on_gone_cb), NULL);
  adw_toast_overlay_add_toast (self->overlay, g_object_ref (self->toast));
  add_keys (self);
}

/* ---- the object ---- */

static void tambo_undo_dispose (GObject *object) {
  g_autoptr (AdwToast) toast = take_toast (TAMBO_UNDO (object));

  G_OBJECT_CLASS (tambo_undo_parent_class)->dispose (object);
}

static void tambo_undo_class_init (TamboUndoClass *klass) {
  G_OBJECT_CLASS (klass)->dispose = tambo_undo_dispose;
}

static void tambo_undo_init (TamboUndo *self) {
}

TamboUndo *tambo_undo_new (AdwToastOverlay *overlay, gpointer owner) {
  TamboUndo *self = g_object_new (TAMBO_TYPE_UNDO, NULL);

  self->overlay = overlay;
  self->owner = owner;
  return self;
}
