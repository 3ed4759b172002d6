/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/asked-fingers.h"
#include "app/fingerprints-page-private.h"
#include "app/focus.h"

typedef struct {
  TamboFinger finger;
  char *reason;
} Exception;

static void exception_free (Exception *exception) {
  g_free (exception->reason);
  g_free (exception);
}

static gboolean save_exception (TamboStation *station, TamboEnrolment *enrolment, gpointer data,
                                GCancellable *cancellable, GError **error) {
  const Exception *exception = data;

  return tambo_enrol_add_finger_exception (station, enrolment, exception->finger, exception->reason,
                                           error);
}

static void on_exception_saved (gpointer owner, gpointer data, const GError *error) {
  TamboFingerprintsPage *self = owner;

  tambo_session_fail (tambo_fingerprints_page_get_session (self), error);
  if (error == NULL)
    tambo_fingerprints_page_offer (self, _ ("%s is noted as missing."));
  tambo_fingerprints_page_go_on (self);
}

static void except (TamboFingerprintsPage *self, const char *reason) {
  gtk_popover_popdown (self->exception_popover);
  if (self->finger == TAMBO_FINGER_UNKNOWN)
    return;

  Exception *exception = g_new0 (Exception, 1);
  exception->finger = self->finger;
  exception->reason = g_strdup (reason);
  tambo_fingerprints_page_stop (self);
  tambo_session_push (tambo_fingerprints_page_get_session (self), save_exception, exception,
                      (GDestroyNotify) exception_free, NULL, on_exception_saved, self);
}

static void on_amputated_cb (TamboFingerprintsPage *self) {
  except (self, "amputated");
}

static void on_bandaged_cb (TamboFingerprintsPage *self) {
  except (self, "bandaged");
}

static void on_worn_cb (TamboFingerprintsPage *self) {
  except (self, "other: worn");
}

static void on_other_cb (TamboFingerprintsPage *self) {
  const char *text = gtk_editable_get_text (GTK_EDITABLE (self->reason_entry));

  if (*text == '\0') {
    tambo_focus_take (GTK_WIDGET (self->reason_entry));
    return;
  }
  g_autofree char *reason = g_strconcat ("other: ", text, NULL);
  gtk_editable_set_text (GTK_EDITABLE (self->reason_entry), "");
  except (self, reason);
}

/* Three attempts gave no better print than the one that is there. */
static void on_keep_best (GtkWidget *widget, const char *name, GVariant *parameter) {
  TamboFingerprintsPage *self = TAMBO_FINGERPRINTS_PAGE (widget);
  TamboSession *session = tambo_fingerprints_page_get_session (self);

  if (self->finger != TAMBO_FINGER_UNKNOWN
      && tambo_asked_fingers_get_state (session, self->finger) == TAMBO_HAND_WEAK)
    except (self, "other: worn");
}

static void on_exception (GtkWidget *widget, const char *name, GVariant *parameter) {
  TamboFingerprintsPage *self = TAMBO_FINGERPRINTS_PAGE (widget);

  if (self->finger != TAMBO_FINGER_UNKNOWN)
    gtk_menu_button_popup (self->exception_button);
}

void tambo_fingerprints_page_install_exceptions (GtkWidgetClass *widget_class) {
  gtk_widget_class_bind_template_callback (widget_class, on_amputated_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_bandaged_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_worn_cb);
  gtk_widget_class_bind_template_callback (widget_class, on_other_cb);
  gtk_widget_class_install_action (widget_class, "fingerprints.exception", NULL, on_exception);
  gtk_widget_class_install_action (widget_class, "fingerprints.keep-best", NULL, on_keep_best);
}
