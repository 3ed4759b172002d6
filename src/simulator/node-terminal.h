/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A pseudo terminal in the place of a device's node: poll() of a program that opened the node sees the terminal. The
 * file that a testbed makes is always ready, and what umockdev makes a terminal of, it holds open to its end.
 */
#pragma once

#include <glib.h>

/* Puts a terminal in the place of PATH, raw, which is writable until its flow is stopped. Gives the master; -1. Nobody
 * here holds the other end: whoever does, has the device. Closing the master hangs up, which poll() tells. */
int tambo_node_terminal_put (const char *path, GError **error);
/* Whether the node is writable. */
void tambo_node_terminal_set_flow (int master, gboolean flows);
