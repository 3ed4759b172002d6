/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The second screen, for the applicant: big type, the applicant's language, no keyboard. On the other monitor where
 * there is one, full; else a window that the clerk may open. It may be turned to face the other way.
 */
#pragma once

#include <adwaita.h>

#include "app/applicant-screen.h"

#define TAMBO_TYPE_APPLICANT_WINDOW (tambo_applicant_window_get_type ())
G_DECLARE_FINAL_TYPE (TamboApplicantWindow, tambo_applicant_window, TAMBO, APPLICANT_WINDOW,
                      GtkWindow)

/* OFFICE is what an idle screen says. */
TamboApplicantWindow *tambo_applicant_window_new (GtkWindow *desk, TamboApplicantScreen *screen,
                                                  const char *office, gboolean is_practice);
/* Onto the other monitor, when there is one; the desk keeps the keyboard. */
void tambo_applicant_window_open (TamboApplicantWindow *self);
/* A quarter of a turn further. */
void tambo_applicant_window_turn (TamboApplicantWindow *self);
/* "es"; the next one of applicant-words.h for NULL. */
void tambo_applicant_window_speak (TamboApplicantWindow *self, const char *language);

/* TRUE when DESK does not lie on the only monitor. */
gboolean tambo_applicant_window_has_monitor (GtkWindow *desk);
