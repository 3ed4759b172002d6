/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Taking records in, exactly once. Works on manifests, hashes and signatures alone: nothing here opens an
 * envelope or needs the key to.
 */
#pragma once

#include "hq/stations.h"
#include "hq/uploads.h"

/* What the station is told: the receipt, or from which byte to go on. */
typedef struct {
  char *receipt; /* NULL while the record is not whole */
  gint64 offset;
  gint64 size;
} TamboIntakeState;

void tambo_intake_state_clear (TamboIntakeState *state);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboIntakeState, tambo_intake_state_clear)

/* PUT. INVALID or INTEGRITY for a manifest that is not one of STATION about SHA256; CONFLICT for another
 * content under a known id, which puts both in quarantine. */
gboolean tambo_intake_announce (TamboHq *hq, const TamboStationRow *station, const char *sha256,
                                const char *manifest, TamboIntakeState *out_state,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* HEAD. NOT_FOUND when STATION did not announce it. */
gboolean tambo_intake_look (TamboHq *hq, const TamboStationRow *station, const char *sha256,
                            TamboIntakeState *out_state, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* PATCH: who writes from OFFSET on; NULL, with TRUE, when there is a receipt already. NOT_FOUND as above; STATE
 * when OFFSET is another one than headquarters'. */
gboolean tambo_intake_begin (TamboHq *hq, const TamboStationRow *station, const char *sha256,
                             gint64 offset, TamboUpload **out_upload,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* All bytes are there: checks, keeps, logs and signs. UPLOAD is who wrote them, or NULL. The same receipt for
 * ever. INTEGRITY when the bytes are others; the upload then begins again. */
char *tambo_intake_complete (TamboHq *hq, const char *sha256, TamboUpload *upload,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
