/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Runs tambo-simulator, and small stations that look at what it plays, as processes.
 */
#pragma once

#include <gio/gio.h>

typedef struct {
  GSubprocess *process;
  char *ready; /* the first line that it printed */
} Play;

/* Starts `tambo-simulator ARGUMENTS…` (NULL-terminated) and waits for its first line. */
Play *play_start (const char *const *arguments);
/* SIGTERM; the process must end well. */
void play_stop (Play *play);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Play, play_stop)

/* Runs ARGV with more ENVIRONMENT ("NAME=value", may be NULL) to its end and gives what it printed;
 * OUT_CODE may be NULL: then it must exit with 0. */
char *play_run (const char *const *argv, const char *const *environment, int *out_code);

/* Gives a command, its words separated by single spaces, to what is played at this control socket. */
void play_tell (const char *control, const char *command);

/* A new folder with a short name; play_remove_folder expects it to be empty. */
char *play_make_folder (void);
void play_remove_folder (const char *folder);
