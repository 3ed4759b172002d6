/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the applicant is shown on the second screen, whether there is one or not: the steps say it, the window paints it.
 * Never a verdict, a number of quality or anything of another person. Signals "changed", "frame" for a new picture of
 * the camera, and "answered" (gboolean: the data are right).
 */
#pragma once

#include <gtk/gtk.h>

#include "record/applicant.h"
#include "record/finger.h"

typedef enum {
  TAMBO_APPLICANT_WAITS,
  TAMBO_APPLICANT_CONFIRMS, /* the data */
  TAMBO_APPLICANT_LOOKS,    /* into the camera */
  TAMBO_APPLICANT_PRESSES,  /* a finger, or several at once */
  TAMBO_APPLICANT_SIGNS,
  TAMBO_APPLICANT_LEAVES, /* with a number */
} TamboApplicantAct;

typedef enum {
  TAMBO_ANSWER_NONE,
  TAMBO_ANSWER_YES,
  TAMBO_ANSWER_NO,
} TamboApplicantAnswer;

#define TAMBO_TYPE_APPLICANT_SCREEN (tambo_applicant_screen_get_type ())
G_DECLARE_FINAL_TYPE (TamboApplicantScreen, tambo_applicant_screen, TAMBO, APPLICANT_SCREEN,
                      GObject)

TamboApplicantScreen *tambo_applicant_screen_new (void);

/* Nothing personal is left in it. */
void tambo_applicant_screen_wait (TamboApplicantScreen *self);
void tambo_applicant_screen_confirm (TamboApplicantScreen *self, const TamboApplicant *applicant);
/* HINT as the guidance gave it; NULL when all is right. */
void tambo_applicant_screen_look (TamboApplicantScreen *self, const char *hint);
void tambo_applicant_screen_set_frame (TamboApplicantScreen *self, cairo_surface_t *frame);
/* FINGERS are bits 1 << TamboFinger. */
void tambo_applicant_screen_press (TamboApplicantScreen *self, guint fingers, gboolean is_pressed);
void tambo_applicant_screen_sign (TamboApplicantScreen *self);
void tambo_applicant_screen_leave (TamboApplicantScreen *self, const char *tracking_number);

/* The applicant touched one of both. */
void tambo_applicant_screen_answer (TamboApplicantScreen *self, gboolean is_right);

TamboApplicantAct tambo_applicant_screen_get_act (TamboApplicantScreen *self);
TamboApplicantAnswer tambo_applicant_screen_get_answer (TamboApplicantScreen *self);
/* Borrowed; of the present act, or NULL. */
const TamboApplicant *tambo_applicant_screen_get_applicant (TamboApplicantScreen *self);
const char *tambo_applicant_screen_get_hint (TamboApplicantScreen *self);
cairo_surface_t *tambo_applicant_screen_get_frame (TamboApplicantScreen *self);
guint tambo_applicant_screen_get_fingers (TamboApplicantScreen *self, gboolean *out_pressed);
const char *tambo_applicant_screen_get_number (TamboApplicantScreen *self);
