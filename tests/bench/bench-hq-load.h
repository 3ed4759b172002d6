/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Stations that send records as fast as they are taken: some connections, each kept open, over libcurl.
 */
#pragma once

#include "hq/headquarters.h"

/* Who is asked, and as whom. */
typedef struct {
  const char *url;
  const char *ca_file, *certificate_file, *key_file;
} LoadTarget;

typedef struct {
  GBytes *bytes;
  char *sha256, *manifest;
  char *receipt; /* once it was taken in */
} LoadRecord;

/* N records of SIZE random bytes each, with manifests of STATION from *SEQUENCE on, which is advanced. */
GPtrArray *load_records_new (guint n, gsize size, TamboHq *hq, TamboKey *station_key,
                             const char *station, gint64 *sequence);

typedef enum {
  LOAD_PLAIN, /* one PUT with the bytes: what the floor program takes */
  LOAD_PROTOCOL,
  LOAD_ANNOUNCE, /* the PUT of the protocol alone */
} LoadKind;

/* Sends them all over so many connections at once; the seconds that it took. Anything but the answers
 * of success aborts. */
gdouble load_run (const LoadTarget *target, GPtrArray *records, guint connections, LoadKind kind);

typedef struct {
  guint failures;    /* requests without an answer: refused, broken */
  guint unavailable; /* answers 503 */
  guint resumed;     /* uploads that went on from the middle */
} LoadTroubles;

/* Likewise, whatever happens meanwhile: each record goes on at the next of the N receivers after a trouble, until
 * it has its receipt or SECONDS are over. Any other refusal than 503 aborts. */
void load_persist (const LoadTarget *targets, guint n_targets, GPtrArray *records,
                   guint connections, guint seconds, LoadTroubles *out_troubles);
