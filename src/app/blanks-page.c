/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/blanks-page.h"

#include <glib/gi18n.h>

#include "app/bar-plot.h"
#include "app/error-text.h"
#include "app/focus.h"
#include "app/list-memory.h"
#include "app/row-list.h"
#include "app/speak.h"
#include "app/two-persons.h"
#include "station/permissions.h"
#include "station/stock-desk.h"
#include "station/stock-figures.h"

#define MAX_MOVEMENTS 60

struct _TamboBlanksPage {
  TamboDeskPage parent;
  GtkLabel *summary;
  GtkListBox *kinds;
  GtkLabel *plot_title;
  TamboBarPlot *plot;
  GtkListBox *movements;
  GtkWidget *acts;
  GtkCheckButton *card_choice;
  GtkEditable *first_entry, *last_entry, *number_entry, *reason_entry;
  GtkWidget *receive_button, *spoil_button, *return_button;
  GtkLabel *result;
  char *plotted; /* the kind whose plot is shown; NULL for the first */
  TamboStockFigures *figures;
};

G_DEFINE_FINAL_TYPE (TamboBlanksPage, tambo_blanks_page, TAMBO_TYPE_DESK_PAGE)

static TamboSession *session_of (TamboBlanksPage *self) {
  return tambo_desk_page_get_session (TAMBO_DESK_PAGE (self));
}

/* ---- figures ---- */

static char *describe_rest (const TamboStockKind *kind) {
  if (kind->days_left < 0)
    return g_strdup (_ ("None was used in two weeks."));
  return g_strdup_printf (ngettext ("At %.1f a day they last %d day.",
                                    "At %.1f a day they last %d days.", kind->days_left),
                          kind->per_day, kind->days_left);
}

static char *describe_kind (const TamboStockKind *kind) {
  g_autofree char *rest = describe_rest (kind);
  g_autofree char *in_work = g_strdup_printf (_ ("%u in work"), kind->count[TAMBO_BLANK_IN_WORK]);
  g_autofree char *quarantined =
      g_strdup_printf (_ ("%u of another institution"), kind->count[TAMBO_BLANK_QUARANTINED]);
  const char *parts[5] = { rest };
  int n = 1;

  if (kind->count[TAMBO_BLANK_IN_WORK] > 0)
    parts[n++] = in_work;
  if (kind->count[TAMBO_BLANK_QUARANTINED] > 0)
    parts[n++] = quarantined;
  if (tambo_stock_kind_is_low (kind))
    parts[n++] = _ ("Ask for more now.");
  return g_strjoinv (" · ", (char **) parts);
}

static void show_kinds (TamboBlanksPage *self) {
  int place = tambo_row_list_begin (self->kinds);

  for (guint i = 0; i < self->figures->kinds->len; i++) {
    const TamboStockKind *kind = g_ptr_array_index (self->figures->kinds, i);
    g_autofree char *subtitle = describe_kind (kind);
    g_autofree char *number = g_strdup_printf ("%u", kind->count[TAMBO_BLANK_IN_STOCK]);
    const char *icon =
        tambo_stock_kind_is_low (kind) ? "dialog-warning-symbolic" : "emblem-ok-symbolic";
    GtkWidget *row = tambo_row_list_add_fact (self->kinds, icon, tambo_text_blank_kind (kind->kind),
                                              subtitle, number);
    gtk_list_box_row_set_activatable (GTK_LIST_BOX_ROW (row), TRUE);
    tambo_list_memory_set_key (row, kind->kind);
  }
  tambo_row_list_end (self->kinds, place);
}

static const TamboStockKind *find_plotted (TamboBlanksPage *self) {
  for (guint i = 0; i < self->figures->kinds->len; i++) {
    const TamboStockKind *kind = g_ptr_array_index (self->figures->kinds, i);
    if (self->plotted == NULL || g_str_equal (kind->kind, self->plotted))
      return kind;
  }
  return NULL;
}

static void show_plot (TamboBlanksPage *self) {
  const TamboStockKind *kind = find_plotted (self);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_auto (GStrv) names = g_new0 (char *, TAMBO_STOCK_DAYS + 1);
  guint sum = 0;

  gtk_widget_set_visible (GTK_WIDGET (self->plot), kind != NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->plot_title), kind != NULL);
  if (kind == NULL)
    return;
  for (int i = 0; i < TAMBO_STOCK_DAYS; i++) {
    g_autoptr (GDateTime) day = g_date_time_add_days (now, i - TAMBO_STOCK_DAYS + 1);
    names[i] = g_date_time_format (day, "%-d");
    sum += kind->used[i];
  }
  const char *title = tambo_text_blank_kind (kind->kind);
  g_autofree char *heading = g_strdup_printf (_ ("%s used per day"), title);
  g_autofree char *words = g_strdup_printf (_ ("%s used per day in two weeks: %u in all, %u today"),
                                            title, sum, kind->used[TAMBO_STOCK_DAYS - 1]);
  gtk_label_set_label (self->plot_title, heading);
  tambo_bar_plot_set (self->plot, kind->used, (const char *const *) names, TAMBO_STOCK_DAYS,
                      TAMBO_STOCK_DAYS - 1, words);
}

static const char *movement_title (const char *action) {
  static const struct {
    const char *action, *title;
  } titles[] = {
    { "stock.receive", N_ ("Received") }, { "stock.take", N_ ("Taken for a document") },
    { "stock.issued", N_ ("Issued") },    { "stock.delivered", N_ ("Delivered") },
    { "stock.spoiled", N_ ("Spoiled") },  { "stock.return", N_ ("Put back") },
    { "stock.assign", N_ ("Given to") },  { "stock.count", N_ ("Counted") },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (titles); i++)
    if (g_str_equal (titles[i].action, action))
      return _ (titles[i].title);
  return action;
}

static void show_movements (TamboBlanksPage *self) {
  int place = tambo_row_list_begin (self->movements);

  for (guint i = 0; i < MIN (self->figures->movements->len, MAX_MOVEMENTS); i++) {
    const TamboAuditEntry *entry = g_ptr_array_index (self->figures->movements, i);
    g_autofree char *time = tambo_text_time (entry->time);
    g_autofree char *subtitle = g_strdup_printf ("%s · %s", time, entry->actor);
    g_autofree char *key = g_strdup_printf ("%" G_GINT64_FORMAT, entry->number);
    GtkWidget *row = tambo_row_list_add_fact (self->movements, NULL, movement_title (entry->action),
                                              subtitle, entry->subject);
    tambo_list_memory_set_key (row, key);
  }
  tambo_row_list_end (self->movements, place);
}

static void show_summary (TamboBlanksPage *self) {
  guint n_left = 0;

  for (guint i = 0; i < self->figures->kinds->len; i++)
    n_left += ((TamboStockKind *) g_ptr_array_index (self->figures->kinds, i))
                  ->count[TAMBO_BLANK_IN_STOCK];
  g_autofree char *text =
      g_strdup_printf (ngettext ("%u blank in stock", "%u blanks in stock", n_left), n_left);
  gtk_label_set_label (self->summary, text);
}

/* ---- loading ---- */

typedef struct {
  TamboStation *station;
  TamboStockFigures *figures;
} Load;

static void load_free (Load *load) {
  g_object_unref (load->station);
  tambo_stock_figures_free (load->figures);
  g_free (load);
}

static gboolean load_figures (gpointer data, GCancellable *cancellable, GError **error) {
  Load *load = data;

  load->figures = tambo_stock_figures_read (load->station, error);
  return load->figures != NULL;
}

static void on_figures_loaded (gpointer owner, gpointer data, const GError *error) {
  TamboBlanksPage *self = owner;
  Load *load = data;

  if (error != NULL) {
    tambo_session_fail (session_of (self), error);
    return;
  }
  g_clear_pointer (&self->figures, tambo_stock_figures_free);
  self->figures = g_steal_pointer (&load->figures);
  show_summary (self);
  show_kinds (self);
  show_plot (self);
  show_movements (self);
}

static void tambo_blanks_page_reload (TamboDeskPage *page) {
  TamboBlanksPage *self = TAMBO_BLANKS_PAGE (page);
  Load *load = g_new0 (Load, 1);

  load->station = g_object_ref (tambo_session_get_station (session_of (self)));
  tambo_work_push (tambo_session_get_desk_queue (session_of (self)), load_figures, load,
                   (GDestroyNotify) load_free, NULL, on_figures_loaded, self);
}

/* ---- acts ---- */

typedef struct {
  const char *kind;
  char *first, *last; /* to receive */
  char *number, *reason;
  guint count;
} Movement;

static void movement_free (Movement *movement) {
  g_free (movement->first);
  g_free (movement->last);
  g_free (movement->number);
  g_free (movement->reason);
  g_free (movement);
}

static gboolean receive (TamboStation *station, gpointer data, GError **error) {
  Movement *movement = data;

  return tambo_stock_desk_receive (station, movement->kind, NULL, movement->first, movement->last,
                                   &movement->count, error);
}

static gboolean spoil (TamboStation *station, gpointer data, GError **error) {
  const Movement *movement = data;

  return tambo_stock_desk_spoil (station, movement->number, movement->reason, error);
}

static gboolean put_back (TamboStation *station, gpointer data, GError **error) {
  const Movement *movement = data;

  return tambo_stock_desk_return (station, movement->number, movement->reason, error);
}

/* What an entry says, in capital letters as serials are printed. */
static char *read_serial (GtkEditable *entry) {
  g_autofree char *text = g_utf8_strup (gtk_editable_get_text (entry), -1);

  return g_strdup (g_strstrip (text));
}

/* Shows what was done, or why not; TRUE after success. */
static gboolean show_result (TamboBlanksPage *self, const GError *error, const char *done) {
  g_autofree char *sentence = error != NULL ? tambo_error_text_sentence (error) : NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return FALSE;
  gtk_label_set_label (self->result, error != NULL ? sentence : done);
  if (error != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->result), "problem");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->result), "problem");
  return error == NULL;
}

static void on_received (gpointer owner, gpointer data, const GError *error) {
  TamboBlanksPage *self = owner;
  const Movement *movement = data;
  g_autofree char *done = g_strdup_printf (
      ngettext ("%u blank received", "%u blanks received", movement->count), movement->count);

  if (!show_result (self, error, done)) {
    tambo_focus_take (GTK_WIDGET (self->last_entry));
    return;
  }
  gtk_editable_set_text (self->first_entry, "");
  gtk_editable_set_text (self->last_entry, "");
  tambo_focus_take (GTK_WIDGET (self->first_entry));
  tambo_blanks_page_reload (TAMBO_DESK_PAGE (self));
}

static void on_receive_cb (TamboBlanksPage *self) {
  Movement *movement = g_new0 (Movement, 1);
  g_autofree char *sentence = NULL;

  movement->kind = gtk_check_button_get_active (self->card_choice) ? "card" : "passport";
  movement->first = read_serial (self->first_entry);
  movement->last = read_serial (self->last_entry);
  if (*movement->last == '\0') {
    g_free (movement->last);
    movement->last = g_strdup (movement->first);
  }
  sentence =
      g_strdup_printf (_ ("I have counted the blanks %s to %s."), movement->first, movement->last);
  tambo_two_persons_run (self->receive_button, session_of (self), sentence, receive, movement,
                         (GDestroyNotify) movement_free, on_received, self);
}

static void on_changed (gpointer owner, gpointer data, const GError *error) {
  TamboBlanksPage *self = owner;
  const Movement *movement = data;
  g_autofree char *done = g_strdup_printf (_ ("Blank %s: noted"), movement->number);

  if (show_result (self, error, done)) {
    gtk_editable_set_text (self->number_entry, "");
    gtk_editable_set_text (self->reason_entry, "");
    tambo_blanks_page_reload (TAMBO_DESK_PAGE (self));
  }
  tambo_focus_take (GTK_WIDGET (self->number_entry));
}

static void change (TamboBlanksPage *self, GtkWidget *button, TamboDeskAct act,
                    const char *sentence) {
  Movement *movement = g_new0 (Movement, 1);
  g_autofree char *text = NULL;

  movement->number = read_serial (self->number_entry);
  movement->reason = g_strdup (gtk_editable_get_text (self->reason_entry));
  if (*g_strstrip (movement->reason) == '\0') {
    gtk_label_set_label (self->result, _ ("Say what happened to it."));
    tambo_focus_take (GTK_WIDGET (self->reason_entry));
    movement_free (movement);
    return;
  }
  text = g_strdup_printf ("%s %s: %s", sentence, movement->number, movement->reason);
  tambo_two_persons_run (button, session_of (self), text, act, movement,
                         (GDestroyNotify) movement_free, on_changed, self);
}

static void on_spoil_cb (TamboBlanksPage *self) {
  change (self, self->spoil_button, spoil, _ ("This blank goes out of use for good."));
}

static void on_return_cb (TamboBlanksPage *self) {
  change (self, self->return_button, put_back, _ ("This blank goes back into stock unwritten."));
}

static void on_first_entered_cb (TamboBlanksPage *self) {
  tambo_focus_take (GTK_WIDGET (self->last_entry));
}

static void on_number_entered_cb (TamboBlanksPage *self) {
  tambo_focus_take (GTK_WIDGET (self->reason_entry));
}

static void on_kind_activated_cb (TamboBlanksPage *self, GtkListBoxRow *row) {
  const TamboStockKind *kind =
      g_ptr_array_index (self->figures->kinds, gtk_list_box_row_get_index (row));

  g_free (self->plotted);
  self->plotted = g_strdup (kind->kind);
  show_plot (self);
}

/* ---- the page ---- */

static void tambo_blanks_page_enter (TamboDeskPage *page) {
  TamboBlanksPage *self = TAMBO_BLANKS_PAGE (page);
  guint role = tambo_station_get_role (tambo_session_get_station (session_of (self)));
  gboolean may_move = (role & tambo_permission (TAMBO_OPERATION_STOCK_RECEIVE)->roles) != 0;

  gtk_label_set_label (self->result, "");
  g_free (self->plotted);
  self->plotted = g_strdup (tambo_list_memory_get_chosen (self->kinds));
  gtk_widget_set_visible (self->acts, may_move);
  if (may_move)
    tambo_focus_take (GTK_WIDGET (self->first_entry));
  else
    gtk_widget_child_focus (GTK_WIDGET (self), GTK_DIR_TAB_FORWARD);
  tambo_blanks_page_reload (page);
}

static void tambo_blanks_page_clear (TamboDeskPage *page) {
  TamboBlanksPage *self = TAMBO_BLANKS_PAGE (page);

  gtk_editable_set_text (self->reason_entry, "");
  gtk_label_set_label (self->result, "");
}

static void tambo_blanks_page_dispose (GObject *object) {
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_BLANKS_PAGE);
  G_OBJECT_CLASS (tambo_blanks_page_parent_class)->dispose (object);
}

static void tambo_blanks_page_finalize (GObject *object) {
  g_free (TAMBO_BLANKS_PAGE (object)->plotted);
  tambo_stock_figures_free (TAMBO_BLANKS_PAGE (object)->figures);
  G_OBJECT_CLASS (tambo_blanks_page_parent_class)->finalize (object);
}

static void bind_children (GtkWidgetClass *widget_class) {
  gtk_widget_class_bind_template_child (widget_class, TamboBlanksPage, summary);
  gtk_widget_class_bind_template_child (widget_class, TamboBlanksPage, kinds);
  gtk_widget_class_bind_template_child (widget_class, TamboBlanksPage, plot_title);
  gtk_widget_class_bind_template_child (widget_class, TamboBlanksPage, plot);
  gtk_widget_class_bind_template_child (widget_class, TamboBlanksPage, movements);
  gtk_widget_class_bind_template_child (widget_class, TamboBlanksPage, acts);
  gtk_widget_class_bind_template_child (widget_class, TamboBlanksPage, card_choice);
  gtk_widget_class_bind_template_child (widget_class, TamboBlanksPage, first_entry);
  gtk_widget_class_bind_template_child (widget_class, TamboBlanksPage, last_entry);
  gtk_widget_class_bind_template_child (widget_class, TamboBlanksPage, number_entry);
  gtk_widget_class_bind_template_child (widget_class, TamboBlanksPage, reason_entry);
  gtk_widget_class_bind_template_child (widget_class, TamboBlanksPage, receive_button);
  gtk_widget_class_bind_template_child (widget_class, TamboBlanksPage, spoil_button);
  gtk_widget_class_bind_template_child (widget_class, TamboBlanksPage, return_button);
  gtk_widget_class_bind_template_child (widget_class, TamboBlanksPage, result);
}

static void tambo_blanks_page_class_init (TamboBlanksPageClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  TamboDeskPageClass *page_class = TAMBO_DESK_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_blanks_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = tambo_blanks_page_finalize;
  page_class->enter = tambo_blanks_page_enter;
  page_class->reload = tambo_blanks_page_reload;
  page_class->clear = tambo_blanks_page_clear;
  g_type_ensure (TAMBO_TYPE_BAR_PLOT);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tambo/Station/ui/blanks-page.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, on_kind_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_receive_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_spoil_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_return_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_first_entered_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_number_entered_cb);
}

static void tambo_blanks_page_init (TamboBlanksPage *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  tambo_speak_label (self->result);
  tambo_row_list_set_up (self->kinds);
  tambo_row_list_set_up (self->movements);
}
