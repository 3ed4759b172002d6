/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What changes beside the focus, an error or a prompt, is said by a screen reader. GTK 4.8 cannot announce
 * (4.14 can), but a reader says each new description of what has the focus: so what is to be said becomes
 * its description, until the focus goes on.
 */
#pragma once

#include <gtk/gtk.h>

/* TEXT is said once all that changes together has changed, unless BESIDE is not on the screen by then. What
 * was to be said of BESIDE before that is left out. */
void tambo_speak (GtkWidget *beside, const char *text);
/* What LABEL says, from now on: when it comes to the screen and at each change. */
void tambo_speak_label (GtkLabel *label);
/* Whether BUTTON is pressed, which is not said of a button: it has the role of a check box or a radio button. */
void tambo_speak_toggle (GtkToggleButton *button);
/* The icons within ENTRY, which GTK leaves to be called by their class. */
void tambo_speak_password (GtkPasswordEntry *entry);
