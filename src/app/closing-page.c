/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/closing-page.h"

#include <glib/gi18n.h>

#include "app/error-text.h"
#include "app/focus.h"
#include "app/paper.h"
#include "app/row-list.h"
#include "app/shortcuts.h"
#include "app/speak.h"
#include "station/day-closing.h"

struct _TamboClosingPage {
  TamboDeskPage parent;
  GtkLabel *summary;
  GtkListBox *figures, *stock, *gaps;
  GtkEditable *remark_entry;
  GtkWidget *close_button;
  GtkWidget *print_button;
  GtkLabel *result;
  TamboDayClosing *closing;
};

G_DEFINE_FINAL_TYPE (TamboClosingPage, tambo_closing_page, TAMBO_TYPE_DESK_PAGE)

static TamboSession *session_of (TamboClosingPage *self) {
  return tambo_desk_page_get_session (TAMBO_DESK_PAGE (self));
}

/* ---- showing ---- */

static void show_figures (TamboClosingPage *self) {
  const TamboDayClosing *closing = self->closing;
  const struct {
    const char *title;
    guint value;
  } figures[] = {
    { _ ("Cases begun"), closing->day.begun },
    { _ ("Cases sealed"), closing->day.sealed },
    { _ ("Records sealed for headquarters"), closing->day.records },
    { _ ("Receipts of headquarters"), closing->day.receipts },
    { _ ("Documents issued"), closing->day.issued },
    { _ ("Documents delivered"), closing->day.delivered },
    { _ ("Blanks spoiled"), closing->day.blanks_spoiled },
    { _ ("Cases discarded"), closing->day.discarded },
    { _ ("Cases sent back"), closing->day.rejected },
  };
  int place = tambo_row_list_begin (self->figures);

  for (gsize i = 0; i < G_N_ELEMENTS (figures); i++) {
    g_autofree char *value = g_strdup_printf ("%u", figures[i].value);
    tambo_row_list_add_fact (self->figures, NULL, figures[i].title, NULL, value);
  }
  tambo_row_list_end (self->figures, place);
}

static void show_stock (TamboClosingPage *self) {
  int place = tambo_row_list_begin (self->stock);

  for (guint i = 0; i < self->closing->stock->len; i++) {
    const TamboClosingStock *row = g_ptr_array_index (self->closing->stock, i);
    g_autofree char *subtitle =
        g_strdup_printf (_ ("at start %u · received %u · issued %u · spoiled %u"), row->at_start,
                         row->received, row->issued, row->spoiled);
    g_autofree char *value = g_strdup_printf (_ ("at end %u"), row->at_end);
    tambo_row_list_add_fact (self->stock, NULL, tambo_text_blank_kind (row->kind), subtitle, value);
  }
  tambo_row_list_end (self->stock, place);
}

static char *describe_gap (const TamboGap *gap) {
  switch (gap->kind) {
  case TAMBO_GAP_RECORD_LOST:
    return g_strdup_printf (_ ("The record %.8s was sealed and is not in the outbox"), gap->about);
  case TAMBO_GAP_RECORD_WAITS:
    return g_strdup_printf (ngettext ("%u sealed record has not reached headquarters",
                                      "%u sealed records have not reached headquarters",
                                      gap->expected),
                            gap->expected);
  case TAMBO_GAP_RECORD_REFUSED:
    return g_strdup_printf (_ ("Headquarters did not take the record %.8s"), gap->about);
  case TAMBO_GAP_DRAFT:
    return g_strdup_printf (
        ngettext ("%u case is not finished", "%u cases are not finished", gap->expected),
        gap->expected);
  case TAMBO_GAP_APPROVAL:
    return g_strdup_printf (ngettext ("%u case waits for a second person",
                                      "%u cases wait for a second person", gap->expected),
                            gap->expected);
  case TAMBO_GAP_BLANK_IN_WORK:
    return g_strdup_printf (_ ("The blank %s is in work"), gap->about);
  case TAMBO_GAP_BLANK_COUNTED:
    return g_strdup_printf (gap->expected > 0
                                ? _ ("The blank %s should be here, and who counted did not find it")
                                : _ ("The blank %s was found, and should not be here"),
                            gap->about);
  case TAMBO_GAP_BLANKS:
    break;
  }
  return g_strdup_printf (_ ("%s: %u should be here, %u are"), tambo_text_blank_kind (gap->about),
                          gap->expected, gap->found);
}

/* What is wrong stands before what is only not at its end. */
static gboolean is_wrong (const TamboGap *gap) {
  return gap->kind == TAMBO_GAP_RECORD_LOST || gap->kind == TAMBO_GAP_BLANKS
         || gap->kind == TAMBO_GAP_BLANK_COUNTED || gap->kind == TAMBO_GAP_RECORD_REFUSED;
}

static void add_gaps (TamboClosingPage *self, gboolean wrong) {
  for (guint i = 0; i < self->closing->gaps->len; i++) {
    const TamboGap *gap = g_ptr_array_index (self->closing->gaps, i);
    g_autofree char *text = describe_gap (gap);
    if (is_wrong (gap) == wrong)
      tambo_row_list_add_fact (self->gaps,
                               wrong ? "dialog-warning-symbolic" : "dialog-information-symbolic",
                               text, NULL, NULL);
  }
}

static void show_gaps (TamboClosingPage *self) {
  int place = tambo_row_list_begin (self->gaps);

  add_gaps (self, TRUE);
  add_gaps (self, FALSE);
  if (self->closing->gaps->len == 0)
    tambo_row_list_add_fact (self->gaps, "emblem-ok-symbolic", _ ("Everything adds up."), NULL,
                             NULL);
  tambo_row_list_end (self->gaps, place);
}

static void show (TamboClosingPage *self) {
  g_autofree char *from = tambo_text_time (self->closing->from);
  g_autofree char *text = g_strdup_printf (_ ("Since %s"), from);

  gtk_label_set_label (self->summary, text);
  show_figures (self);
  show_stock (self);
  show_gaps (self);
}

/* ---- loading and signing ---- */

typedef struct {
  TamboStation *station;
  TamboDayClosing *closing;
  char *remark;
  char *path; /* of what was signed */
} Work;

static void work_free (Work *work) {
  g_object_unref (work->station);
  tambo_day_closing_free (work->closing);
  g_free (work->remark);
  g_free (work->path);
  g_free (work);
}

static Work *work_new (TamboClosingPage *self) {
  Work *work = g_new0 (Work, 1);

  work->station = g_object_ref (tambo_session_get_station (session_of (self)));
  return work;
}

static gboolean prepare (gpointer data, GCancellable *cancellable, GError **error) {
  Work *work = data;

  work->closing = tambo_day_closing_prepare (work->station, error);
  return work->closing != NULL;
}

static void on_prepared (gpointer owner, gpointer data, const GError *error) {
  TamboClosingPage *self = owner;
  Work *work = data;

  if (error != NULL) {
    tambo_session_fail (session_of (self), error);
    return;
  }
  tambo_day_closing_free (self->closing);
  self->closing = g_steal_pointer (&work->closing);
  show (self);
}

static void tambo_closing_page_reload (TamboDeskPage *page) {
  TamboClosingPage *self = TAMBO_CLOSING_PAGE (page);

  tambo_work_push (tambo_session_get_desk_queue (session_of (self)), prepare, work_new (self),
                   (GDestroyNotify) work_free, NULL, on_prepared, self);
}

/* What is signed is counted anew: a colleague's process may have sent something meanwhile. */
static gboolean sign (gpointer data, GCancellable *cancellable, GError **error) {
  Work *work = data;

  if (!prepare (work, cancellable, error))
    return FALSE;
  work->path = tambo_day_closing_sign (work->station, work->closing, work->remark, error);
  return work->path != NULL;
}

static void on_signed (gpointer owner, gpointer data, const GError *error) {
  TamboClosingPage *self = owner;
  Work *work = data;

  gtk_widget_set_sensitive (self->close_button, TRUE);
  if (error != NULL) {
    tambo_session_fail (session_of (self), error);
    return;
  }
  g_autofree char *text = g_strdup_printf (_ ("The day is closed and signed: %s"), work->path);
  tambo_day_closing_free (self->closing);
  self->closing = g_steal_pointer (&work->closing);
  show (self);
  gtk_label_set_label (self->result, text);
  gtk_editable_set_text (self->remark_entry, "");
  tambo_focus_take (self->print_button);
}

static void on_close_cb (TamboClosingPage *self) {
  Work *work = work_new (self);

  work->remark = g_strdup (gtk_editable_get_text (self->remark_entry));
  gtk_widget_set_sensitive (self->close_button, FALSE);
  tambo_work_push (tambo_session_get_desk_queue (session_of (self)), sign, work,
                   (GDestroyNotify) work_free, NULL, on_signed, self);
}

static void on_print (GtkWidget *widget, const char *name, GVariant *parameter) {
  tambo_paper_print_closing (widget, session_of (TAMBO_CLOSING_PAGE (widget)));
}

/* ---- the page ---- */

static void tambo_closing_page_enter (TamboDeskPage *page) {
  TamboClosingPage *self = TAMBO_CLOSING_PAGE (page);

  gtk_label_set_label (self->result, "");
  tambo_focus_take (GTK_WIDGET (self->remark_entry));
  tambo_closing_page_reload (page);
}

static void tambo_closing_page_again (TamboDeskPage *page) {
  tambo_closing_page_reload (page);
}

static void tambo_closing_page_dispose (GObject *object) {
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_CLOSING_PAGE);
  G_OBJECT_CLASS (tambo_closing_page_parent_class)->dispose (object);
}

static void tambo_closing_page_finalize (GObject *object) {
  tambo_day_closing_free (TAMBO_CLOSING_PAGE (object)->closing);
  G_OBJECT_CLASS (tambo_closing_page_parent_class)->finalize (object);
}

static void tambo_closing_page_class_init (TamboClosingPageClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  TamboDeskPageClass *page_class = TAMBO_DESK_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_closing_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = tambo_closing_page_finalize;
  page_class->enter = tambo_closing_page_enter;
  page_class->again = tambo_closing_page_again;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tambo/Station/ui/closing-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboClosingPage, summary);
  gtk_widget_class_bind_template_child (widget_class, TamboClosingPage, figures);
  gtk_widget_class_bind_template_child (widget_class, TamboClosingPage, stock);
  gtk_widget_class_bind_template_child (widget_class, TamboClosingPage, gaps);
  gtk_widget_class_bind_template_child (widget_class, TamboClosingPage, remark_entry);
  gtk_widget_class_bind_template_child (widget_class, TamboClosingPage, close_button);
  gtk_widget_class_bind_template_child (widget_class, TamboClosingPage, print_button);
  gtk_widget_class_bind_template_child (widget_class, TamboClosingPage, result);
  gtk_widget_class_bind_template_callback (widget_class, on_close_cb);
  gtk_widget_class_install_action (widget_class, "closing.print", NULL, on_print);
}

static void tambo_closing_page_init (TamboClosingPage *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  tambo_shortcuts_attach (GTK_WIDGET (self), "closing");
  tambo_speak_label (self->result);
  tambo_row_list_set_up (self->figures);
  tambo_row_list_set_up (self->stock);
  tambo_row_list_set_up (self->gaps);
}
