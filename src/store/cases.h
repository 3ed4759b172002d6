/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Cases and their samples: drafts are encrypted rows that are read back whole; a sealed case leaves
 * its row (ids, state, dates) without anything personal.
 */
#pragma once

#include "record/enrolment.h"
#include "store/store.h"

typedef struct {
  char *id;
  char *tracking_number;
  char *procedure_id;
  TamboCaseState state;
  gboolean practice;
  char *operator_id;
  char *created_at, *updated_at;
} TamboCaseRow;

void tambo_case_row_free (TamboCaseRow *row);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboCaseRow, tambo_case_row_free)

/* Newest first; elements are TamboCaseRow. */
GPtrArray *tambo_cases_list (TamboStore *store, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The newest 200 cases to which every word of TEXT belongs: a name (however its accents are written),
 * a document's or person's number, a date (of birth or of the case), a tracking number, a state.
 * Sealed cases are found like drafts. Needs the unlocked store. The newest 200 of all for an empty TEXT. */
GPtrArray *tambo_cases_search (TamboStore *store, const char *text,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean tambo_cases_count (TamboStore *store, TamboCaseState state, guint *out_count,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
TamboCaseRow *tambo_cases_get (TamboStore *store, const char *id,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The id behind an id, an unambiguous beginning of one, or a tracking number. */
char *tambo_cases_resolve (TamboStore *store, const char *text,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Inserts or replaces the case of that id; durable on return. The state of an existing row does not
 * change here. INVALID when the case could not be read back; EXISTS when it is new and another one has its
 * tracking number. */
gboolean tambo_cases_save (TamboStore *store, const TamboEnrolment *enrolment, const char *actor,
                           GError **error);
/* The whole case; STATE when it was sealed already (there is nothing left to read). */
TamboEnrolment *tambo_cases_load (TamboStore *store, const char *id,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Saves SAMPLE's bytes and the case that now names it in one transaction. SAMPLE->sha256 and size
 * are set here and the sample is put into ENROLMENT (which is only changed on success). */
gboolean tambo_cases_save_sample (TamboStore *store, TamboEnrolment *enrolment,
                                  const TamboSample *sample, GBytes *bytes, const char *actor,
                                  GError **error);
/* CORRUPT when the bytes are not those of the hash in the case. */
GBytes *tambo_cases_load_sample (TamboStore *store, const TamboEnrolment *enrolment,
                                 const char *slot, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* STATE when the arrow does not exist. States without a readable draft (queued, discarded, …) drop
 * the encrypted case and its samples in the same transaction. */
gboolean tambo_cases_set_state (TamboStore *store, const char *id, TamboCaseState state,
                                const char *actor, GError **error);
