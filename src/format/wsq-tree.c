/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/wsq-private.h"

#include <stdlib.h>
#include <sys/mman.h>

#define HUGE_PAGE (2 * 1024 * 1024)

/* The four parts of a box: left above, right above, left below, right below. The low half is the
 * longer one of an odd length. */
static void split_box (const TamboWsqNode *node, TamboWsqBox *out_parts) {
  const TamboWsqBox *box = &node->box;
  int left = node->inverted_x ? box->width / 2 : (box->width + 1) / 2;
  int top = node->inverted_y ? box->height / 2 : (box->height + 1) / 2;

  for (int part = 0; part < 4; part++)
    out_parts[part] = (TamboWsqBox){
      .x = part & 1 ? box->x + left : box->x,
      .y = part & 2 ? box->y + top : box->y,
      .width = part & 1 ? box->width - left : left,
      .height = part & 2 ? box->height - top : top,
      .level = box->level + 1,
    };
}

typedef struct {
  TamboWsqTree *tree;
  int count;
} Builder;

/* Splits PART of a node: a high half has its frequencies reversed, so that is split inverted. */
static void add_node (Builder *self, const TamboWsqBox *box, int part, TamboWsqBox *out_parts) {
  TamboWsqNode *node = &self->tree->nodes[self->count++];

  *node = (TamboWsqNode){ .box = *box, .inverted_x = part & 1, .inverted_y = part >> 1 };
  split_box (node, out_parts);
}

/* Splits BOX into four subbands from FIRST. */
static void add_four (Builder *self, const TamboWsqBox *box, int part, int first) {
  TamboWsqBox parts[4];

  add_node (self, box, part, parts);
  for (int i = 0; i < 4; i++)
    self->tree->subbands[first + i] = parts[i];
}

static void add_sixteen (Builder *self, const TamboWsqBox *box, int part, int first) {
  TamboWsqBox parts[4];

  add_node (self, box, part, parts);
  for (int i = 0; i < 4; i++)
    add_four (self, &parts[i], i, first + 4 * i);
}

void tambo_wsq_tree_init (TamboWsqTree *tree, int width, int height) {
  Builder builder = { .tree = tree };
  const TamboWsqBox whole = { .width = width, .height = height };
  TamboWsqBox halves[4], quarters[4], eighths[4], sixteenths[4];

  tree->width = width;
  tree->height = height;
  add_node (&builder, &whole, 0, halves);
  add_four (&builder, &halves[1], 1, 52);
  add_four (&builder, &halves[2], 2, 56);
  tree->uncoded = halves[3];

  add_node (&builder, &halves[0], 0, quarters);
  add_sixteen (&builder, &quarters[1], 1, 19);
  add_sixteen (&builder, &quarters[2], 2, 35);
  tree->subbands[51] = quarters[3];

  add_node (&builder, &quarters[0], 0, eighths);
  for (int i = 1; i < 4; i++)
    add_four (&builder, &eighths[i], i, 3 + 4 * i);

  add_node (&builder, &eighths[0], 0, sixteenths);
  add_four (&builder, &sixteenths[0], 0, 0);
  for (int i = 1; i < 4; i++)
    tree->subbands[3 + i] = sixteenths[i];
  g_assert (builder.count == TAMBO_WSQ_NODES);
}

int tambo_wsq_block_start (int block) {
  static const int starts[TAMBO_WSQ_BLOCKS + 1] = { 0, 19, 52, TAMBO_WSQ_SUBBANDS };

  return starts[block];
}

gpointer tambo_wsq_planes_new (gsize size) {
  gpointer planes;

  if (size < 2 * HUGE_PAGE)
    return malloc (size);
  if (posix_memalign (&planes, HUGE_PAGE, size) != 0)
    return NULL;
  /* The first touch of a page costs more than all that is done to its samples. */
  madvise (planes, size, MADV_HUGEPAGE);
  return planes;
}
