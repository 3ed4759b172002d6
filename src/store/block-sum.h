/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to the room: the checksum of a journal and of a commit. Blocks of 1 KiB are made 16 bytes each
 * by NH (RFC 4418, 5.2: sums of products, as fast as memory is read), and these go into base/checksum.h.
 * The key is no secret: it is against disks, not against people. Two blocks that differ have the same 16
 * bytes once in 2^64 keys.
 *
 * Numbers are the machine's, as nobody else reads such a sum.
 */
#pragma once

#include "base/checksum.h"

typedef enum {
  TAMBO_BLOCK_SUM,
  TAMBO_BLOCK_SUM_OLD, /* base/checksum.h alone, as in the first stores */
} TamboBlockSumKind;

typedef struct _TamboBlockSum TamboBlockSum;

TamboBlockSum *tambo_block_sum_new (TamboBlockSumKind kind);
void tambo_block_sum_update (TamboBlockSum *sum, gconstpointer data, gsize size);
/* Of all since the last one was finished, or begun. */
void tambo_block_sum_finish (TamboBlockSum *sum, guint8 out[TAMBO_CHECKSUM_SIZE]);
void tambo_block_sum_begin (TamboBlockSum *sum);
void tambo_block_sum_free (TamboBlockSum *sum);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboBlockSum, tambo_block_sum_free)
