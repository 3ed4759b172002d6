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

gpointer tambo_secret_allocate (gsize size) {
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
  return memory;
}

void tambo_secret_release (gpointer memory, gsize size) {
  if (memory == NULL)
    return;
  OPENSSL_cleanse (memory, size);
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
