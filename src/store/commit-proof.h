/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to the room: a commit that is durable when the store was synced, without a third sync for the
 * journal's end.
 *
 * A rollback journal is in force until its header is zeroed, and that has to be synced too. Here the
 * store itself says, behind its last page and within the same sync, that all of a journal's transaction
 * is in it: which journal, which bytes were written, and their checksum. A journal that is found in force
 * although the store has all of it was only not zeroed any more: it is over. A store that has not all of
 * it is rolled back.
 *
 * SQLite does not look behind the last page; what is there is overwritten when the store grows.
 */
#pragma once

#include "store/block-sum.h"
#include "store/gather.h"

#define TAMBO_COMMIT_PROOF_MAX_RANGES 200

typedef struct {
  sqlite3_int64 offset, size;
} TamboCommitRange;

/* What is written to one store from a journal's sync to its own. */
typedef struct {
  gboolean is_possible;                /* in one go, in order, not too much of it */
  gboolean is_given;                   /* and synced with its proof */
  guint8 journal[TAMBO_CHECKSUM_SIZE]; /* its seal */
  TamboCommitRange ranges[TAMBO_COMMIT_PROOF_MAX_RANGES];
  guint n_ranges;
  sqlite3_int64 end;       /* of the store's last page; 0 while it is not known */
  TamboBlockSum *checksum; /* of what was written; NULL before the first */
} TamboCommitProof;

void tambo_commit_proof_begin (TamboCommitProof *proof, const guint8 journal[TAMBO_CHECKSUM_SIZE]);
void tambo_commit_proof_add (TamboCommitProof *proof, const void *data, int size,
                             sqlite3_int64 offset);
/* There is none for this transaction. */
void tambo_commit_proof_abandon (TamboCommitProof *proof);
/* Syncs REAL, with the proof where there is one. */
int tambo_commit_proof_sync (TamboCommitProof *proof, TamboGather *gather, int flags);
void tambo_commit_proof_clear (TamboCommitProof *proof);

/* Whether REAL, a store, has all of the transaction of the journal with that seal. What has is synced
 * once more: a process that was killed may not have come to it. */
int tambo_commit_proof_judge (sqlite3_file *real, const guint8 journal[TAMBO_CHECKSUM_SIZE],
                              gboolean *out_is_complete);
