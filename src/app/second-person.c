/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/second-person.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/error-text.h"
#include "app/finger-listen.h"
#include "app/speak.h"
#include "base/bytes.h"
#include "station/second-finger.h"
#include "station/station-error.h"

#define TAMBO_TYPE_SECOND_PERSON (tambo_second_person_get_type ())
G_DECLARE_FINAL_TYPE (TamboSecondPerson, tambo_second_person, TAMBO, SECOND_PERSON, GtkPopover)

struct _TamboSecondPerson {
  GtkPopover parent;
  GtkLabel *operation;
  GtkEntry *name_entry;
  GtkPasswordEntry *password_entry;
  GtkLabel *problem;
  GtkWidget *confirm_button;

  TamboSession *session;
  TamboSecondPersonDone done; /* NULL: it was called */
  GObject *owner;
  GtkWidget *before, *asker; /* what had the focus, and what asked; weak */
  GCancellable *listening;
};

G_DEFINE_FINAL_TYPE (TamboSecondPerson, tambo_second_person, GTK_TYPE_POPOVER)

/* The one that is open in a window is kept with it. */
#define OPEN_KEY "tambo-second-person"

static void answer (TamboSecondPerson *self, gboolean has_come) {
  TamboSecondPersonDone done = g_steal_pointer (&self->done);
  g_autoptr (GObject) owner = g_steal_pointer (&self->owner);
  gboolean has_left = GTK_IS_WIDGET (owner) && gtk_widget_get_root (GTK_WIDGET (owner)) == NULL;

  if (done != NULL && !has_left)
    done (owner, has_come);
}

static void forget_before (TamboSecondPerson *self) {
  g_clear_weak_pointer (&self->before);
  g_clear_weak_pointer (&self->asker);
}

/* To where it was, or to what asked if that is gone: the popover is the window's, which knows no better than its first
 * button. */
static void give_focus_back (TamboSecondPerson *self) {
  GtkWidget *const places[] = { self->before, self->asker };

  for (gsize i = 0; i < G_N_ELEMENTS (places); i++)
    if (places[i] != NULL && gtk_widget_get_mapped (places[i]) && gtk_widget_grab_focus (places[i]))
      break;
  forget_before (self);
}

static gboolean take_away (gpointer data) {
  GtkWidget *self = data;

  if (gtk_widget_get_parent (self) != NULL)
    gtk_widget_unparent (self);
  return G_SOURCE_REMOVE;
}

static void end_listening (TamboSecondPerson *self) {
  if (self->listening != NULL)
    g_cancellable_cancel (self->listening);
  g_clear_object (&self->listening);
}

static void on_closed_cb (TamboSecondPerson *self) {
  GtkWidget *window = gtk_widget_get_parent (GTK_WIDGET (self));

  end_listening (self);

  gtk_editable_set_text (GTK_EDITABLE (self->password_entry), "");
  if (window != NULL && g_object_get_data (G_OBJECT (window), OPEN_KEY) == self)
    g_object_set_data (G_OBJECT (window), OPEN_KEY, NULL);
  give_focus_back (self);
  answer (self, FALSE);
  /* Not while it is still closing. */
  g_idle_add_full (G_PRIORITY_DEFAULT, take_away, g_object_ref (self), g_object_unref);
}

/* ---- who comes ---- */

typedef struct {
  TamboStation *station;
  char *id;
  GBytes *password;
  TamboImage *image; /* of a finger, in place of both; or NULL */
} Coming;

static void coming_free (Coming *coming) {
  g_object_unref (coming->station);
  g_free (coming->id);
  g_clear_pointer (&coming->password, g_bytes_unref);
  g_clear_pointer (&coming->image, tambo_image_free);
  g_free (coming);
}

static gboolean run_bring (gpointer data, GCancellable *cancellable, GError **error) {
  Coming *coming = data;

  return coming->image != NULL
             ? tambo_second_finger_bring (coming->station, coming->image, error)
             : tambo_station_bring_second (coming->station, coming->id, coming->password, error);
}

static char *describe (const Coming *coming, const GError *error) {
  if (g_error_matches (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_FOUR_EYES))
    return g_strdup (_ ("The second person has to be somebody else."));
  if (coming->image == NULL)
    return tambo_error_text_sentence (error);
  if (g_error_matches (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_PASSWORD))
    return g_strdup (_ ("This finger is of nobody who may be the second person."));
  if (g_error_matches (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_NOT_SIGNED_IN))
    return g_strdup (_ ("Type name and password."));
  return g_strdup (_ ("The finger was not seen well."));
}

/* In a place of its own: a popover does not grow with what comes later. */
static void say (TamboSecondPerson *self, const char *text, gboolean is_problem) {
  gtk_label_set_label (self->problem, text);
  if (is_problem)
    gtk_widget_add_css_class (GTK_WIDGET (self->problem), "problem");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->problem), "problem");
}

static void listen (TamboSecondPerson *self);

static void on_brought (gpointer owner, gpointer data, const GError *error) {
  TamboSecondPerson *self = owner;

  if (self->done == NULL)
    return; /* it was given up meanwhile */
  gtk_widget_set_sensitive (self->confirm_button, TRUE);
  if (error != NULL) {
    g_autofree char *sentence = describe (data, error);
    say (self, sentence, TRUE);
    if (((const Coming *) data)->image == NULL)
      gtk_widget_grab_focus (GTK_WIDGET (self->password_entry));
    listen (self);
    return;
  }
  /* The act takes the focus on, and the popover gives back what it had taken: close first. */
  TamboSecondPersonDone done = g_steal_pointer (&self->done);
  g_autoptr (GObject) asker = g_steal_pointer (&self->owner);
  gtk_popover_popdown (GTK_POPOVER (self));
  if (!GTK_IS_WIDGET (asker) || gtk_widget_get_root (GTK_WIDGET (asker)) != NULL)
    done (asker, TRUE);
}

/* One of both at a time: who has come counts for one act. */
static void bring (TamboSecondPerson *self, Coming *coming) {
  end_listening (self);
  say (self, "", FALSE);
  gtk_widget_set_sensitive (self->confirm_button, FALSE);
  tambo_work_push (tambo_session_get_desk_queue (self->session), run_bring, coming,
                   (GDestroyNotify) coming_free, NULL, on_brought, self);
}

/* ---- by finger ---- */

static void on_finger_heard (gpointer owner, const TamboImage *image, const GError *error) {
  TamboSecondPerson *self = owner;

  if (self->listening == NULL || g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;
  if (image != NULL) {
    Coming *coming = g_new0 (Coming, 1);
    coming->station = g_object_ref (tambo_session_get_station (self->session));
    coming->image = tambo_image_to_grey (image);
    bring (self, coming);
    return;
  }
  /* A reader that is gone or taken: the password is left. */
  end_listening (self);
  say (self, "", FALSE);
  if (error->domain == TAMBO_CAPTURE_RETRY)
    listen (self);
}

static gboolean run_ask (gpointer data, GCancellable *cancellable, GError **error) {
  const Coming *coming = data;

  if (tambo_second_finger_is_possible (coming->station))
    return TRUE;
  g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "nobody is known by a finger");
  return FALSE;
}

static void on_asked (gpointer owner, gpointer data, const GError *error) {
  TamboSecondPerson *self = owner;

  if (error != NULL || self->done == NULL || self->listening != NULL
      || !gtk_widget_get_sensitive (self->confirm_button))
    return;
  if (*gtk_label_get_label (self->problem) == '\0')
    say (self, _ ("Put a finger on the reader, or type name and password."), FALSE);
  self->listening = g_cancellable_new ();
  tambo_finger_listen (self->session, self->listening, on_finger_heard, self);
}

/* As long as somebody who may come is known by a finger. */
static void listen (TamboSecondPerson *self) {
  Coming *coming = g_new0 (Coming, 1);

  coming->station = g_object_ref (tambo_session_get_station (self->session));
  tambo_work_push (tambo_session_get_desk_queue (self->session), run_ask, coming,
                   (GDestroyNotify) coming_free, NULL, on_asked, self);
}

/* ---- by password ---- */

static void on_name_activated_cb (TamboSecondPerson *self) {
  gtk_widget_grab_focus (GTK_WIDGET (self->password_entry));
}

static void on_confirm_cb (TamboSecondPerson *self) {
  const char *id = gtk_editable_get_text (GTK_EDITABLE (self->name_entry));
  const char *password = gtk_editable_get_text (GTK_EDITABLE (self->password_entry));

  if (!gtk_widget_get_sensitive (self->confirm_button))
    return;
  if (*id == '\0' || *password == '\0') {
    gtk_widget_grab_focus (*id == '\0' ? GTK_WIDGET (self->name_entry)
                                       : GTK_WIDGET (self->password_entry));
    return;
  }

  Coming *coming = g_new0 (Coming, 1);
  coming->station = g_object_ref (tambo_session_get_station (self->session));
  coming->id = g_strdup (id);
  coming->password = tambo_secret_new (password, strlen (password));
  gtk_editable_set_text (GTK_EDITABLE (self->password_entry), "");
  bring (self, coming);
}

static void on_cancel_cb (TamboSecondPerson *self) {
  gtk_popover_popdown (GTK_POPOVER (self));
}

/* ---- the object ---- */

static void tambo_second_person_dispose (GObject *object) {
  TamboSecondPerson *self = TAMBO_SECOND_PERSON (object);

  self->done = NULL;
  if (self->listening != NULL)
    g_cancellable_cancel (self->listening);
  g_clear_object (&self->listening);
  forget_before (self);
  g_clear_object (&self->owner);
  g_clear_object (&self->session);
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_SECOND_PERSON);
  G_OBJECT_CLASS (tambo_second_person_parent_class)->dispose (object);
}

static void tambo_second_person_class_init (TamboSecondPersonClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_second_person_dispose;
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tambo/Station/ui/second-person.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboSecondPerson, operation);
  gtk_widget_class_bind_template_child (widget_class, TamboSecondPerson, name_entry);
  gtk_widget_class_bind_template_child (widget_class, TamboSecondPerson, password_entry);
  gtk_widget_class_bind_template_child (widget_class, TamboSecondPerson, problem);
  gtk_widget_class_bind_template_child (widget_class, TamboSecondPerson, confirm_button);
  gtk_widget_class_bind_template_callback (widget_class, on_name_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_confirm_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_cancel_cb);
}

static void tambo_second_person_init (TamboSecondPerson *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  tambo_speak_label (self->problem);
  tambo_speak_password (self->password_entry);
  g_signal_connect (self, "closed", G_CALLBACK (on_closed_cb), NULL);
}

/* Beside what was pressed; in the middle of what is larger than a button. */
static void point_to (GtkPopover *popover, GtkWidget *parent, GtkWidget *window) {
  graphene_rect_t bounds;

  if (!gtk_widget_compute_bounds (parent, window, &bounds))
    return;
  GdkRectangle place = { (int) bounds.origin.x, (int) bounds.origin.y, (int) bounds.size.width,
                         (int) bounds.size.height };
  if (place.height > gtk_widget_get_height (window) / 3) {
    place.x += place.width / 2;
    place.y += place.height / 4;
    place.width = place.height = 1;
    gtk_popover_set_has_arrow (popover, FALSE);
  }
  gtk_popover_set_pointing_to (popover, &place);
  /* Into the window, where there is always room for it. */
  gtk_popover_set_position (popover, place.y > gtk_widget_get_height (window) / 2 ? GTK_POS_TOP
                                                                                  : GTK_POS_BOTTOM);
}

void tambo_second_person_give_up (GtkWidget *parent) {
  GtkRoot *window = gtk_widget_get_root (parent);
  TamboSecondPerson *open = window != NULL ? g_object_get_data (G_OBJECT (window), OPEN_KEY) : NULL;

  if (open != NULL)
    gtk_popover_popdown (GTK_POPOVER (open));
}

void tambo_second_person_ask (GtkWidget *parent, TamboSession *session, const char *operation,
                              TamboSecondPersonDone done, gpointer owner) {
  GtkWidget *window = GTK_WIDGET (gtk_widget_get_root (parent));
  TamboSecondPerson *self;

  g_return_if_fail (window != NULL && done != NULL);
  tambo_second_person_give_up (parent);
  self = g_object_new (TAMBO_TYPE_SECOND_PERSON, NULL);
  self->session = g_object_ref (session);
  self->done = done;
  self->owner = g_object_ref (owner);
  g_set_weak_pointer (&self->before, gtk_root_get_focus (GTK_ROOT (window)));
  g_set_weak_pointer (&self->asker, parent);
  gtk_label_set_label (self->operation, operation);
  /* Of the window: the button may be gone before the answer comes. */
  gtk_widget_set_parent (GTK_WIDGET (self), window);
  g_signal_connect_object (window, "destroy", G_CALLBACK (gtk_widget_unparent), self,
                           G_CONNECT_SWAPPED);
  g_object_set_data (G_OBJECT (window), OPEN_KEY, self);
  point_to (GTK_POPOVER (self), parent, window);
  gtk_popover_popup (GTK_POPOVER (self));
  gtk_widget_grab_focus (GTK_WIDGET (self->name_entry));
  listen (self);
}
