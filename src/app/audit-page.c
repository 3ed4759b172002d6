/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/audit-page.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/audit-text.h"
#include "app/error-text.h"
#include "app/focus.h"
#include "app/list-memory.h"
#include "app/row-list.h"
#include "app/speak.h"
#include "station/audit-desk.h"

/* Rows of a GtkListBox are widgets each. */
#define MAX_ROWS 100
/* How far back a filter looks. */
#define DEPTH 50000

struct _TamboAuditPage {
  TamboDeskPage parent;
  GtkLabel *summary;
  GtkSearchEntry *filter_entry;
  GtkListBox *list;
  GtkWidget *verify_button, *export_button;
  GtkEditable *path_entry;
  GtkSpinner *spinner;
  GtkLabel *result;
  gboolean is_loading, load_again;
};

G_DEFINE_FINAL_TYPE (TamboAuditPage, tambo_audit_page, TAMBO_TYPE_DESK_PAGE)

static TamboSession *session_of (TamboAuditPage *self) {
  return tambo_desk_page_get_session (TAMBO_DESK_PAGE (self));
}

static const char *get_filter (TamboAuditPage *self) {
  return gtk_editable_get_text (GTK_EDITABLE (self->filter_entry));
}

/* ---- the list ---- */

typedef struct {
  TamboStation *station;
  char *filter;
  GPtrArray *entries; /* of TamboAuditEntry, newest first, at most MAX_ROWS */
  gint64 size;
  guint n_found;
} Load;

static void load_free (Load *load) {
  g_object_unref (load->station);
  g_free (load->filter);
  g_clear_pointer (&load->entries, g_ptr_array_unref);
  g_free (load);
}

/* Every word is in who, what or to what, or in the time. */
static gboolean is_wanted (const TamboAuditEntry *entry, char **words) {
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT " %s %s %s %s %s", entry->number,
                                           entry->time, entry->actor, entry->action,
                                           tambo_text_audit (entry->action), entry->subject);

  for (char **word = words; *word != NULL; word++)
    if (strstr (text, *word) == NULL)
      return FALSE;
  return TRUE;
}

static gboolean load_entries (gpointer data, GCancellable *cancellable, GError **error) {
  Load *load = data;
  g_auto (GStrv) words = g_strsplit (load->filter, " ", -1);
  guint depth = *load->filter != '\0' ? DEPTH : MAX_ROWS;
  g_autoptr (GPtrArray) all =
      tambo_audit_desk_list_newest (load->station, depth, &load->size, error);

  if (all == NULL)
    return FALSE;
  load->entries = g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_audit_entry_free);
  for (guint i = all->len; i-- > 0;) {
    if (!is_wanted (g_ptr_array_index (all, i), words))
      continue;
    load->n_found++;
    if (load->entries->len < MAX_ROWS)
      g_ptr_array_add (load->entries, g_ptr_array_steal_index (all, i));
  }
  return TRUE;
}

static void add_entry (TamboAuditPage *self, const TamboAuditEntry *entry) {
  g_autofree char *time = tambo_text_time (entry->time);
  g_autofree char *title =
      g_strdup_printf ("%s · %s", tambo_text_audit (entry->action), entry->actor);
  g_autofree char *subtitle = g_strdup_printf (
      "%s · %s%s%s", time, entry->action, *entry->subject != '\0' ? " · " : "", entry->subject);
  g_autofree char *number = g_strdup_printf ("%" G_GINT64_FORMAT, entry->number);

  tambo_list_memory_set_key (tambo_row_list_add_fact (self->list, NULL, title, subtitle, number),
                             number);
}

static void on_entries_loaded (gpointer owner, gpointer data, const GError *error) {
  TamboAuditPage *self = owner;
  const Load *load = data;

  self->is_loading = FALSE;
  if (error != NULL) {
    tambo_session_fail (session_of (self), error);
  } else if (g_str_equal (load->filter, get_filter (self))) {
    int place = tambo_row_list_begin (self->list);
    for (guint i = 0; i < load->entries->len; i++)
      add_entry (self, g_ptr_array_index (load->entries, i));
    tambo_row_list_end (self->list, place);
    g_autofree char *text = *load->filter != '\0'
                                ? g_strdup_printf (_ ("%u of the newest %ld entries"),
                                                   load->n_found, (long) MIN (load->size, DEPTH))
                                : g_strdup_printf (_ ("%ld entries"), (long) load->size);
    gtk_label_set_label (self->summary, text);
  }
  if (self->load_again)
    tambo_desk_page_reload (TAMBO_DESK_PAGE (self));
}

static void tambo_audit_page_reload (TamboDeskPage *page) {
  TamboAuditPage *self = TAMBO_AUDIT_PAGE (page);

  self->load_again = self->is_loading;
  if (self->is_loading)
    return;
  Load *load = g_new0 (Load, 1);
  load->station = g_object_ref (tambo_session_get_station (session_of (self)));
  load->filter = g_strdup (get_filter (self));
  self->is_loading = TRUE;
  tambo_work_push (tambo_session_get_desk_queue (session_of (self)), load_entries, load,
                   (GDestroyNotify) load_free, NULL, on_entries_loaded, self);
}

static void on_filter_changed_cb (TamboAuditPage *self) {
  if (session_of (self) != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)))
    tambo_audit_page_reload (TAMBO_DESK_PAGE (self));
}

/* ---- the proof ---- */

typedef struct {
  TamboStation *station;
  char *path; /* NULL: only verified */
  gint64 entries, countersigned;
} Proof;

static void proof_free (Proof *proof) {
  g_object_unref (proof->station);
  g_free (proof->path);
  g_free (proof);
}

static gboolean prove (gpointer data, GCancellable *cancellable, GError **error) {
  Proof *proof = data;

  return proof->path == NULL
             ? tambo_audit_desk_verify (proof->station, &proof->entries, &proof->countersigned,
                                        error)
             : tambo_audit_desk_export (proof->station, proof->path, &proof->entries,
                                        &proof->countersigned, error);
}

static void set_busy (TamboAuditPage *self, gboolean is_busy) {
  gtk_widget_set_sensitive (self->verify_button, !is_busy);
  gtk_widget_set_sensitive (self->export_button, !is_busy);
  gtk_widget_set_visible (GTK_WIDGET (self->spinner), is_busy);
  gtk_spinner_set_spinning (self->spinner, is_busy);
}

static char *describe_proof (const Proof *proof) {
  if (proof->path != NULL)
    return g_strdup_printf (_ ("%ld entries written to %s"), (long) proof->entries, proof->path);
  return g_strdup_printf (
      _ ("Nothing was changed: %ld entries hold, headquarters has countersigned %ld of them."),
      (long) proof->entries, (long) proof->countersigned);
}

static void on_proved (gpointer owner, gpointer data, const GError *error) {
  TamboAuditPage *self = owner;
  g_autofree char *text = error != NULL ? tambo_error_text_sentence (error) : describe_proof (data);

  set_busy (self, FALSE);
  gtk_label_set_label (self->result, text);
  if (error != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->result), "problem");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->result), "problem");
  tambo_focus_take (self->verify_button);
}

static void begin_proof (TamboAuditPage *self, const char *path) {
  Proof *proof = g_new0 (Proof, 1);

  proof->station = g_object_ref (tambo_session_get_station (session_of (self)));
  proof->path = g_strdup (path);
  set_busy (self, TRUE);
  gtk_label_set_label (self->result, _ ("Every entry is being checked…"));
  tambo_work_push (tambo_session_get_desk_queue (session_of (self)), prove, proof,
                   (GDestroyNotify) proof_free, NULL, on_proved, self);
}

static void on_verify_cb (TamboAuditPage *self) {
  begin_proof (self, NULL);
}

static void on_export_cb (TamboAuditPage *self) {
  const char *path = gtk_editable_get_text (self->path_entry);

  if (*path == '\0')
    tambo_focus_take (GTK_WIDGET (self->path_entry));
  else
    begin_proof (self, path);
}

/* ---- the page ---- */

/* Where an export goes when nobody says another place. In a Flatpak the home folder is not the user's, and gone with the
 * window. */
static char *suggest_path (TamboStation *station) {
  gboolean is_inside = g_file_test ("/.flatpak-info", G_FILE_TEST_EXISTS);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *date = g_date_time_format (now, "%F");
  g_autofree char *name = g_strdup_printf ("%s-%s.audit", tambo_station_get_code (station), date);

  return g_build_filename (is_inside ? g_get_user_data_dir () : g_get_home_dir (), name, NULL);
}

static void tambo_audit_page_enter (TamboDeskPage *page) {
  TamboAuditPage *self = TAMBO_AUDIT_PAGE (page);
  g_autofree char *path = suggest_path (tambo_session_get_station (session_of (self)));

  gtk_label_set_label (self->result, "");
  gtk_editable_set_text (self->path_entry, path);
  tambo_focus_take (GTK_WIDGET (self->filter_entry));
  tambo_audit_page_reload (page);
}

static gboolean tambo_audit_page_cancel (TamboDeskPage *page) {
  TamboAuditPage *self = TAMBO_AUDIT_PAGE (page);

  if (*get_filter (self) == '\0')
    return FALSE;
  gtk_editable_set_text (GTK_EDITABLE (self->filter_entry), "");
  return TRUE;
}

static void tambo_audit_page_clear (TamboDeskPage *page) {
  TamboAuditPage *self = TAMBO_AUDIT_PAGE (page);

  gtk_editable_set_text (GTK_EDITABLE (self->filter_entry), "");
  tambo_row_list_clear (self->list);
}

static void tambo_audit_page_dispose (GObject *object) {
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_AUDIT_PAGE);
  G_OBJECT_CLASS (tambo_audit_page_parent_class)->dispose (object);
}

static void tambo_audit_page_class_init (TamboAuditPageClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  TamboDeskPageClass *page_class = TAMBO_DESK_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_audit_page_dispose;
  page_class->enter = tambo_audit_page_enter;
  page_class->reload = tambo_audit_page_reload;
  page_class->cancel = tambo_audit_page_cancel;
  page_class->clear = tambo_audit_page_clear;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tambo/Station/ui/audit-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboAuditPage, summary);
  gtk_widget_class_bind_template_child (widget_class, TamboAuditPage, filter_entry);
  gtk_widget_class_bind_template_child (widget_class, TamboAuditPage, list);
  gtk_widget_class_bind_template_child (widget_class, TamboAuditPage, verify_button);
  gtk_widget_class_bind_template_child (widget_class, TamboAuditPage, export_button);
  gtk_widget_class_bind_template_child (widget_class, TamboAuditPage, path_entry);
  gtk_widget_class_bind_template_child (widget_class, TamboAuditPage, spinner);
  gtk_widget_class_bind_template_child (widget_class, TamboAuditPage, result);
  gtk_widget_class_bind_template_callback (widget_class, on_filter_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_verify_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_export_cb);
}

static void tambo_audit_page_init (TamboAuditPage *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  tambo_speak_label (self->result);
  tambo_row_list_set_up (self->list);
}
