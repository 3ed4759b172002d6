/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What happens to a record after it was taken in: its envelope is opened, the checks are made
 * (hq/pipeline.h), and an order or a refusal goes out. In practice headquarters decides by itself, and so
 * it does for a procedure that says so; otherwise a case waits for a person. Nothing of the applicant is
 * kept but the sealed record and the sealed templates of the fingers.
 */
#pragma once

#include "hq/headquarters.h"

/* Works through every record that waits, then people's words, then the cases that are to be asked about
 * again. A record that cannot be judged is marked failed with an alarm, and the others go on; ERROR is for
 * the disk, the database and the tokens. */
gboolean tambo_hq_decide (TamboHq *hq, guint *out_decided, GError **error);
/* People's words alone (hq/verdict.h). */
gboolean tambo_hq_decide_verdicts (TamboHq *hq, guint *out_decided, GError **error);

/* Lets tambo_hq_decide judge again what it could not. */
gboolean tambo_hq_retry_failed (TamboHq *hq, GError **error);
