/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/card-line.h"

#include <string.h>

#include "chip/apdu.h"

#define INS_GET_RESPONSE 0xC0
#define SW_CONDITIONS 0x6985
#define SHORT_MAX 256
#define ONE_IN 4
#define PIECES 3 /* no answer is cut into more */

#define FRAME 256      /* FSC */
#define FRAME_AROUND 3 /* PCB and CRC */
#define BITS_OF_BYTE 9 /* with its parity */
#define TURN_ROUND 500 /* microseconds */

struct _TamboCardLine {
  GBytes *held;    /* whole answer with its status word; NULL: nothing */
  gsize given;     /* bytes of it */
  GBytes *refused; /* the command whose Le was wrong; NULL: HELD goes by GET RESPONSE */
  GRand *rand;
  guint32 seed;
};

TamboCardLine *tambo_card_line_new (void) {
  TamboCardLine *line = g_new0 (TamboCardLine, 1);

  line->rand = g_rand_new_with_seed (0);
  return line;
}

void tambo_card_line_reset (TamboCardLine *line) {
  g_clear_pointer (&line->held, g_bytes_unref);
  g_clear_pointer (&line->refused, g_bytes_unref);
  line->given = 0;
}

void tambo_card_line_free (TamboCardLine *line) {
  if (!line)
    return;
  tambo_card_line_reset (line);
  g_rand_free (line->rand);
  g_free (line);
}

/* A seed gives the same faults each time. */
static void sow (TamboCardLine *line, guint32 seed) {
  if (line->seed == seed)
    return;
  g_rand_set_seed (line->rand, seed);
  line->seed = seed;
}

static gboolean comes (TamboCardLine *line, const TamboCardFaults *faults, TamboCardFault fault,
                       guint64 count) {
  if (!tambo_card_faults_has (faults, fault, count))
    return FALSE;
  return faults->seed == 0 || faults->at[fault] != -1
         || g_rand_int_range (line->rand, 0, ONE_IN) == 0;
}

static gsize data_size (GBytes *answer) {
  return g_bytes_get_size (answer) - 2;
}

static GBytes *say (guint8 sw1, gsize left) {
  return g_bytes_new ((guint8[]){ sw1, (guint8) MIN (left, SHORT_MAX) }, 2);
}

/* The next piece of what is held; the last one brings the status word. */
static GBytes *give_piece (TamboCardLine *line, const TamboCommand *command) {
  if (!line->held || line->refused || command->le == TAMBO_LE_NONE)
    return g_bytes_new ((guint8[]){ SW_CONDITIONS >> 8, SW_CONDITIONS & 0xFF }, 2);

  const guint8 *data = g_bytes_get_data (line->held, NULL);
  gsize whole = data_size (line->held), left = whole - line->given;
  gsize piece = MIN (MIN (left, (gsize) command->le), MAX (1, whole / PIECES + 1));
  GByteArray *answer = g_byte_array_new ();
  g_byte_array_append (answer, data + line->given, (guint) piece);
  line->given += piece;
  left -= piece;
  if (left > 0) {
    g_byte_array_append (answer, (guint8[]){ 0x61, (guint8) MIN (left, SHORT_MAX) }, 2);
  } else {
    g_byte_array_append (answer, data + whole, 2);
    tambo_card_line_reset (line);
  }
  return g_byte_array_free_to_bytes (answer);
}

/* The refused command again, with the Le that it was told. */
static gboolean is_mended (const TamboCardLine *line, GBytes *command, const TamboCommand *parsed) {
  gsize size, before;
  const guint8 *now = g_bytes_get_data (command, &size);
  const guint8 *then = line->refused ? g_bytes_get_data (line->refused, &before) : NULL;

  return then && size == before && memcmp (now, then, size - 1) == 0
         && parsed->le == (int) data_size (line->held);
}

GBytes *tambo_card_line_process (TamboCardLine *line, const TamboCardFaults *faults, guint64 count,
                                 GBytes *command, TamboCardLineChip chip, gpointer data) {
  gsize size;
  gconstpointer bytes = g_bytes_get_data (command, &size);
  TamboCommand parsed;

  sow (line, faults->seed);
  if (!tambo_command_parse (bytes, size, &parsed))
    return chip (command, data);
  if (parsed.ins == INS_GET_RESPONSE)
    return give_piece (line, &parsed);
  if (is_mended (line, command, &parsed)) {
    GBytes *held = g_steal_pointer (&line->held);
    tambo_card_line_reset (line);
    return held;
  }
  tambo_card_line_reset (line);
  g_autoptr (GBytes) answer = chip (command, data);
  gsize there = data_size (answer);
  if (parsed.le == TAMBO_LE_NONE || parsed.le > SHORT_MAX || there == 0 || there > SHORT_MAX)
    return g_steal_pointer (&answer);

  gboolean wrong_le =
      comes (line, faults, TAMBO_CARD_FAULT_WRONG_LE, count) && parsed.le != (int) there;
  if (!wrong_le && !comes (line, faults, TAMBO_CARD_FAULT_PIECES, count))
    return g_steal_pointer (&answer);
  line->held = g_steal_pointer (&answer);
  if (wrong_le)
    line->refused = g_bytes_ref (command);
  return say (wrong_le ? 0x6C : 0x61, there);
}

/* A chain of blocks, each but the last acknowledged. */
static guint64 chain_time (guint speed, gsize size) {
  gsize blocks = MAX (1, (size + FRAME - FRAME_AROUND - 1) / (FRAME - FRAME_AROUND));
  gsize frames = 2 * blocks - 1;
  guint64 bits = (guint64) (size + frames * FRAME_AROUND) * BITS_OF_BYTE;

  return bits * 1000 / speed + frames * TURN_ROUND;
}

guint64 tambo_card_line_time (guint speed, gsize command_size, gsize answer_size) {
  return speed ? chain_time (speed, command_size) + chain_time (speed, answer_size) : 0;
}

guint64 tambo_card_line_delay (TamboCardLine *line, const TamboCardFaults *faults,
                               gsize command_size, gsize answer_size) {
  guint64 delay = tambo_card_line_time (faults->speed, command_size, answer_size);

  if (faults->jitter)
    delay += (guint64) g_rand_int_range (line->rand, 0, (gint32) faults->jitter * 1000 + 1);
  return delay;
}
