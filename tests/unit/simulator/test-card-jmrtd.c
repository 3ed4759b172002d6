/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/bytes.h"
#include "chip/bac.h"
#include "simulator/card-jmrtd.h"

/* The worked example of Doc 9303-11 appendix D. */
#define MRZ_INFORMATION "L898902C<369080619406236"
#define PUT_BAC_KEYS "00DA00621D621B04094C383938393032433C04063639303830360406393430363233"
#define EF_COM "60145F0104303130365F36063034303030305C026175"

static void random_of_appendix_d (gpointer out_data, gsize size) {
  g_autoptr (GBytes) bytes =
      tambo_hex_decode (size == 8 ? "4608F91988702212" : "0B4F80323EB3191CB04970CB4052790B");

  g_assert_cmpuint (g_bytes_get_size (bytes), ==, size);
  memcpy (out_data, g_bytes_get_data (bytes, NULL), size);
}

static char *answer_to (TamboCardJmrtd *card, const char *command) {
  g_autoptr (GBytes) bytes = tambo_hex_decode (command);
  g_assert_nonnull (bytes);
  g_autoptr (GBytes) answer = tambo_card_jmrtd_process (card, bytes);
  g_autofree char *lower =
      tambo_hex_encode (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));

  return g_ascii_strup (lower, -1);
}

#define expect(card, command, answer)                                                              \
  G_STMT_START {                                                                                   \
    g_autofree char *got = answer_to (card, command);                                              \
    g_assert_cmpstr (got, ==, answer);                                                             \
  }                                                                                                \
  G_STMT_END

static TamboCardJmrtd *new_selected (gsize memory) {
  TamboCardJmrtd *card = tambo_card_jmrtd_new (memory);

  expect (card, "00A4040C07A0000002471001", "9000");
  return card;
}

static void put_bac_keys (TamboCardJmrtd *card) {
  expect (card, PUT_BAC_KEYS, "9000");
}

static void write_com (TamboCardJmrtd *card) {
  expect (card, "00E000000663040016011E", "9000");
  expect (card, "00A4020C02011E", "9000");
  expect (card, "00D6000016" EF_COM, "9000");
}

static TamboCardJmrtd *new_personalised (void) {
  TamboCardJmrtd *card = new_selected (TAMBO_CARD_JMRTD_MEMORY);

  write_com (card);
  put_bac_keys (card);
  expect (card, "00DADEAD00", "9000");
  return card;
}

/* What the terminal does, with the project's own code. */
static TamboSecureMessaging *authenticate (TamboCardJmrtd *card, const char *mrz_information,
                                           guint16 *out_sw) {
  static const guint8 rnd_ifd[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
  static const guint8 k_ifd[16] = { 9, 10, 11, 12, 13, 14, 15, 16 };
  g_auto (TamboBacKeys) keys = { 0 };
  g_autoptr (GBytes) get = tambo_hex_decode ("0084000008");
  g_autoptr (GBytes) challenge = tambo_card_jmrtd_process (card, get);
  const guint8 *rnd_ic = g_bytes_get_data (challenge, NULL);

  g_assert_cmpuint (g_bytes_get_size (challenge), ==, 10);
  tambo_bac_keys_derive (mrz_information, &keys);
  g_autoptr (GBytes) cryptogram = tambo_bac_mutual_encode (&keys, rnd_ifd, rnd_ic, k_ifd);
  TamboCommand command = { .ins = 0x82, .size = 40, .le = 40 };
  command.data = g_bytes_get_data (cryptogram, NULL);
  g_autoptr (GBytes) request = tambo_command_encode (&command);
  g_autoptr (GBytes) raw = tambo_card_jmrtd_process (card, request);
  g_auto (TamboResponse) response = { 0 };
  g_assert_true (
      tambo_response_parse (g_bytes_get_data (raw, NULL), g_bytes_get_size (raw), &response));
  *out_sw = response.sw;
  if (response.sw != TAMBO_SW_OK)
    return NULL;

  guint8 plain[32];
  g_assert_true (tambo_bac_mutual_decode (&keys, g_bytes_get_data (response.data, NULL),
                                          g_bytes_get_size (response.data), plain));
  g_assert_cmpmem (plain, 8, rnd_ic, 8);
  g_assert_cmpmem (plain + 8, 8, rnd_ifd, 8);
  return tambo_bac_session (rnd_ic, rnd_ifd, plain + 16, k_ifd);
}

static GBytes *transmit (TamboCardJmrtd *card, TamboSecureMessaging *sm,
                         const TamboCommand *command, guint16 *out_sw) {
  g_autoptr (GBytes) request = tambo_secure_messaging_wrap_command (sm, command);
  g_autoptr (GBytes) raw = tambo_card_jmrtd_process (card, request);
  g_autoptr (GError) error = NULL;
  g_auto (TamboResponse) protected_response = { 0 };
  g_auto (TamboResponse) response = { 0 };

  g_assert_cmpuint (g_bytes_get_size (raw), <=, 258);
  g_assert_true (tambo_response_parse (g_bytes_get_data (raw, NULL), g_bytes_get_size (raw),
                                       &protected_response));
  g_assert_true (
      tambo_secure_messaging_unwrap_response (sm, &protected_response, &response, &error));
  g_assert_no_error (error);
  *out_sw = response.sw;
  return g_steal_pointer (&response.data);
}

static void select_protected (TamboCardJmrtd *card, TamboSecureMessaging *sm, guint16 file_id,
                              guint16 expected) {
  guint8 data[] = { (guint8) (file_id >> 8), (guint8) file_id };
  TamboCommand command = {
    .ins = 0xA4, .p1 = 0x02, .p2 = 0x0C, .data = data, .size = 2, .le = TAMBO_LE_NONE
  };
  guint16 sw;
  g_autoptr (GBytes) nothing = transmit (card, sm, &command, &sw);

  g_assert_cmphex (sw, ==, expected);
  g_assert_cmpuint (g_bytes_get_size (nothing), ==, 0);
}

static GBytes *read_protected (TamboCardJmrtd *card, TamboSecureMessaging *sm, guint16 offset,
                               int le, guint16 expected) {
  TamboCommand command = {
    .ins = 0xB0, .p1 = (guint8) (offset >> 8), .p2 = (guint8) offset, .le = le
  };
  guint16 sw;
  GBytes *data = transmit (card, sm, &command, &sw);

  g_assert_cmphex (sw, ==, expected);
  return data;
}

static void test_appendix_d (void) {
  g_autoptr (TamboCardJmrtd) card = new_personalised ();

  tambo_card_jmrtd_set_random (card, random_of_appendix_d);
  expect (card, "0084000008", "4608F919887022129000");
  expect (card,
          "008200002872C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F25F1448EEA8AD90"
          "A728",
          "46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F2F2D235D074D74499000");
  expect (card, "0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800",
          "990290008E08FA855A5D4C50A8ED9000");
  expect (card, "0CB000000D9701048E08ED6705417E96BA5500",
          "8709019FF0EC34F9922651990290008E08AD55CC17140B2DED9000");
  expect (card, "0CB000040D9701128E082EA28A70F3C7B53500",
          "871901FB9235F4E4037F2327DCC8964F1F9B8C30F42C8E2FFF224A990290008E08C8B2787EAEA07D749000");
}

static void test_personalise_and_read (void) {
  g_autoptr (TamboCardJmrtd) card = new_selected (TAMBO_CARD_JMRTD_MEMORY);
  const gsize size = 10000;
  g_autofree guint8 *content = g_malloc (size);

  for (gsize i = 0; i < size; i++)
    content[i] = (guint8) (i * 7 + (i >> 8));
  write_com (card);
  expect (card, "00E0000006630427100102", "9000");
  expect (card, "00A4020C020102", "9000");
  for (gsize at = 0; at < size; at += 255) {
    TamboCommand update = { .ins = 0xD6,
                            .p1 = (guint8) (at >> 8),
                            .p2 = (guint8) at,
                            .data = content + at,
                            .size = MIN (255, size - at),
                            .le = TAMBO_LE_NONE };
    g_autoptr (GBytes) request = tambo_command_encode (&update);
    g_autoptr (GBytes) answer = tambo_card_jmrtd_process (card, request);
    g_assert_cmpmem (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer), "\x90\x00", 2);
  }
  put_bac_keys (card);
  expect (card, "00DADEAD00", "9000");
  g_assert_true (tambo_card_jmrtd_is_locked (card));
  g_assert_cmpuint (tambo_card_jmrtd_get_memory_used (card), ==, 10022);

  tambo_card_jmrtd_reset (card);
  expect (card, "00A4040C07A0000002471001", "9000");
  guint16 sw;
  g_autoptr (TamboSecureMessaging) sm = authenticate (card, MRZ_INFORMATION, &sw);
  g_assert_nonnull (sm);
  select_protected (card, sm, 0x0102, 0x9000);
  g_autoptr (GByteArray) got = g_byte_array_new ();
  while (got->len < size) {
    g_autoptr (GBytes) piece = read_protected (card, sm, (guint16) got->len, 256, 0x9000);
    g_assert_cmpuint (g_bytes_get_size (piece), ==, MIN (231, size - got->len));
    g_byte_array_append (got, g_bytes_get_data (piece, NULL), (guint) g_bytes_get_size (piece));
  }
  g_assert_cmpmem (got->data, got->len, content, size);
  g_autoptr (GBytes) beyond = read_protected (card, sm, (guint16) size, 1, 0x6B00);
  g_assert_cmpuint (g_bytes_get_size (beyond), ==, 0);
  select_protected (card, sm, 0x010D, 0x6A82);
  select_protected (card, sm, 0x9999, 0x6A82);
}

static void test_refusals_before_lock (void) {
  g_autoptr (TamboCardJmrtd) card = tambo_card_jmrtd_new (TAMBO_CARD_JMRTD_MEMORY);

  expect (card, "0084000008", "6D00"); /* nothing selected */
  expect (card, "00A4020C02011E", "6A82");
  expect (card, "00A4040C07A0000002471002", "6A82"); /* another name */
  expect (card, "00A4040C07A0000002471001", "9000");
  expect (card, "0084000008", "6982");   /* no keys yet */
  expect (card, "00D6000001AA", "6985"); /* no file */
  expect (card, "00E0000005630316011E", "6700");
  expect (card, "00E000000663030016011E", "6700");
  expect (card, "00E000000662040016011E", "6984"); /* ISO's tag is not this dialect's */
  expect (card, "00E0000006630400160103", "6982"); /* DG3 */
  expect (card, "00E0000006630400160104", "6982"); /* DG4 */
  expect (card, "00E0000006630400160110", "6F00"); /* DG16 has no place */
  expect (card, "00E0000006630400160000", "6F00");
  expect (card, "00A4020C02011E", "6A82");
  write_com (card);
  expect (card, "00B0000004", "6982"); /* reading needs access control always */
  expect (card, "00D6001601AA", "6A84");
  expect (card, "00D6001502AAAA", "6A84");
  expect (card, "00D6800001AA", "6A86");
  expect (card, "00D60000", "6700");
  expect (card, "00E000000663040017011E", "6A84"); /* no growing … */
  expect (card, "00E000000663040010011E", "9000"); /* … shrinking … */
  expect (card, "00E000000663040016011E", "9000"); /* … and back */
  expect (card, "0088000008000102030405060700", "6982");
  expect (card, "00200000", "6D00");
  expect (card, "80DADEAD00", "6E00");
  expect (card, "0CB000000D9701048E08ED6705417E96BA5500", "6882");
  expect (card, "00D600000000020102", "6700"); /* extended length */
  g_assert_false (tambo_card_jmrtd_is_locked (card));
}

static void test_put_data (void) {
  g_autoptr (TamboCardJmrtd) card = new_selected (TAMBO_CARD_JMRTD_MEMORY);

  expect (card, "00DA0062", "6F00");
  expect (card, "00DA0062026200", "6F00");
  expect (card, "00DA00620462020400", "6A80");
  expect (card, PUT_BAC_KEYS, "9000");
  expect (card, "00DA00621D621B04096C383938393032433C04063639303830360406393430363233", "6A80");
  expect (card, "00DA00600760050403000102", "6F00"); /* the nested form */
  expect (card, "00DA0060056000040101", "9000");
  expect (card, "00DA0061056100040103", "9000");
  expect (card, "00DA0063028100", "6A88");
  expect (card, "00DA0062", "6F00");
}

/* With the exponent 1 and the greatest modulus the signature is the message itself. */
static void test_active_authentication (void) {
  g_autoptr (TamboCardJmrtd) card = new_selected (TAMBO_CARD_JMRTD_MEMORY);
  g_autofree char *modulus = g_strnfill (256, 'F');
  g_autofree char *put_modulus = g_strconcat ("00DA006086600004818100", modulus, NULL);
  TamboCommand command = { .ins = 0x88, .data = (const guint8 *) "12345678", .size = 8, .le = 256 };
  guint16 sw;

  put_bac_keys (card);
  g_autoptr (TamboSecureMessaging) before = authenticate (card, MRZ_INFORMATION, &sw);
  g_autoptr (GBytes) none = transmit (card, before, &command, &sw);
  g_assert_cmphex (sw, ==, 0x6985); /* no key yet */

  expect (card, put_modulus, "9000");
  expect (card, "00DA0061056100040101", "9000");
  expect (card, "00DADEAD00", "9000");
  g_autoptr (TamboSecureMessaging) sm = authenticate (card, MRZ_INFORMATION, &sw);
  g_autoptr (GBytes) signature = transmit (card, sm, &command, &sw);
  g_assert_cmphex (sw, ==, 0x9000);
  gsize size;
  const guint8 *octets = g_bytes_get_data (signature, &size);
  g_assert_cmpuint (size, ==, 128);
  g_assert_cmphex (octets[0], ==, 0x6A);
  g_assert_cmphex (octets[127], ==, 0xBC);
  g_autoptr (GBytes) other = transmit (card, sm, &command, &sw);
  g_assert_false (g_bytes_equal (signature, other)); /* M1 is drawn anew */
  command.size = 7;
  g_autoptr (GBytes) refused = transmit (card, sm, &command, &sw);
  g_assert_cmphex (sw, ==, 0x6700);
}

static void test_locked (void) {
  g_autoptr (TamboCardJmrtd) card = new_personalised ();

  expect (card, "00E0000006630400160101", "6985");
  expect (card, "00D6000001AA", "6985");
  expect (card, PUT_BAC_KEYS, "6985");
  expect (card, "00DADEAD00", "6985");
  expect (card, "00A4020C02011E", "6982");
  tambo_card_jmrtd_reset (card);
  expect (card, "00A4040C07A0000002471001", "9000");
  expect (card, "00E0000006630400160101", "6985");

  /* Nor under secure messaging. */
  guint16 sw;
  g_autoptr (TamboSecureMessaging) sm = authenticate (card, MRZ_INFORMATION, &sw);
  select_protected (card, sm, 0x011E, 0x9000);
  TamboCommand update = {
    .ins = 0xD6, .data = (const guint8 *) "x", .size = 1, .le = TAMBO_LE_NONE
  };
  g_autoptr (GBytes) nothing = transmit (card, sm, &update, &sw);
  g_assert_cmphex (sw, ==, 0x6985);
  g_autoptr (GBytes) content = tambo_card_jmrtd_dup_file (card, 0x011E);
  g_autoptr (GBytes) written = tambo_hex_decode (EF_COM);
  g_assert_true (g_bytes_equal (content, written));
}

static void test_wrong_keys (void) {
  g_autoptr (TamboCardJmrtd) card = new_personalised ();
  guint16 sw;

  g_autoptr (TamboSecureMessaging) none = authenticate (card, "L898902C<369080619406237", &sw);
  g_assert_null (none);
  g_assert_cmphex (sw, ==, 0x6300);
  /* The challenge is used up, and reading stays shut. */
  expect (card,
          "008200002872C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F25F1448EEA8AD90"
          "A728",
          "6982");
  expect (card, "00B0000004", "6982");
  expect (card, "0084000000", "6700");
  expect (card, "008400000800", "6700");
  g_autoptr (TamboSecureMessaging) sm = authenticate (card, MRZ_INFORMATION, &sw);
  g_assert_nonnull (sm);
}

static void test_session_ends (void) {
  g_autoptr (TamboCardJmrtd) card = new_personalised ();
  guint16 sw;

  /* After a command in the clear, */
  g_autoptr (TamboSecureMessaging) first = authenticate (card, MRZ_INFORMATION, &sw);
  expect (card, "00B0000004", "6982");
  expect (card, "0CB000000D9701048E08ED6705417E96BA5500", "6882");
  /* after a wrong MAC, */
  g_autoptr (TamboSecureMessaging) second = authenticate (card, MRZ_INFORMATION, &sw);
  expect (card, "0CB000000D9701048E08000000000000000000", "6988");
  expect (card, "0CB000000D9701048E08ED6705417E96BA5500", "6882");
  /* without data objects, */
  g_autoptr (TamboSecureMessaging) third = authenticate (card, MRZ_INFORMATION, &sw);
  expect (card, "0CB0000000", "6987");
  /* and without power. */
  g_autoptr (TamboSecureMessaging) fourth = authenticate (card, MRZ_INFORMATION, &sw);
  tambo_card_jmrtd_reset (card);
  expect (card, "0CB000000D9701048E08ED6705417E96BA5500", "6882");
  expect (card, "0084000008", "6D00");
}

static void test_replay (void) {
  g_autoptr (TamboCardJmrtd) card = new_personalised ();
  guint16 sw;
  g_autoptr (TamboSecureMessaging) sm = authenticate (card, MRZ_INFORMATION, &sw);
  TamboCommand command = { .ins = 0xA4, .p1 = 0x02, .p2 = 0x0C, .le = TAMBO_LE_NONE };

  command.data = (const guint8 *) "\x01\x1E";
  command.size = 2;
  g_autoptr (GBytes) request = tambo_secure_messaging_wrap_command (sm, &command);
  g_autoptr (GBytes) once = tambo_card_jmrtd_process (card, request);
  g_autoptr (GBytes) twice = tambo_card_jmrtd_process (card, request);
  g_assert_cmpuint (g_bytes_get_size (once), ==, 16);
  g_assert_cmpmem (g_bytes_get_data (twice, NULL), g_bytes_get_size (twice), "\x69\x88", 2);
}

static void test_memory (void) {
  g_autoptr (TamboCardJmrtd) card = new_selected (1000);

  expect (card, "00E0000006630403E90101", "6A84");
  expect (card, "00E0000006630402580101", "9000"); /* 600 */
  expect (card, "00E0000006630401910102", "6A84"); /* 401 */
  expect (card, "00E0000006630401900102", "9000"); /* 400 */
  expect (card, "00E000000663040001011D", "6A84");
  expect (card, "00E000000663040000011D", "9000");
  expect (card, "00E0000006630400010101", "9000"); /* what was taken stays taken */
  expect (card, "00E000000663040001011E", "6A84");
  g_assert_cmpuint (tambo_card_jmrtd_get_memory_used (card), ==, 1000);
}

static void test_quirks (void) {
  g_autoptr (TamboCardJmrtd) card = new_personalised ();
  g_autoptr (TamboCardJmrtd) full = new_selected (TAMBO_CARD_JMRTD_MEMORY);
  guint16 sw;

  tambo_card_jmrtd_set_quirks (full, TAMBO_CARD_QUIRK_NO_MEMORY);
  expect (full, "00E0000006630400010101", "6A84");

  g_autoptr (TamboSecureMessaging) sm = authenticate (card, MRZ_INFORMATION, &sw);
  select_protected (card, sm, 0x011E, 0x9000);
  g_autoptr (GBytes) all = read_protected (card, sm, 0, 256, 0x9000);
  g_assert_cmpuint (g_bytes_get_size (all), ==, 22);
  tambo_card_jmrtd_set_quirks (card, TAMBO_CARD_QUIRK_SM_LE_ZERO);
  g_autoptr (GBytes) nothing = read_protected (card, sm, 0, 256, 0x9000);
  g_assert_cmpuint (g_bytes_get_size (nothing), ==, 0);
  g_autoptr (GBytes) some = read_protected (card, sm, 0, 255, 0x9000);
  g_assert_cmpuint (g_bytes_get_size (some), ==, 22);
}

static void assert_status (GBytes *answer) {
  gsize size;
  const guint8 *data = g_bytes_get_data (answer, &size);

  g_assert_cmpuint (size, >=, 2);
  g_assert_cmpuint (size, <=, 258);
  g_assert_true (data[size - 2] == 0x90 || (data[size - 2] & 0xF0) == 0x60);
}

/* Every command of the sequence cut at every byte, and with every length byte. */
static void test_malformed (void) {
  static const char *const commands[] = {
    "00A4040C07A0000002471001",
    "00E000000663040016011E",
    "00A4020C02011E",
    "00D6000016" EF_COM,
    PUT_BAC_KEYS,
    "00DA0060056000040101",
    "0084000008",
    "008200002872C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F25F1448EEA8AD90A728",
    "0CB000000D9701048E08ED6705417E96BA5500",
  };

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++) {
    g_autoptr (GBytes) whole = tambo_hex_decode (commands[i]);
    for (gsize size = 0; size <= g_bytes_get_size (whole); size++) {
      g_autoptr (TamboCardJmrtd) card = new_personalised ();
      g_autoptr (GBytes) cut = g_bytes_new (g_bytes_get_data (whole, NULL), size);
      g_autoptr (GBytes) answer = tambo_card_jmrtd_process (card, cut);
      assert_status (answer);
      if (size < 4)
        g_assert_cmpmem (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer), "\x67\x00", 2);
    }
    for (int length = 0; length < 256; length++) {
      g_autoptr (TamboCardJmrtd) card = new_selected (100);
      g_autofree guint8 *changed =
          g_memdup2 (g_bytes_get_data (whole, NULL), g_bytes_get_size (whole));
      changed[4] = (guint8) length;
      g_autoptr (GBytes) command = g_bytes_new (changed, g_bytes_get_size (whole));
      g_autoptr (GBytes) answer = tambo_card_jmrtd_process (card, command);
      assert_status (answer);
    }
  }
}

static GBytes *random_command (void) {
  static const guint8 instructions[] = { 0x82, 0x84, 0x88, 0xA4, 0xB0, 0xD6, 0xDA, 0xE0 };
  static const guint8 parameters[] = { 0x00, 0x02, 0x04, 0x0C, 0x60, 0x61, 0x62, 0xDE, 0xAD };
  static const guint8 tags[] = { 0x62, 0x63, 0x60, 0x61, 0x04, 0x81, 0x82, 0x87, 0x8E, 0x97 };
  guint8 bytes[300];
  gsize size = (gsize) g_test_rand_int_range (0, sizeof bytes);

  for (gsize i = 0; i < size; i++)
    bytes[i] = (guint8) g_test_rand_int ();
  if (size > 6 && g_test_rand_int_range (0, 8) > 0) {
    bytes[0] = g_test_rand_bit () ? 0x00 : 0x0C;
    bytes[1] = instructions[g_test_rand_int_range (0, G_N_ELEMENTS (instructions))];
    bytes[2] = parameters[g_test_rand_int_range (0, G_N_ELEMENTS (parameters))];
    bytes[3] = parameters[g_test_rand_int_range (0, G_N_ELEMENTS (parameters))];
    if (g_test_rand_bit ())
      bytes[2] = 0;
    bytes[4] = (guint8) MIN (size - 5, 255);
    bytes[5] = tags[g_test_rand_int_range (0, G_N_ELEMENTS (tags))];
    bytes[6] = (guint8) g_test_rand_int_range (0, 12);
    if (g_test_rand_bit ())
      size = MIN (size, 5u + bytes[4]);
  }
  return g_bytes_new (bytes, size);
}

static void test_fuzz (void) {
  g_autoptr (TamboCardJmrtd) card = new_selected (2000);
  guint accepted = 0;

  for (int i = 0; i < 100000; i++) {
    if (i % 500 == 0) { /* a lock ends the interesting half; so does a session */
      g_clear_pointer (&card, tambo_card_jmrtd_free);
      card = new_selected (2000);
      write_com (card);
      if (i % 1000 == 0)
        put_bac_keys (card);
    }
    g_autoptr (GBytes) command = random_command ();
    g_autoptr (GBytes) answer = tambo_card_jmrtd_process (card, command);
    assert_status (answer);
    gsize size;
    const guint8 *data = g_bytes_get_data (answer, &size);
    accepted += data[size - 2] == 0x90;
    if (i % 7 == 0)
      expect (card, "00A4040C07A0000002471001", "9000");
  }
  g_assert_cmpuint (accepted, >, 0);
  g_test_message ("%u of 100000 random commands were accepted", accepted);
}

/* Protected commands with a right MAC and random insides. */
static void test_fuzz_session (void) {
  g_autoptr (TamboCardJmrtd) card = new_personalised ();
  g_autoptr (TamboSecureMessaging) sm = NULL;
  guint16 sw;

  for (int i = 0; i < 5000; i++) {
    if (i % 100 == 0) {
      g_clear_pointer (&sm, tambo_secure_messaging_clear_free);
      sm = authenticate (card, MRZ_INFORMATION, &sw);
      g_assert_nonnull (sm);
    }
    guint8 data[200];
    for (gsize j = 0; j < sizeof data; j++)
      data[j] = (guint8) g_test_rand_int ();
    TamboCommand command = {
      .ins = g_test_rand_bit () ? 0xB0 : 0xA4,
      .p1 = (guint8) (g_test_rand_bit () ? 0 : 2),
      .p2 = (guint8) g_test_rand_int (),
      .data = data,
      .size = (gsize) g_test_rand_int_range (0, sizeof data),
      .le = g_test_rand_bit () ? TAMBO_LE_NONE : g_test_rand_int_range (1, 257),
    };
    g_autoptr (GBytes) answer = transmit (card, sm, &command, &sw);
    g_assert_true (sw == 0x9000 || (sw & 0xF000) == 0x6000);
  }
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/simulator/card-jmrtd/appendix-d", test_appendix_d);
  g_test_add_func ("/simulator/card-jmrtd/personalise-and-read", test_personalise_and_read);
  g_test_add_func ("/simulator/card-jmrtd/refusals-before-lock", test_refusals_before_lock);
  g_test_add_func ("/simulator/card-jmrtd/put-data", test_put_data);
  g_test_add_func ("/simulator/card-jmrtd/active-authentication", test_active_authentication);
  g_test_add_func ("/simulator/card-jmrtd/locked", test_locked);
  g_test_add_func ("/simulator/card-jmrtd/wrong-keys", test_wrong_keys);
  g_test_add_func ("/simulator/card-jmrtd/session-ends", test_session_ends);
  g_test_add_func ("/simulator/card-jmrtd/replay", test_replay);
  g_test_add_func ("/simulator/card-jmrtd/memory", test_memory);
  g_test_add_func ("/simulator/card-jmrtd/quirks", test_quirks);
  g_test_add_func ("/simulator/card-jmrtd/malformed", test_malformed);
  g_test_add_func ("/simulator/card-jmrtd/fuzz", test_fuzz);
  g_test_add_func ("/simulator/card-jmrtd/fuzz-session", test_fuzz_session);
  return g_test_run ();
}
