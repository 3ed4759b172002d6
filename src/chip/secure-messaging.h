/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Secure messaging of ICAO Doc 9303-11 section 9.8: 3DES (BAC) and AES (PACE). Both ends, because
 * the simulated chip speaks it too.
 */
#pragma once

#include "chip/channel.h"

typedef enum {
  TAMBO_SM_3DES, /* 9.8.6.1; 16-byte keys, 8-byte SSC */
  TAMBO_SM_AES,  /* 9.8.6.2; 16, 24 or 32-byte keys, 16-byte SSC */
} TamboSmCipher;

typedef struct _TamboSecureMessaging TamboSecureMessaging;

TamboSecureMessaging *tambo_secure_messaging_new (TamboSmCipher cipher, GBytes *ks_enc,
                                                  GBytes *ks_mac, GBytes *ssc);
void tambo_secure_messaging_clear_free (TamboSecureMessaging *sm);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboSecureMessaging, tambo_secure_messaging_clear_free)

/* The terminal's end. Each advances the SSC. unwrap: AUTHENTICATION when the MAC does not hold, the
 * session is over then. */
GBytes *tambo_secure_messaging_wrap_command (TamboSecureMessaging *sm, const TamboCommand *command);
gboolean tambo_secure_messaging_unwrap_response (TamboSecureMessaging *sm,
                                                 const TamboResponse *protected_response,
                                                 TamboResponse *out_response,
                                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The chip's end. The plain command's data is owned by OUT_STORAGE. */
gboolean tambo_secure_messaging_unwrap_command (TamboSecureMessaging *sm,
                                                const TamboCommand *protected_command,
                                                TamboCommand *out_command, GBytes **out_storage,
                                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
GBytes *tambo_secure_messaging_wrap_response (TamboSecureMessaging *sm, GBytes *data, guint16 sw);

/* Bytes of plain data that one short READ BINARY answer carries: 231 for 3DES, 223 for AES. */
gsize tambo_secure_messaging_max_read (const TamboSecureMessaging *sm);

/* The chip declares answers of up to SIZE bytes, status word and all; 258 and less changes nothing. */
void tambo_secure_messaging_set_max_response (TamboSecureMessaging *sm, gsize size);
/* Bytes of plain data that one extended answer carries; 0 when none was declared. */
gsize tambo_secure_messaging_max_extended_read (const TamboSecureMessaging *sm);
/* Bytes of plain data that one command of up to MAX_COMMAND bytes carries; 0 when that is no more than a
 * short one has. */
gsize tambo_secure_messaging_max_extended_write (const TamboSecureMessaging *sm, gsize max_command);

/* Protects COMMAND as it is going to be sent after those announced before, and lets the card have it as
 * soon as they are answered 9000. Only for commands that read: the answers before it may still prove
 * wrong. When another is sent instead, the answers to all that were announced are thrown away before. */
void tambo_secure_messaging_announce (TamboSecureMessaging *sm, TamboChannel *channel,
                                      const TamboCommand *command);
/* Sends COMMAND through CHANNEL under SM. */
gboolean tambo_secure_messaging_transmit (TamboSecureMessaging *sm, TamboChannel *channel,
                                          const TamboCommand *command, TamboResponse *out_response,
                                          GCancellable *cancellable,
                                          GError **error) G_GNUC_WARN_UNUSED_RESULT;
