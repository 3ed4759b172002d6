/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A supervisor's word on a pending case, and what the checks of a case said. Whoever may write to the
 * database may leave a word: no private key is needed. The process that decides carries it out.
 *
 * What lies here in clear is never about the applicant: the reason of a refusal is sealed for
 * headquarters' envelope key, PERSON is one of headquarters' own people.
 *
 * Where a check objected, accepting takes two persons: the word of the first waits for the other's.
 */
#pragma once

#include "hq/headquarters.h"

/* A word is WAITING until the decision looks at it, then FIRST when another person has to agree,
 * DONE, or VOID when it could not be carried out (DETAIL says why). */
#define TAMBO_HQ_VERDICT_WAITING "waiting"
#define TAMBO_HQ_VERDICT_FIRST "first"
#define TAMBO_HQ_VERDICT_DONE "done"
#define TAMBO_HQ_VERDICT_VOID "void"

typedef struct {
  gint64 number;
  char *case_id;
  gboolean is_accepted;
  char *person;
  char *state;     /* one of the above */
  char *detail;    /* NULL; never personal */
  char *posted_at; /* RFC 3339 */
} TamboHqVerdict;

void tambo_hq_verdict_free (TamboHqVerdict *verdict);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboHqVerdict, tambo_hq_verdict_free)

/* REASON is for a refusal, NULL otherwise. So is RECAPTURE, the slots (record/sample.h) that the station is to capture
 * again besides those that the checks name; whether the case has them shows when it is decided. STATE when there is no
 * such pending case, when somebody's word about it waits already, or when PERSON is the one who accepted it first;
 * INVALID for a refusal without a reason, or for what is no name of a slot. */
gboolean tambo_hq_verdict_post (TamboHq *hq, const char *case_id, gboolean is_accepted,
                                const char *reason, const char *const *recapture,
                                const char *person, GError **error);
/* Elements are TamboHqVerdict, oldest first. */
GPtrArray *tambo_hq_verdict_list (TamboHq *hq, const char *case_id,
                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether accepting it takes two persons. */
gboolean tambo_hq_verdict_needs_two (TamboHq *hq, const char *case_id, gboolean *out_needs,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
