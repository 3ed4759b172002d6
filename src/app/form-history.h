/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Undo and redo for a form of typed fields and toggles, whoever filled them: the clerk, a document, an earlier case.
 * Words typed into one field are one step.
 */
#pragma once

#include <gtk/gtk.h>

typedef struct _TamboFormHistory TamboFormHistory;

/* ROWS elements are TamboFieldRow, TOGGLES elements GtkToggleButton; both borrowed, and outlive it. */
TamboFormHistory *tambo_form_history_new (GPtrArray *rows, GPtrArray *toggles);
void tambo_form_history_free (TamboFormHistory *history); /* wipes what it holds */

/* Forgets everything and begins with what the form says now. */
void tambo_form_history_begin (TamboFormHistory *history);
/* The form has changed. */
void tambo_form_history_note (TamboFormHistory *history);
/* The next change is a step of its own. */
void tambo_form_history_break (TamboFormHistory *history);

/* Writes the step before, or after, into the form: what changed with it, or NULL when there is none. */
GtkWidget *tambo_form_history_undo (TamboFormHistory *history);
GtkWidget *tambo_form_history_redo (TamboFormHistory *history);
