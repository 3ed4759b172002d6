/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Finds the lines of a machine-readable zone (ICAO Doc 9303-3 section 4: OCR-B at a fixed pitch, two
 * lines of 44 or 36 characters or three of 30) in the picture of a page, and compares each place with
 * each character. What the characters mean is not known here.
 */
#pragma once

#include "format/format-error.h"
#include "format/image.h"
#include "format/ocr-b-cell.h"

#define TAMBO_OCR_B_MAX_LINES 3
#define TAMBO_OCR_B_MAX_COLUMNS 44

typedef struct {
  guint n_lines, n_columns;
  double skew; /* degrees by which the page leans, clockwise */
  /* Correlation of each place with each character of TAMBO_OCR_B_ALPHABET, -1 to 1. */
  float scores[TAMBO_OCR_B_MAX_LINES][TAMBO_OCR_B_MAX_COLUMNS][TAMBO_OCR_B_N];
} TamboOcrB;

/* MALFORMED when the picture has no such lines; UNSUPPORTED when the program was built without the
 * typeface; TOO_LARGE when there is no memory. Leans of up to 8 degrees are straightened. */
gboolean tambo_ocr_b_read (const TamboImage *image, TamboOcrB *out,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
