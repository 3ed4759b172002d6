/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/crypto.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <string.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/error.h"
#include "base/hash.h"
#include "base/secret.h"

/* EVP counts in int. */
#define EVP_CHUNK (1 << 30)

#define SCRYPT_R 8
#define SCRYPT_P 1
#define SCRYPT_MAX_LOG2_N 22 /* 4 GiB */
#define SCRYPT_KEY_SIZE 32

void tambo_random (gpointer out_data, gsize size) {
  guint8 *data = out_data;

  while (size > 0) {
    gsize chunk = MIN (size, EVP_CHUNK);

    if (RAND_bytes (data, (int) chunk) != 1)
      g_error ("the system has no random bytes");
    data += chunk;
    size -= chunk;
  }
}

GBytes *tambo_random_bytes (gsize size) {
  guint8 *data = g_malloc (MAX (size, 1));

  tambo_random (data, size);
  return g_bytes_new_take (data, size);
}

/* EVP takes NULL as "associated data" for OUT, so an empty buffer must not be NULL. */
static gboolean update (EVP_CIPHER_CTX *context, guint8 *out, gconstpointer in, gsize size) {
  const guint8 *data = in;

  while (size > 0) {
    int chunk = (int) MIN (size, EVP_CHUNK);
    int written;

    if (EVP_CipherUpdate (context, out, &written, data, chunk) != 1)
      return FALSE;
    data += chunk;
    size -= (gsize) chunk;
    if (out != NULL)
      out += written;
  }
  return TRUE;
}

struct _TamboAead {
  EVP_CIPHER_CTX *context;
};

TamboAead *tambo_aead_new (GBytes *key, gboolean is_sealing) {
  TamboAead *aead = g_new (TamboAead, 1);

  g_assert (g_bytes_get_size (key) == TAMBO_AES256_KEY_SIZE);
  aead->context = EVP_CIPHER_CTX_new ();
  if (aead->context == NULL
      || EVP_CipherInit_ex (aead->context, EVP_aes_256_gcm (), NULL, g_bytes_get_data (key, NULL),
                            NULL, is_sealing)
             != 1)
    g_error ("OpenSSL cannot start AES-256-GCM");
  return aead;
}

void tambo_aead_clear_free (TamboAead *aead) {
  if (aead == NULL)
    return;
  EVP_CIPHER_CTX_free (aead->context); /* wipes the key's schedule */
  g_free (aead);
}

static gboolean start (TamboAead *aead, const guint8 *nonce, TamboPiece associated_data) {
  return EVP_CipherInit_ex (aead->context, NULL, NULL, NULL, nonce, -1) == 1
         && update (aead->context, NULL, associated_data.data, associated_data.size);
}

void tambo_aead_seal_to (TamboAead *aead, const guint8 nonce[TAMBO_GCM_NONCE_SIZE],
                         TamboPiece associated_data, const TamboPiece *pieces, guint n_pieces,
                         guint8 *out) {
  gboolean is_sealed = start (aead, nonce, associated_data);
  int written;

  for (guint i = 0; is_sealed && i < n_pieces; i++) {
    is_sealed = update (aead->context, out, pieces[i].data, pieces[i].size);
    out += pieces[i].size;
  }
  if (!is_sealed || EVP_CipherFinal_ex (aead->context, out, &written) != 1
      || EVP_CIPHER_CTX_ctrl (aead->context, EVP_CTRL_AEAD_GET_TAG, TAMBO_GCM_TAG_SIZE, out) != 1)
    g_error ("OpenSSL cannot seal with AES-256-GCM");
}

gboolean tambo_aead_open_to (TamboAead *aead, const guint8 nonce[TAMBO_GCM_NONCE_SIZE],
                             TamboPiece associated_data, TamboPiece sealed, guint8 *out) {
  guint8 tag[TAMBO_GCM_TAG_SIZE];
  gsize size;
  int written;

  if (sealed.size < TAMBO_GCM_TAG_SIZE)
    return FALSE;
  size = sealed.size - TAMBO_GCM_TAG_SIZE;
  memcpy (tag, (const guint8 *) sealed.data + size, sizeof tag);
  if (!start (aead, nonce, associated_data) || !update (aead->context, out, sealed.data, size)
      || EVP_CIPHER_CTX_ctrl (aead->context, EVP_CTRL_AEAD_SET_TAG, sizeof tag, tag) != 1)
    g_error ("OpenSSL cannot open with AES-256-GCM");
  return EVP_CipherFinal_ex (aead->context, out + size, &written) == 1;
}

static TamboPiece piece_of (GBytes *bytes) {
  TamboPiece piece = { NULL, 0 };

  if (bytes != NULL)
    piece.data = g_bytes_get_data (bytes, &piece.size);
  return piece;
}

GBytes *tambo_aead_seal (GBytes *key, GBytes *associated_data, GBytes *plaintext) {
  g_autoptr (TamboAead) aead = tambo_aead_new (key, TRUE);
  TamboPiece piece = piece_of (plaintext);
  gsize sealed_size = TAMBO_GCM_NONCE_SIZE + piece.size + TAMBO_GCM_TAG_SIZE;
  guint8 *sealed = g_malloc (sealed_size);

  tambo_random (sealed, TAMBO_GCM_NONCE_SIZE);
  tambo_aead_seal_to (aead, sealed, piece_of (associated_data), &piece, 1,
                      sealed + TAMBO_GCM_NONCE_SIZE);
  return g_bytes_new_take (sealed, sealed_size);
}

GBytes *tambo_aead_open (GBytes *key, GBytes *associated_data, GBytes *sealed, GError **error) {
  g_autoptr (TamboAead) aead = tambo_aead_new (key, FALSE);
  g_autoptr (GBytes) plaintext = NULL;
  gsize size, plain_size;
  const guint8 *data = g_bytes_get_data (sealed, &size);
  TamboPiece piece;
  guint8 *plain;

  if (size < TAMBO_GCM_NONCE_SIZE + TAMBO_GCM_TAG_SIZE) {
    g_set_error_literal (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_INTEGRITY,
                         "the sealed bytes are cut short");
    return NULL;
  }
  piece = (TamboPiece){ data + TAMBO_GCM_NONCE_SIZE, size - TAMBO_GCM_NONCE_SIZE };
  plain_size = piece.size - TAMBO_GCM_TAG_SIZE;
  plain = tambo_secret_allocate (plain_size);
  plaintext = tambo_secret_take (plain, plain_size);
  if (!tambo_aead_open_to (aead, data, piece_of (associated_data), piece, plain)) {
    g_set_error_literal (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_INTEGRITY,
                         "the sealed bytes were changed, or the key is another one");
    return NULL;
  }
  return g_steal_pointer (&plaintext);
}

GBytes *tambo_scrypt (GBytes *password, GBytes *salt, guint log2_n, GError **error) {
  gsize password_size, salt_size;
  const char *password_data = g_bytes_get_data (password, &password_size);
  const guint8 *salt_data = g_bytes_get_data (salt, &salt_size);
  g_autoptr (GBytes) derived = NULL;
  guint64 n;
  guint8 *key;

  if (log2_n < 1 || log2_n > SCRYPT_MAX_LOG2_N) {
    g_set_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_MALFORMED,
                 "a scrypt cost of 2^%u is not allowed", log2_n);
    return NULL;
  }
  n = G_GUINT64_CONSTANT (1) << log2_n;
  key = tambo_secret_allocate (SCRYPT_KEY_SIZE);
  derived = tambo_secret_take (key, SCRYPT_KEY_SIZE);
  /* V is 128 r N bytes; B, X and T beside it are a few kilobytes. */
  if (EVP_PBE_scrypt (password_data, password_size, salt_data, salt_size, n, SCRYPT_R, SCRYPT_P,
                      128 * SCRYPT_R * n + 64 * 1024, key, SCRYPT_KEY_SIZE)
      != 1) {
    tambo_error_set_openssl (error, "scrypt failed");
    return NULL;
  }
  return g_steal_pointer (&derived);
}

static void hmac_to (gconstpointer key, gsize key_size, gconstpointer data, gsize size,
                     guint8 out_mac[TAMBO_SHA256_SIZE]) {
  guint mac_size;

  g_assert (key_size <= G_MAXINT);
  /* HMAC() reads a NULL key as "the last one's". */
  if (HMAC (EVP_sha256 (), key_size > 0 ? key : "", (int) key_size, size > 0 ? data : "", size,
            out_mac, &mac_size)
      == NULL)
    g_error ("OpenSSL has no HMAC-SHA256");
}

GBytes *tambo_hmac_sha256 (GBytes *key, gconstpointer data, gsize size) {
  gsize key_size;
  gconstpointer key_data = g_bytes_get_data (key, &key_size);
  guint8 mac[TAMBO_SHA256_SIZE];

  hmac_to (key_data, key_size, data, size, mac);
  return g_bytes_new (mac, sizeof mac);
}

GBytes *tambo_hkdf_extract (GBytes *salt, GBytes *key_material) {
  gsize salt_size = 0, material_size;
  gconstpointer salt_data = salt != NULL ? g_bytes_get_data (salt, &salt_size) : NULL;
  gconstpointer material = g_bytes_get_data (key_material, &material_size);
  guint8 *prk = tambo_secret_allocate (TAMBO_SHA256_SIZE);

  hmac_to (salt_data, salt_size, material, material_size, prk);
  return tambo_secret_take (prk, TAMBO_SHA256_SIZE);
}

GBytes *tambo_hkdf_expand (GBytes *prk, GBytes *info, gsize size) {
  gsize prk_size, info_size = 0;
  gconstpointer prk_data = g_bytes_get_data (prk, &prk_size);
  gconstpointer info_data = info != NULL ? g_bytes_get_data (info, &info_size) : NULL;
  gsize block_size = TAMBO_SHA256_SIZE + info_size + 1;
  guint8 *block, *okm;
  guint8 t[TAMBO_SHA256_SIZE];

  g_assert (size <= 255 * TAMBO_SHA256_SIZE);
  okm = tambo_secret_allocate (size);
  block = tambo_secret_allocate (block_size); /* T(i-1) | info | i */
  if (info_size > 0)
    memcpy (block + TAMBO_SHA256_SIZE, info_data, info_size);
  for (gsize done = 0, i = 1; done < size; done += TAMBO_SHA256_SIZE, i++) {
    /* T(0) is empty. */
    gsize skipped = i == 1 ? TAMBO_SHA256_SIZE : 0;

    block[block_size - 1] = (guint8) i;
    hmac_to (prk_data, prk_size, block + skipped, block_size - skipped, t);
    memcpy (okm + done, t, MIN (size - done, TAMBO_SHA256_SIZE));
    memcpy (block, t, sizeof t);
  }
  tambo_secret_wipe (t, sizeof t);
  tambo_secret_release (block, block_size);
  return tambo_secret_take (okm, size);
}
