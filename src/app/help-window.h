/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * All keys on one page (F1, ?). GtkShortcutsWindow of GTK 4.8 warns of its own labels.
 */
#pragma once

#include <adwaita.h>

#define TAMBO_TYPE_HELP_WINDOW (tambo_help_window_get_type ())
G_DECLARE_FINAL_TYPE (TamboHelpWindow, tambo_help_window, TAMBO, HELP_WINDOW, AdwWindow)

/* For somebody with ROLE (TamboRole bits). */
TamboHelpWindow *tambo_help_window_new (GtkWindow *parent, guint role);
