/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "sync/envelope-chunks.h"

#include <string.h>

#include "base/bytes.h"
#include "base/secret.h"
#include "sync/sync-error.h"

#define LENGTH_SIZE 8

/* Hash of the prefix | index u32 | last u8. */
typedef struct {
  guint8 bytes[TAMBO_SHA256_SIZE + 5];
} AssociatedData;

static AssociatedData associated_data (const guint8 *prefix_hash, gsize index, gboolean is_last) {
  guint32 number = GUINT32_TO_BE ((guint32) index);
  AssociatedData data;

  memcpy (data.bytes, prefix_hash, TAMBO_SHA256_SIZE);
  memcpy (data.bytes + TAMBO_SHA256_SIZE, &number, sizeof number);
  data.bytes[TAMBO_SHA256_SIZE + sizeof number] = is_last ? 1 : 0;
  return data;
}

/* Up to 64 KiB in steps of 4 KiB, above in eighths of the next power of two: the size of a record
 * tells next to nothing of what is in it. */
static gsize padded_size (gsize size) {
  gsize power = TAMBO_CHUNK_SIZE, step = 4096;

  if (size > TAMBO_CHUNK_SIZE) {
    while (power < size)
      power *= 2;
    step = power / 8;
  }
  return (size + step - 1) / step * step;
}

static gsize count_chunks (gsize padded) {
  return (padded + TAMBO_CHUNK_SIZE - 1) / TAMBO_CHUNK_SIZE;
}

gsize tambo_chunks_sealed_size (gsize packet_size) {
  gsize padded = padded_size (LENGTH_SIZE + packet_size);

  return padded + count_chunks (padded) * TAMBO_GCM_TAG_SIZE;
}

/* ---- sealing ---- */

void tambo_chunks_seal (TamboHpke *hpke, const guint8 prefix_hash[TAMBO_SHA256_SIZE],
                        TamboPiece packet, guint8 *out) {
  static const guint8 zeros[TAMBO_CHUNK_SIZE];
  g_autoptr (TamboHpkeWorker) worker = tambo_hpke_worker_new (hpke, TRUE);
  guint64 length = GUINT64_TO_BE ((guint64) packet.size);
  gsize padded = padded_size (LENGTH_SIZE + packet.size);
  gsize n_chunks = count_chunks (padded);
  gsize used = 0;

  for (gsize i = 0; i < n_chunks; i++) {
    gsize size = MIN (padded - i * TAMBO_CHUNK_SIZE, TAMBO_CHUNK_SIZE);
    gsize before = i == 0 ? LENGTH_SIZE : 0;
    gsize part = MIN (size - before, packet.size - used);
    AssociatedData data = associated_data (prefix_hash, i, i + 1 == n_chunks);
    TamboPiece pieces[] = { { &length, before },
                            { part > 0 ? (const guint8 *) packet.data + used : NULL, part },
                            { zeros, size - before - part } };

    tambo_hpke_worker_seal (worker, i, (TamboPiece){ data.bytes, sizeof data.bytes }, pieces,
                            G_N_ELEMENTS (pieces), out + i * TAMBO_SEALED_CHUNK_SIZE);
    used += part;
  }
}

/* ---- opening ---- */

/* The packet within PADDED, or NULL when it says to be longer. */
static GBytes *unpad (GBytes *padded, GError **error) {
  TamboReader reader = tambo_reader_for_bytes (padded);
  guint64 length;

  if (!tambo_reader_u64 (&reader, &length) || length > tambo_reader_left (&reader)) {
    g_set_error_literal (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_INTEGRITY,
                         "the packet is longer than what was sealed");
    return NULL;
  }
  return g_bytes_new_from_bytes (padded, LENGTH_SIZE, (gsize) length);
}

GBytes *tambo_chunks_open (TamboHpke *hpke, const guint8 prefix_hash[TAMBO_SHA256_SIZE],
                           TamboPiece sealed, GError **error) {
  g_autoptr (TamboHpkeWorker) worker = tambo_hpke_worker_new (hpke, FALSE);
  gsize n_chunks = (sealed.size + TAMBO_SEALED_CHUNK_SIZE - 1) / TAMBO_SEALED_CHUNK_SIZE;
  g_autoptr (GBytes) padded = NULL;
  guint8 *plain;

  if (sealed.size < n_chunks * TAMBO_GCM_TAG_SIZE) {
    g_set_error_literal (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_INTEGRITY,
                         "the sealed packet is cut short");
    return NULL;
  }
  plain = tambo_secret_allocate (sealed.size - n_chunks * TAMBO_GCM_TAG_SIZE);
  padded = tambo_secret_take (plain, sealed.size - n_chunks * TAMBO_GCM_TAG_SIZE);
  for (gsize i = 0; i < n_chunks; i++) {
    gsize start = i * TAMBO_SEALED_CHUNK_SIZE;
    AssociatedData data = associated_data (prefix_hash, i, i + 1 == n_chunks);
    TamboPiece chunk = { (const guint8 *) sealed.data + start,
                         MIN (sealed.size - start, TAMBO_SEALED_CHUNK_SIZE) };

    if (!tambo_hpke_worker_open (worker, i, (TamboPiece){ data.bytes, sizeof data.bytes }, chunk,
                                 plain + i * TAMBO_CHUNK_SIZE)) {
      g_set_error (error, TAMBO_SYNC_ERROR, TAMBO_SYNC_ERROR_INTEGRITY,
                   "chunk %" G_GSIZE_FORMAT " of the sealed packet was changed or moved", i);
      return NULL;
    }
  }
  return unpad (padded, error);
}
