/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/operators-page.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/error-text.h"
#include "app/focus.h"
#include "app/list-memory.h"
#include "app/row-list.h"
#include "app/speak.h"
#include "app/two-persons.h"
#include "base/bytes.h"
#include "station/operator-desk.h"
#include "station/permissions.h"

struct _TamboOperatorsPage {
  TamboDeskPage parent;
  GtkLabel *summary;
  GtkListBox *list;
  GtkLabel *chosen_label;
  GtkWidget *chosen_box;
  GtkButton *disable_button;
  GtkWidget *unlock_button, *reset_button;
  GtkEditable *reset_entry, *name_entry, *password_entry;
  GtkCheckButton *choices[4]; /* in the order of roles[] */
  GtkBox *role_box;
  GtkWidget *add_button;
  GtkLabel *result;

  GPtrArray *rows; /* of TamboOperatorRow, as listed */
  char *chosen;    /* the name of the one the acts are about; NULL */
};

G_DEFINE_FINAL_TYPE (TamboOperatorsPage, tambo_operators_page, TAMBO_TYPE_DESK_PAGE)

static const TamboRole roles[] = { TAMBO_ROLE_CLERK, TAMBO_ROLE_SUPERVISOR, TAMBO_ROLE_TECHNICIAN,
                                   TAMBO_ROLE_AUDITOR };

static TamboSession *session_of (TamboOperatorsPage *self) {
  return tambo_desk_page_get_session (TAMBO_DESK_PAGE (self));
}

static gboolean may (TamboOperatorsPage *self, TamboOperation operation) {
  guint role = tambo_station_get_role (tambo_session_get_station (session_of (self)));

  return (role & tambo_permission (operation)->roles) != 0;
}

/* ---- the list ---- */

static const char *state_of (const TamboOperatorRow *row) {
  if (row->disabled)
    return _ ("May not sign in");
  if (row->wait > 0)
    return _ ("Waits after wrong passwords");
  return row->is_first_password ? _ ("Has not chosen a password yet") : _ ("May sign in");
}

static const TamboOperatorRow *find_chosen (TamboOperatorsPage *self) {
  for (guint i = 0; self->rows != NULL && self->chosen != NULL && i < self->rows->len; i++) {
    const TamboOperatorRow *row = g_ptr_array_index (self->rows, i);
    if (g_str_equal (row->id, self->chosen))
      return row;
  }
  return NULL;
}

static void show_chosen (TamboOperatorsPage *self) {
  const TamboOperatorRow *row = find_chosen (self);
  gboolean is_disabled = row != NULL && row->disabled;
  const char *label = is_disabled ? _ ("Let in again") : _ ("Shut out");

  gtk_label_set_label (self->chosen_label, row != NULL ? row->id : "");
  gtk_widget_set_visible (self->chosen_box,
                          row != NULL && may (self, TAMBO_OPERATION_OPERATOR_DISABLE));
  gtk_button_set_label (self->disable_button, label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->disable_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  gtk_widget_set_visible (self->unlock_button, row != NULL && row->failures > 0);
}

static void show_rows (TamboOperatorsPage *self) {
  int place = tambo_row_list_begin (self->list);

  for (guint i = 0; i < self->rows->len; i++) {
    const TamboOperatorRow *row = g_ptr_array_index (self->rows, i);
    GtkWidget *widget = tambo_row_list_add_fact (
        self->list, row->disabled ? "changes-prevent-symbolic" : "avatar-default-symbolic", row->id,
        tambo_text_role (row->role), state_of (row));
    gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (widget), TRUE);
    tambo_list_memory_set_key (widget, row->id);
  }
  tambo_row_list_end (self->list, place);
  g_autofree char *text =
      g_strdup_printf (ngettext ("%u operator", "%u operators", self->rows->len), self->rows->len);
  gtk_label_set_label (self->summary, text);
}

typedef struct {
  TamboStation *station;
  GPtrArray *rows;
} Load;

static void load_free (Load *load) {
  g_object_unref (load->station);
  g_clear_pointer (&load->rows, g_ptr_array_unref);
  g_free (load);
}

static gboolean load_rows (gpointer data, GCancellable *cancellable, GError **error) {
  Load *load = data;

  load->rows = tambo_operator_desk_list (load->station, error);
  return load->rows != NULL;
}

static void on_rows_loaded (gpointer owner, gpointer data, const GError *error) {
  TamboOperatorsPage *self = owner;
  Load *load = data;

  if (error != NULL) {
    tambo_session_fail (session_of (self), error);
    return;
  }
  g_clear_pointer (&self->rows, g_ptr_array_unref);
  self->rows = g_steal_pointer (&load->rows);
  show_rows (self);
  show_chosen (self);
}

static void tambo_operators_page_reload (TamboDeskPage *page) {
  TamboOperatorsPage *self = TAMBO_OPERATORS_PAGE (page);
  Load *load = g_new0 (Load, 1);

  load->station = g_object_ref (tambo_session_get_station (session_of (self)));
  tambo_work_push (tambo_session_get_desk_queue (session_of (self)), load_rows, load,
                   (GDestroyNotify) load_free, NULL, on_rows_loaded, self);
}

static void on_row_activated_cb (TamboOperatorsPage *self, GtkListBoxRow *widget) {
  const TamboOperatorRow *row = g_ptr_array_index (self->rows, gtk_list_box_row_get_index (widget));

  g_free (self->chosen);
  self->chosen = g_strdup (row->id);
  show_chosen (self);
  if (gtk_widget_get_visible (self->chosen_box))
    tambo_focus_take (GTK_WIDGET (self->disable_button));
}

/* ---- acts ---- */

typedef struct {
  char *id;
  TamboRole role;
  GBytes *password; /* NULL where the act needs none */
} Change;

static void change_free (Change *change) {
  g_free (change->id);
  g_clear_pointer (&change->password, g_bytes_unref);
  g_free (change);
}

static gboolean add (TamboStation *station, gpointer data, GError **error) {
  const Change *change = data;

  return tambo_operator_desk_add (station, change->id, change->role, change->password, error);
}

static gboolean disable (TamboStation *station, gpointer data, GError **error) {
  return tambo_operator_desk_disable (station, ((const Change *) data)->id, error);
}

static gboolean enable (TamboStation *station, gpointer data, GError **error) {
  return tambo_operator_desk_enable (station, ((const Change *) data)->id, error);
}

static gboolean unlock (TamboStation *station, gpointer data, GError **error) {
  return tambo_operator_desk_unlock (station, ((const Change *) data)->id, error);
}

static gboolean reset (TamboStation *station, gpointer data, GError **error) {
  const Change *change = data;

  return tambo_operator_desk_reset_password (station, change->id, change->password, error);
}

/* As a secret; the entry is empty afterwards. */
static GBytes *take_password (GtkEditable *entry) {
  const char *text = gtk_editable_get_text (entry);
  GBytes *password = tambo_secret_new (text, strlen (text));

  gtk_editable_set_text (entry, "");
  return password;
}

static void show_result (TamboOperatorsPage *self, const char *text, gboolean is_problem) {
  gtk_label_set_label (self->result, text);
  if (is_problem)
    gtk_widget_add_css_class (GTK_WIDGET (self->result), "problem");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->result), "problem");
}

static char *describe (const GError *error) {
  if (g_error_matches (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_INVALID))
    return g_strdup (
        _ ("A name has small letters, digits, dots and dashes; a password has at least 8 "
           "characters."));
  return tambo_error_text_sentence (error);
}

static void on_changed (gpointer owner, gpointer data, const GError *error) {
  TamboOperatorsPage *self = owner;
  const Change *change = data;
  g_autofree char *done = g_strdup_printf (_ ("%s: done"), change->id);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (error != NULL) {
    g_autofree char *sentence = describe (error);
    show_result (self, sentence, TRUE);
    return;
  }
  show_result (self, done, FALSE);
  if (change->role != 0)
    gtk_editable_set_text (self->name_entry, "");
  tambo_operators_page_reload (TAMBO_DESK_PAGE (self));
}

static void run (TamboOperatorsPage *self, GtkWidget *button, const char *sentence,
                 TamboDeskAct act, Change *change) {
  g_autofree char *text = g_strdup_printf ("%s %s", change->id, sentence);

  tambo_two_persons_run (button, session_of (self), text, act, change, (GDestroyNotify) change_free,
                         on_changed, self);
}

static Change *change_of_chosen (TamboOperatorsPage *self) {
  Change *change = g_new0 (Change, 1);

  change->id = g_strdup (self->chosen);
  return change;
}

static void on_disable_cb (TamboOperatorsPage *self) {
  const TamboOperatorRow *row = find_chosen (self);

  if (row != NULL && row->disabled)
    run (self, GTK_WIDGET (self->disable_button), _ ("may sign in again."), enable,
         change_of_chosen (self));
  else if (row != NULL)
    run (self, GTK_WIDGET (self->disable_button), _ ("may not sign in any more."), disable,
         change_of_chosen (self));
}

static void on_unlock_cb (TamboOperatorsPage *self) {
  run (self, self->unlock_button, _ ("does not have to wait any more."), unlock,
       change_of_chosen (self));
}

static void on_reset_cb (TamboOperatorsPage *self) {
  Change *change = change_of_chosen (self);

  change->password = take_password (self->reset_entry);
  run (self, self->reset_button, _ ("gets a new first password."), reset, change);
}

static void on_add_cb (TamboOperatorsPage *self) {
  Change *change = g_new0 (Change, 1);

  change->id = g_strdup (gtk_editable_get_text (self->name_entry));
  for (gsize i = 0; i < G_N_ELEMENTS (roles); i++)
    if (gtk_check_button_get_active (self->choices[i]))
      change->role = roles[i];
  change->password = take_password (self->password_entry);
  run (self, self->add_button, _ ("may work at this station."), add, change);
}

static void on_name_entered_cb (TamboOperatorsPage *self) {
  tambo_focus_take (GTK_WIDGET (self->password_entry));
}

/* ---- the page ---- */

static void tambo_operators_page_clear (TamboDeskPage *page) {
  TamboOperatorsPage *self = TAMBO_OPERATORS_PAGE (page);

  gtk_editable_set_text (self->password_entry, "");
  gtk_editable_set_text (self->reset_entry, "");
  show_result (self, "", FALSE);
}

static void tambo_operators_page_enter (TamboDeskPage *page) {
  TamboOperatorsPage *self = TAMBO_OPERATORS_PAGE (page);

  tambo_operators_page_clear (page);
  g_free (self->chosen);
  self->chosen = g_strdup (tambo_list_memory_get_chosen (self->list));
  show_chosen (self);
  tambo_focus_take (GTK_WIDGET (self->name_entry));
  tambo_operators_page_reload (page);
}

static void tambo_operators_page_dispose (GObject *object) {
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_OPERATORS_PAGE);
  G_OBJECT_CLASS (tambo_operators_page_parent_class)->dispose (object);
}

static void tambo_operators_page_finalize (GObject *object) {
  g_clear_pointer (&TAMBO_OPERATORS_PAGE (object)->rows, g_ptr_array_unref);
  g_free (TAMBO_OPERATORS_PAGE (object)->chosen);
  G_OBJECT_CLASS (tambo_operators_page_parent_class)->finalize (object);
}

static void bind_children (GtkWidgetClass *widget_class) {
  gtk_widget_class_bind_template_child (widget_class, TamboOperatorsPage, summary);
  gtk_widget_class_bind_template_child (widget_class, TamboOperatorsPage, list);
  gtk_widget_class_bind_template_child (widget_class, TamboOperatorsPage, chosen_label);
  gtk_widget_class_bind_template_child (widget_class, TamboOperatorsPage, chosen_box);
  gtk_widget_class_bind_template_child (widget_class, TamboOperatorsPage, disable_button);
  gtk_widget_class_bind_template_child (widget_class, TamboOperatorsPage, unlock_button);
  gtk_widget_class_bind_template_child (widget_class, TamboOperatorsPage, reset_button);
  gtk_widget_class_bind_template_child (widget_class, TamboOperatorsPage, reset_entry);
  gtk_widget_class_bind_template_child (widget_class, TamboOperatorsPage, name_entry);
  gtk_widget_class_bind_template_child (widget_class, TamboOperatorsPage, password_entry);
  gtk_widget_class_bind_template_child (widget_class, TamboOperatorsPage, role_box);
  gtk_widget_class_bind_template_child (widget_class, TamboOperatorsPage, add_button);
  gtk_widget_class_bind_template_child (widget_class, TamboOperatorsPage, result);
}

static void tambo_operators_page_class_init (TamboOperatorsPageClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  TamboDeskPageClass *page_class = TAMBO_DESK_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_operators_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = tambo_operators_page_finalize;
  page_class->enter = tambo_operators_page_enter;
  page_class->reload = tambo_operators_page_reload;
  page_class->clear = tambo_operators_page_clear;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tambo/Station/ui/operators-page.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_disable_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_unlock_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_reset_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_add_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_name_entered_cb);
}

static void add_choice (TamboOperatorsPage *self, gsize i) {
  const char *title = tambo_text_role (roles[i]);
  GtkWidget *choice = gtk_check_button_new_with_label (title);

  self->choices[i] = GTK_CHECK_BUTTON (choice);
  if (i > 0)
    gtk_check_button_set_group (self->choices[i], self->choices[0]);
  gtk_accessible_update_property (GTK_ACCESSIBLE (choice), GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  -1);
  gtk_box_append (self->role_box, choice);
}

static void tambo_operators_page_init (TamboOperatorsPage *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  tambo_speak_label (self->result);
  tambo_speak_password (GTK_PASSWORD_ENTRY (self->password_entry));
  for (gsize i = 0; i < G_N_ELEMENTS (roles); i++)
    add_choice (self, i);
  gtk_check_button_set_active (self->choices[0], TRUE);
  tambo_row_list_set_up (self->list);
}
