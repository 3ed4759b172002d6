/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/slap.h"

#include <math.h>

#include "biometric/slap-private.h"

#define LENGTH_MAX 1.75f      /* widths of a finger that its last phalanx is long */
#define LENGTH_MIN 0.9f       /* before which no joint is looked for */
#define MARGIN 3.0f           /* cells around what was found */
#define LEAN_MAX 0.35f        /* radians that a finger leans away from the others */
#define HAND_LEAN_MAX 0.8f    /* radians that a hand is turned */
#define HAND_DIFFERENCE 0.35f /* widths that one outer fingertip is lower than the other */
#define WHITE 255

void tambo_slap_free (TamboSlap *slap) {
  if (slap == NULL)
    return;
  g_ptr_array_unref (slap->fingers);
  g_free (slap);
}

static void finger_free (gpointer data) {
  TamboSlapFinger *finger = data;

  tambo_image_free (finger->image);
  g_free (finger);
}

/* A fingertip, as it is found. */
typedef struct {
  TamboSlapPiece *piece; /* borrowed */
  TamboSlapExtent extent;
} Tip;

/* ---- which pieces are fingertips ---- */

static int compare_tops (gconstpointer a, gconstpointer b) {
  const Tip *x = a, *y = b;
  return (x->extent.top > y->extent.top) - (x->extent.top < y->extent.top);
}

static int compare_sizes (gconstpointer a, gconstpointer b) {
  const Tip *x = a, *y = b;
  return (x->piece->cells->len < y->piece->cells->len)
         - (x->piece->cells->len > y->piece->cells->len);
}

static int compare_places (gconstpointer a, gconstpointer b) {
  const Tip *x = a, *y = b;
  return (x->extent.left > y->extent.left) - (x->extent.left < y->extent.left);
}

/* EXTENT lies below a tip of TIPS: it is another phalanx of the same finger. */
static gboolean is_below (const GArray *tips, const TamboSlapExtent *extent) {
  for (guint i = 0; i < tips->len; i++) {
    const TamboSlapExtent *tip = &g_array_index (tips, Tip, i).extent;
    float shared = MIN (tip->right, extent->right) - MAX (tip->left, extent->left);
    if (shared > 0.4f * MIN (tip->right - tip->left, extent->right - extent->left))
      return TRUE;
  }
  return FALSE;
}

/* From the left to the right, the largest COUNT of them. */
static GArray *find_tips (GPtrArray *pieces, float angle, guint count) {
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (Tip));
  GArray *tips = g_array_new (FALSE, FALSE, sizeof (Tip));

  for (guint i = 0; i < pieces->len; i++) {
    Tip tip = { .piece = g_ptr_array_index (pieces, i) };
    tip.extent = tambo_slap_extent (tip.piece, angle);
    g_array_append_val (all, tip);
  }
  g_array_sort (all, compare_tops);
  for (guint i = 0; i < all->len; i++) {
    Tip *tip = &g_array_index (all, Tip, i);
    if (!is_below (tips, &tip->extent))
      g_array_append_val (tips, *tip);
  }
  g_array_sort (tips, compare_sizes);
  if (tips->len > count)
    g_array_set_size (tips, count);
  g_array_sort (tips, compare_places);
  return tips;
}

/* ---- where the phalanx ends ---- */

/* The narrowest row between the shortest and the longest that a phalanx may be; BOTTOM when the piece
 * ends before. */
static float find_joint (const Tip *tip, float angle) {
  float cosine = cosf (angle), sine = sinf (angle);
  float width = tip->extent.right - tip->extent.left;
  int from = (int) (LENGTH_MIN * width), to = (int) (LENGTH_MAX * width), best = to;

  if (tip->extent.bottom - tip->extent.top <= LENGTH_MAX * width || to <= from)
    return tip->extent.bottom;
  g_autofree int *rows = g_new0 (int, (gsize) to + 1);
  for (guint i = 0; i < tip->piece->cells->len; i++) {
    TamboSlapCell cell = g_array_index (tip->piece->cells, TamboSlapCell, i);
    int row = (int) floorf (tambo_slap_v (cell, cosine, sine) - tip->extent.top);
    if (row >= 0 && row <= to)
      rows[row]++;
  }
  for (int row = to; row >= from; row--)
    if (rows[row] < rows[best])
      best = row;
  return tip->extent.top + (float) best;
}

static void keep_above (TamboSlapPiece *piece, float angle, float bottom) {
  float cosine = cosf (angle), sine = sinf (angle);
  guint kept = 0;

  for (guint i = 0; i < piece->cells->len; i++) {
    TamboSlapCell cell = g_array_index (piece->cells, TamboSlapCell, i);
    if (tambo_slap_v (cell, cosine, sine) <= bottom)
      g_array_index (piece->cells, TamboSlapCell, kept++) = cell;
  }
  g_array_set_size (piece->cells, kept);
}

/* ---- cutting ---- */

static guint8 sample (const TamboImage *image, double x, double y) {
  int left = (int) floor (x), top = (int) floor (y);

  if (left < 0 || top < 0 || left + 1 >= image->width || top + 1 >= image->height)
    return WHITE;
  const guint8 *at = image->data + (gsize) top * (gsize) image->width + left;
  double right = x - left, down = y - top;
  double upper = at[0] * (1 - right) + at[1] * right;
  double lower = at[image->width] * (1 - right) + at[image->width + 1] * right;
  return (guint8) lround (upper * (1 - down) + lower * down);
}

static TamboImage *cut_upright (const TamboImage *image, const TamboSlapExtent *box, float angle) {
  int width = (int) ceilf ((box->right - box->left) * TAMBO_RIDGE_CELL);
  int height = (int) ceilf ((box->bottom - box->top) * TAMBO_RIDGE_CELL);
  TamboImage *cut = tambo_image_new (MAX (width, 1), MAX (height, 1), 1);
  double cosine = cos (angle), sine = sin (angle);

  if (cut == NULL)
    return NULL;
  cut->ppi = image->ppi;
  for (int y = 0; y < cut->height; y++)
    for (int x = 0; x < cut->width; x++) {
      double u = box->left * TAMBO_RIDGE_CELL + x, v = box->top * TAMBO_RIDGE_CELL + y;
      cut->data[(gsize) y * (gsize) cut->width + x] =
          sample (image, u * cosine - v * sine, u * sine + v * cosine);
    }
  return cut;
}

static TamboSlapFinger *cut_finger (const TamboImage *image, const Tip *tip, float angle) {
  TamboSlapFinger *finger = g_new0 (TamboSlapFinger, 1);

  keep_above (tip->piece, angle, find_joint (tip, angle));
  float lean = tambo_slap_find_lean ((const TamboSlapPiece *const *) &tip->piece, 1, angle);
  lean = CLAMP (lean, angle - LEAN_MAX, angle + LEAN_MAX);
  TamboSlapExtent box = tambo_slap_extent (tip->piece, lean);
  box.left -= MARGIN;
  box.top -= MARGIN;
  box.right += MARGIN + 1;
  box.bottom += MARGIN + 1;
  double u = (box.left + box.right) / 2 * TAMBO_RIDGE_CELL;
  double v = (box.top + box.bottom) / 2 * TAMBO_RIDGE_CELL;
  finger->x = u * cos (lean) - v * sin (lean);
  finger->y = u * sin (lean) + v * cos (lean);
  finger->width = (box.right - box.left) * TAMBO_RIDGE_CELL;
  finger->height = (box.bottom - box.top) * TAMBO_RIDGE_CELL;
  finger->angle = lean * 180 / G_PI;
  finger->image = cut_upright (image, &box, lean);
  return finger;
}

/* ---- hands and positions ---- */

/* The little finger ends lowest and is the smallest: where it is, is the hand's outer side. */
static TamboSlapPosition tell_hand (const GArray *tips) {
  if (tips->len != TAMBO_SLAP_FINGERS_MAX)
    return tips->len == 2 ? TAMBO_SLAP_THUMBS : TAMBO_SLAP_UNKNOWN;
  const TamboSlapExtent *first = &g_array_index (tips, Tip, 0).extent;
  const TamboSlapExtent *last = &g_array_index (tips, Tip, tips->len - 1).extent;
  float first_width = first->right - first->left, last_width = last->right - last->left;
  float lower = (first->top - last->top) / MAX ((first_width + last_width) / 2, 1);
  if (fabsf (lower) < HAND_DIFFERENCE)
    return TAMBO_SLAP_UNKNOWN;
  return lower > 0 ? TAMBO_SLAP_LEFT_FOUR : TAMBO_SLAP_RIGHT_FOUR;
}

/* The positions that have to be there, from left to right. */
static guint list_positions (TamboSlapPosition position, guint missing,
                             guint8 out_positions[TAMBO_SLAP_FINGERS_MAX]) {
  static const guint8 right[] = { 2, 3, 4, 5, 0 }, left[] = { 10, 9, 8, 7, 0 },
                      thumbs[] = { 6, 1, 0 }, none[] = { 0 };
  const guint8 *all = position == TAMBO_SLAP_RIGHT_FOUR  ? right
                      : position == TAMBO_SLAP_LEFT_FOUR ? left
                      : position == TAMBO_SLAP_THUMBS    ? thumbs
                                                         : none;
  guint count = 0;

  for (; *all != 0; all++)
    if (!(missing & 1u << *all))
      out_positions[count++] = *all;
  return count;
}

static float find_angle (GPtrArray *pieces) {
  float lean = tambo_slap_find_lean ((const TamboSlapPiece *const *) pieces->pdata, pieces->len, 0);

  return fabsf (lean) <= HAND_LEAN_MAX ? lean : 0;
}

TamboSlap *tambo_slap_segment (const TamboImage *image, TamboSlapPosition position, guint missing) {
  guint8 positions[TAMBO_SLAP_FINGERS_MAX];

  if ((gint64) image->width * image->height > TAMBO_SLAP_MAX_PIXELS)
    return NULL;
  g_autoptr (TamboImage) grey = tambo_image_to_grey (image);
  g_autoptr (GPtrArray) pieces = tambo_slap_pieces_new (grey);
  float angle = find_angle (pieces);
  tambo_slap_pieces_split (pieces, angle);

  guint expected = list_positions (position, missing, positions);
  g_autoptr (GArray) tips =
      find_tips (pieces, angle, expected > 0 ? expected : TAMBO_SLAP_FINGERS_MAX);
  TamboSlap *slap = g_new0 (TamboSlap, 1);
  slap->hand = tell_hand (tips);
  if (position == TAMBO_SLAP_UNKNOWN)
    expected = list_positions (slap->hand, missing, positions);
  slap->expected = expected;
  slap->fingers = g_ptr_array_new_with_free_func (finger_free);
  for (guint i = 0; i < tips->len; i++) {
    TamboSlapFinger *finger = cut_finger (grey, &g_array_index (tips, Tip, i), angle);
    finger->position = tips->len == expected ? positions[i] : 0;
    g_ptr_array_add (slap->fingers, finger);
  }
  return slap;
}

gboolean tambo_slap_is_complete (const TamboSlap *slap, TamboSlapPosition position) {
  return slap->expected > 0 && slap->fingers->len == slap->expected
         && (slap->hand == TAMBO_SLAP_UNKNOWN || position == TAMBO_SLAP_UNKNOWN
             || slap->hand == position || slap->expected != TAMBO_SLAP_FINGERS_MAX);
}
