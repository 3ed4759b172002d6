/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Issuance: an order, a blank, a chip. The blank is taken from stock before the first APDU and is
 * accounted for after the last one, whatever happens between.
 */
#pragma once

#include "chip/personalisation.h"
#include "station/headquarters.h"
#include "station/issue-step.h"

typedef struct {
  char *document_number;
  char *blank;
  GPtrArray *verdicts; /* of TamboVerdict: what was verified on the chip */
} TamboIssuance;

void tambo_issuance_clear (TamboIssuance *issuance);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboIssuance, tambo_issuance_clear)

typedef struct {
  const char *order_id;
  const char *reader;                   /* NULL: the first with a card */
  const char *blank;                    /* NULL: the lowest in stock */
  const char *profile;                  /* NULL: "jmrtd" */
  const TamboPersonalisationKeys *keys; /* NULL where the profile wants none */
  const char *can; /* card access number, where the document speaks PACE; NULL: the MRZ alone */
  TamboPersonalisationProgress progress; /* may be NULL */
  TamboIssueStepFunc step;               /* likewise */
  gpointer data;
} TamboIssueRequest;

/* After TRUE the chip was written, read back over access control, found equal, passed passive
 * authentication and was locked; the event is in the outbox. After an error that concerns the card the
 * blank stays in work: the same order takes it up again, or it is spoiled. */
gboolean tambo_issue (TamboStation *station, const TamboIssueRequest *request,
                      GCancellable *cancellable, TamboIssuance *out_issuance, GError **error);
