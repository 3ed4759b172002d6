/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/go-to.h"

#include <glib/gi18n.h>

#include "app/focus.h"
#include "app/places.h"
#include "app/row-list.h"
#include "app/shortcuts.h"

struct _TamboGoTo {
  GtkPopover parent;
  GtkSearchEntry *entry;
  GtkListBox *list;
  GtkWidget *before; /* had the focus; weak */
};

G_DEFINE_FINAL_TYPE (TamboGoTo, tambo_go_to, GTK_TYPE_POPOVER)

/* Beside the places. */
static const struct {
  const char *title, *icon, *action;
  guint roles;
} acts[] = {
  { N_ ("Today"), "go-home-symbolic", "win.home", TAMBO_ROLES_ALL },
  { N_ ("New enrolment"), "list-add-symbolic", "win.new", TAMBO_ROLES_DESK },
  { N_ ("Find a case"), "edit-find-symbolic", "win.find", TAMBO_ROLES_DESK | TAMBO_ROLE_AUDITOR },
  { N_ ("Send now"), "mail-send-symbolic", "win.exchange", TAMBO_ROLES_ALL },
  { N_ ("Lock, or switch the operator"), "system-lock-screen-symbolic", "win.lock",
    TAMBO_ROLES_ALL },
  { N_ ("The applicant's screen"), "video-display-symbolic", "win.applicant", TAMBO_ROLES_DESK },
  { N_ ("Turn the applicant's screen"), "object-rotate-right-symbolic", "win.applicant-turn",
    TAMBO_ROLES_DESK },
  { N_ ("The applicant's language"), "preferences-desktop-locale-symbolic",
    "win.applicant-language", TAMBO_ROLES_DESK },
  { N_ ("Keys and help"), "help-about-symbolic", "win.help", TAMBO_ROLES_ALL },
  { N_ ("Call a supervisor to this desk"), "avatar-default-symbolic", "win.call-supervisor",
    TAMBO_ROLES_ALL },
};

/* ---- rows ---- */

/* Without accents, so that nobody has to type them. */
static char *fold (const char *text) {
  g_autofree char *normal = g_utf8_normalize (text, -1, G_NORMALIZE_ALL);
  g_autofree char *folded = g_utf8_casefold (normal != NULL ? normal : "", -1);
  GString *plain = g_string_new (NULL);

  for (const char *p = folded; *p != '\0'; p = g_utf8_next_char (p)) {
    gunichar letter = g_utf8_get_char (p);
    if (g_unichar_combining_class (letter) == 0)
      g_string_append_unichar (plain, letter);
  }
  return g_string_free (plain, FALSE);
}

static void add (TamboGoTo *self, const char *title, const char *icon, const char *accelerator,
                 const char *action, const char *target) {
  g_autofree char *keys = tambo_shortcuts_label (accelerator);
  GtkWidget *row = tambo_row_list_add_fact (self->list, icon, title, NULL, keys);

  gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
  g_object_set_data_full (G_OBJECT (row), "words", fold (title), g_free);
  g_object_set_data_full (G_OBJECT (row), "action", g_strdup (action), g_free);
  g_object_set_data_full (G_OBJECT (row), "target", g_strdup (target), g_free);
}

static void fill (TamboGoTo *self, guint role) {
  guint n_places;
  const TamboPlace *places = tambo_places_get (&n_places);

  tambo_row_list_clear (self->list);
  for (gsize i = 0; i < G_N_ELEMENTS (acts); i++)
    if (acts[i].roles & role)
      add (self, _ (acts[i].title), acts[i].icon, tambo_shortcuts_find (acts[i].action),
           acts[i].action, NULL);
  for (guint i = 0; i < n_places; i++)
    if (places[i].roles & role)
      add (self, _ (places[i].title), places[i].icon, places[i].accelerator, "win.go",
           places[i].name);
}

/* Every word that was typed begins somewhere in it. */
static gboolean is_wanted (GtkListBoxRow *row, gpointer data) {
  TamboGoTo *self = data;
  g_autofree char *typed = fold (gtk_editable_get_text (GTK_EDITABLE (self->entry)));
  const char *words = g_object_get_data (G_OBJECT (row), "words");
  g_auto (GStrv) parts = g_strsplit (typed, " ", -1);

  for (char **part = parts; *part != NULL; part++)
    if (strstr (words, *part) == NULL)
      return FALSE;
  return TRUE;
}

/* ---- going ---- */

static void go (TamboGoTo *self, GtkListBoxRow *row) {
  const char *action = g_object_get_data (G_OBJECT (row), "action");
  const char *target = g_object_get_data (G_OBJECT (row), "target");
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (GTK_WIDGET (self)));

  /* The row goes with the popover. */
  g_autofree char *kept_action = g_strdup (action);
  g_autofree char *kept_target = g_strdup (target);
  gtk_popover_popdown (GTK_POPOVER (self));
  gtk_widget_activate_action (window, kept_action, kept_target != NULL ? "s" : NULL, kept_target);
}

static void on_row_activated_cb (TamboGoTo *self, GtkListBoxRow *row) {
  go (self, row);
}

static GtkListBoxRow *find_first (TamboGoTo *self) {
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (self->list, i)) != NULL; i++)
    if (gtk_widget_get_child_visible (GTK_WIDGET (row)))
      return row;
  return NULL;
}

/* Who goes nowhere is where he was. */
static void on_closed_cb (TamboGoTo *self) {
  if (self->before != NULL)
    tambo_focus_take (self->before);
  g_clear_weak_pointer (&self->before);
}

static void on_entered_cb (TamboGoTo *self) {
  GtkListBoxRow *row = find_first (self);

  if (row != NULL)
    go (self, row);
}

static void on_changed_cb (TamboGoTo *self) {
  gtk_list_box_invalidate_filter (self->list);
}

static void on_stopped_cb (TamboGoTo *self) {
  gtk_popover_popdown (GTK_POPOVER (self));
}

static gboolean on_key_cb (TamboGoTo *self, guint key) {
  GtkListBoxRow *row = key == GDK_KEY_Down ? find_first (self) : NULL;

  if (row == NULL)
    return GDK_EVENT_PROPAGATE;
  gtk_widget_set_focusable (GTK_WIDGET (row), TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (row));
  return GDK_EVENT_STOP;
}

/* ---- the object ---- */

static void tambo_go_to_dispose (GObject *object) {
  g_clear_weak_pointer (&TAMBO_GO_TO (object)->before);
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_GO_TO);
  G_OBJECT_CLASS (tambo_go_to_parent_class)->dispose (object);
}

static void tambo_go_to_class_init (TamboGoToClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_go_to_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tambo/Station/ui/go-to.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboGoTo, entry);
  gtk_widget_class_bind_template_child (widget_class, TamboGoTo, list);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_entered_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_stopped_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_closed_cb);
}

static void tambo_go_to_init (TamboGoTo *self) {
  GtkEventController *keys = gtk_event_controller_key_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  tambo_row_list_set_up (self->list);
  gtk_list_box_set_filter_func (self->list, is_wanted, self, NULL);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect_swapped (keys, "key-pressed", G_CALLBACK (on_key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->entry), keys);
}

TamboGoTo *tambo_go_to_new (void) {
  return g_object_new (TAMBO_TYPE_GO_TO, NULL);
}

void tambo_go_to_open (TamboGoTo *self, guint role) {
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (!gtk_widget_get_mapped (GTK_WIDGET (self)))
    g_set_weak_pointer (&self->before, gtk_root_get_focus (root));
  gtk_editable_set_text (GTK_EDITABLE (self->entry), "");
  fill (self, role);
  gtk_popover_popup (GTK_POPOVER (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->entry));
}
