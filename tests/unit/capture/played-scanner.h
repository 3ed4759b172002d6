/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The simulator's fingerprint scanner as a process, for tests that have its path in TAMBO_SIMULATOR.
 */
#pragma once

#include <gio/gio.h>

#define PLAYED_SERIAL "TAMBO00000001"

typedef struct {
  char *folder, *control, *trust;
  GSubprocess *process;
  char *port;
} PlayedScanner;

/* WORDS are options besides, NULL-terminated. The environment tells of it afterwards. */
void played_scanner_start (PlayedScanner *scanner, const char *const *words);
/* Makes the environment tell of this one. */
void played_scanner_use (const PlayedScanner *scanner);
/* A line of its control socket. */
void played_scanner_tell (const PlayedScanner *scanner, const char *line);
/* The process ends; its files stay until it is cleared. */
void played_scanner_end (const PlayedScanner *scanner);
void played_scanner_clear (PlayedScanner *scanner);
