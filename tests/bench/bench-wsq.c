/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Speed of the WSQ codec on one core, in megapixels a second of processor time, and beside it that of
 * NBIS' cwsq and dwsq when they are on PATH (with their start and files, which a large image makes small).
 */
#include "format/wsq.h"

#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#define WIDTH 1600
#define HEIGHT 1500
#define ROUNDS 10
#define TARGET 3.0 /* times as fast as the peer */

/* Of the processor, so that what else runs on the machine does not count. */
static double seconds (int who) {
  struct rusage usage;

  getrusage (who, &usage);
  return (double) (usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
         + (double) (usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* Four fingers of a slap: ridges in ovals, white between them, noise of a sensor. */
static TamboImage *slap_new (void) {
  TamboImage *image = tambo_image_new (WIDTH, HEIGHT, 1);
  g_autoptr (GRand) rand = g_rand_new_with_seed (3);
  guint8 *out = image->data;

  for (int y = 0; y < HEIGHT; y++)
    for (int x = 0; x < WIDTH; x++) {
      double u = x % 400 - 200, v = y - 700;
      double ridges = sin (0.7 * hypot (u, 1.3 * v - 200) + 0.3 * sin (0.02 * v));
      double value = hypot (u / 180, v / 600) < 1 ? 130 + 90 * ridges : 245;
      value += g_rand_double_range (rand, -9, 9);
      *out++ = (guint8) CLAMP (value, 0, 255);
    }
  image->ppi = 500;
  return image;
}

/* ---- ours ---- */

static double time_encoding (const TamboImage *image, double rate, GBytes **out_wsq) {
  double best = G_MAXDOUBLE;

  for (int i = 0; i < ROUNDS; i++) {
    double start = seconds (RUSAGE_SELF);
    g_autoptr (GBytes) wsq = tambo_wsq_encode (image, rate, NULL);
    best = MIN (best, seconds (RUSAGE_SELF) - start);
    g_assert_nonnull (wsq);
    if (i == 0)
      *out_wsq = g_bytes_ref (wsq);
  }
  return best;
}

static double time_decoding (GBytes *wsq) {
  double best = G_MAXDOUBLE;

  for (int i = 0; i < ROUNDS; i++) {
    double start = seconds (RUSAGE_SELF);
    g_autoptr (TamboImage) image = tambo_wsq_decode (wsq, NULL);
    best = MIN (best, seconds (RUSAGE_SELF) - start);
    g_assert_nonnull (image);
  }
  return best;
}

/* ---- the peer ---- */

/* The best of ROUNDS runs; 0 when it fails or is not there. */
static double time_program (const char *folder, const char *const *argv) {
  double best = G_MAXDOUBLE;

  for (int i = 0; i < ROUNDS; i++) {
    int status = 1;
    double start = seconds (RUSAGE_CHILDREN);
    if (!g_spawn_sync (folder, (char **) argv, NULL,
                       G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL
                           | G_SPAWN_STDERR_TO_DEV_NULL,
                       NULL, NULL, NULL, NULL, &status, NULL)
        || status != 0)
      return 0;
    best = MIN (best, seconds (RUSAGE_CHILDREN) - start);
  }
  return best;
}

static void time_peer (const TamboImage *image, double rate, double *out_encode,
                       double *out_decode) {
  g_autofree char *folder = g_dir_make_tmp ("bench-wsq-XXXXXX", NULL);
  g_autofree char *raw = g_build_filename (folder, "slap.raw", NULL);
  g_autofree char *wsq = g_build_filename (folder, "slap.wsq", NULL);
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd (number, sizeof number, "%.2f", rate);
  g_autofree char *shape = g_strdup_printf ("%d,%d,8,500", WIDTH, HEIGHT);
  const char *const cwsq[] = { "cwsq", number, "wsq", "slap.raw", "-raw_in", shape, NULL };
  const char *const dwsq[] = { "dwsq", "raw", "slap.wsq", "-raw_out", NULL };

  *out_encode = *out_decode = 0;
  if (g_file_set_contents (raw, (const char *) image->data, (gssize) tambo_image_size (image),
                           NULL))
    *out_encode = time_program (folder, cwsq);
  if (*out_encode > 0)
    *out_decode = time_program (folder, dwsq);
  g_unlink (raw);
  g_unlink (wsq);
  g_autofree char *comment = g_build_filename (folder, "slap.ncm", NULL);
  g_unlink (comment);
  g_rmdir (folder);
}

static gboolean print_line (const char *what, double rate, double ours, double peers) {
  double megapixels = WIDTH * HEIGHT / 1e6;

  printf ("%s at %.2f: %.1f MB/s", what, rate, megapixels / ours);
  if (peers > 0)
    printf (", NBIS %.1f MB/s: %.1f times as fast (target %.0f)", megapixels / peers, peers / ours,
            TARGET);
  printf ("\n");
  return peers == 0 || peers / ours >= TARGET;
}

int main (void) {
  static const double rates[] = { TAMBO_WSQ_RATE, TAMBO_WSQ_RATE_FINE };
  g_autoptr (TamboImage) image = slap_new ();
  gboolean reached = TRUE, compared = FALSE;

  for (guint i = 0; i < G_N_ELEMENTS (rates); i++) {
    g_autoptr (GBytes) wsq = NULL;
    double peer_encode, peer_decode;
    double encode = time_encoding (image, rates[i], &wsq);
    double decode = time_decoding (wsq);
    time_peer (image, rates[i], &peer_encode, &peer_decode);
    compared = compared || peer_encode > 0;
    reached = print_line ("encode", rates[i], encode, peer_encode) && reached;
    reached = print_line ("decode", rates[i], decode, peer_decode) && reached;
  }
  if (!compared)
    printf ("cwsq and dwsq are not on PATH: not compared\n");
  return reached ? 0 : 1;
}
