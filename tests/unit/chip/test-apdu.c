/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "chip/apdu.h"
#include "hex.h"

static guint8 filler[65535];

static const struct {
  gsize size;
  int le;
  gsize encoded_size;
} cases[] = {
  { 0, TAMBO_LE_NONE, 4 },         /* 1 */
  { 0, 1, 5 },                     /* 2S */
  { 0, 256, 5 },                   /* 2S */
  { 1, TAMBO_LE_NONE, 6 },         /* 3S */
  { 255, TAMBO_LE_NONE, 260 },     /* 3S */
  { 255, 256, 261 },               /* 4S */
  { 0, 257, 7 },                   /* 2E */
  { 0, 65536, 7 },                 /* 2E */
  { 256, TAMBO_LE_NONE, 263 },     /* 3E */
  { 65535, TAMBO_LE_NONE, 65542 }, /* 3E */
  { 1, 257, 10 },                  /* 4E */
  { 65535, 65536, 65544 },         /* 4E */
};

static void test_round_trip (void) {
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++) {
    TamboCommand command = { .cla = 0x0C, .ins = 0xB0, .p1 = 1, .p2 = 2, .le = cases[i].le };
    TamboCommand back;
    command.data = filler;
    command.size = cases[i].size;
    g_autoptr (GBytes) encoded = tambo_command_encode (&command);

    g_assert_cmpuint (g_bytes_get_size (encoded), ==, cases[i].encoded_size);
    g_assert_true (
        tambo_command_parse (g_bytes_get_data (encoded, NULL), g_bytes_get_size (encoded), &back));
    g_assert_cmpuint (back.cla, ==, 0x0C);
    g_assert_cmpuint (back.ins, ==, 0xB0);
    g_assert_cmpuint (back.p1, ==, 1);
    g_assert_cmpuint (back.p2, ==, 2);
    g_assert_cmpint (back.le, ==, cases[i].le);
    g_assert_cmpmem (back.data, back.size, filler, cases[i].size);
  }
}

static void test_encode_values (void) {
  TamboCommand select = { .ins = 0xA4, .p1 = 2, .p2 = 0x0C, .le = TAMBO_LE_NONE };
  select.data = (const guint8 *) "\x01\x1E";
  select.size = 2;
  TamboCommand read = { .ins = 0xB0, .le = 256 };
  g_autoptr (GBytes) selected = tambo_command_encode (&select);
  g_autoptr (GBytes) readed = tambo_command_encode (&read);

  assert_hex (selected, "00A4020C02011E");
  assert_hex (readed, "00B0000000");
}

/* A cut command either is refused or is the shorter command that its bytes say. */
static void test_parse_truncated (void) {
  TamboCommand command = { .ins = 0xD6, .data = filler, .size = 300, .le = 4 };
  g_autoptr (GBytes) encoded = tambo_command_encode (&command);
  const guint8 *octets = g_bytes_get_data (encoded, NULL);
  gsize whole = g_bytes_get_size (encoded);

  for (gsize size = 0; size < whole; size++) {
    g_autofree guint8 *copy = g_memdup2 (octets, size);
    TamboCommand back;
    gboolean parsed = tambo_command_parse (copy, size, &back);
    if (parsed)
      g_assert_true (size == 4 || size == 5 || size == 7 || size == whole - 2);
  }
}

static void test_parse_refused (void) {
  static const char *const texts[] = {
    "00B000",             /* no header */
    "00B0000002AA",       /* less data than Lc */
    "00B0000001AA0000",   /* more than Le */
    "00B0000000AA",       /* extended, cut */
    "00B000000000",       /* extended, cut */
    "00B0000000000001AA", /* Lc of zero */
    "00B00000000001",     /* valid 2E, see below */
  };
  TamboCommand command;

  for (gsize i = 0; i + 1 < G_N_ELEMENTS (texts); i++) {
    g_autoptr (GBytes) bytes = hex (texts[i]);
    g_assert_false (
        tambo_command_parse (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes), &command));
  }
  g_autoptr (GBytes) good = hex (texts[G_N_ELEMENTS (texts) - 1]);
  g_assert_true (
      tambo_command_parse (g_bytes_get_data (good, NULL), g_bytes_get_size (good), &command));
  g_assert_cmpint (command.le, ==, 1);
}

static void test_response (void) {
  g_autoptr (GBytes) data = hex ("AABB");
  g_autoptr (GBytes) encoded = tambo_response_encode (data, 0x6282);
  g_autoptr (GBytes) bare = tambo_response_encode (NULL, 0x9000);
  g_auto (TamboResponse) response = { 0 };
  g_auto (TamboResponse) empty = { 0 };

  assert_hex (encoded, "AABB6282");
  assert_hex (bare, "9000");
  g_assert_true (tambo_response_parse ("\xAA\xBB\x62\x82", 4, &response));
  assert_hex (response.data, "AABB");
  g_assert_cmphex (response.sw, ==, 0x6282);
  g_assert_true (tambo_response_parse ("\x90\x00", 2, &empty));
  g_assert_cmpuint (g_bytes_get_size (empty.data), ==, 0);

  TamboResponse untouched = { 0 };
  g_assert_false (tambo_response_parse ("\x90", 1, &untouched));
  g_assert_false (tambo_response_parse (NULL, 0, &untouched));
  g_assert_null (untouched.data);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  memset (filler, 0x5A, sizeof filler);
  g_test_add_func ("/chip/apdu/round-trip", test_round_trip);
  g_test_add_func ("/chip/apdu/encode-values", test_encode_values);
  g_test_add_func ("/chip/apdu/parse-truncated", test_parse_truncated);
  g_test_add_func ("/chip/apdu/parse-refused", test_parse_refused);
  g_test_add_func ("/chip/apdu/response", test_response);
  return g_test_run ();
}
