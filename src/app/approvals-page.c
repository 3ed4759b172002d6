/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/approvals-page.h"

#include <glib/gi18n.h>

#include "app/error-text.h"
#include "app/focus.h"
#include "app/list-memory.h"
#include "app/picture-area.h"
#include "app/row-list.h"
#include "app/stack-pages.h"
#include "app/two-persons.h"
#include "base/bytes.h"
#include "station/case-desk.h"
#include "station/parked.h"
#include "station/procedures.h"

#define MAX_CASES 100
#define PICTURE_WIDTH 230
#define PICTURE_HEIGHT 290

struct _TamboApprovalsPage {
  TamboDeskPage parent;
  GtkLabel *summary;
  GtkStack *stack;
  GtkListBox *list;
  GtkWidget *detail;
  GtkLabel *name, *who;
  TamboPictureArea *portrait, *document;
  GtkWidget *document_box;
  GtkListBox *reasons;
  GtkEditable *note_entry;
  GtkWidget *approve_button, *reject_button;
  GtkLabel *problem;

  char *wanted; /* id of the case to stand on; NULL */
  char *chosen; /* id of the one that is shown; NULL */
};

G_DEFINE_FINAL_TYPE (TamboApprovalsPage, tambo_approvals_page, TAMBO_TYPE_DESK_PAGE)

static TamboSession *session_of (TamboApprovalsPage *self) {
  return tambo_desk_page_get_session (TAMBO_DESK_PAGE (self));
}

/* ---- one case ---- */

typedef struct {
  TamboStation *station;
  char *case_id;
  TamboEnrolment *enrolment;
  GPtrArray *checks;                    /* of TamboCheck */
  cairo_surface_t *portrait, *document; /* NULL: there is none */
} Look;

static void look_free (Look *look) {
  g_object_unref (look->station);
  g_free (look->case_id);
  g_clear_pointer (&look->enrolment, tambo_enrolment_free);
  g_clear_pointer (&look->checks, g_ptr_array_unref);
  g_clear_pointer (&look->portrait, cairo_surface_destroy);
  g_clear_pointer (&look->document, cairo_surface_destroy);
  g_free (look);
}

static cairo_surface_t *load_picture (Look *look, const char *slot, GError **error) {
  return tambo_enrolment_find_sample (look->enrolment, slot) != NULL ? tambo_picture_load (
             look->station, look->enrolment, slot, PICTURE_WIDTH * 2, PICTURE_HEIGHT * 2, error)
                                                                     : NULL;
}

static gboolean look_at_case (gpointer data, GCancellable *cancellable, GError **error) {
  Look *look = data;
  GError *cause = NULL;

  look->enrolment = tambo_case_desk_look (look->station, look->case_id, &look->checks, error);
  if (look->enrolment == NULL)
    return FALSE;
  look->portrait = load_picture (look, "portrait", &cause);
  if (cause == NULL)
    look->document = load_picture (look, "document-travel-document", &cause);
  if (cause != NULL)
    g_propagate_error (error, cause);
  return cause == NULL;
}

static void add_exception (TamboApprovalsPage *self, const TamboFingerException *exception) {
  g_autofree char *noted = g_strdup_printf (_ ("noted by %s"), exception->operator_id);
  g_autofree char *subtitle = g_strjoin (", ", tambo_text_reason (exception->reason), noted, NULL);

  /* Below each other: beside the pictures there is no room for a value. */
  tambo_row_list_add_fact (self->reasons, "system-switch-user-symbolic",
                           tambo_text_finger (exception->finger), subtitle, NULL);
}

static void show_reasons (TamboApprovalsPage *self, const Look *look) {
  int place = tambo_row_list_begin (self->reasons);

  for (guint i = 0; i < look->enrolment->exceptions->len; i++)
    add_exception (self, g_ptr_array_index (look->enrolment->exceptions, i));
  for (guint i = 0; i < look->checks->len; i++) {
    const TamboCheck *check = g_ptr_array_index (look->checks, i);
    g_autofree char *text = tambo_text_check (check);
    gboolean is_finger = g_str_has_prefix (check->rule, "finger-");
    if (check->verdict != TAMBO_CHECK_PASSED && !is_finger)
      tambo_row_list_add_fact (self->reasons, "dialog-warning-symbolic",
                               tambo_text_rule (check->rule), text, NULL);
  }
  tambo_row_list_end (self->reasons, place);
}

static void show_pictures (TamboApprovalsPage *self, const Look *look) {
  tambo_picture_area_set_surface (self->portrait, look != NULL ? look->portrait : NULL);
  tambo_picture_area_set_surface (self->document, look != NULL ? look->document : NULL);
  gtk_widget_set_visible (self->document_box, look != NULL && look->document != NULL);
}

static void show_case (TamboApprovalsPage *self, const Look *look) {
  const TamboApplicant *applicant = look->enrolment->applicant;
  g_autofree char *name =
      g_strdup_printf ("%s, %s", applicant->surname != NULL ? applicant->surname : "",
                       applicant->given_names != NULL ? applicant->given_names : "");
  g_autofree char *time = tambo_text_time (look->enrolment->created_at);
  g_autofree char *who =
      g_strdup_printf (_ ("%s · captured by %s, %s"), look->enrolment->tracking_number,
                       look->enrolment->operator_id, time);

  gtk_label_set_label (self->name, name);
  gtk_label_set_label (self->who, who);
  gtk_label_set_label (self->problem, "");
  show_pictures (self, look);
  show_reasons (self, look);
  gtk_widget_set_visible (self->detail, TRUE);
}

static void on_looked (gpointer owner, gpointer data, const GError *error) {
  TamboApprovalsPage *self = owner;
  const Look *look = data;

  /* Another one was chosen meanwhile. */
  if (g_strcmp0 (look->case_id, self->chosen) != 0)
    return;
  if (error != NULL)
    tambo_session_fail (session_of (self), error);
  else
    show_case (self, look);
}

static void choose (TamboApprovalsPage *self, const char *case_id) {
  Look *look = g_new0 (Look, 1);

  g_free (self->chosen);
  self->chosen = g_strdup (case_id);
  tambo_list_memory_choose (self->list, case_id);
  look->station = g_object_ref (tambo_session_get_station (session_of (self)));
  look->case_id = g_strdup (case_id);
  tambo_work_push (tambo_session_get_desk_queue (session_of (self)), look_at_case, look,
                   (GDestroyNotify) look_free, NULL, on_looked, self);
}

static void forget (TamboApprovalsPage *self) {
  g_clear_pointer (&self->chosen, g_free);
  gtk_label_set_label (self->name, "");
  gtk_label_set_label (self->who, "");
  gtk_editable_set_text (self->note_entry, "");
  tambo_row_list_clear (self->reasons);
  show_pictures (self, NULL);
  gtk_widget_set_visible (self->detail, FALSE);
}

/* ---- the list ---- */

typedef struct {
  TamboStation *station;
  GPtrArray *waiting;    /* of TamboParked */
  GPtrArray *procedures; /* of TamboProcedure */
} Load;

static void load_free (Load *load) {
  g_object_unref (load->station);
  g_clear_pointer (&load->waiting, g_ptr_array_unref);
  g_clear_pointer (&load->procedures, g_ptr_array_unref);
  g_free (load);
}

static gboolean load_waiting (gpointer data, GCancellable *cancellable, GError **error) {
  Load *load = data;

  load->procedures = tambo_procedures_list (load->station, error);
  if (load->procedures != NULL)
    load->waiting = tambo_parked_list (load->station, TAMBO_CASE_WAITING, MAX_CASES, error);
  return load->waiting != NULL;
}

static const char *title_of (GPtrArray *procedures, const char *id) {
  for (guint i = 0; i < procedures->len; i++) {
    const TamboProcedure *procedure = g_ptr_array_index (procedures, i);
    if (g_str_equal (procedure->id, id))
      return tambo_session_procedure_title (procedure);
  }
  return id;
}

/* The one that is wanted or shown, or the first; -1 without any. */
static int find_chosen (TamboApprovalsPage *self, GPtrArray *waiting) {
  const char *id = self->wanted != NULL ? self->wanted : self->chosen;

  for (guint i = 0; id != NULL && i < waiting->len; i++) {
    const TamboParked *parked = g_ptr_array_index (waiting, i);
    if (g_str_equal (parked->row->id, id))
      return (int) i;
  }
  return waiting->len > 0 ? 0 : -1;
}

static void choose_again (TamboApprovalsPage *self, GPtrArray *waiting) {
  int index = find_chosen (self, waiting);
  const TamboParked *parked = index >= 0 ? g_ptr_array_index (waiting, (guint) index) : NULL;

  g_clear_pointer (&self->wanted, g_free);
  if (parked == NULL)
    forget (self);
  else if (g_strcmp0 (self->chosen, parked->row->id) != 0)
    choose (self, parked->row->id);
}

/* All of them wait: their state says nothing new. */
static void add_row (TamboApprovalsPage *self, const TamboParked *parked, const char *procedure) {
  const char *number = parked->row->tracking_number;
  g_autofree char *below = g_strdup_printf ("%s · %s", number, procedure);
  gboolean has_name = *parked->name != '\0';
  GtkWidget *row = tambo_row_list_add_fact (self->list, "system-switch-user-symbolic",
                                            has_name ? parked->name : number,
                                            has_name ? below : procedure, NULL);

  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  tambo_list_memory_set_key (row, parked->row->id);
  g_object_set_data_full (G_OBJECT (row), "id", g_strdup (parked->row->id), g_free);
}

/* Who weighs the case CHOSEN stays there when the list comes again. */
static gboolean is_deciding (TamboApprovalsPage *self, const char *chosen) {
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focused = root != NULL ? gtk_root_get_focus (root) : NULL;

  return *gtk_editable_get_text (self->note_entry) != '\0'
         || (g_strcmp0 (chosen, self->chosen) == 0 && focused != NULL
             && gtk_widget_is_ancestor (focused, self->detail));
}

static void on_waiting_loaded (gpointer owner, gpointer data, const GError *error) {
  TamboApprovalsPage *self = owner;
  const Load *load = data;

  if (error != NULL) {
    tambo_session_fail (session_of (self), error);
    return;
  }
  int place = tambo_row_list_begin (self->list);
  for (guint i = 0; i < load->waiting->len; i++) {
    const TamboParked *parked = g_ptr_array_index (load->waiting, i);
    add_row (self, parked, title_of (load->procedures, parked->row->procedure_id));
  }
  tambo_row_list_end (self->list, place);
  g_autofree char *text = g_strdup_printf (
      ngettext ("%u case waits", "%u cases wait", load->waiting->len), load->waiting->len);
  gtk_label_set_label (self->summary, text);
  tambo_stack_show (self->stack, load->waiting->len > 0 ? "cases" : "empty");
  g_autofree char *chosen = g_strdup (self->chosen);
  gboolean is_wanted = self->wanted != NULL;
  choose_again (self, load->waiting);
  if (load->waiting->len > 0 && (place < 0 || is_wanted) && !is_deciding (self, chosen))
    tambo_row_list_focus (self->list, find_chosen (self, load->waiting));
}

static void tambo_approvals_page_reload (TamboDeskPage *page) {
  TamboApprovalsPage *self = TAMBO_APPROVALS_PAGE (page);
  Load *load = g_new0 (Load, 1);

  load->station = g_object_ref (tambo_session_get_station (session_of (self)));
  tambo_work_push (tambo_session_get_desk_queue (session_of (self)), load_waiting, load,
                   (GDestroyNotify) load_free, NULL, on_waiting_loaded, self);
}

static void on_row_activated_cb (TamboApprovalsPage *self, GtkListBoxRow *row) {
  choose (self, g_object_get_data (G_OBJECT (row), "id"));
  /* Its pictures may still be on their way; what is not on the screen takes no focus. */
  gtk_widget_set_visible (self->detail, TRUE);
  tambo_focus_take (GTK_WIDGET (self->note_entry));
}

/* ---- the decision ---- */

typedef struct {
  char *case_id, *note;
  gboolean is_approved;
} Decision;

static void decision_free (Decision *decision) {
  g_free (decision->case_id);
  tambo_secret_string_free (decision->note);
  g_free (decision);
}

static gboolean decide (TamboStation *station, gpointer data, GError **error) {
  const Decision *decision = data;

  return tambo_case_desk_decide (station, decision->case_id, decision->is_approved, decision->note,
                                 error);
}

static void on_decided (gpointer owner, gpointer data, const GError *error) {
  TamboApprovalsPage *self = owner;

  gtk_widget_set_sensitive (self->approve_button, TRUE);
  gtk_widget_set_sensitive (self->reject_button, TRUE);
  if (error != NULL) {
    g_autofree char *sentence = tambo_error_text_sentence (error);
    if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
      gtk_label_set_label (self->problem, sentence);
    tambo_focus_take (GTK_WIDGET (self->note_entry));
    return;
  }
  forget (self);
  tambo_approvals_page_reload (TAMBO_DESK_PAGE (self));
}

static void begin_decision (TamboApprovalsPage *self, gboolean is_approved) {
  const char *note = gtk_editable_get_text (self->note_entry);
  GtkWidget *button = is_approved ? self->approve_button : self->reject_button;
  g_autofree char *sentence = NULL;

  if (self->chosen == NULL)
    return;
  if (*note == '\0') {
    gtk_label_set_label (self->problem, _ ("Write a sentence: it goes with the case."));
    tambo_focus_take (GTK_WIDGET (self->note_entry));
    return;
  }
  Decision *decision = g_new0 (Decision, 1);
  decision->case_id = g_strdup (self->chosen);
  decision->note = g_strdup (note);
  decision->is_approved = is_approved;
  sentence = g_strdup_printf (
      is_approved ? _ ("I approve this case: %s") : _ ("I reject this case: %s"), note);
  gtk_widget_set_sensitive (self->approve_button, FALSE);
  gtk_widget_set_sensitive (self->reject_button, FALSE);
  tambo_two_persons_run (button, session_of (self), sentence, decide, decision,
                         (GDestroyNotify) decision_free, on_decided, self);
}

static void on_approve_cb (TamboApprovalsPage *self) {
  begin_decision (self, TRUE);
}

static void on_reject_cb (TamboApprovalsPage *self) {
  begin_decision (self, FALSE);
}

static void on_note_entered_cb (TamboApprovalsPage *self) {
  tambo_focus_take (self->approve_button);
}

/* ---- the page ---- */

static void tambo_approvals_page_enter (TamboDeskPage *page) {
  TamboApprovalsPage *self = TAMBO_APPROVALS_PAGE (page);

  if (self->wanted == NULL)
    self->wanted = g_strdup (tambo_list_memory_get_chosen (self->list));
  forget (self);
  tambo_approvals_page_reload (page);
}

static void tambo_approvals_page_look_at (TamboDeskPage *page, const char *id) {
  TamboApprovalsPage *self = TAMBO_APPROVALS_PAGE (page);

  g_free (self->wanted);
  self->wanted = g_strdup (id);
}

static void tambo_approvals_page_clear (TamboDeskPage *page) {
  TamboApprovalsPage *self = TAMBO_APPROVALS_PAGE (page);

  tambo_row_list_clear (self->list);
  forget (self);
}

static void tambo_approvals_page_dispose (GObject *object) {
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_APPROVALS_PAGE);
  G_OBJECT_CLASS (tambo_approvals_page_parent_class)->dispose (object);
}

static void tambo_approvals_page_finalize (GObject *object) {
  g_free (TAMBO_APPROVALS_PAGE (object)->wanted);
  g_free (TAMBO_APPROVALS_PAGE (object)->chosen);
  G_OBJECT_CLASS (tambo_approvals_page_parent_class)->finalize (object);
}

static void bind_children (GtkWidgetClass *widget_class) {
  gtk_widget_class_bind_template_child (widget_class, TamboApprovalsPage, summary);
  gtk_widget_class_bind_template_child (widget_class, TamboApprovalsPage, stack);
  gtk_widget_class_bind_template_child (widget_class, TamboApprovalsPage, list);
  gtk_widget_class_bind_template_child (widget_class, TamboApprovalsPage, detail);
  gtk_widget_class_bind_template_child (widget_class, TamboApprovalsPage, name);
  gtk_widget_class_bind_template_child (widget_class, TamboApprovalsPage, who);
  gtk_widget_class_bind_template_child (widget_class, TamboApprovalsPage, portrait);
  gtk_widget_class_bind_template_child (widget_class, TamboApprovalsPage, document);
  gtk_widget_class_bind_template_child (widget_class, TamboApprovalsPage, document_box);
  gtk_widget_class_bind_template_child (widget_class, TamboApprovalsPage, reasons);
  gtk_widget_class_bind_template_child (widget_class, TamboApprovalsPage, note_entry);
  gtk_widget_class_bind_template_child (widget_class, TamboApprovalsPage, approve_button);
  gtk_widget_class_bind_template_child (widget_class, TamboApprovalsPage, reject_button);
  gtk_widget_class_bind_template_child (widget_class, TamboApprovalsPage, problem);
}

static void tambo_approvals_page_class_init (TamboApprovalsPageClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  TamboDeskPageClass *page_class = TAMBO_DESK_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_approvals_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = tambo_approvals_page_finalize;
  page_class->enter = tambo_approvals_page_enter;
  page_class->look_at = tambo_approvals_page_look_at;
  page_class->reload = tambo_approvals_page_reload;
  page_class->clear = tambo_approvals_page_clear;
  g_type_ensure (TAMBO_TYPE_PICTURE_AREA);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tambo/Station/ui/approvals-page.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_approve_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_reject_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_note_entered_cb);
}

static void tambo_approvals_page_init (TamboApprovalsPage *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  tambo_row_list_set_up (self->list);
  tambo_row_list_set_up (self->reasons);
  tambo_picture_area_set_label (self->portrait, _ ("Portrait, taken here"));
  tambo_picture_area_set_label (self->document, _ ("Travel document, for comparison"));
  tambo_stack_show (self->stack, "empty");
}
