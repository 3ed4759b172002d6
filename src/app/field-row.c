/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/field-row.h"

#include "app/after-layout.h"
#include "app/focus.h"
#include "app/speak.h"

struct _TamboFieldRow {
  AdwBin parent;
  GtkLabel *label;
  GtkEntry *entry;
  GtkLabel *error_label;
  char *key;
  /* The error is the description since a moment: where the focus is, it is being said. */
  gboolean is_news;
};

G_DEFINE_FINAL_TYPE (TamboFieldRow, tambo_field_row, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_KEY,
  PROP_TITLE,
  PROP_HINT,
  N_PROPS,
};

enum {
  CHANGED,
  ACTIVATE,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void on_entry_changed_cb (TamboFieldRow *self) {
  tambo_field_row_set_error (self, NULL);
  g_signal_emit (self, signals[CHANGED], 0);
}

static void on_entry_activated_cb (TamboFieldRow *self) {
  g_signal_emit (self, signals[ACTIVATE], 0);
}

static void tambo_field_row_set_property (GObject *object, guint id, const GValue *value,
                                          GParamSpec *pspec) {
  TamboFieldRow *self = TAMBO_FIELD_ROW (object);

  switch (id) {
  case PROP_KEY:
    g_free (self->key);
    self->key = g_value_dup_string (value);
    break;
  case PROP_TITLE:
    gtk_label_set_label (self->label, g_value_get_string (value));
    break;
  case PROP_HINT:
    gtk_entry_set_placeholder_text (self->entry, g_value_get_string (value));
    gtk_widget_set_tooltip_text (GTK_WIDGET (self->entry), g_value_get_string (value));
    break;
  default:
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
  }
}

static gboolean tambo_field_row_grab_focus (GtkWidget *widget) {
  return gtk_widget_grab_focus (GTK_WIDGET (TAMBO_FIELD_ROW (widget)->entry));
}

/* GTK takes a container that takes the focus for a stop of its own on the way back: nothing would lead out of
 * the entry. */
static gboolean tambo_field_row_focus (GtkWidget *widget, GtkDirectionType direction) {
  return gtk_widget_child_focus (adw_bin_get_child (ADW_BIN (widget)), direction);
}

static void tambo_field_row_dispose (GObject *object) {
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_FIELD_ROW);
  G_OBJECT_CLASS (tambo_field_row_parent_class)->dispose (object);
}

static void tambo_field_row_finalize (GObject *object) {
  g_free (TAMBO_FIELD_ROW (object)->key);
  G_OBJECT_CLASS (tambo_field_row_parent_class)->finalize (object);
}

static void tambo_field_row_class_init (TamboFieldRowClass *klass) {
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  const GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS;

  object_class->set_property = tambo_field_row_set_property;
  object_class->dispose = tambo_field_row_dispose;
  object_class->finalize = tambo_field_row_finalize;
  widget_class->grab_focus = tambo_field_row_grab_focus;
  widget_class->focus = tambo_field_row_focus;
  properties[PROP_KEY] = g_param_spec_string ("key", NULL, NULL, NULL, flags);
  properties[PROP_TITLE] = g_param_spec_string ("title", NULL, NULL, NULL, flags);
  properties[PROP_HINT] = g_param_spec_string ("hint", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[CHANGED] = g_signal_new ("changed", TAMBO_TYPE_FIELD_ROW, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  signals[ACTIVATE] = g_signal_new ("activate", TAMBO_TYPE_FIELD_ROW, G_SIGNAL_RUN_LAST, 0, NULL,
                                    NULL, NULL, G_TYPE_NONE, 0);

  gtk_widget_class_set_template_from_resource (widget_class, "/org/tambo/Station/ui/field-row.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboFieldRow, label);
  gtk_widget_class_bind_template_child (widget_class, TamboFieldRow, entry);
  gtk_widget_class_bind_template_child (widget_class, TamboFieldRow, error_label);
  gtk_widget_class_bind_template_callback (widget_class, on_entry_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_entry_activated_cb);
}

static void tambo_field_row_init (TamboFieldRow *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
}

const char *tambo_field_row_get_key (TamboFieldRow *self) {
  return self->key;
}

const char *tambo_field_row_get_text (TamboFieldRow *self) {
  return gtk_editable_get_text (GTK_EDITABLE (self->entry));
}

void tambo_field_row_set_text (TamboFieldRow *self, const char *text) {
  const char *wanted = text != NULL ? text : "";

  if (!g_str_equal (wanted, tambo_field_row_get_text (self)))
    gtk_editable_set_text (GTK_EDITABLE (self->entry), wanted);
}

/* GTK 4.8 tells assistive technology neither of placeholders nor, beside a tooltip, of what describes: so the
 * tooltip says both. */
static void show_tooltip (TamboFieldRow *self, const char *error) {
  const char *text = error != NULL ? error : gtk_entry_get_placeholder_text (self->entry);
  const char *shown = gtk_widget_get_tooltip_text (GTK_WIDGET (self->entry));

  self->is_news = error != NULL && g_strcmp0 (shown, error) != 0;
  if (g_strcmp0 (shown, text) != 0)
    gtk_widget_set_tooltip_text (GTK_WIDGET (self->entry), text);
}

void tambo_field_row_set_error (TamboFieldRow *self, const char *error) {
  gtk_label_set_label (self->error_label, error != NULL ? error : "");
  gtk_widget_set_visible (GTK_WIDGET (self->error_label), error != NULL);
  if (error != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->entry), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->entry), "error");
  show_tooltip (self, error);
}

gboolean tambo_field_row_has_error (TamboFieldRow *self) {
  return gtk_widget_get_visible (GTK_WIDGET (self->error_label));
}

/* The error stands below the entry, and on a small screen below what is seen. */
static void scroll_to (GtkWidget *row) {
  GtkWidget *viewport = gtk_widget_get_ancestor (row, GTK_TYPE_VIEWPORT);
  graphene_rect_t bounds;
  if (viewport == NULL || !gtk_widget_compute_bounds (row, viewport, &bounds))
    return;

  GtkAdjustment *adjustment = gtk_scrollable_get_vadjustment (GTK_SCROLLABLE (viewport));
  double top = gtk_adjustment_get_value (adjustment) + bounds.origin.y;
  gtk_adjustment_clamp_page (adjustment, top, top + bounds.size.height);
}

void tambo_field_row_point_out (TamboFieldRow *self) {
  GtkWidget *entry = GTK_WIDGET (self->entry);

  tambo_after_layout (GTK_WIDGET (self), scroll_to);

  /* The focus that comes makes a screen reader say the description; the one that stays does not. */
  if ((gtk_widget_get_state_flags (entry) & GTK_STATE_FLAG_FOCUS_WITHIN) == 0)
    tambo_focus_take (entry);
  else if (!self->is_news)
    tambo_speak (entry, gtk_label_get_text (self->error_label));
  self->is_news = FALSE;
}
