/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Basic Access Control: ICAO Doc 9303-11 section 4.3 and appendix D; key derivation of section 9.7.
 */
#pragma once

#include "chip/secure-messaging.h"

/* Document basic access keys from the MRZ information (record/mrz.h). All are secrets of 16 bytes,
 * 3DES parity adjusted. */
typedef struct {
  GBytes *k_seed, *k_enc, *k_mac;
} TamboBacKeys;

void tambo_bac_keys_clear (TamboBacKeys *keys);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboBacKeys, tambo_bac_keys_clear)
void tambo_bac_keys_derive (const char *mrz_information, TamboBacKeys *out_keys);

/* Section 9.7.1: KDF (K_SEED, COUNTER), 16 bytes; counter 1 encryption, 2 MAC. */
GBytes *tambo_bac_kdf (GBytes *k_seed, guint32 counter);

/* The terminal: GET CHALLENGE, EXTERNAL AUTHENTICATE; the eMRTD application must be selected.
 * AUTHENTICATION when the keys are wrong. */
TamboSecureMessaging *tambo_bac_authenticate (TamboChannel *channel, const TamboBacKeys *keys,
                                              GCancellable *cancellable,
                                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The steps with given random numbers, for the appendix D values and for the chip's end.
 * RND_* are 8 bytes, K_* 16. */
GBytes *tambo_bac_mutual_encode (const TamboBacKeys *keys, const guint8 *first_rnd,
                                 const guint8 *second_rnd, const guint8 *key_part);
/* Decrypts and checks 40 bytes: out: first_rnd(8) second_rnd(8) key_part(16). */
gboolean tambo_bac_mutual_decode (const TamboBacKeys *keys, gconstpointer cryptogram, gsize size,
                                  guint8 out_plain[32]) G_GNUC_WARN_UNUSED_RESULT;
TamboSecureMessaging *tambo_bac_session (const guint8 *rnd_ic, const guint8 *rnd_ifd,
                                         const guint8 *k_ic, const guint8 *k_ifd);
