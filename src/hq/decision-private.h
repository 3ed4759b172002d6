/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The ways in which a case is settled, each one transaction: whatever led to it (a record, a person's word,
 * the hour to ask again) is used up in the same one. Private to the decision.
 */
#pragma once

#include "hq/decision-record.h"
#include "hq/pipeline.h"

/* What is being settled. Everything is borrowed. */
typedef struct {
  TamboHq *hq;
  const TamboOpened *opened;
  const TamboEnrolment *enrolment;
  const TamboProcedure *procedure;
  GPtrArray *validations;        /* NULL: what the checks said stays */
  const TamboFingerSet *fingers; /* likewise */
  gint64 verdict;                /* number of the person's word that led to it; 0 */
  JsonArray *recapture;          /* slots that this word names; NULL */
  gint64 recheck_since;          /* Unix seconds, when it was asked about first; 0 */
} TamboDecision;

/* Each fails with EXISTS when another process was faster. */
gboolean tambo_decision_issue (const TamboDecision *decision, GError **error);
/* DETAIL is what is kept in clear: the name of a rule, or NULL. */
gboolean tambo_decision_refuse (const TamboDecision *decision, const char *reason,
                                const char *detail, GError **error);
/* The case waits for a person; DETAIL says why it is not decided otherwise. IS_ASKED_AGAIN: the checks are
 * made again after a while, too. */
gboolean tambo_decision_leave_pending (const TamboDecision *decision, const char *detail,
                                       gboolean is_asked_again, GError **error);

/* The procedure that the case was made under. */
TamboProcedure *tambo_decision_find_procedure (TamboHq *hq, const TamboEnrolment *enrolment,
                                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
gboolean tambo_decision_event (TamboHq *hq, const TamboOpened *opened, GError **error);

/* A full disk, a busy database or a token that is not there say nothing about the case: it is judged again
 * later. */
gboolean tambo_decision_is_about_machine (const GError *cause);
/* The words of CAUSE only when they are ours: those of a parser may quote the applicant. Borrowed. */
const char *tambo_decision_words_of (const GError *cause);

/* What is worked through, one after the other. NEXT gives an item, NULL without an error at the end; DECIDE fails with
 * EXISTS when another process was faster; GIVE_UP takes an item out of the way that can never be decided. */
typedef struct {
  gpointer (*next) (TamboHq *hq, gpointer data, GError **error);
  gboolean (*decide) (TamboHq *hq, gpointer item, GError **error);
  gboolean (*give_up) (TamboHq *hq, gpointer item, const GError *cause, GError **error);
  GDestroyNotify free;
} TamboDecisionQueue;

/* To the end of QUEUE, or to what is about the machine. */
gboolean tambo_decision_work_through (TamboHq *hq, const TamboDecisionQueue *queue, gpointer data,
                                      guint *decided, GError **error);

/* Every word that waits, and every case that is to be asked about again by now. */
gboolean tambo_decision_run_verdicts (TamboHq *hq, guint *decided, GError **error);
gboolean tambo_decision_run_rechecks (TamboHq *hq, guint *decided, GError **error);
/* The checks of an opened case, and what follows from them. */
gboolean tambo_decision_judge (TamboHq *hq, const TamboOpened *opened, gint64 recheck_since,
                               GError **error);
