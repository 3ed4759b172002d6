/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/bac.h"

#include <string.h>

#include "base/crypto.h"
#include "hex.h"
#include "memory-channel.h"

#define INFORMATION "L898902C<369080619406236"

static const guint8 *octets (GBytes *bytes) {
  return g_bytes_get_data (bytes, NULL);
}

/* Doc 9303-11 D.2. */
static void test_derive (void) {
  g_auto (TamboBacKeys) keys = { 0 };

  tambo_bac_keys_derive (INFORMATION, &keys);
  assert_hex (keys.k_seed, "239AB9CB282DAF66231DC5A4DF6BFBAE");
  assert_hex (keys.k_enc, "AB94FDECF2674FDFB9B391F85D7F76F2");
  assert_hex (keys.k_mac, "7962D9ECE03D1ACD4C76089DCE131543");
}

/* Doc 9303-11 D.3. */
static void test_mutual (void) {
  g_auto (TamboBacKeys) keys = { 0 };
  g_autoptr (GBytes) rnd_ic = hex ("4608F91988702212");
  g_autoptr (GBytes) rnd_ifd = hex ("781723860C06C226");
  g_autoptr (GBytes) k_ifd = hex ("0B795240CB7049B01C19B33E32804F0B");
  g_autoptr (GBytes) answer =
      hex ("46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F"
           "2F2D235D074D7449");
  guint8 plain[32];

  tambo_bac_keys_derive (INFORMATION, &keys);
  g_autoptr (GBytes) request =
      tambo_bac_mutual_encode (&keys, octets (rnd_ifd), octets (rnd_ic), octets (k_ifd));
  assert_hex (request, "72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F2"
                       "5F1448EEA8AD90A7");

  g_assert_true (tambo_bac_mutual_decode (&keys, octets (answer), 40, plain));
  g_autoptr (GBytes) decoded = g_bytes_new (plain, sizeof plain);
  assert_hex (decoded, "4608F91988702212781723860C06C2260B4F80323EB3191CB04970CB4052790B");
}

static void test_mutual_tampered (void) {
  g_auto (TamboBacKeys) keys = { 0 };
  g_autoptr (GBytes) answer =
      hex ("46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F"
           "2F2D235D074D7449");
  guint8 plain[32];

  tambo_bac_keys_derive (INFORMATION, &keys);
  for (gsize i = 0; i < 40; i++) {
    guint8 copy[40];
    memcpy (copy, octets (answer), sizeof copy);
    copy[i] ^= 1;
    g_assert_false (tambo_bac_mutual_decode (&keys, copy, sizeof copy, plain));
    g_assert_false (tambo_bac_mutual_decode (&keys, octets (answer), i, plain));
  }
}

/* Doc 9303-11 D.3 and the first command of D.4, which proves keys and counter. */
static void test_session (void) {
  g_autoptr (GBytes) seed = hex ("0036D272F5C350ACAC50C3F572D23600");
  g_autoptr (GBytes) ks_enc = tambo_bac_kdf (seed, 1);
  g_autoptr (GBytes) ks_mac = tambo_bac_kdf (seed, 2);
  g_autoptr (GBytes) rnd_ic = hex ("4608F91988702212");
  g_autoptr (GBytes) rnd_ifd = hex ("781723860C06C226");
  g_autoptr (GBytes) k_ic = hex ("0B4F80323EB3191CB04970CB4052790B");
  g_autoptr (GBytes) k_ifd = hex ("0B795240CB7049B01C19B33E32804F0B");

  assert_hex (ks_enc, "979EC13B1CBFE9DCD01AB0FED307EAE5");
  assert_hex (ks_mac, "F1CB1F1FB5ADF208806B89DC579DC1F8");

  g_autoptr (TamboSecureMessaging) sm =
      tambo_bac_session (octets (rnd_ic), octets (rnd_ifd), octets (k_ic), octets (k_ifd));
  TamboCommand select = { .ins = 0xA4, .p1 = 2, .p2 = 0x0C, .le = TAMBO_LE_NONE };
  select.data = (const guint8 *) "\x01\x1E";
  select.size = 2;
  g_autoptr (GBytes) wrapped = tambo_secure_messaging_wrap_command (sm, &select);
  assert_hex (wrapped, "0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800");
}

/* The chip's end of the protocol, as far as this test needs it. */
typedef struct {
  TamboBacKeys keys;
  guint8 rnd_ic[8];
  TamboSecureMessaging *sm;
  gboolean wants_le_00; /* some German passports */
  gboolean lies;        /* sends another RND.IFD back */
  guint attempts;
} Chip;

static void chip_init (Chip *chip, const char *information) {
  *chip = (Chip){ 0 };
  tambo_bac_keys_derive (information, &chip->keys);
}

static void chip_clear (Chip *chip) {
  tambo_bac_keys_clear (&chip->keys);
  g_clear_pointer (&chip->sm, tambo_secure_messaging_clear_free);
}

static GBytes *chip_authenticate (Chip *chip, const TamboCommand *command) {
  guint8 plain[32], k_ic[16];

  chip->attempts++;
  if (chip->wants_le_00 && command->le != 256)
    return tambo_response_encode (NULL, 0x6A88);
  if (!tambo_bac_mutual_decode (&chip->keys, command->data, command->size, plain)
      || memcmp (plain + 8, chip->rnd_ic, 8) != 0)
    return tambo_response_encode (NULL, 0x6300);
  tambo_random (k_ic, sizeof k_ic);
  g_clear_pointer (&chip->sm, tambo_secure_messaging_clear_free);
  chip->sm = tambo_bac_session (chip->rnd_ic, plain, k_ic, plain + 16);
  if (chip->lies)
    plain[0] ^= 1;
  g_autoptr (GBytes) answer = tambo_bac_mutual_encode (&chip->keys, chip->rnd_ic, plain, k_ic);
  return tambo_response_encode (answer, 0x9000);
}

static GBytes *chip_card (GBytes *bytes, gpointer data, GError **error) {
  Chip *chip = data;
  TamboCommand command, plain;
  g_autoptr (GBytes) storage = NULL;

  g_assert_true (
      tambo_command_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &command));
  if (command.ins == 0x84) {
    tambo_random (chip->rnd_ic, sizeof chip->rnd_ic);
    g_autoptr (GBytes) challenge = g_bytes_new (chip->rnd_ic, sizeof chip->rnd_ic);
    return tambo_response_encode (challenge, 0x9000);
  }
  if (command.ins == 0x82)
    return chip_authenticate (chip, &command);
  g_assert_nonnull (chip->sm);
  g_assert_true (
      tambo_secure_messaging_unwrap_command (chip->sm, &command, &plain, &storage, NULL));
  g_assert_cmpuint (plain.ins, ==, 0xB0);
  g_autoptr (GBytes) content = hex ("60145F01");
  return tambo_secure_messaging_wrap_response (chip->sm, content, 0x9000);
}

static void run_protocol (Chip *chip) {
  g_autoptr (TamboChannel) channel = memory_channel_new (chip_card, chip);
  g_auto (TamboBacKeys) keys = { 0 };
  g_autoptr (GError) error = NULL;
  g_auto (TamboResponse) response = { 0 };
  TamboCommand read = { .ins = 0xB0, .le = 4 };

  tambo_bac_keys_derive (INFORMATION, &keys);
  g_autoptr (TamboSecureMessaging) sm = tambo_bac_authenticate (channel, &keys, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (tambo_secure_messaging_transmit (sm, channel, &read, &response, NULL, &error));
  g_assert_no_error (error);
  assert_hex (response.data, "60145F01");
}

static void test_authenticate (void) {
  Chip chip;

  chip_init (&chip, INFORMATION);
  run_protocol (&chip);
  g_assert_cmpuint (chip.attempts, ==, 1);
  chip.wants_le_00 = TRUE;
  run_protocol (&chip);
  g_assert_cmpuint (chip.attempts, ==, 3);
  chip_clear (&chip);
}

static void assert_refused (Chip *chip) {
  g_autoptr (TamboChannel) channel = memory_channel_new (chip_card, chip);
  g_auto (TamboBacKeys) keys = { 0 };
  g_autoptr (GError) error = NULL;

  tambo_bac_keys_derive (INFORMATION, &keys);
  g_assert_null (tambo_bac_authenticate (channel, &keys, NULL, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION);
}

static void test_refused (void) {
  Chip chip;

  chip_init (&chip, "L898902C<369080619406235");
  assert_refused (&chip);
  chip_clear (&chip);

  chip_init (&chip, INFORMATION);
  chip.lies = TRUE;
  assert_refused (&chip);
  chip_clear (&chip);
}

static void test_challenge_malformed (void) {
  static const char *const pairs[] = { "0084000008", "01020304050607 9000", NULL };
  ScriptedCard card = { pairs, 0 };
  g_autoptr (TamboChannel) channel = memory_channel_new (scripted_card, &card);
  g_auto (TamboBacKeys) keys = { 0 };
  g_autoptr (GError) error = NULL;

  tambo_bac_keys_derive (INFORMATION, &keys);
  g_assert_null (tambo_bac_authenticate (channel, &keys, NULL, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chip/bac/derive", test_derive);
  g_test_add_func ("/chip/bac/mutual", test_mutual);
  g_test_add_func ("/chip/bac/mutual-tampered", test_mutual_tampered);
  g_test_add_func ("/chip/bac/session", test_session);
  g_test_add_func ("/chip/bac/authenticate", test_authenticate);
  g_test_add_func ("/chip/bac/refused", test_refused);
  g_test_add_func ("/chip/bac/challenge-malformed", test_challenge_malformed);
  return g_test_run ();
}
