/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/bytes.h"
#include "chip/inspection.h"

#include "fuzz.h"
#include "memory-channel.h"

#define MRZ                                                                                        \
  "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"                                                 \
  "L898902C36UTO7408122F1204159ZE184226B<<<<<10"
#define MAX_COMMANDS 2000

/* A hostile card: its answers are the input, each behind a byte that says how long it is; when nothing
 * is left it says what it said last, for ever. */
typedef struct {
  TamboReader reader;
  GBytes *last;
  guint commands;
} Card;

static GBytes *answer (GBytes *command, gpointer data, GError **error) {
  Card *card = data;
  const guint8 *octets;
  guint8 wanted;

  g_assert_cmpuint (++card->commands, <, MAX_COMMANDS);
  if (tambo_reader_u8 (&card->reader, &wanted)) {
    gsize size = MIN (wanted, tambo_reader_left (&card->reader));
    g_assert_true (tambo_reader_take (&card->reader, size, &octets));
    g_clear_pointer (&card->last, g_bytes_unref);
    card->last = g_bytes_new (octets, size);
  }
  return g_bytes_ref (card->last);
}

static void inspect (const guint8 *data, gsize size, gboolean hasty) {
  g_autoptr (TamboMrz) mrz = tambo_mrz_parse (MRZ, "2010-01-01", NULL);
  TamboInspectionKeys keys = { mrz, NULL };
  g_autoptr (GPtrArray) verdicts =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_verdict_free);
  g_autoptr (GError) error = NULL;
  Card card = { tambo_reader (data, size), g_bytes_new_static ("\x90\x00", 2), 0 };
  g_autoptr (TamboChannel) channel =
      (hasty ? memory_channel_new_hasty : memory_channel_new) (answer, &card);
  g_autoptr (TamboLds) lds = tambo_inspect_with (channel, &keys, NULL, verdicts, NULL, &error);

  /* nobody without the keys gets as far as a file */
  g_assert_null (lds);
  g_assert_true (error || verdicts->len > 0);
  g_assert_false (tambo_verdicts_all_passed (verdicts));
  g_bytes_unref (card.last);
}

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size) {
  inspect (data, size, FALSE);
  inspect (data, size, TRUE);
  return 0;
}
