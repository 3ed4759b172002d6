/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/scp.h"

#include <string.h>

#include "base/crypto.h"
#include "chip/scp-private.h"
#include "hex.h"
#include "memory-channel.h"

#define DEFAULT_KEY "404142434445464748494A4B4C4D4E4F"

static void set_keys (TamboScpKeys *keys, const char *enc, const char *mac) {
  keys->enc = hex (enc);
  keys->mac = hex (mac);
}

static void clear_keys (TamboScpKeys *keys) {
  g_bytes_unref (keys->enc);
  g_bytes_unref (keys->mac);
}

/* Runs the two commands of the authentication against PAIRS, whose first answer is that of INITIALIZE
 * UPDATE. */
static TamboScp *authenticate (TamboScpProtocol protocol, const TamboScpKeys *keys,
                               const char *challenge, const char *const *pairs, gboolean enciphered,
                               GError **error) {
  ScriptedCard card = { pairs, 0 };
  g_autoptr (TamboChannel) channel = memory_channel_new (scripted_card, &card);
  g_autoptr (GBytes) host = hex (challenge);

  return tambo_scp_authenticate_with (channel, protocol, keys, 0, g_bytes_get_data (host, NULL),
                                      enciphered, NULL, error);
}

static void assert_wraps (TamboScp *scp, const char *plain, gboolean enciphered,
                          const char *expected) {
  g_autoptr (GBytes) bytes = hex (plain);
  gsize size;
  gconstpointer data = g_bytes_get_data (bytes, &size);
  TamboCommand command;

  g_assert_true (tambo_command_parse (data, size, &command));
  g_autoptr (GBytes) wrapped = tambo_scp_wrap_command (scp, &command, enciphered);
  assert_hex (wrapped, expected);
}

/* Card Specification 2.3 annex E.4.1 with the published default key and sequence counter 0007. */
static void test_scp02_keys (void) {
  TamboScpKeys keys;
  g_autoptr (GBytes) card = hex ("0007000000000000");
  guint8 host[8] = { 0 };

  set_keys (&keys, DEFAULT_KEY, DEFAULT_KEY);
  g_autoptr (TamboScp) scp =
      tambo_scp_new (TAMBO_SCP_02, &keys, host, g_bytes_get_data (card, NULL));
  assert_hex (scp->s_mac, "7A227D376A9DBE23AB50B7DCB45B2093");
  assert_hex (scp->s_enc, "A2268F71917EFE0F33CC6166E1154E27");
  clear_keys (&keys);
}

/* Recorded with a card of the default keys: C-MAC alone, then GET STATUS. */
static void test_scp02_mac (void) {
  static const char *const pairs[] = {
    "8050000008D5AD539A60CA5E7200",
    "000074746E6E6E6262620102069FAA2A0591E73367DD78794D04315E9000",
    "84820100107C799B3C771DBAE6BEF49310977617BA",
    "9000",
    NULL,
  };
  TamboScpKeys keys;
  g_autoptr (GError) error = NULL;

  set_keys (&keys, DEFAULT_KEY, DEFAULT_KEY);
  g_autoptr (TamboScp) scp =
      authenticate (TAMBO_SCP_02, &keys, "D5AD539A60CA5E72", pairs, FALSE, &error);
  g_assert_no_error (error);
  assert_wraps (scp, "80F22002024F0000", FALSE, "84F220020A4F00BB6E71C0EFCFCF0D00");
  clear_keys (&keys);
}

static const char *const scp02_enciphered[] = {
  "8050000008EBAA9E53C696281B00",
  "000074746E6E6E626262010206A15086BBEE58F467149061DA4B6EAE9000",
  "848203001005814C116071EB67D8BA9D9879454564",
  "9000",
  NULL,
};

/* The same with C-ENC: two DELETE, one after the other. */
static void test_scp02_enciphered (void) {
  TamboScpKeys keys;
  g_autoptr (GError) error = NULL;

  set_keys (&keys, DEFAULT_KEY, DEFAULT_KEY);
  g_autoptr (TamboScp) scp =
      authenticate (TAMBO_SCP_02, &keys, "EBAA9E53C696281B", scp02_enciphered, TRUE, &error);
  g_assert_no_error (error);
  assert_wraps (scp, "80E400800A4F08D0D1D2D3D4D5010100", TRUE,
                "84E4008018BC146FA0403BE4BAD3BC089E4ABD8674DA7EFEA21047B85800");
  assert_wraps (scp, "80E40080094F07D0D1D2D3D4D50100", TRUE,
                "84E4008018C2748C1669FAFC0E20C5253680388A4A49C9A6038D77B45700");
  clear_keys (&keys);
}

#define SCP03_ENC "F995D0A069335C7DF42E590317FFEA6D"
#define SCP03_MAC "58563362EC5A4541ABCD32B34B1EAE7D"

static const char *const scp03_recorded[] = {
  "8050000008B2BDE1A2DC66BD5600",
  "00000000000000000000300370C40932A6FEFEAEB2E127185170F45FCA0000159000",
  "848203001059D54D932423D29F6313C970875F8C2F",
  "9000",
  NULL,
};

/* Amendment D: session keys, both cryptograms, C-MAC chain and C-ENC of a recorded session. */
static void test_scp03 (void) {
  TamboScpKeys keys;
  g_autoptr (GError) error = NULL;

  set_keys (&keys, SCP03_ENC, SCP03_MAC);
  g_autoptr (TamboScp) scp =
      authenticate (TAMBO_SCP_03, &keys, "B2BDE1A2DC66BD56", scp03_recorded, TRUE, &error);
  g_assert_no_error (error);
  assert_hex (scp->s_enc, "9B841BB63D1087484FF7F16802017243");
  assert_hex (scp->s_mac, "8117FE5ADED74AC0DAABE9FB81DBDB67");
  assert_wraps (scp, "80E400800A4F08A00100015141434C", TRUE,
                "84E400801829F06AEC3180B3EFE91FF662310B945DE0D5FE66AD67A5B6");
  clear_keys (&keys);
}

static void test_scp03_second (void) {
  static const char *const pairs[] = {
    "80500000089BD6BF878FB8E99100",
    "000000000000000000003003703C80C2CC87EB3A35E4EDBA35E629C33600001E9000",
    "848203001023EBFEDC579D22CDCDB6A25A5FF7891F",
    "9000",
    NULL,
  };
  TamboScpKeys keys;
  g_autoptr (GError) error = NULL;

  set_keys (&keys, SCP03_ENC, SCP03_MAC);
  g_autoptr (TamboScp) scp =
      authenticate (TAMBO_SCP_03, &keys, "9BD6BF878FB8E991", pairs, TRUE, &error);
  g_assert_no_error (error);
  assert_hex (scp->s_enc, "D83EE38C9954C8078987A5E9EE6AB13C");
  assert_hex (scp->s_mac, "6FF37716E0413065E8DFD08BF1E9EC5E");
  clear_keys (&keys);
}

/* Nothing is sent that counts against the keys when the card's own proof is wrong. */
static void test_wrong_keys (void) {
  TamboScpKeys keys;
  g_autoptr (GError) error = NULL;
  const char *const only_first[] = { scp03_recorded[0], scp03_recorded[1], NULL };

  set_keys (&keys, SCP03_ENC, SCP03_ENC);
  g_assert_null (authenticate (TAMBO_SCP_03, &keys, "B2BDE1A2DC66BD56", only_first, TRUE, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION);
  clear_keys (&keys);
}

static void test_other_protocol (void) {
  TamboScpKeys keys;
  g_autoptr (GError) error = NULL;
  const char *const only_first[] = { scp02_enciphered[0], scp02_enciphered[1], NULL };

  set_keys (&keys, DEFAULT_KEY, DEFAULT_KEY);
  g_assert_null (authenticate (TAMBO_SCP_03, &keys, "EBAA9E53C696281B", only_first, TRUE, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED);
  clear_keys (&keys);
}

/* Cut anywhere, the answer to INITIALIZE UPDATE is an error and not a read past its end. */
static void test_truncated (void) {
  TamboScpKeys keys;

  set_keys (&keys, SCP03_ENC, SCP03_MAC);
  for (gsize size = 0; size < strlen (scp03_recorded[1]) - 4; size += 2) {
    g_autofree char *cut = g_strndup (scp03_recorded[1], size);
    g_autofree char *answer = g_strconcat (cut, "9000", NULL);
    /* 29 bytes are whole: the counter behind them is optional */
    const char *const pairs[] = { scp03_recorded[0], answer, scp03_recorded[2], "9000", NULL };
    g_autoptr (GError) error = NULL;
    g_autoptr (TamboScp) scp =
        authenticate (TAMBO_SCP_03, &keys, "B2BDE1A2DC66BD56", pairs, TRUE, &error);
    g_assert_true ((scp != NULL) == (size == 58));
    g_assert_true ((error != NULL) == (size != 58));
  }
  clear_keys (&keys);
}

/* What one end wraps the other unwraps, for every size, protocol and length of key. */
static void test_both_ends (void) {
  static const struct {
    TamboScpProtocol protocol;
    gsize key_size;
  } cases[] = {
    { TAMBO_SCP_02, 16 }, { TAMBO_SCP_03, 16 }, { TAMBO_SCP_03, 24 }, { TAMBO_SCP_03, 32 }
  };
  guint8 host[8], card[8], data[TAMBO_SCP_MAX_DATA];

  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    TamboScpKeys keys = { tambo_random_bytes (cases[i].key_size),
                          tambo_random_bytes (cases[i].key_size) };
    tambo_random (host, sizeof host);
    tambo_random (card, sizeof card);
    tambo_random (data, sizeof data);
    g_autoptr (TamboScp) sender = tambo_scp_new (cases[i].protocol, &keys, host, card);
    g_autoptr (TamboScp) receiver = tambo_scp_new (cases[i].protocol, &keys, host, card);
    for (gsize size = 0; size <= sizeof data; size++) {
      TamboCommand command = {
        .cla = 0x80, .ins = 0xE2, .p1 = 8, .data = data, .size = size, .le = TAMBO_LE_NONE
      };
      g_autoptr (GBytes) wrapped = tambo_scp_wrap_command (sender, &command, TRUE);
      g_autoptr (GBytes) storage = NULL;
      g_autoptr (GError) error = NULL;
      TamboCommand sent, seen;
      gsize wrapped_size;
      gconstpointer octets = g_bytes_get_data (wrapped, &wrapped_size);
      g_assert_cmpuint (wrapped_size, <=, 5 + 255);
      g_assert_true (tambo_command_parse (octets, wrapped_size, &sent));
      g_assert_true (tambo_scp_unwrap_command (receiver, &sent, TRUE, &seen, &storage, &error));
      g_assert_no_error (error);
      g_assert_cmpmem (seen.data, seen.size, data, size);
      g_assert_cmphex (seen.cla, ==, 0x80);
    }
    clear_keys (&keys);
  }
}

/* One flipped bit anywhere, and the session is over, also for the right command. */
static void test_forged (void) {
  TamboScpKeys keys = { tambo_random_bytes (16), tambo_random_bytes (16) };
  guint8 host[8] = { 1 }, card[8] = { 2 }, data[20] = { 3 };
  TamboCommand command = {
    .cla = 0x80, .ins = 0xE2, .data = data, .size = sizeof data, .le = TAMBO_LE_NONE
  };

  for (int protocol = TAMBO_SCP_02; protocol <= TAMBO_SCP_03; protocol++) {
    g_autoptr (TamboScp) sender = tambo_scp_new (protocol, &keys, host, card);
    g_autoptr (GBytes) wrapped = tambo_scp_wrap_command (sender, &command, TRUE);
    gsize size;
    const guint8 *octets = g_bytes_get_data (wrapped, &size);
    for (gsize at = 1; at < size; at++) {
      g_autofree guint8 *copy = g_memdup2 (octets, size);
      g_autoptr (TamboScp) receiver = tambo_scp_new (protocol, &keys, host, card);
      g_autoptr (GBytes) storage = NULL;
      TamboCommand sent, seen;
      copy[at] ^= 0x10;
      if (!tambo_command_parse (copy, size, &sent))
        continue;
      g_assert_false (tambo_scp_unwrap_command (receiver, &sent, TRUE, &seen, &storage, NULL));
      g_assert_true (tambo_command_parse (octets, size, &sent));
      g_assert_false (tambo_scp_unwrap_command (receiver, &sent, TRUE, &seen, &storage, NULL));
    }
  }
  clear_keys (&keys);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chip/scp/02/keys", test_scp02_keys);
  g_test_add_func ("/chip/scp/02/mac", test_scp02_mac);
  g_test_add_func ("/chip/scp/02/enciphered", test_scp02_enciphered);
  g_test_add_func ("/chip/scp/03/recorded", test_scp03);
  g_test_add_func ("/chip/scp/03/second", test_scp03_second);
  g_test_add_func ("/chip/scp/wrong-keys", test_wrong_keys);
  g_test_add_func ("/chip/scp/other-protocol", test_other_protocol);
  g_test_add_func ("/chip/scp/truncated", test_truncated);
  g_test_add_func ("/chip/scp/both-ends", test_both_ends);
  g_test_add_func ("/chip/scp/forged", test_forged);
  return g_test_run ();
}
