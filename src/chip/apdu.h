/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Command and response APDUs of ISO/IEC 7816-4 section 5.1: short and extended length.
 */
#pragma once

#include <glib.h>

#define TAMBO_SW_OK 0x9000
#define TAMBO_LE_NONE (-1)

typedef struct {
  guint8 cla, ins, p1, p2;
  const guint8 *data; /* borrowed; NULL without */
  gsize size;         /* Lc, 0 to 65535 */
  int le;             /* TAMBO_LE_NONE, or 1 to 65536 (256: Le = 00) */
} TamboCommand;

/* Short where it fits, extended otherwise. */
GBytes *tambo_command_encode (const TamboCommand *command);
/* What a card does: the data is borrowed from BYTES. */
gboolean tambo_command_parse (gconstpointer bytes, gsize size,
                              TamboCommand *out_command) G_GNUC_WARN_UNUSED_RESULT;

/* An answer: data and status word. */
typedef struct {
  GBytes *data; /* owned; may be empty, never NULL */
  guint16 sw;
} TamboResponse;

void tambo_response_clear (TamboResponse *response);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboResponse, tambo_response_clear)
GBytes *tambo_response_encode (GBytes *data, guint16 sw);
gboolean tambo_response_parse (gconstpointer bytes, gsize size,
                               TamboResponse *out_response) G_GNUC_WARN_UNUSED_RESULT;
