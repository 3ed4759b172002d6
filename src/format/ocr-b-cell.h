/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The grey cells in which the characters of ISO 1073-2 (OCR-B) are compared: one advance wide, ink 255.
 * The table is drawn by make-ocr-b-freetype.c while building.
 */
#pragma once

#define TAMBO_OCR_B_ALPHABET "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"
#define TAMBO_OCR_B_N 37
#define TAMBO_OCR_B_CELL_WIDTH 20
#define TAMBO_OCR_B_CELL_HEIGHT 26
#define TAMBO_OCR_B_CELL_SIZE (TAMBO_OCR_B_CELL_WIDTH * TAMBO_OCR_B_CELL_HEIGHT)
#define TAMBO_OCR_B_BASELINE 23 /* row of the baseline, from the top */

extern const unsigned tambo_ocr_b_n_glyphs; /* TAMBO_OCR_B_N, or 0 without a typeface */
extern const unsigned char tambo_ocr_b_glyphs[TAMBO_OCR_B_N][TAMBO_OCR_B_CELL_SIZE];
