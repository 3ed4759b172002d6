/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/nfiq2-private.h"

#include <string.h>

#define CELL TAMBO_NFIQ2_CELL
#define REACH 4 /* of the filters, pixels */
#define SPAN (2 * REACH)
#define EDGE (2 * REACH) /* rows without a phase, at the end */
#define FILTERS 7

/* A pair of filters can be steered to any direction (Freeman and Adelson): one for the even part of a
 * wave, whose second derivatives are three, and one for the odd part, of four. Each is a filter down
 * followed by one to the right, from the middle out. Those whose middle is 0 change sign there. */
enum { NONE, EVEN_A, EVEN_B, EVEN_C, ODD_A, ODD_B, ODD_C };
static const int taps[][REACH + 1] = {
  [EVEN_A] = { -112, -7, 48, 14, 1 }, [EVEN_B] = { 0, 71, 37, 6, 0 },
  [EVEN_C] = { 122, 78, 20, 2, 0 },   [ODD_A] = { 0, -92, -12, 8, 1 },
  [ODD_B] = { -90, -23, 21, 7, 1 },   [ODD_C] = { 0, 52, 27, 4, 0 },
};
static const struct {
  int down, right;
} filters[FILTERS] = {
  { EVEN_C, EVEN_A }, { EVEN_B, EVEN_B }, { EVEN_A, EVEN_C }, { EVEN_C, ODD_A },
  { ODD_C, ODD_B },   { ODD_B, ODD_C },   { ODD_A, EVEN_C },
};

/* A row of what the filters down say, behind the end of the row before. */
typedef struct {
  int width;
  int *down[FILTERS]; /* SPAN values before */
  int *answer[FILTERS];
} Rows;

static void rows_init (Rows *self, int width) {
  self->width = width;
  for (int i = 0; i < FILTERS; i++) {
    self->down[i] = g_new0 (int, (gsize) (width + SPAN));
    self->answer[i] = g_new (int, (gsize) width);
  }
}

static void rows_clear (Rows *self) {
  for (int i = 0; i < FILTERS; i++) {
    g_clear_pointer (&self->down[i], g_free);
    g_clear_pointer (&self->answer[i], g_free);
  }
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Rows, rows_clear)

TAMBO_NFIQ2_SIMD
static void filter_down (const guint8 *pixels, int width, const int *tap, int *restrict out) {
  int sign = tap[0] != 0 ? 1 : -1;

  for (int i = 0; i < width; i++) {
    const guint8 *at = pixels + i;
    out[i] = at[0] * tap[0] + (at[width] + sign * at[-width]) * tap[1]
             + (at[2 * width] + sign * at[-2 * width]) * tap[2]
             + (at[3 * width] + sign * at[-3 * width]) * tap[3]
             + (at[4 * width] + sign * at[-4 * width]) * tap[4];
  }
}

/* The middle of IN lies REACH before the value that is put out. */
TAMBO_NFIQ2_SIMD
static void filter_right (const int *in, int width, const int *tap, int *restrict out) {
  int sign = tap[0] != 0 ? 1 : -1;

  for (int i = 0; i < width; i++) {
    const int *at = in + i + REACH;
    out[i] = at[0] * tap[0] + (at[1] + sign * at[-1]) * tap[1] + (at[2] + sign * at[-2]) * tap[2]
             + (at[3] + sign * at[-3]) * tap[3] + (at[4] + sign * at[-4]) * tap[4];
  }
}

static void filter_row (Rows *self, const guint8 *pixels) {
  for (int i = 0; i < FILTERS; i++) {
    memmove (self->down[i], self->down[i] + self->width, SPAN * sizeof (int));
    filter_down (pixels, self->width, taps[filters[i].down], self->down[i] + SPAN);
    filter_right (self->down[i], self->width, taps[filters[i].right], self->answer[i]);
  }
}

/* How much each filter counts in the direction of a turn. */
static void steer (const TamboNfiq2Turn *turn, int out_shares[FILTERS]) {
  int x = turn->x, y = turn->y;
  int xx = tambo_nfiq2_shift (x * x, 7), yy = tambo_nfiq2_shift (y * y, 7);

  out_shares[0] = xx;
  out_shares[1] = tambo_nfiq2_shift (2 * x * y, 7);
  out_shares[2] = yy;
  out_shares[3] = tambo_nfiq2_shift (x * xx, 7);
  out_shares[4] = tambo_nfiq2_shift (3 * xx * y, 7);
  out_shares[5] = tambo_nfiq2_shift (3 * yy * x, 7);
  out_shares[6] = tambo_nfiq2_shift (y * yy, 7);
}

static guint8 phase_at (const Rows *rows, int column, const int shares[FILTERS]) {
  int even = 0, odd = 0;

  for (int i = 0; i < 3; i++)
    even = tambo_nfiq2_plus (even, tambo_nfiq2_times (shares[i], rows->answer[i][column]));
  for (int i = 3; i < FILTERS; i++)
    odd = tambo_nfiq2_plus (odd, tambo_nfiq2_times (shares[i], rows->answer[i][column]));
  even = tambo_nfiq2_shift (even, 11);
  odd = tambo_nfiq2_shift (odd, 11);
  return even != 0 ? (guint8) ((127 - tambo_nfiq2_turn (even, odd, 0).x) & 0xf0)
                   : TAMBO_NFIQ2_PHASE_NONE;
}

static void find_row (const Rows *rows, const TamboNfiq2Turn *turns, guint8 *restrict out) {
  for (int x = 0; x < rows->width; x += CELL) {
    const TamboNfiq2Turn *turn = &turns[x / CELL];
    int shares[FILTERS];
    if (turn->x == 0 && turn->y == 0) {
      memset (out + x, TAMBO_NFIQ2_PHASE_NONE, CELL);
      continue;
    }
    steer (turn, shares);
    for (int column = x; column < x + CELL; column++)
      out[column] = phase_at (rows, column, shares);
  }
}

/* A row goes where the filters for it and the rows below no longer look. */
void tambo_nfiq2_find_phase (TamboNfiq2Plane *plane, const TamboNfiq2Turn *turns) {
  int width = plane->width, columns = width / CELL;
  g_auto (Rows) rows;

  rows_init (&rows, width);
  for (int y = 0; y < plane->height - EDGE; y++) {
    guint8 *out = plane->pixels + y * width;
    filter_row (&rows, out + REACH * (width + 1));
    find_row (&rows, turns + (1 + y / CELL) * columns, out);
  }
  memset (plane->pixels + (plane->height - EDGE) * width, TAMBO_NFIQ2_PHASE_NONE,
          (gsize) (EDGE * width));
}
