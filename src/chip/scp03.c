/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/scp-private.h"

#include <string.h>

#include <openssl/core_names.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "chip/cipher.h"

#define BLOCK 16
#define LABEL_SIZE 11

/* Amendment D, table 4-1. */
#define CONSTANT_CARD_CRYPTOGRAM 0x00
#define CONSTANT_HOST_CRYPTOGRAM 0x01
#define CONSTANT_S_ENC 0x04
#define CONSTANT_S_MAC 0x06

static const char *cipher_name (GBytes *key) {
  switch (g_bytes_get_size (key)) {
  case 16:
    return "AES-128-CBC";
  case 24:
    return "AES-192-CBC";
  default:
    return "AES-256-CBC";
  }
}

static void cmac (GBytes *key, gconstpointer data, gsize size, guint8 out[BLOCK]) {
  g_autoptr (EVP_MAC) mac = EVP_MAC_fetch (NULL, "CMAC", NULL);
  g_autoptr (EVP_MAC_CTX) context = mac ? EVP_MAC_CTX_new (mac) : NULL;
  gsize key_size, written;
  const guint8 *octets = g_bytes_get_data (key, &key_size);
  OSSL_PARAM parameters[] = {
    OSSL_PARAM_construct_utf8_string (OSSL_MAC_PARAM_CIPHER, (char *) cipher_name (key), 0),
    OSSL_PARAM_construct_end (),
  };

  if (!context || EVP_MAC_init (context, octets, key_size, parameters) != 1
      || EVP_MAC_update (context, data, size) != 1
      || EVP_MAC_final (context, out, &written, BLOCK) != 1)
    g_error ("the cryptographic library refused a CMAC");
}

/* Section 4.1.5: SP 800-108 in counter mode with CMAC; the context is both challenges. */
static void derive (const TamboScp *scp, GBytes *base_key, guint8 constant, guint8 *out,
                    gsize size) {
  for (gsize done = 0, i = 1; done < size; i++) {
    g_autoptr (GByteArray) input = g_byte_array_new ();
    guint8 label[LABEL_SIZE] = { 0 };
    guint8 block[BLOCK];
    gsize piece = MIN (size - done, sizeof block);

    tambo_put_bytes (input, label, sizeof label);
    tambo_put_u8 (input, constant);
    tambo_put_u8 (input, 0);
    tambo_put_u16 (input, (guint16) (size * 8));
    tambo_put_u8 (input, (guint8) i);
    tambo_put_bytes (input, scp->host_challenge, sizeof scp->host_challenge);
    tambo_put_bytes (input, scp->card_challenge, sizeof scp->card_challenge);
    cmac (base_key, input->data, input->len, block);
    memcpy (out + done, block, piece);
    tambo_secret_wipe (block, sizeof block);
    done += piece;
  }
}

static GBytes *derive_key (const TamboScp *scp, GBytes *base_key, guint8 constant) {
  guint8 key[32];
  gsize size = MIN (g_bytes_get_size (base_key), sizeof key);

  derive (scp, base_key, constant, key, size);
  GBytes *secret = tambo_secret_new (key, size);
  tambo_secret_wipe (key, sizeof key);
  return secret;
}

void tambo_scp03_derive (TamboScp *scp, const TamboScpKeys *keys) {
  scp->s_enc = derive_key (scp, keys->enc, CONSTANT_S_ENC);
  scp->s_mac = derive_key (scp, keys->mac, CONSTANT_S_MAC);
}

void tambo_scp03_cryptogram (const TamboScp *scp, gboolean of_card, guint8 out[8]) {
  derive (scp, scp->s_mac, of_card ? CONSTANT_CARD_CRYPTOGRAM : CONSTANT_HOST_CRYPTOGRAM, out,
          TAMBO_SCP_CRYPTOGRAM_SIZE);
}

/* Section 6.2.4: the whole MAC is the chain, half of it travels. */
void tambo_scp03_mac (TamboScp *scp, const guint8 header[5], gconstpointer data, gsize size,
                      guint8 out_mac[TAMBO_SCP_MAC_SIZE]) {
  g_autoptr (GByteArray) input = g_byte_array_new ();

  tambo_put_bytes (input, scp->chain, BLOCK);
  tambo_put_bytes (input, header, 5);
  if (size > 0)
    tambo_put_bytes (input, data, size);
  cmac (scp->s_mac, input->data, input->len, scp->chain);
  memcpy (out_mac, scp->chain, TAMBO_SCP_MAC_SIZE);
}

/* Section 6.2.6: the initial vector is the enciphered command counter. */
void tambo_scp03_cipher (const TamboScp *scp, gboolean encrypt, guint8 *data, gsize size) {
  guint8 iv[BLOCK] = { 0 };

  for (int i = 0; i < 8; i++)
    iv[BLOCK - 1 - i] = (guint8) (scp->counter >> (8 * i));
  tambo_cipher_block (TAMBO_SM_AES, scp->s_enc, iv, iv);
  tambo_cipher_cbc (TAMBO_SM_AES, encrypt, scp->s_enc, iv, data, size, data);
}
