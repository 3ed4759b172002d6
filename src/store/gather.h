/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to the room: writes to one file, those that follow each other handed on as one. SQLite writes
 * page by page, and each call costs as much as several pages.
 */
#pragma once

#include <glib.h>
#include <sqlite3.h>

typedef struct {
  sqlite3_file *real; /* borrowed */
  guint8 *bytes;      /* NULL before the first write */
  sqlite3_int64 start;
  int size;
  gboolean
      is_insistent; /* what could not be written stays, and whatever comes next fails like it */
} TamboGather;

/* Before REAL is read, measured, synced, unlocked or left. */
int tambo_gather_flush (TamboGather *gather);
int tambo_gather_write (TamboGather *gather, const void *data, int size, sqlite3_int64 offset);
/* Whatever was not flushed is dropped. */
void tambo_gather_clear (TamboGather *gather);
