/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The services that are set up, and how each behaved lately. Private.
 */
#pragma once

#include "hq/connector.h"

typedef struct {
  TamboConnector *connector;
  guint failures;     /* one after the other */
  guint rests;        /* likewise */
  gint64 rests_until; /* monotonic microseconds */
} TamboService;

struct _TamboConnectors {
  GPtrArray *services; /* TamboService */
  gint64 changed_at;   /* of the file, microseconds; 0 when there is none */
};
