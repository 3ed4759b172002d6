/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/speak.h"

/* The focus often moves when words change, and a reader is silent about what has lost it. */
#define SETTLE_MS 100

typedef struct {
  GtkWidget *beside; /* weak */
  char *text;
} Sentence;

/* Of one window. */
typedef struct {
  GtkRoot *root; /* borrowed: it owns this */
  GPtrArray *sentences;
  guint source;
  GtkWidget *described; /* by what was said last; weak */
} Speech;

static void sentence_free (Sentence *sentence) {
  g_clear_weak_pointer (&sentence->beside);
  g_free (sentence->text);
  g_free (sentence);
}

static void speech_free (Speech *speech) {
  g_clear_handle_id (&speech->source, g_source_remove);
  g_clear_weak_pointer (&speech->described);
  g_ptr_array_unref (speech->sentences);
  g_free (speech);
}

/* As GTK itself describes it. */
static void describe_as_before (Speech *speech) {
  GtkWidget *widget = speech->described;
  const char *tooltip = widget != NULL ? gtk_widget_get_tooltip_text (widget) : NULL;

  if (tooltip != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                    tooltip, -1);
  else if (widget != NULL)
    gtk_accessible_reset_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION);
  g_clear_weak_pointer (&speech->described);
}

/* What assistive technology takes for the focus: of an entry the whole. */
static GtkWidget *get_focus (GtkRoot *root) {
  GtkWidget *focus = gtk_root_get_focus (root);

  return GTK_IS_TEXT (focus) ? gtk_widget_get_parent (focus) : focus;
}

static void on_focus_moved_cb (Speech *speech) {
  if (speech->described != NULL && speech->described != get_focus (speech->root))
    describe_as_before (speech);
}

static void describe (Speech *speech, const char *text) {
  GtkWidget *focus = get_focus (speech->root);
  if (focus == NULL)
    return;

  g_set_weak_pointer (&speech->described, focus);
  /* The same once more is no change. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (focus), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, "",
                                  -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (focus), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, text,
                                  -1);
}

static gboolean on_settled_cb (gpointer data) {
  Speech *speech = data;
  g_autoptr (GString) text = g_string_new (NULL);

  speech->source = 0;
  for (guint i = 0; i < speech->sentences->len; i++) {
    const Sentence *sentence = g_ptr_array_index (speech->sentences, i);
    if (sentence->beside != NULL && gtk_widget_get_mapped (sentence->beside))
      g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "", sentence->text);
  }
  g_ptr_array_set_size (speech->sentences, 0);
  if (text->len > 0)
    describe (speech, text->str);
  return G_SOURCE_REMOVE;
}

static Speech *speech_of (GtkRoot *root) {
  Speech *speech = g_object_get_data (G_OBJECT (root), "tambo-speech");

  if (speech != NULL)
    return speech;
  speech = g_new0 (Speech, 1);
  speech->root = root;
  speech->sentences = g_ptr_array_new_with_free_func ((GDestroyNotify) sentence_free);
  g_object_set_data_full (G_OBJECT (root), "tambo-speech", speech, (GDestroyNotify) speech_free);
  g_signal_connect_swapped (root, "notify::focus-widget", G_CALLBACK (on_focus_moved_cb), speech);
  return speech;
}

static void forget (Speech *speech, GtkWidget *beside) {
  for (guint i = speech->sentences->len; i > 0; i--)
    if (((Sentence *) g_ptr_array_index (speech->sentences, i - 1))->beside == beside)
      g_ptr_array_remove_index (speech->sentences, i - 1);
}

void tambo_speak (GtkWidget *beside, const char *text) {
  GtkRoot *root = gtk_widget_get_root (beside);
  if (root == NULL)
    return;

  Speech *speech = speech_of (root);
  forget (speech, beside);
  if (*text == '\0')
    return;
  Sentence *sentence = g_new0 (Sentence, 1);
  g_set_weak_pointer (&sentence->beside, beside);
  sentence->text = g_strdup (text);
  g_ptr_array_add (speech->sentences, sentence);
  if (speech->source == 0)
    speech->source = g_timeout_add (SETTLE_MS, on_settled_cb, speech);
}

static void on_label_changed_cb (GtkLabel *label) {
  /* As the description of a field an empty one is called by its class. */
  gtk_accessible_update_property (GTK_ACCESSIBLE (label), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  gtk_label_get_text (label), -1);
  tambo_speak (GTK_WIDGET (label), gtk_label_get_text (label));
}

void tambo_speak_label (GtkLabel *label) {
  g_signal_connect (label, "notify::label", G_CALLBACK (on_label_changed_cb), NULL);
  g_signal_connect (label, "map", G_CALLBACK (on_label_changed_cb), NULL);
}

static void on_toggled_cb (GtkToggleButton *button) {
  gtk_accessible_update_state (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_STATE_CHECKED,
                               gtk_toggle_button_get_active (button)
                                   ? GTK_ACCESSIBLE_TRISTATE_TRUE
                                   : GTK_ACCESSIBLE_TRISTATE_FALSE,
                               -1);
}

void tambo_speak_toggle (GtkToggleButton *button) {
  g_signal_connect (button, "toggled", G_CALLBACK (on_toggled_cb), NULL);
  on_toggled_cb (button);
}

/* Its tooltip says what it is for, and changes with it. */
static void name_icon (GtkWidget *icon) {
  const char *text = gtk_widget_get_tooltip_text (icon);

  gtk_accessible_update_property (GTK_ACCESSIBLE (icon), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  text != NULL ? text : "", -1);
}

void tambo_speak_password (GtkPasswordEntry *entry) {
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (entry)); child != NULL;
       child = gtk_widget_get_next_sibling (child)) {
    if (!GTK_IS_IMAGE (child))
      continue;
    g_signal_connect (child, "notify::tooltip-text", G_CALLBACK (name_icon), NULL);
    name_icon (child);
  }
}
