/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * An act of the desk that may want a second person: it is tried, the second person is asked for where the
 * station says so, and it is tried again.
 */
#pragma once

#include "app/session.h"

/* On the desk's queue. */
typedef gboolean (*TamboDeskAct) (TamboStation *station, gpointer data, GError **error);

/* SENTENCE is what the second person puts their name to. DONE comes once, with G_IO_ERROR_CANCELLED when
 * nobody came; DATA is freed after it. */
void tambo_two_persons_run (GtkWidget *button, TamboSession *session, const char *sentence,
                            TamboDeskAct act, gpointer data, GDestroyNotify free_data,
                            TamboWorkDone done, gpointer owner);
