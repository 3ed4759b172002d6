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

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/chip/channel/plain", test_plain);
  g_test_add_func ("/chip/channel/get-response", test_get_response);
  g_test_add_func ("/chip/channel/right-length", test_right_length);
  g_test_add_func ("/chip/channel/endless", test_endless);
  g_test_add_func ("/chip/channel/torn", test_torn);
  g_test_add_func ("/chip/channel/cancelled", test_cancelled);
  return g_test_run ();
}
