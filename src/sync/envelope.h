/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The sealed packet, both ways: a station's record for headquarters and headquarters' order for a
 * station. Layout, all integers big-endian:
 *
 *   "TAMBO\0" | version 01 | suite 01 | chunk size u32 | recipient key id 16 chars |
 *   header length u16 | header (canonical JSON: id, kind, sender, sequence, created) |
 *   enc 65 | chunks
 *
 * HPKE info = "tambo/1" | recipient key id. Each chunk but the last holds 64 KiB of plaintext; its
 * associated data is SHA-256 (all before the chunks but enc) | index u32 | last u8. The plaintext is
 * length u64 | packet | zeros, padded so that the size tells little. The manifest signs the whole.
 */
#pragma once

#include "base/crypto.h"
#include "sync/sync-error.h"

typedef struct {
  char *id;     /* of the record */
  char *kind;   /* "enrolment", "event", "order", "refusal" */
  char *sender; /* station code, or "headquarters" */
  gint64 sequence;
  char *created; /* RFC 3339 */
} TamboEnvelopeHeader;

void tambo_envelope_header_clear (TamboEnvelopeHeader *header);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboEnvelopeHeader, tambo_envelope_header_clear)

GBytes *tambo_envelope_seal (const TamboEnvelopeHeader *header, GBytes *packet, TamboKey *recipient,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The header alone; nothing of it is authentic before the manifest was verified. */
gboolean tambo_envelope_peek (GBytes *sealed, TamboEnvelopeHeader *out_header,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* INTEGRITY when a chunk, the order of the chunks or the header was touched, or the key is another's.
 * TAMBO_TOKEN_ERROR when the token of PRIVATE_KEY fails. The packet is a secret. */
GBytes *tambo_envelope_open (GBytes *sealed, TamboKey *private_key, TamboEnvelopeHeader *out_header,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
