/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/scp-private.h"

#include <string.h>

#include "base/bytes.h"
#include "chip/cipher.h"

#define BLOCK 8
#define KEY_SIZE 16

#define CONSTANT_C_MAC 0x0101
#define CONSTANT_ENC 0x0182

static const guint8 zero_iv[BLOCK];

/* Annex E.4.1: the key enciphers a constant and the sequence counter. */
static GBytes *derive (GBytes *base_key, guint16 constant, const guint8 *sequence) {
  guint8 data[KEY_SIZE] = { (guint8) (constant >> 8), (guint8) constant, sequence[0], sequence[1] };

  tambo_cipher_cbc (TAMBO_SM_3DES, TRUE, base_key, zero_iv, data, sizeof data, data);
  GBytes *key = tambo_secret_new (data, sizeof data);
  tambo_secret_wipe (data, sizeof data);
  return key;
}

void tambo_scp02_derive (TamboScp *scp, const TamboScpKeys *keys) {
  scp->s_enc = derive (keys->enc, CONSTANT_ENC, scp->card_challenge);
  scp->s_mac = derive (keys->mac, CONSTANT_C_MAC, scp->card_challenge);
}

/* Annex E.4.2: a MAC of the full triple DES over both challenges. */
void tambo_scp02_cryptogram (const TamboScp *scp, gboolean of_card, guint8 out[8]) {
  guint8 data[3 * BLOCK] = { 0 };

  memcpy (data, of_card ? scp->host_challenge : scp->card_challenge, BLOCK);
  memcpy (data + BLOCK, of_card ? scp->card_challenge : scp->host_challenge, BLOCK);
  data[2 * BLOCK] = 0x80;
  tambo_cipher_cbc (TAMBO_SM_3DES, TRUE, scp->s_enc, zero_iv, data, sizeof data, data);
  memcpy (out, data + 2 * BLOCK, BLOCK);
}

/* Annex E.3.4: between commands the chain goes through single DES with the key's first half. */
static void encipher_chain (const TamboScp *scp, guint8 chain[BLOCK]) {
  const guint8 *key = g_bytes_get_data (scp->s_mac, NULL);
  guint8 twice[KEY_SIZE];

  memcpy (twice, key, BLOCK);
  memcpy (twice + BLOCK, key, BLOCK);
  g_autoptr (GBytes) single = tambo_secret_new (twice, sizeof twice);
  tambo_cipher_block (TAMBO_SM_3DES, single, chain, chain);
  tambo_secret_wipe (twice, sizeof twice);
}

void tambo_scp02_mac (TamboScp *scp, const guint8 header[5], gconstpointer data, gsize size,
                      guint8 out_mac[TAMBO_SCP_MAC_SIZE]) {
  g_autoptr (GByteArray) input = g_byte_array_new ();
  guint8 chain[BLOCK];

  memcpy (chain, scp->chain, BLOCK);
  if (scp->counter > 0)
    encipher_chain (scp, chain);
  tambo_put_bytes (input, header, 5);
  if (size > 0)
    tambo_put_bytes (input, data, size);
  tambo_cipher_pad (input, BLOCK);
  for (int i = 0; i < BLOCK; i++)
    input->data[i] ^= chain[i];
  tambo_cipher_mac (TAMBO_SM_3DES, scp->s_mac, input->data, input->len, out_mac);
  memcpy (scp->chain, out_mac, BLOCK);
}

void tambo_scp02_cipher (const TamboScp *scp, gboolean encrypt, guint8 *data, gsize size) {
  tambo_cipher_cbc (TAMBO_SM_3DES, encrypt, scp->s_enc, zero_iv, data, size, data);
}
