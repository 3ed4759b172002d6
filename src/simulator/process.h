/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What every played device has in common: it runs until a signal ends it, and dies with the desk
 * that started it.
 */
#pragma once

#include <glib.h>

/* Parses ARGV in place; on FALSE the usage error has been printed. OPTIONS as for GOptionContext,
 * SUMMARY says what the sub-command plays. */
gboolean tambo_simulator_parse_options (int *argc, char ***argv, const char *parameters,
                                        const char *summary, const GOptionEntry *options);

/* Prints "tambo-simulator: WHAT: message" and returns the exit code for it. */
int tambo_simulator_fail (const char *what, const GError *error);

/* Prints a line that the starter waits for ("port 15740") and flushes it. */
void tambo_simulator_announce (const char *format, ...) G_GNUC_PRINTF (1, 2);

/* SIGINT, SIGTERM and SIGHUP end this main loop instead of the process. Call it before the first
 * thread starts. */
GMainLoop *tambo_simulator_main_loop_new (void);

/* A stream socket address on a path; FAILED when the path is too long for one. */
gboolean tambo_simulator_unix_address (const char *path, gpointer out_address, guint *out_size,
                                       GError **error);

/* A TCP socket that listens on 127.0.0.1. PORT 0 chooses a free one. -1 on error. */
int tambo_simulator_listen_tcp (guint16 port, guint16 *out_port, GError **error);

/* For GSpawnChildSetupFunc: the child gets SIGTERM when the thread that started it ends. */
void tambo_simulator_child_setup (gpointer unused);

/* SIGTERM, after two seconds SIGKILL; waits for the end and returns its wait status. */
int tambo_simulator_end_child (GPid pid);

/* The command that the parsed ARGV ends with, with or without a "--" before it; NULL: none. */
char **tambo_simulator_command (char **argv);

/* Runs ARGV in ENVIRONMENT until it ends or LOOP is told to; OUT_CODE is its exit code as a shell has it. */
gboolean tambo_simulator_run_command (GMainLoop *loop, char **argv, char **environment,
                                      int *out_code, GError **error);
