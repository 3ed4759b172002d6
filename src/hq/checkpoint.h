/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The stations' audit heads: each has to continue the last one that was accepted.
 */
#pragma once

#include "hq/stations.h"

/* The head of TEXT countersigned; or the head that was countersigned last, when the proof does not begin
 * there: the station then proves once more, from that one. FORK, with an alarm, when the log was cut, rewritten or replaced. */
char *tambo_hq_countersign (TamboHq *hq, const TamboStationRow *station, const char *text,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A person says that the station of that CODE was restored from a backup: the database that it came with
 * last, and no other, takes the place of the one before. STATE when it came with none. */
gboolean tambo_hq_accept_restore (TamboHq *hq, const char *code, char **out_incarnation,
                                  GError **error);
