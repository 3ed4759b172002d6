/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "chip/pace-private.h"
#include "hex.h"
#include "memory-channel.h"
#include "pace-examples.h"

#define MRZ_INFORMATION "L898902C3674081221204159"

static GBytes *hex_or_null (const char *text) {
  return text ? hex (text) : NULL;
}

static void secrets_clear (TamboPaceSecrets *secrets) {
  g_clear_pointer (&secrets->password_key, g_bytes_unref);
  g_clear_pointer (&secrets->nonce, g_bytes_unref);
  g_clear_pointer (&secrets->mapping, g_bytes_unref);
  g_clear_pointer (&secrets->exchange, g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboPaceSecrets, secrets_clear)

static void example_password (const PaceExample *example, TamboPacePassword *out_password) {
  tambo_pace_password_from_mrz (example->mrz ? example->mrz : MRZ_INFORMATION, out_password);
}

/* Where the appendix says the MRZ, the password's key is derived from it. */
static GBytes *example_key (const PaceExample *example) {
  return example->mrz ? NULL : hex (example->password_key);
}

static void assert_session (TamboSecureMessaging *sm, const PaceExample *example) {
  g_autoptr (GBytes) ks_enc = hex (example->ks_enc);
  g_autoptr (GBytes) ks_mac = hex (example->ks_mac);
  g_autoptr (GBytes) ssc = hex ("00000000000000000000000000000000");
  g_autoptr (TamboSecureMessaging) same =
      tambo_secure_messaging_new (TAMBO_SM_AES, ks_enc, ks_mac, ssc);
  TamboCommand command = {
    .ins = 0xA4, .p1 = 2, .p2 = 0x0C, .data = (const guint8 *) "\x01\x1E", .size = 2, .le = 256
  };
  g_autoptr (GBytes) wrapped = tambo_secure_messaging_wrap_command (sm, &command);
  g_autoptr (GBytes) expected = tambo_secure_messaging_wrap_command (same, &command);

  g_assert_true (g_bytes_equal (wrapped, expected));
}

/* COMP is Comp of the ephemeral key that TRACE shows behind HEADER octets, in TAG: the X coordinate, or
 * SHA-1 of the number (TR-03110-3, A.2.2.3). */
static void assert_comp (GBytes *comp, const char *trace, gsize header, guint8 tag) {
  g_autoptr (GBytes) octets = hex (trace);
  gsize size;
  const guint8 *data = g_bytes_get_data (octets, &size);
  TamboReader reader = tambo_reader (data + header, size - header);
  TamboTlv outer, key;

  g_assert_true (tambo_tlv_next (&reader, &outer));
  g_assert_true (tambo_tlv_find (outer.value, outer.length, tag, &key));
  if (key.value[0] == 0x04 && key.length % 2) {
    g_assert_cmpmem (g_bytes_get_data (comp, NULL), g_bytes_get_size (comp), key.value + 1,
                     key.length / 2);
  } else {
    g_autofree char *sum = g_compute_checksum_for_data (G_CHECKSUM_SHA1, key.value, key.length);
    assert_hex (comp, sum);
  }
}

/* The terminal's end of appendices G.1, G.2, H.1, H.2 and I.1, all APDUs. */
static void test_terminal (gconstpointer data) {
  const PaceExample *example = data;
  ScriptedCard card = { example->trace, 0 };
  g_autoptr (TamboChannel) channel = memory_channel_new (scripted_card, &card);
  g_auto (TamboPacePassword) password = { 0 };
  g_auto (TamboPaceSession) session = { 0 };
  g_auto (TamboPaceSecrets) secrets = {
    .password_key = example_key (example),
    .nonce = hex_or_null (example->t),
    .mapping = hex_or_null (example->terminal_mapping),
    .exchange = hex (example->terminal_exchange),
  };
  g_autoptr (GError) error = NULL;

  example_password (example, &password);
  g_assert_true (tambo_pace_authenticate_with (channel, &example->info, &password, &secrets,
                                               &session, NULL, &error));
  g_assert_no_error (error);
  g_assert_null (example->trace[2 * card.position]);
  assert_session (session.sm, example);
  assert_comp (session.terminal_key, example->trace[6], 5, 0x83);
  assert_comp (session.chip_key, example->trace[7], 0, 0x84);
  if (!example->proof) {
    g_assert_null (session.chip_authentication_data);
    return;
  }
  g_autoptr (GBytes) public_key = hex (example->static_public);
  g_autoptr (GBytes) other_key = hex (pace_examples[0].generator);
  assert_hex (session.chip_authentication_data, example->proof);
  g_assert_true (tambo_pace_session_proves (&session, &example->info, public_key));
  g_assert_false (tambo_pace_session_proves (&session, &example->info, other_key));
}

/* The chip's end of the same, where the appendix gives its secrets. */
static void test_chip (gconstpointer data) {
  const PaceExample *example = data;
  g_auto (TamboPacePassword) password = { 0 };
  g_auto (TamboPaceSecrets) secrets = {
    .password_key = example_key (example),
    .nonce = hex (example->s),
    .mapping = hex_or_null (example->chip_mapping),
    .exchange = hex_or_null (example->chip_exchange),
  };
  g_autoptr (GBytes) static_key = hex_or_null (example->static_private);
  gsize n = g_strv_length ((char **) example->trace);

  example_password (example, &password);
  g_autoptr (TamboPaceChip) chip =
      tambo_pace_chip_new (&example->info, 1, &password, 1, static_key);
  tambo_pace_chip_set_secrets (chip, &secrets);
  for (gsize i = 0; i < n; i += 2) {
    g_autoptr (GBytes) bytes = hex (example->trace[i]);
    g_autoptr (GBytes) out = NULL;
    g_autoptr (TamboSecureMessaging) sm = NULL;
    TamboCommand command;
    g_assert_true (
        tambo_command_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &command));
    guint16 sw = tambo_pace_chip_process (chip, &command, &out, &sm);
    if (i >= 6 && !example->chip_exchange) /* I.1 does not say the chip's ephemeral key */
      break;
    g_autoptr (GBytes) answer = tambo_response_encode (out, sw);
    assert_hex (answer, example->trace[i + 1]);
    g_assert_cmpint (sm != NULL, ==, i + 2 == n);
    if (sm)
      assert_session (sm, example);
  }
}

/* Sections 4.4.3.3 and 9.7 one by one. */
static void test_steps (gconstpointer data) {
  const PaceExample *example = data;
  g_auto (TamboPacePassword) password = { 0 };
  g_auto (TamboPaceSecrets) secrets = {
    .password_key = example_key (example),
    .mapping = hex_or_null (example->terminal_mapping),
    .exchange = hex (example->terminal_exchange),
  };
  g_auto (TamboPaceRun) run = { 0 };

  example_password (example, &password);
  tambo_pace_run_init (&run, &example->info, &password, &secrets);
  if (example->password_key)
    assert_hex (run.password_key, example->password_key);
  run.nonce = hex (example->s);
  if (example->t) {
    g_autoptr (GBytes) t = hex (example->t);
    g_assert_true (tambo_pace_run_map_integrated (&run, t));
  } else {
    g_autoptr (GBytes) its = hex (example->chip_mapping);
    g_autoptr (GBytes) peer = tambo_domain_parameters_multiply (
        run.domain, tambo_domain_parameters_get_generator (run.domain), its);
    g_assert_true (tambo_pace_run_map_generic (&run, peer));
  }
  assert_hex (run.generator, example->generator);
}

/* Appendix H.1: R (s, t); and section 4.4.3.3.2's lengths for the other ciphers. */
static void test_pseudo_random (void) {
  static const struct {
    TamboPaceCipher cipher;
    guint bits;
    gsize size;
  } sizes[] = {
    { TAMBO_PACE_3DES, 256, 48 },    { TAMBO_PACE_AES_128, 521, 80 },
    { TAMBO_PACE_AES_192, 256, 64 }, { TAMBO_PACE_AES_256, 256, 64 },
    { TAMBO_PACE_AES_256, 521, 96 }, { TAMBO_PACE_AES_128, 1024, 144 },
    { TAMBO_PACE_AES_128, 192, 32 },
  };
  g_autoptr (GBytes) s = hex ("2923BE84E16CD6AE529049F1F1BBE9EB");
  g_autoptr (GBytes) t = hex ("5DD4CBFC96F5453B130D890A1CDBAE32");
  g_autoptr (GBytes) r = tambo_pace_pseudo_random (TAMBO_PACE_AES_128, s, t, 256);

  assert_hex (r, "E4447E2DFB3586BAC05DDB00156B57FBB2179A3949294C97254189800C517BAA"
                 "8DA0FF397ED8C445D3E421E4FEB57322");
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    guint8 zeros[32] = { 0 };
    g_autoptr (GBytes) nonce = g_bytes_new (zeros, tambo_pace_nonce_size (sizes[i].cipher));
    g_autoptr (GBytes) key = g_bytes_new (zeros, tambo_pace_key_size (sizes[i].cipher));
    g_autoptr (GBytes) output =
        tambo_pace_pseudo_random (sizes[i].cipher, nonce, key, sizes[i].bits);
    g_assert_cmpuint (g_bytes_get_size (output), ==, sizes[i].size);
  }
}

/* A card that speaks PACE alone, with a hand that changes one byte of one answer. */
typedef struct {
  TamboPaceChip *chip;
  TamboSecureMessaging *sm;
  guint commands;
  guint spoil_command; /* counted from 1; 0 none */
  gsize spoil_at;
  gboolean cut;
} Card;

static GBytes *card_answer (GBytes *bytes, gpointer data, GError **error) {
  Card *card = data;
  TamboCommand command;
  g_autoptr (GBytes) out = NULL;

  g_assert_true (
      tambo_command_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &command));
  g_clear_pointer (&card->sm, tambo_secure_messaging_clear_free);
  guint16 sw = tambo_pace_chip_process (card->chip, &command, &out, &card->sm);
  g_autoptr (GBytes) answer = tambo_response_encode (out, sw);
  if (++card->commands != card->spoil_command)
    return g_steal_pointer (&answer);
  gsize size;
  const guint8 *octets = g_bytes_get_data (answer, &size);
  if (card->spoil_at + 2 >= size)
    return g_steal_pointer (&answer);
  g_autofree guint8 *copy = g_memdup2 (octets, size);
  if (card->cut) {
    memcpy (copy + card->spoil_at, octets + size - 2, 2);
    size = card->spoil_at + 2;
  } else {
    copy[card->spoil_at] ^= 0x11;
  }
  return g_bytes_new (copy, size);
}

static void card_clear (Card *card) {
  tambo_pace_chip_free (card->chip);
  g_clear_pointer (&card->sm, tambo_secure_messaging_clear_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Card, card_clear)

static gboolean meet (const TamboPaceInfo *info, const TamboPacePassword *its,
                      const TamboPacePassword *ours, Card *card, TamboPaceSession *out_session,
                      GError **error) {
  g_autoptr (TamboChannel) channel = memory_channel_new (card_answer, card);

  return tambo_pace_authenticate (channel, info, ours, out_session, NULL, error);
}

static GBytes *make_static_key (const TamboPaceInfo *info, GBytes **out_public) {
  g_autoptr (TamboDomainParameters) domain = tambo_domain_parameters_new (info->parameter_id);
  GBytes *key = tambo_domain_parameters_random_scalar (domain);

  *out_public = tambo_domain_parameters_multiply (
      domain, tambo_domain_parameters_get_generator (domain), key);
  return key;
}

static void run_both (const TamboPaceInfo *info) {
  g_auto (TamboPacePassword) password = { 0 };
  g_auto (TamboPaceSession) session = { 0 };
  g_auto (Card) card = { 0 };
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) public_key = NULL;
  g_autoptr (GBytes) static_key =
      info->mapping == TAMBO_PACE_ECDH_CAM ? make_static_key (info, &public_key) : NULL;

  tambo_pace_password_from_mrz (MRZ_INFORMATION, &password);
  card.chip = tambo_pace_chip_new (info, 1, &password, 1, static_key);
  gboolean done = meet (info, &password, &password, &card, &session, &error);
  g_assert_no_error (error);
  g_assert_true (done);
  g_assert_nonnull (card.sm);
  if (public_key)
    g_assert_true (tambo_pace_session_proves (&session, info, public_key));

  /* both ends have the same keys: the chip's own answer is understood */
  TamboCommand command = { .ins = 0xB0, .le = 4 }, plain, protected_command;
  g_autoptr (GBytes) wrapped = tambo_secure_messaging_wrap_command (session.sm, &command);
  g_autoptr (GBytes) storage = NULL;
  g_assert_true (tambo_command_parse (g_bytes_get_data (wrapped, NULL), g_bytes_get_size (wrapped),
                                      &protected_command));
  g_assert_true (tambo_secure_messaging_unwrap_command (card.sm, &protected_command, &plain,
                                                        &storage, &error));
  g_assert_no_error (error);
  g_assert_cmpint (plain.le, ==, 4);
}

/* Every mapping with every cipher over all parameters that it may have. */
static void test_all (void) {
  static const TamboPaceMapping mappings[] = { TAMBO_PACE_DH_GM, TAMBO_PACE_ECDH_GM,
                                               TAMBO_PACE_DH_IM, TAMBO_PACE_ECDH_IM,
                                               TAMBO_PACE_ECDH_CAM };
  guint count = 0;

  for (gsize m = 0; m < G_N_ELEMENTS (mappings); m++)
    for (TamboPaceCipher cipher = TAMBO_PACE_3DES; cipher <= TAMBO_PACE_AES_256; cipher++)
      for (guint id = 0; id < 32; id++) {
        TamboPaceInfo info = { mappings[m], cipher, id, (id & 1) != 0 };
        g_autoptr (GBytes) file = tambo_card_access_encode (&info, 1);
        g_autoptr (GArray) offered = tambo_card_access_parse (file, NULL);
        if (offered->len == 0)
          continue;
        run_both (&info);
        count++;
      }
  /* DH: 3 groups with 2 mappings; curves: 11 GM, 10 IM (not P-224), 11 CAM without 3DES */
  g_assert_cmpuint (count, ==, 4 * (6 + 11 + 10) + 3 * 11);
}

static void test_wrong_password (void) {
  TamboPaceInfo info = { TAMBO_PACE_ECDH_GM, TAMBO_PACE_AES_128, 12, FALSE };
  g_auto (TamboPacePassword) its = { 0 };
  g_auto (TamboPacePassword) ours = { 0 };
  g_auto (TamboPaceSession) session = { 0 };
  g_auto (Card) card = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_true (tambo_pace_password_from_can ("123456", &its, NULL));
  g_assert_true (tambo_pace_password_from_can ("123457", &ours, NULL));
  card.chip = tambo_pace_chip_new (&info, 1, &its, 1, NULL);
  g_assert_false (meet (&info, &its, &ours, &card, &session, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION);
  g_assert_cmpuint (card.commands, ==, 5);
  g_assert_null (card.sm);
}

static void test_can (void) {
  static const char *const wrong[] = { "", "12345", "1234567", "12345A", "123 45" };
  g_auto (TamboPacePassword) password = { 0 };

  for (gsize i = 0; i < G_N_ELEMENTS (wrong); i++) {
    g_autoptr (GError) error = NULL;
    g_assert_false (tambo_pace_password_from_can (wrong[i], &password, &error));
    g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION);
  }
}

/* Each byte of each answer changed or cut off: never a session. */
static void test_spoiled (void) {
  TamboPaceInfo info = { TAMBO_PACE_ECDH_GM, TAMBO_PACE_AES_128, 12, FALSE };
  g_auto (TamboPacePassword) password = { 0 };

  tambo_pace_password_from_mrz (MRZ_INFORMATION, &password);
  for (guint command = 2; command <= 5; command++)
    for (gsize at = 0; at < 69; at++)
      for (int cut = 0; cut < 2; cut++) {
        g_auto (TamboPaceSession) session = { 0 };
        g_auto (Card) card = { .spoil_command = command, .spoil_at = at, .cut = cut };
        g_autoptr (GError) error = NULL;
        gsize size = command == 2 ? 20 : command == 5 ? 12 : 69;
        if (at >= size)
          continue;
        card.chip = tambo_pace_chip_new (&info, 1, &password, 1, NULL);
        g_assert_false (meet (&info, &password, &password, &card, &session, &error));
        g_assert_true (g_error_matches (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION)
                       || g_error_matches (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED));
        g_assert_null (session.sm);
      }
}

/* Section 4.4.1: a card that has no secrets sends our keys back to us. */
static GBytes *mirror (GBytes *bytes, gpointer data, GError **error) {
  TamboCommand command;
  g_autoptr (GByteArray) answer = g_byte_array_new ();
  const char *from = data;

  g_assert_true (
      tambo_command_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &command));
  if (command.ins == 0x22)
    return hex ("9000");
  if (command.size == 2)
    return hex ("7C12801095A3A016522EE98D01E76CB6B98B42C39000");
  if (from && command.data[2] == 0x81) {
    g_autofree char *text = g_strdup_printf ("7C438241%s9000", from);
    return hex (text);
  }
  tambo_put_bytes (answer, command.data, command.size);
  answer->data[2]++;
  tambo_put_u16 (answer, 0x9000);
  return g_byte_array_free_to_bytes (g_steal_pointer (&answer));
}

static void test_mirror (void) {
  TamboPaceInfo info = { TAMBO_PACE_ECDH_GM, TAMBO_PACE_AES_128, 12, FALSE };
  static const char generator[] =
      "046B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C2"
      "964FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5";
  const char *const ways[] = { NULL, generator };
  g_auto (TamboPacePassword) password = { 0 };

  tambo_pace_password_from_mrz (MRZ_INFORMATION, &password);
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++) {
    g_autoptr (TamboChannel) channel = memory_channel_new (mirror, (gpointer) ways[i]);
    g_auto (TamboPaceSession) session = { 0 };
    g_autoptr (GError) error = NULL;
    g_assert_false (tambo_pace_authenticate (channel, &info, &password, &session, NULL, &error));
    g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_AUTHENTICATION);
  }
}

/* A clone has no static key: its proof does not lead to the public key. */
static void test_cloned (void) {
  TamboPaceInfo info = { TAMBO_PACE_ECDH_CAM, TAMBO_PACE_AES_256, 15, FALSE };
  g_auto (TamboPacePassword) password = { 0 };
  g_auto (TamboPaceSession) session = { 0 };
  g_auto (Card) card = { 0 };
  g_autoptr (GBytes) real_public = NULL;
  g_autoptr (GBytes) own_public = NULL;
  g_autoptr (GBytes) real = make_static_key (&info, &real_public);
  g_autoptr (GBytes) own = make_static_key (&info, &own_public);

  tambo_pace_password_from_mrz (MRZ_INFORMATION, &password);
  card.chip = tambo_pace_chip_new (&info, 1, &password, 1, own);
  g_assert_true (meet (&info, &password, &password, &card, &session, NULL));
  g_assert_false (tambo_pace_session_proves (&session, &info, real_public));
  g_assert_true (tambo_pace_session_proves (&session, &info, own_public));
}

static void chip_expect (TamboPaceChip *chip, const char *text, guint16 expected) {
  g_autoptr (GBytes) bytes = hex (text);
  g_autoptr (GBytes) out = NULL;
  g_autoptr (TamboSecureMessaging) sm = NULL;
  TamboCommand command;

  g_assert_true (
      tambo_command_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &command));
  g_assert_cmphex (tambo_pace_chip_process (chip, &command, &out, &sm), ==, expected);
  g_assert_null (sm);
}

static void test_chip_refuses (void) {
  const PaceExample *example = &pace_examples[0];
  g_auto (TamboPacePassword) password = { 0 };

  example_password (example, &password);
  g_autoptr (TamboPaceChip) chip = tambo_pace_chip_new (&example->info, 1, &password, 1, NULL);
  chip_expect (chip, "10860000027C0000", 0x6985);                               /* nothing set */
  chip_expect (chip, "0022C1A40F800A04007F00070202040203830101", 0x6A80);       /* AES-192 */
  chip_expect (chip, "0022C1A40F800A04007F00070202040202830102", 0x6A88);       /* no CAN */
  chip_expect (chip, "0022C1A412800A04007F0007020204020283010184010C", 0x6A80); /* P-256 */
  chip_expect (chip, "0022C1A60F800A04007F00070202040202830101", 0x6A86);
  chip_expect (chip, "0022C1A40F800A04007F00070202040202830101", 0x9000);
  chip_expect (chip, "00860000027C0000", 0x6A80); /* not chained */
  chip_expect (chip, "10860000027C0000", 0x6985); /* and so it has ended */
  chip_expect (chip, "0022C1A412800A04007F0007020204020283010184010D", 0x9000);
  chip_expect (chip, "10860000027C0000", 0x9000);
  chip_expect (chip,
               "10860000067C0481020400"
               "00",
               0x6A80); /* no point */
  chip_expect (chip, "00B0000004", 0x6D00);
}

static void add_examples (void) {
  for (gsize i = 0; i < n_pace_examples; i++) {
    const PaceExample *example = &pace_examples[i];
    g_autofree char *terminal = g_strdup_printf ("/chip/pace/%s/terminal", example->clause);
    g_autofree char *chip = g_strdup_printf ("/chip/pace/%s/chip", example->clause);
    g_autofree char *steps = g_strdup_printf ("/chip/pace/%s/steps", example->clause);
    g_test_add_data_func (terminal, example, test_terminal);
    g_test_add_data_func (chip, example, test_chip);
    g_test_add_data_func (steps, example, test_steps);
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  add_examples ();
  g_test_add_func ("/chip/pace/pseudo-random", test_pseudo_random);
  g_test_add_func ("/chip/pace/all", test_all);
  g_test_add_func ("/chip/pace/wrong-password", test_wrong_password);
  g_test_add_func ("/chip/pace/can", test_can);
  g_test_add_func ("/chip/pace/spoiled", test_spoiled);
  g_test_add_func ("/chip/pace/mirror", test_mirror);
  g_test_add_func ("/chip/pace/cloned", test_cloned);
  g_test_add_func ("/chip/pace/chip-refuses", test_chip_refuses);
  return g_test_run ();
}
