/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What a disk is told, and what it may have made of it when the power goes. A VFS of SQLite over the
 * usual one notes each write, truncation, creation, deletion and sync of the store and its journal; a
 * state after a cut is what was synced, and of all else any part in any order: sectors of 512 bytes, names
 * in the order in which they were made.
 */
#pragma once

#include <glib.h>

typedef enum {
  POWER_WRITE,
  POWER_TRUNCATE,
  POWER_SYNC,
  POWER_CREATE, /* the journal's name */
  POWER_DELETE,
  POWER_SYNC_FOLDER,
  POWER_ACKNOWLEDGE, /* the caller was told "done" */
} PowerKind;

typedef struct {
  PowerKind kind;
  guint file; /* 0 is the store; each journal has its own number */
  gint64 offset;
  GBytes *bytes;
} PowerEvent;

/* Elements are PowerEvent. */
typedef GArray PowerTrace;

/* From here on new connections are noted in TRACE. */
void power_trace_start (PowerTrace *trace);
void power_trace_stop (void);
PowerTrace *power_trace_new (void);
void power_trace_acknowledge (PowerTrace *trace);

/* The files of one state. */
typedef struct {
  GByteArray *store;
  GByteArray *journal; /* NULL when there is none */
} PowerState;

/* One state after a cut behind the first POSITION events, over a disk that held BASE; IGNORED is a mask of
 * kinds, or one event, whose syncs the disk did not carry out. */
typedef struct {
  GBytes *base;
  const PowerTrace *trace;
  guint
      ignored_kinds; /* 1 << POWER_SYNC (of the store), POWER_SYNC_FOLDER; 1 << 8 for the journal's */
  gint ignored_event;  /* -1 for none */
  const char *blotted; /* a mark that is nowhere to be found; NULL for none */
} PowerDisk;

#define POWER_SYNC_OF_JOURNAL (1u << 8)

void power_state_make (const PowerDisk *disk, guint position, GRand *rand, PowerState *out_state);
void power_state_clear (PowerState *state);
