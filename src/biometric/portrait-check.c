/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/portrait-check.h"

#include <math.h>

/* The picture that a document needs is cut from the capture, hence the lower bounds; the upper
 * ones are those of the image record. */
#define WIDTH_MIN 480
#define HEIGHT_MIN 640
#define SIDE_MAX 65535

/* Grey levels. Wide, because skin is of every shade: what fails is light that was wrong. */
#define EXPOSURE_MIN 40
#define EXPOSURE_MAX 212
#define RANGE_MIN 70

/* Edges against contrast, at one size: a portrait in focus has several times this. */
#define SHARPNESS_MIN 0.3
#define SHARPNESS_MAX 1000
#define SHARPNESS_HEIGHT 640

/* The middle of the picture: the face, whatever the wall behind it is like. */
static TamboImage *face_part (const TamboImage *grey) {
  return tambo_image_crop (grey, grey->width / 4, grey->height / 5, MAX (grey->width / 2, 1),
                           MAX (grey->height / 2, 1));
}

static double mean (const TamboImage *grey) {
  gsize size = tambo_image_size (grey);
  double sum = 0;
  for (gsize i = 0; i < size; i++)
    sum += grey->data[i];
  return sum / (double) size;
}

/* The distance of the levels that leave a hundredth of the pixels below and above. */
static double dynamic_range (const TamboImage *grey) {
  gsize counts[256] = { 0 }, size = tambo_image_size (grey), tail = size / 100;
  int low = 0, high = 255;

  for (gsize i = 0; i < size; i++)
    counts[grey->data[i]]++;
  for (gsize sum = counts[low]; sum <= tail && low < 255; sum += counts[low])
    low++;
  for (gsize sum = counts[high]; sum <= tail && high > low; sum += counts[high])
    high--;
  return high - low;
}

/* Variance of the Laplacian over the variance of the levels, in percent: the contrast of clothes and
 * wall cancels, the focus stays. */
static double laplacian_share (const TamboImage *grey) {
  double sum = 0, squares = 0, levels = 0, level_squares = 0, count = 0;
  gsize stride = (gsize) grey->width;

  for (int y = 1; y < grey->height - 1; y++) {
    const guint8 *row = grey->data + (gsize) y * stride;
    for (gsize x = 1; x + 1 < stride; x++) {
      double level = row[x];
      double laplacian = row[x - 1] + row[x + 1] + row[x - stride] + row[x + stride] - 4 * level;
      sum += laplacian;
      squares += laplacian * laplacian;
      levels += level;
      level_squares += level * level;
      count++;
    }
  }
  if (count == 0)
    return 0;
  double variance = level_squares / count - levels * levels / (count * count);
  return variance > 1 ? 100 * (squares / count - sum * sum / (count * count)) / variance : 0;
}

static double sharpness (const TamboImage *grey) {
  if (grey->height <= SHARPNESS_HEIGHT)
    return laplacian_share (grey);

  int width = MAX (grey->width * SHARPNESS_HEIGHT / grey->height, 1);
  g_autoptr (TamboImage) scaled = tambo_image_scale (grey, width, SHARPNESS_HEIGHT);
  return scaled != NULL ? laplacian_share (scaled) : 0;
}

static void add (GArray *measures, const char *component, const char *name, double value,
                 double minimum, double maximum, const char *below, const char *above) {
  TamboPortraitMeasure measure = { .measure = name,
                                   .component = component,
                                   .minimum = minimum,
                                   .maximum = maximum,
                                   .mandatory = TRUE };
  measure.value = MIN (value, G_MAXINT32);
  measure.passed = value >= minimum && value <= maximum;
  measure.hint = measure.passed ? "" : value < minimum ? below : above;
  g_array_append_val (measures, measure);
}

GArray *tambo_portrait_check (const TamboImage *image) {
  GArray *measures = g_array_new (FALSE, FALSE, sizeof (TamboPortraitMeasure));
  g_autoptr (TamboImage) grey = tambo_image_to_grey (image);
  g_autoptr (TamboImage) face = grey != NULL ? face_part (grey) : NULL;
  double exposure = face != NULL ? mean (face) : 0;
  double range = grey != NULL ? dynamic_range (grey) : 0;
  double focus = grey != NULL ? sharpness (grey) : 0;

  add (measures, "5.2", "width", image->width, WIDTH_MIN, SIDE_MAX,
       "The picture is too narrow: set the camera to a larger picture",
       "The picture is too wide: set the camera to a smaller picture");
  add (measures, "5.1", "height", image->height, HEIGHT_MIN, SIDE_MAX,
       "The picture is too low: set the camera to a larger picture",
       "The picture is too high: set the camera to a smaller picture");
  add (measures, "7.1", "exposure", exposure, EXPOSURE_MIN, EXPOSURE_MAX,
       "The face is too dark: add light in front of the applicant",
       "The face is too bright: take light away or shorten the exposure");
  add (measures, "", "dynamic-range", range, RANGE_MIN, 255,
       "The picture has too little contrast: clean the lens and light the face evenly",
       "The picture has too much contrast: light the face evenly");
  add (measures, "7.2", "sharpness", focus, SHARPNESS_MIN, SHARPNESS_MAX,
       "The picture is blurred: focus on the eyes and ask the applicant to hold still",
       "The picture is too grainy: add light and lower the sensitivity");
  return measures;
}

const char *tambo_portrait_hint (GArray *measures) {
  for (guint i = 0; i < measures->len; i++) {
    const TamboPortraitMeasure *measure = &g_array_index (measures, TamboPortraitMeasure, i);
    if (!measure->passed)
      return measure->hint;
  }
  return NULL;
}

char *tambo_portrait_dup_verdicts (GArray *measures) {
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < measures->len; i++) {
    const TamboPortraitMeasure *measure = &g_array_index (measures, TamboPortraitMeasure, i);
    char value[G_ASCII_DTOSTR_BUF_SIZE];
    g_ascii_formatd (value, sizeof value, "%.2f", measure->value);
    g_string_append_printf (text, "%s%s=%s%s", i > 0 ? " " : "", measure->measure, value,
                            measure->passed ? "" : "!");
  }
  return g_string_free (text, FALSE);
}
