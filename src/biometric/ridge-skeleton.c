/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/ridge-field.h"

#include <string.h>

/* The neighbours of a pixel, clockwise from the right; bit k of a pattern is neighbour k. */
static void set_neighbours (int width, int offsets[8]) {
  const int around[8] = { 1, width + 1, width, width - 1, -1, -width - 1, -width, -width + 1 };
  memcpy (offsets, around, sizeof around);
}

static int read_pattern (const guint8 *at, const int offsets[8]) {
  int pattern = 0;
  for (int k = 0; k < 8; k++)
    pattern |= at[offsets[k]] << k;
  return pattern;
}

/* TRUE for each pattern whose middle may go: the ridges stay connected as they are (Yokoi's number
 * for eight neighbours is 1), and it is not the end of a line. */
static void make_table (guint8 table[256]) {
  for (int pattern = 0; pattern < 256; pattern++) {
    int number = 0, count = 0;
    for (int k = 0; k < 8; k++)
      count += pattern >> k & 1;
    for (int k = 0; k < 8; k += 2) {
      int a = !(pattern >> k & 1), b = !(pattern >> (k + 1) % 8 & 1);
      int c = !(pattern >> (k + 2) % 8 & 1);
      number += a - a * b * c;
    }
    table[pattern] = number == 1 && count >= 2;
  }
}

static guint8 *binarise (const TamboRidgeField *field) {
  int width = field->width + 2;
  guint8 *picture = g_new0 (guint8, (gsize) width * (gsize) (field->height + 2));

  for (int y = 0; y < field->height; y++) {
    const float *from = field->ridges + tambo_ridge_at (field, 0, y);
    const guint8 *finger = field->finger + (y / TAMBO_RIDGE_CELL) * field->columns;
    guint8 *to = picture + (gsize) (y + 1) * (gsize) width + 1;
    for (int x = 0; x < field->width; x++)
      to[x] = finger[x / TAMBO_RIDGE_CELL] && from[x] > 0;
  }
  return picture;
}

/* One layer off the side that FACE looks to. What was laid bare comes into EDGE. Returns how many
 * pixels went. */
static guint peel (guint8 *picture, const int offsets[8], int face, const guint8 table[256],
                   GArray *edge, GArray *peeled) {
  guint gone = 0, kept = 0;

  g_array_set_size (peeled, 0);
  for (guint i = 0; i < edge->len; i++) {
    int at = g_array_index (edge, int, i);
    if (picture[at] && !picture[at + offsets[face]])
      g_array_append_val (peeled, at);
    if (picture[at])
      g_array_index (edge, int, kept++) = at;
  }
  g_array_set_size (edge, kept);
  for (guint i = 0; i < peeled->len; i++) {
    int at = g_array_index (peeled, int, i);
    if (picture[at] && table[read_pattern (picture + at, offsets)]) {
      picture[at] = 0;
      gone++;
    } else {
      g_array_index (peeled, int, i) = 0;
    }
  }
  return gone;
}

/* Ridge pixels beside a place that was just freed join the edge; 2 marks those that are in it. */
static void extend_edge (const guint8 *picture, guint8 *listed, const int offsets[8],
                         const GArray *peeled, GArray *edge) {
  for (guint i = 0; i < peeled->len; i++) {
    int at = g_array_index (peeled, int, i);
    for (int k = 0; at != 0 && k < 8; k += 2) {
      int beside = at + offsets[k];
      if (picture[beside] && !listed[beside]) {
        listed[beside] = 1;
        g_array_append_val (edge, beside);
      }
    }
  }
}

guint8 *tambo_ridge_skeleton (const TamboRidgeField *field) {
  static const int faces[4] = { 2, 6, 0, 4 };
  int width = field->width + 2, offsets[8], idle = 0;
  gsize size = (gsize) width * (gsize) (field->height + 2);
  guint8 *picture = binarise (field), table[256];
  g_autofree guint8 *listed = g_new0 (guint8, size);
  g_autoptr (GArray) edge = g_array_new (FALSE, FALSE, sizeof (int));
  g_autoptr (GArray) peeled = g_array_new (FALSE, FALSE, sizeof (int));

  set_neighbours (width, offsets);
  make_table (table);
  for (int at = width; at < (int) size - width; at++) {
    if (picture[at]
        && !(picture[at + 1] && picture[at - 1] && picture[at + width] && picture[at - width])) {
      listed[at] = 1;
      g_array_append_val (edge, at);
    }
  }
  for (int turn = 0; idle < 4; turn++) {
    guint gone = peel (picture, offsets, faces[turn % 4], table, edge, peeled);
    idle = gone == 0 ? idle + 1 : 0;
    extend_edge (picture, listed, offsets, peeled, edge);
  }
  return picture;
}
