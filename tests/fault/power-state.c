/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "power-trace.h"

#define SECTOR 512

/* How a cut treats what was not synced. */
typedef enum {
  NOTHING,      /* is lost */
  EVERYTHING,   /* is there */
  ANY_EVENTS,   /* whole writes, each or not */
  ANY_SECTORS,  /* sectors, each or not */
  FIRST_EVENTS, /* in order, up to some point */
  GARBAGE,      /* sectors, each or not; new ground holds what lay there before */
  N_TREATMENTS,
} Treatment;

typedef struct {
  GByteArray *contents; /* synced */
  GArray *pending;      /* guint: positions of events */
} File;

/* Names: number of the journal's file, 0 for none. */
typedef struct {
  GPtrArray *files; /* File */
  guint journal;    /* synced */
  GArray *pending;  /* guint: what the name became, in order */
} Disk;

static void file_free (gpointer data) {
  File *file = data;

  g_byte_array_unref (file->contents);
  g_array_unref (file->pending);
  g_free (file);
}

static File *get_file (Disk *disk, guint number) {
  while (disk->files->len <= number) {
    File *file = g_new0 (File, 1);

    file->contents = g_byte_array_new ();
    file->pending = g_array_new (FALSE, FALSE, sizeof (guint));
    g_ptr_array_add (disk->files, file);
  }
  return disk->files->pdata[number];
}

static void fill (guint8 *to, gsize size, gboolean is_garbage, GRand *rand) {
  memset (to, 0, size);
  for (gsize at = 0; is_garbage && at < size; at += sizeof (guint32)) {
    guint32 number = g_rand_int (rand);

    memcpy (to + at, &number, MIN (sizeof number, size - at));
  }
}

static void put (GByteArray *contents, gint64 offset, const guint8 *data, gsize size,
                 gboolean is_garbage, GRand *rand) {
  guint before = contents->len;

  if (offset + (gint64) size > before) {
    g_byte_array_set_size (contents, (guint) (offset + (gint64) size));
    fill (contents->data + before, contents->len - before, is_garbage, rand);
  }
  memcpy (contents->data + offset, data, size);
}

static void put_sectors (GByteArray *contents, const PowerEvent *event, gboolean is_garbage,
                         GRand *rand) {
  gsize size;
  const guint8 *data = g_bytes_get_data (event->bytes, &size);

  for (gsize at = 0; at < size;) {
    gsize part = MIN (size - at, SECTOR - (gsize) (event->offset + (gint64) at) % SECTOR);

    if (g_rand_boolean (rand))
      put (contents, event->offset + (gint64) at, data + at, part, is_garbage, rand);
    at += part;
  }
}

static void put_event (GByteArray *contents, const PowerEvent *event) {
  gsize size = 0;

  if (event->kind == POWER_TRUNCATE) {
    if (contents->len > event->offset)
      g_byte_array_set_size (contents, (guint) event->offset);
    return;
  }
  const guint8 *data = g_bytes_get_data (event->bytes, &size);
  put (contents, event->offset, data, size, FALSE, NULL);
}

static void sync_file (File *file, const PowerTrace *trace) {
  for (guint i = 0; i < file->pending->len; i++)
    put_event (file->contents,
               &g_array_index (trace, PowerEvent, g_array_index (file->pending, guint, i)));
  g_array_set_size (file->pending, 0);
}

static gboolean is_ignored (const PowerDisk *disk, guint position, const PowerEvent *event) {
  guint mask =
      event->kind == POWER_SYNC && event->file > 0 ? POWER_SYNC_OF_JOURNAL : 1u << event->kind;

  return (gint) position == disk->ignored_event || (disk->ignored_kinds & mask) != 0;
}

static void play (Disk *disk, const PowerDisk *settings, guint position) {
  const PowerEvent *event = &g_array_index (settings->trace, PowerEvent, position);
  guint name = event->kind == POWER_CREATE ? event->file : 0;

  switch (event->kind) {
  case POWER_WRITE:
  case POWER_TRUNCATE:
    g_array_append_val (get_file (disk, event->file)->pending, position);
    break;
  case POWER_CREATE:
    get_file (disk, event->file);
    g_array_append_val (disk->pending, name);
    break;
  case POWER_DELETE:
    g_array_append_val (disk->pending, name);
    break;
  case POWER_SYNC:
    if (!is_ignored (settings, position, event))
      sync_file (get_file (disk, event->file), settings->trace);
    break;
  case POWER_SYNC_FOLDER:
    if (!is_ignored (settings, position, event) && disk->pending->len > 0) {
      disk->journal = g_array_index (disk->pending, guint, disk->pending->len - 1);
      g_array_set_size (disk->pending, 0);
    }
    break;
  case POWER_ACKNOWLEDGE:
    break;
  }
}

/* What is left of FILE. */
static GByteArray *cut (const File *file, const PowerTrace *trace, Treatment treatment,
                        GRand *rand) {
  GByteArray *contents = g_byte_array_new ();
  guint count = treatment == FIRST_EVENTS
                    ? (guint) g_rand_int_range (rand, 0, (gint) file->pending->len + 1)
                    : file->pending->len;

  g_byte_array_append (contents, file->contents->data, file->contents->len);
  for (guint i = 0; i < count && treatment != NOTHING; i++) {
    const PowerEvent *event =
        &g_array_index (trace, PowerEvent, g_array_index (file->pending, guint, i));
    gboolean is_whole = event->kind == POWER_TRUNCATE || treatment == ANY_EVENTS;

    if (treatment == EVERYTHING || treatment == FIRST_EVENTS)
      put_event (contents, event);
    else if (!is_whole)
      put_sectors (contents, event, treatment == GARBAGE, rand);
    else if (g_rand_boolean (rand))
      put_event (contents, event);
  }
  return contents;
}

void power_state_make (const PowerDisk *settings, guint position, GRand *rand,
                       PowerState *out_state) {
  Disk disk = { .files = g_ptr_array_new_with_free_func (file_free),
                .pending = g_array_new (FALSE, FALSE, sizeof (guint)) };
  gsize size;
  const guint8 *base = g_bytes_get_data (settings->base, &size);
  /* Both alike, or each its own. */
  Treatment treatment = (Treatment) g_rand_int_range (rand, 0, N_TREATMENTS);
  Treatment other =
      g_rand_boolean (rand) ? treatment : (Treatment) g_rand_int_range (rand, 0, N_TREATMENTS);
  guint journal, names;

  g_byte_array_append (get_file (&disk, 0)->contents, base, (guint) size);
  for (guint i = 0; i < position; i++)
    play (&disk, settings, i);
  names = (guint) g_rand_int_range (rand, 0, (gint) disk.pending->len + 1);
  journal = names > 0 ? g_array_index (disk.pending, guint, names - 1) : disk.journal;
  out_state->store = cut (get_file (&disk, 0), settings->trace, treatment, rand);
  out_state->journal =
      journal > 0 ? cut (get_file (&disk, journal), settings->trace, other, rand) : NULL;
  g_ptr_array_unref (disk.files);
  g_array_unref (disk.pending);
}

void power_state_clear (PowerState *state) {
  g_clear_pointer (&state->store, g_byte_array_unref);
  g_clear_pointer (&state->journal, g_byte_array_unref);
}
