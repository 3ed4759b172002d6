/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The wire between the virtual reader driver vpcd and a card: each message is a big-endian u16
 * length and that many bytes. One byte from the reader is a control code, more are a command APDU.
 */
#pragma once

#include <gio/gio.h>

typedef enum {
  TAMBO_VPCD_POWER_OFF = 0x00,
  TAMBO_VPCD_POWER_ON = 0x01,
  TAMBO_VPCD_RESET = 0x02,
  TAMBO_VPCD_GET_ATR = 0x04, /* the only control code with an answer */
} TamboVpcdControl;

/* Takes the first whole message out of INPUT; NULL when there is none yet. May be empty. */
GBytes *tambo_vpcd_take_message (GByteArray *input) G_GNUC_WARN_UNUSED_RESULT;
/* Length and body. MESSAGE has at most 65535 bytes. */
GBytes *tambo_vpcd_frame (GBytes *message);

/* The card goes to a reader that listens. */
GSocket *tambo_vpcd_connect (const char *host, guint16 port,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The card waits for the reader, on the loopback interface. vpcd 3.3 as Debian 12 builds it aborts
 * pcscd as soon as one of its two slots finds nobody: it needs a card on PORT + 1 too, and none may
 * leave. */
GSocket *tambo_vpcd_listen (guint16 port, GError **error) G_GNUC_WARN_UNUSED_RESULT;
GSocket *tambo_vpcd_accept (GSocket *listener, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Appends what has arrived to INPUT; FALSE without error when the reader has closed. */
gboolean tambo_vpcd_receive (GSocket *socket, GByteArray *input, GError **error);
/* Sends no more than LIMIT bytes of a framed MESSAGE. */
gboolean tambo_vpcd_send (GSocket *socket, GBytes *message, gsize limit, GError **error);
