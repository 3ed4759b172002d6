/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * 1:N: who of many has these fingers? Every enrolled finger is kept as its minutiae and as a few short
 * codes of their neighbourhoods. A search ranks all subjects by their codes alone, then compares the best
 * of them whole, and fuses the fingers. What comes out is a ranked list for people to look at, never a
 * decision.
 */
#pragma once

#include <gio/gio.h>

#include "biometric/match.h"

#define TAMBO_SEARCH_FINGERS_MAX 10

/* Not locked: adding and removing exclude everything else, searches may run side by side. */
typedef struct _TamboMatchSearch TamboMatchSearch;

/* FINGERS of each subject, in an order that is the same for all. */
TamboMatchSearch *tambo_match_search_new (guint fingers);
void tambo_match_search_free (TamboMatchSearch *search);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboMatchSearch, tambo_match_search_free)

/* FINGERS has a record for each finger, whose first view counts, or NULL where there is none. The number
 * of the new subject, from 0; numbers are never given again. */
guint tambo_match_search_add (TamboMatchSearch *search, const TamboMinutiaeRecord *const *fingers);
/* Many at once, on THREADS threads (0: as many as there are processors): SOURCE, which several threads call,
 * gives the fingers of each one from 0 to COUNT - 1 (records are taken, NULL where there is none). The number
 * of the first; the others follow in their order. */
typedef void (*TamboSearchSource) (guint index, TamboMinutiaeRecord **out_fingers, gpointer data);
guint tambo_match_search_add_many (TamboMatchSearch *search, guint count, guint threads,
                                   TamboSearchSource source, gpointer data);
void tambo_match_search_remove (TamboMatchSearch *search, guint subject);
guint tambo_match_search_count (const TamboMatchSearch *search);
/* Bytes in memory. */
gsize tambo_match_search_size (const TamboMatchSearch *search);

typedef struct {
  guint subject;
  double evidence;                      /* tambo_match_fuse of SCORES */
  int scores[TAMBO_SEARCH_FINGERS_MAX]; /* 0..1000; 0 where either side has no finger */
} TamboMatchCandidate;

/* At most COUNT TamboMatchCandidate, most evidence first. THREADS 0: as many as there are processors.
 * NULL with ERROR when cancelled. */
GArray *tambo_match_search_run (const TamboMatchSearch *search,
                                const TamboMinutiaeRecord *const *probes, guint count,
                                guint threads, GCancellable *cancellable, GError **error);

/* How improbable it is that fingers of two persons reach these scores: the sum of the decimal exponents of
 * their false match rates, positive. What is at least TAMBO_FUSION_THRESHOLD is worth a person's look at
 * any size of register up to a million: one false candidate in a thousand searches. */
#define TAMBO_FUSION_THRESHOLD 9.0
double tambo_match_fuse (const int *scores, guint count);
