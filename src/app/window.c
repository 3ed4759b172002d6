/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window.h"

#include <glib/gi18n.h>

#include "app/desk-page.h"
#include "app/enrolment-page.h"
#include "app/error-text.h"
#include "app/home-page.h"
#include "app/places.h"
#include "app/problem-strip.h"
#include "app/procedures-page.h"
#include "app/sign-in-page.h"
#include "app/stack-pages.h"
#include "app/sync-process.h"
#include "station/headquarters.h"

/* How soon a desk that was left is noticed, after the time that the store gives. */
#define IDLE_TICK_SECONDS 10

struct _TamboWindow {
  AdwApplicationWindow parent;
  AdwWindowTitle *title;
  GtkWidget *home_button;
  GtkWidget *desk_box;
  GtkLabel *operator_label;
  GtkLabel *outbox_label;
  GtkImage *connection_icon;
  GtkLabel *connection_label;
  GtkWidget *practice_strip;
  TamboProblemStrip *problem_strip;
  GtkStack *stack;
  TamboSignInPage *sign_in_page;
  TamboHomePage *home_page;
  TamboProceduresPage *procedures_page;
  TamboEnrolmentPage *enrolment_page;

  TamboSession *session;
  TamboSyncProcess *sync;
  GCancellable *exchanging;
  gboolean is_counting;
  gboolean count_again;
  guint idle_tick;
};

G_DEFINE_FINAL_TYPE (TamboWindow, tambo_window, ADW_TYPE_APPLICATION_WINDOW)

static gboolean is_signed_in (TamboWindow *self) {
  return self->session != NULL
         && !g_str_equal (gtk_stack_get_visible_child_name (self->stack), "sign-in");
}

static TamboDeskPage *get_desk_page (TamboWindow *self) {
  GtkWidget *shown = gtk_stack_get_visible_child (self->stack);

  return TAMBO_IS_DESK_PAGE (shown) ? TAMBO_DESK_PAGE (shown) : NULL;
}

static gboolean is_enrolling (TamboWindow *self) {
  return g_str_equal (gtk_stack_get_visible_child_name (self->stack), "enrolment");
}

/* ---- the header bar ---- */

static void show_title (TamboWindow *self) {
  if (self->session == NULL)
    return;

  const TamboEnrolment *shown = tambo_session_get_shown (self->session);
  const TamboProcedure *procedure = tambo_session_get_procedure (self->session);
  const char *code = tambo_station_get_code (tambo_session_get_station (self->session));
  if (shown != NULL && procedure != NULL) {
    g_autofree char *subtitle = g_strdup_printf ("%s · %s", code, shown->tracking_number);
    adw_window_title_set_title (self->title, tambo_session_procedure_title (procedure));
    adw_window_title_set_subtitle (self->title, subtitle);
  } else {
    adw_window_title_set_title (self->title, "Tambo");
    adw_window_title_set_subtitle (self->title, code);
  }
}

typedef struct {
  TamboStation *station;
  guint waiting;
} Count;

static void count_free (Count *count) {
  g_object_unref (count->station);
  g_free (count);
}

static gboolean count_waiting (gpointer data, GCancellable *cancellable, GError **error) {
  Count *count = data;

  count->waiting = tambo_station_count_waiting (count->station);
  return TRUE;
}

static void count_outbox (TamboWindow *self);

static void on_waiting_counted (gpointer owner, gpointer data, const GError *error) {
  TamboWindow *self = owner;
  const Count *count = data;
  g_autofree char *text = g_strdup_printf (
      ngettext ("%u record waits", "%u records wait", count->waiting), count->waiting);

  gtk_label_set_label (self->outbox_label, text);
  self->is_counting = FALSE;
  if (self->count_again)
    count_outbox (self);
}

/* One at a time: a burst of changes is counted once more at its end. */
static void count_outbox (TamboWindow *self) {
  self->count_again = self->is_counting;
  if (self->is_counting)
    return;

  Count *count = g_new0 (Count, 1);
  count->station = g_object_ref (tambo_session_get_station (self->session));
  self->is_counting = TRUE;
  tambo_work_push (tambo_session_get_desk_queue (self->session), count_waiting, count,
                   (GDestroyNotify) count_free, NULL, on_waiting_counted, self);
}

static void show_connection (TamboWindow *self) {
  static const struct {
    const char *icon, *text;
  } faces[] = {
    [TAMBO_CONNECTION_UNKNOWN] = {
        "network-idle-symbolic", N_ ("Not connected yet") },
        [TAMBO_CONNECTION_GOOD] = { "network-wired-symbolic", N_ ("Connected") },
                                    [TAMBO_CONNECTION_LOST] = { "network-offline-symbolic",
                                                                N_ ("Offline since %s") },
                                    };
  TamboConnection connection = tambo_sync_process_get_connection (self->sync);
  GDateTime *since = tambo_sync_process_get_since (self->sync);
  gboolean is_registered = tambo_station_is_registered (tambo_session_get_station (self->session));

  gtk_image_set_from_icon_name (self->connection_icon, faces[connection].icon);
  if (!is_registered) {
    gtk_label_set_label (self->connection_label, _ ("Not registered"));
  } else if (connection == TAMBO_CONNECTION_LOST && since != NULL) {
    g_autofree char *time = g_date_time_format (since, "%H:%M");
    g_autofree char *text = g_strdup_printf (_ ("Offline since %s"), time);
    gtk_label_set_label (self->connection_label, text);
  } else {
    gtk_label_set_label (self->connection_label, _ (faces[connection].text));
  }
}

static void on_station_changed_cb (TamboWindow *self) {
  count_outbox (self);
  if (g_str_equal (gtk_stack_get_visible_child_name (self->stack), "home"))
    tambo_home_page_reload (self->home_page);
  if (get_desk_page (self) != NULL)
    tambo_desk_page_reload (get_desk_page (self));
}

static void on_sync_changed_cb (TamboWindow *self) {
  show_connection (self);
  on_station_changed_cb (self);
}

static void on_case_changed_cb (TamboWindow *self) {
  /* What went wrong before has been mended or left; a failure shows itself after this. */
  tambo_problem_strip_hide (self->problem_strip);
  show_title (self);
  tambo_enrolment_page_refresh (self->enrolment_page);
}

static void on_failed_cb (TamboWindow *self, const GError *error) {
  tambo_window_show_problem (self, error);
}

/* ---- from page to page ---- */

static void show_page (TamboWindow *self, const char *name) {
  gboolean is_open = !g_str_equal (name, "sign-in");

  tambo_problem_strip_hide (self->problem_strip);
  tambo_stack_show (self->stack, name);
  gtk_widget_set_visible (self->desk_box, is_open);
  gtk_widget_set_visible (self->home_button, is_open && !g_str_equal (name, "home"));
  show_title (self);
}

static void leave_page (TamboWindow *self) {
  if (get_desk_page (self) != NULL)
    tambo_desk_page_leave (get_desk_page (self));
  if (!is_enrolling (self))
    return;
  tambo_enrolment_page_leave (self->enrolment_page);
  tambo_session_close (self->session);
}

static void go_home (TamboWindow *self) {
  leave_page (self);
  show_page (self, "home");
  tambo_home_page_enter (self->home_page);
}

static void on_case_opened (gpointer owner, gpointer data, const GError *error) {
  TamboWindow *self = owner;

  if (error != NULL) {
    tambo_window_show_problem (self, error);
    return;
  }
  show_page (self, "enrolment");
  tambo_enrolment_page_enter (self->enrolment_page);
}

static void on_case_chosen_cb (TamboWindow *self, const char *case_id) {
  tambo_session_resume (self->session, case_id, on_case_opened, self);
}

static void on_procedure_chosen_cb (TamboWindow *self, const char *procedure_id) {
  tambo_session_begin (self->session, procedure_id, on_case_opened, self);
}

static void on_signed_in_cb (TamboWindow *self) {
  g_autofree char *name = tambo_station_dup_operator (tambo_session_get_station (self->session));
  g_autoptr (GError) error = NULL;

  gtk_label_set_label (self->operator_label, name != NULL ? name : "");
  if (tambo_station_is_registered (tambo_session_get_station (self->session))
      && !tambo_sync_process_start (self->sync, &error))
    g_warning ("synchronisation does not run: %s", error->message);
  show_connection (self);
  count_outbox (self);
  tambo_session_scan (self->session, NULL, NULL);
  go_home (self);
}

/* ---- what the keys do ---- */

static void on_home (GtkWidget *widget, const char *name, GVariant *parameter) {
  if (is_signed_in (TAMBO_WINDOW (widget)))
    go_home (TAMBO_WINDOW (widget));
}

static const TamboPlace *find_place (const char *name) {
  guint n_places;
  const TamboPlace *places = tambo_places_get (&n_places);

  for (guint i = 0; i < n_places; i++)
    if (g_str_equal (places[i].name, name))
      return &places[i];
  return NULL;
}

static void on_go (GtkWidget *widget, const char *action, GVariant *parameter) {
  TamboWindow *self = TAMBO_WINDOW (widget);
  const char *name = g_variant_get_string (parameter, NULL);
  const TamboPlace *place = find_place (name);

  if (!is_signed_in (self) || place == NULL
      || (place->roles & tambo_station_get_role (tambo_session_get_station (self->session))) == 0)
    return;
  leave_page (self);
  show_page (self, name);
  tambo_desk_page_enter (get_desk_page (self));
}

static void on_new (GtkWidget *widget, const char *name, GVariant *parameter) {
  TamboWindow *self = TAMBO_WINDOW (widget);

  if (!is_signed_in (self))
    return;
  leave_page (self);
  show_page (self, "procedures");
  tambo_procedures_page_enter (self->procedures_page);
}

static void clear_places (TamboWindow *self) {
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->stack)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (TAMBO_IS_DESK_PAGE (child))
      tambo_desk_page_clear (TAMBO_DESK_PAGE (child));
}

/* Nothing personal stays on the screen; what was captured is saved. */
static void blank (TamboWindow *self) {
  leave_page (self);
  tambo_home_page_clear (self->home_page);
  clear_places (self);
  show_page (self, "sign-in");
  tambo_sign_in_page_lock (self->sign_in_page);
}

static void on_lock (GtkWidget *widget, const char *name, GVariant *parameter) {
  if (is_signed_in (TAMBO_WINDOW (widget)))
    blank (TAMBO_WINDOW (widget));
}

static gboolean on_idle_tick (gpointer data) {
  TamboWindow *self = data;

  if (is_signed_in (self)
      && tambo_station_lock_when_idle (tambo_session_get_station (self->session)))
    blank (self);
  return G_SOURCE_CONTINUE;
}

static void on_continue (GtkWidget *widget, const char *name, GVariant *parameter) {
  if (is_enrolling (TAMBO_WINDOW (widget)))
    tambo_enrolment_page_continue (TAMBO_WINDOW (widget)->enrolment_page);
}

static void on_back (GtkWidget *widget, const char *name, GVariant *parameter) {
  if (is_enrolling (TAMBO_WINDOW (widget)))
    tambo_enrolment_page_back (TAMBO_WINDOW (widget)->enrolment_page);
}

static void on_ready (GtkWidget *widget, const char *name, GVariant *parameter) {
  if (is_enrolling (TAMBO_WINDOW (widget)))
    tambo_enrolment_page_ready (TAMBO_WINDOW (widget)->enrolment_page);
}

static void on_step (GtkWidget *widget, const char *name, GVariant *parameter) {
  if (is_enrolling (TAMBO_WINDOW (widget)))
    tambo_enrolment_page_go (TAMBO_WINDOW (widget)->enrolment_page,
                             (TamboStep) g_variant_get_int32 (parameter));
}

static void on_cancel (GtkWidget *widget, const char *name, GVariant *parameter) {
  TamboWindow *self = TAMBO_WINDOW (widget);

  tambo_problem_strip_hide (self->problem_strip);
  if (is_enrolling (self))
    tambo_enrolment_page_cancel (self->enrolment_page);
  else if (get_desk_page (self) != NULL && !tambo_desk_page_cancel (get_desk_page (self)))
    go_home (self);
  else if (g_str_equal (gtk_stack_get_visible_child_name (self->stack), "procedures"))
    go_home (self);
}

typedef struct {
  TamboStation *station;
  TamboExchangeResult result;
} Exchange;

static void exchange_free (Exchange *exchange) {
  g_object_unref (exchange->station);
  g_free (exchange);
}

static gboolean run_exchange (gpointer data, GCancellable *cancellable, GError **error) {
  Exchange *exchange = data;

  return tambo_headquarters_exchange (exchange->station, 0, NULL, NULL, cancellable,
                                      &exchange->result, error);
}

static void on_exchanged (gpointer owner, gpointer data, const GError *error) {
  TamboWindow *self = owner;

  g_clear_object (&self->exchanging);
  tambo_sync_process_set_connection (self->sync,
                                     error == NULL ? TAMBO_CONNECTION_GOOD : TAMBO_CONNECTION_LOST);
  if (error != NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    tambo_window_show_problem (self, error);
}

static void on_exchange (GtkWidget *widget, const char *name, GVariant *parameter) {
  TamboWindow *self = TAMBO_WINDOW (widget);

  if (is_signed_in (self) && get_desk_page (self) != NULL)
    tambo_desk_page_again (get_desk_page (self));
  if (!is_signed_in (self) || self->exchanging != NULL)
    return;
  Exchange *exchange = g_new0 (Exchange, 1);
  exchange->station = g_object_ref (tambo_session_get_station (self->session));
  self->exchanging = g_cancellable_new ();
  gtk_label_set_label (self->connection_label, _ ("Sending…"));
  tambo_work_push (tambo_session_get_network_queue (self->session), run_exchange, exchange,
                   (GDestroyNotify) exchange_free, self->exchanging, on_exchanged, self);
  if (is_enrolling (self))
    tambo_enrolment_page_again (self->enrolment_page);
}

/* ---- the object ---- */

static gboolean tambo_window_close_request (GtkWindow *window) {
  TamboWindow *self = TAMBO_WINDOW (window);

  if (self->exchanging != NULL)
    g_cancellable_cancel (self->exchanging);
  if (self->session != NULL) {
    leave_page (self);
    tambo_sync_process_stop (self->sync);
    tambo_session_shut (self->session);
  }
  return GTK_WINDOW_CLASS (tambo_window_parent_class)->close_request (window);
}

static void tambo_window_dispose (GObject *object) {
  TamboWindow *self = TAMBO_WINDOW (object);

  g_clear_handle_id (&self->idle_tick, g_source_remove);
  g_clear_object (&self->exchanging);
  g_clear_object (&self->sync);
  g_clear_object (&self->session);
  gtk_widget_dispose_template (GTK_WIDGET (self), TAMBO_TYPE_WINDOW);
  G_OBJECT_CLASS (tambo_window_parent_class)->dispose (object);
}

static void install_actions (GtkWidgetClass *widget_class) {
  gtk_widget_class_install_action (widget_class, "win.home", NULL, on_home);
  gtk_widget_class_install_action (widget_class, "win.go", "s", on_go);
  gtk_widget_class_install_action (widget_class, "win.new", NULL, on_new);
  gtk_widget_class_install_action (widget_class, "win.lock", NULL, on_lock);
  gtk_widget_class_install_action (widget_class, "win.continue", NULL, on_continue);
  gtk_widget_class_install_action (widget_class, "win.back", NULL, on_back);
  gtk_widget_class_install_action (widget_class, "win.ready", NULL, on_ready);
  gtk_widget_class_install_action (widget_class, "win.step", "i", on_step);
  gtk_widget_class_install_action (widget_class, "win.cancel", NULL, on_cancel);
  gtk_widget_class_install_action (widget_class, "win.exchange", NULL, on_exchange);
}

static void tambo_window_class_init (TamboWindowClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_window_dispose;
  GTK_WINDOW_CLASS (klass)->close_request = tambo_window_close_request;
  g_type_ensure (TAMBO_TYPE_PROBLEM_STRIP);
  g_type_ensure (TAMBO_TYPE_SIGN_IN_PAGE);
  g_type_ensure (TAMBO_TYPE_HOME_PAGE);
  g_type_ensure (TAMBO_TYPE_PROCEDURES_PAGE);
  g_type_ensure (TAMBO_TYPE_ENROLMENT_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tambo/Station/ui/window.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboWindow, title);
  gtk_widget_class_bind_template_child (widget_class, TamboWindow, home_button);
  gtk_widget_class_bind_template_child (widget_class, TamboWindow, desk_box);
  gtk_widget_class_bind_template_child (widget_class, TamboWindow, operator_label);
  gtk_widget_class_bind_template_child (widget_class, TamboWindow, outbox_label);
  gtk_widget_class_bind_template_child (widget_class, TamboWindow, connection_icon);
  gtk_widget_class_bind_template_child (widget_class, TamboWindow, connection_label);
  gtk_widget_class_bind_template_child (widget_class, TamboWindow, practice_strip);
  gtk_widget_class_bind_template_child (widget_class, TamboWindow, problem_strip);
  gtk_widget_class_bind_template_child (widget_class, TamboWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, TamboWindow, sign_in_page);
  gtk_widget_class_bind_template_child (widget_class, TamboWindow, home_page);
  gtk_widget_class_bind_template_child (widget_class, TamboWindow, procedures_page);
  gtk_widget_class_bind_template_child (widget_class, TamboWindow, enrolment_page);
  gtk_widget_class_bind_template_callback (widget_class, on_signed_in_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_case_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_procedure_chosen_cb);
  install_actions (widget_class);
}

/* The pages of the places, and the keys that lead there. */
static void build_places (TamboWindow *self) {
  GtkEventController *keys = gtk_shortcut_controller_new ();
  guint n_places;
  const TamboPlace *places = tambo_places_get (&n_places);

  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  for (guint i = 0; i < n_places; i++) {
    GtkShortcut *shortcut;

    gtk_stack_add_named (self->stack, g_object_new (places[i].get_type (), NULL), places[i].name);
    if (places[i].accelerator == NULL)
      continue;
    shortcut =
        gtk_shortcut_new_with_arguments (gtk_shortcut_trigger_parse_string (places[i].accelerator),
                                         gtk_named_action_new ("win.go"), "s", places[i].name);
    gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys), shortcut);
  }
  gtk_widget_add_controller (GTK_WIDGET (self), keys);
}

static void tambo_window_init (TamboWindow *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  build_places (self);
  tambo_stack_show (self->stack, "sign-in");
}

TamboWindow *tambo_window_new (GtkApplication *application) {
  return g_object_new (TAMBO_TYPE_WINDOW, "application", application, NULL);
}

void tambo_window_set_session (TamboWindow *self, TamboSession *session) {
  TamboStation *station = tambo_session_get_station (session);
  gboolean is_practice = tambo_station_is_practice (station);

  self->session = g_object_ref (session);
  self->sync = tambo_sync_process_new (tambo_station_get_folder (station));
  g_signal_connect_object (station, "changed", G_CALLBACK (on_station_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->sync, "changed", G_CALLBACK (on_sync_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "case-changed", G_CALLBACK (on_case_changed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "failed", G_CALLBACK (on_failed_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_set_visible (self->practice_strip, is_practice);
  if (is_practice)
    gtk_widget_add_css_class (GTK_WIDGET (self), "devel");
  tambo_home_page_set_session (self->home_page, session);
  tambo_procedures_page_set_session (self->procedures_page, session);
  tambo_enrolment_page_set_session (self->enrolment_page, session);
  tambo_sign_in_page_set_session (self->sign_in_page, session);
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->stack)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (TAMBO_IS_DESK_PAGE (child))
      tambo_desk_page_set_session (TAMBO_DESK_PAGE (child), session);
  self->idle_tick = g_timeout_add_seconds (IDLE_TICK_SECONDS, on_idle_tick, self);
  show_title (self);
}

void tambo_window_show_problem (TamboWindow *self, const GError *error) {
  tambo_problem_strip_show (self->problem_strip, error);
}
