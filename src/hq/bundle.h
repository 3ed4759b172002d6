/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Records that come on a stick: the same manifests, the same bytes and the same intake as on the wire.
 */
#pragma once

#include "hq/headquarters.h"

typedef struct {
  char *station;
  guint taken, known, refused;
} TamboHqImport;

void tambo_hq_import_clear (TamboHqImport *import);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboHqImport, tambo_hq_import_clear)

/* Takes the bundle in the folder PATH in and lays the receipts beside it. A record that cannot be taken
 * hides no other; why is told on standard error. INTEGRITY for a list that the station did not sign, STATE
 * for a station that is not active, NOT_FOUND for a bundle that was not finished. */
gboolean tambo_hq_import_bundle (TamboHq *hq, const char *path, TamboHqImport *out_import,
                                 GError **error);
