/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The enrolment case: one applicant, one procedure, what was captured, and the state it is in.
 * Plain data; only station/ changes the stored one.
 *
 *   draft ──seal──> queued ──receipt──> acknowledged ──order──> ordered ──chip──> issued ──> delivered
 *    │ ^                                      └──refusal──> refused
 *    │ └──approved──┐
 *    ├─exception──> waiting ──no──> rejected ──mended──> draft
 *    └─discard──> discarded <──────────┘
 */
#pragma once

#include "record/applicant.h"
#include "record/procedure.h"
#include "record/sample.h"

typedef enum {
  TAMBO_CASE_DRAFT,        /* being captured */
  TAMBO_CASE_WAITING,      /* a second person has to approve an exception */
  TAMBO_CASE_REJECTED,     /* the second person said no */
  TAMBO_CASE_QUEUED,       /* sealed, in the outbox; cannot be read here any more */
  TAMBO_CASE_ACKNOWLEDGED, /* headquarters' receipt was verified */
  TAMBO_CASE_REFUSED,      /* headquarters refused the applicant's case */
  TAMBO_CASE_ORDERED,      /* an issuance order has come */
  TAMBO_CASE_ISSUED,       /* a document was personalised and read back */
  TAMBO_CASE_DELIVERED,    /* handed over to its holder */
  TAMBO_CASE_DISCARDED,    /* thrown away by the clerk before sealing */
} TamboCaseState;

/* Why a finger is not there. */
typedef struct {
  TamboFinger finger;
  char *reason; /* "amputated", "bandaged", "other: …" */
  char *operator_id;
  char *approved_by; /* NULL until a second person has */
} TamboFingerException;

/* Parent or legal representative of a minor. */
typedef struct {
  TamboApplicant *person;
  char *relation; /* "mother", "father", "legal-representative" */
} TamboGuardian;

typedef struct {
  char *id;              /* UUID, made by the station, for ever */
  char *tracking_number; /* what the applicant keeps */
  char *office;          /* station code */
  char *procedure_id;
  int procedure_version;
  TamboCaseState state;
  char *created_at;  /* RFC 3339 */
  char *operator_id; /* who began it */
  gboolean practice; /* never a real record */
  TamboApplicant *applicant;
  TamboGuardian *guardian; /* NULL when there is none */
  char *mrz;               /* of the document that was read, or NULL */
  char *note;              /* what the second person wrote about it, or NULL */
  GPtrArray *samples;      /* of TamboSample, owned */
  GPtrArray *exceptions;   /* of TamboFingerException, owned */
} TamboEnrolment;

TamboEnrolment *tambo_enrolment_new (const char *office, const TamboProcedure *procedure,
                                     const char *operator_id);
TamboEnrolment *tambo_enrolment_copy (const TamboEnrolment *enrolment);
void tambo_enrolment_free (TamboEnrolment *enrolment);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboEnrolment, tambo_enrolment_free)
void tambo_finger_exception_free (TamboFingerException *exception);
void tambo_guardian_free (TamboGuardian *guardian);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboFingerException, tambo_finger_exception_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboGuardian, tambo_guardian_free)

/* Puts SAMPLE in its slot, replacing what was there. Takes SAMPLE. */
void tambo_enrolment_take_sample (TamboEnrolment *enrolment, TamboSample *sample);
/* The slot is empty then. */
void tambo_enrolment_remove_sample (TamboEnrolment *enrolment, const char *slot);
/* Borrowed; NULL when the slot is empty. */
const TamboSample *tambo_enrolment_find_sample (const TamboEnrolment *enrolment, const char *slot);
const TamboFingerException *tambo_enrolment_find_exception (const TamboEnrolment *enrolment,
                                                            TamboFinger finger);
/* Replaces an earlier exception of that finger. */
void tambo_enrolment_add_exception (TamboEnrolment *enrolment, TamboFinger finger,
                                    const char *reason, const char *operator_id);
void tambo_enrolment_remove_exception (TamboEnrolment *enrolment, TamboFinger finger);

TamboEnrolment *tambo_enrolment_from_json (JsonObject *object,
                                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
JsonObject *tambo_enrolment_to_json (const TamboEnrolment *enrolment);

const char *tambo_case_state_to_string (TamboCaseState state);
gboolean tambo_case_state_from_string (const char *text,
                                       TamboCaseState *out_state) G_GNUC_WARN_UNUSED_RESULT;
/* The arrows of the drawing above. */
gboolean tambo_case_state_may_become (TamboCaseState from, TamboCaseState to);
