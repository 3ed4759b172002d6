/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/secret.h"

#include <openssl/crypto.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/bytes.h"

typedef struct {
  gpointer memory;
  gsize size;
} Secret;

static gsize mapped_size (gsize size) {
  gsize page = (gsize) sysconf (_SC_PAGESIZE);

  return MAX (1, (size + page - 1) / page) * page;
}

static gpointer map (gsize size) {
  gsize mapped = mapped_size (size);
  gpointer memory;

  if (mapped < size)
    g_error ("a secret of %" G_GSIZE_FORMAT " bytes is too large", size);
  memory = mmap (NULL, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    g_error ("no memory for a secret of %" G_GSIZE_FORMAT " bytes", size);
  /* Best effort: RLIMIT_MEMLOCK is small, and a swapped secret is better than a lost capture. */
  (void) mlock (memory, mapped);
  (void) madvise (memory, mapped, MADV_DONTDUMP);
  /* A process that is forked off has no use for what this one knows. */
  (void) madvise (memory, mapped, MADV_WIPEONFORK);
  return memory;
}

/* ---- drawers: for keys and the like, which come and go by the dozen ---- */

#define DRAWER_SIZE 256
#define N_DRAWERS 64

static GMutex mutex;
static guint8 *drawers;   /* N_DRAWERS, one mapping that stays; NULL before the first */
static guint64 are_taken; /* a bit for each */

G_STATIC_ASSERT (N_DRAWERS == 8 * sizeof are_taken);

/* NULL when all are taken. */
static gpointer take_drawer (void) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);
  int number;

  if (are_taken == G_MAXUINT64)
    return NULL;
  if (drawers == NULL)
    drawers = map (N_DRAWERS * DRAWER_SIZE);
  number = __builtin_ctzll (~are_taken);
  are_taken |= G_GUINT64_CONSTANT (1) << number;
  return drawers + number * DRAWER_SIZE;
}

/* FALSE when MEMORY is none of them. */
static gboolean give_drawer_back (gpointer memory) {
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&mutex);
  gsize offset = (gsize) memory - (gsize) drawers;

  if (drawers == NULL || offset >= N_DRAWERS * DRAWER_SIZE)
    return FALSE;
  are_taken &= ~(G_GUINT64_CONSTANT (1) << offset / DRAWER_SIZE);
  return TRUE;
}

gpointer tambo_secret_allocate (gsize size) {
  gpointer memory = size <= DRAWER_SIZE ? take_drawer () : NULL;

  return memory != NULL ? memory : map (size);
}

void tambo_secret_release (gpointer memory, gsize size) {
  if (memory == NULL)
    return;
  OPENSSL_cleanse (memory, size);
  if (!give_drawer_back (memory))
    munmap (memory, mapped_size (size));
}

static void secret_free (gpointer data) {
  Secret *secret = data;

  tambo_secret_release (secret->memory, secret->size);
  g_free (secret);
}

GBytes *tambo_secret_take (gpointer memory, gsize size) {
  Secret *secret = g_new (Secret, 1);

  secret->memory = memory;
  secret->size = size;
  return g_bytes_new_with_free_func (memory, size, secret_free, secret);
}

GBytes *tambo_secret_new (gconstpointer data, gsize size) {
  gpointer memory = tambo_secret_allocate (size);

  if (size > 0)
    memcpy (memory, data, size);
  return tambo_secret_take (memory, size);
}

GBytes *tambo_secret_new_take_string (char *text) {
  GBytes *secret = tambo_secret_new (text, text != NULL ? strlen (text) : 0);

  tambo_secret_string_free (text);
  return secret;
}

void tambo_secret_wipe (gpointer data, gsize size) {
  if (data != NULL)
    OPENSSL_cleanse (data, size);
}

void tambo_secret_string_free (char *text) {
  if (text == NULL)
    return;
  OPENSSL_cleanse (text, strlen (text));
  g_free (text);
}
