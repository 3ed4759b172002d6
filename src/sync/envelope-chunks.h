/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Private to the room: the chunks of an envelope. What is sealed is length u64 | packet | zeros, cut into
 * chunks of 64 KiB; each goes straight from the packet to its place and back, without a copy between.
 */
#pragma once

#include "base/hash.h"
#include "sync/hpke.h"

#define TAMBO_CHUNK_SIZE (64 * 1024)
#define TAMBO_SEALED_CHUNK_SIZE (TAMBO_CHUNK_SIZE + TAMBO_GCM_TAG_SIZE)

/* How large the chunks of a packet become, sealed. */
gsize tambo_chunks_sealed_size (gsize packet_size);

/* Fills OUT, which has room for that. */
void tambo_chunks_seal (TamboHpke *hpke, const guint8 prefix_hash[TAMBO_SHA256_SIZE],
                        TamboPiece packet, guint8 *out);

/* The packet, a secret; INTEGRITY. */
GBytes *tambo_chunks_open (TamboHpke *hpke, const guint8 prefix_hash[TAMBO_SHA256_SIZE],
                           TamboPiece sealed, GError **error) G_GNUC_WARN_UNUSED_RESULT;
