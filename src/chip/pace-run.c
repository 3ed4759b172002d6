/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include <openssl/evp.h>

#include "base/bytes.h"
#include "base/crypto.h"
#include "chip/bac.h"
#include "chip/pace-private.h"

#define TAG_PUBLIC_KEY 0x7F49
#define TAG_OID 0x06
#define TAG_DH_KEY 0x84
#define TAG_EC_KEY 0x86
#define COUNTER_ENC 1
#define COUNTER_MAC 2
#define COUNTER_PASSWORD 3
#define MAX_NONCE 32

void tambo_pace_run_clear (TamboPaceRun *run) {
  g_clear_pointer (&run->domain, tambo_domain_parameters_free);
  g_clear_pointer (&run->password_key, g_bytes_unref);
  g_clear_pointer (&run->nonce, g_bytes_unref);
  g_clear_pointer (&run->mapping, g_bytes_unref);
  g_clear_pointer (&run->exchange, g_bytes_unref);
  g_clear_pointer (&run->generator, g_bytes_unref);
  g_clear_pointer (&run->public_key, g_bytes_unref);
  g_clear_pointer (&run->peer_key, g_bytes_unref);
  g_clear_pointer (&run->ks_enc, g_bytes_unref);
  g_clear_pointer (&run->ks_mac, g_bytes_unref);
}

gboolean tambo_pace_is_integrated (const TamboPaceInfo *info) {
  return info->mapping == TAMBO_PACE_DH_IM || info->mapping == TAMBO_PACE_ECDH_IM;
}

TamboSmCipher tambo_pace_cipher (const TamboPaceInfo *info) {
  return info->cipher == TAMBO_PACE_3DES ? TAMBO_SM_3DES : TAMBO_SM_AES;
}

gsize tambo_pace_key_size (TamboPaceCipher cipher) {
  return cipher == TAMBO_PACE_AES_256 ? 32 : cipher == TAMBO_PACE_AES_192 ? 24 : 16;
}

gsize tambo_pace_nonce_size (TamboPaceCipher cipher) {
  return tambo_pace_key_size (cipher) > 16 ? 32 : 16;
}

GBytes *tambo_pace_kdf (TamboPaceCipher cipher, GBytes *secret, guint32 counter) {
  gboolean is_long = tambo_pace_key_size (cipher) > 16;
  guint8 hash[EVP_MAX_MD_SIZE];
  gsize size;
  gconstpointer data = g_bytes_get_data (secret, &size);

  if (cipher == TAMBO_PACE_3DES)
    return tambo_bac_kdf (secret, counter);
  g_autoptr (GByteArray) input = g_byte_array_new ();
  tambo_put_bytes (input, data, size);
  tambo_put_u32 (input, counter);
  if (EVP_Digest (input->data, input->len, hash, NULL, is_long ? EVP_sha256 () : EVP_sha1 (), NULL)
      != 1)
    g_error ("the cryptographic library refused a hash");
  GBytes *key = tambo_secret_new (hash, tambo_pace_key_size (cipher));
  tambo_secret_wipe (hash, sizeof hash);
  tambo_secret_wipe (input->data, input->len);
  return key;
}

static GBytes *draw_scalar (const TamboPaceRun *run, GBytes *given) {
  return given ? g_bytes_ref (given) : tambo_domain_parameters_random_scalar (run->domain);
}

void tambo_pace_run_init (TamboPaceRun *run, const TamboPaceInfo *info,
                          const TamboPacePassword *password, const TamboPaceSecrets *secrets) {
  memset (run, 0, sizeof *run);
  run->info = *info;
  run->domain = tambo_domain_parameters_new (info->parameter_id);
  g_return_if_fail (run->domain);
  run->password_key = secrets->password_key
                          ? g_bytes_ref (secrets->password_key)
                          : tambo_pace_kdf (info->cipher, password->secret, COUNTER_PASSWORD);
  run->mapping = draw_scalar (run, secrets->mapping);
  run->exchange = draw_scalar (run, secrets->exchange);
}

GBytes *tambo_pace_run_cipher_nonce (const TamboPaceRun *run, gboolean encrypt, GBytes *from) {
  static const guint8 iv[TAMBO_CIPHER_MAX_BLOCK];
  guint8 nonce[MAX_NONCE];
  gsize size;
  gconstpointer data = g_bytes_get_data (from, &size);

  g_return_val_if_fail (size <= sizeof nonce, NULL);
  tambo_cipher_cbc (tambo_pace_cipher (&run->info), encrypt, run->password_key, iv, data, size,
                    nonce);
  GBytes *bytes = tambo_secret_new (nonce, size);
  tambo_secret_wipe (nonce, sizeof nonce);
  return bytes;
}

GBytes *tambo_pace_run_mapping_key (const TamboPaceRun *run) {
  return tambo_domain_parameters_multiply (
      run->domain, tambo_domain_parameters_get_generator (run->domain), run->mapping);
}

gboolean tambo_pace_run_make_key (TamboPaceRun *run) {
  run->public_key = tambo_domain_parameters_multiply (run->domain, run->generator, run->exchange);
  return run->public_key != NULL;
}

/* G' = s G + H, where H is what both agree on. */
gboolean tambo_pace_run_map_generic (TamboPaceRun *run, GBytes *peer) {
  GBytes *generator = tambo_domain_parameters_get_generator (run->domain);
  g_autoptr (GBytes) h = tambo_domain_parameters_multiply (run->domain, peer, run->mapping);
  g_autoptr (GBytes) part = tambo_domain_parameters_multiply (run->domain, generator, run->nonce);

  run->generator = h && part ? tambo_domain_parameters_add (run->domain, part, h) : NULL;
  return run->generator != NULL;
}

/* c0 and c1, for 128 and for 256 bits of output at a time. */
static const guint8 constants_128[2][16] = {
  { 0xA6, 0x68, 0x89, 0x2A, 0x7C, 0x41, 0xE3, 0xCA, 0x73, 0x9F, 0x40, 0xB0, 0x57, 0xD8, 0x59,
    0x04 },
  { 0xA4, 0xE1, 0x36, 0xAC, 0x72, 0x5F, 0x73, 0x8B, 0x01, 0xC1, 0xF6, 0x02, 0x17, 0xC1, 0x88,
    0xAD },
};
static const guint8
    constants_256[2][32] = {
      { 0xD4, 0x63, 0xD6, 0x52, 0x34, 0x12, 0x4E, 0xF7, 0x89, 0x70, 0x54,
        0x98, 0x6D, 0xCA, 0x0A, 0x17, 0x4E, 0x28, 0xDF, 0x75, 0x8C, 0xBA,
        0xA0, 0x3F, 0x24, 0x06, 0x16, 0x41, 0x4D, 0x5A, 0x16, 0x76 },
      { 0x54, 0xBD, 0x72, 0x55, 0xF0, 0xAA, 0xF8, 0x31, 0xBE, 0xC3, 0x42,
        0x3F, 0xCF, 0x39, 0xD6, 0x9B, 0x6C, 0xBF, 0x06, 0x66, 0x77, 0xD0,
        0xFA, 0xAE, 0x5A, 0xAD, 0xD9, 0x9D, 0xF8, 0xE5, 0x35, 0x17 },
    };

GBytes *tambo_pace_pseudo_random (TamboPaceCipher cipher, GBytes *s, GBytes *t, guint prime_bits) {
  static const guint8 iv[TAMBO_CIPHER_MAX_BLOCK];
  TamboSmCipher block = cipher == TAMBO_PACE_3DES ? TAMBO_SM_3DES : TAMBO_SM_AES;
  gsize size = tambo_pace_nonce_size (cipher);
  const guint8 *c0 = size == 16 ? constants_128[0] : constants_256[0];
  const guint8 *c1 = size == 16 ? constants_128[1] : constants_256[1];
  gsize rounds = (prime_bits + 64 + size * 8 - 1) / (size * 8);
  g_autofree guint8 *output = g_malloc (rounds * size);
  guint8 next[MAX_NONCE];

  g_return_val_if_fail (g_bytes_get_size (s) == size, NULL);
  tambo_cipher_cbc (block, TRUE, t, iv, g_bytes_get_data (s, NULL), size, next);
  for (gsize i = 0; i < rounds; i++) {
    g_autoptr (GBytes) key = tambo_secret_new (next, tambo_pace_key_size (cipher));
    tambo_cipher_cbc (block, TRUE, key, iv, c1, size, output + i * size);
    tambo_cipher_cbc (block, TRUE, key, iv, c0, size, next);
  }
  GBytes *bytes = tambo_secret_new (output, rounds * size);
  tambo_secret_wipe (output, rounds * size);
  tambo_secret_wipe (next, sizeof next);
  return bytes;
}

gboolean tambo_pace_run_map_integrated (TamboPaceRun *run, GBytes *t) {
  guint bits = tambo_domain_parameters_get_prime_bits (run->domain);
  g_autoptr (GBytes) number = tambo_pace_pseudo_random (run->info.cipher, run->nonce, t, bits);

  run->generator = tambo_domain_parameters_map_number (run->domain, number);
  return run->generator != NULL;
}

/* Who sends our own key back would make us agree with ourselves (section 4.4.1, step 3 d). */
gboolean tambo_pace_run_agree (TamboPaceRun *run, GBytes *peer) {
  if (g_bytes_equal (peer, run->public_key))
    return FALSE;
  g_autoptr (GBytes) element = tambo_domain_parameters_multiply (run->domain, peer, run->exchange);
  if (!element)
    return FALSE;
  g_autoptr (GBytes) secret = tambo_domain_parameters_dup_shared_secret (run->domain, element);

  run->peer_key = g_bytes_ref (peer);
  run->ks_enc = tambo_pace_kdf (run->info.cipher, secret, COUNTER_ENC);
  run->ks_mac = tambo_pace_kdf (run->info.cipher, secret, COUNTER_MAC);
  return TRUE;
}

void tambo_pace_run_token (const TamboPaceRun *run, GBytes *public_key,
                           guint8 out_token[TAMBO_MAC_SIZE]) {
  g_autoptr (GByteArray) input = g_byte_array_new ();
  gboolean is_dh = tambo_domain_parameters_get_kind (run->domain) == TAMBO_DOMAIN_DH;
  guint8 oid[TAMBO_PACE_OID_SIZE];

  tambo_pace_info_write_oid (&run->info, oid);
  tambo_tlv_put (input, TAG_OID, oid, sizeof oid);
  tambo_tlv_put_bytes (input, is_dh ? TAG_DH_KEY : TAG_EC_KEY, public_key);
  tambo_tlv_wrap (input, TAG_PUBLIC_KEY);
  if (run->info.cipher == TAMBO_PACE_3DES)
    tambo_cipher_pad (input, tambo_cipher_block_size (TAMBO_SM_3DES));
  tambo_cipher_mac (tambo_pace_cipher (&run->info), run->ks_mac, input->data, input->len,
                    out_token);
}

/* Section 4.4.3.5: the initial vector is a block of ones, enciphered. */
static void make_proof_iv (const TamboPaceRun *run, guint8 iv[TAMBO_CIPHER_MAX_BLOCK]) {
  guint8 ones[TAMBO_CIPHER_MAX_BLOCK];

  memset (ones, 0xFF, sizeof ones);
  tambo_cipher_block (TAMBO_SM_AES, run->ks_enc, ones, iv);
}

GBytes *tambo_pace_run_encipher_proof (const TamboPaceRun *run, GBytes *proof) {
  g_autoptr (GByteArray) data = g_byte_array_new ();
  guint8 iv[TAMBO_CIPHER_MAX_BLOCK];
  gsize size;
  gconstpointer octets = g_bytes_get_data (proof, &size);

  tambo_put_bytes (data, octets, size);
  tambo_cipher_pad (data, sizeof iv);
  make_proof_iv (run, iv);
  tambo_cipher_cbc (TAMBO_SM_AES, TRUE, run->ks_enc, iv, data->data, data->len, data->data);
  return g_byte_array_free_to_bytes (g_steal_pointer (&data));
}

GBytes *tambo_pace_run_decipher_proof (const TamboPaceRun *run, gconstpointer data, gsize size) {
  guint8 iv[TAMBO_CIPHER_MAX_BLOCK];
  gsize plain_size;

  if (size == 0 || size % sizeof iv
      || size > tambo_domain_parameters_get_element_size (run->domain))
    return NULL;
  g_autofree guint8 *plain = g_malloc (size);
  make_proof_iv (run, iv);
  tambo_cipher_cbc (TAMBO_SM_AES, FALSE, run->ks_enc, iv, data, size, plain);
  gboolean whole = tambo_cipher_unpad (plain, size, sizeof iv, &plain_size) && plain_size > 0;
  GBytes *proof = whole ? tambo_secret_new (plain, plain_size) : NULL;
  tambo_secret_wipe (plain, size);
  return proof;
}

TamboSecureMessaging *tambo_pace_run_session (const TamboPaceRun *run) {
  static const guint8 zeros[TAMBO_CIPHER_MAX_BLOCK];
  TamboSmCipher cipher = tambo_pace_cipher (&run->info);
  g_autoptr (GBytes) ssc = g_bytes_new_static (zeros, tambo_cipher_block_size (cipher));

  return tambo_secure_messaging_new (cipher, run->ks_enc, run->ks_mac, ssc);
}
