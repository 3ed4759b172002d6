/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What SCP02 and SCP03 do differently. Private to the room.
 */
#pragma once

#include "chip/scp.h"

#define TAMBO_SCP_MAC_SIZE 8
#define TAMBO_SCP_MAX_BLOCK 16

struct _TamboScp {
  TamboScpProtocol protocol;
  guint8 host_challenge[TAMBO_SCP_CHALLENGE_SIZE];
  guint8 card_challenge[TAMBO_SCP_CHALLENGE_SIZE];
  GBytes *s_enc, *s_mac;             /* secrets */
  guint8 chain[TAMBO_SCP_MAX_BLOCK]; /* the C-MAC of the command before */
  guint64 counter;                   /* SCP03: commands since EXTERNAL AUTHENTICATE */
  gboolean over;
};

/* Each over what a command is protected with. MAC goes over HEADER (CLA INS P1 P2 Lc) and DATA, and
 * becomes the chain; CIPHER is in place over whole blocks. */
void tambo_scp02_derive (TamboScp *scp, const TamboScpKeys *keys);
void tambo_scp02_cryptogram (const TamboScp *scp, gboolean of_card, guint8 out[8]);
void tambo_scp02_mac (TamboScp *scp, const guint8 header[5], gconstpointer data, gsize size,
                      guint8 out_mac[TAMBO_SCP_MAC_SIZE]);
void tambo_scp02_cipher (const TamboScp *scp, gboolean encrypt, guint8 *data, gsize size);

void tambo_scp03_derive (TamboScp *scp, const TamboScpKeys *keys);
void tambo_scp03_cryptogram (const TamboScp *scp, gboolean of_card, guint8 out[8]);
void tambo_scp03_mac (TamboScp *scp, const guint8 header[5], gconstpointer data, gsize size,
                      guint8 out_mac[TAMBO_SCP_MAC_SIZE]);
void tambo_scp03_cipher (const TamboScp *scp, gboolean encrypt, guint8 *data, gsize size);
