/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/commit-proof.h"

#include <string.h>

#define PIECE_SIZE (64 * 1024)
/* In the first page (https://www.sqlite.org/fileformat2.html#the_database_header). */
#define PAGE_SIZE_AT 16
#define N_PAGES_AT 28
#define HEADER_SIZE 100

/* By the kind of its checksums; each with its NUL. */
static const char marks[][8] = { [TAMBO_BLOCK_SUM] = "TMBDON2", [TAMBO_BLOCK_SUM_OLD] = "TMBDONE" };

/* On the disk; numbers are the machine's, as nobody else reads them. */
typedef struct {
  char mark[sizeof *marks];
  guint8 journal[TAMBO_CHECKSUM_SIZE];
  guint64 n_ranges;
  TamboCommitRange ranges[TAMBO_COMMIT_PROOF_MAX_RANGES];
  guint8 written[TAMBO_CHECKSUM_SIZE];
  guint8 own[TAMBO_CHECKSUM_SIZE]; /* of all before */
} Record;

void tambo_commit_proof_abandon (TamboCommitProof *proof) {
  proof->is_possible = FALSE;
  proof->is_given = FALSE;
}

void tambo_commit_proof_begin (TamboCommitProof *proof, const guint8 journal[TAMBO_CHECKSUM_SIZE]) {
  if (proof->checksum == NULL)
    proof->checksum = tambo_block_sum_new (TAMBO_BLOCK_SUM);
  tambo_block_sum_begin (proof->checksum);
  memcpy (proof->journal, journal, TAMBO_CHECKSUM_SIZE);
  proof->n_ranges = 0;
  proof->end = 0;
  proof->is_possible = TRUE;
  proof->is_given = FALSE;
}

/* 1 stands for 65536. */
static sqlite3_int64 read_end (const guint8 *first_page) {
  guint16 page_size;
  guint32 n_pages;

  memcpy (&page_size, first_page + PAGE_SIZE_AT, sizeof page_size);
  memcpy (&n_pages, first_page + N_PAGES_AT, sizeof n_pages);
  page_size = GUINT16_FROM_BE (page_size);
  return (sqlite3_int64) GUINT32_FROM_BE (n_pages) * (page_size == 1 ? 65536 : page_size);
}

void tambo_commit_proof_add (TamboCommitProof *proof, const void *data, int size,
                             sqlite3_int64 offset) {
  TamboCommitRange *last = proof->n_ranges > 0 ? &proof->ranges[proof->n_ranges - 1] : NULL;
  sqlite3_int64 after = last != NULL ? last->offset + last->size : 0;

  proof->is_given = FALSE;
  if (!proof->is_possible)
    return;
  /* What is written twice is not what the first writing says. */
  if (offset < after || (offset > after && proof->n_ranges == TAMBO_COMMIT_PROOF_MAX_RANGES)) {
    tambo_commit_proof_abandon (proof);
    return;
  }
  if (offset == 0 && size >= HEADER_SIZE)
    proof->end = read_end (data);
  if (last != NULL && offset == after)
    last->size += size;
  else
    proof->ranges[proof->n_ranges++] = (TamboCommitRange){ offset, size };
  tambo_block_sum_update (proof->checksum, data, (gsize) size);
}

static void sum_of (const Record *record, TamboBlockSum *checksum,
                    guint8 out[TAMBO_CHECKSUM_SIZE]) {
  tambo_block_sum_update (checksum, record, G_STRUCT_OFFSET (Record, own));
  tambo_block_sum_finish (checksum, out);
}

static int write_record (TamboCommitProof *proof, TamboGather *gather) {
  Record record = { .n_ranges = proof->n_ranges };

  memcpy (record.mark, marks[TAMBO_BLOCK_SUM], sizeof record.mark);
  memcpy (record.journal, proof->journal, sizeof record.journal);
  memcpy (record.ranges, proof->ranges, proof->n_ranges * sizeof *proof->ranges);
  tambo_block_sum_finish (proof->checksum, record.written);
  sum_of (&record, proof->checksum, record.own);
  return tambo_gather_write (gather, &record, sizeof record, proof->end);
}

/* The system may have forgotten what it could not write: what it still shows proves nothing. */
static void withdraw (TamboCommitProof *proof, TamboGather *gather) {
  static const Record none;

  if (tambo_gather_write (gather, &none, sizeof none, proof->end) == SQLITE_OK)
    (void) tambo_gather_flush (gather);
}

int tambo_commit_proof_sync (TamboCommitProof *proof, TamboGather *gather, int flags) {
  const TamboCommitRange *last = proof->n_ranges > 0 ? &proof->ranges[proof->n_ranges - 1] : NULL;
  gboolean is_given = proof->is_possible && last != NULL && proof->end > 0
                      && last->offset + last->size <= proof->end;
  int result = is_given ? write_record (proof, gather) : SQLITE_OK;

  if (result == SQLITE_OK)
    result = tambo_gather_flush (gather);
  if (result == SQLITE_OK)
    result = gather->real->pMethods->xSync (gather->real, flags);
  if (result != SQLITE_OK && is_given)
    withdraw (proof, gather);
  tambo_commit_proof_abandon (proof);
  proof->is_given = is_given && result == SQLITE_OK;
  return result;
}

void tambo_commit_proof_clear (TamboCommitProof *proof) {
  g_clear_pointer (&proof->checksum, tambo_block_sum_free);
}

/* ---- after a crash ---- */

static int add_range (sqlite3_file *real, const TamboCommitRange *range, guint8 *piece,
                      TamboBlockSum *checksum) {
  int result = SQLITE_OK;

  for (sqlite3_int64 done = 0; done < range->size && result == SQLITE_OK;) {
    int size = (int) MIN (range->size - done, PIECE_SIZE);

    result = real->pMethods->xRead (real, piece, size, range->offset + done);
    tambo_block_sum_update (checksum, piece, (gsize) size);
    done += size;
  }
  return result;
}

static int compare (sqlite3_file *real, const Record *record, TamboBlockSumKind kind,
                    gboolean *out_holds) {
  g_autoptr (TamboBlockSum) checksum = tambo_block_sum_new (kind);
  g_autofree guint8 *piece = g_malloc (PIECE_SIZE);
  guint8 sum[TAMBO_CHECKSUM_SIZE];
  int result = SQLITE_OK;

  for (guint64 i = 0; i < record->n_ranges && result == SQLITE_OK; i++)
    result = add_range (real, &record->ranges[i], piece, checksum);
  tambo_block_sum_finish (checksum, sum);
  *out_holds = result == SQLITE_OK && memcmp (sum, record->written, sizeof sum) == 0;
  /* The store ends before the last of them. */
  return result == SQLITE_IOERR_SHORT_READ ? SQLITE_OK : result;
}

static gboolean is_record_of (const Record *record, TamboBlockSumKind kind,
                              const guint8 journal[TAMBO_CHECKSUM_SIZE]) {
  g_autoptr (TamboBlockSum) checksum = tambo_block_sum_new (kind);
  guint8 own[TAMBO_CHECKSUM_SIZE];

  if (memcmp (record->mark, marks[kind], sizeof record->mark) != 0)
    return FALSE;
  sum_of (record, checksum, own);
  return memcmp (record->own, own, sizeof own) == 0
         && memcmp (record->journal, journal, sizeof record->journal) == 0
         && record->n_ranges <= TAMBO_COMMIT_PROOF_MAX_RANGES;
}

int tambo_commit_proof_judge (sqlite3_file *real, const guint8 journal[TAMBO_CHECKSUM_SIZE],
                              gboolean *out_is_complete) {
  guint8 first_page[HEADER_SIZE];
  Record record;
  int result = real->pMethods->xRead (real, first_page, sizeof first_page, 0);

  *out_is_complete = FALSE;
  if (result == SQLITE_OK)
    result = real->pMethods->xRead (real, &record, sizeof record, read_end (first_page));
  if (result == SQLITE_IOERR_SHORT_READ)
    return SQLITE_OK;
  for (TamboBlockSumKind kind = 0; result == SQLITE_OK && kind < G_N_ELEMENTS (marks); kind++)
    if (is_record_of (&record, kind, journal))
      result = compare (real, &record, kind, out_is_complete);
  if (result == SQLITE_OK && *out_is_complete)
    result = real->pMethods->xSync (real, SQLITE_SYNC_NORMAL | SQLITE_SYNC_DATAONLY);
  return result;
}
