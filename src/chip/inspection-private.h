/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Inspection that tells how far it is, for the read-back of personalisation. Private to the room.
 */
#pragma once

#include "chip/file-access.h"
#include "chip/inspection.h"

/* As tambo_inspect; PROGRESS may be NULL. */
TamboLds *tambo_inspect_watched (TamboChannel *channel, const TamboMrz *mrz, GPtrArray *csca,
                                 GPtrArray *verdicts, TamboFileProgress progress, gpointer data,
                                 GCancellable *cancellable, GError **error);
