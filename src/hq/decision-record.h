/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A record that is being decided: its row, and what is inside once its envelope was opened. Whoever opens
 * one holds everything of the applicant in memory, and frees it as soon as it is judged.
 */
#pragma once

#include "hq/inbox.h"
#include "record/enrolment.h"

typedef struct {
  char *id, *sha256, *station, *kind, *manifest_text;
  gint64 epoch;
  gboolean is_waiting; /* nobody has judged it yet */
  TamboManifest *manifest;
  TamboPacket *packet;
} TamboOpened;

void tambo_opened_free (TamboOpened *opened);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboOpened, tambo_opened_free)

/* The rows alone; NULL without an error when there is none. */
TamboOpened *tambo_opened_find (TamboHq *hq, const char *id,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The oldest one that waits. */
TamboOpened *tambo_opened_find_next (TamboHq *hq, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Opens the envelope: INTEGRITY when it is not what was received or says something else than the manifest. */
gboolean tambo_opened_open (TamboHq *hq, TamboOpened *opened,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The case inside, each of whose samples is there byte for byte. */
TamboEnrolment *tambo_opened_read_enrolment (TamboHq *hq, const TamboOpened *opened,
                                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* At the beginning of the transaction that judges. EXISTS when another process was faster. */
gboolean tambo_opened_claim (TamboHq *hq, const TamboOpened *opened, GError **error);
/* Where an answer to it goes. */
TamboInboxAddress tambo_opened_address (const TamboOpened *opened, const char *id,
                                        const char *kind);
