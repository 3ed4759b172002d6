/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gi18n.h>

#include "app/issue-page-private.h"

void tambo_issue_page_ask_for_blank (TamboIssuePage *self) {
  const char *blank = self->open->blank;

  gtk_editable_set_text (GTK_EDITABLE (self->blank_entry), blank != NULL ? blank : "");
  if (blank == NULL) {
    tambo_issue_page_set_phase (self, TAMBO_PHASE_BLANK, _ ("No blank of this kind is left"),
                                _ ("A supervisor takes new ones into stock under Blanks."));
    return;
  }
  g_autofree char *prompt = g_strdup_printf (
      self->open->is_begun ? _ ("Take the card of blank %s, which was begun") : _ ("Take blank %s"),
      blank);
  tambo_issue_page_set_phase (
      self, TAMBO_PHASE_BLANK, prompt,
      _ ("Compare the number, or type or scan the one of the blank you took."));
}

/* ---- its number ---- */

typedef struct {
  TamboStation *station;
  char *id, *number;
  const char *kind;
  TamboBlankFit fit;
  char *other; /* blank */
} Fitting;

static void fitting_free (Fitting *fitting) {
  g_object_unref (fitting->station);
  g_free (fitting->id);
  g_free (fitting->number);
  g_free (fitting->other);
  g_free (fitting);
}

static gboolean run_check (gpointer data, GCancellable *cancellable, GError **error) {
  Fitting *fitting = data;

  return tambo_order_desk_fit_blank (fitting->station, fitting->id, fitting->kind, fitting->number,
                                     &fitting->fit, &fitting->other, error);
}

static char *say_why_not (const Fitting *fitting) {
  static const char *const reasons[] = {
    [TAMBO_BLANK_UNKNOWN] = N_ ("No blank here has this number."),
    [TAMBO_BLANK_OTHER_INSTITUTION] = N_ ("It was made for another institution."),
    [TAMBO_BLANK_OTHER_KIND] = N_ ("It is for another kind of document."),
    [TAMBO_BLANK_OTHER_ORDER] = N_ ("It was begun for another document."),
    [TAMBO_BLANK_USED] = N_ ("It was issued already."),
    [TAMBO_BLANK_UNUSABLE] = N_ ("It is spoiled."),
    [TAMBO_BLANK_OTHER_KEEPER] = N_ ("It was not given to you."),
  };

  if (fitting->fit == TAMBO_BLANK_NOT_BEGUN)
    return g_strdup_printf (_ ("This document was begun on %s. Take that one."), fitting->other);
  return g_strdup_printf ("%s: %s", fitting->number, _ (reasons[fitting->fit]));
}

static void on_blank_checked (gpointer owner, gpointer data, const GError *error) {
  TamboIssuePage *self = owner;
  const Fitting *fitting = data;

  if (self->open == NULL || !g_str_equal (self->open->order->id, fitting->id)
      || (self->phase != TAMBO_PHASE_BLANK && self->phase != TAMBO_PHASE_CARD
          && self->phase != TAMBO_PHASE_REMOVE))
    return;
  if (error != NULL) {
    tambo_session_fail (tambo_issue_page_get_session (self), error);
    return;
  }
  if (fitting->fit != TAMBO_BLANK_FITS) {
    g_autofree char *why = say_why_not (fitting);
    tambo_issue_page_set_phase (self, TAMBO_PHASE_BLANK, _ ("This blank cannot be used"), why);
    gtk_editable_select_region (GTK_EDITABLE (self->blank_entry), 0, -1);
    return;
  }
  g_free (self->open->blank);
  self->open->blank = g_strdup (fitting->number);
  tambo_issue_page_await_card (self);
}

static void on_blank_given_cb (TamboIssuePage *self) {
  TamboSession *session = tambo_issue_page_get_session (self);
  g_autofree char *typed =
      g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->blank_entry))));

  if (*typed == '\0' || self->open == NULL)
    return;
  Fitting *fitting = g_new0 (Fitting, 1);
  fitting->station = g_object_ref (tambo_session_get_station (session));
  fitting->id = g_strdup (self->open->order->id);
  fitting->kind = tambo_order_blank_kind (self->open->order);
  fitting->number = g_utf8_strup (typed, -1);
  tambo_work_push (tambo_session_get_desk_queue (session), run_check, fitting,
                   (GDestroyNotify) fitting_free, NULL, on_blank_checked, self);
}

void tambo_issue_page_bind_blank (GtkWidgetClass *widget_class) {
  gtk_widget_class_bind_template_callback (widget_class, on_blank_given_cb);
}
