/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Records that go to headquarters on a stick, and the receipts that come back on it. What is on the stick
 * is sealed and signed; a record that goes both ways has its effect once.
 */
#pragma once

#include "station/station.h"

typedef struct {
  guint records;
  gint64 bytes;
  GPtrArray *paths; /* char *: the folders that were made */
} TamboBundleExport;

void tambo_bundle_export_clear (TamboBundleExport *result);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboBundleExport, tambo_bundle_export_clear)

/* Copies all that waits into folders in FOLDER, each read back, and each there as a whole or not at all.
 * The records go on waiting. A record that has rotted hides no other; it is the error then. OUT_RESULT is
 * set in both cases. */
gboolean tambo_bundle_export (TamboStation *station, const char *folder,
                              TamboBundleExport *out_result, GError **error);

/* Where a stick is mounted; NULL when none is, or more than one. */
char *tambo_bundle_dup_stick (void);

typedef struct {
  guint taken; /* records acknowledged now */
  guint known; /* those that were already, or are of another station */
} TamboBundleReceipts;

/* Of all bundles of this station in FOLDER. NOT_FOUND when there is none with receipts. */
gboolean tambo_bundle_take_all_receipts (TamboStation *station, const char *folder,
                                         TamboBundleReceipts *out_result, GError **error);
/* PATH is a bundle's folder, or the file of receipts in it. */
gboolean tambo_bundle_take_receipts (TamboStation *station, const char *path,
                                     TamboBundleReceipts *out_result, GError **error);
