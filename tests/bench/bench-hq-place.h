/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A headquarters with a station that is registered with it, without a network.
 */
#pragma once

#include "bench-hq-load.h"

typedef struct {
  char *folder; /* a temporary one, removed in the end; NULL when it is somebody else's */
  char *hq_folder;
  char *ca_file, *certificate_file, *key_file;
  TamboHq *hq;
  TamboKey *station_key;
  gint64 sequence;
} Place;

/* Below $TAMBO_BENCH_FOLDER; DATABASE is a URI, or NULL for a file. */
void place_make (Place *place, const char *database);
/* In a headquarters that is there; the station's files go to FOLDER. */
void place_join (Place *place, const char *hq_folder, const char *folder);
void place_clear (Place *place);
LoadTarget place_target (const Place *place, const char *url);
GPtrArray *place_records (Place *place, guint n, gsize size);
