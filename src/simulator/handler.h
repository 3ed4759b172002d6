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
} TamboHandler;

void tambo_handler_init (TamboHandler *handler);
void tambo_handler_connect (TamboHandler *handler, const char *signal, GCallback func,
                            gpointer data);
/* Returns when no function of DATA, which all have, runs or will run again. */
void tambo_handler_clear (TamboHandler *handler, gpointer data);
