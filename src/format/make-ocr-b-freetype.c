/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Run by the build: draws the characters of the machine-readable zone from an OCR-B typeface into a
 * table of grey cells. Without a typeface the table is empty, and the reader says so.
 */
#include <ft2build.h>
#include FT_FREETYPE_H
#include <stdio.h>

#include "format/ocr-b-cell.h"

/* The size at which one advance of the typeface fills the cell's width. */
static int set_size (FT_Face face) {
  if (FT_Set_Char_Size (face, 64 * 64, 0, 72, 72) != 0
      || FT_Load_Char (face, '0', FT_LOAD_NO_HINTING) != 0 || face->glyph->advance.x <= 0)
    return 0;
  return FT_Set_Char_Size (face, 64L * 64 * TAMBO_OCR_B_CELL_WIDTH * 64 / face->glyph->advance.x, 0,
                           72, 72)
         == 0;
}

static int draw (FT_Face face, char character, unsigned char cell[TAMBO_OCR_B_CELL_SIZE]) {
  if (FT_Load_Char (face, (unsigned char) character,
                    FT_LOAD_RENDER | FT_LOAD_NO_HINTING | FT_LOAD_TARGET_NORMAL)
      != 0)
    return 0;
  const FT_GlyphSlot slot = face->glyph;
  const FT_Bitmap *bitmap = &slot->bitmap;
  for (int row = 0; row < (int) bitmap->rows; row++)
    for (int column = 0; column < (int) bitmap->width; column++) {
      int x = slot->bitmap_left + column, y = TAMBO_OCR_B_BASELINE - slot->bitmap_top + row;

      if (x >= 0 && x < TAMBO_OCR_B_CELL_WIDTH && y >= 0 && y < TAMBO_OCR_B_CELL_HEIGHT)
        cell[y * TAMBO_OCR_B_CELL_WIDTH + x] = bitmap->buffer[row * bitmap->pitch + column];
    }
  return 1;
}

static void print_cell (FILE *out, const unsigned char cell[TAMBO_OCR_B_CELL_SIZE]) {
  fputs ("  {", out);
  for (int i = 0; i < TAMBO_OCR_B_CELL_SIZE; i++)
    fprintf (out, "%s%u,", i % TAMBO_OCR_B_CELL_WIDTH == 0 ? "\n    " : " ", cell[i]);
  fputs ("\n  },\n", out);
}

static int print_table (FILE *out, FT_Face face) {
  fprintf (out, "const unsigned tambo_ocr_b_n_glyphs = %d;\n", face != NULL ? TAMBO_OCR_B_N : 0);
  fprintf (out, "const unsigned char tambo_ocr_b_glyphs[%d][%d] = {\n", TAMBO_OCR_B_N,
           TAMBO_OCR_B_CELL_SIZE);
  for (int i = 0; i < TAMBO_OCR_B_N; i++) {
    unsigned char cell[TAMBO_OCR_B_CELL_SIZE] = { 0 };

    if (face != NULL && !draw (face, TAMBO_OCR_B_ALPHABET[i], cell))
      return 0;
    print_cell (out, cell);
  }
  fputs ("};\n", out);
  return 1;
}

int main (int argc, char **argv) {
  FT_Library library;
  FT_Face face = NULL;
  FILE *out;
  int drawn;

  if (argc != 3 || FT_Init_FreeType (&library) != 0)
    return 1;
  if (FT_New_Face (library, argv[1], 0, &face) != 0)
    face = NULL;
  if (face != NULL && !set_size (face))
    return 1;
  out = fopen (argv[2], "w");
  if (out == NULL)
    return 1;
  fputs ("#include \"format/ocr-b-cell.h\"\n", out);
  drawn = print_table (out, face);
  FT_Done_FreeType (library);
  return fclose (out) == 0 && drawn ? 0 : 1;
}
