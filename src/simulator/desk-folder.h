/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The desk's folder: the names in it, and the janitor that clears them away even when the desk was
 * killed.
 */
#pragma once

#include <glib.h>

#define TAMBO_DESK_CONTROL "control"
#define TAMBO_DESK_FINGER "finger.socket"
#define TAMBO_DESK_READER "pcscd.comm"

/* Removes what a desk leaves in DIR, and nothing else. */
void tambo_desk_clear (const char *dir);

typedef struct {
  int pid;
  int leash; /* its end of the pipe is closed when this process ends */
} TamboJanitor;

/* Forks a process that clears DIR when this one ends. Before the first thread. */
gboolean tambo_desk_hire_janitor (const char *dir, TamboJanitor *out_janitor, GError **error);
/* There is nothing left to clear. */
void tambo_desk_dismiss_janitor (const TamboJanitor *janitor);
