/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/review-page.h"

#include <glib/gi18n.h>

#include "app/alert-strip.h"
#include "app/date-text.h"
#include "app/error-text.h"
#include "app/picture-area.h"
#include "app/sample-loader.h"
#include "app/speak.h"
#include "record/applicant-field.h"

#define PRINT_SIZE 108

struct _TamboReviewPage {
  TamboStepPage parent;
  TamboAlertStrip *alert_strip;
  GtkLabel *heading;
  TamboPictureArea *portrait;
  TamboPictureArea *signature;
  GtkFlowBox *prints;
  GtkGrid *data;
  GtkBox *checks;
  gboolean is_sealing;
  gulong answered; /* the connection to the applicant's screen */
};

G_DEFINE_FINAL_TYPE (TamboReviewPage, tambo_review_page, TAMBO_TYPE_STEP_PAGE)

static TamboSession *session_of (TamboReviewPage *self) {
  return tambo_step_page_get_session (TAMBO_STEP_PAGE (self));
}

/* ---- data ---- */

static GtkWidget *new_label (const char *text, float align, const char *style) {
  GtkWidget *label = gtk_label_new (text);

  gtk_label_set_xalign (GTK_LABEL (label), align);
  gtk_widget_set_valign (label, GTK_ALIGN_START);
  if (style != NULL)
    gtk_widget_add_css_class (label, style);
  return label;
}

/* Only for what may be long: GTK lays a label that wraps out dozens of times. */
static GtkWidget *new_text (const char *text, const char *style) {
  GtkWidget *label = new_label (text, 0, style);

  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  return label;
}

static void show_data (TamboReviewPage *self, const TamboEnrolment *shown) {
  const char *const *keys = tambo_applicant_field_keys ();
  GtkWidget *old;
  int row = 0;

  while ((old = gtk_widget_get_first_child (GTK_WIDGET (self->data))) != NULL)
    gtk_grid_remove (self->data, old);
  for (gsize i = 0; shown != NULL && keys[i] != NULL; i++) {
    const char *value = tambo_applicant_get_field (shown->applicant, keys[i]);
    if (value == NULL || *value == '\0')
      continue;
    g_autofree char *date =
        g_str_has_suffix (keys[i], "_date") ? tambo_date_text_iso (value) : NULL;
    GtkWidget *label = new_text (date != NULL ? date : value, "heading");
    gtk_widget_set_hexpand (label, TRUE);
    gtk_grid_attach (self->data, new_label (tambo_text_field (keys[i]), 1, NULL), 0, row, 1, 1);
    gtk_grid_attach (self->data, label, 1, row++, 1, 1);
  }
}

/* ---- pictures ---- */

static void on_picture_loaded (gpointer owner, cairo_surface_t *picture) {
  tambo_picture_area_set_surface (owner, picture);
}

static void load (TamboReviewPage *self, TamboPictureArea *area, const char *slot, int width,
                  int height) {
  tambo_picture_area_set_surface (area, NULL);
  tambo_sample_loader_load (session_of (self), slot, width, height, on_picture_loaded, area);
}

static void add_print (TamboReviewPage *self, const TamboSample *sample) {
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *area = g_object_new (TAMBO_TYPE_PICTURE_AREA, "paper", TRUE, "width-request",
                                  PRINT_SIZE, "height-request", PRINT_SIZE, NULL);
  g_autofree char *slot = tambo_sample_dup_slot (sample);
  g_autofree char *text =
      g_strdup_printf ("%s · %d", tambo_text_finger (sample->finger), sample->quality);
  GtkWidget *label = new_label (text, 0.5, "caption");

  gtk_widget_add_css_class (area, "print");
  tambo_picture_area_set_label (TAMBO_PICTURE_AREA (area), text);
  gtk_box_append (GTK_BOX (box), area);
  gtk_box_append (GTK_BOX (box), label);
  gtk_flow_box_append (self->prints, box);
  GtkWidget *child = gtk_widget_get_last_child (GTK_WIDGET (self->prints));
  gtk_widget_set_focusable (child, FALSE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (child), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
  load (self, TAMBO_PICTURE_AREA (area), slot, PRINT_SIZE * 2, PRINT_SIZE * 2);
}

static void clear_pictures (TamboReviewPage *self) {
  GtkWidget *old;

  while ((old = gtk_widget_get_first_child (GTK_WIDGET (self->prints))) != NULL)
    gtk_flow_box_remove (self->prints, old);
  tambo_picture_area_set_surface (self->portrait, NULL);
  tambo_picture_area_set_surface (self->signature, NULL);
}

static void show_pictures (TamboReviewPage *self, const TamboEnrolment *shown) {
  clear_pictures (self);
  for (guint i = 0; i < shown->samples->len; i++) {
    const TamboSample *sample = g_ptr_array_index (shown->samples, i);
    if (sample->kind == TAMBO_SAMPLE_PORTRAIT)
      load (self, self->portrait, "portrait", 480, 600);
    else if (sample->kind == TAMBO_SAMPLE_SIGNATURE)
      load (self, self->signature, "signature", 560, 220);
    else if (sample->kind == TAMBO_SAMPLE_FINGERPRINT)
      add_print (self, sample);
  }
}

/* ---- rules ---- */

static GtkWidget *new_check_row (const TamboCheck *check) {
  static const char *const icons[] = {
    [TAMBO_CHECK_PASSED] = "emblem-ok-symbolic",
    [TAMBO_CHECK_MISSING] = "dialog-warning-symbolic",
    [TAMBO_CHECK_FAILED] = "dialog-error-symbolic",
    [TAMBO_CHECK_APPROVE] = "system-switch-user-symbolic",
  };
  gboolean passed = check->verdict == TAMBO_CHECK_PASSED;
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
  GtkWidget *icon = g_object_new (GTK_TYPE_IMAGE, "icon-name", icons[check->verdict],
                                  "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  g_autofree char *verdict = tambo_text_check (check);
  g_autofree char *text = g_strdup_printf ("%s: %s", tambo_text_rule (check->rule), verdict);
  GtkWidget *label =
      passed ? new_label (tambo_text_rule (check->rule), 0, NULL) : new_text (text, NULL);

  gtk_widget_add_css_class (icon, passed ? "good" : "bad");
  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_widget_add_css_class (row, "verdict-row");
  gtk_widget_set_hexpand (label, TRUE);
  gtk_box_append (GTK_BOX (row), icon);
  gtk_box_append (GTK_BOX (row), label);
  return row;
}

static void show_checks (TamboReviewPage *self) {
  GPtrArray *checks = tambo_session_get_checks (session_of (self));
  gboolean is_open = FALSE, needs_second = FALSE;
  GtkWidget *old;

  while ((old = gtk_widget_get_first_child (GTK_WIDGET (self->checks))) != NULL)
    gtk_box_remove (self->checks, old);
  for (guint i = 0; checks != NULL && i < checks->len; i++) {
    const TamboCheck *check = g_ptr_array_index (checks, i);
    is_open =
        is_open || check->verdict == TAMBO_CHECK_MISSING || check->verdict == TAMBO_CHECK_FAILED;
    needs_second = needs_second || check->verdict == TAMBO_CHECK_APPROVE;
    gtk_box_append (self->checks, new_check_row (check));
  }
  gtk_label_set_label (self->heading,
                       is_open ? _ ("Something is still missing")
                       : needs_second
                           ? _ ("Complete; a second person has to approve it")
                           : _ ("Everything is there. Let the applicant read it, then seal."));
}

/* ---- sealing ---- */

static gboolean run_seal (TamboStation *station, TamboEnrolment *enrolment, gpointer data,
                          GCancellable *cancellable, GError **error) {
  return tambo_enrol_seal (station, enrolment, error);
}

static void on_sealed (gpointer owner, gpointer data, const GError *error) {
  TamboReviewPage *self = owner;
  TamboSession *session = session_of (self);

  self->is_sealing = FALSE;
  if (error == NULL)
    return; /* the enrolment page has gone on to the receipt */
  /* The case now waits for the second person and is no draft any more. */
  if (g_error_matches (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_FOUR_EYES))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.home", NULL);
  /* One has come since this page was opened: what it says stands in the strip. */
  if (g_error_matches (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_ALERT))
    tambo_alert_strip_look_again (self->alert_strip, session);
  tambo_session_fail (session, error);
}

static gboolean tambo_review_page_finish (TamboStepPage *page) {
  TamboReviewPage *self = TAMBO_REVIEW_PAGE (page);
  TamboStep open = tambo_session_get_next_step (session_of (self));

  if (open < TAMBO_STEP_REVIEW) {
    gtk_widget_activate_action (GTK_WIDGET (self), "win.step", "i", (int) open);
    return FALSE;
  }
  if (!self->is_sealing) {
    self->is_sealing = TRUE;
    tambo_session_push (session_of (self), run_seal, NULL, NULL, NULL, on_sealed, self);
  }
  return FALSE;
}

/* The applicant has read the data on the second screen. */
static void on_answered_cb (TamboReviewPage *self, gboolean is_right) {
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    gtk_label_set_label (self->heading,
                         is_right ? _ ("The applicant says that the data are right.")
                                  : _ ("The applicant says that something is wrong. Ask what."));
}

static void tambo_review_page_enter (TamboStepPage *page) {
  TamboReviewPage *self = TAMBO_REVIEW_PAGE (page);
  const TamboEnrolment *shown = tambo_session_get_shown (session_of (self));
  TamboApplicantScreen *screen = tambo_session_get_screen (session_of (self));

  if (self->answered == 0)
    self->answered = g_signal_connect_object (screen, "answered", G_CALLBACK (on_answered_cb), self,
                                              G_CONNECT_SWAPPED);
  tambo_alert_strip_look (self->alert_strip, session_of (self));
  tambo_applicant_screen_confirm (screen, shown->applicant);
  show_data (self, shown);
  show_pictures (self, shown);
  show_checks (self);
  tambo_step_page_ready (page);
}

static void tambo_review_page_refresh (TamboStepPage *page) {
  TamboReviewPage *self = TAMBO_REVIEW_PAGE (page);

  show_data (self, tambo_session_get_shown (session_of (self)));
  show_checks (self);
}

static void tambo_review_page_leave (TamboStepPage *page) {
  TamboReviewPage *self = TAMBO_REVIEW_PAGE (page);

  tambo_applicant_screen_wait (tambo_session_get_screen (session_of (self)));
  clear_pictures (self);
  show_data (self, NULL);
}

static void tambo_review_page_dispose (GObject *object) {
  gtk_widget_dispose_template (GTK_WIDGET (object), TAMBO_TYPE_REVIEW_PAGE);
  G_OBJECT_CLASS (tambo_review_page_parent_class)->dispose (object);
}

static void tambo_review_page_class_init (TamboReviewPageClass *klass) {
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  TamboStepPageClass *step_class = TAMBO_STEP_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = tambo_review_page_dispose;
  step_class->enter = tambo_review_page_enter;
  step_class->refresh = tambo_review_page_refresh;
  step_class->leave = tambo_review_page_leave;
  step_class->finish = tambo_review_page_finish;
  g_type_ensure (TAMBO_TYPE_ALERT_STRIP);
  g_type_ensure (TAMBO_TYPE_PICTURE_AREA);
  gtk_widget_class_set_template_from_resource (widget_class,
                                               "/org/tambo/Station/ui/review-page.ui");
  gtk_widget_class_bind_template_child (widget_class, TamboReviewPage, alert_strip);
  gtk_widget_class_bind_template_child (widget_class, TamboReviewPage, heading);
  gtk_widget_class_bind_template_child (widget_class, TamboReviewPage, portrait);
  gtk_widget_class_bind_template_child (widget_class, TamboReviewPage, signature);
  gtk_widget_class_bind_template_child (widget_class, TamboReviewPage, prints);
  gtk_widget_class_bind_template_child (widget_class, TamboReviewPage, data);
  gtk_widget_class_bind_template_child (widget_class, TamboReviewPage, checks);
}

static void tambo_review_page_init (TamboReviewPage *self) {
  gtk_widget_init_template (GTK_WIDGET (self));
  tambo_speak_label (self->heading);
}
