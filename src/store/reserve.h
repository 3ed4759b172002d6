/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to the room: room on the disk ahead of a store that grows. What is written to blocks that the
 * store has already costs the system a third less, and it lies together. The size of the file stays what
 * it is; whoever wants the room back truncates the file to its size.
 */
#pragma once

#include <glib.h>

typedef struct {
  gboolean is_open, is_refused;
  int fd;
  gint64 end; /* of the room; 0: not known */
} TamboReserve;

/* Before the store at PATH grows to SIZE bytes. A quarter of that is asked for at once, up to 16 MiB, and
 * nothing where the store is small or the disk is filling up. */
void tambo_reserve_grow (TamboReserve *reserve, const char *path, gint64 size);
/* The file was made shorter: its room is gone. */
void tambo_reserve_forget (TamboReserve *reserve);
/* When nobody in this process has the store open: to close any descriptor of a file gives back all locks
 * that the process has on it. */
void tambo_reserve_clear (TamboReserve *reserve);
