/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The machine-readable zone out of the picture of a page. The grammar of Doc 9303-4, -5, -6 says which
 * characters a place may have, and the check digits of 9303-3 section 4.9 choose between two that look
 * alike. Whatever was not plain to see is marked, so that a person looks at it.
 */
#pragma once

#include "format/image.h"
#include "record/mrz.h"

typedef struct {
  char *lines;      /* joined by newlines */
  char *marks;      /* as LINES, with '?' under each doubtful character and ' ' under the others */
  guint n_doubtful; /* places where a second character fits nearly as well */
  guint n_mended;   /* of these, those that the check digits decided */
  double skew;      /* degrees by which the page leans, clockwise */
  TamboMrz *mrz;    /* its verdicts may be bad; never NULL */
} TamboMrzReading;

void tambo_mrz_reading_free (TamboMrzReading *reading);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboMrzReading, tambo_mrz_reading_free)

/* The errors of tambo_ocr_b_read; TAMBO_RECORD_ERROR_MALFORMED when what was read is no MRZ. */
TamboMrzReading *tambo_mrz_image_read (const TamboImage *image, const char *today,
                                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
