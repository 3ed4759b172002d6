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
  const char *signer;        /* what stands below the line */
  const char *second_signer; /* the same of another one beside it; NULL */
  const char *foot;          /* of each page, before its number */
  double value_width;        /* points; 0: enough for figures */
  gboolean practice;         /* a watermark says so */
  GPtrArray *rows;           /* of TamboListRow */
} TamboListPage;

/* An array for the rows, which it owns. */
GPtrArray *tambo_list_rows_new (void);
/* Takes both; VALUE is NULL for a heading. */
void tambo_list_rows_take (GPtrArray *rows, char *text, char *value);

/* A picture that is WIDTH pixels wide shows the first of them. */
TamboImage *tambo_list_page_picture (const TamboListPage *page, int width,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
GBytes *tambo_list_page_draw (const TamboListPage *page, GError **error) G_GNUC_WARN_UNUSED_RESULT;
