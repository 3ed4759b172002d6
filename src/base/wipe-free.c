/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The C library's free and realloc, for the programs that hold an applicant's data: what is given back
 * is wiped first. Names and pictures pass through many hands that are not ours (the JSON parser, image
 * codecs, the toolkit), and none of them wipes; without this a locked station's memory is full of them.
 *
 * All that is linked with base finds these two before those of the library, and so do the libraries that it
 * loads: the capture helper's drivers, and what headquarters reads records with.
 */
#include "base/wipe-free.h"

#include <stdlib.h>
#include <string.h>

#ifdef __SANITIZE_ADDRESS__ /* has an allocator of its own */

gboolean tambo_freed_is_wiped (void) {
  return FALSE;
}

#else

gboolean tambo_freed_is_wiped (void) {
  return TRUE;
}

void __libc_free (void *memory);
size_t malloc_usable_size (void *memory);

void free (void *memory) {
  if (memory != NULL)
    explicit_bzero (memory, malloc_usable_size (memory));
  __libc_free (memory);
}

/* The library's own would leave a copy behind where it moves. */
void *realloc (void *memory, size_t size) {
  size_t usable = memory != NULL ? malloc_usable_size (memory) : 0;
  void *moved;

  if (memory != NULL && size == 0) {
    free (memory);
    return NULL;
  }
  if (memory != NULL && size <= usable && size >= usable / 2)
    return memory;
  moved = malloc (size);
  if (moved == NULL || memory == NULL)
    return moved;
  memcpy (moved, memory, size < usable ? size : usable);
  free (memory);
  return moved;
}

#endif
