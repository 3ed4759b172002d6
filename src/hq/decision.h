/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What happens to a record after it was taken in: its envelope is opened, the rules are applied, and an
 * order or a refusal goes out. In practice headquarters decides by itself; otherwise a case that passes
 * waits for a person. Nothing of the applicant is kept but the sealed record.
 */
#pragma once

#include "hq/headquarters.h"

/* Works through every record that waits. A record that cannot be judged is marked failed with an alarm,
 * and the others go on; ERROR is for the disk and the database. */
gboolean tambo_hq_decide (TamboHq *hq, guint *out_decided, GError **error);

/* Lets tambo_hq_decide judge again what it could not. */
gboolean tambo_hq_retry_failed (TamboHq *hq, GError **error);

/* A person's word on a pending case. REASON is for a refusal. */
gboolean tambo_hq_decide_case (TamboHq *hq, const char *case_id, gboolean is_accepted,
                               const char *reason, GError **error);
