/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/problem-strip.h"

#include <glib/gi18n.h>

#include "app/error-text.h"
#include "app/speak.h"

struct _TamboProblemStrip {
  AdwBin parent;
  GtkLabel *sentence;
  GtkLabel *detail;
  GtkWidget *remedy_button;
};

G_DEFINE_FINAL_TYPE (TamboProblemStrip, tambo_problem_strip, ADW_TYPE_BIN)

static void tambo_problem_strip_dispose (GObject *object) {
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_PROBLEM_STRIP);
  G_OBJECT_CLASS (tambo_problem_strip_parent_class)->dispose (object);
}

static void tambo_problem_strip_class_init (TamboProblemStripClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_problem_strip_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tambo/Station/ui/problem-strip.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboProblemStrip, sentence);
  gtk_widget_class_bind_template_child (widget_class, TamboProblemStrip, detail);
  gtk_widget_class_bind_template_child (widget_class, TamboProblemStrip, remedy_button);
  gtk_widget_class_bind_template_callback (widget_class, tambo_problem_strip_hide);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_ALERT);
}

static void tambo_problem_strip_init (TamboProblemStrip *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
}

static void offer (TamboProblemStrip *self, const TamboRemedy *remedy) {
  const char *label = remedy != NULL ? _ (remedy->label) : "";

  gtk_widget_set_visible (self->remedy_button, remedy != NULL);
  gtk_button_set_label (GTK_BUTTON (self->remedy_button), label);
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->remedy_button),
                                  remedy != NULL ? remedy->action : NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->remedy_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
}

void tambo_problem_strip_say (TamboProblemStrip *self, const char *sentence, const char *detail,
                              const TamboRemedy *remedy) {
  gtk_label_set_label (self->sentence, sentence);
  gtk_label_set_label (self->detail, detail != NULL ? detail : "");
  gtk_widget_set_visible (GTK_WIDGET (self->detail), detail != NULL);
  offer (self, remedy);
  gtk_widget_set_visible (GTK_WIDGET (self), TRUE);
  tambo_speak (GTK_WIDGET (self), sentence);
}

void tambo_problem_strip_show (TamboProblemStrip *self, const GError *error) {
  g_autofree char *sentence = tambo_error_text_sentence (error);

  tambo_problem_strip_say (self, sentence, error->message, tambo_remedy_find (error));
}

void tambo_problem_strip_hide (TamboProblemStrip *self) {
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
}
