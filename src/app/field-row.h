/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One typed field of a form: name, entry, and what is wrong with it below. A plain GtkEntry inside:
 * screen readers hear nothing of AdwEntryRow in libadwaita 1.2.
 */
#pragma once

#include <adwaita.h>

#define TAMBO_TYPE_FIELD_ROW (tambo_field_row_get_type ())
G_DECLARE_FINAL_TYPE (TamboFieldRow, tambo_field_row, TAMBO, FIELD_ROW, AdwBin)

/* The applicant's JSON key. */
const char *tambo_field_row_get_key (TamboFieldRow *self);
const char *tambo_field_row_get_text (TamboFieldRow *self);
void tambo_field_row_set_text (TamboFieldRow *self, const char *text);
/* NULL when nothing is wrong. */
void tambo_field_row_set_error (TamboFieldRow *self, const char *error);
gboolean tambo_field_row_has_error (TamboFieldRow *self);
/* The focus comes to the field, and its error is said. */
void tambo_field_row_point_out (TamboFieldRow *self);
