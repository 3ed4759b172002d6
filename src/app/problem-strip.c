/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/problem-strip.h"

#include <glib/gi18n.h>

#include "app/detail-text.h"
#include "app/error-text.h"
#include "app/speak.h"

typedef struct {
  char *sentence; /* NULL: there is no problem of this kind */
  char *detail;
  const TamboRemedy *remedy;
} Problem;

struct _TamboProblemStrip {
  AdwBin parent;
  GtkLabel *sentence;
  GtkLabel *detail;
  GtkWidget *remedy_button;
  GtkWidget *next_button;

  Problem problems[TAMBO_N_PROBLEMS];
  TamboProblem shown;
};

G_DEFINE_FINAL_TYPE (TamboProblemStrip, tambo_problem_strip, ADW_TYPE_BIN)

/* ---- the problems ---- */

static void forget (Problem *problem) {
  g_clear_pointer (&problem->sentence, g_free);
  g_clear_pointer (&problem->detail, g_free);
  problem->remedy = NULL;
}

static guint count_until (TamboProblemStrip *self, guint end) {
  guint count = 0;

  for (guint kind = 0; kind < end; kind++)
    count += self->problems[kind].sentence != NULL;
  return count;
}

/* In the order of urgency, from the most urgent again after the last; KIND itself where it is alone or there is none. */
static TamboProblem find_next (TamboProblemStrip *self, TamboProblem kind) {
  for (guint i = 1; i < TAMBO_N_PROBLEMS; i++)
    if (self->problems[(kind + i) % TAMBO_N_PROBLEMS].sentence != NULL)
      return (kind + i) % TAMBO_N_PROBLEMS;
  return kind;
}

static TamboProblem find_most_urgent (TamboProblemStrip *self) {
  return find_next (self, TAMBO_N_PROBLEMS - 1);
}

/* ---- showing ---- */

static void name_button (GtkWidget *button, const char *label) {
  gtk_button_set_label (GTK_BUTTON (button), label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, label,
                                  -1);
}

static void offer (TamboProblemStrip *self, const TamboRemedy *remedy) {
  gtk_widget_set_visible (self->remedy_button, remedy != NULL);
  name_button (self->remedy_button, remedy != NULL ? _ (remedy->label) : "");
  gtk_actionable_set_action_name (GTK_ACTIONABLE (self->remedy_button),
                                  remedy != NULL ? remedy->action : NULL);
}

static void offer_next (TamboProblemStrip *self) {
  guint n_problems = count_until (self, TAMBO_N_PROBLEMS);
  g_autofree char *label =
      g_strdup_printf (_ ("Next (%u of %u)"), count_until (self, self->shown) + 1, n_problems);

  gtk_widget_set_visible (self->next_button, n_problems > 1);
  name_button (self->next_button, label);
}

static void show_problem (TamboProblemStrip *self, TamboProblem kind) {
  const Problem *problem = &self->problems[kind];

  self->shown = kind;
  gtk_widget_set_visible (GTK_WIDGET (self), problem->sentence != NULL);
  if (problem->sentence == NULL)
    return;
  gtk_label_set_label (self->sentence, problem->sentence);
  gtk_label_set_label (self->detail, problem->detail != NULL ? problem->detail : "");
  gtk_widget_set_visible (GTK_WIDGET (self->detail), problem->detail != NULL);
  offer (self, problem->remedy);
  offer_next (self);
}

void tambo_problem_strip_say (TamboProblemStrip *self, TamboProblem kind, const char *sentence,
                              const char *detail, const TamboRemedy *remedy) {
  Problem *problem = &self->problems[kind];

  forget (problem);
  problem->sentence = g_strdup (sentence);
  problem->detail = g_strdup (detail);
  problem->remedy = remedy;
  show_problem (self, kind);
  tambo_speak (GTK_WIDGET (self), sentence);
}

void tambo_problem_strip_show (TamboProblemStrip *self, TamboProblem kind, const GError *error) {
  g_autofree char *sentence = tambo_error_text_sentence (error);
  g_autofree char *detail = tambo_detail_text_support (error->message);

  tambo_problem_strip_say (self, kind, sentence, detail, tambo_remedy_find (error));
}

void tambo_problem_strip_hide (TamboProblemStrip *self, TamboProblem kind) {
  if (self->problems[kind].sentence == NULL)
    return;
  forget (&self->problems[kind]);
  show_problem (self, self->shown == kind ? find_most_urgent (self) : self->shown);
}

void tambo_problem_strip_clear (TamboProblemStrip *self) {
  for (guint kind = 0; kind < TAMBO_N_PROBLEMS; kind++)
    tambo_problem_strip_hide (self, kind);
}

/* ---- the clerk ---- */

static void on_next_cb (TamboProblemStrip *self) {
  show_problem (self, find_next (self, self->shown));
  tambo_speak (GTK_WIDGET (self), self->problems[self->shown].sentence);
}

static void on_close_cb (TamboProblemStrip *self) {
  tambo_problem_strip_hide (self, self->shown);
}

/* ---- the object ---- */

static void tambo_problem_strip_dispose (GObject *object) {
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_PROBLEM_STRIP);
  G_OBJECT_CLASS (tambo_problem_strip_parent_class)->dispose (object);
}

static void tambo_problem_strip_finalize (GObject *object) {
  TamboProblemStrip *self = TAMBO_PROBLEM_STRIP (object);

  for (guint kind = 0; kind < TAMBO_N_PROBLEMS; kind++)
    forget (&self->problems[kind]);
  G_OBJECT_CLASS (tambo_problem_strip_parent_class)->finalize (object);
}

static void tambo_problem_strip_class_init (TamboProblemStripClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_problem_strip_dispose;
  G_OBJECT_CLASS (klass)->finalize = tambo_problem_strip_finalize;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tambo/Station/ui/problem-strip.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboProblemStrip, sentence);
  gtk_widget_class_bind_template_child (widget_class, TamboProblemStrip, detail);
  gtk_widget_class_bind_template_child (widget_class, TamboProblemStrip, remedy_button);
  gtk_widget_class_bind_template_child (widget_class, TamboProblemStrip, next_button);
  gtk_widget_class_bind_template_callback (widget_class, on_next_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_close_cb);
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_ALERT);
}

static void tambo_problem_strip_init (TamboProblemStrip *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
}
