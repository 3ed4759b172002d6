/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The pages for everybody: booking an appointment, looking after it, and asking whether a document is good
 * (web-public.c has the table).
 */
#pragma once

#include "hq/appointment.h"
#include "hq/web.h"
#include "record/procedure.h"

gboolean tambo_web_booking_start (TamboWebRequest *request, TamboWebAnswer *answer, GError **error);
gboolean tambo_web_booking_form (TamboWebRequest *request, TamboWebAnswer *answer, GError **error);
gboolean tambo_web_book (TamboWebRequest *request, TamboWebAnswer *answer, GError **error);
gboolean tambo_web_appointment_ask (TamboWebRequest *request, TamboWebAnswer *answer,
                                    GError **error);
gboolean tambo_web_appointment (TamboWebRequest *request, TamboWebAnswer *answer, GError **error);
gboolean tambo_web_appointment_cancel (TamboWebRequest *request, TamboWebAnswer *answer,
                                       GError **error);
gboolean tambo_web_appointment_move (TamboWebRequest *request, TamboWebAnswer *answer,
                                     GError **error);

/* The page of an appointment; HEADING says what has just happened to it. */
gboolean tambo_web_appointment_show (TamboWebRequest *request,
                                     const TamboHqAppointment *appointment, const char *heading,
                                     TamboWebAnswer *answer, GError **error);
/* A choice of free slots, named "slot"; FALSE, without an error, when there is none. */
gboolean tambo_web_add_slots (TamboWebRequest *request, TamboPage *page, const char *chosen,
                              gboolean *out_any, GError **error);
/* "LIM 2026-11-24T14:30:00Z" as add_slots gives it; FALSE for anything else. */
gboolean tambo_web_read_slot (const char *text, char **out_office, char **out_start);
/* In the language of the request. */
const char *tambo_web_procedure_title (const TamboWebRequest *request,
                                       const TamboProcedure *procedure);
