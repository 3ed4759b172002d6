/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The secure channels of GlobalPlatform with which a chip is personalised: SCP02 with option i = 15
 * (Card Specification 2.3 annex E, 3DES) and SCP03 with i = 70 or 00 (Amendment D, AES), commands
 * with C-MAC and C-ENC (security level 03). Both ends, because the simulated chip speaks it too.
 */
#pragma once

#include "chip/channel.h"

#define TAMBO_SCP_CHALLENGE_SIZE 8
#define TAMBO_SCP_CRYPTOGRAM_SIZE 8

typedef enum {
  TAMBO_SCP_02 = 2,
  TAMBO_SCP_03 = 3,
} TamboScpProtocol;

/* Static keys of the personalisation agent; secrets. 16 bytes for SCP02, 16, 24 or 32 for SCP03. */
typedef struct {
  GBytes *enc, *mac;
} TamboScpKeys;

typedef struct _TamboScp TamboScp;

/* The keys of a session. CARD_CHALLENGE is the card's challenge of SCP03, or sequence counter (2
 * bytes) and challenge (6) of SCP02. */
TamboScp *tambo_scp_new (TamboScpProtocol protocol, const TamboScpKeys *keys,
                         const guint8 host_challenge[TAMBO_SCP_CHALLENGE_SIZE],
                         const guint8 card_challenge[TAMBO_SCP_CHALLENGE_SIZE]);
void tambo_scp_clear_free (TamboScp *scp);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboScp, tambo_scp_clear_free)

/* What proves the keys; by the card and by the host. */
void tambo_scp_card_cryptogram (const TamboScp *scp, guint8 out[TAMBO_SCP_CRYPTOGRAM_SIZE]);
void tambo_scp_host_cryptogram (const TamboScp *scp, guint8 out[TAMBO_SCP_CRYPTOGRAM_SIZE]);

/* The most plain data that one short command carries. */
#define TAMBO_SCP_MAX_DATA 239

/* The host's end. ENCIPHERED is FALSE for EXTERNAL AUTHENTICATE alone, and for a channel with C-MAC
 * only. */
GBytes *tambo_scp_wrap_command (TamboScp *scp, const TamboCommand *command, gboolean enciphered);
/* The card's end: AUTHENTICATION when the C-MAC does not hold; the session is over then. The plain
 * command's data is owned by OUT_STORAGE. */
gboolean tambo_scp_unwrap_command (TamboScp *scp, const TamboCommand *protected_command,
                                   gboolean enciphered, TamboCommand *out_command,
                                   GBytes **out_storage, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* INITIALIZE UPDATE and EXTERNAL AUTHENTICATE with the key set KEY_VERSION (0: the card's first) to
 * the security domain that is selected. UNSUPPORTED when the card speaks another protocol;
 * AUTHENTICATION when it does not know the keys: nothing was sent to it then that wears them out. */
TamboScp *tambo_scp_authenticate (TamboChannel *channel, TamboScpProtocol protocol,
                                  const TamboScpKeys *keys, guint8 key_version,
                                  GCancellable *cancellable,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* As a host that has drawn HOST_CHALLENGE, for worked examples. */
TamboScp *tambo_scp_authenticate_with (TamboChannel *channel, TamboScpProtocol protocol,
                                       const TamboScpKeys *keys, guint8 key_version,
                                       const guint8 host_challenge[TAMBO_SCP_CHALLENGE_SIZE],
                                       gboolean enciphered, GCancellable *cancellable,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Sends COMMAND through CHANNEL, enciphered. */
gboolean tambo_scp_transmit (TamboScp *scp, TamboChannel *channel, const TamboCommand *command,
                             TamboResponse *out_response, GCancellable *cancellable,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
