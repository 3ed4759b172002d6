/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/secure-messaging.h"

#include <string.h>

#include "hex.h"
#include "memory-channel.h"

static TamboSecureMessaging *appendix_d_session (void) {
  g_autoptr (GBytes) ks_enc = hex ("979EC13B1CBFE9DCD01AB0FED307EAE5");
  g_autoptr (GBytes) ks_mac = hex ("F1CB1F1FB5ADF208806B89DC579DC1F8");
  g_autoptr (GBytes) ssc = hex ("887022120C06C226");

  return tambo_secure_messaging_new (TAMBO_SM_3DES, ks_enc, ks_mac, ssc);
}

static TamboSecureMessaging *aes_session (gsize key_size) {
  static const guint8 material[64] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };
  g_autoptr (GBytes) ks_enc = g_bytes_new (material, key_size);
  g_autoptr (GBytes) ks_mac = g_bytes_new (material + 4, key_size);
  g_autoptr (GBytes) ssc = hex ("00000000000000000000000000FFFFFE");

  return tambo_secure_messaging_new (TAMBO_SM_AES, ks_enc, ks_mac, ssc);
}

static TamboCommand select_com (void) {
  TamboCommand command = { .ins = 0xA4, .p1 = 2, .p2 = 0x0C, .le = TAMBO_LE_NONE };

  command.data = (const guint8 *) "\x01\x1E";
  command.size = 2;
  return command;
}

/* Doc 9303-11 D.4: SELECT EF.COM, READ BINARY of 4 bytes and of the rest. */
static void test_appendix_d (void) {
  static const char *const pairs[] = {
    "0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800",
    "990290008E08FA855A5D4C50A8ED9000",
    "0CB000000D9701048E08ED6705417E96BA5500",
    "8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000",
    "0CB000040D9701128E082EA28A70F3C7B53500",
    "871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A990290008E08C8B2787EAEA07D749000",
    NULL,
  };
  static const char *const plain[] = { "", "60145F01", "04303130365F36063034303030305C026175" };
  TamboCommand commands[] = { select_com (),
                              { .ins = 0xB0, .le = 4 },
                              { .ins = 0xB0, .p2 = 4, .le = 0x12 } };
  ScriptedCard card = { pairs, 0 };
  g_autoptr (TamboChannel) channel = memory_channel_new (scripted_card, &card);
  g_autoptr (TamboSecureMessaging) sm = appendix_d_session ();

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++) {
    g_auto (TamboResponse) response = { 0 };
    g_autoptr (GError) error = NULL;
    gboolean sent =
        tambo_secure_messaging_transmit (sm, channel, &commands[i], &response, NULL, &error);
    g_assert_no_error (error);
    g_assert_true (sent);
    g_assert_cmphex (response.sw, ==, 0x9000);
    assert_hex (response.data, plain[i]);
  }
  g_assert_cmpuint (card.position, ==, 3);
  g_assert_cmpuint (tambo_secure_messaging_max_read (sm), ==, 231);
}

/* The same values from the chip's end. */
static void test_appendix_d_chip (void) {
  g_autoptr (TamboSecureMessaging) sm = appendix_d_session ();
  g_autoptr (GBytes) select = hex ("0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800");
  g_autoptr (GBytes) read = hex ("0CB000000D9701048E08ED6705417E96BA5500");
  g_autoptr (GBytes) content = hex ("60145F01");
  TamboCommand command, plain;
  g_autoptr (GBytes) storage = NULL;
  g_autoptr (GBytes) none = NULL;
  g_autoptr (GError) error = NULL;

  g_assert_true (
      tambo_command_parse (g_bytes_get_data (select, NULL), g_bytes_get_size (select), &command));
  g_assert_true (tambo_secure_messaging_unwrap_command (sm, &command, &plain, &storage, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (plain.cla, ==, 0);
  g_assert_cmpint (plain.le, ==, TAMBO_LE_NONE);
  g_assert_cmpmem (plain.data, plain.size, "\x01\x1E", 2);
  g_autoptr (GBytes) first = tambo_secure_messaging_wrap_response (sm, NULL, 0x9000);
  assert_hex (first, "990290008E08FA855A5D4C50A8ED9000");

  g_assert_true (
      tambo_command_parse (g_bytes_get_data (read, NULL), g_bytes_get_size (read), &command));
  g_assert_true (tambo_secure_messaging_unwrap_command (sm, &command, &plain, &none, &error));
  g_assert_cmpint (plain.le, ==, 4);
  g_assert_cmpuint (plain.size, ==, 0);
  g_autoptr (GBytes) second = tambo_secure_messaging_wrap_response (sm, content, 0x9000);
  assert_hex (second, "8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000");
}

/* One exchange through both ends. */
static void exchange (TamboSecureMessaging *terminal, TamboSecureMessaging *chip,
                      const TamboCommand *command, GBytes *answer) {
  TamboCommand protected_command, plain;
  g_autoptr (GBytes) storage = NULL;
  g_autoptr (GError) error = NULL;
  g_auto (TamboResponse) raw = { 0 };
  g_auto (TamboResponse) response = { 0 };

  g_autoptr (GBytes) wrapped = tambo_secure_messaging_wrap_command (terminal, command);
  g_assert_true (tambo_command_parse (g_bytes_get_data (wrapped, NULL), g_bytes_get_size (wrapped),
                                      &protected_command));
  g_assert_cmphex (protected_command.cla, ==, 0x0C);
  g_assert_true (
      tambo_secure_messaging_unwrap_command (chip, &protected_command, &plain, &storage, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (plain.ins, ==, command->ins);
  g_assert_cmpint (plain.le, ==, command->le);
  g_assert_cmpmem (plain.data, plain.size, command->data, command->size);

  g_autoptr (GBytes) protected_answer = tambo_secure_messaging_wrap_response (chip, answer, 0x9000);
  g_assert_true (tambo_response_parse (g_bytes_get_data (protected_answer, NULL),
                                       g_bytes_get_size (protected_answer), &raw));
  g_assert_true (tambo_secure_messaging_unwrap_response (terminal, &raw, &response, &error));
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (response.data, answer));
}

/* Many sizes, both kinds of instruction, short and extended: the counter carries over too. */
static void run_round_trip (TamboSecureMessaging *terminal, TamboSecureMessaging *chip) {
  static const gsize sizes[] = { 0, 1, 7, 8, 15, 16, 17, 223, 231, 240, 300, 4096 };
  static const int lengths[] = { TAMBO_LE_NONE, 1, 256, 257, 65536 };
  g_autofree guint8 *filler = g_malloc (4096);

  memset (filler, 0xA5, 4096);
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    for (gsize j = 0; j < G_N_ELEMENTS (lengths); j++) {
      TamboCommand command = { .ins = (i + j) & 1 ? 0xD7 : 0xD6, .p1 = 1, .le = lengths[j] };
      command.data = filler;
      command.size = sizes[i];
      g_autoptr (GBytes) answer = g_bytes_new (filler, sizes[G_N_ELEMENTS (sizes) - 1 - i]);
      exchange (terminal, chip, &command, answer);
    }
  }
}

static void test_round_trip (void) {
  static const gsize key_sizes[] = { 16, 24, 32 };

  for (gsize i = 0; i < G_N_ELEMENTS (key_sizes); i++) {
    g_autoptr (TamboSecureMessaging) terminal = aes_session (key_sizes[i]);
    g_autoptr (TamboSecureMessaging) chip = aes_session (key_sizes[i]);
    run_round_trip (terminal, chip);
    g_assert_cmpuint (tambo_secure_messaging_max_read (terminal), ==, 223);
  }
  g_autoptr (TamboSecureMessaging) terminal = appendix_d_session ();
  g_autoptr (TamboSecureMessaging) chip = appendix_d_session ();
  run_round_trip (terminal, chip);
}

/* max_read bytes fit a short answer, one block more does not. */
static void test_max_read (void) {
  TamboSecureMessaging *sessions[] = { appendix_d_session (), aes_session (16) };

  for (gsize i = 0; i < G_N_ELEMENTS (sessions); i++) {
    gsize max = tambo_secure_messaging_max_read (sessions[i]);
    g_autofree guint8 *filler = g_malloc0 (max + 1);
    g_autoptr (GBytes) fits = g_bytes_new (filler, max);
    g_autoptr (GBytes) too_much = g_bytes_new (filler, max + 1);
    g_autoptr (GBytes) a = tambo_secure_messaging_wrap_response (sessions[i], fits, 0x9000);
    g_autoptr (GBytes) b = tambo_secure_messaging_wrap_response (sessions[i], too_much, 0x9000);
    g_assert_cmpuint (g_bytes_get_size (a), <=, 258);
    g_assert_cmpuint (g_bytes_get_size (b), >, 258);
    tambo_secure_messaging_clear_free (sessions[i]);
  }
}

static TamboSecureMessaging *new_session (gboolean aes) {
  return aes ? aes_session (16) : appendix_d_session ();
}

static GBytes *make_answer (gboolean aes) {
  g_autoptr (TamboSecureMessaging) terminal = new_session (aes);
  g_autoptr (TamboSecureMessaging) chip = new_session (aes);
  TamboCommand read = { .ins = 0xB0, .le = 4 };
  TamboCommand protected_command, plain;
  g_autoptr (GBytes) storage = NULL;
  g_autoptr (GBytes) content = hex ("60145F01");

  g_autoptr (GBytes) wrapped = tambo_secure_messaging_wrap_command (terminal, &read);
  g_assert_true (tambo_command_parse (g_bytes_get_data (wrapped, NULL), g_bytes_get_size (wrapped),
                                      &protected_command));
  g_assert_true (
      tambo_secure_messaging_unwrap_command (chip, &protected_command, &plain, &storage, NULL));
  return tambo_secure_messaging_wrap_response (chip, content, 0x9000);
}

static void assert_answer_refused (gboolean aes, const guint8 *answer, gsize size) {
  g_autoptr (TamboSecureMessaging) terminal = new_session (aes);
  TamboCommand read = { .ins = 0xB0, .le = 4 };
  g_autoptr (GBytes) wrapped = tambo_secure_messaging_wrap_command (terminal, &read);
  g_auto (TamboResponse) raw = { 0 };
  TamboResponse response = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_true (tambo_response_parse (answer, size, &raw));
  g_assert_false (tambo_secure_messaging_unwrap_response (terminal, &raw, &response, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION);
  g_assert_null (response.data);
}

/* Every bit of a protected answer, and every cut of it. */
static void test_answer_tampered (void) {
  for (int aes = 0; aes < 2; aes++) {
    g_autoptr (GBytes) answer = make_answer (aes);
    gsize size;
    const guint8 *octets = g_bytes_get_data (answer, &size);
    for (gsize i = 0; i < size; i++) {
      for (int bit = 0; bit < 8; bit++) {
        g_autofree guint8 *copy = g_memdup2 (octets, size);
        copy[i] ^= (guint8) (1 << bit);
        assert_answer_refused (aes, copy, size);
      }
    }
    for (gsize cut = 1; cut < size - 2; cut++) {
      g_autofree guint8 *copy = g_memdup2 (octets + cut, size - cut); /* the status word stays */
      assert_answer_refused (aes, copy, size - cut);
    }
    for (gsize cut = 3; cut < size; cut++) {
      g_autofree guint8 *copy = g_memdup2 (octets, cut);
      assert_answer_refused (aes, copy, cut);
    }
  }
}

static void test_command_tampered (void) {
  for (int aes = 0; aes < 2; aes++) {
    g_autoptr (TamboSecureMessaging) terminal = new_session (aes);
    TamboCommand select = select_com ();
    g_autoptr (GBytes) wrapped = tambo_secure_messaging_wrap_command (terminal, &select);
    gsize size;
    const guint8 *octets = g_bytes_get_data (wrapped, &size);
    for (gsize i = 0; i + 1 < size; i++) { /* the outer Le is not protected */
      g_autofree guint8 *copy = g_memdup2 (octets, size);
      g_autoptr (TamboSecureMessaging) chip = new_session (aes);
      TamboCommand protected_command, plain;
      g_autoptr (GBytes) storage = NULL;
      g_autoptr (GError) error = NULL;
      copy[i] ^= 0x04;
      if (!tambo_command_parse (copy, size, &protected_command))
        continue;
      g_assert_false (tambo_secure_messaging_unwrap_command (chip, &protected_command, &plain,
                                                             &storage, &error));
      g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION);
      g_assert_null (storage);
    }
  }
}

static void test_replay (void) {
  g_autoptr (TamboSecureMessaging) terminal = appendix_d_session ();
  g_autoptr (GBytes) answer = make_answer (FALSE);
  TamboCommand read = { .ins = 0xB0, .le = 4 };
  g_auto (TamboResponse) raw = { 0 };
  g_auto (TamboResponse) response = { 0 };
  TamboResponse none = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_true (
      tambo_response_parse (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer), &raw));
  g_autoptr (GBytes) first = tambo_secure_messaging_wrap_command (terminal, &read);
  g_assert_true (tambo_secure_messaging_unwrap_response (terminal, &raw, &response, NULL));
  g_autoptr (GBytes) second = tambo_secure_messaging_wrap_command (terminal, &read);
  g_assert_false (tambo_secure_messaging_unwrap_response (terminal, &raw, &none, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION);
}

/* A bare 6A82 is the card's word and the session goes on; a bare 9000 or 6988 ends it. */
static void test_bare_status (void) {
  static const char *const pairs[] = {
    "0CB000000D9701048E08ED6705417E96BA5500",
    "6A82",
    NULL,
  };
  static const char *const ends[] = { "9000", "6988", "6987", "6282" };
  g_autoptr (TamboSecureMessaging) sm = appendix_d_session ();
  TamboCommand read = { .ins = 0xB0, .le = 4 };
  g_auto (TamboResponse) response = { 0 };
  ScriptedCard card = { pairs, 0 };
  g_autoptr (TamboChannel) channel = memory_channel_new (scripted_card, &card);

  TamboCommand select = select_com ();
  g_autoptr (GBytes) skipped = tambo_secure_messaging_wrap_command (sm, &select);
  g_auto (TamboResponse) selected = { 0 };
  g_auto (TamboResponse) plain = { 0 };
  g_autoptr (GBytes) answer = hex ("990290008E08FA855A5D4C50A8ED9000");
  g_assert_true (
      tambo_response_parse (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer), &selected));
  g_assert_true (tambo_secure_messaging_unwrap_response (sm, &selected, &plain, NULL));

  for (int i = 0; i < 2; i++) { /* the same bytes twice: the refused command was not counted */
    card.position = 0;
    tambo_response_clear (&response);
    g_assert_true (tambo_secure_messaging_transmit (sm, channel, &read, &response, NULL, NULL));
    g_assert_cmphex (response.sw, ==, 0x6A82);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (ends); i++) {
    g_autoptr (GBytes) bare = hex (ends[i]);
    assert_answer_refused (FALSE, g_bytes_get_data (bare, NULL), 2);
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chip/secure-messaging/appendix-d", test_appendix_d);
  g_test_add_func ("/chip/secure-messaging/appendix-d-chip", test_appendix_d_chip);
  g_test_add_func ("/chip/secure-messaging/round-trip", test_round_trip);
  g_test_add_func ("/chip/secure-messaging/max-read", test_max_read);
  g_test_add_func ("/chip/secure-messaging/answer-tampered", test_answer_tampered);
  g_test_add_func ("/chip/secure-messaging/command-tampered", test_command_tampered);
  g_test_add_func ("/chip/secure-messaging/replay", test_replay);
  g_test_add_func ("/chip/secure-messaging/bare-status", test_bare_status);
  return g_test_run ();
}
