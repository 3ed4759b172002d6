/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/card-line.h"

#include <glib/gi18n.h>

struct _TamboCardLine {
  AdwBin parent;
  GtkImage *icon;
  GtkLabel *label;
  TamboCardWatch *watch; /* NULL: it does not watch */
  guint n_moves;
};

G_DEFINE_FINAL_TYPE (TamboCardLine, tambo_card_line, ADW_TYPE_BIN)

static guint moved_signal;

static const struct {
  const char *icon, *text, *style;
} faces[] = {
  [TAMBO_CARDS_UNKNOWN] = { "content-loading-symbolic", N_ ("Looking for the card reader…"), NULL },
  [TAMBO_CARDS_NO_SERVICE] = { "dialog-warning-symbolic",
                               N_ ("The card service (pcscd) does not run. It is waited for."),
                               "bad" },
  [TAMBO_CARDS_NO_PERMISSION] = { "dialog-warning-symbolic",
                                  N_ ("This account may not use the card reader."), "bad" },
  [TAMBO_CARDS_NO_READER] = { "dialog-warning-symbolic",
                              N_ ("No card reader is connected. Connect it."), "bad" },
  [TAMBO_CARDS_EMPTY] = { "media-flash-symbolic", N_ ("No card lies on the reader."), NULL },
  [TAMBO_CARDS_MUTE] = { "dialog-warning-symbolic",
                         N_ ("What lies on the reader does not answer. Turn it over."), "bad" },
  [TAMBO_CARDS_PRESENT] = { "emblem-ok-symbolic", N_ ("A card lies on the reader."), "good" },
};

static void show (TamboCardLine *self) {
  TamboCardsState state = tambo_card_line_get_state (self);

  gtk_image_set_from_icon_name (self->icon, faces[state].icon);
  gtk_label_set_label (self->label, _ (faces[state].text));
  gtk_widget_remove_css_class (GTK_WIDGET (self->icon), "good");
  gtk_widget_remove_css_class (GTK_WIDGET (self->icon), "bad");
  if (faces[state].style != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->icon), faces[state].style);
}

static void on_event_cb (TamboCardLine *self, const char *name) {
  if (g_str_has_prefix (name, "card-"))
    self->n_moves++;
}

static void on_changed_cb (TamboCardLine *self) {
  show (self);
  g_signal_emit (self, moved_signal, 0);
}

static void tambo_card_line_dispose (GObject *object) {
  g_clear_object (&TAMBO_CARD_LINE (object)->watch);
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_CARD_LINE);
  G_OBJECT_CLASS (tambo_card_line_parent_class)->dispose (object);
}

static void tambo_card_line_class_init (TamboCardLineClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_card_line_dispose;
  moved_signal = g_signal_new ("moved", TAMBO_TYPE_CARD_LINE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                               NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tambo/Station/ui/card-line.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboCardLine, icon);
  gtk_widget_class_bind_template_child (widget_class, TamboCardLine, label);
}

static void tambo_card_line_init (TamboCardLine *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
}

void tambo_card_line_start (TamboCardLine *self) {
  if (self->watch == NULL) {
    self->watch = tambo_card_watch_new ();
    g_signal_connect_object (self->watch, "event", G_CALLBACK (on_event_cb), self,
                             G_CONNECT_SWAPPED);
    g_signal_connect_object (self->watch, "changed", G_CALLBACK (on_changed_cb), self,
                             G_CONNECT_SWAPPED);
  }
  show (self);
}

void tambo_card_line_stop (TamboCardLine *self) {
  g_clear_object (&self->watch);
}

TamboCardsState tambo_card_line_get_state (TamboCardLine *self) {
  return self->watch != NULL ? tambo_card_watch_get_state (self->watch) : TAMBO_CARDS_UNKNOWN;
}

const char *tambo_card_line_get_reader (TamboCardLine *self) {
  return self->watch != NULL ? tambo_card_watch_get_reader (self->watch) : NULL;
}

guint tambo_card_line_count_moves (TamboCardLine *self) {
  return self->n_moves;
}
