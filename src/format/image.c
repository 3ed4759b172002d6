/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/image.h"

#include "base/bytes.h"

#include <math.h>
#include <string.h>

TamboImage *tambo_image_new (int width, int height, int channels) {
  if (width < 1 || height < 1 || (channels != 1 && channels != 3)
      || (gint64) width * height > TAMBO_IMAGE_MAX_PIXELS)
    return NULL;

  guint8 *data = g_try_malloc0 ((gsize) width * (gsize) height * (gsize) channels);
  if (data == NULL)
    return NULL;

  TamboImage *image = g_new0 (TamboImage, 1);
  image->width = width;
  image->height = height;
  image->channels = channels;
  image->data = data;
  return image;
}

TamboImage *tambo_image_copy (const TamboImage *image) {
  TamboImage *copy = tambo_image_new (image->width, image->height, image->channels);
  if (copy == NULL)
    return NULL;
  copy->ppi = image->ppi;
  memcpy (copy->data, image->data, tambo_image_size (image));
  return copy;
}

void tambo_image_free (TamboImage *image) {
  if (image == NULL)
    return;
  tambo_secret_wipe (image->data, tambo_image_size (image));
  g_free (image->data);
  g_free (image);
}

gsize tambo_image_size (const TamboImage *image) {
  return (gsize) image->width * (gsize) image->height * (gsize) image->channels;
}

TamboImage *tambo_image_to_grey (const TamboImage *image) {
  if (image->channels == 1)
    return tambo_image_copy (image);

  TamboImage *grey = tambo_image_new (image->width, image->height, 1);
  if (grey == NULL)
    return NULL;
  grey->ppi = image->ppi;

  gsize pixels = tambo_image_size (grey);
  const guint8 *in = image->data;
  for (gsize i = 0; i < pixels; i++, in += 3)
    grey->data[i] = (guint8) ((299 * in[0] + 587 * in[1] + 114 * in[2] + 500) / 1000);
  return grey;
}

TamboImage *tambo_image_to_rgb (const TamboImage *image) {
  if (image->channels == 3)
    return tambo_image_copy (image);

  TamboImage *rgb = tambo_image_new (image->width, image->height, 3);
  if (rgb == NULL)
    return NULL;
  rgb->ppi = image->ppi;

  gsize pixels = tambo_image_size (image);
  guint8 *out = rgb->data;
  for (gsize i = 0; i < pixels; i++, out += 3)
    out[0] = out[1] = out[2] = image->data[i];
  return rgb;
}

TamboImage *tambo_image_crop (const TamboImage *image, int x, int y, int width, int height) {
  if (x < 0 || y < 0 || width < 1 || height < 1 || x > image->width || y > image->height
      || width > image->width - x || height > image->height - y)
    return NULL;

  TamboImage *part = tambo_image_new (width, height, image->channels);
  if (part == NULL)
    return NULL;
  part->ppi = image->ppi;

  gsize stride = (gsize) image->width * (gsize) image->channels;
  gsize row = (gsize) width * (gsize) image->channels;
  const guint8 *in = image->data + (gsize) y * stride + (gsize) x * (gsize) image->channels;
  for (int i = 0; i < height; i++, in += stride)
    memcpy (part->data + (gsize) i * row, in, row);
  return part;
}

/* One output sample of one axis: COUNT input samples from FIRST, and the weight of the first and the
 * last of them; those between weigh INNER. */
typedef struct {
  int first, count;
  float head, inner, tail;
} Span;

static Span *spans_new (int from, int to) {
  Span *spans = g_new (Span, (gsize) to);
  double step = (double) from / to;

  for (int i = 0; i < to; i++) {
    Span *span = &spans[i];
    if (to < from) {
      double begin = i * step, end = MIN ((i + 1) * step, from);
      int last = MIN ((int) ceil (end) - 1, from - 1);
      span->first = (int) begin;
      span->count = MAX (last - span->first, 0) + 1;
      span->inner = (float) (1 / step);
      if (span->count == 1) {
        span->head = 1;
        span->tail = 0;
      } else {
        span->head = (float) ((span->first + 1 - begin) / step);
        span->tail = (float) ((end - last) / step);
      }
    } else {
      double centre = CLAMP ((i + 0.5) * step - 0.5, 0, from - 1);
      span->first = (int) centre;
      span->count = span->first + 1 < from ? 2 : 1;
      span->tail = span->count == 2 ? (float) (centre - span->first) : 0;
      span->head = 1 - span->tail;
      span->inner = 0;
    }
  }
  return spans;
}

static inline float span_weight (const Span *span, int i) {
  return i == 0 ? span->head : i == span->count - 1 ? span->tail : span->inner;
}

static void add_rows (const TamboImage *image, const Span *span, float *sums) {
  gsize stride = (gsize) image->width * (gsize) image->channels;

  memset (sums, 0, stride * sizeof *sums);
  for (int i = 0; i < span->count; i++) {
    const guint8 *row = image->data + (gsize) (span->first + i) * stride;
    float weight = span_weight (span, i);
    for (gsize j = 0; j < stride; j++)
      sums[j] += weight * row[j];
  }
}

static void mix_row (const float *sums, const Span *spans, int width, int channels, guint8 *out) {
  for (int x = 0; x < width; x++) {
    const Span *span = &spans[x];
    for (int c = 0; c < channels; c++) {
      const float *in = sums + (gsize) span->first * (gsize) channels + c;
      float sum = span->head * *in;
      for (int i = 2; i < span->count; i++)
        sum += span->inner * *(in += channels);
      if (span->count > 1)
        sum += span->tail * in[channels];
      *out++ = (guint8) CLAMP (sum + 0.5f, 0.0f, 255.0f);
    }
  }
}

/* A resolution stays true only when both axes shrink alike. */
static int scaled_ppi (const TamboImage *image, int width, int height) {
  double x = (double) width / image->width, y = (double) height / image->height;
  return fabs (x / y - 1) < 0.01 ? (int) lround (image->ppi * x) : 0;
}

TamboImage *tambo_image_scale (const TamboImage *image, int width, int height) {
  if (width == image->width && height == image->height)
    return tambo_image_copy (image);

  TamboImage *scaled = tambo_image_new (width, height, image->channels);
  if (scaled == NULL)
    return NULL;
  scaled->ppi = scaled_ppi (image, width, height);

  g_autofree Span *across = spans_new (image->width, width);
  g_autofree Span *down = spans_new (image->height, height);
  gsize stride = (gsize) image->width * (gsize) image->channels;
  g_autofree float *sums = g_new (float, stride);
  for (int y = 0; y < height; y++) {
    add_rows (image, &down[y], sums);
    mix_row (sums, across, width, image->channels,
             scaled->data + (gsize) y * (gsize) width * (gsize) image->channels);
  }
  tambo_secret_wipe (sums, stride * sizeof *sums);
  return scaled;
}

TamboImage *tambo_image_fit (const TamboImage *image, int width, int height) {
  if (width < 1 || height < 1)
    return NULL;

  int part_width = image->width, part_height = image->height;
  if ((gint64) image->width * height > (gint64) image->height * width)
    part_width = (int) MAX ((gint64) image->height * width / height, 1);
  else
    part_height = (int) MAX ((gint64) image->width * height / width, 1);

  g_autoptr (TamboImage) part =
      tambo_image_crop (image, (image->width - part_width) / 2, (image->height - part_height) / 2,
                        part_width, part_height);
  return part != NULL ? tambo_image_scale (part, width, height) : NULL;
}
