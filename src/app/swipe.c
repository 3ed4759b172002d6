/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/swipe.h"

#include <string.h>

#include "base/bytes.h"
#include "capture/mrz-wedge.h"

/* Keys of X and Wayland are those of evdev and 8. */
#define FIRST_KEYCODE 8

typedef struct {
  GtkWindow *window; /* borrowed */
  TamboSwiped swiped;
  gpointer owner;
  TamboWedge *wedge;
  guint timer;

  /* What lay under the first key: a reader's first keys are taken back from it. */
  GtkWidget *focus; /* a weak reference */
  char *text;
  int start, end; /* of the selection, in characters */
} Swipe;

static void forget_text (Swipe *swipe) {
  g_clear_weak_pointer (&swipe->focus);
  g_clear_pointer (&swipe->text, tambo_secret_string_free);
}

static void swipe_free (gpointer data, GClosure *closure) {
  Swipe *swipe = data;

  g_clear_handle_id (&swipe->timer, g_source_remove);
  forget_text (swipe);
  tambo_wedge_free (swipe->wedge);
  g_free (swipe);
}

/* ---- what has the focus ---- */

static gboolean is_secret (GtkWidget *focus) {
  return GTK_IS_TEXT (focus) && !gtk_text_get_visibility (GTK_TEXT (focus));
}

static void remember_text (Swipe *swipe, GtkWidget *focus) {
  forget_text (swipe);
  if (GTK_IS_EDITABLE (focus)) {
    swipe->text = gtk_editable_get_chars (GTK_EDITABLE (focus), 0, -1);
    gtk_editable_get_selection_bounds (GTK_EDITABLE (focus), &swipe->start, &swipe->end);
  } else if (GTK_IS_TEXT_VIEW (focus)) {
    GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (focus));
    GtkTextIter start, end;
    gtk_text_buffer_get_selection_bounds (buffer, &start, &end);
    swipe->start = gtk_text_iter_get_offset (&start);
    swipe->end = gtk_text_iter_get_offset (&end);
    gtk_text_buffer_get_bounds (buffer, &start, &end);
    swipe->text = gtk_text_buffer_get_text (buffer, &start, &end, FALSE);
  }
  if (swipe->text != NULL)
    g_set_weak_pointer (&swipe->focus, focus);
}

static void restore_text (Swipe *swipe) {
  if (GTK_IS_EDITABLE (swipe->focus)) {
    gtk_editable_set_text (GTK_EDITABLE (swipe->focus), swipe->text);
    gtk_editable_select_region (GTK_EDITABLE (swipe->focus), swipe->start, swipe->end);
  } else if (GTK_IS_TEXT_VIEW (swipe->focus)) {
    GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (swipe->focus));
    GtkTextIter start, end;
    gtk_text_buffer_set_text (buffer, swipe->text, -1);
    gtk_text_buffer_get_iter_at_offset (buffer, &start, swipe->start);
    gtk_text_buffer_get_iter_at_offset (buffer, &end, swipe->end);
    gtk_text_buffer_select_range (buffer, &start, &end);
  }
}

/* Line by line: Enter does what it does in a field. */
static void type_into_entry (GtkWidget *focus, const char *typed) {
  g_auto (GStrv) lines = g_strsplit (typed, "\n", -1);

  for (char **line = lines; *line != NULL; line++) {
    int place;
    gtk_editable_delete_selection (GTK_EDITABLE (focus));
    place = gtk_editable_get_position (GTK_EDITABLE (focus));
    gtk_editable_insert_text (GTK_EDITABLE (focus), *line, -1, &place);
    gtk_editable_set_position (GTK_EDITABLE (focus), place);
    if (line[1] != NULL && GTK_IS_TEXT (focus))
      g_signal_emit_by_name (focus, "activate");
  }
}

static void give_back (Swipe *swipe, const char *typed) {
  if (GTK_IS_EDITABLE (swipe->focus)) {
    type_into_entry (swipe->focus, typed);
  } else if (GTK_IS_TEXT_VIEW (swipe->focus)) {
    GtkTextBuffer *buffer = gtk_text_view_get_buffer (GTK_TEXT_VIEW (swipe->focus));
    gtk_text_buffer_delete_selection (buffer, TRUE, TRUE);
    gtk_text_buffer_insert_at_cursor (buffer, typed, -1);
  }
}

/* ---- keys ---- */

static void deliver (Swipe *swipe) {
  char *mrz, *typed;

  if (!tambo_wedge_take (swipe->wedge, &mrz, &typed))
    return;
  if (mrz != NULL)
    swipe->swiped (swipe->owner, mrz);
  else
    give_back (swipe, typed);
  forget_text (swipe);
  tambo_secret_string_free (mrz);
  tambo_secret_string_free (typed);
}

static gboolean on_patience_ended (gpointer data) {
  Swipe *swipe = data;

  swipe->timer = 0;
  tambo_wedge_end (swipe->wedge);
  deliver (swipe);
  return G_SOURCE_REMOVE;
}

/* Keys that have come and wait go first, however busy this computer is. */
static void wait_for_more (Swipe *swipe) {
  guint patience = tambo_wedge_get_patience (swipe->wedge);

  g_clear_handle_id (&swipe->timer, g_source_remove);
  if (patience > 0)
    swipe->timer =
        g_timeout_add_full (G_PRIORITY_DEFAULT_IDLE, patience, on_patience_ended, swipe, NULL);
}

static gunichar what_is_typed (guint keyval, GdkModifierType state) {
  if ((state & (GDK_CONTROL_MASK | GDK_ALT_MASK | GDK_SUPER_MASK)) != 0)
    return 0;
  if (keyval == GDK_KEY_Return || keyval == GDK_KEY_KP_Enter)
    return '\n';
  return gdk_keyval_to_unicode (keyval);
}

static gboolean on_key_pressed (GtkEventControllerKey *controller, guint keyval, guint keycode,
                                GdkModifierType state, gpointer data) {
  Swipe *swipe = data;
  GdkEvent *event = gtk_event_controller_get_current_event (GTK_EVENT_CONTROLLER (controller));
  GtkWidget *focus = gtk_window_get_focus (swipe->window);
  TamboWedgeKey key = { .time = gdk_event_get_time (event),
                        .typed = what_is_typed (keyval, state) };

  if (is_secret (focus) || gdk_key_event_is_modifier (event))
    return FALSE;
  if (keycode >= FIRST_KEYCODE)
    key.struck = tambo_wedge_struck (keycode - FIRST_KEYCODE, (state & GDK_SHIFT_MASK) != 0);

  TamboWedgeVerdict verdict = tambo_wedge_key (swipe->wedge, &key);
  deliver (swipe); /* what ended with this key */
  if (tambo_wedge_is_first (swipe->wedge))
    remember_text (swipe, focus);
  else if (verdict == TAMBO_WEDGE_RECOGNISE && swipe->focus == focus)
    restore_text (swipe);
  wait_for_more (swipe);
  return verdict != TAMBO_WEDGE_PASS;
}

void tambo_swipe_attach (GtkWindow *window, TamboSwiped swiped, gpointer owner) {
  GtkEventController *controller = gtk_event_controller_key_new ();
  Swipe *swipe = g_new0 (Swipe, 1);

  swipe->window = window;
  swipe->swiped = swiped;
  swipe->owner = owner;
  swipe->wedge = tambo_wedge_new ();
  gtk_event_controller_set_propagation_phase (controller, GTK_PHASE_CAPTURE);
  g_signal_connect_data (controller, "key-pressed", G_CALLBACK (on_key_pressed), swipe, swipe_free,
                         0);
  gtk_widget_add_controller (GTK_WIDGET (window), controller);
}
