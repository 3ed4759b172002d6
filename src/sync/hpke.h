/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * HPKE base mode, RFC 9180: DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. Only what the envelope
 * needs.
 */
#pragma once

#include "base/crypto.h"

typedef struct _TamboHpke TamboHpke;

/* SetupBaseS. The encapsulated key (65 bytes) goes to OUT_ENC. EPHEMERAL is NULL but in tests. */
TamboHpke *tambo_hpke_setup_sender (TamboKey *recipient, GBytes *info, TamboKey *ephemeral,
                                    GBytes **out_enc, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* SetupBaseR. */
TamboHpke *tambo_hpke_setup_receiver (GBytes *enc, TamboKey *private_key, GBytes *info,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
void tambo_hpke_clear_free (TamboHpke *hpke);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboHpke, tambo_hpke_clear_free)

/* ContextS.Seal and ContextR.Open for pieces whose sequence numbers the caller gives: each once, in any
 * order. */
typedef struct _TamboHpkeWorker TamboHpkeWorker;

TamboHpkeWorker *tambo_hpke_worker_new (TamboHpke *hpke, gboolean is_sealing);
void tambo_hpke_worker_clear_free (TamboHpkeWorker *worker);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboHpkeWorker, tambo_hpke_worker_clear_free)
void tambo_hpke_worker_seal (TamboHpkeWorker *worker, guint64 sequence, TamboPiece associated_data,
                             const TamboPiece *pieces, guint n_pieces, guint8 *out);
gboolean tambo_hpke_worker_open (TamboHpkeWorker *worker, guint64 sequence,
                                 TamboPiece associated_data, TamboPiece sealed,
                                 guint8 *out) G_GNUC_WARN_UNUSED_RESULT;

/* The same one after the other; the sequence number advances by itself. */
GBytes *tambo_hpke_seal (TamboHpke *hpke, GBytes *associated_data, gconstpointer plaintext,
                         gsize size);
GBytes *tambo_hpke_open (TamboHpke *hpke, GBytes *associated_data, gconstpointer sealed, gsize size,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
