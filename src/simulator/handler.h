/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What answers the programs that open a testbed's node. umockdev's own thread asks it, and is not waited for when its
 * testbed ends.
 */
#pragma once

#include <glib-object.h>

typedef struct {
  gpointer base; /* the UMockdevIoctlBase to be attached */
  GMutex lock;
  GCond over;
  guint listeners;
  guint heard; /* clients that came */
} TamboHandler;

void tambo_handler_init (TamboHandler *handler);
void tambo_handler_connect (TamboHandler *handler, const char *signal, GCallback func,
                            gpointer data);
/* NODE of TESTBED, an UMockdevTestbed whose folder is ROOT, answers when this returns. umockdev begins to listen on its
 * own thread; a node that is detached before it has begun would be listened to for ever. One client comes and goes
 * meanwhile, which asks nothing. */
gboolean tambo_handler_attach (TamboHandler *handler, gpointer testbed, const char *root,
                               const char *node, GError **error);
/* Returns when no function of DATA, which all have, runs or will run again. */
void tambo_handler_clear (TamboHandler *handler, gpointer data);
