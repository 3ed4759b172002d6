/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The pages of headquarters' people. Each function answers one kind of address (web-staff.c has the table).
 */
#pragma once

#include "hq/web.h"

gboolean tambo_web_sign_in_page (TamboWebRequest *request, TamboWebAnswer *answer, GError **error);
gboolean tambo_web_sign_in (TamboWebRequest *request, TamboWebAnswer *answer, GError **error);
gboolean tambo_web_sign_out (TamboWebRequest *request, TamboWebAnswer *answer, GError **error);
gboolean tambo_web_cases (TamboWebRequest *request, TamboWebAnswer *answer, GError **error);
gboolean tambo_web_case (TamboWebRequest *request, TamboWebAnswer *answer, GError **error);
gboolean tambo_web_case_decide (TamboWebRequest *request, TamboWebAnswer *answer, GError **error);
gboolean tambo_web_document_annul (TamboWebRequest *request, TamboWebAnswer *answer,
                                   GError **error);
gboolean tambo_web_stations (TamboWebRequest *request, TamboWebAnswer *answer, GError **error);
gboolean tambo_web_throughput (TamboWebRequest *request, TamboWebAnswer *answer, GError **error);
gboolean tambo_web_stock (TamboWebRequest *request, TamboWebAnswer *answer, GError **error);
gboolean tambo_web_alarms (TamboWebRequest *request, TamboWebAnswer *answer, GError **error);

/* A link to a case, or a dash. */
void tambo_web_case_link (TamboPage *page, const char *id, const char *text);
/* The same style for both sites. */
gboolean tambo_web_style (TamboWebRequest *request, TamboWebAnswer *answer, GError **error);
/* A cell of a table. */
void tambo_web_cell (TamboPage *page, const char *text);
void tambo_web_number_cell (TamboPage *page, gint64 number);
void tambo_web_time_cell (TamboPage *page, const char *rfc3339);
