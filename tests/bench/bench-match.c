/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Accuracy and speed of the fingerprint matcher over all pairs of FVC's sets B (280 of one finger and
 * 2,880 of two, for each database), as beside the targets: equal error rate, false non-matches where
 * one in 1,000 false matches is let through, and the score that lets through one in so many.
 */
#include "biometric/fingerprint-compare.h"

#include "biometric/minutiae.h"
#include "format/image-codec.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define FINGERS 10
#define IMPRESSIONS 8
#define COUNT (FINGERS * IMPRESSIONS)
#define SKIPPED 77

typedef struct {
  const char *name;
  double eer_max, fnmr_max; /* per cent, the targets */
} Database;

static const Database databases[] = {
  { "fvc2002_DB1_B", 1.5, 4 },
  { "fvc2004_DB2_B", 8, 20 },
};

typedef struct {
  TamboFingerprint *fingers[COUNT];
  GArray *genuine, *impostor;    /* of int: scores, ascending */
  double extraction, comparison; /* seconds each */
} Run;

/* Of this core: other programs of the machine do not count. */
static double seconds (void) {
  struct timespec now;
  clock_gettime (CLOCK_THREAD_CPUTIME_ID, &now);
  return (double) now.tv_sec + (double) now.tv_nsec * 1e-9;
}

static gboolean load (Run *run, const char *name) {
  const char *root = g_getenv ("TAMBO_TEST_DATA");

  for (int i = 0; i < COUNT; i++) {
    g_autofree char *file =
        g_strdup_printf ("%d_%d.png", 101 + i / IMPRESSIONS, 1 + i % IMPRESSIONS);
    g_autofree char *path =
        g_build_filename (root != NULL ? root : "../shared/data", "fingers", name, file, NULL);
    char *contents;
    gsize size;
    if (!g_file_get_contents (path, &contents, &size, NULL))
      return FALSE;
    g_autoptr (GBytes) bytes = g_bytes_new_take (contents, size);
    g_autoptr (TamboImage) image = tambo_image_decode (bytes, NULL);
    if (image == NULL)
      return FALSE;
    double start = seconds ();
    g_autoptr (TamboMinutiaeRecord) record = tambo_minutiae_extract (image);
    run->extraction += (seconds () - start) / COUNT;
    g_autoptr (GBytes) template = record != NULL ? tambo_minutiae_record_encode (record) : NULL;
    run->fingers[i] = template != NULL ? tambo_fingerprint_from_record (template, NULL) : NULL;
    if (run->fingers[i] == NULL)
      g_error ("no minutiae in %s", path);
  }
  return TRUE;
}

static int compare_ints (gconstpointer a, gconstpointer b) {
  return *(const int *) a - *(const int *) b;
}

static void compare_all (Run *run) {
  double start = seconds ();

  for (int i = 0; i < COUNT; i++) {
    for (int j = i + 1; j < COUNT; j++) {
      int score = tambo_fingerprint_compare (run->fingers[i], run->fingers[j]);
      g_array_append_val (i / IMPRESSIONS == j / IMPRESSIONS ? run->genuine : run->impostor, score);
    }
  }
  run->comparison = (seconds () - start) / (COUNT * (COUNT - 1) / 2);
  g_array_sort (run->genuine, compare_ints);
  g_array_sort (run->impostor, compare_ints);
}

/* How many reach SCORE. */
static guint count_from (const GArray *scores, int score) {
  guint low = 0, high = scores->len;
  while (low < high) {
    guint middle = (low + high) / 2;
    if (g_array_index (scores, int, middle) < score)
      low = middle + 1;
    else
      high = middle;
  }
  return scores->len - low;
}

static double share_from (const GArray *scores, int score) {
  return (double) count_from (scores, score) / scores->len;
}

static double equal_error_rate (const Run *run) {
  double best = 1, rate = 1;
  for (int score = 0; score <= TAMBO_MATCH_SCORE_MAX; score++) {
    double missed = 1 - share_from (run->genuine, score);
    double matched = share_from (run->impostor, score);
    if (fabs (missed - matched) < best) {
      best = fabs (missed - matched);
      rate = (missed + matched) / 2;
    }
  }
  return rate;
}

/* The lowest score that at most RATE of the impostors reach. */
static int score_at (const GArray *impostor, double rate) {
  int score = 0;
  while (score <= TAMBO_MATCH_SCORE_MAX && share_from (impostor, score) > rate)
    score++;
  return score;
}

static void run_clear (Run *run) {
  for (int i = 0; i < COUNT; i++)
    g_clear_pointer (&run->fingers[i], tambo_fingerprint_free);
  g_array_unref (run->genuine);
  g_array_unref (run->impostor);
}

/* FALSE without data. */
static gboolean bench (const Database *database, GArray *all_impostors, gboolean *out_reached) {
  Run run = { .genuine = g_array_new (FALSE, FALSE, sizeof (int)),
              .impostor = g_array_new (FALSE, FALSE, sizeof (int)) };
  if (!load (&run, database->name)) {
    run_clear (&run);
    return FALSE;
  }
  compare_all (&run);

  double eer = 100 * equal_error_rate (&run);
  int threshold = score_at (run.impostor, 0.001);
  double fnmr = 100 * (1 - share_from (run.genuine, threshold));
  printf ("%s: %u genuine, %u impostor pairs\n", database->name, run.genuine->len,
          run.impostor->len);
  printf ("  EER %.2f %% (target %.1f)\n", eer, database->eer_max);
  printf ("  FNMR at FMR 0.1 %%: %.2f %% (target %.0f), from score %d\n", fnmr, database->fnmr_max,
          threshold);
  printf ("  at the threshold %d: FMR %.3f %%, FNMR %.2f %%\n", TAMBO_MATCH_THRESHOLD,
          100 * share_from (run.impostor, TAMBO_MATCH_THRESHOLD),
          100 * (1 - share_from (run.genuine, TAMBO_MATCH_THRESHOLD)));
  printf ("  extraction %.2f ms (target 15), %.0f comparisons a second (target 20,000)\n",
          run.extraction * 1e3, 1 / run.comparison);
  g_array_append_vals (all_impostors, run.impostor->data, run.impostor->len);
  *out_reached = *out_reached && eer <= database->eer_max && fnmr <= database->fnmr_max;
  run_clear (&run);
  return TRUE;
}

int main (void) {
  static const double rates[] = { 0.1, 0.03, 0.01, 0.003, 0.001, 0.0004 };
  g_autoptr (GArray) impostors = g_array_new (FALSE, FALSE, sizeof (int));
  gboolean reached = TRUE;

  for (guint i = 0; i < G_N_ELEMENTS (databases); i++)
    if (!bench (&databases[i], impostors, &reached))
      printf ("%s: skipped: no data\n", databases[i].name);
  if (impostors->len == 0)
    return SKIPPED;

  g_array_sort (impostors, compare_ints);
  printf ("false match rate, over %u pairs of different fingers:\n", impostors->len);
  for (guint i = 0; i < G_N_ELEMENTS (rates); i++) {
    int score = score_at (impostors, rates[i]);
    printf ("  %7.3f %%  from score %d (stated there: %.3f %%)\n", 100 * rates[i], score,
            100 * tambo_match_false_match_rate (score));
  }
  return reached ? 0 : 1;
}
