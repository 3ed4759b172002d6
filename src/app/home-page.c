/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/home-page.h"

#include <glib/gi18n.h>

#include "app/appointment-list.h"
#include "app/case-row.h"
#include "app/date-text.h"
#include "app/day-plots.h"
#include "app/error-text.h"
#include "app/focus.h"
#include "app/list-memory.h"
#include "app/row-list.h"
#include "app/stack-pages.h"
#include "app/today.h"
#include "base/clock.h"
#include "station/parked.h"
#include "station/permissions.h"
#include "station/stock-desk.h"

/* Rows of a GtkListBox are widgets each; what is older is found by searching. */
#define MAX_ROWS 60
/* So few blanks of a kind are told. */
#define FEW_BLANKS 10

struct _TamboHomePage {
  AdwBin parent;
  GtkWidget *new_button;
  GtkSearchEntry *search_entry;
  GtkStack *stack;
  GtkWidget *appointments_box, *sent_back_box, *parked_box, *latest_box;
  GtkLabel *appointments_title, *told_label;
  GtkListBox *appointments_list;
  GtkListBox *sent_back_list, *parked_list, *latest_list, *found_list;
  GtkLabel *found_title;
  GtkLabel *summary;
  TamboBarPlot *plot;
  GtkListBox *figures;
  TamboSession *session;
  char *connection;
  gboolean is_loading;
  gboolean load_again;
};

G_DEFINE_FINAL_TYPE (TamboHomePage, tambo_home_page, ADW_TYPE_BIN)

static guint case_chosen_signal;

static const char *get_wanted (TamboHomePage *self) {
  return gtk_editable_get_text (GTK_EDITABLE (self->search_entry));
}

/* ---- cases ---- */

static gboolean shows_case (GtkListBoxRow *row, gconstpointer id) {
  return g_str_equal (tambo_case_row_get_id (TAMBO_CASE_LIST_ROW (row)), id);
}

/* At INDEX of the list, where it may be already. */
static void show_case (GtkListBox *list, int index, const TamboCaseRow *row, const char *name,
                       const char *note, const TamboToday *today) {
  GtkListBoxRow *kept = tambo_row_list_keep (list, index, shows_case, row->id);
  TamboCaseListRow *shown =
      kept != NULL ? TAMBO_CASE_LIST_ROW (kept) : tambo_case_row_new (row->id);

  tambo_case_row_show (shown, row, name, note, tambo_today_find_title (today, row->procedure_id));
  if (kept != NULL)
    return;
  tambo_list_memory_set_key (GTK_WIDGET (shown), row->id);
  gtk_list_box_insert (list, GTK_WIDGET (shown), index);
}

static void show_parked (GtkListBox *list, GtkWidget *box, GPtrArray *parked,
                         const TamboToday *today) {
  int place = tambo_row_list_begin_again (list);
  guint length = parked != NULL ? parked->len : 0;

  for (guint i = 0; i < length; i++) {
    const TamboParked *one = g_ptr_array_index (parked, i);
    show_case (list, (int) i, one->row, one->name, one->note, today);
  }
  gtk_widget_set_visible (box, length > 0);
  tambo_row_list_end_again (list, (int) length, place);
}

/* Stands in a list of its own. */
static gboolean is_parked (const TamboToday *today, const TamboCaseRow *row) {
  return today->drafts != NULL
         && (row->state == TAMBO_CASE_DRAFT || row->state == TAMBO_CASE_REJECTED);
}

/* What was searched, or the newest. */
static void show_rows (GtkListBox *list, const TamboToday *today, gboolean with_parked) {
  int place = tambo_row_list_begin_again (list), length = 0;

  for (guint i = 0; today->found != NULL && i < MIN (today->found->len, MAX_ROWS); i++) {
    const TamboCaseRow *row = g_ptr_array_index (today->found, i);
    if (with_parked || !is_parked (today, row))
      show_case (list, length++, row, NULL, NULL, today);
  }
  tambo_row_list_end_again (list, length, place);
}

static void show_found (TamboHomePage *self, const TamboToday *today) {
  guint n_found = today->found != NULL ? today->found->len : 0;
  g_autofree char *title =
      n_found > MAX_ROWS ? g_strdup_printf (_ ("More than %d cases. Type one more word."), MAX_ROWS)
                         : g_strdup_printf (ngettext ("%u case", "%u cases", n_found), n_found);

  gtk_label_set_label (self->found_title, n_found > 0 ? title : _ ("No case has all these words."));
  show_rows (self->found_list, today, TRUE);
  tambo_stack_show (self->stack, "found");
}

/* ---- appointments ---- */

static char *describe_telling (const TamboToday *today) {
  gint64 seconds;
  g_autoptr (GDateTime) told = NULL;
  g_autofree char *time = NULL;

  if (today->told_at == NULL || !tambo_clock_parse (today->told_at, &seconds))
    return g_strdup ("");
  told = g_date_time_new_from_unix_local (seconds);
  time = tambo_date_text (told, "%-d %b %H:%M");
  return g_strdup_printf (
      _ ("As headquarters told it last, %s. What was booked since is not here."), time);
}

static gboolean show_appointments (TamboHomePage *self, const TamboToday *today) {
  guint length = today->appointments != NULL ? today->appointments->len : 0;
  gboolean has_any = tambo_appointment_list_show (self->appointments_list, today);
  g_autofree char *title = g_strdup_printf (_ ("Appointments today (%u)"), length);
  g_autofree char *telling = describe_telling (today);

  gtk_label_set_label (self->appointments_title, title);
  gtk_label_set_label (self->told_label, telling);
  gtk_widget_set_visible (self->appointments_box, has_any);
  return has_any;
}

/* ---- the day ---- */

static void add_figure (TamboHomePage *self, const char *title, guint value) {
  g_autofree char *text = g_strdup_printf ("%u", value);

  tambo_row_list_add_fact (self->figures, NULL, title, NULL, text);
}

/* Those whose time has come. */
static void add_people (TamboHomePage *self, GPtrArray *appointments) {
  TamboPeopleWaiting people;

  tambo_office_figures_count_people (appointments, tambo_clock_now_unix (), &people);
  if (people.count == 0)
    return;
  g_autofree char *text = tambo_day_plots_say_people (&people);
  tambo_row_list_add_fact (self->figures, NULL, _ ("Appointments due"), NULL, text);
}

static void add_blanks (TamboHomePage *self, const TamboStockTally *tally) {
  g_autofree char *title = g_strdup_printf (_ ("Blanks: %s"), tambo_text_blank_kind (tally->kind));
  g_autofree char *number = g_strdup_printf ("%u", tally->count[TAMBO_BLANK_IN_STOCK]);
  gboolean is_low = tally->count[TAMBO_BLANK_IN_STOCK] < FEW_BLANKS;

  tambo_row_list_add_fact (self->figures, is_low ? "dialog-warning-symbolic" : NULL, title,
                           is_low ? _ ("Few are left. Order more today.") : NULL, number);
}

static void show_figures (TamboHomePage *self, const TamboToday *today) {
  int place = tambo_row_list_begin (self->figures);

  add_figure (self, _ ("Sealed today"), today->day.sealed);
  add_people (self, today->appointments);
  add_figure (self, _ ("Wait to be sent"), today->status.waiting);
  tambo_row_list_add_fact (self->figures, NULL, _ ("Headquarters"), NULL,
                           self->connection != NULL ? self->connection : "");
  if (today->role & TAMBO_ROLES_DESK)
    add_figure (self, _ ("Wait for a second person"), today->status.approvals);
  for (guint i = 0; i < today->stock->len; i++)
    add_blanks (self, g_ptr_array_index (today->stock, i));
  tambo_row_list_end (self->figures, place);
}

static void show_summary (TamboHomePage *self, const TamboToday *today) {
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *date = tambo_date_text (now, _ ("%A, %-d %B"));
  g_autofree char *drafts =
      today->drafts != NULL && today->drafts->len > 0 ? g_strdup_printf (
          ngettext ("%u parked", "%u parked", today->drafts->len), today->drafts->len)
                                                      : NULL;
  g_autofree char *text = g_strjoin (" · ", date, drafts, NULL);

  gtk_label_set_label (self->summary, text);
}

static void show (TamboHomePage *self, const TamboToday *today) {
  gboolean has_cases = today->found != NULL && today->found->len > 0;

  show_summary (self, today);
  tambo_day_plots_hours (self->plot, &today->day);
  show_figures (self, today);
  gtk_widget_set_visible (self->new_button, (today->role & TAMBO_ROLES_DESK) != 0);
  gtk_widget_set_visible (GTK_WIDGET (self->search_entry), today->found != NULL);
  if (*today->wanted != '\0') {
    show_found (self, today);
    return;
  }
  has_cases |= show_appointments (self, today);
  show_parked (self->sent_back_list, self->sent_back_box, today->sent_back, today);
  show_parked (self->parked_list, self->parked_box, today->drafts, today);
  show_rows (self->latest_list, today, FALSE);
  gtk_widget_set_visible (self->latest_box,
                          gtk_list_box_get_row_at_index (self->latest_list, 0) != NULL);
  tambo_stack_show (self->stack, has_cases ? "cases" : "empty");
}

static void on_today_loaded (gpointer owner, gpointer data, const GError *error) {
  TamboHomePage *self = owner;
  const TamboToday *today = data;

  self->is_loading = FALSE;
  /* Locked meanwhile: nothing is shown any more. */
  if (today->role != tambo_station_get_role (today->station))
    return;
  if (error != NULL)
    tambo_session_fail (self->session, error);
  else if (g_str_equal (today->wanted, get_wanted (self)))
    show (self, today);
  if (self->load_again)
    tambo_home_page_reload (self);
}

void tambo_home_page_reload (TamboHomePage *self) {
  self->load_again = self->is_loading;
  if (self->is_loading)
    return;
  self->is_loading = TRUE;
  tambo_work_push (tambo_session_get_desk_queue (self->session), tambo_today_load,
                   tambo_today_new (tambo_session_get_station (self->session), get_wanted (self)),
                   (GDestroyNotify) tambo_today_free, NULL, on_today_loaded, self);
}

/* ---- the clerk ---- */

static void go (TamboHomePage *self, const char *place, const char *id) {
  gtk_widget_activate_action (GTK_WIDGET (self), "win.look-at", "(ss)", place, id);
}

static void on_row_activated_cb (TamboHomePage *self, GtkListBoxRow *row) {
  TamboCaseListRow *item = TAMBO_CASE_LIST_ROW (row);

  switch (tambo_case_row_get_state (item)) {
  case TAMBO_CASE_DRAFT:
  case TAMBO_CASE_REJECTED:
    g_signal_emit (self, case_chosen_signal, 0, tambo_case_row_get_id (item));
    break;
  case TAMBO_CASE_WAITING:
    go (self, "approvals", tambo_case_row_get_id (item));
    break;
  default:
    go (self, "outbox", tambo_case_row_get_id (item));
  }
}

static void on_appointment_begun (gpointer owner, gpointer case_id, const GError *error) {
  TamboHomePage *self = owner;

  if (error != NULL)
    tambo_session_fail (self->session, error);
  else
    g_signal_emit (self, case_chosen_signal, 0, case_id);
}

static void on_appointment_activated_cb (TamboHomePage *self, GtkListBoxRow *row) {
  const char *code = tambo_appointment_list_get_code (row);

  if (code != NULL)
    tambo_appointment_list_begin (self->session, code, on_appointment_begun, self);
  else
    g_signal_emit (self, case_chosen_signal, 0, tambo_appointment_list_get_case (row));
}

static void on_search_changed_cb (TamboHomePage *self) {
  if (self->session != NULL && tambo_station_get_role (tambo_session_get_station (self->session)))
    tambo_home_page_reload (self);
}

/* Enter in the search goes to what was found. */
static void on_search_activated_cb (TamboHomePage *self) {
  GtkListBoxRow *row = gtk_list_box_get_row_at_index (self->found_list, 0);

  if (row != NULL && *get_wanted (self) != '\0')
    tambo_focus_take (GTK_WIDGET (row));
}

gboolean tambo_home_page_cancel (TamboHomePage *self) {
  if (*get_wanted (self) == '\0')
    return FALSE;
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  tambo_focus_take (self->new_button);
  return TRUE;
}

void tambo_home_page_find (TamboHomePage *self) {
  tambo_focus_take (GTK_WIDGET (self->search_entry));
}

void tambo_home_page_set_connection (TamboHomePage *self, const char *words) {
  g_free (self->connection);
  self->connection = g_strdup (words);
}

void tambo_home_page_enter (TamboHomePage *self) {
  tambo_focus_take (self->new_button);
  tambo_home_page_reload (self);
}

void tambo_home_page_clear (TamboHomePage *self) {
  gtk_editable_set_text (GTK_EDITABLE (self->search_entry), "");
  tambo_row_list_clear (self->appointments_list);
  tambo_row_list_clear (self->sent_back_list);
  tambo_row_list_clear (self->parked_list);
  tambo_row_list_clear (self->latest_list);
  tambo_row_list_clear (self->found_list);
}

/* ---- the object ---- */

static void tambo_home_page_dispose (GObject *object) {
  g_clear_object (&TAMBO_HOME_PAGE (object)->session);
  g_clear_pointer (&TAMBO_HOME_PAGE (object)->connection, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_HOME_PAGE);
  G_OBJECT_CLASS (tambo_home_page_parent_class)->dispose (object);
}

static void bind_children (GtkWidgetClass *widget_class) {
  gtk_widget_class_bind_template_child (widget_class, TamboHomePage, new_button);
  gtk_widget_class_bind_template_child (widget_class, TamboHomePage, search_entry);
  gtk_widget_class_bind_template_child (widget_class, TamboHomePage, stack);
  gtk_widget_class_bind_template_child (widget_class, TamboHomePage, appointments_box);
  gtk_widget_class_bind_template_child (widget_class, TamboHomePage, appointments_title);
  gtk_widget_class_bind_template_child (widget_class, TamboHomePage, told_label);
  gtk_widget_class_bind_template_child (widget_class, TamboHomePage, appointments_list);
  gtk_widget_class_bind_template_child (widget_class, TamboHomePage, sent_back_box);
  gtk_widget_class_bind_template_child (widget_class, TamboHomePage, parked_box);
  gtk_widget_class_bind_template_child (widget_class, TamboHomePage, latest_box);
  gtk_widget_class_bind_template_child (widget_class, TamboHomePage, sent_back_list);
  gtk_widget_class_bind_template_child (widget_class, TamboHomePage, parked_list);
  gtk_widget_class_bind_template_child (widget_class, TamboHomePage, latest_list);
  gtk_widget_class_bind_template_child (widget_class, TamboHomePage, found_list);
  gtk_widget_class_bind_template_child (widget_class, TamboHomePage, found_title);
  gtk_widget_class_bind_template_child (widget_class, TamboHomePage, summary);
  gtk_widget_class_bind_template_child (widget_class, TamboHomePage, plot);
  gtk_widget_class_bind_template_child (widget_class, TamboHomePage, figures);
}

static void tambo_home_page_class_init (TamboHomePageClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_home_page_dispose;
  case_chosen_signal = g_signal_new ("case-chosen", TAMBO_TYPE_HOME_PAGE, G_SIGNAL_RUN_LAST, 0,
                                     NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  g_type_ensure (TAMBO_TYPE_BAR_PLOT);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tambo/Station/ui/home-page.ui");
  bind_children (widget_class);
  gtk_widget_class_bind_template_callback (widget_class, on_row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_appointment_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_search_activated_cb);
}

static void tambo_home_page_init (TamboHomePage *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  tambo_row_list_set_up (self->appointments_list);
  tambo_row_list_set_up (self->sent_back_list);
  tambo_row_list_set_up (self->parked_list);
  tambo_row_list_set_up (self->latest_list);
  tambo_row_list_set_up (self->found_list);
  tambo_row_list_set_up (self->figures);
  tambo_stack_show (self->stack, "empty");
}

void tambo_home_page_set_session (TamboHomePage *self, TamboSession *session) {
  g_set_object (&self->session, session);
}
