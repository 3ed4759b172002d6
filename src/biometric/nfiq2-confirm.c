/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/nfiq2-private.h"

#include <stdlib.h>
#include <string.h>

#define TAPS 17
#define REACH (TAPS / 2)
#define PLACES 3 /* each way, where the filters are laid: the place itself and its neighbours */
#define PATCH (TAPS + PLACES - 1)
#define SCALES 5
#define CERTAIN 80    /* the least that counts */
#define RIVAL_MAX 102 /* of 256: the answer to the opposite shape, by the answer */

/* Fork and ending differ in the sum and the difference of two answers, each of a filter down the patch and
 * one of five widths across it. From the middle out. */
typedef struct {
  int down[REACH + 1];
  gboolean down_even;
  int across[SCALES][REACH + 1];
} Filter;

static const Filter filters[2] = {
  {
      .down = { 50, 48, 41, 32, 23, 14, 8, 4, 2 },
      .down_even = TRUE,
      .across = {
          { 0, 55, -53, -61, 74, 3, -28, 7, 3 },
          { 0, 42, 0, -83, 3, 63, -1, -25, 1 },
          { 0, 29, 25, -50, -58, 22, 51, 5, -24 },
          { -2, 16, 28, -14, -60, -41, 18, 41, 13 },
          { 0, 13, 28, 13, -27, -50, -29, 14, 38 },
      },
  },
  {
      .down = { 0, 48, 82, 96, 90, 72, 50, 30, 16 },
      .down_even = FALSE,
      .across = {
          { 52, -14, -32, 22, 6, -9, 1, 1, 0 },
          { 44, 0, -36, 1, 19, 0, -7, 0, 2 },
          { 37, 9, -28, -18, 12, 14, -1, -6, -1 },
          { 31, 13, -17, -24, -5, 13, 11, 0, -5 },
          { 26, 15, -7, -21, -16, 0, 11, 10, 3 },
      },
  },
};

/* The phase at a point in 128ths of a pixel, between its four neighbours. */
static guint8 sample (const TamboNfiq2Plane *plane, int x, int y) {
  const int one = 128;
  int left = x >> 7, top = y >> 7, u = x & (one - 1), v = y & (one - 1);

  if (left < 0 || top < 0 || left >= plane->width || top >= plane->height)
    return TAMBO_NFIQ2_PHASE_NONE;
  const guint8 *at = plane->pixels + top * plane->width + left, *below = at + plane->width;
  int sum = (at[0] * (one - u) + at[1] * u) * (one - v) + (below[0] * (one - u) + below[1] * u) * v;
  return (guint8) tambo_nfiq2_shift (sum, 14);
}

/* The patch around a point, its rows along the angle. */
static void read_patch (const TamboNfiq2Plane *plane, int x, int y, guint8 angle,
                        guint8 out_patch[PATCH][PATCH]) {
  int cosine = tambo_nfiq2_cosine (angle), sine = tambo_nfiq2_sine (angle);
  int left = x * 128 - PATCH / 2 * (cosine - sine), top = y * 128 - PATCH / 2 * (sine + cosine);

  for (int row = 0; row < PATCH; row++)
    for (int column = 0; column < PATCH; column++)
      out_patch[row][column] =
          sample (plane, left + column * cosine - row * sine, top + column * sine + row * cosine);
}

/* The answers of one filter at all places and scales. */
static void answer (const Filter *filter, const guint8 patch[PATCH][PATCH],
                    int out_answers[PLACES * PLACES][SCALES]) {
  int sign = filter->down_even ? 1 : -1;

  for (int row = 0; row < PLACES; row++) {
    int sums[PATCH];
    for (int x = 0; x < PATCH; x++)
      sums[x] = patch[row + REACH][x] * filter->down[0];
    for (int i = 1; i <= REACH; i++)
      for (int x = 0; x < PATCH; x++)
        sums[x] += (patch[row + REACH + i][x] + sign * patch[row + REACH - i][x]) * filter->down[i];
    for (int column = 0; column < PLACES; column++)
      for (int scale = 0; scale < SCALES; scale++) {
        const int *taps = filter->across[scale], *at = sums + column + REACH;
        int sum = at[0] * taps[0];
        for (int i = 1; i <= REACH; i++)
          sum += (at[i] + at[-i]) * taps[i];
        out_answers[row * PLACES + column][scale] = sum;
      }
  }
}

int tambo_nfiq2_confirm (const TamboNfiq2Plane *plane, int x, int y, guint8 angle) {
  guint8 patch[PATCH][PATCH];
  int even[PLACES * PLACES][SCALES], odd[PLACES * PLACES][SCALES];
  int best = 0, rival = 0;

  read_patch (plane, x, y, angle, patch);
  answer (&filters[0], patch, even);
  answer (&filters[1], patch, odd);
  /* Later answers, of a row further down, count a little less. */
  for (int i = 0; i < PLACES * PLACES * SCALES; i++) {
    int a = even[i / SCALES][i % SCALES], b = odd[i / SCALES][i % SCALES];
    int weight = 16 - i / (PLACES * PLACES);
    int sum = tambo_nfiq2_shift (abs (a + b) * weight, 4);
    int difference = tambo_nfiq2_shift (abs (a - b) * weight, 4);
    if (MAX (sum, difference) > best) {
      best = MAX (sum, difference);
      rival = MIN (sum, difference);
    }
  }
  best = tambo_nfiq2_shift (best, TAPS);
  rival = tambo_nfiq2_shift (rival, TAPS);
  return best >= CERTAIN && best * RIVAL_MAX >= 256 * rival ? best : 0;
}
