/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From the picture to lines, from lines to cells.
 */
#pragma once

#include "format/ocr-b.h"

/* Grey to ink: 0 where a pixel is as light as its surroundings, 255 for black. Evens out the light. */
TamboImage *tambo_ocr_b_ink (const TamboImage *grey);
/* Degrees by which the lines lean, clockwise. */
double tambo_ocr_b_find_skew (const TamboImage *ink);
TamboImage *tambo_ocr_b_straighten (const TamboImage *ink, double degrees);

/* A row of print. */
typedef struct {
  double top, bottom; /* rows */
} TamboOcrBBand;

/* From the top; elements are TamboOcrBBand. */
GArray *tambo_ocr_b_find_bands (const TamboImage *ink);

/* A line of places. */
typedef struct {
  double left, pitch; /* of the first place; columns */
  double middle;      /* row */
} TamboOcrBLine;

/* The places of N_LINES lines of N_COLUMNS that begin below each other. How much more ink the places have
 * than the gaps between them; 0 when they have not. */
double tambo_ocr_b_fit_lines (const TamboImage *ink, const TamboOcrBBand *bands, guint n_lines,
                              guint n_columns, TamboOcrBLine *out_lines);

/* How well the line is made of OCR-B, -1 to 1; only each STEP-th place is looked at. */
double tambo_ocr_b_judge_line (const TamboImage *ink, const TamboOcrBLine *line, guint n_columns,
                               guint step);
void tambo_ocr_b_compare_line (const TamboImage *ink, const TamboOcrBLine *line, guint n_columns,
                               float scores[][TAMBO_OCR_B_N]);
