/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/apdu.h"

#include <string.h>

#include "chip/secure-messaging.h"
#include "fuzz.h"

static TamboSecureMessaging *make_session (TamboSmCipher cipher) {
  static const guint8 octets[16] = { 0x7A, 0x25 };
  g_autoptr (GBytes) key = g_bytes_new_static (octets, sizeof octets);
  g_autoptr (GBytes) ssc = g_bytes_new_static (octets, cipher == TAMBO_SM_3DES ? 8 : 16);

  return tambo_secure_messaging_new (cipher, key, key, ssc);
}

/* What a command says is said the same way again; the forms that are longer than need be aside. */
static void judge_command (const TamboCommand *command, gsize size) {
  g_autoptr (GBytes) encoded = tambo_command_encode (command);
  TamboCommand again;
  gsize encoded_size;
  gconstpointer bytes = g_bytes_get_data (encoded, &encoded_size);

  g_assert_cmpuint (encoded_size, <=, size);
  g_assert_true (tambo_command_parse (bytes, encoded_size, &again));
  g_assert_true (again.size == command->size && again.le == command->le);
  g_assert_true (command->size == 0 || memcmp (again.data, command->data, again.size) == 0);
}

static void unwrap (TamboSmCipher cipher, const TamboCommand *command, TamboResponse *response) {
  g_autoptr (TamboSecureMessaging) chip = make_session (cipher);
  g_autoptr (TamboSecureMessaging) terminal = make_session (cipher);
  g_autoptr (GBytes) storage = NULL;
  g_auto (TamboResponse) plain_response = { 0 };
  TamboCommand plain;

  if (command && !tambo_secure_messaging_unwrap_command (chip, command, &plain, &storage, NULL))
    g_assert_null (storage);
  if (response
      && !tambo_secure_messaging_unwrap_response (terminal, response, &plain_response, NULL))
    g_assert_null (plain_response.data);
}

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size) {
  TamboCommand command;
  g_auto (TamboResponse) response = { 0 };
  gboolean is_command = tambo_command_parse (data, size, &command);
  gboolean is_response = tambo_response_parse (data, size, &response);

  if (is_command)
    judge_command (&command, size);
  for (int i = 0; i < 2; i++)
    unwrap (i ? TAMBO_SM_AES : TAMBO_SM_3DES, is_command ? &command : NULL,
            is_response ? &response : NULL);
  return 0;
}
