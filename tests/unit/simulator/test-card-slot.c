/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "simulator/card-slot.h"
#include "simulator/card-vpcd.h"

#define SELECT_APPLICATION "\x00\xA4\x04\x0C\x07\xA0\x00\x00\x02\x47\x10\x01"
#define SELECT_SIZE 12
#define CREATE_COM "\x00\xE0\x00\x00\x06\x63\x04\x00\x10\x01\x1E"
#define CREATE_SIZE 11
#define TIMEOUT_SECONDS 5

/* A reader that listens, and a card for it. */
typedef struct {
  GSocket *listener, *line;
  GByteArray *input;
  TamboCardOptions options;
  TamboCardSlot *slot;
  int standard_output;
} Reader;

static void set_up (Reader *reader, gconstpointer faults) {
  g_autoptr (GError) error = NULL;

  /* What the card announces is not for whoever reads the results. */
  reader->standard_output = dup (STDOUT_FILENO);
  dup2 (STDERR_FILENO, STDOUT_FILENO);

  reader->input = g_byte_array_new ();
  reader->listener = tambo_vpcd_listen (0, &error);
  g_assert_no_error (error);
  g_autoptr (GSocketAddress) address = g_socket_get_local_address (reader->listener, &error);
  reader->options.port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (address));
  reader->options.host = g_strdup ("127.0.0.1");
  reader->options.memory = 1000;
  reader->options.reinsert_after = -1;
  if (faults)
    g_assert_true (tambo_card_faults_parse (&reader->options.faults, faults, &error));
  reader->slot = tambo_card_slot_new (&reader->options, &error);
  g_assert_no_error (error);
}

static void tear_down (Reader *reader, gconstpointer faults) {
  tambo_card_slot_free (reader->slot);
  tambo_card_options_clear (&reader->options);
  g_clear_object (&reader->line);
  g_clear_object (&reader->listener);
  g_byte_array_unref (reader->input);
  fflush (stdout);
  dup2 (reader->standard_output, STDOUT_FILENO);
  close (reader->standard_output);
}

/* Lets the card live until CONDITION can be had at SOCKET; FALSE when it never can. */
static gboolean wait_for (GSocket *socket, GIOCondition condition, double seconds) {
  gint64 end = g_get_monotonic_time () + (gint64) (seconds * G_USEC_PER_SEC);

  while (!(g_socket_condition_check (socket, condition) & condition)) {
    if (g_get_monotonic_time () > end)
      return FALSE;
    while (g_main_context_iteration (NULL, FALSE))
      ;
    g_usleep (500);
  }
  return TRUE;
}

static void take_card (Reader *reader) {
  g_autoptr (GError) error = NULL;

  g_clear_object (&reader->line);
  g_byte_array_set_size (reader->input, 0);
  g_assert_true (wait_for (reader->listener, G_IO_IN, TIMEOUT_SECONDS));
  reader->line = tambo_vpcd_accept (reader->listener, &error);
  g_assert_no_error (error);
}

static void send_message (Reader *reader, gconstpointer data, gsize size) {
  g_autoptr (GBytes) message = g_bytes_new (data, size);
  g_autoptr (GError) error = NULL;

  g_assert_true (tambo_vpcd_send (reader->line, message, G_MAXSIZE, &error));
}

/* NULL when the card hangs up; what it sent until then lies in INPUT. */
static GBytes *receive_message (Reader *reader) {
  for (;;) {
    GBytes *message = tambo_vpcd_take_message (reader->input);
    if (message)
      return message;
    g_assert_true (wait_for (reader->line, G_IO_IN, TIMEOUT_SECONDS));
    if (!tambo_vpcd_receive (reader->line, reader->input, NULL))
      return NULL;
  }
}

static void expect (Reader *reader, gconstpointer command, gsize size, const char *status) {
  send_message (reader, command, size);
  g_autoptr (GBytes) answer = receive_message (reader);
  g_assert_nonnull (answer);
  g_assert_cmpmem (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer), status, 2);
}

static void expect_hang_up (Reader *reader, gconstpointer command, gsize size) {
  send_message (reader, command, size);
  g_autoptr (GBytes) answer = receive_message (reader);
  g_assert_null (answer);
}

static void expect_atr (Reader *reader) {
  send_message (reader, "\x04", 1);
  g_autoptr (GBytes) answer = receive_message (reader);
  gsize size;
  const guint8 *atr = g_bytes_get_data (answer, &size);
  guint8 sum = 0;

  /* PC/SC part 3 section 3.1.3.2.3: 3B 8n 80 01, n historical bytes, the exclusive or. */
  g_assert_cmpuint (size, ==, 5u + (atr[1] & 0x0F));
  g_assert_cmpmem (atr, 1, "\x3B", 1);
  g_assert_cmphex (atr[1] & 0xF0, ==, 0x80);
  g_assert_cmpmem (atr + 2, 2, "\x80\x01", 2);
  for (gsize i = 1; i < size; i++)
    sum ^= atr[i];
  g_assert_cmphex (sum, ==, 0);
}

static char *status_of (Reader *reader) {
  return tambo_card_slot_control (reader->slot, "status");
}

static void assert_status_has (Reader *reader, const char *text) {
  g_autofree char *status = status_of (reader);
  if (!strstr (status, text))
    g_error ("“%s” lacks “%s”", status, text);
}

static void test_power_and_commands (Reader *reader, gconstpointer faults) {
  assert_status_has (reader, "ok absent");
  tambo_card_slot_insert (reader->slot);
  take_card (reader);
  send_message (reader, "\x01", 1);
  expect_atr (reader);
  expect (reader, SELECT_APPLICATION, SELECT_SIZE, "\x90\x00");
  expect (reader, CREATE_COM, CREATE_SIZE, "\x90\x00");
  assert_status_has (reader, "ok present ready=yes locked=no commands=2 tear=0 memory=16/1000");
  /* Without power the selection is gone, the file is not. */
  send_message (reader, "\x02", 1);
  expect (reader, CREATE_COM, CREATE_SIZE, "\x6D\x00");
  send_message (reader, "\x00", 1);
  expect_atr (reader);
  assert_status_has (reader, "memory=16/1000");
}

static void tear_second (Reader *reader, const char *line, const char *memory) {
  g_autofree char *answer = tambo_card_slot_control (reader->slot, line);

  g_assert_cmpstr (answer, ==, "ok");
  tambo_card_slot_insert (reader->slot);
  take_card (reader);
  expect (reader, SELECT_APPLICATION, SELECT_SIZE, "\x90\x00");
  expect_hang_up (reader, CREATE_COM, CREATE_SIZE);
  assert_status_has (reader, "ok absent");
  assert_status_has (reader, memory);
  g_assert_false (wait_for (reader->listener, G_IO_IN, 0.3));

  g_autofree char *inserted = tambo_card_slot_control (reader->slot, "insert");
  g_assert_cmpstr (inserted, ==, "ok");
  take_card (reader);
  expect_atr (reader);
  expect (reader, SELECT_APPLICATION, SELECT_SIZE, "\x90\x00");
}

static void test_tear_after (Reader *reader, gconstpointer faults) {
  tear_second (reader, "tear 2", "memory=16/1000");
}

static void test_tear_before (Reader *reader, gconstpointer faults) {
  tear_second (reader, "tear 2 before", "memory=0/1000");
}

static void test_reinsert (Reader *reader, gconstpointer faults) {
  reader->options.reinsert_after = 10;
  tambo_card_slot_tear (reader->slot, 1, FALSE);
  tambo_card_slot_insert (reader->slot);
  take_card (reader);
  expect_hang_up (reader, SELECT_APPLICATION, SELECT_SIZE);
  gint64 begin = g_get_monotonic_time ();
  take_card (reader);
  /* A reader looks every 400 ms and has to miss it twice. */
  g_assert_cmpint (g_get_monotonic_time () - begin, >, 800000);
  expect_atr (reader);
}

static void test_renew (Reader *reader, gconstpointer faults) {
  tambo_card_slot_insert (reader->slot);
  take_card (reader);
  expect (reader, SELECT_APPLICATION, SELECT_SIZE, "\x90\x00");
  expect (reader, CREATE_COM, CREATE_SIZE, "\x90\x00");
  expect (reader, "\x00\xDA\xDE\xAD\x00", 5, "\x90\x00");
  assert_status_has (reader, "locked=yes");
  assert_status_has (reader, "locked-at=3");
  g_autofree char *answer = tambo_card_slot_control (reader->slot, "new");
  g_assert_cmpstr (answer, ==, "ok");
  take_card (reader);
  assert_status_has (reader, "locked=no commands=0 tear=0 memory=0/1000 locked-at=0");

  g_autofree char *removed = tambo_card_slot_control (reader->slot, "remove");
  g_assert_cmpstr (removed, ==, "ok");
  g_assert_null (receive_message (reader));
  g_assert_true (tambo_card_slot_renew (reader->slot, NULL));
  assert_status_has (reader, "ok absent");
}

static void test_reader_leaves (Reader *reader, gconstpointer faults) {
  tambo_card_slot_insert (reader->slot);
  take_card (reader);
  expect (reader, SELECT_APPLICATION, SELECT_SIZE, "\x90\x00");
  g_socket_close (reader->line, NULL);
  take_card (reader);
  expect_atr (reader);
  expect (reader, CREATE_COM, CREATE_SIZE, "\x6D\x00");
}

static void test_mute (Reader *reader, gconstpointer faults) {
  tambo_card_slot_insert (reader->slot);
  take_card (reader);
  send_message (reader, SELECT_APPLICATION, SELECT_SIZE);
  g_assert_false (wait_for (reader->line, G_IO_IN, 0.2));
  expect_atr (reader);
}

static void test_wrong_status (Reader *reader, gconstpointer faults) {
  tambo_card_slot_insert (reader->slot);
  take_card (reader);
  expect (reader, SELECT_APPLICATION, SELECT_SIZE, "\x90\x00");
  expect (reader, CREATE_COM, CREATE_SIZE, "\x6F\x42");
  assert_status_has (reader, "memory=16/1000"); /* it was done all the same */
  expect (reader, "\x00\xA4\x02\x0C\x02\x01\x1E", 7, "\x90\x00");
}

static void test_truncate (Reader *reader, gconstpointer faults) {
  tambo_card_slot_insert (reader->slot);
  take_card (reader);
  expect_hang_up (reader, SELECT_APPLICATION, SELECT_SIZE);
  g_assert_cmpmem (reader->input->data, reader->input->len, "\x00\x02\x90", 3);
  assert_status_has (reader, "ok absent");
}

static void test_no_memory (Reader *reader, gconstpointer faults) {
  tambo_card_slot_insert (reader->slot);
  take_card (reader);
  expect (reader, SELECT_APPLICATION, SELECT_SIZE, "\x90\x00");
  expect (reader, CREATE_COM, CREATE_SIZE, "\x6A\x84");
}

static void test_dump (Reader *reader, gconstpointer faults) {
  g_autofree char *folder = g_dir_make_tmp ("tambo-card-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "COM", NULL);
  g_autofree char *content = NULL;
  gsize size;

  g_autofree char *refused = tambo_card_slot_control (reader->slot, "dump");
  g_assert_true (g_str_has_prefix (refused, "error: "));
  reader->options.dump = g_strdup (folder);
  tambo_card_slot_insert (reader->slot);
  take_card (reader);
  expect (reader, SELECT_APPLICATION, SELECT_SIZE, "\x90\x00");
  expect (reader, CREATE_COM, CREATE_SIZE, "\x90\x00");
  expect (reader, "\x00\xA4\x02\x0C\x02\x01\x1E", 7, "\x90\x00");
  expect (reader, "\x00\xD6\x00\x00\x02\x60\x0E", 7, "\x90\x00");
  g_autofree char *answer = tambo_card_slot_control (reader->slot, "dump");
  g_assert_cmpstr (answer, ==, "ok");
  g_assert_true (g_file_get_contents (path, &content, &size, NULL));
  g_assert_cmpmem (content, size, "\x60\x0E\0\0\0\0\0\0\0\0\0\0\0\0\0\0", 16);

  g_assert_true (tambo_card_slot_renew (reader->slot, NULL));
  g_autofree char *again = tambo_card_slot_control (reader->slot, "dump");
  g_assert_cmpstr (again, ==, "ok");
  g_assert_false (g_file_test (path, G_FILE_TEST_EXISTS)); /* nothing of the old chip stays */
  g_rmdir (folder);
  g_clear_pointer (&reader->options.dump, g_free);
}

static void test_control_refusals (Reader *reader, gconstpointer faults) {
  static const char *const lines[] = { "",
                                       "tear",
                                       "tear ",
                                       "tear x",
                                       "tear -1",
                                       "tear 2 after",
                                       "tear 99999999999999999999",
                                       "insert now",
                                       "INSERT" };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    g_autofree char *answer = tambo_card_slot_control (reader->slot, lines[i]);
    g_assert_true (g_str_has_prefix (answer, "error: "));
  }
  assert_status_has (reader, "ok absent ready=no locked=no commands=0 tear=0");
}

#define ADD(name, data, func)                                                                      \
  g_test_add ("/simulator/card-slot/" name, Reader, data, set_up, func, tear_down)

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  ADD ("power-and-commands", NULL, test_power_and_commands);
  ADD ("tear-after", NULL, test_tear_after);
  ADD ("tear-before", NULL, test_tear_before);
  ADD ("reinsert", NULL, test_reinsert);
  ADD ("renew", NULL, test_renew);
  ADD ("reader-leaves", NULL, test_reader_leaves);
  ADD ("mute", "mute", test_mute);
  ADD ("wrong-status", "wrong-status@2", test_wrong_status);
  ADD ("truncate", "truncate@1", test_truncate);
  ADD ("no-memory", "6A84", test_no_memory);
  ADD ("dump", NULL, test_dump);
  ADD ("control-refusals", NULL, test_control_refusals);
  return g_test_run ();
}
