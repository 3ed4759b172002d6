/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/image-resample.h"

#include <math.h>

#include "base/bytes.h"

#define LOBES 3

/* For each sample of the new axis: SPAN samples of the old one from FIRST, and their weights. */
typedef struct {
  int span;
  int *first;
  float *weights; /* SPAN for each */
} Kernel;

static void kernel_clear (Kernel *kernel) {
  g_free (kernel->first);
  g_free (kernel->weights);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Kernel, kernel_clear)

static double lanczos (double x) {
  double angle = G_PI * x;

  if (fabs (x) < 1e-9)
    return 1;
  return fabs (x) < LOBES ? LOBES * sin (angle) * sin (angle / LOBES) / (angle * angle) : 0;
}

/* The weights of one sample add up to 1, at the border too. */
static void weigh (float *weights, int span, int first, double centre, double widening) {
  double sum = 0;

  for (int i = 0; i < span; i++) {
    weights[i] = (float) lanczos ((first + i - centre) / widening);
    sum += weights[i];
  }
  for (int i = 0; i < span; i++)
    weights[i] = (float) (weights[i] / sum);
}

static void kernel_init (Kernel *kernel, int from, int to) {
  double step = (double) from / to, widening = MAX (step, 1);

  kernel->span = MIN (2 * (int) ceil (LOBES * widening) + 1, from);
  kernel->first = g_new (int, (gsize) to);
  kernel->weights = g_new (float, (gsize) to *(gsize) kernel->span);
  for (int i = 0; i < to; i++) {
    double centre = (i + 0.5) * step - 0.5;
    int first = (int) lround (centre) - kernel->span / 2;

    kernel->first[i] = CLAMP (first, 0, from - kernel->span);
    weigh (kernel->weights + (gsize) i * (gsize) kernel->span, kernel->span, kernel->first[i],
           centre, widening);
  }
}

/* One row of the new height, still as wide as the old picture. */
static void mix_rows (const TamboImage *image, const Kernel *down, int y, float *out) {
  gsize stride = (gsize) image->width * (gsize) image->channels;
  const float *weights = down->weights + (gsize) y * (gsize) down->span;

  for (gsize j = 0; j < stride; j++)
    out[j] = 0;
  for (int i = 0; i < down->span; i++) {
    const guint8 *row = image->data + (gsize) (down->first[y] + i) * stride;
    for (gsize j = 0; j < stride; j++)
      out[j] += weights[i] * row[j];
  }
}

static void mix_columns (const float *row, const Kernel *across, int width, int channels,
                         guint8 *out) {
  for (int x = 0; x < width; x++) {
    const float *weights = across->weights + (gsize) x * (gsize) across->span;
    for (int c = 0; c < channels; c++) {
      const float *in = row + (gsize) across->first[x] * (gsize) channels + c;
      float sum = 0.5f;
      for (int i = 0; i < across->span; i++)
        sum += weights[i] * in[i * channels];
      *out++ = (guint8) CLAMP (sum, 0.0f, 255.0f);
    }
  }
}

static int scaled (int length, int from, int to) {
  return (int) MAX (((gint64) length * to + from / 2) / from, 1);
}

TamboImage *tambo_image_resample (const TamboImage *image, int ppi) {
  if (image->ppi <= 0 || image->ppi == ppi)
    return tambo_image_copy (image);

  TamboImage *result = tambo_image_new (scaled (image->width, image->ppi, ppi),
                                        scaled (image->height, image->ppi, ppi), image->channels);
  if (result == NULL)
    return NULL;
  result->ppi = ppi;

  g_auto (Kernel) across = { 0 }, down = { 0 };
  gsize stride = (gsize) image->width * (gsize) image->channels;
  g_autofree float *row = g_new (float, stride);
  kernel_init (&across, image->width, result->width);
  kernel_init (&down, image->height, result->height);
  for (int y = 0; y < result->height; y++) {
    mix_rows (image, &down, y, row);
    mix_columns (row, &across, result->width, image->channels,
                 result->data + (gsize) y * (gsize) result->width * (gsize) image->channels);
  }
  tambo_secret_wipe (row, stride * sizeof *row);
  return result;
}
