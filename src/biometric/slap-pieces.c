/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/slap-private.h"

#include <math.h>

#define SIGMA 3.0f /* cells, for the directions of the ridges */
#define CERTAINTY_MIN 0.25f
#define DEVIATION_MIN 12.0f /* grey levels */
#define ALONG 4.0f          /* pixels that the filter reaches along a ridge */
#define REGULARITY_MIN 0.38f
#define REGULARITY_SIGMA 2.0f /* cells */
#define CLOSING 3             /* cells */
#define OPENING 6
#define PIECE_MIN 450       /* cells: 58 square millimetres */
#define WIDTH_MAX 110.0f    /* cells: 22 mm, more than a flat finger or thumb */
#define ELONGATION_MIN 1.12 /* below which pieces have no direction */
#define EDGE_SHARE 0.02f    /* of a piece's cells that its extent leaves out at each side */

static void piece_free (gpointer data) {
  TamboSlapPiece *piece = data;

  g_array_unref (piece->cells);
  g_free (piece);
}

static TamboSlapPiece *piece_new (void) {
  TamboSlapPiece *piece = g_new0 (TamboSlapPiece, 1);

  piece->cells = g_array_new (FALSE, FALSE, sizeof (TamboSlapCell));
  return piece;
}

/* ---- ridges ---- */

/* How much of CELL's contrast is left when it is filtered along and across its ridges: 0 to about 1. */
static float measure_regularity (const TamboRidgeField *field, int column, int row) {
  float sum = 0;

  for (int y = row * TAMBO_RIDGE_CELL; y < (row + 1) * TAMBO_RIDGE_CELL; y++) {
    const float *at = field->ridges + tambo_ridge_at (field, column * TAMBO_RIDGE_CELL, y);
    for (int x = 0; x < TAMBO_RIDGE_CELL; x++)
      sum += fabsf (at[x]);
  }
  return sum / (TAMBO_RIDGE_CELL * TAMBO_RIDGE_CELL);
}

static float *measure_regularities (TamboRidgeField *field) {
  float *regularity = g_new (float, (gsize) field->columns *(gsize) field->rows);

  for (int row = 0; row < field->rows; row++)
    for (int column = 0; column < field->columns; column++)
      regularity[row * field->columns + column] = measure_regularity (field, column, row);
  tambo_ridge_smooth (field, regularity, REGULARITY_SIGMA);
  return regularity;
}

/* 1 where ridges are: parallel lines at a finger's distance. Script, print and dirt are not. */
static guint8 *mark_ridges (TamboRidgeField *field) {
  int cells = field->columns * field->rows;
  guint8 *mask = g_new0 (guint8, (gsize) cells);

  tambo_orientation_estimate (field, field->even, SIGMA);
  for (int i = 0; i < cells; i++)
    field->finger[i] = field->deviation[i] >= DEVIATION_MIN
                       && hypotf (field->cosine[i], field->sine[i]) >= CERTAINTY_MIN;
  tambo_ridge_frequency_estimate (field, field->even);
  tambo_ridge_filter (field, ALONG);
  g_autofree float *regularity = measure_regularities (field);
  for (int i = 0; i < cells; i++)
    mask[i] = field->finger[i] && regularity[i] >= REGULARITY_MIN;
  tambo_ridge_spread (field, mask, 1, CLOSING);
  tambo_ridge_spread (field, mask, 0, CLOSING + OPENING);
  tambo_ridge_spread (field, mask, 1, OPENING);
  return mask;
}

/* Takes the piece at START out of MASK. */
static TamboSlapPiece *take_piece (const TamboRidgeField *field, guint8 *mask, int start,
                                   int *stack) {
  TamboSlapPiece *piece = piece_new ();
  int depth = 0;

  mask[start] = 0;
  stack[depth++] = start;
  while (depth > 0) {
    int at = stack[--depth], column = at % field->columns, row = at / field->columns;
    const int next[4] = { column > 0 ? at - 1 : at, column + 1 < field->columns ? at + 1 : at,
                          row > 0 ? at - field->columns : at,
                          row + 1 < field->rows ? at + field->columns : at };
    TamboSlapCell cell = { (float) column, (float) row };
    g_array_append_val (piece->cells, cell);
    for (int k = 0; k < 4; k++)
      if (mask[next[k]]) {
        mask[next[k]] = 0;
        stack[depth++] = next[k];
      }
  }
  return piece;
}

GPtrArray *tambo_slap_pieces_new (const TamboImage *image) {
  GPtrArray *pieces = g_ptr_array_new_with_free_func (piece_free);
  g_autoptr (TamboRidgeField) field = tambo_ridge_field_new (image);

  if (field == NULL)
    return pieces;
  int cells = field->columns * field->rows;
  g_autofree guint8 *mask = mark_ridges (field);
  g_autofree int *stack = g_new (int, (gsize) cells);
  for (int i = 0; i < cells; i++) {
    if (!mask[i])
      continue;
    TamboSlapPiece *piece = take_piece (field, mask, i, stack);
    if (piece->cells->len >= PIECE_MIN)
      g_ptr_array_add (pieces, piece);
    else
      piece_free (piece);
  }
  return pieces;
}

/* ---- extents ---- */

static int compare_floats (gconstpointer a, gconstpointer b) {
  float x = *(const float *) a, y = *(const float *) b;
  return (x > y) - (x < y);
}

/* The values between which all but the edge's share lie. */
static void find_range (GArray *values, float *out_low, float *out_high) {
  guint edge = (guint) (EDGE_SHARE * (float) values->len);

  g_array_sort (values, compare_floats);
  *out_low = g_array_index (values, float, edge);
  *out_high = g_array_index (values, float, values->len - 1 - edge);
}

TamboSlapExtent tambo_slap_extent (const TamboSlapPiece *piece, float angle) {
  g_autoptr (GArray) across = g_array_new (FALSE, FALSE, sizeof (float));
  g_autoptr (GArray) along = g_array_new (FALSE, FALSE, sizeof (float));
  float cosine = cosf (angle), sine = sinf (angle);
  TamboSlapExtent extent;

  for (guint i = 0; i < piece->cells->len; i++) {
    TamboSlapCell cell = g_array_index (piece->cells, TamboSlapCell, i);
    float u = tambo_slap_u (cell, cosine, sine), v = tambo_slap_v (cell, cosine, sine);
    g_array_append_val (across, u);
    g_array_append_val (along, v);
  }
  find_range (across, &extent.left, &extent.right);
  find_range (along, &extent.top, &extent.bottom);
  return extent;
}

/* Cells in each column of the turned picture, from *OUT_FIRST on. */
static GArray *count_columns (const TamboSlapPiece *const *pieces, guint count, float angle,
                              int *out_first) {
  float cosine = cosf (angle), sine = sinf (angle);
  int first = G_MAXINT, last = G_MININT;

  for (guint i = 0; i < count; i++)
    for (guint k = 0; k < pieces[i]->cells->len; k++) {
      TamboSlapCell cell = g_array_index (pieces[i]->cells, TamboSlapCell, k);
      int u = (int) floorf (tambo_slap_u (cell, cosine, sine));
      first = MIN (first, u);
      last = MAX (last, u);
    }
  GArray *columns = g_array_new (FALSE, TRUE, sizeof (guint));
  if (first > last)
    return columns;
  g_array_set_size (columns, (guint) (last - first + 1));
  for (guint i = 0; i < count; i++)
    for (guint k = 0; k < pieces[i]->cells->len; k++) {
      TamboSlapCell cell = g_array_index (pieces[i]->cells, TamboSlapCell, k);
      int u = (int) floorf (tambo_slap_u (cell, cosine, sine));
      g_array_index (columns, guint, u - first)++;
    }
  *out_first = first;
  return columns;
}

/* Sums of a piece around its own centre. */
typedef struct {
  double xx, xy, yy;
} Moments;

static void add_moments (const TamboSlapPiece *piece, Moments *moments) {
  double n = piece->cells->len, x = 0, y = 0, xx = 0, xy = 0, yy = 0;

  for (guint i = 0; i < piece->cells->len; i++) {
    TamboSlapCell cell = g_array_index (piece->cells, TamboSlapCell, i);
    x += cell.x;
    y += cell.y;
    xx += (double) cell.x * cell.x;
    xy += (double) cell.x * cell.y;
    yy += (double) cell.y * cell.y;
  }
  moments->xx += xx - x * x / n;
  moments->xy += xy - x * y / n;
  moments->yy += yy - y * y / n;
}

float tambo_slap_find_lean (const TamboSlapPiece *const *pieces, guint count, float otherwise) {
  Moments sum = { 0 };

  for (guint i = 0; i < count; i++)
    add_moments (pieces[i], &sum);
  double half = hypot ((sum.yy - sum.xx) / 2, sum.xy), mean = (sum.xx + sum.yy) / 2;
  if (mean - half <= 0 || sqrt ((mean + half) / (mean - half)) < ELONGATION_MIN)
    return otherwise;
  return (float) (0.5 * atan2 (-2 * sum.xy, sum.yy - sum.xx));
}

/* ---- fingers that touch ---- */

/* Where the columns of PIECE are lowest, away from its sides. */
static float find_valley (const TamboSlapPiece *piece, float angle) {
  int first = 0;
  g_autoptr (GArray) columns = count_columns (&piece, 1, angle, &first);
  guint margin = columns->len / 4, best = columns->len / 2;

  for (guint i = margin; i + margin < columns->len; i++)
    if (g_array_index (columns, guint, i) < g_array_index (columns, guint, best))
      best = i;
  return (float) (first + (int) best);
}

static TamboSlapPiece *cut_piece (TamboSlapPiece *piece, float angle, float at) {
  TamboSlapPiece *right = piece_new ();
  float cosine = cosf (angle), sine = sinf (angle);
  guint kept = 0;

  for (guint i = 0; i < piece->cells->len; i++) {
    TamboSlapCell cell = g_array_index (piece->cells, TamboSlapCell, i);
    if (tambo_slap_u (cell, cosine, sine) >= at)
      g_array_append_val (right->cells, cell);
    else
      g_array_index (piece->cells, TamboSlapCell, kept++) = cell;
  }
  g_array_set_size (piece->cells, kept);
  return right;
}

void tambo_slap_pieces_split (GPtrArray *pieces, float angle) {
  for (guint i = 0; i < pieces->len;) {
    TamboSlapPiece *piece = g_ptr_array_index (pieces, i);
    TamboSlapExtent extent = tambo_slap_extent (piece, angle);
    if (extent.right - extent.left > WIDTH_MAX)
      g_ptr_array_add (pieces, cut_piece (piece, angle, find_valley (piece, angle)));
    if (piece->cells->len < PIECE_MIN)
      g_ptr_array_remove_index (pieces, i);
    else if (extent.right - extent.left <= WIDTH_MAX)
      i++;
  }
}
