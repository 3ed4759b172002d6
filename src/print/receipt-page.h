/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The applicant's receipt: one A5 page, PDF, with the tracking number large and as a QR code, and beside it, once
 * there is a document, the QR code by which it can be verified; below, the seal of the page itself. It says which
 * office and which procedure, and nothing else about the person.
 */
#pragma once

#include "format/image.h"

#define TAMBO_PRINT_ERROR (tambo_print_error_quark ())
GQuark tambo_print_error_quark (void);

typedef enum {
  TAMBO_PRINT_ERROR_FAILED,
} TamboPrintError;

typedef struct {
  const char *office;
  const char *procedure; /* title, in the language of the page */
  const char *tracking_number;
  const char *received; /* RFC 3339 */
  const char *state;    /* a sentence */
  gboolean practice;    /* a watermark says so */
  /* Where anybody may ask whether the document is good; NULL before there is one. */
  const char *verification_url, *verification_code;
  /* A seal that can be verified without a network, and until when; NULL without one. */
  const char *seal, *seal_expiry;
} TamboReceiptPage;

GBytes *tambo_receipt_page_draw (const TamboReceiptPage *page,
                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same page as a picture that is WIDTH pixels wide, to look at before it is printed. */
TamboImage *tambo_receipt_page_picture (const TamboReceiptPage *page, int width,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The QR code of TEXT: SIDE x SIDE modules, one byte each, 1 is dark. */
GBytes *tambo_qr_encode (const char *text, int *out_side, GError **error) G_GNUC_WARN_UNUSED_RESULT;
