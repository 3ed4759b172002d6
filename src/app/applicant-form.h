/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Between the typed fields of a form and an applicant.
 */
#pragma once

#include "app/field-row.h"
#include "record/applicant.h"

/* All field rows below WIDGET, in the order of the screen; borrowed. */
GPtrArray *tambo_applicant_form_find_rows (GtkWidget *widget);
/* Writes what is there into the rows; an empty value empties its row. */
void tambo_applicant_form_show (GPtrArray *rows, const TamboApplicant *applicant);
/* Overwrites only with what SOURCE knows. */
void tambo_applicant_form_fill (GPtrArray *rows, const TamboApplicant *source);
/* Dates become ISO 8601 (also 12081974 and 12/8/1974), codes capital letters. Sex is not a row. */
void tambo_applicant_form_read (GPtrArray *rows, TamboApplicant *applicant);

/* Leaves out the dates that are none of the calendar. They stay in their fields, and the rest can be saved. */
void tambo_applicant_form_leave_out (TamboApplicant *applicant);

/* What is wrong with the field, in the clerk's language; NULL when nothing is. */
char *tambo_applicant_form_check (const TamboApplicant *applicant, const char *key,
                                  gboolean is_required);
/* ISO 8601 of a typed date, or TEXT as it is. What the person does not know is left out or 0: "1990", "3/1990",
 * "00031990" are 1990-XX-XX and 1990-03-XX. */
char *tambo_applicant_form_date (const char *text);
