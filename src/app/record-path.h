/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The way of a record as a picture: captured, sealed, sent, received, receipt; with the place where it is,
 * or where it broke. Role img, and its label says the same in words.
 */
#pragma once

#include <gtk/gtk.h>

#include "station/headquarters.h"

#define TAMBO_TYPE_RECORD_PATH (tambo_record_path_get_type ())
G_DECLARE_FINAL_TYPE (TamboRecordPath, tambo_record_path, TAMBO, RECORD_PATH, GtkWidget)

/* NULL empties it. IS_DECIDED_AGAINST: headquarters has the record, and refused its case. */
void tambo_record_path_set (TamboRecordPath *self, const TamboOutboxRow *record,
                            gboolean is_decided_against);
/* "Waits to be sent" and the like. */
const char *tambo_record_path_state (const TamboOutboxRow *record);
