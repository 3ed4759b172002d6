/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The service of a played fingerprint scanner: HTTP with verbs of its own on 127.0.0.1, and what can go
 * wrong with it.
 */
#pragma once

#include "simulator/sbi-scanner.h"

/* What goes wrong on the way, whatever the scanner would say. */
typedef enum {
  TAMBO_SERVICE_WELL,
  TAMBO_SERVICE_NONSENSE, /* bytes that are no JSON */
  TAMBO_SERVICE_ENDLESS,  /* a body that never ends */
  TAMBO_SERVICE_HANG,     /* nothing is ever said */
  TAMBO_SERVICE_ERROR_500,
  TAMBO_SERVICE_CLOSED, /* the socket is closed at once */
  TAMBO_SERVICE_CUT,    /* … in the middle of the body */
} TamboServiceFault;

typedef struct _TamboSbiServer TamboSbiServer;

/* SCANNER is borrowed. PORT 0 chooses a free one, which the scanner is told. */
TamboSbiServer *tambo_sbi_server_new (TamboScanner *scanner, guint16 port, GError **error);
void tambo_sbi_server_free (TamboSbiServer *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboSbiServer, tambo_sbi_server_free)

guint16 tambo_sbi_server_get_port (TamboSbiServer *server);

/* "NAME" (of the captures) or "STEP:NAME", STEP being device, info, capture or stream; "none" ends
 * all faults. */
gboolean tambo_sbi_server_set_fault (TamboSbiServer *server, const char *words, GError **error);
