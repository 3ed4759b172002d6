/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/scp.h"

#include <string.h>

#include <openssl/crypto.h>

#include "base/bytes.h"
#include "base/crypto.h"
#include "chip/cipher.h"
#include "chip/scp-private.h"
#include "chip/status.h"

#define CLA_SECURE 0x84
#define CLA_SECURE_BIT 0x04
#define INS_INITIALIZE_UPDATE 0x50
#define INS_EXTERNAL_AUTHENTICATE 0x82
#define LEVEL_C_MAC 0x01
#define LEVEL_C_MAC_C_ENC 0x03

/* The answer to INITIALIZE UPDATE: ten bytes of diversification data, two or three of key
 * information, challenge and cryptogram. */
#define INFORMATION_AT 10
#define SCP02_CHALLENGE_AT 12
#define SCP02_ANSWER 28
#define SCP03_CHALLENGE_AT 13
#define SCP03_ANSWER 29
#define SCP03_ANSWER_WITH_COUNTER 32

TamboScp *tambo_scp_new (TamboScpProtocol protocol, const TamboScpKeys *keys,
                         const guint8 host_challenge[TAMBO_SCP_CHALLENGE_SIZE],
                         const guint8 card_challenge[TAMBO_SCP_CHALLENGE_SIZE]) {
  TamboScp *scp = g_new0 (TamboScp, 1);

  scp->protocol = protocol;
  memcpy (scp->host_challenge, host_challenge, sizeof scp->host_challenge);
  memcpy (scp->card_challenge, card_challenge, sizeof scp->card_challenge);
  if (protocol == TAMBO_SCP_02)
    tambo_scp02_derive (scp, keys);
  else
    tambo_scp03_derive (scp, keys);
  return scp;
}

void tambo_scp_clear_free (TamboScp *scp) {
  if (!scp)
    return;
  g_clear_pointer (&scp->s_enc, g_bytes_unref);
  g_clear_pointer (&scp->s_mac, g_bytes_unref);
  tambo_secret_wipe (scp, sizeof *scp);
  g_free (scp);
}

static void cryptogram (const TamboScp *scp, gboolean of_card, guint8 *out) {
  if (scp->protocol == TAMBO_SCP_02)
    tambo_scp02_cryptogram (scp, of_card, out);
  else
    tambo_scp03_cryptogram (scp, of_card, out);
}

void tambo_scp_card_cryptogram (const TamboScp *scp, guint8 out[TAMBO_SCP_CRYPTOGRAM_SIZE]) {
  cryptogram (scp, TRUE, out);
}

void tambo_scp_host_cryptogram (const TamboScp *scp, guint8 out[TAMBO_SCP_CRYPTOGRAM_SIZE]) {
  cryptogram (scp, FALSE, out);
}

static gsize block_size (const TamboScp *scp) {
  return scp->protocol == TAMBO_SCP_02 ? 8 : 16;
}

static void cipher (const TamboScp *scp, gboolean encrypt, guint8 *data, gsize size) {
  if (scp->protocol == TAMBO_SCP_02)
    tambo_scp02_cipher (scp, encrypt, data, size);
  else
    tambo_scp03_cipher (scp, encrypt, data, size);
}

/* Over the command as it travels, with the length that counts the MAC. */
static void make_mac (TamboScp *scp, const TamboCommand *command, gconstpointer data, gsize size,
                      guint8 out_mac[TAMBO_SCP_MAC_SIZE]) {
  guint8 header[] = { command->cla | CLA_SECURE_BIT, command->ins, command->p1, command->p2,
                      (guint8) (size + TAMBO_SCP_MAC_SIZE) };

  if (scp->protocol == TAMBO_SCP_02)
    tambo_scp02_mac (scp, header, data, size, out_mac);
  else
    tambo_scp03_mac (scp, header, data, size, out_mac);
}

/* SCP02 puts the MAC over the plain data, SCP03 over the enciphered. */
GBytes *tambo_scp_wrap_command (TamboScp *scp, const TamboCommand *command, gboolean enciphered) {
  g_autoptr (GByteArray) data = g_byte_array_new ();
  guint8 mac[TAMBO_SCP_MAC_SIZE];

  g_return_val_if_fail (command->size <= TAMBO_SCP_MAX_DATA, NULL);

  if (scp->protocol == TAMBO_SCP_02)
    make_mac (scp, command, command->data, command->size, mac);
  if (command->size > 0)
    tambo_put_bytes (data, command->data, command->size);
  if (enciphered && data->len > 0) {
    tambo_cipher_pad (data, block_size (scp));
    cipher (scp, TRUE, data->data, data->len);
  }
  if (scp->protocol == TAMBO_SCP_03)
    make_mac (scp, command, data->data, data->len, mac);
  tambo_put_bytes (data, mac, sizeof mac);
  scp->counter++;

  TamboCommand secured = *command;
  secured.cla |= CLA_SECURE_BIT;
  secured.data = data->data;
  secured.size = data->len;
  return tambo_command_encode (&secured);
}

static gboolean refuse (TamboScp *scp, GError **error, const char *cause) {
  scp->over = TRUE;
  g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION,
               "the secure channel failed: %s", cause);
  return FALSE;
}

/* What is left of DATA without encipherment and padding; NULL when it has not that form. */
static GByteArray *decipher (const TamboScp *scp, const guint8 *data, gsize size) {
  g_autoptr (GByteArray) plain = g_byte_array_new ();
  gsize plain_size;

  if (size == 0)
    return g_steal_pointer (&plain);
  if (size % block_size (scp))
    return NULL;
  tambo_put_bytes (plain, data, size);
  cipher (scp, FALSE, plain->data, plain->len);
  if (!tambo_cipher_unpad (plain->data, plain->len, block_size (scp), &plain_size))
    return NULL;
  g_byte_array_set_size (plain, (guint) plain_size);
  return g_steal_pointer (&plain);
}

gboolean tambo_scp_unwrap_command (TamboScp *scp, const TamboCommand *protected_command,
                                   gboolean enciphered, TamboCommand *out_command,
                                   GBytes **out_storage, GError **error) {
  const TamboCommand *from = protected_command;
  guint8 mac[TAMBO_SCP_MAC_SIZE];

  if (scp->over)
    return refuse (scp, error, "the session is over");
  if (!(from->cla & CLA_SECURE_BIT) || from->size < sizeof mac || from->size > 255)
    return refuse (scp, error, "the command carries no C-MAC");

  gsize size = from->size - sizeof mac;
  if (scp->protocol == TAMBO_SCP_03)
    make_mac (scp, from, from->data, size, mac);
  g_autoptr (GByteArray) plain = NULL;
  if (enciphered) {
    plain = decipher (scp, from->data, size);
  } else {
    plain = g_byte_array_new ();
    tambo_put_bytes (plain, from->data, size);
  }
  if (scp->protocol == TAMBO_SCP_02 && plain)
    make_mac (scp, from, plain->data, plain->len, mac);
  scp->counter++;
  if (!plain || CRYPTO_memcmp (mac, from->data + size, sizeof mac) != 0)
    return refuse (scp, error, "the C-MAC does not hold");

  TamboCommand command = *from;
  command.cla &= (guint8) ~CLA_SECURE_BIT;
  *out_storage = g_byte_array_free_to_bytes (g_steal_pointer (&plain));
  command.data = g_bytes_get_data (*out_storage, &command.size);
  *out_command = command;
  return TRUE;
}

static gboolean initialize_update (TamboChannel *channel, guint8 key_version,
                                   const guint8 *host_challenge, TamboResponse *out_response,
                                   GCancellable *cancellable, GError **error) {
  TamboCommand command = { .cla = 0x80,
                           .ins = INS_INITIALIZE_UPDATE,
                           .p1 = key_version,
                           .data = host_challenge,
                           .size = TAMBO_SCP_CHALLENGE_SIZE,
                           .le = 256 };

  if (!tambo_channel_transmit (channel, &command, out_response, cancellable, error))
    return FALSE;
  if (out_response->sw == TAMBO_SW_OK)
    return TRUE;
  tambo_status_set_error (error, TAMBO_CHIP_ERROR_STATUS, "INITIALIZE UPDATE", out_response->sw);
  return FALSE;
}

/* A card that offers the older protocol is not followed there: who may choose it is whoever wrote the
 * keys down. */
static const guint8 *find_challenge (TamboScpProtocol protocol, GBytes *answer, GError **error) {
  gsize size;
  const guint8 *data = g_bytes_get_data (answer, &size);

  if (size < SCP02_ANSWER || size > SCP03_ANSWER_WITH_COUNTER) {
    g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
                 "the answer to INITIALIZE UPDATE has %" G_GSIZE_FORMAT " bytes", size);
    return NULL;
  }
  guint offered = data[INFORMATION_AT + 1];
  if (offered != (guint) protocol) {
    g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED,
                 "the card speaks secure channel protocol %02u, the keys are for %02u", offered,
                 (guint) protocol);
    return NULL;
  }
  if (protocol == TAMBO_SCP_02 && size == SCP02_ANSWER)
    return data + SCP02_CHALLENGE_AT;
  if (protocol == TAMBO_SCP_03 && (size == SCP03_ANSWER || size == SCP03_ANSWER_WITH_COUNTER))
    return data + SCP03_CHALLENGE_AT;
  g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
                       "the answer to INITIALIZE UPDATE has not the size of its protocol");
  return NULL;
}

static gboolean external_authenticate (TamboScp *scp, TamboChannel *channel, gboolean enciphered,
                                       GCancellable *cancellable, GError **error) {
  guint8 proof[TAMBO_SCP_CRYPTOGRAM_SIZE];
  TamboCommand command = { .cla = CLA_SECURE,
                           .ins = INS_EXTERNAL_AUTHENTICATE,
                           .p1 = enciphered ? LEVEL_C_MAC_C_ENC : LEVEL_C_MAC,
                           .data = proof,
                           .size = sizeof proof,
                           .le = TAMBO_LE_NONE };
  g_auto (TamboResponse) response = { 0 };

  tambo_scp_host_cryptogram (scp, proof);
  g_autoptr (GBytes) request = tambo_scp_wrap_command (scp, &command, FALSE);
  gsize size;
  gconstpointer data = g_bytes_get_data (request, &size);
  TamboCommand secured;
  if (!tambo_command_parse (data, size, &secured))
    return refuse (scp, error, "the command cannot be sent");
  if (!tambo_channel_transmit (channel, &secured, &response, cancellable, error))
    return FALSE;
  if (response.sw == TAMBO_SW_OK)
    return TRUE;
  tambo_status_set_error (error, TAMBO_CHIP_ERROR_AUTHENTICATION, "EXTERNAL AUTHENTICATE",
                          response.sw);
  return FALSE;
}

static gboolean check_keys (TamboScpProtocol protocol, const TamboScpKeys *keys, GError **error) {
  gsize enc = g_bytes_get_size (keys->enc), mac = g_bytes_get_size (keys->mac);
  gboolean known = enc == 16 || (protocol == TAMBO_SCP_03 && (enc == 24 || enc == 32));

  if (known && enc == mac)
    return TRUE;
  g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED,
               "secure channel protocol %02u has no keys of %" G_GSIZE_FORMAT
               " and %" G_GSIZE_FORMAT " bytes",
               (guint) protocol, enc, mac);
  return FALSE;
}

TamboScp *tambo_scp_authenticate_with (TamboChannel *channel, TamboScpProtocol protocol,
                                       const TamboScpKeys *keys, guint8 key_version,
                                       const guint8 host_challenge[TAMBO_SCP_CHALLENGE_SIZE],
                                       gboolean enciphered, GCancellable *cancellable,
                                       GError **error) {
  g_auto (TamboResponse) response = { 0 };
  guint8 expected[TAMBO_SCP_CRYPTOGRAM_SIZE];

  if (!check_keys (protocol, keys, error)
      || !initialize_update (channel, key_version, host_challenge, &response, cancellable, error))
    return NULL;
  const guint8 *challenge = find_challenge (protocol, response.data, error);
  if (!challenge)
    return NULL;
  g_autoptr (TamboScp) scp = tambo_scp_new (protocol, keys, host_challenge, challenge);
  tambo_scp_card_cryptogram (scp, expected);
  if (CRYPTO_memcmp (expected, challenge + TAMBO_SCP_CHALLENGE_SIZE, sizeof expected) != 0) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION,
                         "the card does not know the personalisation keys");
    return NULL;
  }
  return external_authenticate (scp, channel, enciphered, cancellable, error)
             ? g_steal_pointer (&scp)
             : NULL;
}

TamboScp *tambo_scp_authenticate (TamboChannel *channel, TamboScpProtocol protocol,
                                  const TamboScpKeys *keys, guint8 key_version,
                                  GCancellable *cancellable, GError **error) {
  guint8 host_challenge[TAMBO_SCP_CHALLENGE_SIZE];

  tambo_random (host_challenge, sizeof host_challenge);
  return tambo_scp_authenticate_with (channel, protocol, keys, key_version, host_challenge, TRUE,
                                      cancellable, error);
}

gboolean tambo_scp_transmit (TamboScp *scp, TamboChannel *channel, const TamboCommand *command,
                             TamboResponse *out_response, GCancellable *cancellable,
                             GError **error) {
  TamboCommand secured;

  if (command->size > TAMBO_SCP_MAX_DATA)
    return refuse (scp, error, "the command is too long");
  g_autoptr (GBytes) request = tambo_scp_wrap_command (scp, command, TRUE);
  gsize size;
  gconstpointer data = g_bytes_get_data (request, &size);
  if (!tambo_command_parse (data, size, &secured))
    return refuse (scp, error, "the command cannot be sent");
  return tambo_channel_transmit (channel, &secured, out_response, cancellable, error);
}
