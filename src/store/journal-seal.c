/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/journal-seal.h"

#include <string.h>

#define MAGIC_SIZE 8
#define COUNT_SIZE 12 /* magic | number of pages */
#define SECTOR_SIZE_AT 20
#define FIELDS_SIZE 28 /* what SQLite uses of the header */
#define MIN_HEADER_SIZE 512
#define MAX_HEADER_SIZE 65536
#define PIECE_SIZE (64 * 1024)

static const guint8 magic[MAGIC_SIZE] = { 0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7 };
static const guint8 nothing[FIELDS_SIZE];
/* By the kind of its checksum; each with its NUL. */
static const char marks[][8] = { [TAMBO_BLOCK_SUM] = "TMBSEA2", [TAMBO_BLOCK_SUM_OLD] = "TMBSEAL" };

/* Behind SQLite's fields. */
typedef struct {
  char mark[sizeof *marks];
  guint8 start[8], end[8]; /* of the contents, big-endian */
  guint8 sum[TAMBO_CHECKSUM_SIZE];
} Seal;

/* SQLite writes the magic and the number of pages last; before, there are zeros. */
static gboolean begins_journal (const void *data, int size, sqlite3_int64 offset) {
  guint32 sector_size;

  if (offset != 0 || size < MIN_HEADER_SIZE || size > MAX_HEADER_SIZE
      || memcmp (data, nothing, COUNT_SIZE) != 0)
    return FALSE;
  memcpy (&sector_size, (const guint8 *) data + SECTOR_SIZE_AT, sizeof sector_size);
  return GUINT32_FROM_BE (sector_size) == (guint32) size;
}

static void hold (TamboJournalSeal *seal, const void *header, int size) {
  if (seal->checksum == NULL)
    seal->checksum = tambo_block_sum_new (TAMBO_BLOCK_SUM);
  tambo_block_sum_begin (seal->checksum);
  seal->header = g_memdup2 (header, (gsize) size);
  seal->header_size = size;
  seal->is_counted = FALSE;
  seal->end = size;
}

int tambo_journal_seal_release (TamboJournalSeal *seal) {
  g_autofree guint8 *header = g_steal_pointer (&seal->header);

  return header != NULL ? tambo_gather_write (seal->gather, header, seal->header_size, 0)
                        : SQLITE_OK;
}

int tambo_journal_seal_write (TamboJournalSeal *seal, const void *data, int size,
                              sqlite3_int64 offset) {
  int result = SQLITE_OK;

  seal->is_over = seal->is_whole && seal->header == NULL && offset == 0 && size == FIELDS_SIZE
                  && memcmp (data, nothing, FIELDS_SIZE) == 0;
  seal->is_whole = seal->is_over;
  if (seal->header == NULL && begins_journal (data, size, offset)) {
    hold (seal, data, size);
    return SQLITE_OK;
  }
  if (seal->header != NULL && offset == 0 && size == COUNT_SIZE) {
    memcpy (seal->header, data, COUNT_SIZE);
    seal->is_counted = TRUE;
    return SQLITE_OK;
  }
  if (seal->header != NULL && offset == seal->end && !seal->is_counted) {
    tambo_block_sum_update (seal->checksum, data, (gsize) size);
    seal->end += size;
  } else {
    result = tambo_journal_seal_release (seal);
  }
  return result == SQLITE_OK ? tambo_gather_write (seal->gather, data, size, offset) : result;
}

/* The checksum is of the header too: it has a random number of this journal alone. */
static int write_sealed_header (TamboJournalSeal *seal) {
  Seal *field = (Seal *) (seal->header + FIELDS_SIZE);
  guint64 start = GUINT64_TO_BE ((guint64) seal->header_size);
  guint64 end = GUINT64_TO_BE ((guint64) seal->end);

  memcpy (field->mark, marks[TAMBO_BLOCK_SUM], sizeof field->mark);
  memcpy (field->start, &start, sizeof start);
  memcpy (field->end, &end, sizeof end);
  tambo_block_sum_update (seal->checksum, seal->header, FIELDS_SIZE);
  tambo_block_sum_finish (seal->checksum, seal->sum);
  memcpy (field->sum, seal->sum, sizeof seal->sum);
  return tambo_journal_seal_release (seal);
}

int tambo_journal_seal_sync (TamboJournalSeal *seal, int flags, gboolean *out_is_sealed) {
  sqlite3_file *real = seal->gather->real;
  gboolean is_sealed = seal->header != NULL && seal->is_counted;
  int result = SQLITE_OK;

  *out_is_sealed = FALSE;
  /* The first of the two: the contents wait for their header. */
  if (seal->header != NULL && !is_sealed)
    return SQLITE_OK;
  if (is_sealed)
    result = write_sealed_header (seal);
  if (result == SQLITE_OK)
    result = tambo_gather_flush (seal->gather);
  if (result == SQLITE_OK)
    result = real->pMethods->xSync (real, flags);
  *out_is_sealed = seal->is_whole = is_sealed && result == SQLITE_OK;
  return result;
}

void tambo_journal_seal_clear (TamboJournalSeal *seal) {
  g_clear_pointer (&seal->header, g_free);
  g_clear_pointer (&seal->checksum, tambo_block_sum_free);
}

/* ---- a journal that was left behind ---- */

/* Whether the bytes from START to END, and then FIELDS, have that checksum. */
static int compare (sqlite3_file *real, TamboBlockSumKind kind, sqlite3_int64 start,
                    sqlite3_int64 end, const guint8 *fields,
                    const guint8 expected[TAMBO_CHECKSUM_SIZE], gboolean *out_holds) {
  g_autoptr (TamboBlockSum) checksum = tambo_block_sum_new (kind);
  g_autofree guint8 *piece = g_malloc (PIECE_SIZE);
  guint8 actual[TAMBO_CHECKSUM_SIZE];
  int result = SQLITE_OK;

  while (start < end && result == SQLITE_OK) {
    int size = (int) MIN (end - start, PIECE_SIZE);

    result = real->pMethods->xRead (real, piece, size, start);
    tambo_block_sum_update (checksum, piece, (gsize) size);
    start += size;
  }
  tambo_block_sum_update (checksum, fields, FIELDS_SIZE);
  tambo_block_sum_finish (checksum, actual);
  *out_holds = memcmp (actual, expected, sizeof actual) == 0;
  return result;
}

static gboolean read_kind (const Seal *field, TamboBlockSumKind *out_kind) {
  for (gsize i = 0; i < G_N_ELEMENTS (marks); i++)
    if (memcmp (field->mark, marks[i], sizeof field->mark) == 0) {
      *out_kind = (TamboBlockSumKind) i;
      return TRUE;
    }
  return FALSE;
}

int tambo_journal_seal_judge (sqlite3_file *real, TamboJournalState *out_state,
                              guint8 out_sum[TAMBO_CHECKSUM_SIZE]) {
  guint8 header[FIELDS_SIZE + sizeof (Seal)];
  const Seal *field = (const Seal *) (header + FIELDS_SIZE);
  sqlite3_int64 size;
  guint64 start, end;
  TamboBlockSumKind kind;
  gboolean holds = FALSE;
  int result = real->pMethods->xFileSize (real, &size);

  *out_state = TAMBO_JOURNAL_FOREIGN;
  if (result != SQLITE_OK || size < (sqlite3_int64) sizeof header)
    return result;
  result = real->pMethods->xRead (real, header, sizeof header, 0);
  if (result != SQLITE_OK || memcmp (header, magic, sizeof magic) != 0 || !read_kind (field, &kind))
    return result;
  memcpy (&start, field->start, sizeof start);
  memcpy (&end, field->end, sizeof end);
  start = GUINT64_FROM_BE (start);
  end = GUINT64_FROM_BE (end);
  if (start <= end && end <= (guint64) size)
    result = compare (real, kind, (sqlite3_int64) start, (sqlite3_int64) end, header, field->sum,
                      &holds);
  memcpy (out_sum, field->sum, TAMBO_CHECKSUM_SIZE);
  *out_state = holds ? TAMBO_JOURNAL_WHOLE : TAMBO_JOURNAL_TORN;
  return result;
}
