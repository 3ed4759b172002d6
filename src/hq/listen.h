/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Where a server of headquarters listens: "ADDRESS:PORT", "[ADDRESS]:PORT" or "localhost:PORT".
 */
#pragma once

#include <gio/gio.h>
#include <sys/socket.h>

struct MHD_Daemon;

/* Starts a daemon that listens on ADDRESS; NULL, with errno, when it cannot. */
typedef struct MHD_Daemon *(*TamboListenStart) (gpointer server, const struct sockaddr *address);

/* OUT_ADDRESS has the port that was found where TEXT has 0. */
struct MHD_Daemon *tambo_listen_start (const char *text, TamboListenStart start, gpointer server,
                                       char **out_address,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
