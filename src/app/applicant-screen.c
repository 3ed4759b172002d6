/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/applicant-screen.h"

struct _TamboApplicantScreen {
  GObject parent;
  TamboApplicantAct act;
  TamboApplicantAnswer answer;
  TamboApplicant *applicant;
  const char *hint; /* static */
  cairo_surface_t *frame;
  guint fingers;
  gboolean is_pressed;
  char *number;
};

G_DEFINE_FINAL_TYPE (TamboApplicantScreen, tambo_applicant_screen, G_TYPE_OBJECT)

enum {
  CHANGED,
  FRAME,
  ANSWERED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void clear (TamboApplicantScreen *self) {
  g_clear_pointer (&self->applicant, tambo_applicant_free);
  g_clear_pointer (&self->frame, cairo_surface_destroy);
  g_clear_pointer (&self->number, g_free);
  self->hint = NULL;
  self->fingers = 0;
  self->is_pressed = FALSE;
  self->answer = TAMBO_ANSWER_NONE;
}

static void tambo_applicant_screen_finalize (GObject *object) {
  clear (TAMBO_APPLICANT_SCREEN (object));
  G_OBJECT_CLASS (tambo_applicant_screen_parent_class)->finalize (object);
}

static void tambo_applicant_screen_class_init (TamboApplicantScreenClass *klass) {
  GType type = G_TYPE_FROM_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = tambo_applicant_screen_finalize;
  signals[CHANGED] =
      g_signal_new ("changed", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[FRAME] =
      g_signal_new ("frame", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[ANSWERED] = g_signal_new ("answered", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static void tambo_applicant_screen_init (TamboApplicantScreen *self) {
}

TamboApplicantScreen *tambo_applicant_screen_new (void) {
  return g_object_new (TAMBO_TYPE_APPLICANT_SCREEN, NULL);
}

/* The act before it is forgotten, whatever it showed. */
static void begin (TamboApplicantScreen *self, TamboApplicantAct act) {
  if (self->act != act)
    clear (self);
  self->act = act;
}

static void tell (TamboApplicantScreen *self) {
  g_signal_emit (self, signals[CHANGED], 0);
}

void tambo_applicant_screen_wait (TamboApplicantScreen *self) {
  clear (self);
  self->act = TAMBO_APPLICANT_WAITS;
  tell (self);
}

void tambo_applicant_screen_confirm (TamboApplicantScreen *self, const TamboApplicant *applicant) {
  begin (self, TAMBO_APPLICANT_CONFIRMS);
  g_clear_pointer (&self->applicant, tambo_applicant_free);
  self->applicant = tambo_applicant_copy (applicant);
  self->answer = TAMBO_ANSWER_NONE;
  tell (self);
}

void tambo_applicant_screen_look (TamboApplicantScreen *self, const char *hint) {
  begin (self, TAMBO_APPLICANT_LOOKS);
  self->hint = hint;
  tell (self);
}

void tambo_applicant_screen_set_frame (TamboApplicantScreen *self, cairo_surface_t *frame) {
  if (self->act != TAMBO_APPLICANT_LOOKS)
    return;
  cairo_surface_reference (frame);
  g_clear_pointer (&self->frame, cairo_surface_destroy);
  self->frame = frame;
  g_signal_emit (self, signals[FRAME], 0);
}

void tambo_applicant_screen_press (TamboApplicantScreen *self, guint fingers, gboolean is_pressed) {
  begin (self, TAMBO_APPLICANT_PRESSES);
  self->fingers = fingers;
  self->is_pressed = is_pressed;
  tell (self);
}

void tambo_applicant_screen_sign (TamboApplicantScreen *self) {
  begin (self, TAMBO_APPLICANT_SIGNS);
  tell (self);
}

void tambo_applicant_screen_leave (TamboApplicantScreen *self, const char *tracking_number) {
  begin (self, TAMBO_APPLICANT_LEAVES);
  g_free (self->number);
  self->number = g_strdup (tracking_number);
  tell (self);
}

void tambo_applicant_screen_answer (TamboApplicantScreen *self, gboolean is_right) {
  if (self->act != TAMBO_APPLICANT_CONFIRMS)
    return;
  self->answer = is_right ? TAMBO_ANSWER_YES : TAMBO_ANSWER_NO;
  tell (self);
  g_signal_emit (self, signals[ANSWERED], 0, is_right);
}

TamboApplicantAct tambo_applicant_screen_get_act (TamboApplicantScreen *self) {
  return self->act;
}

TamboApplicantAnswer tambo_applicant_screen_get_answer (TamboApplicantScreen *self) {
  return self->answer;
}

const TamboApplicant *tambo_applicant_screen_get_applicant (TamboApplicantScreen *self) {
  return self->applicant;
}

const char *tambo_applicant_screen_get_hint (TamboApplicantScreen *self) {
  return self->hint;
}

cairo_surface_t *tambo_applicant_screen_get_frame (TamboApplicantScreen *self) {
  return self->frame;
}

guint tambo_applicant_screen_get_fingers (TamboApplicantScreen *self, gboolean *out_pressed) {
  *out_pressed = self->is_pressed;
  return self->fingers;
}

const char *tambo_applicant_screen_get_number (TamboApplicantScreen *self) {
  return self->number;
}
