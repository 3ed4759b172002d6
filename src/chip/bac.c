/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/bac.h"

#include <string.h>

#include <openssl/crypto.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/crypto.h"
#include "chip/cipher.h"
#include "chip/status.h"

#define KEY_SIZE 16
#define RND_SIZE 8
#define PLAIN_SIZE 32
#define MUTUAL_SIZE 40
#define SHA1_SIZE 20

static void sha1 (gconstpointer data, gsize size, guint8 out_hash[SHA1_SIZE]) {
  if (EVP_Digest (data, size, out_hash, NULL, EVP_sha1 (), NULL) != 1)
    g_error ("the cryptographic library refused SHA-1");
}

/* DES ignores the lowest bit of each octet; the standard's worked values have odd parity there. */
static void adjust_parity (guint8 *key, gsize size) {
  for (gsize i = 0; i < size; i++) {
    guint8 high = key[i] & 0xFE;
    key[i] = high | !(__builtin_popcount (high) & 1);
  }
}

GBytes *tambo_bac_kdf (GBytes *k_seed, guint32 counter) {
  g_autoptr (GByteArray) input = g_byte_array_new ();
  guint8 hash[SHA1_SIZE];
  gsize size;
  gconstpointer data = g_bytes_get_data (k_seed, &size);

  tambo_put_bytes (input, data, size);
  tambo_put_u32 (input, counter);
  sha1 (input->data, input->len, hash);
  adjust_parity (hash, KEY_SIZE);

  GBytes *key = tambo_secret_new (hash, KEY_SIZE);
  tambo_secret_wipe (hash, sizeof hash);
  tambo_secret_wipe (input->data, input->len);
  return key;
}

void tambo_bac_keys_clear (TamboBacKeys *keys) {
  g_clear_pointer (&keys->k_seed, g_bytes_unref);
  g_clear_pointer (&keys->k_enc, g_bytes_unref);
  g_clear_pointer (&keys->k_mac, g_bytes_unref);
}

void tambo_bac_keys_derive (const char *mrz_information, TamboBacKeys *out_keys) {
  guint8 hash[SHA1_SIZE];

  sha1 (mrz_information, strlen (mrz_information), hash);
  out_keys->k_seed = tambo_secret_new (hash, KEY_SIZE);
  out_keys->k_enc = tambo_bac_kdf (out_keys->k_seed, 1);
  out_keys->k_mac = tambo_bac_kdf (out_keys->k_seed, 2);
  tambo_secret_wipe (hash, sizeof hash);
}

static void make_mac (const TamboBacKeys *keys, const guint8 cryptogram[PLAIN_SIZE],
                      guint8 out_mac[TAMBO_MAC_SIZE]) {
  g_autoptr (GByteArray) input = g_byte_array_new ();

  tambo_put_bytes (input, cryptogram, PLAIN_SIZE);
  tambo_cipher_pad (input, RND_SIZE);
  tambo_cipher_mac (TAMBO_SM_3DES, keys->k_mac, input->data, input->len, out_mac);
}

GBytes *tambo_bac_mutual_encode (const TamboBacKeys *keys, const guint8 *first_rnd,
                                 const guint8 *second_rnd, const guint8 *key_part) {
  static const guint8 iv[RND_SIZE];
  guint8 buffer[MUTUAL_SIZE];

  memcpy (buffer, first_rnd, RND_SIZE);
  memcpy (buffer + RND_SIZE, second_rnd, RND_SIZE);
  memcpy (buffer + 2 * RND_SIZE, key_part, KEY_SIZE);
  tambo_cipher_cbc (TAMBO_SM_3DES, TRUE, keys->k_enc, iv, buffer, PLAIN_SIZE, buffer);
  make_mac (keys, buffer, buffer + PLAIN_SIZE);
  return g_bytes_new (buffer, sizeof buffer);
}

gboolean tambo_bac_mutual_decode (const TamboBacKeys *keys, gconstpointer cryptogram, gsize size,
                                  guint8 out_plain[32]) {
  static const guint8 iv[RND_SIZE];
  const guint8 *octets = cryptogram;
  guint8 mac[TAMBO_MAC_SIZE];

  if (size != MUTUAL_SIZE)
    return FALSE;
  make_mac (keys, octets, mac);
  if (CRYPTO_memcmp (mac, octets + PLAIN_SIZE, sizeof mac) != 0)
    return FALSE;
  tambo_cipher_cbc (TAMBO_SM_3DES, FALSE, keys->k_enc, iv, octets, PLAIN_SIZE, out_plain);
  return TRUE;
}

TamboSecureMessaging *tambo_bac_session (const guint8 *rnd_ic, const guint8 *rnd_ifd,
                                         const guint8 *k_ic, const guint8 *k_ifd) {
  guint8 seed[KEY_SIZE], counter[RND_SIZE];

  for (int i = 0; i < KEY_SIZE; i++)
    seed[i] = k_ic[i] ^ k_ifd[i];
  memcpy (counter, rnd_ic + 4, 4);
  memcpy (counter + 4, rnd_ifd + 4, 4);

  g_autoptr (GBytes) ks_seed = tambo_secret_new (seed, sizeof seed);
  g_autoptr (GBytes) ks_enc = tambo_bac_kdf (ks_seed, 1);
  g_autoptr (GBytes) ks_mac = tambo_bac_kdf (ks_seed, 2);
  g_autoptr (GBytes) ssc = g_bytes_new (counter, sizeof counter);
  tambo_secret_wipe (seed, sizeof seed);
  return tambo_secure_messaging_new (TAMBO_SM_3DES, ks_enc, ks_mac, ssc);
}

static gboolean get_challenge (TamboChannel *channel, guint8 out_rnd[RND_SIZE],
                               GCancellable *cancellable, GError **error) {
  TamboCommand command = { .ins = 0x84, .le = RND_SIZE };
  g_auto (TamboResponse) response = { 0 };

  if (!tambo_channel_transmit (channel, &command, &response, cancellable, error))
    return FALSE;
  if (response.sw != TAMBO_SW_OK) {
    tambo_status_set_error (error, TAMBO_CHIP_ERROR_STATUS, "GET CHALLENGE", response.sw);
    return FALSE;
  }
  if (g_bytes_get_size (response.data) != RND_SIZE) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
                         "the chip's challenge does not have eight bytes");
    return FALSE;
  }
  memcpy (out_rnd, g_bytes_get_data (response.data, NULL), RND_SIZE);
  return TRUE;
}

/* The terminal's random numbers of one attempt, and the chip's. */
typedef struct {
  guint8 rnd_ic[RND_SIZE], rnd_ifd[RND_SIZE], k_ifd[KEY_SIZE];
} Attempt;

static gboolean external_authenticate (TamboChannel *channel, const TamboBacKeys *keys, int le,
                                       Attempt *attempt, TamboResponse *out_response,
                                       GCancellable *cancellable, GError **error) {
  if (!get_challenge (channel, attempt->rnd_ic, cancellable, error))
    return FALSE;
  tambo_random (attempt->rnd_ifd, RND_SIZE);
  tambo_random (attempt->k_ifd, KEY_SIZE);

  g_autoptr (GBytes) request =
      tambo_bac_mutual_encode (keys, attempt->rnd_ifd, attempt->rnd_ic, attempt->k_ifd);
  TamboCommand command = { .ins = 0x82, .le = le };
  command.data = g_bytes_get_data (request, &command.size);
  return tambo_channel_transmit (channel, &command, out_response, cancellable, error);
}

/* Only who knows the keys can have sent our own RND.IFD back. */
static TamboSecureMessaging *judge_answer (const TamboBacKeys *keys, const Attempt *attempt,
                                           GBytes *answer, GError **error) {
  guint8 plain[PLAIN_SIZE];
  gsize size;
  gconstpointer data = g_bytes_get_data (answer, &size);

  if (!tambo_bac_mutual_decode (keys, data, size, plain)
      || CRYPTO_memcmp (plain, attempt->rnd_ic, RND_SIZE) != 0
      || CRYPTO_memcmp (plain + RND_SIZE, attempt->rnd_ifd, RND_SIZE) != 0) {
    tambo_secret_wipe (plain, sizeof plain);
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION,
                         "the chip's answer to basic access control does not hold");
    return NULL;
  }
  TamboSecureMessaging *sm =
      tambo_bac_session (attempt->rnd_ic, attempt->rnd_ifd, plain + 2 * RND_SIZE, attempt->k_ifd);
  tambo_secret_wipe (plain, sizeof plain);
  return sm;
}

TamboSecureMessaging *tambo_bac_authenticate (TamboChannel *channel, const TamboBacKeys *keys,
                                              GCancellable *cancellable, GError **error) {
  g_auto (TamboResponse) response = { 0 };
  Attempt attempt;
  TamboSecureMessaging *sm = NULL;

  if (!external_authenticate (channel, keys, MUTUAL_SIZE, &attempt, &response, cancellable, error))
    return NULL;
  if (response.sw == 0x6A88 || response.sw == 0x6700) { /* some chips want Le = 00 */
    tambo_response_clear (&response);
    if (!external_authenticate (channel, keys, 256, &attempt, &response, cancellable, error))
      return NULL;
  }
  if (response.sw == TAMBO_SW_OK)
    sm = judge_answer (keys, &attempt, response.data, error);
  else
    tambo_status_set_error (error, TAMBO_CHIP_ERROR_AUTHENTICATION, "basic access control",
                            response.sw);
  tambo_secret_wipe (&attempt, sizeof attempt);
  return sm;
}
