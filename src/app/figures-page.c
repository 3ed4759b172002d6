/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/figures-page.h"

#include <glib/gi18n.h>

#include "app/day-plots.h"

struct _TamboFiguresPage {
  TamboDeskPage parent;
  GtkLabel *people_title, *steps_title;
  TamboBarPlot *hours, *people, *outbox, *stock, *steps;
  GtkCheckButton *today_choice, *week_choice;
  TamboOfficeFigures *figures; /* NULL before the first */
};

G_DEFINE_FINAL_TYPE (TamboFiguresPage, tambo_figures_page, TAMBO_TYPE_DESK_PAGE)

static TamboSession *session_of (TamboFiguresPage *self) {
  return tambo_desk_page_get_session (TAMBO_DESK_PAGE (self));
}

/* ---- showing ---- */

static guint count_cases (GArray *steps, gboolean today) {
  guint count = 0;

  for (guint i = 0; i < steps->len; i++) {
    const TamboStepDurations *step = &g_array_index (steps, TamboStepDurations, i);
    count = MAX (count, today ? step->today.count : step->week.count);
  }
  return count;
}

static void show_steps (TamboFiguresPage *self) {
  gboolean today = gtk_check_button_get_active (self->today_choice);

  if (self->figures == NULL)
    return;
  guint count = count_cases (self->figures->durations, today);
  g_autofree char *title = g_strdup_printf (
      ngettext ("How long the steps take (%u case)", "How long the steps take (%u cases)", count),
      count);
  gtk_label_set_label (self->steps_title, title);
  tambo_day_plots_steps (self->steps, self->figures->durations, today);
}

static void show (TamboFiguresPage *self) {
  g_autofree char *people = tambo_day_plots_say_people (&self->figures->people);
  g_autofree char *title = g_strdup_printf (_ ("Appointments: %s"), people);

  gtk_label_set_label (self->people_title, title);
  tambo_day_plots_hours (self->hours, &self->figures->day);
  tambo_day_plots_people (self->people, &self->figures->people);
  tambo_day_plots_outbox (self->outbox, &self->figures->outbox);
  tambo_day_plots_stock (self->stock, self->figures->stock->kinds);
  show_steps (self);
}

/* ---- loading ---- */

typedef struct {
  TamboStation *station;
  TamboOfficeFigures *figures;
} Load;

static void load_free (Load *load) {
  g_object_unref (load->station);
  tambo_office_figures_free (load->figures);
  g_free (load);
}

static gboolean load_figures (gpointer data, GCancellable *cancellable, GError **error) {
  Load *load = data;

  load->figures = tambo_office_figures_read (load->station, error);
  return load->figures != NULL;
}

static void on_loaded (gpointer owner, gpointer data, const GError *error) {
  TamboFiguresPage *self = owner;
  Load *load = data;

  if (error != NULL) {
    tambo_session_fail (session_of (self), error);
    return;
  }
  tambo_office_figures_free (self->figures);
  self->figures = g_steal_pointer (&load->figures);
  show (self);
}

static void tambo_figures_page_reload (TamboDeskPage *page) {
  TamboFiguresPage *self = TAMBO_FIGURES_PAGE (page);
  Load *load = g_new0 (Load, 1);

  load->station = g_object_ref (tambo_session_get_station (session_of (self)));
  tambo_work_push (tambo_session_get_desk_queue (session_of (self)), load_figures, load,
                   (GDestroyNotify) load_free, NULL, on_loaded, self);
}

/* ---- the page ---- */

static void tambo_figures_page_enter (TamboDeskPage *page) {
  gtk_widget_grab_focus (GTK_WIDGET (TAMBO_FIGURES_PAGE (page)->today_choice));
  tambo_figures_page_reload (page);
}

static void tambo_figures_page_dispose (GObject *object) {
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_FIGURES_PAGE);
  G_OBJECT_CLASS (tambo_figures_page_parent_class)->dispose (object);
}

static void tambo_figures_page_finalize (GObject *object) {
  tambo_office_figures_free (TAMBO_FIGURES_PAGE (object)->figures);
  G_OBJECT_CLASS (tambo_figures_page_parent_class)->finalize (object);
}

static void tambo_figures_page_class_init (TamboFiguresPageClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  TamboDeskPageClass *page_class = TAMBO_DESK_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_figures_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = tambo_figures_page_finalize;
  page_class->enter = tambo_figures_page_enter;
  page_class->reload = tambo_figures_page_reload;
  page_class->again = tambo_figures_page_reload;
  g_type_ensure (TAMBO_TYPE_BAR_PLOT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tambo/Station/ui/figures-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboFiguresPage, people_title);
  gtk_widget_class_bind_template_child (widget_class, TamboFiguresPage, steps_title);
  gtk_widget_class_bind_template_child (widget_class, TamboFiguresPage, hours);
  gtk_widget_class_bind_template_child (widget_class, TamboFiguresPage, people);
  gtk_widget_class_bind_template_child (widget_class, TamboFiguresPage, outbox);
  gtk_widget_class_bind_template_child (widget_class, TamboFiguresPage, stock);
  gtk_widget_class_bind_template_child (widget_class, TamboFiguresPage, steps);
  gtk_widget_class_bind_template_child (widget_class, TamboFiguresPage, today_choice);
  gtk_widget_class_bind_template_child (widget_class, TamboFiguresPage, week_choice);
  gtk_widget_class_bind_template_callback (widget_class, show_steps);
}

static void tambo_figures_page_init (TamboFiguresPage *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
}
