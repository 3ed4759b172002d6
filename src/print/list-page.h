/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Rows of words and figures under headings, as an office files them: A4, as many pages as they need, PDF, with a
 * line to sign at the end.
 */
#pragma once

#include "print/receipt-page.h"

typedef struct {
  char *text;
  char *value; /* at the right edge; NULL for a heading */
} TamboListRow;

typedef struct {
  const char *title;
  const char *signer; /* what stands below the line */
  const char *foot;   /* of each page, before its number */
  gboolean practice;  /* a watermark says so */
  GPtrArray *rows;    /* of TamboListRow */
} TamboListPage;

/* An array for the rows, which it owns. */
GPtrArray *tambo_list_rows_new (void);
/* Takes both; VALUE is NULL for a heading. */
void tambo_list_rows_take (GPtrArray *rows, char *text, char *value);

GBytes *tambo_list_page_draw (const TamboListPage *page, GError **error) G_GNUC_WARN_UNUSED_RESULT;
