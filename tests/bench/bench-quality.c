/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Time on one core for the 69 measures of NFIQ 2 and for the local quality index, on a print of 500 x 500
 * pixels.
 */
#include "biometric/fingerprint-quality.h"
#include "biometric/nfiq2-measures.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#define SIDE 500
#define ROUNDS 40
#define TARGET_MS 20.0

/* Of the processor, so that what else runs on the machine does not count. */
static double milliseconds (void) {
  struct rusage usage;

  getrusage (RUSAGE_SELF, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e3
         + (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e3;
}

/* Ridges all over, with minutiae where their phase turns, and the noise of a sensor. */
static TamboImage *print_new (void) {
  g_autoptr (GRand) rand = g_rand_new_with_seed (6);
  TamboImage *image = tambo_image_new (SIDE, SIDE, 1);
  double minutiae[60][2];

  for (guint i = 0; i < G_N_ELEMENTS (minutiae); i++)
    for (int j = 0; j < 2; j++)
      minutiae[i][j] = g_rand_double_range (rand, 20, SIDE - 20);
  for (int y = 0; y < SIDE; y++)
    for (int x = 0; x < SIDE; x++) {
      double phase = 0.7 * hypot (x - SIDE / 2, 0.8 * (y - 560));
      for (guint i = 0; i < G_N_ELEMENTS (minutiae); i++)
        phase += (i % 2 == 0 ? 1 : -1) * atan2 (y - minutiae[i][1], x - minutiae[i][0]);
      double level = 130 + 90 * sin (phase) + g_rand_double_range (rand, -20, 20);
      image->data[y * SIDE + x] = (guint8) CLAMP (level, 0, 255);
    }
  image->ppi = 500;
  return image;
}

static int compare_doubles (const void *a, const void *b) {
  double x = *(const double *) a, y = *(const double *) b;
  return (x > y) - (x < y);
}

static double median_of (const TamboImage *image, void (*measure) (const TamboImage *image)) {
  double times[ROUNDS];

  measure (image);
  for (int i = 0; i < ROUNDS; i++) {
    double start = milliseconds ();
    measure (image);
    times[i] = milliseconds () - start;
  }
  qsort (times, ROUNDS, sizeof *times, compare_doubles);
  return times[ROUNDS / 2];
}

static void measure_nfiq2 (const TamboImage *image) {
  TamboNfiq2Measures measures;

  if (!tambo_nfiq2_measure (image, &measures) || !measures.scorable)
    g_error ("the print is none");
}

static void measure_index (const TamboImage *image) {
  TamboFingerprintQuality quality;

  tambo_fingerprint_quality (image, &quality);
  if (!tambo_fingerprint_has_ridges (&quality))
    g_error ("the print is none");
}

int main (void) {
  g_autoptr (TamboImage) image = print_new ();
  double nfiq2 = median_of (image, measure_nfiq2);

  printf ("69 measures: %.1f ms, %.2f of the target of %.0f ms\n", nfiq2, nfiq2 / TARGET_MS,
          TARGET_MS);
  printf ("local quality index: %.1f ms\n", median_of (image, measure_index));
  return nfiq2 <= TARGET_MS ? 0 : 1;
}
