/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/home-page.h"

#include <glib/gi18n.h>

#include "app/case-row.h"
#include "app/stack-pages.h"
#include "station/case-desk.h"
#include "station/procedures.h"

/* Rows of a GtkListBox are widgets each; older cases are found with tamboctl. */
#define MAX_ROWS 100

struct _TamboHomePage {
  AdwBin parent;
  GtkWidget *new_button;
  GtkStack *stack;
  GtkListBox *list;
  GtkLabel *summary;
  TamboSession *session;
  gboolean is_loading;
  gboolean load_again;
};

G_DEFINE_FINAL_TYPE (TamboHomePage, tambo_home_page, ADW_TYPE_BIN)

static guint case_chosen_signal;

typedef struct {
  TamboStation *station;
  GPtrArray *rows;       /* of TamboCaseRow */
  GPtrArray *procedures; /* of TamboProcedure */
} Cases;

static void cases_free (Cases *cases) {
  g_object_unref (cases->station);
  g_clear_pointer (&cases->rows, g_ptr_array_unref);
  g_clear_pointer (&cases->procedures, g_ptr_array_unref);
  g_free (cases);
}

static gboolean load_cases (gpointer data, GCancellable *cancellable, GError **error) {
  Cases *cases = data;

  cases->procedures = tambo_procedures_list (error);
  if (cases->procedures == NULL)
    return FALSE;
  cases->rows = tambo_case_desk_list (cases->station, error);
  return cases->rows != NULL;
}

static const char *find_title (GPtrArray *procedures, const char *id) {
  for (guint i = 0; i < procedures->len; i++) {
    const TamboProcedure *procedure = g_ptr_array_index (procedures, i);
    if (g_str_equal (procedure->id, id))
      return tambo_session_procedure_title (procedure);
  }
  return id;
}

static void show_summary (TamboHomePage *self, GPtrArray *rows) {
  guint drafts = 0, waiting = 0;

  for (guint i = 0; i < rows->len; i++) {
    const TamboCaseRow *row = g_ptr_array_index (rows, i);
    drafts += row->state == TAMBO_CASE_DRAFT;
    waiting += row->state == TAMBO_CASE_WAITING;
  }
  g_autofree char *text =
      g_strdup_printf (_ ("%u being captured · %u wait for a second person · %u in all"), drafts,
                          waiting, rows->len);
  gtk_label_set_label (self->summary, text);
}

static void empty_list (TamboHomePage *self) {
  GtkListBoxRow *row;

  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
}

/* The clerk may stand on a row while the list is made anew. */
static int find_focused_row (TamboHomePage *self) {
  GtkWidget *focused = gtk_root_get_focus (gtk_widget_get_root (GTK_WIDGET (self)));
  GtkWidget *row =
      focused != NULL ? gtk_widget_get_ancestor (focused, GTK_TYPE_LIST_BOX_ROW) : NULL;

  return row != NULL && gtk_widget_is_ancestor (row, GTK_WIDGET (self->list))
             ? gtk_list_box_row_get_index (GTK_LIST_BOX_ROW (row))
             : -1;
}

static void fill_list (TamboHomePage *self, const Cases *cases) {
  int focused = find_focused_row (self);

  if (focused >= 0)
    gtk_widget_grab_focus (self->new_button);
  empty_list (self);
  for (guint i = 0; i < MIN (cases->rows->len, MAX_ROWS); i++) {
    const TamboCaseRow *row = g_ptr_array_index (cases->rows, i);
    gtk_list_box_append (
        self->list, tambo_case_row_new (row, find_title (cases->procedures, row->procedure_id)));
  }
  GtkListBoxRow *row = focused >= 0 ? gtk_list_box_get_row_at_index (self->list, focused) : NULL;
  if (row != NULL)
    gtk_widget_grab_focus (GTK_WIDGET (row));
  show_summary (self, cases->rows);
  tambo_stack_show (self->stack, cases->rows->len > 0 ? "cases" : "empty");
}

static void on_cases_loaded (gpointer owner, gpointer data, const GError *error) {
  TamboHomePage *self = owner;

  self->is_loading = FALSE;
  if (error != NULL)
    tambo_session_fail (self->session, error);
  else
    fill_list (self, data);
  if (self->load_again)
    tambo_home_page_reload (self);
}

void tambo_home_page_reload (TamboHomePage *self) {
  self->load_again = self->is_loading;
  if (self->is_loading)
    return;

  Cases *cases = g_new0 (Cases, 1);
  cases->station = g_object_ref (tambo_session_get_station (self->session));
  self->is_loading = TRUE;
  tambo_work_push (tambo_session_get_desk_queue (self->session), load_cases, cases,
                   (GDestroyNotify) cases_free, NULL, on_cases_loaded, self);
}

static void on_row_activated_cb (TamboHomePage *self, GtkListBoxRow *row) {
  TamboCaseListRow *item = TAMBO_CASE_LIST_ROW (row);

  if (tambo_case_row_is_draft (item))
    g_signal_emit (self, case_chosen_signal, 0, tambo_case_row_get_id (item));
}

static void tambo_home_page_dispose (GObject *object) {
  g_clear_object (&TAMBO_HOME_PAGE (object)->session);
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_HOME_PAGE);
  G_OBJECT_CLASS (tambo_home_page_parent_class)->dispose (object);
}

static void tambo_home_page_class_init (TamboHomePageClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_home_page_dispose;
  case_chosen_signal = g_signal_new ("case-chosen", TAMBO_TYPE_HOME_PAGE, G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tambo/Station/ui/home-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboHomePage, new_button);
  gtk_widget_class_bind_template_child (widget_class, TamboHomePage, stack);
  gtk_widget_class_bind_template_child (widget_class, TamboHomePage, list);
  gtk_widget_class_bind_template_child (widget_class, TamboHomePage, summary);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated_cb);
}

static void tambo_home_page_init (TamboHomePage *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  tambo_stack_show (self->stack, "empty");
}

void tambo_home_page_set_session (TamboHomePage *self, TamboSession *session) {
  g_set_object (&self->session, session);
}

void tambo_home_page_enter (TamboHomePage *self) {
  gtk_widget_grab_focus (self->new_button);
  tambo_home_page_reload (self);
}

void tambo_home_page_clear (TamboHomePage *self) {
  empty_list (self);
}
