/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a driver may do that has met a hostile device: look at the system's own files and speak to devices.
 * It reads nothing of the user's, starts no program, traces no process and opens no connection, but those
 * whose device is on the network. Landlock keeps the files, seccomp the calls; on a kernel without
 * one of them the other holds alone.
 */
#pragma once

#include <glib.h>

typedef enum {
  TAMBO_SANDBOX_LOCAL = 0,
  TAMBO_SANDBOX_NETWORK = 1 << 0, /* may open connections over IP */
  /* May split, as scanners' drivers do; it still starts no program. */
  TAMBO_SANDBOX_PROCESSES = 1 << 1,
} TamboSandboxReach;

/* For this process, its threads to come, and for good; before any thread is started and any driver is
 * loaded. OUT_MISSING names what this kernel could not give; NULL when all holds. */
void tambo_sandbox_enter (TamboSandboxReach reach, const char **out_missing);

/* Of helper-sandbox-seccomp.c and helper-sandbox-landlock.c: FALSE when the kernel has no such thing. */
gboolean tambo_sandbox_close_calls (TamboSandboxReach reach);
gboolean tambo_sandbox_close_files (void);
