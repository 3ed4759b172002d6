/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A headquarters in a folder of its own, for tests of what lies behind the wire. Its database is where
 * new-database.h says.
 */
#pragma once

#include "hq/headquarters.h"

typedef struct {
  char *folder;
  TamboHq *hq;
} MadeHq;

void made_hq_init (MadeHq *self);
void made_hq_clear (MadeHq *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (MadeHq, made_hq_clear)
/* A case, and the record that it came in, in these states. */
void made_hq_add_case (MadeHq *self, const char *id, const char *tracking_number,
                       const char *state);
