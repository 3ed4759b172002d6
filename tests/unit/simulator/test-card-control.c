/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include <gio/gio.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>

#include "simulator/card-control.h"

#define TIMEOUT_SECONDS 5

typedef struct {
  char *folder, *path;
  TamboCardControl *control;
  GSocket *client;
} Hand;

static char *echo (gpointer user_data, const char *line) {
  return g_strconcat ("ok ", line, NULL);
}

static GSocket *connect_to (const char *path) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  GSocket *socket =
      g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_DEFAULT, &error);

  g_assert_no_error (error);
  g_assert_true (g_socket_connect (socket, address, NULL, &error));
  return socket;
}

static void set_up (Hand *hand, gconstpointer unused) {
  g_autoptr (GError) error = NULL;

  hand->folder = g_dir_make_tmp ("tambo-control-XXXXXX", &error);
  g_assert_no_error (error);
  hand->path = g_build_filename (hand->folder, "socket", NULL);
  hand->control = tambo_card_control_new (hand->path, echo, NULL, &error);
  g_assert_no_error (error);
  hand->client = connect_to (hand->path);
}

static void tear_down (Hand *hand, gconstpointer unused) {
  g_clear_pointer (&hand->control, tambo_card_control_free);
  g_assert_false (g_file_test (hand->path, G_FILE_TEST_EXISTS));
  g_clear_object (&hand->client);
  g_rmdir (hand->folder);
  g_free (hand->folder);
  g_free (hand->path);
}

static void send_text (GSocket *client, const char *text) {
  g_assert_cmpint (g_socket_send (client, text, strlen (text), NULL, NULL), ==,
                   (gssize) strlen (text));
}

/* What arrives until SIZE bytes are there or the other side closes. */
static char *receive_text (GSocket *client, gsize size) {
  g_autoptr (GString) text = g_string_new (NULL);
  gint64 end = g_get_monotonic_time () + TIMEOUT_SECONDS * G_USEC_PER_SEC;

  while (text->len < size) {
    char piece[512];
    while (g_main_context_iteration (NULL, FALSE))
      ;
    g_assert_cmpint (g_get_monotonic_time (), <, end);
    if (!(g_socket_condition_check (client, G_IO_IN) & (G_IO_IN | G_IO_HUP))) {
      g_usleep (500);
      continue;
    }
    gssize got = g_socket_receive (client, piece, sizeof piece, NULL, NULL);
    if (got <= 0)
      break;
    g_string_append_len (text, piece, got);
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void test_lines (Hand *hand, gconstpointer unused) {
  send_text (hand->client, "insert\nremo");
  g_autofree char *first = receive_text (hand->client, 10);
  g_assert_cmpstr (first, ==, "ok insert\n");
  send_text (hand->client, "ve\r\n\nstatus\n");
  g_autofree char *rest = receive_text (hand->client, 24);
  g_assert_cmpstr (rest, ==, "ok remove\nok \nok status\n");
}

static void test_two_clients (Hand *hand, gconstpointer unused) {
  g_autoptr (GSocket) other = connect_to (hand->path);

  send_text (hand->client, "half");
  send_text (other, "whole\n");
  g_autofree char *whole = receive_text (other, 9);
  g_assert_cmpstr (whole, ==, "ok whole\n");
  g_socket_close (other, NULL);
  send_text (hand->client, " done\n");
  g_autofree char *half = receive_text (hand->client, 13);
  g_assert_cmpstr (half, ==, "ok half done\n");
}

static void test_endless_line (Hand *hand, gconstpointer unused) {
  g_autofree char *line = g_strnfill (600, 'x');

  send_text (hand->client, line);
  g_autofree char *nothing = receive_text (hand->client, 1);
  g_assert_cmpstr (nothing, ==, "");
}

static void test_place (Hand *hand, gconstpointer unused) {
  g_autoptr (GError) error = NULL;
  g_autofree char *file = g_build_filename (hand->folder, "file", NULL);

  /* A socket that was left behind is replaced, a file is not. */
  TamboCardControl *successor = tambo_card_control_new (hand->path, echo, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (successor);
  tambo_card_control_free (successor);
  g_assert_true (g_file_set_contents (file, "kept", -1, NULL));
  g_assert_null (tambo_card_control_new (file, echo, NULL, &error));
  g_assert_nonnull (error);
  g_autofree char *content = NULL;
  g_assert_true (g_file_get_contents (file, &content, NULL, NULL));
  g_assert_cmpstr (content, ==, "kept");
  g_remove (file);
}

#define ADD(name, func)                                                                            \
  g_test_add ("/simulator/card-control/" name, Hand, NULL, set_up, func, tear_down)

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  ADD ("lines", test_lines);
  ADD ("two-clients", test_two_clients);
  ADD ("endless-line", test_endless_line);
  ADD ("place", test_place);
  return g_test_run ();
}
