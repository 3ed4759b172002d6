/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The insides of a prepared template, and the steps of a comparison.
 */
#pragma once

#include "biometric/match.h"
#include "biometric/ridge-flow.h"

#define TAMBO_MATCH_MINUTIAE_MAX 112 /* the best ones; a whole print has 40 to 80 */
#define TAMBO_MATCH_SECTIONS 6       /* of direction in a cylinder */
#define TAMBO_MATCH_PAIRS_MAX 120    /* whose cylinders are most alike */
#define TAMBO_MATCH_GRID 64          /* cells either way */
#define TAMBO_MATCH_GRID_CELL 12.0f  /* pixels */
#define TAMBO_MATCH_BUCKETS 64

typedef struct {
  guint64 bits[TAMBO_MATCH_SECTIONS]; /* 8 x 8 places around the minutia, for each direction */
  guint64 mask;                       /* places that are on the print */
  int ones;                           /* bits that are set */
} TamboMatchCylinder;

struct _TamboMatchTemplate {
  int count;
  float x[TAMBO_MATCH_MINUTIAE_MAX], y[TAMBO_MATCH_MINUTIAE_MAX]; /* pixels at 500 ppi, y upwards */
  guint8 angle[TAMBO_MATCH_MINUTIAE_MAX];                         /* 256 a turn */
  guint8 quality[TAMBO_MATCH_MINUTIAE_MAX];                       /* 1..100 */
  guint8 type[TAMBO_MATCH_MINUTIAE_MAX];
  TamboMatchCylinder *cylinders; /* COUNT, owned */
  guint8 *distance;              /* COUNT x COUNT, units of 2 pixels, at most 255; owned */
  guint8 *bearing;               /* COUNT x COUNT: from the row's minutia to the column's, from its
                                  * own angle; owned */
  TamboRidgeFlow flow;           /* empty when the record has none */
  int hull_count;
  float hull[TAMBO_MATCH_MINUTIAE_MAX + 1][3]; /* edges: outward normal and offset */
  /* Where minutiae are, roughly: a bit for each eighth of a turn that they may point to. */
  guint8 grid[TAMBO_MATCH_GRID][TAMBO_MATCH_GRID];
  guint64 covered[TAMBO_MATCH_GRID]; /* cells of the grid in the hull or just outside, a bit each */
  float left, bottom;                /* corner of the grid */
  /* The first minutia (they are in the order of x) of each strip of BUCKET_WIDTH from the left. */
  guint8 buckets[TAMBO_MATCH_BUCKETS + 1];
  float bucket_width;
};

typedef struct {
  int a, b;       /* minutiae */
  float likeness; /* of their cylinders, 0..1 */
  float support;  /* after the relaxation */
} TamboMatchPair;

void tambo_match_make_hull (TamboMatchTemplate *template);
/* How far outside of the hull X, Y lies; 0 inside. */
float tambo_match_outside_hull (const TamboMatchTemplate *template, float x, float y);
/* The grid and the buckets. */
void tambo_match_make_index (TamboMatchTemplate *template);
void tambo_match_make_cylinders (TamboMatchTemplate *template);

/* The pairs with the most similar cylinders, best first. Returns how many. */
int tambo_match_find_pairs (const TamboMatchTemplate *a, const TamboMatchTemplate *b,
                            TamboMatchPair pairs[TAMBO_MATCH_PAIRS_MAX]);

typedef struct {
  float relaxed;  /* mean support of the best pairs, 0..1 */
  int mated;      /* minutiae that lie on each other */
  float weight;   /* the same, each by how well it fits, 0..MATED */
  float share;    /* of those in the common area, 0..1 */
  float likeness; /* mean of the mated ones' cylinders */
  int common;     /* cells of ridge flow that lie on each other; 0 without flow */
  float verdict;  /* of all this; 0 unlike, 2 and more alike */
  float flow;     /* how alike those are, -1..1 */
} TamboMatchEvidence;

/* Relaxation and alignment over PAIRS. */
void tambo_match_consolidate (const TamboMatchTemplate *a, const TamboMatchTemplate *b,
                              TamboMatchPair *pairs, int count, TamboMatchEvidence *out_evidence);
float tambo_match_likeness (const TamboMatchCylinder *a, const TamboMatchCylinder *b);
/* The whole comparison without the mapping to a score. */
void tambo_match_weigh (const TamboMatchTemplate *a, const TamboMatchTemplate *b,
                        TamboMatchEvidence *out_evidence);
