/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The one window: header bar, strips, and a stack of sign-in, cases, procedures and the enrolment.
 * All keys that work everywhere are its shortcuts.
 */
#pragma once

#include <adwaita.h>

#include "app/session.h"

#define TAMBO_TYPE_WINDOW (tambo_window_get_type ())
G_DECLARE_FINAL_TYPE (TamboWindow, tambo_window, TAMBO, WINDOW, AdwApplicationWindow)

TamboWindow *tambo_window_new (GtkApplication *application);
/* The station is open: the clerk may sign in. */
void tambo_window_set_session (TamboWindow *self, TamboSession *session);
void tambo_window_show_problem (TamboWindow *self, const GError *error);
