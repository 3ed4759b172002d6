/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/nfiq2-region.h"

#include <math.h>
#include <string.h>

#define ERODE_REACH 2   /* ridges grow by as many pixels to every side */
#define BLUR_REACH 20   /* until they are one dark area */
#define SMOOTH_REACH 45 /* and that area's outline is round */

/* ---- filters ---- */

/* The darkest pixel of a square. */
static void erode (guint8 *pixels, int width, int height) {
  g_autofree guint8 *rows = g_malloc ((gsize) width * (gsize) height);

  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++) {
      guint8 least = 255;
      for (int i = MAX (0, x - ERODE_REACH); i <= MIN (width - 1, x + ERODE_REACH); i++)
        least = MIN (least, pixels[y * width + i]);
      rows[y * width + x] = least;
    }
  for (int y = 0; y < height; y++)
    for (int x = 0; x < width; x++) {
      guint8 least = 255;
      for (int i = MAX (0, y - ERODE_REACH); i <= MIN (height - 1, y + ERODE_REACH); i++)
        least = MIN (least, rows[i * width + x]);
      pixels[y * width + x] = least;
    }
}

static int mirror (int position, int size) {
  while (size > 1 && (position < 0 || position >= size))
    position = position < 0 ? -position : 2 * (size - 1) - position;
  return size > 1 ? position : 0;
}

/* Weights in 256ths that add up to 256: the rounding of each is carried on to the next, from the ends to
 * the middle. This is the arithmetic that the published values were made with. */
static void make_kernel (int *kernel, int reach) {
  double sigma = 0.3 * (reach - 1) + 0.8, sum = 0, carried = 0;
  int left = 256;

  for (int i = -reach; i <= reach; i++)
    sum += exp (-i * i / (2 * sigma * sigma));
  for (int i = 0; i < reach; i++) {
    int distance = reach - i;
    double weight = 256 * exp (-distance * distance / (2 * sigma * sigma)) / sum + carried;
    kernel[i] = kernel[2 * reach - i] = (int) lrint (weight);
    carried = weight - kernel[i];
    left -= 2 * kernel[i];
  }
  kernel[reach] = left;
}

static void add_weighted (float *restrict sums, const float *restrict values, float weight,
                          int size) {
  for (int i = 0; i < size; i++)
    sums[i] += weight * values[i];
}

/* A Gaussian of the width that goes with its reach; the picture is mirrored in its edges. All sums are
 * whole numbers below 2^24, so that single precision is exact. */
static void blur (guint8 *pixels, int width, int height, int reach) {
  g_autofree int *kernel = g_new (int, 2 * reach + 1);
  g_autofree float *rows = g_new0 (float, (gsize) width *(gsize) height);
  g_autofree float *line = g_new (float, width + 2 * reach);

  make_kernel (kernel, reach);
  for (int y = 0; y < height; y++) {
    for (int x = -reach; x < width + reach; x++)
      line[reach + x] = pixels[y * width + mirror (x, width)];
    for (int i = 0; i <= 2 * reach; i++)
      add_weighted (rows + y * width, line + i, (float) kernel[i], width);
  }
  for (int y = 0; y < height; y++) {
    memset (line, 0, (gsize) width * sizeof *line);
    for (int i = -reach; i <= reach; i++)
      add_weighted (line, rows + mirror (y + i, height) * width, (float) kernel[reach + i], width);
    for (int x = 0; x < width; x++)
      pixels[y * width + x] = (guint8) (((int) line[x] + (1 << 15)) >> 16);
  }
}

/* Otsu's threshold: dark becomes 0, light 255. */
static void binarise (guint8 *pixels, gsize size) {
  double histogram[256] = { 0 }, total = 0, below = 0, sum_below = 0, best = 0;
  int threshold = 0;

  for (gsize i = 0; i < size; i++)
    histogram[pixels[i]]++;
  for (int i = 0; i < 256; i++)
    total += i * histogram[i];
  for (int i = 0; i < 256; i++) {
    below += histogram[i];
    sum_below += i * histogram[i];
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

/* Replaces the value of the area that START belongs to. */
static Extent flood (guint8 *pixels, int width, int height, int start, guint8 value) {
  g_autoptr (GArray) open = g_array_new (FALSE, FALSE, sizeof (int));
  Extent extent = { start % width, start % width, start / width, start / width };
  guint8 old = pixels[start];

  pixels[start] = value;
  g_array_append_val (open, start);
  while (open->len > 0) {
    int at = g_array_index (open, int, open->len - 1);
    int x = at % width, y = at / width;
    const int next[4] = { x > 0 ? at - 1 : at, x < width - 1 ? at + 1 : at, y > 0 ? at - width : at,
                          y < height - 1 ? at + width : at };
    g_array_set_size (open, open->len - 1);
    extent = (Extent){ MIN (extent.left, x), MAX (extent.right, x), MIN (extent.top, y),
                       MAX (extent.bottom, y) };
    for (int i = 0; i < 4; i++)
      if (pixels[next[i]] == old) {
        pixels[next[i]] = value;
        g_array_append_val (open, next[i]);
      }
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
