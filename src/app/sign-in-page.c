/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/sign-in-page.h"

#include <glib/gi18n.h>
#include <string.h>

#include "app/error-text.h"
#include "app/finger-listen.h"
#include "app/focus.h"
#include "app/speak.h"
#include "base/bytes.h"
#include "station/finger-unlock.h"
#include "station/operator-desk.h"

struct _TamboSignInPage {
  AdwBin parent;
  GtkEntry *operator_entry;
  GtkPasswordEntry *password_entry;
  GtkWidget *pin_box;
  GtkPasswordEntry *pin_entry;
  GtkLabel *finger_label;
  GtkWidget *change_box;
  GtkPasswordEntry *new_password_entry;
  GtkPasswordEntry *repeat_entry;
  GtkButton *button;
  GtkLabel *problem;
  GtkLabel *office;
  TamboSession *session;
  GBytes *first_password; /* right, but only good for choosing another; NULL */
  gboolean is_busy;
  gboolean is_waiting;     /* to sign in, for the station to be open or locked */
  GCancellable *listening; /* for a finger that unlocks; NULL */
};

G_DEFINE_FINAL_TYPE (TamboSignInPage, tambo_sign_in_page, ADW_TYPE_BIN)

static guint signed_in_signal;

typedef struct {
  TamboStation *station;
  char *operator_id;
  GBytes *password;
  GBytes *new_password; /* NULL: no change */
  GBytes *pin;          /* of the token; NULL where there is none */
} SignIn;

static void sign_in_free (SignIn *sign_in) {
  g_object_unref (sign_in->station);
  g_free (sign_in->operator_id);
  g_bytes_unref (sign_in->password);
  g_clear_pointer (&sign_in->new_password, g_bytes_unref);
  g_clear_pointer (&sign_in->pin, g_bytes_unref);
  g_free (sign_in);
}

static gboolean run_sign_in (gpointer data, GCancellable *cancellable, GError **error) {
  SignIn *sign_in = data;

  if (sign_in->pin != NULL)
    tambo_station_set_pin (sign_in->station, sign_in->pin);
  if (sign_in->new_password == NULL)
    return tambo_station_sign_in (sign_in->station, sign_in->operator_id, sign_in->password, error);
  return tambo_operator_desk_change_password (sign_in->station, sign_in->operator_id,
                                              sign_in->password, sign_in->new_password, error)
         && tambo_station_sign_in (sign_in->station, sign_in->operator_id, sign_in->new_password,
                                   error);
}

static void set_busy (TamboSignInPage *self, gboolean is_busy) {
  self->is_busy = is_busy;
  gtk_widget_set_sensitive (GTK_WIDGET (self->button), !is_busy);
}

static void show_problem (TamboSignInPage *self, const char *text) {
  gtk_label_set_label (self->problem, text != NULL ? text : "");
}

static void clear_entry (GtkPasswordEntry *entry) {
  gtk_editable_set_text (GTK_EDITABLE (entry), "");
}

/* Back to one password. */
static void end_change (TamboSignInPage *self) {
  g_clear_pointer (&self->first_password, g_bytes_unref);
  clear_entry (self->new_password_entry);
  clear_entry (self->repeat_entry);
  gtk_widget_set_visible (self->change_box, FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->operator_entry), TRUE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->password_entry), TRUE);
}

/* Somebody else chose the password that was just given: it is right, and opens nothing. */
static void begin_change (TamboSignInPage *self, GBytes *first_password) {
  end_change (self);
  self->first_password = g_bytes_ref (first_password);
  gtk_widget_set_visible (self->change_box, TRUE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->operator_entry), FALSE);
  gtk_widget_set_sensitive (GTK_WIDGET (self->password_entry), FALSE);
  show_problem (self, _ ("This password was given to you. Choose your own."));
  tambo_focus_take (GTK_WIDGET (self->new_password_entry));
}

static char *describe (const GError *error) {
  if (g_error_matches (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_INVALID))
    return g_strdup (_ ("A password has at least 8 characters and is not the old one."));
  return tambo_error_text_sentence (error);
}

/* ---- a finger in place of the password ---- */

static void end_listening (TamboSignInPage *self) {
  if (self->listening != NULL)
    g_cancellable_cancel (self->listening);
  g_clear_object (&self->listening);
  gtk_widget_set_visible (GTK_WIDGET (self->finger_label), FALSE);
}

typedef struct {
  TamboStation *station;
  TamboImage *image;
} Finger;

static void finger_free (Finger *finger) {
  g_object_unref (finger->station);
  tambo_image_free (finger->image);
  g_free (finger);
}

static gboolean try_finger (gpointer data, GCancellable *cancellable, GError **error) {
  const Finger *finger = data;

  return tambo_finger_unlock_try (finger->station, finger->image, error);
}

static void listen_again (TamboSignInPage *self);

static void on_finger_tried (gpointer owner, gpointer data, const GError *error) {
  TamboSignInPage *self = owner;

  if (error == NULL) {
    end_listening (self);
    show_problem (self, NULL);
    g_signal_emit (self, signed_in_signal, 0);
    return;
  }
  show_problem (self, _ ("That is not your finger. Once more, or the password."));
  listen_again (self);
}

static void on_finger_heard (gpointer owner, const TamboImage *image, const GError *error) {
  TamboSignInPage *self = owner;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->listening == NULL)
    return;
  if (error != NULL && error->domain != TAMBO_CAPTURE_RETRY) {
    /* The reader is gone or taken: the password is left. */
    end_listening (self);
    return;
  }
  if (image == NULL) {
    listen_again (self);
    return;
  }
  Finger *finger = g_new0 (Finger, 1);
  finger->station = g_object_ref (tambo_session_get_station (self->session));
  finger->image = tambo_image_to_grey (image);
  tambo_work_push (tambo_session_get_desk_queue (self->session), try_finger, finger,
                   (GDestroyNotify) finger_free, NULL, on_finger_tried, self);
}

/* As long as the station lets one come back so. */
static void listen_again (TamboSignInPage *self) {
  g_autofree char *id =
      tambo_finger_unlock_dup_operator (tambo_session_get_station (self->session));

  end_listening (self);
  if (id == NULL)
    return;
  g_autofree char *text = g_strdup_printf (_ ("%s may come back with a finger."), id);
  gtk_label_set_label (self->finger_label, text);
  gtk_widget_set_visible (GTK_WIDGET (self->finger_label), TRUE);
  self->listening = g_cancellable_new ();
  tambo_finger_listen (self->session, self->listening, on_finger_heard, self);
}

/* ---- the password ---- */

static void on_sign_in_ended (gpointer owner, gpointer data, const GError *error) {
  TamboSignInPage *self = owner;
  const SignIn *sign_in = data;

  set_busy (self, FALSE);
  if (g_error_matches (error, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_FIRST_PASSWORD)) {
    begin_change (self, sign_in->password);
    return;
  }
  if (error != NULL) {
    g_autofree char *sentence = describe (error);
    show_problem (self, sentence);
    tambo_focus_take (self->first_password != NULL ? GTK_WIDGET (self->new_password_entry)
                                                   : GTK_WIDGET (self->password_entry));
    return;
  }
  end_change (self);
  show_problem (self, NULL);
  g_signal_emit (self, signed_in_signal, 0);
}

/* What the entry says, as a secret; the entry is empty afterwards. */
static GBytes *take_password (GtkPasswordEntry *entry) {
  const char *text = gtk_editable_get_text (GTK_EDITABLE (entry));
  GBytes *password = tambo_secret_new (text, strlen (text));

  clear_entry (entry);
  return password;
}

/* NULL, and the clerk is told, when the two do not agree. */
static GBytes *take_new_password (TamboSignInPage *self) {
  g_autoptr (GBytes) password = take_password (self->new_password_entry);
  g_autoptr (GBytes) repeated = take_password (self->repeat_entry);

  if (tambo_bytes_equal_secret (password, repeated))
    return g_steal_pointer (&password);
  show_problem (self, _ ("The two are not the same. Type the new password twice."));
  tambo_focus_take (GTK_WIDGET (self->new_password_entry));
  return NULL;
}

static gboolean lacks_pin (TamboSignInPage *self) {
  return gtk_widget_get_visible (self->pin_box)
         && *gtk_editable_get_text (GTK_EDITABLE (self->pin_entry)) == '\0';
}

static void on_sign_in_cb (TamboSignInPage *self) {
  const char *operator_id = gtk_editable_get_text (GTK_EDITABLE (self->operator_entry));
  g_autoptr (GBytes) new_password = NULL;

  /* Who types faster than the station opens, or than it signs out at a lock, is signed in as soon as it can. */
  self->is_waiting = self->session == NULL || self->is_busy;
  if (self->session == NULL || self->is_busy)
    return;
  if (*operator_id == '\0') {
    tambo_focus_take (GTK_WIDGET (self->operator_entry));
    return;
  }
  /* An empty PIN would cost the token one of its tries. */
  if (lacks_pin (self)) {
    tambo_focus_take (GTK_WIDGET (self->pin_entry));
    return;
  }
  if (self->first_password != NULL) {
    new_password = take_new_password (self);
    if (new_password == NULL)
      return;
  }

  SignIn *sign_in = g_new0 (SignIn, 1);
  sign_in->station = g_object_ref (tambo_session_get_station (self->session));
  sign_in->operator_id = g_strdup (operator_id);
  sign_in->password = self->first_password != NULL ? g_bytes_ref (self->first_password)
                                                   : take_password (self->password_entry);
  sign_in->new_password = g_steal_pointer (&new_password);
  if (gtk_widget_get_visible (self->pin_box))
    sign_in->pin = take_password (self->pin_entry);
  end_listening (self);
  show_problem (self, NULL);
  set_busy (self, TRUE);
  tambo_work_push (tambo_session_get_desk_queue (self->session), run_sign_in, sign_in,
                   (GDestroyNotify) sign_in_free, NULL, on_sign_in_ended, self);
}

static void on_new_password_activated_cb (TamboSignInPage *self) {
  tambo_focus_take (GTK_WIDGET (self->repeat_entry));
}

static void on_operator_activated_cb (TamboSignInPage *self) {
  tambo_focus_take (GTK_WIDGET (self->password_entry));
}

static void tambo_sign_in_page_dispose (GObject *object) {
  if (TAMBO_SIGN_IN_PAGE (object)->listening != NULL)
    g_cancellable_cancel (TAMBO_SIGN_IN_PAGE (object)->listening);
  g_clear_object (&TAMBO_SIGN_IN_PAGE (object)->listening);
  g_clear_object (&TAMBO_SIGN_IN_PAGE (object)->session);
  g_clear_pointer (&TAMBO_SIGN_IN_PAGE (object)->first_password, g_bytes_unref);
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_SIGN_IN_PAGE);
  G_OBJECT_CLASS (tambo_sign_in_page_parent_class)->dispose (object);
}

static void tambo_sign_in_page_class_init (TamboSignInPageClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_sign_in_page_dispose;
  signed_in_signal = g_signal_new ("signed-in", TAMBO_TYPE_SIGN_IN_PAGE, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tambo/Station/ui/sign-in-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboSignInPage, operator_entry);
  gtk_widget_class_bind_template_child (widget_class, TamboSignInPage, password_entry);
  gtk_widget_class_bind_template_child (widget_class, TamboSignInPage, change_box);
  gtk_widget_class_bind_template_child (widget_class, TamboSignInPage, pin_box);
  gtk_widget_class_bind_template_child (widget_class, TamboSignInPage, pin_entry);
  gtk_widget_class_bind_template_child (widget_class, TamboSignInPage, finger_label);
  gtk_widget_class_bind_template_child (widget_class, TamboSignInPage, new_password_entry);
  gtk_widget_class_bind_template_child (widget_class, TamboSignInPage, repeat_entry);
  gtk_widget_class_bind_template_child (widget_class, TamboSignInPage, button);
  gtk_widget_class_bind_template_child (widget_class, TamboSignInPage, problem);
  gtk_widget_class_bind_template_child (widget_class, TamboSignInPage, office);
  gtk_widget_class_bind_template_callback (widget_class, on_sign_in_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_operator_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_new_password_activated_cb);
}

static void tambo_sign_in_page_init (TamboSignInPage *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  tambo_speak_label (self->problem);
  tambo_speak_password (self->password_entry);
  tambo_speak_password (self->pin_entry);
  tambo_speak_password (self->new_password_entry);
  tambo_speak_password (self->repeat_entry);
}

/* ---- the token ---- */

typedef struct {
  TamboStation *station;
  char *token; /* NULL: none is needed */
} Token;

static void token_free (Token *token) {
  g_object_unref (token->station);
  g_free (token->token);
  g_free (token);
}

static gboolean find_token (gpointer data, GCancellable *cancellable, GError **error) {
  Token *token = data;

  token->token = tambo_operator_desk_dup_token (token->station, NULL);
  return TRUE;
}

static void on_token_found (gpointer owner, gpointer data, const GError *error) {
  gtk_widget_set_visible (TAMBO_SIGN_IN_PAGE (owner)->pin_box, ((Token *) data)->token != NULL);
}

static void ask_for_token (TamboSignInPage *self) {
  Token *token = g_new0 (Token, 1);

  token->station = g_object_ref (tambo_session_get_station (self->session));
  tambo_work_push (tambo_session_get_desk_queue (self->session), find_token, token,
                   (GDestroyNotify) token_free, NULL, on_token_found, self);
}

void tambo_sign_in_page_set_session (TamboSignInPage *self, TamboSession *session) {
  g_set_object (&self->session, session);
  gtk_label_set_label (self->office, tambo_station_get_code (tambo_session_get_station (session)));
  gtk_widget_set_sensitive (GTK_WIDGET (self->button), TRUE);
  /* Somebody may be typing already. */
  if (*gtk_editable_get_text (GTK_EDITABLE (self->operator_entry)) == '\0')
    tambo_focus_take (GTK_WIDGET (self->operator_entry));
  ask_for_token (self);
  if (self->is_waiting)
    on_sign_in_cb (self);
}

static void on_signed_out (gpointer owner, gpointer data, const GError *error) {
  TamboSignInPage *self = owner;

  set_busy (self, FALSE);
  listen_again (self);
  if (self->is_waiting)
    on_sign_in_cb (self);
}

void tambo_sign_in_page_lock (TamboSignInPage *self) {
  end_change (self);
  self->is_waiting = FALSE;
  set_busy (self, TRUE);
  tambo_session_sign_out (self->session, on_signed_out, self);
  show_problem (self, _ ("The station is locked. Your work is saved."));
  tambo_focus_take (GTK_WIDGET (self->password_entry));
}

void tambo_sign_in_page_call (TamboSignInPage *self) {
  show_problem (self, _ ("A supervisor is called. Your work is saved."));
  gtk_editable_set_text (GTK_EDITABLE (self->operator_entry), "");
  tambo_focus_take (GTK_WIDGET (self->operator_entry));
}
