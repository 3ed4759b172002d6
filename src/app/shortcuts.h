/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Every key of the window, in one table: what installs them, what lists them and what names them beside an act all
 * read it, so that the help cannot tell of another. The places have theirs in places.h.
 */
#pragma once

#include <gtk/gtk.h>

typedef enum {
  TAMBO_SHORTCUTS_EVERYWHERE,
  TAMBO_SHORTCUTS_ENROLMENT,
  TAMBO_SHORTCUTS_DESK, /* paper, and the applicant beside it */
} TamboShortcutPart;

typedef struct {
  TamboShortcutPart part;
  const char *accelerators; /* between blanks, the one to remember first */
  const char *action;       /* NULL: the control that has the focus does it */
  const char *target;       /* its argument, as text of GVariant; NULL for none */
  const char *title;        /* to be translated; NULL: told by the one before */
  gboolean is_first;        /* before what has the focus sees it */
} TamboShortcut;

const TamboShortcut *tambo_shortcuts_get (guint *out_count);

/* Installs those whose action is of GROUP, the word before its point, on a widget that has the actions. */
void tambo_shortcuts_attach (GtkWidget *widget, const char *group);

/* "Ctrl+K, F10" for the eye; NULL for NULL. */
char *tambo_shortcuts_label (const char *accelerators);
/* Of the key that does ACTION; NULL when none does. */
const char *tambo_shortcuts_find (const char *action);
