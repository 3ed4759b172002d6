/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The arithmetic of PACE, the same at both ends. Private to the room; the tests give their own secrets
 * for the worked examples.
 */
#pragma once

#include "chip/cipher.h"
#include "chip/domain-parameters.h"
#include "chip/pace.h"

/* What an end would draw at random; each NULL to have it drawn. */
typedef struct {
  GBytes *password_key; /* K-pi, which is derived otherwise */
  GBytes *nonce;        /* s of the chip, or t of the terminal for integrated mapping */
  GBytes *mapping;      /* private key of the mapping */
  GBytes *exchange;     /* private key of the key agreement */
} TamboPaceSecrets;

/* One run; every pointer is owned. */
typedef struct {
  TamboPaceInfo info;
  TamboDomainParameters *domain;
  GBytes *password_key; /* K-pi */
  GBytes *nonce;        /* s in clear */
  GBytes *mapping, *exchange;
  GBytes *generator; /* mapped */
  GBytes *public_key, *peer_key;
  GBytes *ks_enc, *ks_mac;
} TamboPaceRun;

void tambo_pace_run_init (TamboPaceRun *run, const TamboPaceInfo *info,
                          const TamboPacePassword *password, const TamboPaceSecrets *secrets);
void tambo_pace_run_clear (TamboPaceRun *run);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboPaceRun, tambo_pace_run_clear)

gboolean tambo_pace_is_integrated (const TamboPaceInfo *info);
TamboSmCipher tambo_pace_cipher (const TamboPaceInfo *info);
/* Octets of the key, k, and of the chip's nonce, l of section 4.4.3.3.2. */
gsize tambo_pace_key_size (TamboPaceCipher cipher);
gsize tambo_pace_nonce_size (TamboPaceCipher cipher);
/* Section 9.7.1 with the hash of CIPHER. */
GBytes *tambo_pace_kdf (TamboPaceCipher cipher, GBytes *secret, guint32 counter);

/* z from s or s from z; SIZE must be whole blocks. */
GBytes *tambo_pace_run_cipher_nonce (const TamboPaceRun *run, gboolean encrypt, GBytes *from);
/* The public half of a private key over the group's generator, or over the mapped one. */
GBytes *tambo_pace_run_mapping_key (const TamboPaceRun *run);
gboolean tambo_pace_run_make_key (TamboPaceRun *run) G_GNUC_WARN_UNUSED_RESULT;
/* Generic mapping with the peer's mapping key; FALSE when that is not one. */
gboolean tambo_pace_run_map_generic (TamboPaceRun *run, GBytes *peer) G_GNUC_WARN_UNUSED_RESULT;
/* Integrated mapping with the terminal's nonce T. */
gboolean tambo_pace_run_map_integrated (TamboPaceRun *run, GBytes *t) G_GNUC_WARN_UNUSED_RESULT;
/* R (s, t) of section 4.4.3.3.2. */
GBytes *tambo_pace_pseudo_random (TamboPaceCipher cipher, GBytes *s, GBytes *t, guint prime_bits);
/* Session keys; FALSE when PEER is not a key or is our own. */
gboolean tambo_pace_run_agree (TamboPaceRun *run, GBytes *peer) G_GNUC_WARN_UNUSED_RESULT;
/* The authentication token over PUBLIC_KEY, section 4.4.3.4. */
void tambo_pace_run_token (const TamboPaceRun *run, GBytes *public_key,
                           guint8 out_token[TAMBO_MAC_SIZE]);
/* Chip authentication data, enciphered for data object 8A and back; NULL when it is malformed. */
GBytes *tambo_pace_run_encipher_proof (const TamboPaceRun *run, GBytes *proof);
GBytes *tambo_pace_run_decipher_proof (const TamboPaceRun *run, gconstpointer data, gsize size);
TamboSecureMessaging *tambo_pace_run_session (const TamboPaceRun *run);

/* As the public functions. */
gboolean tambo_pace_authenticate_with (TamboChannel *channel, const TamboPaceInfo *info,
                                       const TamboPacePassword *password,
                                       const TamboPaceSecrets *secrets,
                                       TamboPaceSession *out_session, GCancellable *cancellable,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
void tambo_pace_chip_set_secrets (TamboPaceChip *chip, const TamboPaceSecrets *secrets);

/* Dynamic authentication data, section 4.4.4.2. */
#define TAMBO_PACE_DYNAMIC_DATA 0x7C
enum {
  TAMBO_PACE_DO_NONCE = 0x80,
  TAMBO_PACE_DO_MAPPING = 0x81, /* the answer's tag is one more, and so for the next two */
  TAMBO_PACE_DO_EXCHANGE = 0x83,
  TAMBO_PACE_DO_TOKEN = 0x85,
  TAMBO_PACE_DO_PROOF = 0x8A,
};
