/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/channel.h"

#include "hex.h"
#include "memory-channel.h"

static const TamboCommand read_command = { .cla = 0x0C, .ins = 0xB0, .le = 256 };

static void test_plain (void) {
  static const char *const pairs[] = { "0CB0000000", "AABB9000", NULL };
  ScriptedCard card = { pairs, 0 };
  g_autoptr (TamboChannel) channel = memory_channel_new (scripted_card, &card);
  g_auto (TamboResponse) response = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_true (tambo_channel_transmit (channel, &read_command, &response, NULL, &error));
  g_assert_no_error (error);
  assert_hex (response.data, "AABB");
  g_assert_cmphex (response.sw, ==, 0x9000);
  g_assert_cmpstr (tambo_channel_get_name (channel), ==, "memory");
  g_assert_true (tambo_channel_reset (channel, &error));
}

static void test_get_response (void) {
  static const char *const pairs[] = {
    "0CB0000000", "6104", "00C0000004", "01020304 6102", "00C0000002", "0506 6282", NULL,
  };
  ScriptedCard card = { pairs, 0 };
  g_autoptr (TamboChannel) channel = memory_channel_new (scripted_card, &card);
  g_auto (TamboResponse) response = { 0 };

  g_assert_true (tambo_channel_transmit (channel, &read_command, &response, NULL, NULL));
  assert_hex (response.data, "010203040506");
  g_assert_cmphex (response.sw, ==, 0x6282);
}

static void test_right_length (void) {
  static const char *const pairs[] = { "0CB0000000", "6C03", "0CB0000003", "0102039000", NULL };
  ScriptedCard card = { pairs, 0 };
  g_autoptr (TamboChannel) channel = memory_channel_new (scripted_card, &card);
  g_auto (TamboResponse) response = { 0 };

  g_assert_true (tambo_channel_transmit (channel, &read_command, &response, NULL, NULL));
  assert_hex (response.data, "010203");
}

static GBytes *endless_card (GBytes *command, gpointer data, GError **error) {
  guint *count = data;

  ++*count;
  return hex ("00 6100");
}

static void test_endless (void) {
  guint count = 0;
  g_autoptr (TamboChannel) channel = memory_channel_new (endless_card, &count);
  g_auto (TamboResponse) response = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_false (tambo_channel_transmit (channel, &read_command, &response, NULL, &error));
  g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED);
  g_assert_cmpuint (count, ==, 257);
  g_assert_null (response.data);
}

static GBytes *torn_card (GBytes *command, gpointer data, GError **error) {
  return hex (data);
}

static void test_torn (void) {
  static const char *const answers[] = { "", "90" };

  for (gsize i = 0; i < G_N_ELEMENTS (answers); i++) {
    g_autoptr (TamboChannel) channel = memory_channel_new (torn_card, (gpointer) answers[i]);
    g_auto (TamboResponse) response = { 0 };
    g_autoptr (GError) error = NULL;
    g_assert_false (tambo_channel_transmit (channel, &read_command, &response, NULL, &error));
    g_assert_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_REMOVED);
  }
}

static void test_cancelled (void) {
  g_autoptr (TamboChannel) channel = memory_channel_new (torn_card, (gpointer) "9000");
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_auto (TamboResponse) response = { 0 };
  g_autoptr (GError) error = NULL;

  g_cancellable_cancel (cancellable);
  g_assert_false (tambo_channel_transmit (channel, &read_command, &response, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void transmit_ok (TamboChannel *channel, const TamboCommand *command, const char *expected) {
  g_auto (TamboResponse) response = { 0 };
  g_autoptr (GError) error = NULL;

  g_assert_true (tambo_channel_transmit (channel, command, &response, NULL, &error));
  g_assert_no_error (error);
  assert_hex (response.data, expected);
}

static const TamboCommand second_command = { .cla = 0x0C, .ins = 0xB0, .p2 = 4, .le = 256 };
static const TamboCommand third_command = { .cla = 0x0C, .ins = 0xB0, .p2 = 8, .le = 256 };

static void announce_all (TamboChannel *channel) {
  tambo_channel_announce (channel, &read_command);
  tambo_channel_announce (channel, &second_command);
  tambo_channel_announce (channel, &third_command);
}

static void test_announced (void) {
  static const char *const pairs[] = {
    "0CB0000000", "019000", "0CB0000400", "029000", "0CB0000800", "039000", NULL,
  };
  ScriptedCard card = { pairs, 0 };
  g_autoptr (TamboChannel) channel = memory_channel_new_hasty (scripted_card, &card);

  announce_all (channel);
  g_assert_cmpuint (card.position, ==, 3);
  transmit_ok (channel, &read_command, "01");
  transmit_ok (channel, &second_command, "02");
  transmit_ok (channel, &third_command, "03");
  g_assert_cmpuint (card.position, ==, 3);
}

/* What comes behind 61xx waits until the whole answer is there, and comes early again then. */
static void test_announced_in_pieces (void) {
  static const char *const pairs[] = {
    "0CB0000000", "6101", "00C0000001", "019000",   "0CB0000400", "029000",
    "0CB0000800", "6C02", "0CB0000802", "03049000", NULL,
  };
  ScriptedCard card = { pairs, 0 };
  g_autoptr (TamboChannel) channel = memory_channel_new_hasty (scripted_card, &card);

  announce_all (channel);
  g_assert_cmpuint (card.position, ==, 1);
  transmit_ok (channel, &read_command, "01");
  g_assert_cmpuint (card.position, ==, 4);
  transmit_ok (channel, &second_command, "02");
  transmit_ok (channel, &third_command, "0304");
  g_assert_cmpuint (card.position, ==, 5);
}

/* After a refusal nothing is announced any more. */
static void test_announced_in_vain (void) {
  static const char *const pairs[] = {
    "0CB0000000", "019000", "0CB0000400", "6A82", "0CB0000800", "039000", NULL,
  };
  ScriptedCard card = { pairs, 0 };
  g_autoptr (TamboChannel) channel = memory_channel_new_hasty (scripted_card, &card);
  g_auto (TamboResponse) response = { 0 };

  announce_all (channel);
  g_assert_cmpuint (card.position, ==, 2);
  transmit_ok (channel, &read_command, "01");
  g_assert_true (tambo_channel_transmit (channel, &second_command, &response, NULL, NULL));
  g_assert_cmphex (response.sw, ==, 0x6A82);
  g_assert_cmpuint (card.position, ==, 2);
  transmit_ok (channel, &third_command, "03");
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chip/channel/plain", test_plain);
  g_test_add_func ("/chip/channel/get-response", test_get_response);
  g_test_add_func ("/chip/channel/right-length", test_right_length);
  g_test_add_func ("/chip/channel/endless", test_endless);
  g_test_add_func ("/chip/channel/torn", test_torn);
  g_test_add_func ("/chip/channel/cancelled", test_cancelled);
  g_test_add_func ("/chip/channel/announced", test_announced);
  g_test_add_func ("/chip/channel/announced-in-pieces", test_announced_in_pieces);
  g_test_add_func ("/chip/channel/announced-in-vain", test_announced_in_vain);
  return g_test_run ();
}
