/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Synchronisation is a process of its own, `tamboctl sync --watch`, with a network and no drafts. It is
 * started here and ends with the window. Signal "changed" after each of its exchanges.
 */
#pragma once

#include <gio/gio.h>

typedef enum {
  TAMBO_CONNECTION_UNKNOWN,
  TAMBO_CONNECTION_GOOD,
  TAMBO_CONNECTION_LOST,
} TamboConnection;

#define TAMBO_TYPE_SYNC_PROCESS (tambo_sync_process_get_type ())
G_DECLARE_FINAL_TYPE (TamboSyncProcess, tambo_sync_process, TAMBO, SYNC_PROCESS, GObject)

TamboSyncProcess *tambo_sync_process_new (const char *station_folder);
/* Does nothing while it runs. */
gboolean tambo_sync_process_start (TamboSyncProcess *self, GError **error);
void tambo_sync_process_stop (TamboSyncProcess *self);

/* Of the last exchange, by whomever. */
TamboConnection tambo_sync_process_get_connection (TamboSyncProcess *self);
/* Why it was lost; NULL when it was not, or nobody said. */
const GError *tambo_sync_process_get_cause (TamboSyncProcess *self);
/* When the connection came to be so; NULL while unknown. */
GDateTime *tambo_sync_process_get_since (TamboSyncProcess *self);
/* CAUSE may be NULL. */
void tambo_sync_process_set_connection (TamboSyncProcess *self, TamboConnection connection,
                                        const GError *cause);
