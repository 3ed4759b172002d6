/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Card readers of PC/SC: which there are, what lies on them, and a channel to the card.
 */
#pragma once

#include "chip/channel.h"

/* How a reader talks to chips. PC/SC does not tell; names and answers to reset do, mostly. */
typedef enum {
  TAMBO_READER_UNKNOWN,
  TAMBO_READER_CONTACTLESS,
  TAMBO_READER_CONTACT, /* travel documents mean nothing to it */
} TamboReaderInterface;

/* ATR (may be NULL) of the card that lies there: PC/SC part 3 section 3.1.3.2.3 for one over the air. */
TamboReaderInterface tambo_reader_interface (const char *name, GBytes *atr);

typedef struct {
  char *name;
  gboolean card_present;
  TamboReaderInterface interface;
  GBytes *atr; /* NULL without a card; never an identity */
} TamboReaderRow;

void tambo_reader_row_free (TamboReaderRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboReaderRow, tambo_reader_row_free)

/* Elements are TamboReaderRow; an empty array when pcscd runs without readers. */
GPtrArray *tambo_readers_list (GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Connects exclusively to the card on NAME, or on the first reader that has one when NAME is NULL.
 * Waits up to TIMEOUT_MS for a card to be put there. */
TamboChannel *tambo_reader_connect (const char *name, guint timeout_ms, GCancellable *cancellable,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
