/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The block ciphers and MACs of Doc 9303-11 sections 4.3.3 and 9.8: two-key 3DES and AES in CBC mode,
 * ISO/IEC 9797-1 MAC algorithm 3 (retail MAC) and padding method 2, CMAC cut to 8 bytes. Keys and
 * sizes are the caller's own; a library that refuses them is a programmer's error.
 */
#pragma once

#include "chip/secure-messaging.h"

#define TAMBO_MAC_SIZE 8
#define TAMBO_CIPHER_MAX_BLOCK 16

gsize tambo_cipher_block_size (TamboSmCipher cipher);

/* SIZE is a whole number of blocks; OUT may be IN. IV is one block. */
void tambo_cipher_cbc (TamboSmCipher cipher, gboolean encrypt, GBytes *key, const guint8 *iv,
                       gconstpointer in, gsize size, guint8 *out);
/* One block without chaining. */
void tambo_cipher_block (TamboSmCipher cipher, GBytes *key, const guint8 *in, guint8 *out);
/* The MAC of that cipher over SIZE bytes, padded already for 3DES; CMAC takes any. */
void tambo_cipher_mac (TamboSmCipher cipher, GBytes *key, gconstpointer data, gsize size,
                       guint8 out_mac[TAMBO_MAC_SIZE]);

/* Padding method 2: 80 and zeros up to a block; at least one byte. */
void tambo_cipher_pad (GByteArray *array, gsize block_size);
/* The size without padding; FALSE when there is no padding. */
gboolean tambo_cipher_unpad (const guint8 *data, gsize size, gsize block_size,
                             gsize *out_size) G_GNUC_WARN_UNUSED_RESULT;
