/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The steps of RFC 9180 by themselves, so that the published vectors, which use AES-128-GCM, can be
 * checked against the very code that the AES-256-GCM suite runs.
 */
#pragma once

#include "sync/hpke.h"

#define TAMBO_HPKE_AEAD_AES128_GCM 0x0001
#define TAMBO_HPKE_AEAD_AES256_GCM 0x0002
#define TAMBO_HPKE_NONCE_SIZE 12

typedef struct {
  GBytes *key, *base_nonce, *exporter_secret; /* secrets */
} TamboHpkeSchedule;

void tambo_hpke_schedule_clear (TamboHpkeSchedule *schedule);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboHpkeSchedule, tambo_hpke_schedule_clear)

/* Encap and Decap of section 4.1: the shared secret, 32 bytes. */
GBytes *tambo_hpke_encap (TamboKey *recipient, TamboKey *ephemeral, GBytes **out_enc,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
GBytes *tambo_hpke_decap (GBytes *enc, TamboKey *private_key,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* KeySchedule of section 5.1 in base mode. */
void tambo_hpke_key_schedule (guint16 aead_id, gsize key_size, GBytes *shared_secret, GBytes *info,
                              TamboHpkeSchedule *out_schedule);
/* ComputeNonce of section 5.2. */
void tambo_hpke_nonce (GBytes *base_nonce, guint64 sequence,
                       guint8 out_nonce[TAMBO_HPKE_NONCE_SIZE]);
