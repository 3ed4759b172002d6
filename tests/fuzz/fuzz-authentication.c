/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/bytes.h"
#include "chip/active-authentication.h"
#include "chip/chip-authentication-private.h"
#include "chip/terminal-authentication.h"

#include "cv-maker.h"
#include "fuzz.h"
#include "memory-channel.h"

#define MAX_COMMANDS 100

/* A card that has been opened and lies from then on: DG14 and DG15 are the first two pieces of the input,
 * each behind two bytes that say how long it is; the rest are its answers, in the clear, each behind one. */
typedef struct {
  TamboReader reader;
  guint commands;
} Card;

static GBytes *take (TamboReader *reader, gboolean is_long) {
  const guint8 *octets = NULL;
  guint16 wanted = 0;
  guint8 low = 0;

  if (is_long ? !tambo_reader_u16 (reader, &wanted) : !tambo_reader_u8 (reader, &low))
    return g_bytes_new_static ("\x90\x00", 2);
  gsize size = MIN ((gsize) (is_long ? wanted : low), tambo_reader_left (reader));
  g_assert_true (tambo_reader_take (reader, size, &octets));
  return g_bytes_new (octets, size);
}

static GBytes *answer (GBytes *command, gpointer data, GError **error) {
  Card *card = data;

  g_assert_cmpuint (++card->commands, <, MAX_COMMANDS);
  return take (&card->reader, FALSE);
}

/* One key and one chain for all runs: they are not what is tried. */
static TamboTerminal *make_terminal (void) {
  static const CvWish wish = { "UTCVCA00001", "UTIS00001", 0x03, "260101", "280101", FALSE };
  g_autoptr (EVP_PKEY) key = cv_key ();
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func ((GDestroyNotify) g_bytes_unref);
  g_autoptr (GBytes) pem = cv_key_pem (key);

  g_ptr_array_add (files, cv_make (&wish, key, key));
  return tambo_terminal_new (pem, files, NULL);
}

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size) {
  static TamboTerminal *terminal;
  static const TamboChipAuthenticationWish wish;
  Card card = { tambo_reader (data, size), 0 };
  g_autoptr (GPtrArray) verdicts =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_verdict_free);
  g_autoptr (TamboLds) lds = tambo_lds_new ();
  g_autoptr (GBytes) dg14 = take (&card.reader, TRUE);
  g_autoptr (GBytes) dg15 = take (&card.reader, TRUE);
  g_autoptr (TamboChannel) channel = memory_channel_new (answer, &card);
  g_autoptr (GBytes) key = NULL;
  TamboTerminalBinding binding = { dg14, dg15 };
  g_autoptr (GError) error = NULL, refusal = NULL;

  if (!terminal)
    terminal = make_terminal ();
  tambo_lds_set (lds, TAMBO_LDS_DG14, dg14);
  tambo_lds_set (lds, TAMBO_LDS_DG15, dg15);
  gboolean talked = tambo_active_authentication (channel, NULL, lds, verdicts, NULL, &error)
                    && tambo_terminal_authentication (channel, NULL, terminal, &binding, dg14,
                                                      verdicts, NULL, &error);
  fuzz_outcome (talked, error);
  g_autoptr (TamboSecureMessaging) session =
      tambo_chip_authentication_run (channel, NULL, dg14, &wish, &key, NULL, &refusal);
  fuzz_outcome (session, refusal);
  return 0;
}
