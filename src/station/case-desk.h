/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Cases after or beside the capture: list, approve, reject, discard, and the applicant's receipt.
 */
#pragma once

#include "format/image.h"
#include "record/check.h"
#include "station/station.h"
#include "store/cases.h"

GPtrArray *tambo_case_desk_list (TamboStation *station, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* As tambo_cases_search; needs a signed-in operator. */
GPtrArray *tambo_case_desk_search (TamboStation *station, const char *text,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* By id, beginning of an id, or tracking number. */
TamboCaseRow *tambo_case_desk_get (TamboStation *station, const char *text,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* A supervisor who is not the one who captured: the exceptions stand, and the case is sealed. */
gboolean tambo_case_desk_approve (TamboStation *station, const char *case_id, GError **error);
gboolean tambo_case_desk_reject (TamboStation *station, const char *case_id, const char *reason,
                                 GError **error);
/* The same with a sentence that goes into the case. One who took part in it, or is no supervisor, brings a
 * supervisor who did not (tambo_station_bring_second); FOUR_EYES without. */
gboolean tambo_case_desk_decide (TamboStation *station, const char *case_id, gboolean is_approved,
                                 const char *note, GError **error);
/* A case that is not sealed, for looking at it. CHECKS elements are TamboCheck. */
TamboEnrolment *tambo_case_desk_look (TamboStation *station, const char *case_id,
                                      GPtrArray **out_checks,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Throws a draft away for good. */
gboolean tambo_case_desk_discard (TamboStation *station, const char *case_id, GError **error);
/* The applicant's receipt, a PDF with the tracking number and its QR code. */
GBytes *tambo_case_desk_receipt (TamboStation *station, const char *case_id,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The code of a tracking number as the receipt has it: SIDE x SIDE modules, one byte each, 1 is dark. */
GBytes *tambo_case_desk_code (const char *tracking_number, int *out_side,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same as a picture of WIDTH pixels. */
TamboImage *tambo_case_desk_receipt_picture (TamboStation *station, const char *case_id, int width,
                                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
