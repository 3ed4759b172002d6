/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/list-memory.h"

#include "app/after-layout.h"
#include "app/focus.h"

#define MEMORY "tambo-list-memory"
#define KEY "tambo-list-key"
#define LISTENS "tambo-list-listens"

typedef struct {
  char *key;    /* of the row where the clerk stood; NULL */
  char *chosen; /* of the row that was activated; NULL */
  double scrolled;
  gboolean had_focus;  /* when the page was left */
  gboolean is_awaited; /* the page was come back to, and the list is not filled yet */
  gboolean is_held;    /* its rows are going: where the focus flees to means nothing */
  gboolean takes_focus;
} Memory;

static void memory_free (gpointer data) {
  Memory *memory = data;

  g_free (memory->key);
  g_free (memory->chosen);
  g_free (memory);
}

static Memory *memory_of (GtkListBox *list) {
  Memory *memory = g_object_get_data (G_OBJECT (list), MEMORY);

  if (memory == NULL) {
    memory = g_new0 (Memory, 1);
    g_object_set_data_full (G_OBJECT (list), MEMORY, memory, memory_free);
  }
  return memory;
}

static const char *key_of (GtkListBoxRow *row) {
  return g_object_get_data (G_OBJECT (row), KEY);
}

void tambo_list_memory_set_key (GtkWidget *row, const char *key) {
  g_object_set_data_full (G_OBJECT (row), KEY, g_strdup (key), g_free);
}

const char *tambo_list_memory_get_chosen (GtkListBox *list) {
  return memory_of (list)->chosen;
}

static GtkAdjustment *adjustment_of (GtkListBox *list) {
  GtkWidget *scroller = gtk_widget_get_ancestor (GTK_WIDGET (list), GTK_TYPE_SCROLLED_WINDOW);

  return scroller != NULL ? gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scroller))
                          : NULL;
}

static GtkListBoxRow *find_row (GtkListBox *list, const char *key) {
  GtkListBoxRow *row;

  for (int i = 0; (row = gtk_list_box_get_row_at_index (list, i)) != NULL; i++)
    if (key != NULL && g_strcmp0 (key_of (row), key) == 0)
      return row;
  return NULL;
}

/* ---- noting ---- */

void tambo_list_memory_note (GtkListBox *list) {
  Memory *memory = memory_of (list);
  GtkWidget *child = gtk_widget_get_focus_child (GTK_WIDGET (list));

  if (memory->is_held || child == NULL || key_of (GTK_LIST_BOX_ROW (child)) == NULL)
    return;
  g_free (memory->key);
  memory->key = g_strdup (key_of (GTK_LIST_BOX_ROW (child)));
}

void tambo_list_memory_choose (GtkListBox *list, const char *key) {
  Memory *memory = memory_of (list);

  g_free (memory->chosen);
  memory->chosen = g_strdup (key);
}

void tambo_list_memory_choose_row (GtkListBox *list, GtkListBoxRow *row) {
  tambo_list_memory_choose (list, key_of (row));
}

static void note_scroll (GtkListBox *list) {
  GtkAdjustment *adjustment = adjustment_of (list);

  if (adjustment != NULL)
    memory_of (list)->scrolled = gtk_adjustment_get_value (adjustment);
}

static void note_all (GtkListBox *list) {
  Memory *memory = memory_of (list);
  GtkStateFlags flags = gtk_widget_get_state_flags (GTK_WIDGET (list));

  /* A list that was emptied already was noted before. */
  if (gtk_list_box_get_row_at_index (list, 0) == NULL)
    return;
  tambo_list_memory_note (list);
  note_scroll (list);
  memory->had_focus = (flags & GTK_STATE_FLAG_FOCUS_WITHIN) != 0;
}

/* ---- standing there again ---- */

/* Its rows have their places now. */
static void settle (GtkWidget *widget) {
  GtkListBox *list = GTK_LIST_BOX (widget);
  Memory *memory = memory_of (list);
  GtkAdjustment *adjustment = adjustment_of (list);
  GtkListBoxRow *row = find_row (list, memory->key);
  gboolean takes_focus = memory->takes_focus;

  memory->takes_focus = FALSE;
  if (!gtk_widget_get_mapped (widget))
    return;
  if (adjustment != NULL)
    gtk_adjustment_set_value (adjustment, memory->scrolled);
  if (takes_focus && row != NULL) {
    gtk_widget_set_focusable (GTK_WIDGET (row), TRUE);
    tambo_focus_take (GTK_WIDGET (row));
  }
}

void tambo_list_memory_hold (GtkListBox *list) {
  tambo_list_memory_note (list);
  note_scroll (list);
  memory_of (list)->is_held = TRUE;
}

int tambo_list_memory_find (GtkListBox *list, int otherwise) {
  GtkListBoxRow *row = find_row (list, memory_of (list)->key);

  return row != NULL ? gtk_list_box_row_get_index (row) : otherwise;
}

void tambo_list_memory_filled (GtkListBox *list, gboolean is_same) {
  Memory *memory = memory_of (list);
  gboolean is_back = memory->is_awaited;

  memory->is_held = memory->is_awaited = FALSE;
  memory->takes_focus |= is_back && memory->had_focus;
  if (is_same || is_back)
    tambo_after_layout (GTK_WIDGET (list), settle);
}

/* ---- pages ---- */

typedef void (*ListFunc) (GtkListBox *list);

static void for_lists (GtkWidget *widget, ListFunc func) {
  if (GTK_IS_LIST_BOX (widget)) {
    func (GTK_LIST_BOX (widget));
    return;
  }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    for_lists (child, func);
}

static void await (GtkListBox *list) {
  memory_of (list)->is_awaited = TRUE;
}

static void stay_away (GtkListBox *list) {
  memory_of (list)->had_focus = memory_of (list)->takes_focus = FALSE;
}

static void forget (GtkListBox *list) {
  g_object_set_data (G_OBJECT (list), MEMORY, NULL);
}

static gboolean on_key_cb (GtkEventControllerKey *controller) {
  for_lists (gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (controller)), stay_away);
  return GDK_EVENT_PROPAGATE;
}

/* The clerk acts already: the focus stays. */
static void listen (GtkWidget *page) {
  GtkEventController *keys = gtk_event_controller_key_new ();

  g_object_set_data (G_OBJECT (page), LISTENS, page);
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (on_key_cb), NULL);
  gtk_widget_add_controller (page, keys);
}

void tambo_list_memory_leave (GtkWidget *page) {
  for_lists (page, note_all);
}

void tambo_list_memory_enter (GtkWidget *page) {
  if (g_object_get_data (G_OBJECT (page), LISTENS) == NULL)
    listen (page);
  for_lists (page, await);
}

void tambo_list_memory_forget (GtkWidget *widget) {
  for_lists (widget, forget);
}
