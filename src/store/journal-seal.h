/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to the room: a rollback journal that becomes durable with one sync instead of two.
 *
 * SQLite syncs the contents of a journal first and then its header, which says how many pages there are:
 * a header without its contents would "restore" what was never there, and the checksums of the pages see
 * one byte of 200. Here the header waits, and it goes with a checksum of the contents in the part of its
 * sector that SQLite leaves empty. A journal whose contents are not those of its seal was never synced,
 * so that the store was not touched yet: it is none. Format
 * (https://www.sqlite.org/fileformat2.html#the_rollback_journal) and meaning of the journal stay.
 */
#pragma once

#include "store/block-sum.h"
#include "store/gather.h"

/* One open journal. */
typedef struct {
  TamboGather *gather; /* borrowed */
  guint8 *header;      /* NULL: nothing waits */
  int header_size;
  gboolean is_counted;             /* the header says how many pages there are */
  sqlite3_int64 end;               /* of the contents that were written since */
  TamboBlockSum *checksum;         /* of these; NULL before the first */
  guint8 sum[TAMBO_CHECKSUM_SIZE]; /* of the last seal */
  gboolean is_whole;               /* the seal stands for all of the transaction's journal */
  gboolean is_over;                /* its header was zeroed, and nothing is written since */
} TamboJournalSeal;

int tambo_journal_seal_write (TamboJournalSeal *seal, const void *data, int size,
                              sqlite3_int64 offset);
/* The header goes as it is, before anything else is done with the file. */
int tambo_journal_seal_release (TamboJournalSeal *seal);
/* OUT_IS_SEALED: this was the sync that made it a journal. */
int tambo_journal_seal_sync (TamboJournalSeal *seal, int flags, gboolean *out_is_sealed);
void tambo_journal_seal_clear (TamboJournalSeal *seal);

typedef enum {
  TAMBO_JOURNAL_FOREIGN, /* without a seal: another program's, which syncs twice; or none at all */
  TAMBO_JOURNAL_TORN,    /* never synced */
  TAMBO_JOURNAL_WHOLE,
} TamboJournalState;

/* What REAL is, and its seal; SQLITE_OK or the disk's error. */
int tambo_journal_seal_judge (sqlite3_file *real, TamboJournalState *out_state,
                              guint8 out_sum[TAMBO_CHECKSUM_SIZE]);
