/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/window.h"

#include <glib/gi18n.h>

#include "app/allocator.h"
#include "app/help-window.h"
#include "app/list-memory.h"
#include "app/panes.h"
#include "app/places.h"
#include "app/presence.h"
#include "app/second-person.h"
#include "app/shortcuts.h"
#include "app/stack-pages.h"
#include "app/swipe-port.h"
#include "app/swipe.h"
#include "app/window-private.h"
#include "base/bytes.h"
#include "record/mrz.h"
#include "station/portrait-desk.h"

/* How soon a desk that was left is noticed, after the time that the store gives. */
#define IDLE_TICK_SECONDS 10
/* So long after a portrait the next one is not expected at once. */
#define PORTRAIT_REST_US (3 * G_TIME_SPAN_MINUTE)

G_DEFINE_FINAL_TYPE (TamboWindow, tambo_window, ADW_TYPE_APPLICATION_WINDOW)

gboolean tambo_window_is_signed_in (TamboWindow *self) {
  return self->session != NULL
         && !g_str_equal (gtk_stack_get_visible_child_name (self->stack), "sign-in");
}

TamboDeskPage *tambo_window_get_desk_page (TamboWindow *self) {
  GtkWidget *shown = gtk_stack_get_visible_child (self->stack);

  return TAMBO_IS_DESK_PAGE (shown) ? TAMBO_DESK_PAGE (shown) : NULL;
}

gboolean tambo_window_is_enrolling (TamboWindow *self) {
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

static void on_room_told_cb (TamboWindow *self, guint cases_left) {
  tambo_window_tell_room (self, cases_left);
}

static void on_case_chosen_cb (TamboWindow *self, const char *case_id) {
  tambo_window_open_case (self, case_id);
}

static void on_procedure_chosen_cb (TamboWindow *self, const char *procedure_id) {
  tambo_window_begin_case (self, procedure_id);
}

static void on_station_changed_cb (TamboWindow *self) {
  tambo_status_bar_load (self->status_bar, self->session);
  if (g_str_equal (gtk_stack_get_visible_child_name (self->stack), "home"))
    tambo_home_page_reload (self->home_page);
  if (tambo_window_get_desk_page (self) != NULL)
    tambo_desk_page_reload (tambo_window_get_desk_page (self));
}

static void on_sync_changed_cb (TamboWindow *self) {
  tambo_window_show_connection (self);
  if (tambo_window_is_signed_in (self))
    tambo_window_show_cause (self);
  tambo_notices_look (self->notices);
  on_station_changed_cb (self);
}

static void on_case_changed_cb (TamboWindow *self) {
  /* What went wrong before has been mended or left; a failure shows itself after this. */
  tambo_problem_strip_hide (self->problem_strip, TAMBO_PROBLEM_ACT);
  show_title (self);
  tambo_enrolment_page_refresh (self->enrolment_page);
}

static void on_failed_cb (TamboWindow *self, const GError *error) {
  tambo_window_show_problem (self, error);
}

/* ---- from page to page ---- */

void tambo_window_show_page (TamboWindow *self, const char *name) {
  gboolean is_open = !g_str_equal (name, "sign-in");

  tambo_problem_strip_hide (self->problem_strip, TAMBO_PROBLEM_ACT);
  tambo_list_memory_leave (gtk_stack_get_visible_child (self->stack));
  tambo_stack_show (self->stack, name);
  gtk_widget_set_visible (GTK_WIDGET (self->status_bar), is_open);
  gtk_widget_set_visible (self->go_to_button, is_open);
  gtk_widget_set_visible (self->practice_button, is_open);
  gtk_widget_set_visible (self->home_button, is_open && !g_str_equal (name, "home"));
  show_title (self);
}

/* For a lock or the end: the same place is come back to. */
static void put_page_aside (TamboWindow *self) {
  tambo_window_end_undo (self);
  /* A question that is open is about the page that is left. */
  tambo_second_person_give_up (GTK_WIDGET (self));
  tambo_list_memory_leave (gtk_stack_get_visible_child (self->stack));
  if (tambo_window_get_desk_page (self) != NULL)
    tambo_desk_page_leave (tambo_window_get_desk_page (self));
  if (!tambo_window_is_enrolling (self))
    return;
  tambo_enrolment_page_leave (self->enrolment_page);
  tambo_session_close (self->session);
}

void tambo_window_leave_page (TamboWindow *self) {
  if (tambo_window_is_enrolling (self))
    tambo_last_place_forget (self->session);
  put_page_aside (self);
}

void tambo_window_go_home (TamboWindow *self) {
  g_clear_pointer (&self->mrz, tambo_secret_string_free);
  tambo_window_leave_page (self);
  tambo_window_show_page (self, "home");
  tambo_list_memory_enter (GTK_WIDGET (self->home_page));
  tambo_home_page_enter (self->home_page);
}

static const TamboPlace *find_place (const char *name) {
  guint n_places;
  const TamboPlace *places = tambo_places_get (&n_places);

  for (guint i = 0; i < n_places; i++)
    if (g_str_equal (places[i].name, name))
      return &places[i];
  return NULL;
}

static gboolean may_enter (TamboWindow *self, const char *name) {
  const TamboPlace *place = find_place (name);

  return place != NULL
         && (place->roles & tambo_station_get_role (tambo_session_get_station (self->session)))
                != 0;
}

void tambo_window_go_to_place (TamboWindow *self, const char *name, const char *id) {
  tambo_window_leave_page (self);
  tambo_window_show_page (self, name);
  if (id != NULL)
    tambo_desk_page_look_at (tambo_window_get_desk_page (self), id);
  else
    tambo_list_memory_enter (GTK_WIDGET (tambo_window_get_desk_page (self)));
  tambo_desk_page_enter (tambo_window_get_desk_page (self));
}

/* After a lock, a crash or a power cut: to the place that was left, and who left a case is in it again, at
 * the same step and field. Another one finds it among the parked ones. */
static void go_back (TamboWindow *self) {
  g_autofree char *place = g_steal_pointer (&self->left_place);
  gboolean is_supervisor =
      tambo_station_get_role (tambo_session_get_station (self->session)) & TAMBO_ROLE_SUPERVISOR;

  if (self->is_called && is_supervisor) {
    g_free (place);
    place = g_strdup ("approvals");
  }
  self->is_called = FALSE;
  if (place != NULL && may_enter (self, place))
    tambo_window_go_to_place (self, place, NULL);
  else
    tambo_window_go_home (self);
  tambo_window_open_left_case (self);
}

static void show_operator (TamboWindow *self) {
  TamboStation *station = tambo_session_get_station (self->session);
  g_autofree char *id = tambo_station_dup_operator (station);

  if (g_strcmp0 (id, self->operator_id) != 0)
    tambo_list_memory_forget (GTK_WIDGET (self->stack));
  g_free (self->operator_id);
  self->operator_id = g_strdup (id != NULL ? id : "");
  tambo_status_bar_set_operator (self->status_bar, self->operator_id,
                                 tambo_station_get_role (station));
}

/* ---- the second screen ---- */

static TamboApplicantWindow *get_applicant (TamboWindow *self) {
  TamboStation *station = tambo_session_get_station (self->session);
  const TamboPreferences *preferences = tambo_session_get_preferences (self->session);

  if (self->applicant != NULL)
    return self->applicant;
  self->applicant = tambo_applicant_window_new (
      GTK_WINDOW (self), tambo_session_get_screen (self->session), tambo_station_get_code (station),
      tambo_station_is_practice (station));
  if (preferences->applicant_language != NULL)
    tambo_applicant_window_speak (self->applicant, preferences->applicant_language);
  return self->applicant;
}

static void on_applicant (GtkWidget *widget, const char *name, GVariant *parameter) {
  TamboWindow *self = TAMBO_WINDOW (widget);

  if (self->session == NULL)
    return;
  if (gtk_widget_get_visible (GTK_WIDGET (get_applicant (self))))
    gtk_widget_set_visible (GTK_WIDGET (self->applicant), FALSE);
  else
    tambo_applicant_window_open (self->applicant);
}

static void on_applicant_turn (GtkWidget *widget, const char *name, GVariant *parameter) {
  if (TAMBO_WINDOW (widget)->session != NULL)
    tambo_applicant_window_turn (get_applicant (TAMBO_WINDOW (widget)));
}

static void on_applicant_language (GtkWidget *widget, const char *name, GVariant *parameter) {
  if (TAMBO_WINDOW (widget)->session != NULL)
    tambo_applicant_window_speak (get_applicant (TAMBO_WINDOW (widget)), NULL);
}

static void on_signed_in_cb (TamboWindow *self) {
  g_autoptr (GError) error = NULL;

  show_operator (self);
  if (tambo_station_is_registered (tambo_session_get_station (self->session))
      && !tambo_sync_process_start (self->sync, &error))
    g_warning ("synchronisation does not run: %s", error->message);
  tambo_window_show_connection (self);
  tambo_status_bar_load (self->status_bar, self->session);
  tambo_session_scan (self->session, NULL, NULL);
  if (tambo_applicant_window_has_monitor (GTK_WINDOW (self)))
    tambo_applicant_window_open (get_applicant (self));
  go_back (self);
}

/* ---- what the keys do ---- */

static void on_home (GtkWidget *widget, const char *name, GVariant *parameter) {
  if (tambo_window_is_signed_in (TAMBO_WINDOW (widget)))
    tambo_window_go_home (TAMBO_WINDOW (widget));
}

static void on_go (GtkWidget *widget, const char *action, GVariant *parameter) {
  TamboWindow *self = TAMBO_WINDOW (widget);
  const char *name = g_variant_get_string (parameter, NULL);

  if (tambo_window_is_signed_in (self) && may_enter (self, name))
    tambo_window_go_to_place (self, name, NULL);
}

static void on_look_at (GtkWidget *widget, const char *action, GVariant *parameter) {
  TamboWindow *self = TAMBO_WINDOW (widget);
  const char *name, *id;

  g_variant_get (parameter, "(&s&s)", &name, &id);
  if (tambo_window_is_signed_in (self) && may_enter (self, name))
    tambo_window_go_to_place (self, name, id);
}

static void on_go_to (GtkWidget *widget, const char *action, GVariant *parameter) {
  TamboWindow *self = TAMBO_WINDOW (widget);

  if (tambo_window_is_signed_in (self))
    tambo_go_to_open (self->go_to,
                      tambo_station_get_role (tambo_session_get_station (self->session)));
}

/* Built when somebody wants it: it takes longer than a page. */
static void on_help (GtkWidget *widget, const char *action, GVariant *parameter) {
  TamboWindow *self = TAMBO_WINDOW (widget);

  if (tambo_window_is_signed_in (self))
    gtk_window_present (GTK_WINDOW (tambo_help_window_new (
        GTK_WINDOW (self), tambo_station_get_role (tambo_session_get_station (self->session)))));
}

static void on_find (GtkWidget *widget, const char *action, GVariant *parameter) {
  TamboWindow *self = TAMBO_WINDOW (widget);

  if (!tambo_window_is_signed_in (self))
    return;
  if (!g_str_equal (gtk_stack_get_visible_child_name (self->stack), "home"))
    tambo_window_go_home (self);
  tambo_home_page_find (self->home_page);
}

static void choose_procedure (TamboWindow *self, const char *person) {
  tambo_window_leave_page (self);
  tambo_window_show_page (self, "procedures");
  tambo_procedures_page_enter (self->procedures_page, person);
}

static void on_new (GtkWidget *widget, const char *name, GVariant *parameter) {
  TamboWindow *self = TAMBO_WINDOW (widget);

  if (!tambo_window_is_signed_in (self))
    return;
  g_clear_pointer (&self->mrz, tambo_secret_string_free);
  choose_procedure (self, NULL);
}

/* A document is read, wherever the focus is: for the case that is open, or for a new one. */
static void on_swiped (gpointer owner, const char *text) {
  TamboWindow *self = owner;
  g_autoptr (TamboMrz) mrz = tambo_mrz_parse (text, NULL, NULL);

  if (!tambo_window_is_signed_in (self) || mrz == NULL)
    return;
  if (tambo_window_is_enrolling (self) && !tambo_session_is_sealed (self->session)) {
    tambo_enrolment_page_swipe (self->enrolment_page, text);
    return;
  }
  if (tambo_window_get_desk_page (self) != NULL
      && tambo_desk_page_swipe (tambo_window_get_desk_page (self), text))
    return;
  g_autofree char *person =
      g_strdup_printf ("%s, %s", mrz->applicant->surname, mrz->applicant->given_names);
  g_clear_pointer (&self->mrz, tambo_secret_string_free);
  self->mrz = g_strdup (text);
  choose_procedure (self, person);
}

static void clear_places (TamboWindow *self) {
  for (GtkWidget *child = gtk_widget_get_first_child (GTK_WIDGET (self->stack)); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    if (TAMBO_IS_DESK_PAGE (child))
      tambo_desk_page_clear (TAMBO_DESK_PAGE (child));
}

/* Where to come back to after the lock; a case is remembered by last-place.h. */
static void remember_page (TamboWindow *self) {
  g_free (self->left_place);
  self->left_place = tambo_window_get_desk_page (self) != NULL
                         ? g_strdup (gtk_stack_get_visible_child_name (self->stack))
                         : NULL;
}

static gboolean rest_portrait (gpointer data, GCancellable *cancellable, GError **error) {
  tambo_portrait_rest (*(gint64 *) data);
  tambo_allocator_give_back ();
  return TRUE;
}

/* Nothing personal stays on the screen; what was captured is saved. */
static void blank (TamboWindow *self) {
  g_clear_pointer (&self->mrz, tambo_secret_string_free);
  remember_page (self);
  put_page_aside (self);
  gtk_popover_popdown (GTK_POPOVER (self->go_to));
  tambo_home_page_clear (self->home_page);
  clear_places (self);
  tambo_window_show_page (self, "sign-in");
  tambo_window_forget_problems (self);
  tambo_sign_in_page_lock (self->sign_in_page);
  tambo_session_give_back_memory (self->session);
}

static void on_lock (GtkWidget *widget, const char *name, GVariant *parameter) {
  if (tambo_window_is_signed_in (TAMBO_WINDOW (widget)))
    blank (TAMBO_WINDOW (widget));
}

/* The detector of faces is not needed by who is away. */
static void rest (TamboWindow *self) {
  gint64 unused_us = tambo_window_is_signed_in (self) ? PORTRAIT_REST_US : 0;

  if (tambo_portrait_may_rest (unused_us))
    tambo_work_push (tambo_session_get_desk_queue (self->session), rest_portrait,
                     g_memdup2 (&unused_us, sizeof unused_us), g_free, NULL, NULL, NULL);
}

/* The clerk's case is kept as at every lock. */
static void on_call_supervisor (GtkWidget *widget, const char *name, GVariant *parameter) {
  TamboWindow *self = TAMBO_WINDOW (widget);

  if (!tambo_window_is_signed_in (self))
    return;
  blank (self);
  self->is_called = TRUE;
  tambo_sign_in_page_call (self->sign_in_page);
}

static gboolean on_idle_tick (gpointer data) {
  TamboWindow *self = data;

  if (tambo_window_is_signed_in (self)
      && tambo_station_lock_when_idle (tambo_session_get_station (self->session)))
    blank (self);
  rest (self);
  return G_SOURCE_CONTINUE;
}

static void on_next_pane (GtkWidget *widget, const char *name, GVariant *parameter) {
  tambo_panes_go (GTK_WINDOW (widget), FALSE);
}

static void on_previous_pane (GtkWidget *widget, const char *name, GVariant *parameter) {
  tambo_panes_go (GTK_WINDOW (widget), TRUE);
}

static void on_previous_field (GtkWidget *widget, const char *name, GVariant *parameter) {
  gtk_widget_child_focus (widget, GTK_DIR_TAB_BACKWARD);
}

static void on_fullscreen (GtkWidget *widget, const char *name, GVariant *parameter) {
  g_object_set (widget, "fullscreened", !gtk_window_is_fullscreen (GTK_WINDOW (widget)), NULL);
}

static void on_continue (GtkWidget *widget, const char *name, GVariant *parameter) {
  if (tambo_window_is_enrolling (TAMBO_WINDOW (widget)))
    tambo_enrolment_page_continue (TAMBO_WINDOW (widget)->enrolment_page);
}

static void on_back (GtkWidget *widget, const char *name, GVariant *parameter) {
  if (tambo_window_is_enrolling (TAMBO_WINDOW (widget)))
    tambo_enrolment_page_back (TAMBO_WINDOW (widget)->enrolment_page);
}

static void on_ready (GtkWidget *widget, const char *name, GVariant *parameter) {
  if (tambo_window_is_enrolling (TAMBO_WINDOW (widget)))
    tambo_enrolment_page_ready (TAMBO_WINDOW (widget)->enrolment_page);
}

static void on_step (GtkWidget *widget, const char *name, GVariant *parameter) {
  if (tambo_window_is_enrolling (TAMBO_WINDOW (widget)))
    tambo_enrolment_page_go (TAMBO_WINDOW (widget)->enrolment_page,
                             (TamboStep) g_variant_get_int32 (parameter));
}

/* The popover that has the focus is what is stopped first. */
static gboolean close_popover (TamboWindow *self) {
  GtkWidget *focus = gtk_root_get_focus (GTK_ROOT (self));
  GtkWidget *popover = focus != NULL ? gtk_widget_get_ancestor (focus, GTK_TYPE_POPOVER) : NULL;

  if (popover == NULL || !gtk_widget_get_mapped (popover))
    return FALSE;
  gtk_popover_popdown (GTK_POPOVER (popover));
  return TRUE;
}

static void on_cancel (GtkWidget *widget, const char *name, GVariant *parameter) {
  TamboWindow *self = TAMBO_WINDOW (widget);

  if (close_popover (self))
    return;
  tambo_problem_strip_hide (self->problem_strip, TAMBO_PROBLEM_ACT);
  if (tambo_window_is_enrolling (self))
    tambo_enrolment_page_cancel (self->enrolment_page);
  else if (tambo_window_get_desk_page (self) != NULL
           && !tambo_desk_page_cancel (tambo_window_get_desk_page (self)))
    tambo_window_go_home (self);
  else if (g_str_equal (gtk_stack_get_visible_child_name (self->stack), "procedures"))
    tambo_window_go_home (self);
  else if (g_str_equal (gtk_stack_get_visible_child_name (self->stack), "home"))
    tambo_home_page_cancel (self->home_page);
}

/* ---- the object ---- */

static gboolean tambo_window_close_request (GtkWindow *window) {
  TamboWindow *self = TAMBO_WINDOW (window);

  if (self->exchanging != NULL)
    g_cancellable_cancel (self->exchanging);
  if (self->session != NULL) {
    /* What was discarded a moment ago is there tomorrow: better than the other way round. */
    if (self->discarded != NULL)
      tambo_undo_drop (self->undo);
    put_page_aside (self);
    tambo_sync_process_stop (self->sync);
    tambo_session_shut (self->session);
  }
  return GTK_WINDOW_CLASS (tambo_window_parent_class)->close_request (window);
}

static void unparent_popover (TamboGoTo *go_to) {
  gtk_widget_unparent (GTK_WIDGET (go_to));
}

static void tambo_window_dispose (GObject *object) {
  TamboWindow *self = TAMBO_WINDOW (object);

  if (self->applicant != NULL)
    gtk_window_destroy (GTK_WINDOW (g_steal_pointer (&self->applicant)));
  g_clear_handle_id (&self->idle_tick, g_source_remove);
  g_clear_pointer (&self->mrz, tambo_secret_string_free);
  g_clear_object (&self->exchanging);
  g_clear_object (&self->sync);
  g_clear_object (&self->notices);
  g_clear_object (&self->store_watch);
  g_clear_object (&self->undo);
  g_clear_object (&self->session);
  g_clear_pointer (&self->go_to, unparent_popover);
  gtk_widget_dispose_template (GTK_WIDGET (self), TAMBO_TYPE_WINDOW);
  G_OBJECT_CLASS (tambo_window_parent_class)->dispose (object);
}

static void tambo_window_finalize (GObject *object) {
  TamboWindow *self = TAMBO_WINDOW (object);

  g_free (self->operator_id);
  g_free (self->discarded);
  g_free (self->left_place);
  g_clear_pointer (&self->left, tambo_last_place_free);
  G_OBJECT_CLASS (tambo_window_parent_class)->finalize (object);
}

static void install_actions (GtkWidgetClass *widget_class) {
  tambo_window_install_case_actions (widget_class);
  tambo_window_install_connection_actions (widget_class);
  gtk_widget_class_install_action (widget_class, "win.home", NULL, on_home);
  gtk_widget_class_install_action (widget_class, "win.go", "s", on_go);
  gtk_widget_class_install_action (widget_class, "win.look-at", "(ss)", on_look_at);
  gtk_widget_class_install_action (widget_class, "win.go-to", NULL, on_go_to);
  gtk_widget_class_install_action (widget_class, "win.find", NULL, on_find);
  gtk_widget_class_install_action (widget_class, "win.help", NULL, on_help);
  gtk_widget_class_install_action (widget_class, "win.new", NULL, on_new);
  gtk_widget_class_install_action (widget_class, "win.applicant", NULL, on_applicant);
  gtk_widget_class_install_action (widget_class, "win.applicant-turn", NULL, on_applicant_turn);
  gtk_widget_class_install_action (widget_class, "win.applicant-language", NULL,
                                   on_applicant_language);
  gtk_widget_class_install_action (widget_class, "win.lock", NULL, on_lock);
  gtk_widget_class_install_action (widget_class, "win.call-supervisor", NULL, on_call_supervisor);
  gtk_widget_class_install_action (widget_class, "win.previous-field", NULL, on_previous_field);
  gtk_widget_class_install_action (widget_class, "win.fullscreen", NULL, on_fullscreen);
  gtk_widget_class_install_action (widget_class, "win.continue", NULL, on_continue);
  gtk_widget_class_install_action (widget_class, "win.back", NULL, on_back);
  gtk_widget_class_install_action (widget_class, "win.ready", NULL, on_ready);
  gtk_widget_class_install_action (widget_class, "win.step", "i", on_step);
  gtk_widget_class_install_action (widget_class, "win.cancel", NULL, on_cancel);
  gtk_widget_class_install_action (widget_class, "win.next-pane", NULL, on_next_pane);
  gtk_widget_class_install_action (widget_class, "win.previous-pane", NULL, on_previous_pane);
}

static void tambo_window_class_init (TamboWindowClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = tambo_window_finalize;
  GTK_WINDOW_CLASS (klass)->close_request = tambo_window_close_request;
  g_type_ensure (TAMBO_TYPE_PROBLEM_STRIP);
  g_type_ensure (TAMBO_TYPE_STATUS_BAR);
  g_type_ensure (TAMBO_TYPE_SIGN_IN_PAGE);
  g_type_ensure (TAMBO_TYPE_HOME_PAGE);
  g_type_ensure (TAMBO_TYPE_PROCEDURES_PAGE);
  g_type_ensure (TAMBO_TYPE_ENROLMENT_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, "/org/tambo/Station/ui/window.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboWindow, title);
  gtk_widget_class_bind_template_child (widget_class, TamboWindow, home_button);
  gtk_widget_class_bind_template_child (widget_class, TamboWindow, go_to_button);
  gtk_widget_class_bind_template_child (widget_class, TamboWindow, status_bar);
  gtk_widget_class_bind_template_child (widget_class, TamboWindow, practice_strip);
  gtk_widget_class_bind_template_child (widget_class, TamboWindow, practice_button);
  gtk_widget_class_bind_template_child (widget_class, TamboWindow, problem_strip);
  gtk_widget_class_bind_template_child (widget_class, TamboWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, TamboWindow, stack);
  gtk_widget_class_bind_template_child (widget_class, TamboWindow, sign_in_page);
  gtk_widget_class_bind_template_child (widget_class, TamboWindow, home_page);
  gtk_widget_class_bind_template_child (widget_class, TamboWindow, procedures_page);
  gtk_widget_class_bind_template_child (widget_class, TamboWindow, enrolment_page);
  gtk_widget_class_bind_template_callback (widget_class, on_signed_in_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_room_told_cb);
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

    gtk_stack_add_titled (self->stack, g_object_new (places[i].get_type (), NULL), places[i].name,
                          gettext (places[i].title));
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
  const char *reader = g_getenv ("TAMBO_MRZ_PORT");

  gtk_widget_init_template (GTK_WIDGET (self));
  self->told_cause = -1;
  self->undo = tambo_undo_new (self->toasts, self);
  tambo_swipe_attach (GTK_WINDOW (self), on_swiped, self);
  if (reader != NULL && *reader != '\0')
    tambo_swipe_listen (GTK_WINDOW (self), reader, on_swiped, self);
  tambo_shortcuts_attach (GTK_WIDGET (self), "win");
  tambo_shortcuts_attach (GTK_WIDGET (self), "window");
  build_places (self);
  self->go_to = tambo_go_to_new ();
  gtk_widget_set_parent (GTK_WIDGET (self->go_to), self->go_to_button);
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
  self->notices = tambo_notices_new (session);
  self->store_watch = tambo_store_watch_new (session);
  tambo_presence_watch (GTK_WIDGET (self), station);
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
  if (self->session != NULL && tambo_session_get_preferences (self->session)->sounds)
    gtk_widget_error_bell (GTK_WIDGET (self));
  tambo_problem_strip_show (self->problem_strip, TAMBO_PROBLEM_ACT, error);
}
