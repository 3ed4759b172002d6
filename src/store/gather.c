/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/gather.h"

#include <string.h>

/* SQLite's own VFS writes less than 128 KiB at once, and the system likes pieces that begin at a multiple
 * of their size. */
#define MAX_SIZE (64 * 1024)

int tambo_gather_flush (TamboGather *gather) {
  int result = gather->size > 0 ? gather->real->pMethods->xWrite (gather->real, gather->bytes,
                                                                  gather->size, gather->start)
                                : SQLITE_OK;

  if (result == SQLITE_OK || !gather->is_insistent)
    gather->size = 0;
  return result;
}

int tambo_gather_write (TamboGather *gather, const void *data, int size, sqlite3_int64 offset) {
  int result = SQLITE_OK;

  if (offset != gather->start + gather->size || offset % MAX_SIZE == 0
      || gather->size + size > MAX_SIZE)
    result = tambo_gather_flush (gather);
  if (result != SQLITE_OK || size > MAX_SIZE)
    return result == SQLITE_OK ? gather->real->pMethods->xWrite (gather->real, data, size, offset)
                               : result;
  if (gather->bytes == NULL)
    gather->bytes = g_malloc (MAX_SIZE);
  if (gather->size == 0)
    gather->start = offset;
  memcpy (gather->bytes + gather->size, data, (gsize) size);
  gather->size += size;
  return SQLITE_OK;
}

void tambo_gather_clear (TamboGather *gather) {
  gather->size = 0;
  g_clear_pointer (&gather->bytes, g_free);
}
