/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/nfiq2-region.h"

#include "biometric/nfiq2-private.h"

#include <math.h>
#include <string.h>

#define ERODE_REACH 2 /* ridges grow by as many pixels to every side */
#define BLUR_REACH 20 /* until they are one dark area */
#define CHUNK 32
#define SMOOTH_REACH 45 /* and that area's outline is round */

/* ---- filters ---- */

TAMBO_NFIQ2_SIMD
static void darken (guint8 *restrict line, const guint8 *other, int size) {
  for (int i = 0; i < size; i++)
    line[i] = MIN (line[i], other[i]);
}

/* The darkest pixel of a square. */
static void erode (guint8 *pixels, int width, int height) {
  g_autofree guint8 *rows = g_memdup2 (pixels, (gsize) width * (gsize) height);

  for (int y = 0; y < height; y++)
    for (int i = 1; i <= MIN (ERODE_REACH, width - 1); i++) {
      darken (rows + y * width, pixels + y * width + i, width - i);
      darken (rows + y * width + i, pixels + y * width, width - i);
    }
  memcpy (pixels, rows, (gsize) width * (gsize) height);
  for (int i = 1; i <= MIN (ERODE_REACH, height - 1); i++) {
    darken (pixels, rows + i * width, (height - i) * width);
    darken (pixels + i * width, rows, (height - i) * width);
  }
}

static int mirror (int position, int size) {
  while (size > 1 && (position < 0 || position >= size))
    position = position < 0 ? -position : 2 * (size - 1) - position;
  return size > 1 ? position : 0;
}

/* Weights in 256ths that add up to 256: the rounding of each is carried on to the next, from the ends to
 * the middle. This is the arithmetic that the published values were made with. Returns the number of those
 * that count. */
static int make_kernel (float *out_kernel, int *out_offsets, int reach) {
  double sigma = 0.3 * (reach - 1) + 0.8, sum = 0, carried = 0;
  int count = 0, left = 256;

  for (int i = -reach; i <= reach; i++)
    sum += exp (-i * i / (2 * sigma * sigma));
  for (int distance = reach; distance > 0; distance--) {
    double weight = 256 * exp (-distance * distance / (2 * sigma * sigma)) / sum + carried;
    long rounded = lrint (weight);
    carried = weight - (double) rounded;
    left -= 2 * (int) rounded;
    for (int side = -1; side <= 1 && rounded != 0; side += 2) {
      out_kernel[count] = (float) rounded;
      out_offsets[count++] = side * distance;
    }
  }
  out_kernel[count] = (float) left;
  out_offsets[count++] = 0;
  return count;
}

/* Eight numbers of a line; they may lie anywhere. */
typedef float Eight __attribute__ ((vector_size (8 * sizeof (float)), aligned (4), may_alias));

/* Adds up TAPS lines, weighed. A chunk stays in registers through all of them. The sums are whole numbers
 * below 2^24, so that single precision is exact. */
TAMBO_NFIQ2_SIMD
static void add_weighted (const float *const *lines, const float *kernel, int taps, float *out,
                          int width) {
  for (int x = 0; x < width; x += CHUNK) {
    Eight a = { 0 }, b = { 0 }, c = { 0 }, d = { 0 };
    for (int i = 0; i < taps; i++) {
      const Eight *in = (const Eight *) (lines[i] + x);
      a += kernel[i] * in[0];
      b += kernel[i] * in[1];
      c += kernel[i] * in[2];
      d += kernel[i] * in[3];
    }
    Eight *sums = (Eight *) (out + x);
    sums[0] = a;
    sums[1] = b;
    sums[2] = c;
    sums[3] = d;
  }
}

/* A line of the picture, with what its edges mirror on both sides. */
static void mirror_line (float *line, const guint8 *pixels, int width, int reach) {
  for (int x = 0; x < width; x++)
    line[reach + x] = pixels[x];
  for (int x = 1; x <= reach; x++) {
    line[reach - x] = pixels[mirror (-x, width)];
    line[reach + width - 1 + x] = pixels[mirror (width - 1 + x, width)];
  }
}

/* A Gaussian of the width that goes with its reach; the picture is mirrored in its edges. */
static void blur (guint8 *pixels, int width, int height, int reach) {
  int offsets[2 * SMOOTH_REACH + 1], stride = (width + CHUNK - 1) / CHUNK * CHUNK;
  float kernel[2 * SMOOTH_REACH + 1];
  int taps = make_kernel (kernel, offsets, reach);
  g_autofree float *rows = g_new (float, (gsize) stride *(gsize) height);
  g_autofree float *line = g_new0 (float, (gsize) (stride + 2 * reach));
  const float *lines[2 * SMOOTH_REACH + 1];

  for (int i = 0; i < taps; i++)
    lines[i] = line + reach + offsets[i];
  for (int y = 0; y < height; y++) {
    mirror_line (line, pixels + y * width, width, reach);
    add_weighted (lines, kernel, taps, rows + y * stride, width);
  }
  for (int y = 0; y < height; y++) {
    for (int i = 0; i < taps; i++)
      lines[i] = rows + mirror (y + offsets[i], height) * stride;
    add_weighted (lines, kernel, taps, line, width);
    for (int x = 0; x < width; x++)
      pixels[y * width + x] = (guint8) (((int) line[x] + (1 << 15)) >> 16);
  }
}

/* Otsu's threshold: dark becomes 0, light 255. */
static void binarise (guint8 *pixels, gsize size) {
  guint histogram[256] = { 0 };
  double total = 0, below = 0, sum_below = 0, best = 0;
  int threshold = 0;

  for (gsize i = 0; i < size; i++)
    histogram[pixels[i]]++;
  for (int i = 0; i < 256; i++)
    total += (double) i * histogram[i];
  for (int i = 0; i < 256; i++) {
    below += histogram[i];
    sum_below += (double) i * histogram[i];
    double above = (double) size - below;
    if (below == 0 || above == 0)
      continue;
    double distance = sum_below / below - (total - sum_below) / above;
    double between = below * above * distance * distance;
    if (between > best) {
      best = between;
      threshold = i;
    }
  }
  for (gsize i = 0; i < size; i++)
    pixels[i] = pixels[i] > threshold ? 255 : 0;
}

/* ---- connected areas ---- */

typedef struct {
  int left, right, top, bottom;
} Extent;

/* Appends the first pixel of each stretch of a value. */
static void append_stretches (GArray *starts, const guint8 *pixels, int from, int to,
                              guint8 value) {
  for (int i = from; i <= to; i++)
    if (pixels[i] == value && (i == from || pixels[i - 1] != value))
      g_array_append_val (starts, i);
}

/* Replaces the value of the area that START belongs to, stretch by stretch. */
static Extent flood (guint8 *pixels, int width, int height, int start, guint8 value) {
  g_autoptr (GArray) open = g_array_new (FALSE, FALSE, sizeof (int));
  Extent extent = { start % width, start % width, start / width, start / width };
  guint8 old = pixels[start];

  g_array_append_val (open, start);
  while (open->len > 0) {
    int at = g_array_index (open, int, open->len - 1), y = at / width, left = at, right = at;
    g_array_set_size (open, open->len - 1);
    if (pixels[at] != old)
      continue;
    while (left > y * width && pixels[left - 1] == old)
      left--;
    while (right < (y + 1) * width - 1 && pixels[right + 1] == old)
      right++;
    memset (pixels + left, value, (gsize) (right - left + 1));
    extent = (Extent){ MIN (extent.left, left - y * width), MAX (extent.right, right - y * width),
                       MIN (extent.top, y), MAX (extent.bottom, y) };
    if (y > 0)
      append_stretches (open, pixels, left - width, right - width, old);
    if (y < height - 1)
      append_stretches (open, pixels, left + width, right + width, old);
  }
  return extent;
}

/* White that does not reach the edge becomes part of the region. */
static void close_holes (guint8 *pixels, int width, int height) {
  const guint8 outside = 128;

  for (int x = 0; x < width; x++)
    for (int y = 0; y<height; y += x> 0 && x < width - 1 ? MAX (height - 1, 1) : 1)
      if (pixels[y * width + x] == 255)
        flood (pixels, width, height, y * width + x, outside);
  for (int i = 0; i < width * height; i++)
    pixels[i] = pixels[i] == outside ? 255 : 0;
}

/* Leaves only the area with the largest extent. */
static void keep_largest (guint8 *pixels, int width, int height) {
  const guint8 seen = 128;
  int largest = -1, largest_size = 0;

  for (int i = 0; i < width * height; i++)
    if (pixels[i] == 0) {
      Extent extent = flood (pixels, width, height, i, seen);
      int size = (extent.right - extent.left + 1) * (extent.bottom - extent.top + 1);
      if (size > largest_size) {
        largest_size = size;
        largest = i;
      }
    }
  if (largest >= 0)
    flood (pixels, width, height, largest, 0);
  for (int i = 0; i < width * height; i++)
    pixels[i] = pixels[i] == 0 ? 0 : 255;
}

guint8 *tambo_nfiq2_find_region (const TamboImage *image) {
  gsize size = tambo_image_size (image);
  guint8 *region = g_memdup2 (image->data, size);

  erode (region, image->width, image->height);
  blur (region, image->width, image->height, BLUR_REACH);
  binarise (region, size);
  blur (region, image->width, image->height, SMOOTH_REACH);
  binarise (region, size);
  close_holes (region, image->width, image->height);
  keep_largest (region, image->width, image->height);
  return region;
}
