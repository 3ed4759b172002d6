/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The appointments of the day in the order of time, beside those who come without one.
 */
#pragma once

#include "app/session.h"
#include "app/today.h"

/* Nothing to do but to look at when the station may not or need not see them. FALSE when there are none. */
gboolean tambo_appointment_list_show (GtkListBox *list, const TamboToday *today);
/* The clerk chose ROW: TAMBO_APPOINTMENT_AWAITED or _MISSED has a code, ARRIVED the id of its case. NULL for
 * the other. */
const char *tambo_appointment_list_get_code (GtkListBoxRow *row);
const char *tambo_appointment_list_get_case (GtkListBoxRow *row);

/* Begins the case of who came; DONE gets its id (const char *), or NULL with the error. */
void tambo_appointment_list_begin (TamboSession *session, const char *code, TamboWorkDone done,
                                   gpointer owner);
