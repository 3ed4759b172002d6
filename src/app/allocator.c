/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/allocator.h"

#include <malloc.h>
#include <stdlib.h>

/* Threads that share an arena wait for each other's lock, the main loop for a worker that a slow processor has put
 * aside: so there are as many as threads that have pictures. */
#define ARENAS 8
/* Larger than a picture. */
#define MMAP_THRESHOLD (12 * 1024 * 1024)
/* Twice the largest picture that is given back. */
#define KEPT (32 * 1024 * 1024)
#define LEAST_KEPT (64 * 1024)
/* glibc looks at an arena's end when so much comes back. */
#define LOOK (128 * 1024)

void tambo_allocator_set_up (void) {
  mallopt (M_ARENA_MAX, ARENAS);
  mallopt (M_MMAP_THRESHOLD, MMAP_THRESHOLD);
  mallopt (M_TRIM_THRESHOLD, KEPT);
}

void tambo_allocator_give_back (void) {
  /* malloc_trim leaves the end of every arena but the main one. */
  mallopt (M_TRIM_THRESHOLD, LEAST_KEPT);
  void *volatile piece = malloc (LOOK);
  free (piece);
  /* Beside the sanitizer's own allocator glibc's is not set up, and falls over two threads that trim at once. */
#ifndef __SANITIZE_ADDRESS__
  malloc_trim (0);
#endif
  mallopt (M_TRIM_THRESHOLD, KEPT);
}
