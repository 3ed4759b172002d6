/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One issuance for a page: station/issue on a queue of its own, what it reports on the main thread.
 */
#pragma once

#include "app/session.h"
#include "station/issue.h"

typedef struct {
  /* STEP is under way, and FRACTION of it done; BYTES of the whole. As often as the main loop likes. */
  void (*progress) (gpointer owner, const TamboIssueStep *step, double fraction, gsize bytes,
                    gsize n_bytes);
  /* ISSUANCE has what was verified, or ERROR says why not. */
  void (*done) (gpointer owner, const TamboIssuance *issuance, const GError *error);
} TamboIssueEvents;

/* EVENTS are static. */
void tambo_issue_run (TamboSession *session, TamboWorkQueue *queue, const char *order_id,
                      const char *blank, const char *reader, const TamboIssueEvents *events,
                      GCancellable *cancellable, gpointer owner);
