/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/nfiq2-minutiae.h"

#include "biometric/nfiq2-private.h"

#include <string.h>

#define CELL TAMBO_NFIQ2_CELL
#define SIDE_MIN 196  /* of the picture at 500 ppi; white is added */
#define WIDTH_MAX 256 /* at 333 ppi; more is cut off on both sides */
#define HEIGHT_MAX 400
#define COUNT_MIN 6
#define AREA_MIN 11000 /* of the footprint, pixels at 500 ppi or so */
#define MAP_COLUMNS 32 /* of that area: squares of 8 pixels */
#define MAP_ROWS 50

/* A place where the phase turns is one where its gradients go all ways. */
#define STRAIGHT 1328 /* the least of the smaller gradient */
#define WINDOW 13     /* of directions around a place, in pairs of pixels */
#define LAG 13        /* rows by which the directions around a place lie above it */

/* ---- the picture at 333 ppi ---- */

/* Three rows become two, and each 3 x 3 pixels 2 x 2. */
static void shrink_rows (const guint8 *in, int in_width, guint8 *restrict out, int out_width) {
  const guint8 *b = in + in_width, *c = b + in_width;

  for (int x = 0, i = 0; x < out_width; x += 2, i += 3) {
    int top = in[i + 1] * 2 + b[i + 1], bottom = c[i + 1] * 2 + b[i + 1];
    out[x] = (guint8) ((in[i] * 4 + b[i] * 2 + top) * 28 / 256);
    out[x + 1] = (guint8) ((in[i + 2] * 4 + b[i + 2] * 2 + top) * 28 / 256);
    out[out_width + x] = (guint8) ((c[i] * 4 + b[i] * 2 + bottom) * 28 / 256);
    out[out_width + x + 1] = (guint8) ((c[i + 2] * 4 + b[i + 2] * 2 + bottom) * 28 / 256);
  }
}

typedef struct {
  TamboNfiq2Plane plane;
  int left, top; /* what was cut off, pixels at 333 ppi */
} Small;

static void small_clear (Small *self) {
  g_clear_pointer (&self->plane.pixels, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Small, small_clear)

static void small_init (Small *self, const TamboImage *image) {
  int width = image->width / 6 * 4, height = image->height / 6 * 4;

  self->left = MAX (width - WIDTH_MAX, 0) / 2;
  self->top = MAX (height - HEIGHT_MAX, 0) / 2;
  int skip_x = width > WIDTH_MAX ? (image->width - WIDTH_MAX * 3 / 2) / 2 : 0;
  int skip_y = height > HEIGHT_MAX ? (image->height - HEIGHT_MAX * 3 / 2) / 2 : 0;
  width = MIN (width, WIDTH_MAX);
  height = MIN (height, HEIGHT_MAX);
  self->plane = (TamboNfiq2Plane){ width, height, g_malloc0 ((gsize) (width * (height + 2))) };
  for (int y = 0; y < height; y += 2)
    shrink_rows (image->data + (skip_y + y / 2 * 3) * image->width + skip_x, image->width,
                 self->plane.pixels + y * width, width);
}

/* ---- candidates ---- */

/* Smoothed products of the gradients of the phase. The map is a single line of pixels here, as it is for
 * the published values; each value belongs to the pixel one to the left, and two rows below. */
typedef struct {
  int width, size;
  int *xx, *yy, *xy;
} Gradients;

static void gradients_clear (Gradients *self) {
  g_clear_pointer (&self->xx, g_free);
  g_clear_pointer (&self->yy, g_free);
  g_clear_pointer (&self->xy, g_free);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Gradients, gradients_clear)

/* Weights of 1, 2, 1 down and to the right, which end at the pixel. ROOM is before IN. */
TAMBO_NFIQ2_SIMD
static void smooth (const int *in, int width, int size, int *restrict lines, int *restrict out) {
  for (int i = 0; i < size + 2; i++)
    lines[i] = in[i - 2] + 2 * in[i - 2 - width] + in[i - 2 - 2 * width];
  for (int i = 0; i < size; i++)
    out[i] = tambo_nfiq2_shift (lines[i] + 2 * lines[i + 1] + lines[i + 2], 5);
}

TAMBO_NFIQ2_SIMD
static void multiply (const guint8 *map, int width, int count, int *restrict xx, int *restrict yy,
                      int *restrict xy) {
  for (int i = 0; i < count; i++) {
    int x = map[i + 1] - map[i - 1], y = map[i + width] - map[i - width];
    xx[i] = x * x;
    yy[i] = y * y;
    xy[i] = x * y;
  }
}

static void gradients_init (Gradients *self, const TamboNfiq2Plane *phase) {
  int width = phase->width, room = 2 * width + 4, size = (phase->height + LAG) * width;
  int *products[3], **smoothed[3] = { &self->xx, &self->yy, &self->xy };
  g_autofree int *lines = g_new (int, (gsize) (size + 2));

  self->width = width;
  self->size = size;
  for (int i = 0; i < 3; i++)
    products[i] = g_new0 (int, (gsize) (size + room));
  multiply (phase->pixels + 3 * width, width, (phase->height - 4) * width, products[0] + room,
            products[1] + room, products[2] + room);
  for (int i = 0; i < 3; i++) {
    *smoothed[i] = g_new (int, (gsize) size);
    smooth (products[i] + room, width, size, lines, *smoothed[i]);
    g_free (products[i]);
  }
}

/* How much the phase turns; 0 where it does not, -1 outside the picture. */
static int *measure_turning (const Gradients *gradients, int inside) {
  int *turning = g_new (int, (gsize) gradients->size);

  for (int i = 0; i < gradients->size; i++) {
    int xx = gradients->xx[i], yy = gradients->yy[i], xy = gradients->xy[i];
    int smaller = (STRAIGHT - xx) * (STRAIGHT - yy) - xy * xy;
    turning[i] = i >= inside ? -1 : xx + yy > 2 * STRAIGHT ? MAX (smaller, 0) : 0;
  }
  return turning;
}

/* The first of the greatest of a square of 3. FALSE when the squares around, of 5, have a greater, or lie
 * outside. */
static gboolean find_peak (const int *turning, int width, int left, int top, int *out_x,
                           int *out_y) {
  int x = left, y = top;

  for (int row = top; row < top + 3; row++)
    for (int column = left; column < left + 3; column++) {
      if (turning[row * width + column] < 0)
        return FALSE;
      if (turning[row * width + column] > turning[y * width + x]) {
        x = column;
        y = row;
      }
    }
  int greatest = turning[y * width + x];
  for (int row = y - 2; row <= y + 2; row++)
    for (int column = x - 2; column <= x + 2; column++) {
      int other = turning[row * width + column];
      gboolean within = row >= top && row < top + 3 && column >= left && column < left + 3;
      if (!within && (other < 0 || other > greatest))
        return FALSE;
    }
  *out_x = x;
  *out_y = y;
  return greatest > 0;
}

static gboolean has_phase_around (const TamboNfiq2Plane *phase, int x, int y) {
  int width = phase->width;

  if (x < 1 || y < 1 || x + 1 >= width || y + 1 >= phase->height)
    return FALSE;
  const guint8 *at = phase->pixels + y * width + x;
  return at[-width - 1] != TAMBO_NFIQ2_PHASE_NONE && at[-width + 1] != TAMBO_NFIQ2_PHASE_NONE
         && at[width - 1] != TAMBO_NFIQ2_PHASE_NONE && at[width + 1] != TAMBO_NFIQ2_PHASE_NONE;
}

/* Along the ridges around a place of the gradients. */
static guint8 direction_around (const Gradients *gradients, int x, int y) {
  int half_width = gradients->width / 2, last = (y + LAG - 1) / 2;
  int sum_x = 0, sum_y = 0;

  for (int row = MAX (last - WINDOW + 1, 0); row <= last; row++)
    for (int column = MAX (x / 2 - WINDOW / 2, 0);
         column <= MIN (x / 2 + WINDOW / 2, half_width - 1); column++) {
      int at = 2 * (row * gradients->width + column);
      TamboNfiq2Turn turn =
          tambo_nfiq2_turn (gradients->xx[at] - gradients->yy[at], 2 * gradients->xy[at], 0);
      sum_x += turn.x;
      sum_y += turn.y;
    }
  return tambo_nfiq2_angle (sum_x, sum_y) / 2;
}

/* ---- minutiae ---- */

typedef struct {
  int x, y; /* of the phase map */
  int confidence;
} Minutia;

static int compare_confidence (gconstpointer a, gconstpointer b) {
  const Minutia *left = a, *right = b;

  if (left->confidence != right->confidence)
    return right->confidence - left->confidence;
  return left->y != right->y ? left->y - right->y : left->x - right->x;
}

static GArray *find_in_phase (const TamboNfiq2Plane *phase) {
  GArray *found = g_array_new (FALSE, FALSE, sizeof (Minutia));
  g_auto (Gradients) gradients;
  int width = phase->width;

  gradients_init (&gradients, phase);
  g_autofree int *turning = measure_turning (&gradients, (phase->height - 4) * width);
  for (int top = 2; top + 4 < phase->height + LAG; top += 3)
    for (int left = 2; left + 4 < width; left += 3) {
      int x, y;
      if (!find_peak (turning, width, left, top, &x, &y) || x + 4 >= width || y >= phase->height
          || !has_phase_around (phase, x - 1, y + 2))
        continue;
      guint8 angle = direction_around (&gradients, x, y);
      Minutia minutia = { x - 1, y + 2, 0 };
      for (int turn = -2; turn <= 2; turn += 4)
        minutia.confidence =
            MAX (minutia.confidence,
                 tambo_nfiq2_confirm (phase, minutia.x, minutia.y, (guint8) (angle + turn)));
      if (minutia.confidence > 0)
        g_array_append_val (found, minutia);
    }
  return found;
}

/* From 333 to 500 ppi, in the steps of the published values: the offset of the phase map and of what was cut
 * off is added between them. */
static int enlarge (int position, int offset) {
  int value = position * 635 / 500 + offset * 635 / 500;

  return (value * 197 + 167 / 2) / 167;
}

static int measure_area (const guint8 *footprint, int columns, int rows) {
  int area = 0;

  for (int y = 0; y < MAP_ROWS; y++)
    for (int x = 0; x < MAP_COLUMNS; x++) {
      int column = tambo_nfiq2_shift ((x * 8 * 500 + 250) / 635, 2);
      int row = tambo_nfiq2_shift ((y * 8 * 500 + 250) / 635, 2);
      area += column < columns && row < rows && footprint[row * columns + column] != 0 ? 64 : 0;
    }
  return area;
}

static void find_minutiae (Small *small, TamboNfiq2Minutiae *out) {
  TamboNfiq2Plane *plane = &small->plane;
  int columns = plane->width / CELL, rows = plane->height / CELL;
  gsize cells = (gsize) columns * (gsize) rows;
  g_autofree guint8 *footprint = g_new0 (guint8, cells);
  g_autofree TamboNfiq2Turn *turns = g_new (TamboNfiq2Turn, cells);

  tambo_nfiq2_find_footprint (plane, footprint);
  tambo_nfiq2_enhance (plane);
  tambo_nfiq2_find_turns (plane, footprint, turns);
  /* The filters look a little behind the picture, where the published values had the directions. */
  memcpy (plane->pixels + plane->width * plane->height, turns,
          MIN ((gsize) plane->width * 2, sizeof *turns * cells));
  tambo_nfiq2_find_phase (plane, turns);

  g_autoptr (GArray) found = find_in_phase (plane);
  g_array_sort (found, compare_confidence);
  out->count = MIN ((int) found->len, TAMBO_NFIQ2_MINUTIAE_MAX);
  for (int i = 0; i < out->count; i++) {
    const Minutia *minutia = &g_array_index (found, Minutia, i);
    out->points[i] = (TamboNfiq2Point){ enlarge (minutia->x, 1 + small->left),
                                        enlarge (minutia->y, 6 + small->top) };
  }
  out->enough = out->count >= COUNT_MIN && measure_area (footprint, columns, rows) >= AREA_MIN;
}

static TamboImage *pad (const TamboImage *image) {
  TamboImage *padded =
      tambo_image_new (MAX (image->width, SIDE_MIN), MAX (image->height, SIDE_MIN), 1);

  memset (padded->data, 255, tambo_image_size (padded));
  for (int y = 0; y < image->height; y++)
    memcpy (padded->data + (gsize) y * (gsize) padded->width,
            image->data + (gsize) y * (gsize) image->width, (gsize) image->width);
  return padded;
}

void tambo_nfiq2_find_minutiae (const TamboImage *image, TamboNfiq2Minutiae *out_minutiae) {
  g_autoptr (TamboImage) padded = pad (image);
  g_auto (Small) small;
  int kept = 0;

  small_init (&small, padded);
  find_minutiae (&small, out_minutiae);
  out_minutiae->total = out_minutiae->count;
  for (int i = 0; i < out_minutiae->count; i++) {
    TamboNfiq2Point point = out_minutiae->points[i];
    gboolean added = image->width < padded->width || image->height < padded->height;
    if (!added || (point.x < image->width && point.y < image->height))
      out_minutiae->points[kept++] = point;
  }
  out_minutiae->count = kept;
}
