/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The steps of slap segmentation. Lengths are in cells of TAMBO_RIDGE_CELL pixels.
 */
#pragma once

#include "biometric/ridge-field.h"
#include "biometric/slap.h"

/* A connected part of the ridges: a phalanx, or several that touch. */
typedef struct {
  GArray *cells; /* of TamboSlapCell, owned */
} TamboSlapPiece;

typedef struct {
  float x, y;
} TamboSlapCell;

/* Extent along the axes that are turned by ANGLE: u across the fingers, v from the tip down. */
typedef struct {
  float left, right, top, bottom;
} TamboSlapExtent;

/* Of IMAGE in grey: TamboSlapPiece each, the small ones left out. */
GPtrArray *tambo_slap_pieces_new (const TamboImage *image);
/* Cuts pieces in which fingers lie side by side. */
void tambo_slap_pieces_split (GPtrArray *pieces, float angle);
/* The direction of the longer axis that the pieces share, each around its own centre: radians to the right
 * of upright. OTHERWISE when they are as wide as long. */
float tambo_slap_find_lean (const TamboSlapPiece *const *pieces, guint count, float otherwise);

static inline float tambo_slap_u (TamboSlapCell cell, float cosine, float sine) {
  return cell.x * cosine + cell.y * sine;
}

static inline float tambo_slap_v (TamboSlapCell cell, float cosine, float sine) {
  return cell.y * cosine - cell.x * sine;
}

TamboSlapExtent tambo_slap_extent (const TamboSlapPiece *piece, float angle);
