/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The label of a document's envelope: 90 by 50 mm, PDF, with the number under which the document is found at the
 * delivery, as words and as a bar code. It says nothing about the person.
 */
#pragma once

#include "print/receipt-page.h"

typedef struct {
  const char *office;
  const char *kind;   /* of the document, in the language of the label */
  const char *number; /* the case's, in the bar code */
  const char *blank;  /* that the document is on */
  gboolean practice;  /* a watermark says so */
} TamboLabelPage;

GBytes *tambo_label_page_draw (const TamboLabelPage *page,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* As a picture that is WIDTH pixels wide. */
TamboImage *tambo_label_page_picture (const TamboLabelPage *page, int width,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
