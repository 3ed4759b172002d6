/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The button beside an error that does what is to be done next, where the window can lead there.
 */
#pragma once

#include <gtk/gtk.h>

typedef struct {
  const char *label;  /* untranslated */
  const char *action; /* of the window, without a parameter */
} TamboRemedy;

/* Static; NULL when the sentence has to do. */
const TamboRemedy *tambo_remedy_find (const GError *error);
/* For what is no error yet: the disk is nearly full. */
const TamboRemedy *tambo_remedy_copy_queue (void);

typedef void (*TamboRemedyFailed) (GtkWindow *window, const char *sentence, const char *detail);

/* Opens the sign-in page that this network puts before the way to URL. */
void tambo_remedy_open_portal (GtkWindow *window, const char *url, TamboRemedyFailed failed);
/* Opens the desktop's own page of date and time. */
void tambo_remedy_set_clock (GtkWindow *window, TamboRemedyFailed failed);
