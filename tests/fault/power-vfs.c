/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <sqlite3.h>
#include <string.h>

#include "power-trace.h"

typedef struct {
  sqlite3_file base;
  sqlite3_file *real; /* behind this struct */
  guint number;
  gboolean is_noted;
  gboolean is_new; /* its first sync makes its name durable too */
} TracedFile;

static sqlite3_vfs *real_vfs;
static sqlite3_vfs traced_vfs;
static PowerTrace *current;
static guint n_journals;

PowerTrace *power_trace_new (void) {
  return g_array_new (FALSE, TRUE, sizeof (PowerEvent));
}

static void note (PowerKind kind, guint file, gint64 offset, gconstpointer data, gsize size) {
  PowerEvent event = { kind, file, offset, data != NULL ? g_bytes_new (data, size) : NULL };

  g_array_append_val (current, event);
}

void power_trace_acknowledge (PowerTrace *trace) {
  g_assert (trace == current);
  note (POWER_ACKNOWLEDGE, 0, 0, NULL, 0);
}

#define REAL(file) (((TracedFile *) (file))->real)

static int traced_close (sqlite3_file *file) {
  return REAL (file)->pMethods->xClose (REAL (file));
}

static int traced_read (sqlite3_file *file, void *data, int size, sqlite3_int64 offset) {
  return REAL (file)->pMethods->xRead (REAL (file), data, size, offset);
}

static int traced_write (sqlite3_file *file, const void *data, int size, sqlite3_int64 offset) {
  TracedFile *traced = (TracedFile *) file;

  if (traced->is_noted)
    note (POWER_WRITE, traced->number, offset, data, (gsize) size);
  return REAL (file)->pMethods->xWrite (REAL (file), data, size, offset);
}

static int traced_truncate (sqlite3_file *file, sqlite3_int64 size) {
  TracedFile *traced = (TracedFile *) file;

  if (traced->is_noted)
    note (POWER_TRUNCATE, traced->number, size, NULL, 0);
  return REAL (file)->pMethods->xTruncate (REAL (file), size);
}

static int traced_sync (sqlite3_file *file, int flags) {
  TracedFile *traced = (TracedFile *) file;

  if (traced->is_noted)
    note (POWER_SYNC, traced->number, 0, NULL, 0);
  if (traced->is_noted && traced->is_new)
    note (POWER_SYNC_FOLDER, 0, 0, NULL, 0);
  traced->is_new = FALSE;
  return REAL (file)->pMethods->xSync (REAL (file), flags);
}

static int traced_file_size (sqlite3_file *file, sqlite3_int64 *size) {
  return REAL (file)->pMethods->xFileSize (REAL (file), size);
}

static int traced_lock (sqlite3_file *file, int level) {
  return REAL (file)->pMethods->xLock (REAL (file), level);
}

static int traced_unlock (sqlite3_file *file, int level) {
  return REAL (file)->pMethods->xUnlock (REAL (file), level);
}

static int traced_check_lock (sqlite3_file *file, int *out) {
  return REAL (file)->pMethods->xCheckReservedLock (REAL (file), out);
}

static int traced_control (sqlite3_file *file, int op, void *argument) {
  return REAL (file)->pMethods->xFileControl (REAL (file), op, argument);
}

static int traced_sector_size (sqlite3_file *file) {
  return REAL (file)->pMethods->xSectorSize (REAL (file));
}

static int traced_characteristics (sqlite3_file *file) {
  return REAL (file)->pMethods->xDeviceCharacteristics (REAL (file));
}

static const sqlite3_io_methods methods = {
  .iVersion = 1,
  .xClose = traced_close,
  .xRead = traced_read,
  .xWrite = traced_write,
  .xTruncate = traced_truncate,
  .xSync = traced_sync,
  .xFileSize = traced_file_size,
  .xLock = traced_lock,
  .xUnlock = traced_unlock,
  .xCheckReservedLock = traced_check_lock,
  .xFileControl = traced_control,
  .xSectorSize = traced_sector_size,
  .xDeviceCharacteristics = traced_characteristics,
};

static int traced_open (sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags,
                        int *out_flags) {
  TracedFile *traced = (TracedFile *) file;
  int exists = 0;
  int result;

  memset (traced, 0, sizeof *traced);
  traced->real = (sqlite3_file *) (traced + 1);
  if ((flags & SQLITE_OPEN_MAIN_JOURNAL) != 0)
    real_vfs->xAccess (real_vfs, name, SQLITE_ACCESS_EXISTS, &exists);
  result = real_vfs->xOpen (real_vfs, name, traced->real, flags, out_flags);
  if (traced->real->pMethods != NULL)
    traced->base.pMethods = &methods;
  if (result != SQLITE_OK || (flags & (SQLITE_OPEN_MAIN_DB | SQLITE_OPEN_MAIN_JOURNAL)) == 0)
    return result;
  traced->is_noted = TRUE;
  if ((flags & SQLITE_OPEN_MAIN_JOURNAL) != 0) {
    traced->is_new = !exists;
    if (traced->is_new)
      note (POWER_CREATE, ++n_journals, 0, NULL, 0);
    traced->number = n_journals;
  }
  return result;
}

static int traced_delete (sqlite3_vfs *vfs, const char *name, int sync_folder) {
  note (POWER_DELETE, 0, 0, NULL, 0);
  if (sync_folder)
    note (POWER_SYNC_FOLDER, 0, 0, NULL, 0);
  return real_vfs->xDelete (real_vfs, name, sync_folder);
}

void power_trace_start (PowerTrace *trace) {
  current = trace;
  n_journals = 0;
  real_vfs = sqlite3_vfs_find (NULL);
  traced_vfs = *real_vfs;
  traced_vfs.zName = "power";
  traced_vfs.szOsFile = (int) sizeof (TracedFile) + real_vfs->szOsFile;
  traced_vfs.xOpen = traced_open;
  traced_vfs.xDelete = traced_delete;
  sqlite3_vfs_register (&traced_vfs, 1);
}

void power_trace_stop (void) {
  sqlite3_vfs_unregister (&traced_vfs);
  sqlite3_vfs_register (real_vfs, 1);
  current = NULL;
}
