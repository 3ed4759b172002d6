/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the database said a moment ago, so that it need not be asked for each request: who an active station is
 * (for TAMBO_RECENT_SECONDS), and which bytes were announced (what never changes).
 */
#pragma once

#include "hq/stations.h"

/* So long a station that was revoked may still be let in by a receiver that has just seen it. */
#define TAMBO_RECENT_SECONDS 1

TamboRecent *tambo_recent_new (void);
void tambo_recent_free (TamboRecent *recent);

/* A copy, when CODE was active with this certificate; otherwise NULL. */
TamboStationRow *tambo_recent_get_station (TamboRecent *recent, const char *code,
                                           const char *fingerprint);
void tambo_recent_put_station (TamboRecent *recent, const TamboStationRow *station);
void tambo_recent_forget_station (TamboRecent *recent, const char *code);

/* A record that was announced here, and has no receipt that this receiver knows of. */
typedef struct {
  char *id, *station, *kind, *manifest;
  gint64 epoch, sequence, size;
} TamboRecentRecord;

void tambo_recent_record_free (TamboRecentRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboRecentRecord, tambo_recent_record_free)

/* A copy; NULL for what was not announced here, or long ago. */
TamboRecentRecord *tambo_recent_get_record (TamboRecent *recent, const char *sha256);
/* TRUE when STATION announced SHA256 here. */
gboolean tambo_recent_get_size (TamboRecent *recent, const char *sha256, const char *station,
                                gint64 *out_size);
void tambo_recent_put_record (TamboRecent *recent, const char *sha256,
                              const TamboRecentRecord *record);
void tambo_recent_forget_record (TamboRecent *recent, const char *sha256);
