/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/cipher.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/provider.h>

#include "base/bytes.h"
#include "base/cleanup.h"

#define DES_BLOCK 8
#define DES_KEY 8

gsize tambo_cipher_block_size (TamboSmCipher cipher) {
  return cipher == TAMBO_SM_3DES ? DES_BLOCK : 16;
}

static gpointer present (gpointer fetched, const char *name) {
  if (!fetched)
    g_error ("the cryptographic library has no %s", name);
  return fetched;
}

/* Fetched once: a card's answer takes three ciphers, and a look-up takes as long as one of them. */
static const EVP_CIPHER *find_cbc (TamboSmCipher cipher, gsize key_size) {
  static const struct {
    TamboSmCipher cipher;
    gsize key_size;
    const char *name;
  } kinds[] = {
    { TAMBO_SM_3DES, 2 * DES_KEY, "DES-EDE-CBC" },
    { TAMBO_SM_AES, 16, "AES-128-CBC" },
    { TAMBO_SM_AES, 24, "AES-192-CBC" },
    { TAMBO_SM_AES, 32, "AES-256-CBC" },
  };
  static EVP_CIPHER *fetched[G_N_ELEMENTS (kinds)];

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
    if (kinds[i].cipher != cipher || kinds[i].key_size != key_size)
      continue;
    if (g_once_init_enter (&fetched[i]))
      g_once_init_leave (&fetched[i],
                         present (EVP_CIPHER_fetch (NULL, kinds[i].name, NULL), kinds[i].name));
    return fetched[i];
  }
  return NULL;
}

static void run_cbc (const EVP_CIPHER *cbc, gboolean encrypt, const guint8 *key, const guint8 *iv,
                     gconstpointer in, gsize size, guint8 *out) {
  g_autoptr (EVP_CIPHER_CTX) context = EVP_CIPHER_CTX_new ();
  int written = 0;

  if (!cbc || !context || EVP_CipherInit_ex (context, cbc, NULL, key, iv, encrypt) != 1
      || EVP_CIPHER_CTX_set_padding (context, 0) != 1
      || EVP_CipherUpdate (context, out, &written, in, (int) size) != 1 || (gsize) written != size)
    g_error ("the cryptographic library refused a block cipher");
}

void tambo_cipher_cbc (TamboSmCipher cipher, gboolean encrypt, GBytes *key, const guint8 *iv,
                       gconstpointer in, gsize size, guint8 *out) {
  g_return_if_fail (size % tambo_cipher_block_size (cipher) == 0 && size <= G_MAXINT);

  gsize key_size;
  const guint8 *octets = g_bytes_get_data (key, &key_size);
  if (size > 0)
    run_cbc (find_cbc (cipher, key_size), encrypt, octets, iv, in, size, out);
}

void tambo_cipher_block (TamboSmCipher cipher, GBytes *key, const guint8 *in, guint8 *out) {
  static const guint8 zero_iv[TAMBO_CIPHER_MAX_BLOCK];

  tambo_cipher_cbc (cipher, TRUE, key, zero_iv, in, tambo_cipher_block_size (cipher), out);
}

/* Single DES is in OpenSSL's legacy provider alone, which gets a context of its own, so that nobody else
 * finds what is in it. NULL where there is none. */
static const EVP_CIPHER *find_des (void) {
  static OSSL_LIB_CTX *legacy;
  static EVP_CIPHER *des;
  static gsize looked;

  if (g_once_init_enter (&looked)) {
    legacy = OSSL_LIB_CTX_new ();
    if (legacy && OSSL_PROVIDER_load (legacy, "legacy"))
      des = EVP_CIPHER_fetch (legacy, "DES-CBC", NULL);
    ERR_clear_error ();
    g_once_init_leave (&looked, 1);
  }
  return des;
}

/* All but the last block take single DES, or 3DES with equal halves, which is the same and takes three
 * times as long. The last block's E-D-E with both halves is just what MAC algorithm 3 ends with. */
static void retail_mac (GBytes *key, const guint8 *data, gsize size, guint8 out_mac[DES_BLOCK]) {
  const guint8 *octets = g_bytes_get_data (key, NULL);
  const EVP_CIPHER *cbc = find_cbc (TAMBO_SM_3DES, 2 * DES_KEY);
  const EVP_CIPHER *des = find_des ();
  guint8 single[2 * DES_KEY];
  guint8 chain[DES_BLOCK] = { 0 };
  gsize head = size - DES_BLOCK;

  memcpy (single, octets, DES_KEY);
  memcpy (single + DES_KEY, octets, DES_KEY);
  if (head > 0) {
    g_autofree guint8 *buffer = g_malloc (head);
    run_cbc (des ? des : cbc, TRUE, single, chain, data, head, buffer);
    memcpy (chain, buffer + head - DES_BLOCK, DES_BLOCK);
    tambo_secret_wipe (buffer, head);
  }
  run_cbc (cbc, TRUE, octets, chain, data + head, DES_BLOCK, out_mac);
  tambo_secret_wipe (single, sizeof single);
  tambo_secret_wipe (chain, sizeof chain);
}

static void cmac (GBytes *key, const guint8 *data, gsize size, guint8 out_mac[TAMBO_MAC_SIZE]) {
  static EVP_MAC *mac;
  if (g_once_init_enter (&mac))
    g_once_init_leave (&mac, present (EVP_MAC_fetch (NULL, "CMAC", NULL), "CMAC"));
  g_autoptr (EVP_MAC_CTX) context = EVP_MAC_CTX_new (mac);
  gsize key_size, written;
  const guint8 *octets = g_bytes_get_data (key, &key_size);
  const EVP_CIPHER *cbc = find_cbc (TAMBO_SM_AES, key_size);
  guint8 whole[16];

  if (!context || !cbc)
    g_error ("the cryptographic library has no CMAC for this key");
  OSSL_PARAM parameters[] = {
    OSSL_PARAM_construct_utf8_string (OSSL_MAC_PARAM_CIPHER, (char *) EVP_CIPHER_get0_name (cbc),
                                      0),
    OSSL_PARAM_construct_end (),
  };
  if (EVP_MAC_init (context, octets, key_size, parameters) != 1
      || EVP_MAC_update (context, data, size) != 1
      || EVP_MAC_final (context, whole, &written, sizeof whole) != 1)
    g_error ("the cryptographic library refused a CMAC");
  memcpy (out_mac, whole, TAMBO_MAC_SIZE);
  tambo_secret_wipe (whole, sizeof whole);
}

void tambo_cipher_mac (TamboSmCipher cipher, GBytes *key, gconstpointer data, gsize size,
                       guint8 out_mac[TAMBO_MAC_SIZE]) {
  g_return_if_fail (size > 0 && size <= G_MAXINT);

  if (cipher == TAMBO_SM_3DES) {
    g_return_if_fail (g_bytes_get_size (key) == 2 * DES_KEY && size % DES_BLOCK == 0);
    retail_mac (key, data, size, out_mac);
  } else {
    cmac (key, data, size, out_mac);
  }
}

void tambo_cipher_pad (GByteArray *array, gsize block_size) {
  tambo_put_u8 (array, 0x80);
  while (array->len % block_size)
    tambo_put_u8 (array, 0);
}

gboolean tambo_cipher_unpad (const guint8 *data, gsize size, gsize block_size, gsize *out_size) {
  gsize end = size;

  if (size == 0 || size % block_size)
    return FALSE;
  while (end > 0 && data[end - 1] == 0)
    end--;
  if (end == 0 || data[end - 1] != 0x80 || size - end >= block_size)
    return FALSE;
  *out_size = end - 1;
  return TRUE;
}
