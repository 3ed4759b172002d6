/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The thread that decides: beside those that take in, or alone in a process of its own. It looks every two
 * seconds for what others wrote into the database, and at once when it is told. Of several that share a
 * database, one decides.
 */
#pragma once

#include "hq/headquarters.h"

typedef struct _TamboDecider TamboDecider;

TamboDecider *tambo_decider_start (TamboHq *hq);
/* From any thread: something came. */
void tambo_decider_wake (TamboDecider *decider);
/* Returns when what is under way is done. */
void tambo_decider_stop (TamboDecider *decider);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboDecider, tambo_decider_stop)
