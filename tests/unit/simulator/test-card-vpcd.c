/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "simulator/card-vpcd.h"

static void test_take_at_every_byte (void) {
  static const guint8 stream[] = { 0, 1, 4, 0, 5, 0, 0xA4, 4, 0x0C, 0, 0, 0, 0, 2, 0x90, 0 };
  static const gsize sizes[] = { 1, 5, 0, 2 };
  g_autoptr (GByteArray) input = g_byte_array_new ();
  guint n_messages = 0;

  for (gsize i = 0; i < sizeof stream; i++) {
    g_byte_array_append (input, stream + i, 1);
    g_autoptr (GBytes) message = tambo_vpcd_take_message (input);
    if (!message)
      continue;
    g_assert_cmpuint (n_messages, <, G_N_ELEMENTS (sizes));
    g_assert_cmpuint (g_bytes_get_size (message), ==, sizes[n_messages++]);
    g_assert_cmpuint (input->len, ==, 0);
  }
  g_assert_cmpuint (n_messages, ==, G_N_ELEMENTS (sizes));
}

static void test_take_several (void) {
  static const guint8 stream[] = { 0, 1, 1, 0, 1, 4, 0, 9, 1 };
  g_autoptr (GByteArray) input = g_byte_array_new ();

  g_byte_array_append (input, stream, sizeof stream);
  g_autoptr (GBytes) first = tambo_vpcd_take_message (input);
  g_autoptr (GBytes) second = tambo_vpcd_take_message (input);
  g_autoptr (GBytes) third = tambo_vpcd_take_message (input);
  g_assert_cmpmem (g_bytes_get_data (first, NULL), g_bytes_get_size (first), "\x01", 1);
  g_assert_cmpmem (g_bytes_get_data (second, NULL), g_bytes_get_size (second), "\x04", 1);
  g_assert_null (third);
  g_assert_cmpuint (input->len, ==, 3);
}

static void test_frame (void) {
  g_autoptr (GByteArray) input = g_byte_array_new ();
  g_autofree guint8 *data = g_malloc (G_MAXUINT16);

  for (guint i = 0; i < G_MAXUINT16; i++)
    data[i] = (guint8) (i * 31);
  for (gsize size = 0; size <= G_MAXUINT16; size = size * 2 + 1) {
    g_autoptr (GBytes) message = g_bytes_new (data, size);
    g_autoptr (GBytes) frame = tambo_vpcd_frame (message);
    g_assert_cmpuint (g_bytes_get_size (frame), ==, size + 2);
    g_byte_array_append (input, g_bytes_get_data (frame, NULL), (guint) g_bytes_get_size (frame));
    g_autoptr (GBytes) back = tambo_vpcd_take_message (input);
    g_assert_true (g_bytes_equal (back, message));
  }
}

static void test_nobody_listens (void) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) listener = tambo_vpcd_listen (0, &error);
  g_assert_no_error (error);
  g_autoptr (GSocketAddress) address = g_socket_get_local_address (listener, &error);
  guint16 port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  g_socket_close (listener, NULL);

  g_autoptr (GSocket) nobody = tambo_vpcd_connect ("127.0.0.1", port, &error);
  g_assert_null (nobody);
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
}

static void test_send_and_receive (void) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) listener = tambo_vpcd_listen (0, &error);
  g_autoptr (GSocketAddress) address = g_socket_get_local_address (listener, &error);
  guint16 port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  g_autoptr (GSocket) card = tambo_vpcd_connect ("127.0.0.1", port, &error);
  g_assert_no_error (error);
  g_autoptr (GSocket) reader = tambo_vpcd_accept (listener, &error);
  g_assert_no_error (error);
  g_autoptr (GByteArray) input = g_byte_array_new ();
  g_autoptr (GBytes) message = g_bytes_new_static ("\x90\x00", 2);

  g_assert_true (tambo_vpcd_send (card, message, G_MAXSIZE, &error));
  while (input->len < 4)
    g_assert_true (tambo_vpcd_receive (reader, input, &error));
  g_assert_cmpmem (input->data, input->len, "\x00\x02\x90\x00", 4);
  g_byte_array_set_size (input, 0);

  g_assert_true (tambo_vpcd_send (card, message, 3, &error));
  g_socket_close (card, NULL);
  while (tambo_vpcd_receive (reader, input, &error))
    ;
  g_assert_no_error (error);
  g_assert_cmpmem (input->data, input->len, "\x00\x02\x90", 3);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/simulator/card-vpcd/take-at-every-byte", test_take_at_every_byte);
  g_test_add_func ("/simulator/card-vpcd/take-several", test_take_several);
  g_test_add_func ("/simulator/card-vpcd/frame", test_frame);
  g_test_add_func ("/simulator/card-vpcd/nobody-listens", test_nobody_listens);
  g_test_add_func ("/simulator/card-vpcd/send-and-receive", test_send_and_receive);
  return g_test_run ();
}
