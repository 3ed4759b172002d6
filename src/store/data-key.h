/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The data key, under which everything personal lies. It is wrapped under the unlock key that each
 * operator's password opens (operator-key.h) and, where the station has a PKCS#11 token, under a
 * secret that this token alone can make: then it takes a password and the token.
 *
 * The wrapping is 1 | sealed, or with a token 2 | the token's public point (65) | an ephemeral point (65)
 * | sealed: AES-256-GCM under HKDF-SHA256 of the unlock key, salted with the ECDH secret of the two
 * points, with the points as its info. A store of before there were tokens has no wrapping: its unlock
 * key is its data key.
 */
#pragma once

#include "store/store.h"

/* Whether a token is needed, and which; NULL without an error when none is. */
char *tambo_data_key_dup_token (TamboStore *store, GError **error);

/* Binds the data key to the private key (EC, P-256) that URI names, or, with NULL, to the passwords
 * alone. Needs the unlocked store. A data key that was once open to the passwords alone is not the
 * data key any more afterwards: everything is sealed anew. PIN may be NULL (base/token.h). */
gboolean tambo_data_key_set_token (TamboStore *store, const char *uri, GBytes *pin,
                                   const char *actor, GError **error);
/* Another data key; everything that lies under the old one is sealed anew, in one transaction. */
gboolean tambo_data_key_rotate (TamboStore *store, const char *actor, GError **error);

/* ---- private to the room ---- */

/* A fresh key. */
GBytes *tambo_data_key_new (void);
/* Writes the first wrapping, without a token. Inside a transaction. */
gboolean tambo_data_key_save_first (TamboStore *store, GBytes *unlock_key, GBytes *data_key,
                                    GError **error);
/* Tells one wrapping from the next; NULL without an error where there is none. */
char *tambo_data_key_dup_mark (TamboStore *store, GError **error);
/* What UNLOCK_KEY and, where it is needed, the token open; a TAMBO_TOKEN_ERROR says what is wrong with
 * the token, TOKEN that it is another one. */
GBytes *tambo_data_key_open (TamboStore *store, GBytes *unlock_key, GBytes *pin,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
