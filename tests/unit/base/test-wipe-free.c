/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What is left in this program's own memory of what it gave back. The word that is looked for is kept inverted,
 * so that only what was forgotten is found.
 */
#include "base/wipe-free.h"

#include <fcntl.h>
#include <json-glib/json-glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define WORD_SIZE 32
#define SLICE (1 << 16)

/* Where the memory is read into: not looked at itself. */
static char slice[SLICE];

static void put_word (char *place, const char *inverted) {
  for (gsize i = 0; i < WORD_SIZE; i++)
    place[i] = (char) ~inverted[i];
}

static gboolean is_word (const char *place, const char *inverted) {
  for (gsize i = 0; i < WORD_SIZE; i++)
    if (place[i] != (char) ~inverted[i])
      return FALSE;
  return TRUE;
}

static guint count_in_slice (gsize size, const char *inverted) {
  guint count = 0;

  for (gsize at = 0; at + WORD_SIZE <= size; at++)
    count += is_word (slice + at, inverted);
  return count;
}

static guint count_in_mapping (int memory, unsigned long start, unsigned long end,
                               const char *inverted) {
  guint count = 0;

  for (unsigned long at = start; at < end; at += SLICE - WORD_SIZE) {
    gboolean is_own = at < (unsigned long) (slice + SLICE) && at + SLICE > (unsigned long) slice;
    ssize_t got =
        is_own ? 0 : pread (memory, slice, MIN ((unsigned long) SLICE, end - at), (off_t) at);
    if (got > 0)
      count += count_in_slice ((gsize) got, inverted);
  }
  memset (slice, 0, sizeof slice);
  return count;
}

static guint count_in_memory (const char *inverted) {
  FILE *maps = fopen ("/proc/self/maps", "re");
  int memory = open ("/proc/self/mem", O_RDONLY | O_CLOEXEC);
  unsigned long start, end;
  char line[512], rights[8];
  guint count = 0;

  g_assert_nonnull (maps);
  g_assert_cmpint (memory, >=, 0);
  while (fgets (line, sizeof line, maps) != NULL)
    if (sscanf (line, "%lx-%lx %7s", &start, &end, rights) == 3 && g_str_has_prefix (rights, "rw"))
      count += count_in_mapping (memory, start, end, inverted);
  close (memory);
  fclose (maps);
  return count;
}

static void make_word (char *inverted) {
  g_assert_cmpint (getentropy (inverted, WORD_SIZE), ==, 0);
}

static void test_free (void) {
  const gsize sizes[] = { WORD_SIZE, 100, 1000, 5000, 100 * 1000 };
  char inverted[WORD_SIZE];
  char *blocks[G_N_ELEMENTS (sizes)];

  make_word (inverted);
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    blocks[i] = malloc (sizes[i]);
    put_word (blocks[i] + sizes[i] - WORD_SIZE, inverted);
  }
  /* The eyes are good. */
  g_assert_cmpuint (count_in_memory (inverted), >=, G_N_ELEMENTS (sizes));
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++)
    free (blocks[i]);
  g_assert_cmpuint (count_in_memory (inverted), ==, 0);
}

/* What moves leaves nothing where it was, and what is cut off is gone with the rest. */
static void test_realloc (void) {
  char inverted[WORD_SIZE];

  make_word (inverted);
  char *block = malloc (WORD_SIZE);
  put_word (block, inverted);
  g_autofree char *wall = malloc (WORD_SIZE); /* it cannot grow where it is */
  g_assert_nonnull (wall);
  block = realloc (block, 50 * 1000);
  g_assert_nonnull (block);
  g_assert_true (is_word (block, inverted));
  put_word (block + 40 * 1000, inverted);
  g_assert_cmpuint (count_in_memory (inverted), ==, 2);
  block = realloc (block, 100);
  g_assert_cmpuint (count_in_memory (inverted), ==, 1);
  free (block);
  g_assert_cmpuint (count_in_memory (inverted), ==, 0);
  block = realloc (NULL, 10);
  g_assert_nonnull (block);
  g_assert_null (realloc (block, 0));
  free (NULL);
}

/* A library that knows nothing of it. */
static void test_library (void) {
  char inverted[WORD_SIZE / 2], name[WORD_SIZE + 1] = { 0 };

  g_assert_cmpint (getentropy (inverted, sizeof inverted), ==, 0);
  for (gsize i = 0; i < WORD_SIZE; i++)
    name[i] = (char) ('a' + ((inverted[i / 2] >> (i % 2 * 4)) & 15));
  char *text = g_strdup_printf ("{\"surname\": \"%s\"}", name);
  JsonParser *parser = json_parser_new ();
  g_assert_true (json_parser_load_from_data (parser, text, -1, NULL));
  char wanted[WORD_SIZE];
  for (gsize i = 0; i < WORD_SIZE; i++)
    wanted[i] = (char) ~name[i];
  memset (name, 0, sizeof name);
  g_assert_cmpuint (count_in_memory (wanted), >=, 2);
  g_object_unref (parser);
  g_free (text);
  g_assert_cmpuint (count_in_memory (wanted), ==, 0);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_assert_true (tambo_freed_is_wiped ());
  g_test_add_func ("/base/wipe-free/free", test_free);
  g_test_add_func ("/base/wipe-free/realloc", test_realloc);
  g_test_add_func ("/base/wipe-free/library", test_library);
  return g_test_run ();
}
