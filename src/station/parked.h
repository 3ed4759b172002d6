/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Cases that wait for somebody at this desk: put aside, or sent back by a second person.
 */
#pragma once

#include "station/station.h"
#include "store/cases.h"

typedef struct {
  TamboCaseRow *row;
  char *name; /* surname, given names; a secret, "" when nothing was typed yet */
  char *note; /* what the second person wrote, or NULL */
} TamboParked;

void tambo_parked_free (TamboParked *parked);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboParked, tambo_parked_free)

/* The newest COUNT of those in STATE, which has a readable draft; elements are TamboParked. Needs a
 * signed-in operator who may capture. */
GPtrArray *tambo_parked_list (TamboStation *station, TamboCaseState state, guint count,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
