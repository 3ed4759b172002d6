/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to the room: what a name stands for, without its times. From Linux 6.13 on a file whose times
 * were asked for gets new ones with the next byte that is written to it, and then a sync that would have
 * had only bytes to write has to write these too: another wait for the disk.
 */
#pragma once

#include <glib.h>

typedef struct {
  guint64 device, inode;
  gint64 size;
  gboolean is_regular;
} TamboFileLook;

/* FALSE when nothing of that name can be seen. */
gboolean tambo_file_look (const char *path, TamboFileLook *out_look);
gboolean tambo_file_look_is_same (const TamboFileLook *one, const TamboFileLook *other);
