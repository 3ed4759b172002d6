/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "capture/sbi-ports.h"

#include <stdio.h>
#include <string.h>

#include "capture/sbi-listeners.h"

#define FIRST_PORT 4501
#define LAST_PORT 4600
#define STATE_LISTEN 0x0a

gboolean tambo_sbi_ports_get (guint *out_first, guint *out_last) {
  const char *text = g_getenv ("TAMBO_SBI_PORTS");
  g_auto (GStrv) words = NULL;
  guint64 first = FIRST_PORT, last = LAST_PORT;

  if (text != NULL) {
    words = g_strsplit (text, "-", 2);
    if (words[0] == NULL
        || !g_ascii_string_to_unsigned (words[0], 10, 1, G_MAXUINT16, &first, NULL))
      return FALSE;
    last = first;
    if (words[1] != NULL
        && !g_ascii_string_to_unsigned (words[1], 10, first, G_MAXUINT16, &last, NULL))
      return FALSE;
  }
  *out_first = (guint) first;
  *out_last = (guint) MIN (last, first + TAMBO_SBI_MAX_PORTS - 1);
  return TRUE;
}

typedef struct {
  guint port, state;
  guint64 inode;
} Socket;

/* "0: 0100007F:1195 00000000:0000 0A 0:0 0:0 0 1000 0 53412 …": place, own address, the other's, state, queues,
 * timer, retransmissions, user, time-out, inode. */
static gboolean read_socket (const char *line, Socket *out_socket) {
  return sscanf (line,
                 " %*u: %*8x:%4x %*8x:%*4x %2x %*x:%*x %*x:%*x %*x %*u %*u %" G_GUINT64_FORMAT,
                 &out_socket->port, &out_socket->state, &out_socket->inode)
         == 3;
}

guint64 tambo_sbi_listeners_parse (const char *table, guint first, guint last) {
  guint64 listeners = 0;

  for (const char *line = table; line != NULL; line = strchr (line, '\n')) {
    Socket socket;

    line += *line == '\n';
    if (read_socket (line, &socket) && socket.state == STATE_LISTEN && socket.port >= first
        && socket.port <= last)
      listeners += tambo_sbi_listener_number (socket.port, socket.inode);
  }
  return listeners;
}

static guint64 look (guint first, guint last) {
  g_autofree char *table = NULL;
  guint64 listeners = 0;

  if (!tambo_sbi_listeners_ask (first, last, &listeners)
      && g_file_get_contents ("/proc/net/tcp", &table, NULL, NULL))
    listeners = tambo_sbi_listeners_parse (table, first, last);
  return listeners;
}

gboolean tambo_sbi_listeners_update (guint64 *listeners) {
  guint64 now = 0;
  guint first, last;

  if (tambo_sbi_ports_get (&first, &last))
    now = look (first, last);
  if (now == *listeners)
    return FALSE;
  *listeners = now;
  return TRUE;
}
