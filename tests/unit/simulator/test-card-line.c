/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/card-line.h"

#include "chip/channel.h"
#include "memory-channel.h"

#define N_RANDOM 2000

/* A chip that answers the command's P2 bytes, counting up, and counts what reaches it. */
typedef struct {
  TamboCardLine *line;
  TamboCardFaults faults;
  guint64 commands;
  guint reached;
} Chip;

static GBytes *count_up (GBytes *command, gpointer data) {
  Chip *chip = data;
  guint8 size = ((const guint8 *) g_bytes_get_data (command, NULL))[3];
  GByteArray *answer = g_byte_array_new ();

  chip->reached++;
  for (guint8 i = 0; i < size; i++)
    g_byte_array_append (answer, &i, 1);
  g_byte_array_append (answer, (const guint8 *) "\x90\x00", 2);
  return g_byte_array_free_to_bytes (answer);
}

static GBytes *lie_on_line (GBytes *command, gpointer data, GError **error) {
  Chip *chip = data;

  return tambo_card_line_process (chip->line, &chip->faults, ++chip->commands, command, count_up,
                                  chip);
}

static GBytes *send (Chip *chip, const char *command, gsize size) {
  g_autoptr (GBytes) bytes = g_bytes_new (command, size);

  return lie_on_line (bytes, chip, NULL);
}

static void expect (Chip *chip, const char *command, gsize size, const char *answer,
                    gsize answer_size) {
  g_autoptr (GBytes) got = send (chip, command, size);

  g_assert_cmpmem (g_bytes_get_data (got, NULL), g_bytes_get_size (got), answer, answer_size);
}

static void test_pieces (void) {
  g_autoptr (TamboCardLine) line = tambo_card_line_new ();
  Chip chip = { .line = line };

  chip.faults.at[TAMBO_CARD_FAULT_PIECES] = 1;
  expect (&chip, "\x00\xB0\x00\x04\x00", 5, "\x61\x04", 2);
  expect (&chip, "\x00\xC0\x00\x00\x04", 5, "\x00\x01\x61\x02", 4);
  expect (&chip, "\x00\xC0\x00\x00\x02", 5, "\x02\x03\x90\x00", 4);
  expect (&chip, "\x00\xC0\x00\x00\x02", 5, "\x69\x85", 2);
  g_assert_cmpuint (chip.reached, ==, 1);
  expect (&chip, "\x00\xB0\x00\x01\x00", 5, "\x00\x90\x00", 3);
}

static void test_wrong_le (void) {
  g_autoptr (TamboCardLine) line = tambo_card_line_new ();
  Chip chip = { .line = line };

  chip.faults.at[TAMBO_CARD_FAULT_WRONG_LE] = -1;
  expect (&chip, "\x00\xB0\x00\x03\x00", 5, "\x6C\x03", 2);
  expect (&chip, "\x00\xC0\x00\x00\x03", 5, "\x69\x85", 2); /* it is not GET RESPONSE that helps */
  expect (&chip, "\x00\xB0\x00\x03\x00", 5, "\x6C\x03", 2);
  expect (&chip, "\x00\xB0\x00\x03\x03", 5, "\x00\x01\x02\x90\x00", 5);
  g_assert_cmpuint (chip.reached, ==, 2);
  tambo_card_line_reset (line);
  expect (&chip, "\x00\xC0\x00\x00\x03", 5, "\x69\x85", 2);
}

/* The real channel over such a line sees nothing of it, whatever the seed. */
static void test_host (void) {
  for (guint32 seed = 1; seed <= 3; seed++) {
    g_autoptr (TamboCardLine) line = tambo_card_line_new ();
    Chip chip = { .line = line };
    g_autoptr (TamboChannel) channel = memory_channel_new (lie_on_line, &chip);
    chip.faults.at[TAMBO_CARD_FAULT_PIECES] = chip.faults.at[TAMBO_CARD_FAULT_WRONG_LE] = -1;
    chip.faults.seed = seed;
    for (guint i = 0; i < N_RANDOM; i++) {
      TamboCommand command = { .ins = 0xB0, .p2 = (guint8) i, .le = 256 };
      g_auto (TamboResponse) response = { 0 };
      g_assert_true (tambo_channel_transmit (channel, &command, &response, NULL, NULL));
      g_assert_cmphex (response.sw, ==, 0x9000);
      g_assert_cmpuint (g_bytes_get_size (response.data), ==, i & 0xFF);
    }
    g_assert_cmpuint (chip.reached, ==, N_RANDOM);
    g_assert_cmpuint (chip.commands, >, N_RANDOM * 5 / 4);
  }
}

/* The figures are worked by hand from the model: bytes and 3 around each block at 9 bits, 500 us a
 * block, an acknowledgement between the two blocks of a long answer. */
static void test_time (void) {
  g_assert_cmpuint (tambo_card_line_time (0, 5, 258), ==, 0);
  g_assert_cmpuint (tambo_card_line_time (106, 5, 2), ==, 13u * 9 * 1000 / 106 + 1000);
  g_assert_cmpuint (tambo_card_line_time (424, 5, 253), ==,
                    8u * 9 * 1000 / 424 + 500 + 256u * 9 * 1000 / 424 + 500);
  g_assert_cmpuint (tambo_card_line_time (848, 5, 254), ==,
                    8u * 9 * 1000 / 848 + 500 + 263u * 9 * 1000 / 848 + 1500);
}

static void test_jitter (void) {
  g_autoptr (TamboCardLine) line = tambo_card_line_new ();
  TamboCardFaults faults = { .jitter = 3 };
  guint64 least = G_MAXUINT64, most = 0;

  for (guint i = 0; i < N_RANDOM; i++) {
    guint64 delay = tambo_card_line_delay (line, &faults, 5, 258);
    least = MIN (least, delay);
    most = MAX (most, delay);
  }
  g_assert_cmpuint (least, <, 100);
  g_assert_cmpuint (most, >, 2900);
  g_assert_cmpuint (most, <=, 3000);
}

int main (int argc, char **argv) {
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/simulator/card-line/pieces", test_pieces);
  g_test_add_func ("/simulator/card-line/wrong-le", test_wrong_le);
  g_test_add_func ("/simulator/card-line/host", test_host);
  g_test_add_func ("/simulator/card-line/time", test_time);
  g_test_add_func ("/simulator/card-line/jitter", test_jitter);
  return g_test_run ();
}
