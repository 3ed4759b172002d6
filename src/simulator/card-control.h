/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A UNIX socket that takes one-line commands and answers each with one line. Lives on the default
 * main context.
 */
#pragma once

#include <glib.h>

typedef struct _TamboCardControl TamboCardControl;

/* Gives the answer, without newline, to LINE. */
typedef char *(*TamboCardControlFunc) (gpointer user_data, const char *line);

/* Replaces a socket that lies at PATH; anything else there is an error. */
TamboCardControl *tambo_card_control_new (const char *path, TamboCardControlFunc func,
                                          gpointer user_data,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
void tambo_card_control_free (TamboCardControl *control);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboCardControl, tambo_card_control_free)
