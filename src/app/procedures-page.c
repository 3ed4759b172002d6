/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/procedures-page.h"

#include <glib/gi18n.h>

#include "app/error-text.h"
#include "app/focus.h"
#include "app/speak.h"
#include "station/procedures.h"

struct _TamboProceduresPage {
  AdwBin parent;
  GtkListBox *list;
  GtkLabel *person;
  TamboSession *session;
  GPtrArray *procedures; /* of TamboProcedure, in the order of the rows */
  char *last_id; /* what the applicant before came for, most likely the next one too; NULL */
};

G_DEFINE_FINAL_TYPE (TamboProceduresPage, tambo_procedures_page, ADW_TYPE_BIN)

static guint procedure_chosen_signal;

typedef struct {
  TamboStation *station;
  GPtrArray *procedures; /* of TamboProcedure */
} Loaded;

static void loaded_free (Loaded *loaded) {
  g_object_unref (loaded->station);
  g_clear_pointer (&loaded->procedures, g_ptr_array_unref);
  g_free (loaded);
}

static gboolean load_procedures (gpointer data, GCancellable *cancellable, GError **error) {
  Loaded *loaded = data;

  loaded->procedures = tambo_procedures_list (loaded->station, error);
  return loaded->procedures != NULL;
}

/* What is asked for, in one line. */
static char *describe (const TamboProcedure *procedure) {
  g_autoptr (GPtrArray) parts = g_ptr_array_new ();
  g_autofree char *fingers = NULL;
  int n_fingers = __builtin_popcount (procedure->required_fingers);

  if (procedure->portrait_required)
    g_ptr_array_add (parts, (gpointer) _ ("Portrait"));
  if (n_fingers > 0) {
    fingers = g_strdup_printf (ngettext ("%d finger", "%d fingers", n_fingers), n_fingers);
    g_ptr_array_add (parts, fingers);
  }
  if (procedure->signature_required)
    g_ptr_array_add (parts, (gpointer) _ ("Signature"));
  for (char **kind = procedure->required_documents; kind != NULL && *kind != NULL; kind++)
    g_ptr_array_add (parts, (gpointer) tambo_text_document (*kind));
  g_ptr_array_add (parts, NULL);
  return g_strjoinv (" · ", (char **) parts->pdata);
}

static void add_row (TamboProceduresPage *self, const TamboProcedure *procedure) {
  GtkWidget *row = adw_action_row_new ();
  GtkWidget *arrow = g_object_new (GTK_TYPE_IMAGE, "icon-name", "go-next-symbolic",
                                   "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  g_autofree char *subtitle = describe (procedure);

  adw_preferences_row_set_use_markup (ADW_PREFERENCES_ROW (row), FALSE);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (row),
                                 tambo_session_procedure_title (procedure));
  adw_action_row_set_subtitle (ADW_ACTION_ROW (row), subtitle);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), arrow);
  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  gtk_accessible_reset_relation (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_RELATION_LABELLED_BY);
  gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  tambo_session_procedure_title (procedure), -1);
  gtk_list_box_append (self->list, row);
}

static void focus_last_row (TamboProceduresPage *self) {
  int place = 0;

  for (guint i = 0; i < self->procedures->len; i++) {
    const TamboProcedure *procedure = g_ptr_array_index (self->procedures, i);
    if (g_strcmp0 (procedure->id, self->last_id) == 0)
      place = (int) i;
  }
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->list, place);
  if (row != NULL)
    tambo_focus_take (GTK_WIDGET (row));
}

static void on_procedures_loaded (gpointer owner, gpointer data, const GError *error) {
  TamboProceduresPage *self = owner;
  Loaded *loaded = data;
  GtkListBoxRow *row;

  if (error != NULL) {
    tambo_session_fail (self->session, error);
    return;
  }
  while ((row = gtk_list_box_get_row_at_index (self->list, 0)) != NULL)
    gtk_list_box_remove (self->list, GTK_WIDGET (row));
  g_clear_pointer (&self->procedures, g_ptr_array_unref);
  self->procedures = g_steal_pointer (&loaded->procedures);
  for (guint i = 0; i < self->procedures->len; i++)
    add_row (self, g_ptr_array_index (self->procedures, i));
  focus_last_row (self);
  if (self->procedures->len == 0) {
    g_autoptr (GError) none = g_error_new_literal (
        TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_NOT_FOUND, "no procedures are installed");
    tambo_session_fail (self->session, none);
  }
}

static void on_row_activated_cb (TamboProceduresPage *self, GtkListBoxRow *row) {
  const TamboProcedure *procedure =
      g_ptr_array_index (self->procedures, (guint) gtk_list_box_row_get_index (row));

  g_free (self->last_id);
  self->last_id = g_strdup (procedure->id);
  g_signal_emit (self, procedure_chosen_signal, 0, self->last_id);
}

static void tambo_procedures_page_dispose (GObject *object) {
  TamboProceduresPage *self = TAMBO_PROCEDURES_PAGE (object);

  g_clear_object (&self->session);
  g_clear_pointer (&self->procedures, g_ptr_array_unref);
  g_clear_pointer (&self->last_id, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_PROCEDURES_PAGE);
  G_OBJECT_CLASS (tambo_procedures_page_parent_class)->dispose (object);
}

/* Whose document it was does not stay in a page that is not seen. */
static void tambo_procedures_page_unmap (GtkWidget *widget) {
  gtk_label_set_label (TAMBO_PROCEDURES_PAGE (widget)->person, "");
  GTK_WIDGET_CLASS (tambo_procedures_page_parent_class)->unmap (widget);
}

static void tambo_procedures_page_class_init (TamboProceduresPageClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_procedures_page_dispose;
  widget_class->unmap = tambo_procedures_page_unmap;
  procedure_chosen_signal =
      g_signal_new ("procedure-chosen", TAMBO_TYPE_PROCEDURES_PAGE, G_SIGNAL_RUN_LAST, 0, NULL,
                    NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tambo/Station/ui/procedures-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboProceduresPage, list);
  gtk_widget_class_bind_template_child (widget_class, TamboProceduresPage, person);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated_cb);
}

static void tambo_procedures_page_init (TamboProceduresPage *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  tambo_speak_label (self->person);
}

void tambo_procedures_page_set_session (TamboProceduresPage *self, TamboSession *session) {
  g_set_object (&self->session, session);
}

void tambo_procedures_page_enter (TamboProceduresPage *self, const char *person) {
  Loaded *loaded;

  g_autofree char *text =
      person != NULL ? g_strdup_printf (_ ("The document of %s was read."), person) : NULL;

  gtk_label_set_label (self->person, text != NULL ? text : "");
  gtk_widget_set_visible (GTK_WIDGET (self->person), text != NULL);
  loaded = g_new0 (Loaded, 1);
  loaded->station = g_object_ref (tambo_session_get_station (self->session));
  tambo_work_push (tambo_session_get_desk_queue (self->session), load_procedures, loaded,
                   (GDestroyNotify) loaded_free, NULL, on_procedures_loaded, self);
}
