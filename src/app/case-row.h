/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One case in the list: its number, procedure, state and time.
 */
#pragma once

#include <adwaita.h>

#include "station/case-desk.h"

#define TAMBO_TYPE_CASE_LIST_ROW (tambo_case_list_row_get_type ())
G_DECLARE_FINAL_TYPE (TamboCaseListRow, tambo_case_list_row, TAMBO, CASE_LIST_ROW, GtkListBoxRow)

/* For one case, which it shows from then on. */
TamboCaseListRow *tambo_case_row_new (const char *id);
/* NAME of the applicant may be NULL, since what is sealed has none, and NOTE of the second person, too. */
void tambo_case_row_show (TamboCaseListRow *self, const TamboCaseRow *row, const char *name,
                          const char *note, const char *procedure_title);
const char *tambo_case_row_get_id (TamboCaseListRow *self);
TamboCaseState tambo_case_row_get_state (TamboCaseListRow *self);
