/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/documents-page.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/capture-removal.h"
#include "app/document-row.h"
#include "app/error-text.h"
#include "app/focus.h"
#include "app/sample-loader.h"
#include "app/scan-run.h"
#include "app/shortcuts.h"
#include "app/speak.h"
#include "capture/document-reader.h"

#define THUMB_WIDTH 320
#define THUMB_HEIGHT 240

struct _TamboDocumentsPage {
  TamboStepPage parent;
  GtkListBox *list;
  GtkEntry *path_entry;
  GtkLabel *prompt;
  GtkSpinner *spinner;
  GtkButton *scan_button;
  GtkFileChooserNative *chooser;
  TamboPagePile *pile;       /* to which the next sheet is added, or NULL */
  GCancellable *cancellable; /* of the sheet that is being scanned, or NULL */
  gboolean is_saving;        /* it was scanned, and the case has the pile for itself */
  gboolean is_watching;
};

G_DEFINE_FINAL_TYPE (TamboDocumentsPage, tambo_documents_page, TAMBO_TYPE_STEP_PAGE)

static TamboSession *session_of (TamboDocumentsPage *self) {
  return tambo_step_page_get_session (TAMBO_STEP_PAGE (self));
}

static TamboDocumentRow *row_at (TamboDocumentsPage *self, int place) {
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, place);

  return row != NULL ? TAMBO_DOCUMENT_ROW (row) : NULL;
}

/* ---- pictures ---- */

static void on_picture_loaded (gpointer owner, cairo_surface_t *picture) {
  tambo_document_row_set_picture (owner, picture);
}

static void show_row (TamboDocumentsPage *self, TamboDocumentRow *row, gboolean load) {
  const TamboEnrolment *shown = tambo_session_get_shown (session_of (self));
  g_autofree char *slot = g_strconcat ("document-", tambo_document_row_get_kind (row), NULL);
  const TamboSample *sample = tambo_enrolment_find_sample (shown, slot);

  tambo_document_row_show (row, sample);
  if (load && sample != NULL)
    tambo_sample_loader_load (session_of (self), slot, THUMB_WIDTH, THUMB_HEIGHT, on_picture_loaded,
                              row);
}

static void add_kind (TamboDocumentsPage *self, const char *kind, gboolean is_required) {
  for (int i = 0; row_at (self, i) != NULL; i++)
    if (g_str_equal (tambo_document_row_get_kind (row_at (self, i)), kind))
      return;

  GtkWidget *row = tambo_document_row_new (kind, is_required);
  gtk_list_box_append (self->list, row);
  show_row (self, TAMBO_DOCUMENT_ROW (row), TRUE);
}

static void make_rows (TamboDocumentsPage *self) {
  GPtrArray *checks = tambo_session_get_checks (session_of (self));
  const TamboEnrolment *shown = tambo_session_get_shown (session_of (self));

  while (row_at (self, 0) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row_at (self, 0)));
  /* The rules know the procedure and the age. */
  for (guint i = 0; checks != NULL && i < checks->len; i++) {
    const TamboCheck *check = g_ptr_array_index (checks, i);
    if (g_str_has_prefix (check->rule, "document-"))
      add_kind (self, check->rule + strlen ("document-"), TRUE);
  }
  for (guint i = 0; i < shown->samples->len; i++) {
    const TamboSample *sample = g_ptr_array_index (shown->samples, i);
    if (sample->kind == TAMBO_SAMPLE_DOCUMENT)
      add_kind (self, sample->document_kind, FALSE);
  }
  add_kind (self, "travel-document", FALSE);
  add_kind (self, "other", FALSE);
}

/* The next file is for the first that is missing. */
static gboolean choose_next_row (TamboDocumentsPage *self) {
  for (int i = 0; row_at (self, i) != NULL; i++) {
    if (tambo_document_row_is_missing (row_at (self, i))) {
      gtk_list_box_select_row (self->list, GTK_LIST_BOX_ROW (row_at (self, i)));
      return TRUE;
    }
  }
  return FALSE;
}

static void go_on (TamboDocumentsPage *self) {
  if (choose_next_row (self)) {
    gtk_label_set_label (self->prompt,
                         _ ("A document is missing. Scan it with F7, or add its file."));
    tambo_focus_take (GTK_WIDGET (self->path_entry));
    return;
  }
  gtk_list_box_select_row (self->list, gtk_list_box_get_row_at_index (self->list, 0));
  gtk_label_set_label (self->prompt, _ ("Nothing is missing. More may be added."));
  tambo_step_page_ready (TAMBO_STEP_PAGE (self));
}

static void show_kind (TamboDocumentsPage *self, const char *kind) {
  for (int i = 0; row_at (self, i) != NULL; i++)
    if (g_str_equal (tambo_document_row_get_kind (row_at (self, i)), kind))
      show_row (self, row_at (self, i), TRUE);
}

/* ---- taking out ---- */

static void on_removed (gpointer page) {
  make_rows (page);
  go_on (page);
}

static void on_remove (GtkWidget *widget, const char *name, GVariant *parameter) {
  const char *kind = g_variant_get_string (parameter, NULL);
  g_autofree char *slot = g_strconcat ("document-", kind, NULL);
  g_autofree char *text = g_strdup_printf (_ ("%s was removed."), tambo_text_document (kind));

  tambo_capture_removal_run (TAMBO_STEP_PAGE (widget), slot, text, on_removed);
}

/* ---- adding ---- */

typedef struct {
  char *path;
  char *kind;
  gboolean is_new; /* the case has had none of the kind before */
} Adding;

static void adding_free (Adding *adding) {
  g_free (adding->path);
  g_free (adding->kind);
  g_free (adding);
}

static gboolean run_add (TamboStation *station, TamboEnrolment *enrolment, gpointer data,
                         GCancellable *cancellable, GError **error) {
  const Adding *adding = data;
  g_auto (TamboScan) scan = { NULL };

  return tambo_document_reader_read (adding->path, &scan, error)
         && tambo_enrol_add_document (station, enrolment, adding->kind, scan.bytes, scan.media_type,
                                      scan.width, scan.height, error);
}

static void on_added (gpointer owner, gpointer data, const GError *error) {
  TamboDocumentsPage *self = owner;
  const Adding *adding = data;

  if (error != NULL) {
    tambo_session_fail (session_of (self), error);
    tambo_focus_take (GTK_WIDGET (self->path_entry));
    return;
  }
  gtk_editable_set_text (GTK_EDITABLE (self->path_entry), "");
  tambo_speak (GTK_WIDGET (self->path_entry), _ ("Done"));
  show_kind (self, adding->kind);
  if (!adding->is_new) {
    g_autofree char *text =
        g_strdup_printf (_ ("%s was replaced."), tambo_text_document (adding->kind));
    tambo_capture_removal_offer (TAMBO_STEP_PAGE (self), text);
  }
  go_on (self);
}

static void add_file (TamboDocumentsPage *self, const char *path) {
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);
  if (row == NULL)
    return;

  Adding *adding = g_new0 (Adding, 1);
  adding->path = g_strdup (path);
  adding->kind = g_strdup (tambo_document_row_get_kind (TAMBO_DOCUMENT_ROW (row)));
  adding->is_new = !tambo_document_row_is_there (TAMBO_DOCUMENT_ROW (row));
  tambo_session_push (session_of (self), run_add, adding, (GDestroyNotify) adding_free, NULL,
                      on_added, self);
}

static void on_add_cb (TamboDocumentsPage *self) {
  g_autofree char *path =
      g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->path_entry))));

  if (*path == '\0')
    gtk_widget_activate_action (GTK_WIDGET (self), "win.continue", NULL);
  else
    add_file (self, path);
}

static void on_chooser_response_cb (TamboDocumentsPage *self, int response) {
  if (response == GTK_RESPONSE_ACCEPT) {
    g_autoptr (GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (self->chooser));
    g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;
    if (path != NULL)
      add_file (self, path);
  }
  g_clear_object (&self->chooser);
}

static void on_choose_cb (TamboDocumentsPage *self) {
  GtkWindow *window = GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self)));
  g_autoptr (GtkFileFilter) filter = gtk_file_filter_new ();

  g_clear_object (&self->chooser);
  self->chooser = gtk_file_chooser_native_new (_ ("Add a document"), window,
                                               GTK_FILE_CHOOSER_ACTION_OPEN, _ ("Add"), NULL);
  gtk_file_filter_set_name (filter, _ ("Pictures and PDF"));
  gtk_file_filter_add_mime_type (filter, "image/jpeg");
  gtk_file_filter_add_mime_type (filter, "image/png");
  gtk_file_filter_add_mime_type (filter, "application/pdf");
  gtk_file_chooser_add_filter (GTK_FILE_CHOOSER (self->chooser), filter);
  g_signal_connect_object (self->chooser, "response", G_CALLBACK (on_chooser_response_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void on_choose (GtkWidget *widget, const char *name, GVariant *parameter) {
  on_choose_cb (TAMBO_DOCUMENTS_PAGE (widget));
}

/* ---- scanning ---- */

static guint count_sheets (TamboDocumentsPage *self) {
  return self->pile != NULL ? tambo_page_pile_get_length (self->pile) : 0;
}

static void forget_pile (TamboDocumentsPage *self) {
  g_clear_pointer (&self->pile, tambo_page_pile_unref);
}

/* What the button does next, and whether something turns beside the prompt. */
static void show_scanner (TamboDocumentsPage *self) {
  gboolean is_scanning = self->cancellable != NULL;
  const char *label = is_scanning                ? _ ("Stop")
                      : count_sheets (self) == 0 ? _ ("Scan a page")
                                                 : _ ("Scan the next page");

  gtk_button_set_label (self->scan_button, label);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->scan_button), is_scanning ? _ ("Esc") : "F7");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->scan_button), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  label, -1);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), is_scanning);
  gtk_spinner_set_spinning (self->spinner, is_scanning);
}

static void show_sheets (TamboDocumentsPage *self) {
  guint n = count_sheets (self);
  g_autofree char *text =
      g_strdup_printf (ngettext ("%u page is saved. F7 scans the next one, Continue goes on.",
                                 "%u pages are saved. F7 scans the next one, Continue goes on.", n),
                       n);

  show_scanner (self);
  gtk_label_set_label (self->prompt, text);
  tambo_focus_take (GTK_WIDGET (self->scan_button));
}

static TamboDocumentRow *find_row (TamboDocumentsPage *self, const char *kind) {
  for (int i = 0; row_at (self, i) != NULL; i++)
    if (g_str_equal (tambo_document_row_get_kind (row_at (self, i)), kind))
      return row_at (self, i);
  return NULL;
}

static void stop_scanning (TamboDocumentsPage *self) {
  if (self->cancellable == NULL)
    return;
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->is_saving || count_sheets (self) == 0)
    forget_pile (self);
  self->is_saving = FALSE;
  show_scanner (self);
}

static void on_saving (gpointer owner) {
  TAMBO_DOCUMENTS_PAGE (owner)->is_saving = TRUE;
}

static void on_sheet (gpointer owner, cairo_surface_t *picture, const GError *error) {
  TamboDocumentsPage *self = owner;
  TamboDocumentRow *row = find_row (self, tambo_page_pile_get_kind (self->pile));
  gboolean was_there = row != NULL && tambo_document_row_is_there (row);

  g_clear_object (&self->cancellable);
  self->is_saving = FALSE;
  show_scanner (self);
  tambo_session_fail (session_of (self), error);
  if (count_sheets (self) > 0)
    show_sheets (self);
  else
    go_on (self);
  tambo_focus_take (GTK_WIDGET (self->scan_button));
  if (error != NULL || row == NULL)
    return;
  show_row (self, row, FALSE);
  tambo_document_row_set_picture (row, picture);
  if (was_there) {
    g_autofree char *text = g_strdup_printf (
        count_sheets (self) > 1 ? _ ("A page was added to: %s") : _ ("%s was replaced."),
        tambo_text_document (tambo_document_row_get_kind (row)));
    tambo_capture_removal_offer (TAMBO_STEP_PAGE (self), text);
  }
}

static void scan (TamboDocumentsPage *self) {
  const TamboEnrolment *shown = tambo_session_get_shown (session_of (self));
  GtkListBoxRow *row = gtk_list_box_get_selected_row (self->list);
  if (row == NULL || self->cancellable != NULL)
    return;

  const char *kind = tambo_document_row_get_kind (TAMBO_DOCUMENT_ROW (row));
  if (self->pile != NULL && !g_str_equal (tambo_page_pile_get_kind (self->pile), kind))
    forget_pile (self);
  if (self->pile == NULL)
    self->pile = tambo_page_pile_new (shown->id, kind);
  g_autofree char *text = g_strdup_printf (_ ("Page %u is being scanned. Esc stops it."),
                                           tambo_page_pile_get_length (self->pile) + 1);
  self->cancellable = g_cancellable_new ();
  show_scanner (self);
  gtk_label_set_label (self->prompt, text);
  tambo_focus_take (GTK_WIDGET (self->scan_button));
  tambo_scan_run (session_of (self), self->pile, THUMB_WIDTH, THUMB_HEIGHT, self->cancellable,
                  on_saving, on_sheet, self);
}

static void on_scan (GtkWidget *widget, const char *name, GVariant *parameter) {
  scan (TAMBO_DOCUMENTS_PAGE (widget));
}

static void tambo_documents_page_cancel (TamboStepPage *page) {
  TamboDocumentsPage *self = TAMBO_DOCUMENTS_PAGE (page);
  /* What is there is saved. */
  if (self->cancellable == NULL || self->is_saving)
    return;

  stop_scanning (self);
  gtk_label_set_label (self->prompt, _ ("The scan was stopped."));
  tambo_focus_take (GTK_WIDGET (self->scan_button));
}

static void on_scan_cb (TamboDocumentsPage *self) {
  if (self->cancellable != NULL)
    tambo_documents_page_cancel (TAMBO_STEP_PAGE (self));
  else
    scan (self);
}

/* The sheets are of one applicant. */
static void on_case_changed_cb (TamboDocumentsPage *self) {
  if (tambo_session_get_shown (session_of (self)) == NULL)
    forget_pile (self);
}

/* Back from an undo, or from another step, to the same document. */
static gboolean go_on_scanning (TamboDocumentsPage *self) {
  TamboDocumentRow *row;

  if (self->pile == NULL)
    return FALSE;
  tambo_page_pile_follow (self->pile, tambo_session_get_shown (session_of (self)));
  row = find_row (self, tambo_page_pile_get_kind (self->pile));
  if (count_sheets (self) == 0 || row == NULL) {
    forget_pile (self);
    return FALSE;
  }
  gtk_list_box_select_row (self->list, GTK_LIST_BOX_ROW (row));
  show_sheets (self);
  return TRUE;
}

/* The document is whole; another one may be missing. */
static gboolean tambo_documents_page_finish (TamboStepPage *page) {
  TamboDocumentsPage *self = TAMBO_DOCUMENTS_PAGE (page);
  if (self->cancellable != NULL)
    return FALSE;

  gboolean was_scanned = count_sheets (self) > 0;
  forget_pile (self);
  show_scanner (self);
  if (!was_scanned || !choose_next_row (self))
    return TRUE;
  go_on (self);
  tambo_focus_take (GTK_WIDGET (self->scan_button));
  return FALSE;
}

/* ---- the page ---- */

static void tambo_documents_page_enter (TamboStepPage *page) {
  TamboDocumentsPage *self = TAMBO_DOCUMENTS_PAGE (page);

  if (!self->is_watching)
    g_signal_connect_object (session_of (self), "case-changed", G_CALLBACK (on_case_changed_cb),
                             self, G_CONNECT_SWAPPED);
  self->is_watching = TRUE;
  make_rows (self);
  if (!go_on_scanning (self))
    go_on (self);
  show_scanner (self);
}

static void tambo_documents_page_leave (TamboStepPage *page) {
  TamboDocumentsPage *self = TAMBO_DOCUMENTS_PAGE (page);

  stop_scanning (self);

  gtk_editable_set_text (GTK_EDITABLE (self->path_entry), "");
  g_clear_object (&self->chooser);
  for (int i = 0; row_at (self, i) != NULL; i++)
    tambo_document_row_set_picture (row_at (self, i), NULL);
}

static void tambo_documents_page_dispose (GObject *object) {
  TamboDocumentsPage *self = TAMBO_DOCUMENTS_PAGE (object);

  g_clear_object (&self->chooser);
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->pile, tambo_page_pile_unref);
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_DOCUMENTS_PAGE);
  G_OBJECT_CLASS (tambo_documents_page_parent_class)->dispose (object);
}

static void tambo_documents_page_class_init (TamboDocumentsPageClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  TamboStepPageClass *step_class = TAMBO_STEP_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_documents_page_dispose;
  step_class->enter = tambo_documents_page_enter;
  step_class->leave = tambo_documents_page_leave;
  step_class->finish = tambo_documents_page_finish;
  step_class->cancel = tambo_documents_page_cancel;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tambo/Station/ui/documents-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboDocumentsPage, list);
  gtk_widget_class_bind_template_child (widget_class, TamboDocumentsPage, path_entry);
  gtk_widget_class_bind_template_child (widget_class, TamboDocumentsPage, prompt);
  gtk_widget_class_bind_template_child (widget_class, TamboDocumentsPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, TamboDocumentsPage, scan_button);
  gtk_widget_class_bind_template_callback (widget_class, on_add_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_choose_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_scan_cb);
  gtk_widget_class_install_action (widget_class, "documents.scan", NULL, on_scan);
  gtk_widget_class_install_action (widget_class, "documents.choose", NULL, on_choose);
  gtk_widget_class_install_action (widget_class, "documents.remove", "s", on_remove);
}

static void tambo_documents_page_init (TamboDocumentsPage *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  tambo_shortcuts_attach (GTK_WIDGET (self), "documents");
  tambo_speak_label (self->prompt);
}
