/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/ocr-b.h"

#include <math.h>

#include "format/ocr-b-private.h"

#define MAX_SIDE 2200 /* pixels: a page across the picture has characters of 40 */
#define MIN_WIDTH 200
#define MIN_HEIGHT 24
#define MIN_FIT 0.55 /* mean correlation of what is an MRZ at all */

#define END_SHIFTS 3 /* places to either side where the zone may begin instead */
#define QUICK_STEP 3 /* places from one that is looked at to the next, while zones are compared */

typedef struct {
  guint n_lines, n_columns;
} Shape;

static const Shape shapes[] = { { 2, 44 }, { 2, 36 }, { 3, 30 } };

/* Lines that may be the zone, and how well they fit. */
typedef struct {
  Shape shape;
  TamboOcrBLine lines[TAMBO_OCR_B_MAX_LINES];
  double fit;
} Zone;

static TamboImage *prepare (const TamboImage *image) {
  g_autoptr (TamboImage) grey = tambo_image_to_grey (image);
  g_autoptr (TamboImage) small = NULL;
  int side = MAX (image->width, image->height);

  if (grey == NULL)
    return NULL;
  if (side > MAX_SIDE) {
    small = tambo_image_scale (grey, MAX (1, (int) ((gint64) image->width * MAX_SIDE / side)),
                               MAX (1, (int) ((gint64) image->height * MAX_SIDE / side)));
    return small != NULL ? tambo_ocr_b_ink (small) : NULL;
  }
  return tambo_ocr_b_ink (grey);
}

static double band_height (const TamboOcrBBand *band) {
  return band->bottom - band->top;
}

/* Doc 9303: lines 6.35 mm apart of characters about 2.5 mm high. */
static gboolean follow (const TamboOcrBBand *upper, const TamboOcrBBand *lower) {
  double apart = (lower->top + lower->bottom - upper->top - upper->bottom) / 2;
  double height = (band_height (upper) + band_height (lower)) / 2;
  double ratio = band_height (upper) / band_height (lower);

  return ratio > 0.5 && ratio < 2 && apart > 1.3 * height && apart < 4.5 * height;
}

static gboolean all_follow (const TamboOcrBBand *bands, guint n) {
  for (guint i = 1; i < n; i++)
    if (!follow (&bands[i - 1], &bands[i]))
      return FALSE;
  return TRUE;
}

static double judge (const TamboImage *ink, const Zone *zone, guint step) {
  double fit = 0;

  for (guint i = 0; i < zone->shape.n_lines; i++)
    fit += tambo_ocr_b_judge_line (ink, &zone->lines[i], zone->shape.n_columns, step);
  return fit / zone->shape.n_lines;
}

/* What lies beside the zone (the page's edge, a thumb) may have been taken for its first or last place. */
static void settle_ends (const TamboImage *ink, Zone *zone) {
  Zone best = { .fit = -1 };

  for (int shift = -END_SHIFTS; shift <= END_SHIFTS; shift++) {
    Zone shifted = *zone;

    for (guint i = 0; i < zone->shape.n_lines; i++)
      shifted.lines[i].left += shift * zone->lines[i].pitch;
    shifted.fit = judge (ink, &shifted, 1);
    if (shifted.fit > best.fit)
      best = shifted;
  }
  *zone = best;
}

/* A part of a zone fits as well as the whole; what counts is how much of the picture is explained. */
static double evidence_of (const Zone *zone) {
  return (zone->fit - MIN_FIT) * zone->shape.n_lines * zone->shape.n_columns;
}

static void try_shape (const TamboImage *ink, const TamboOcrBBand *bands, Shape shape, Zone *best) {
  Zone zone = { .shape = shape };

  if (!all_follow (bands, shape.n_lines)
      || tambo_ocr_b_fit_lines (ink, bands, shape.n_lines, shape.n_columns, zone.lines) <= 0)
    return;
  zone.fit = judge (ink, &zone, QUICK_STEP);
  if (evidence_of (&zone) > evidence_of (best))
    *best = zone;
}

static Zone find_zone (const TamboImage *ink) {
  g_autoptr (GArray) bands = tambo_ocr_b_find_bands (ink);
  Zone best = { .fit = MIN_FIT };

  for (guint first = 0; first < bands->len; first++)
    for (gsize i = 0; i < G_N_ELEMENTS (shapes); i++)
      if (first + shapes[i].n_lines <= bands->len)
        try_shape (ink, &g_array_index (bands, TamboOcrBBand, first), shapes[i], &best);
  return best;
}

static gboolean refuse (GError **error, TamboFormatError code, const char *message) {
  g_set_error_literal (error, TAMBO_FORMAT_ERROR, code, message);
  return FALSE;
}

gboolean tambo_ocr_b_read (const TamboImage *image, TamboOcrB *out, GError **error) {
  g_autoptr (TamboImage) ink = NULL;
  g_autoptr (TamboImage) straight = NULL;
  TamboOcrB read = { 0 };
  Zone zone;

  if (tambo_ocr_b_n_glyphs == 0)
    return refuse (error, TAMBO_FORMAT_ERROR_UNSUPPORTED,
                   "this program was built without the OCR-B typeface");
  if (image->width < MIN_WIDTH || image->height < MIN_HEIGHT)
    return refuse (error, TAMBO_FORMAT_ERROR_MALFORMED,
                   "the picture is too small for a machine-readable zone");
  ink = prepare (image);
  if (ink == NULL)
    return refuse (error, TAMBO_FORMAT_ERROR_TOO_LARGE, "no memory for the picture");
  read.skew = tambo_ocr_b_find_skew (ink);
  straight = tambo_ocr_b_straighten (ink, read.skew);
  if (straight == NULL)
    return refuse (error, TAMBO_FORMAT_ERROR_TOO_LARGE, "no memory for the picture");
  zone = find_zone (straight);
  if (zone.shape.n_lines == 0)
    return refuse (error, TAMBO_FORMAT_ERROR_MALFORMED, "the picture has no machine-readable zone");
  read.n_lines = zone.shape.n_lines;
  read.n_columns = zone.shape.n_columns;
  settle_ends (straight, &zone);
  for (guint i = 0; i < read.n_lines; i++)
    tambo_ocr_b_compare_line (straight, &zone.lines[i], read.n_columns, read.scores[i]);
  *out = read;
  return TRUE;
}
