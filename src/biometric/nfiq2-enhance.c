/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/nfiq2-private.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define SIDE 32
#define HALF (SIDE / 2)
#define SPACING 17 /* from a block to the next: they overlap */
#define LEVELS 251 /* of a block, from its darkest to its lightest */
#define RANGE_MIN 16
#define SINE_BITS 12
#define SLOWEST 6   /* squared waves a block: light that falls off */
#define FASTEST 169 /* noise */

/* The transform of a block: pairs of neighbouring pixels are one number, real and imaginary. SIDE * HALF
 * numbers, as SIDE lines of HALF or HALF lines of SIDE. */
typedef struct {
  int real[SIDE * HALF], imaginary[SIDE * HALF];
} Spectrum;

/* Of a circle of SIDE steps. */
static int sine (int step) {
  static const int quarter[] = { 0, 799, 1567, 2276, 2896, 3406, 3784, 4017, 4096 };
  int half = step & (SIDE / 2 - 1);
  int value = quarter[half <= SIDE / 4 ? half : SIDE / 2 - half];

  return (step & (SIDE / 2)) != 0 ? -value : value;
}

static int cosine (int step) {
  return sine (step + SIDE / 4);
}

/* ---- the Fourier transform of a block ---- */

static inline int rotate (int factor, int value, int other_factor, int other) {
  return tambo_nfiq2_shift (
      tambo_nfiq2_plus (tambo_nfiq2_times (factor, value), tambo_nfiq2_times (other_factor, other)),
      SINE_BITS);
}

/* Of two lines: their sum, and their difference. */
static inline void butterfly (Spectrum *self, int a, int b, int width, int step) {
  int *real_a = self->real + a * width, *real_b = self->real + b * width;
  int *imaginary_a = self->imaginary + a * width;
  int *imaginary_b = self->imaginary + b * width;
  int along = cosine (step), across = sine (step);

  TAMBO_NFIQ2_NO_ALIAS
  for (int i = 0; i < width; i++) {
    int real = rotate (along, real_b[i], -across, imaginary_b[i]);
    int imaginary = rotate (along, imaginary_b[i], across, real_b[i]);
    real_b[i] = tambo_nfiq2_plus (real_a[i], -real);
    imaginary_b[i] = tambo_nfiq2_plus (imaginary_a[i], -imaginary);
    real_a[i] = tambo_nfiq2_plus (real_a[i], real);
    imaginary_a[i] = tambo_nfiq2_plus (imaginary_a[i], imaginary);
  }
}

static int reverse_bits (int value, int count) {
  int reversed = 0;

  for (int i = 1; i < count; i *= 2) {
    reversed = reversed * 2 + (value & 1);
    value >>= 1;
  }
  return reversed;
}

static void swap_lines (int *values, int a, int b, int width) {
  for (int i = 0; i < width; i++) {
    int value = values[a * width + i];
    values[a * width + i] = values[b * width + i];
    values[b * width + i] = value;
  }
}

/* Over COUNT lines of WIDTH numbers, each column for itself. SIGN is -1, or 1 for the way back. */
TAMBO_NFIQ2_SIMD
static void transform (Spectrum *self, int count, int width, int sign) {
  for (int i = 1; i < count - 1; i++) {
    int j = reverse_bits (i, count);
    if (i > j) {
      swap_lines (self->real, i, j, width);
      swap_lines (self->imaginary, i, j, width);
    }
  }
  for (int half = 1; half < count; half *= 2)
    for (int m = 0; m < half; m++)
      for (int i = m; i < count; i += 2 * half)
        butterfly (self, i, i + half, width, sign * m * (SIDE / 2) / half);
}

/* Between the transform of pairs and that of real numbers, of HALF lines. */
TAMBO_NFIQ2_SIMD
static void split_pairs (Spectrum *self, int sign) {
  int bits = sign < 0 ? SINE_BITS + 1 : SINE_BITS;

  for (int line = 1; line <= HALF / 2; line++) {
    int along = cosine (sign < 0 ? -line : line + HALF);
    int across = sine (sign < 0 ? -line : line + HALF);
    int *real_a = self->real + line * SIDE, *real_b = self->real + (HALF - line) * SIDE;
    int *imaginary_a = self->imaginary + line * SIDE;
    int *imaginary_b = self->imaginary + (HALF - line) * SIDE;
    TAMBO_NFIQ2_NO_ALIAS
    for (int i = 0; i < SIDE; i++) {
      int even_x = tambo_nfiq2_times (real_a[i] + real_b[i], 1 << SINE_BITS);
      int even_y = tambo_nfiq2_times (imaginary_a[i] - imaginary_b[i], 1 << SINE_BITS);
      int sum = imaginary_a[i] + imaginary_b[i], difference = real_b[i] - real_a[i];
      int odd_x = tambo_nfiq2_plus (tambo_nfiq2_times (along, sum),
                                    -tambo_nfiq2_times (across, difference));
      int odd_y =
          tambo_nfiq2_plus (tambo_nfiq2_times (along, difference), tambo_nfiq2_times (across, sum));
      real_a[i] = tambo_nfiq2_shift (tambo_nfiq2_plus (even_x, odd_x), bits);
      imaginary_a[i] = tambo_nfiq2_shift (tambo_nfiq2_plus (even_y, odd_y), bits);
      real_b[i] = tambo_nfiq2_shift (tambo_nfiq2_plus (even_x, -odd_x), bits);
      imaginary_b[i] = tambo_nfiq2_shift (tambo_nfiq2_plus (odd_y, -even_y), bits);
    }
  }
  /* The fastest wave is left out. */
  for (int i = 0; i < SIDE; i++) {
    int sum = self->real[i] + self->imaginary[i];
    self->imaginary[i] = sign < 0 ? 0 : self->real[i] - self->imaginary[i];
    self->real[i] = sum;
  }
}

static void turn_over (const int *in, int *restrict out, int rows, int columns) {
  for (int y = 0; y < rows; y++)
    for (int x = 0; x < columns; x++)
      out[x * rows + y] = in[y * columns + x];
}

/* What is strong becomes stronger. */
static void amplify (int *real, int *imaginary) {
  int x = abs (*real), y = abs (*imaginary);
  int length = MAX (MAX (x, y), tambo_nfiq2_shift (tambo_nfiq2_times (x + y, 181), 8));
  int gain = tambo_nfiq2_shift (length, 5);

  *real = tambo_nfiq2_shift (
      tambo_nfiq2_plus (*real, tambo_nfiq2_shift (tambo_nfiq2_times (*real, gain), 7)), 3);
  *imaginary = tambo_nfiq2_shift (
      tambo_nfiq2_plus (*imaginary, tambo_nfiq2_shift (tambo_nfiq2_times (*imaginary, gain), 7)),
      3);
}

static void keep_ridges (Spectrum *self) {
  for (int i = 0; i < SIDE * HALF; i++) {
    int x = i % HALF, y = i / HALF < SIDE / 2 ? i / HALF : i / HALF - SIDE;
    int squared = x * x + y * y;
    if (squared <= SLOWEST || squared >= FASTEST)
      self->real[i] = self->imaginary[i] = 0;
    else
      amplify (&self->real[i], &self->imaginary[i]);
  }
}

/* BLOCK is in HALF lines of SIDE: the pairs of the same columns. */
static void filter (Spectrum *block) {
  Spectrum turned;

  transform (block, HALF, SIDE, -1);
  split_pairs (block, -1);
  turn_over (block->real, turned.real, HALF, SIDE);
  turn_over (block->imaginary, turned.imaginary, HALF, SIDE);
  transform (&turned, SIDE, HALF, -1);
  keep_ridges (&turned);
  transform (&turned, SIDE, HALF, 1);
  turn_over (turned.real, block->real, SIDE, HALF);
  turn_over (turned.imaginary, block->imaginary, SIDE, HALF);
  split_pairs (block, 1);
  transform (block, HALF, SIDE, 1);
}

/* ---- blocks of the picture ---- */

/* The part of a block that lies in the picture. */
typedef struct {
  int left, right, top, bottom;
} Part;

static void read_block (const TamboNfiq2Plane *plane, const Part *part, int x, int y,
                        Spectrum *out_block) {
  memset (out_block, 0, sizeof *out_block);
  for (int row = part->top; row < part->bottom; row++)
    for (int column = part->left; column < part->right; column++) {
      int *line = column % 2 == 0 ? out_block->real : out_block->imaginary;
      line[column / 2 * SIDE + row] = 255 - plane->pixels[(y + row) * plane->width + x + column];
    }
}

static int weight (int position) {
  return MIN (MIN (position + 1, SIDE - position), SIDE + 1 - SPACING);
}

/* Stretched to LEVELS, and weighed so that overlapping blocks add up to one. */
TAMBO_NFIQ2_SIMD
static void level_row (const int *values, int darkest, double divisor, int row_weight,
                       guint8 *restrict out) {
  double half = (int) divisor / 2;

  for (int i = 0; i < SIDE; i++) {
    int value = tambo_nfiq2_times (values[i] - darkest, LEVELS * weight (i) * row_weight);
    int level = (int) ((fabs ((double) value) + half) / divisor);
    out[i] = (guint8) (value < 0 ? -level : level);
  }
}

static void add_block (TamboNfiq2Plane *plane, const Part *part, int x, int y,
                       const Spectrum *block) {
  const int norm = (SIDE + 1 - SPACING) * (SIDE + 1 - SPACING);
  int values[SIDE * SIDE], darkest = G_MAXINT, lightest = G_MININT;

  for (int row = 0; row < SIDE; row++)
    for (int column = 0; column < SIDE; column++) {
      const int *line = column % 2 == 0 ? block->real : block->imaginary;
      int value = tambo_nfiq2_shift (line[column / 2 * SIDE + row], 10);
      values[row * SIDE + column] = value;
      darkest = MIN (darkest, value);
      lightest = MAX (lightest, value);
    }
  int range = lightest - darkest;
  if (range < RANGE_MIN) {
    darkest -= (RANGE_MIN - range) / 2;
    range = RANGE_MIN;
  }
  for (int row = part->top; row < part->bottom; row++) {
    guint8 levels[SIDE], *out = plane->pixels + (y + row) * plane->width + x;
    level_row (values + row * SIDE, darkest, (double) range * norm, weight (row), levels);
    for (int column = part->left; column < part->right; column++)
      out[column] = (guint8) (out[column] + levels[column]);
  }
}

void tambo_nfiq2_enhance (TamboNfiq2Plane *plane) {
  gsize size = (gsize) plane->width * (gsize) plane->height;
  g_autofree guint8 *copy = g_memdup2 (plane->pixels, size);
  TamboNfiq2Plane source = { plane->width, plane->height, copy };
  Spectrum block;

  memset (plane->pixels, 0, size);
  for (int y = SPACING - SIDE; y < plane->height; y += SPACING)
    for (int x = SPACING - SIDE; x < plane->width; x += SPACING) {
      Part part = { MAX (-x, 0), MIN (SIDE, plane->width - x), MAX (-y, 0),
                    MIN (SIDE, plane->height - y) };
      read_block (&source, &part, x, y, &block);
      filter (&block);
      add_block (plane, &part, x, y, &block);
    }
  for (gsize i = 0; i < size; i++)
    plane->pixels[i] = (guint8) ~plane->pixels[i];
}
