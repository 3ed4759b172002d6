/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The hand of the trainer: one-line commands over a UNIX socket to a device that is being played.
 * Words are separated and quoted as in a shell; the answer is the line "ok" or "error: CAUSE".
 */
#pragma once

#include <glib.h>

#define TAMBO_CONTROL_MAX_LINE 4096

/* Called on the listening thread, one command at a time. WORDS is never empty. */
typedef gboolean (*TamboControlFunc) (char **words, gpointer data, GError **error);

typedef struct _TamboControl TamboControl;

/* Replaces a socket that lies at PATH. */
TamboControl *tambo_control_listen (const char *path, TamboControlFunc func, gpointer data,
                                    GError **error);
void tambo_control_free (TamboControl *control); /* joins the thread, removes the socket */
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboControl, tambo_control_free)

/* Sends WORDS as one line and waits for the answer; an "error: …" answer becomes the GError. */
gboolean tambo_control_send (const char *path, const char *const *words, GError **error);

int tambo_simulator_control_main (int argc, char **argv);
