/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Requests to a service on this computer's loopback: any verb, bounded in time and size, several at
 * once. For the helper process: it blocks.
 */
#pragma once

#include <glib.h>

/* Takes a part of the body; FALSE ends the exchange, without an error. */
typedef gboolean (*TamboSbiSink) (gconstpointer data, gsize size, gpointer sink_data);

typedef struct {
  guint16 port;
  const char *method, *path; /* borrowed */
  const char *body;          /* borrowed; NULL for none */
  guint timeout_ms;
  gsize max_size;    /* of the answer's body */
  TamboSbiSink sink; /* NULL: into ANSWER */
  gpointer sink_data;
  /* What came of it. */
  GByteArray *answer; /* owned */
  gboolean is_absent; /* nothing listens there */
  GError *error;      /* of TAMBO_CAPTURE_ERROR; NULL for an answer with status 200; owned */
} TamboSbiExchange;

void tambo_sbi_exchange_clear (TamboSbiExchange *exchange);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboSbiExchange, tambo_sbi_exchange_clear)

/* Called five times a second; FALSE breaks off, with G_IO_ERROR_CANCELLED for what is under way. */
typedef gboolean (*TamboSbiTick) (gpointer tick_data);

void tambo_sbi_exchange_all (TamboSbiExchange *exchanges, guint n, TamboSbiTick tick,
                             gpointer tick_data);
