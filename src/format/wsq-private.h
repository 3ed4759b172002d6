/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The stages between the markers of a WSQ file and its pixels: subband tree, wavelet transform,
 * scalar quantiser, Huffman coder.
 */
#pragma once

#include "format/format-error.h"
#include "format/wsq.h"

typedef enum {
  TAMBO_WSQ_SOI = 0xFFA0, /* start of image */
  TAMBO_WSQ_EOI,          /* end of image */
  TAMBO_WSQ_SOF,          /* frame header */
  TAMBO_WSQ_SOB,          /* block header */
  TAMBO_WSQ_DTT,          /* transform table */
  TAMBO_WSQ_DQT,          /* quantisation table */
  TAMBO_WSQ_DHT,          /* Huffman tables */
  TAMBO_WSQ_DRT,          /* restart interval */
  TAMBO_WSQ_COM,          /* comment */
} TamboWsqMarker;

/* ---- the subband tree ---- */

#define TAMBO_WSQ_NODES 20
#define TAMBO_WSQ_SUBBANDS 60     /* that are coded */
#define TAMBO_WSQ_SUBBANDS_ALL 64 /* that have a place in the quantisation table */
#define TAMBO_WSQ_BLOCKS 3

typedef struct {
  int x, y, width, height; /* in the plane of the whole image */
  int level;               /* splits above it */
} TamboWsqBox;

/* A rectangle that is split in four. High frequencies come first where it is inverted. */
typedef struct {
  TamboWsqBox box;
  gboolean inverted_x, inverted_y;
} TamboWsqNode;

typedef struct {
  int width, height;
  TamboWsqNode nodes[TAMBO_WSQ_NODES]; /* parents before children */
  TamboWsqBox subbands[TAMBO_WSQ_SUBBANDS];
  TamboWsqBox uncoded; /* subbands 60 to 63 */
} TamboWsqTree;

void tambo_wsq_tree_init (TamboWsqTree *tree, int width, int height);
/* The first subband of block 0 to 2; that of block 3 is the end. */
int tambo_wsq_block_start (int block);

/* ---- the transform ----
 *
 * Each split reads one of two planes of width x height and writes the other; what lies LEVEL splits
 * deep is in plane LEVEL % 2. */

/* Memory for both, uninitialised, for free (); NULL when there is none. */
gpointer tambo_wsq_planes_new (gsize size);

/* Analysis with the 9/7 filters in double precision, which decides the bins. PLANES[0] holds the
 * image and is overwritten; FALSE when there is no memory. */
gboolean tambo_wsq_analyse (const TamboWsqTree *tree, double *planes[2]) G_GNUC_WARN_UNUSED_RESULT;
/* The right half of an analysis filter of that file, as the transform table stores it. */
extern const double tambo_wsq_low[5], tambo_wsq_high[4];

#define TAMBO_WSQ_TAPS_MAX 32

/* Synthesis filters of any length, both odd or both even. */
typedef struct {
  int low_size, high_size;
  float low[TAMBO_WSQ_TAPS_MAX], high[TAMBO_WSQ_TAPS_MAX];
} TamboWsqFilters;

/* From the analysis filters of a transform table, of LOW_SIZE and HIGH_SIZE taps, right halves. */
void tambo_wsq_filters_init (TamboWsqFilters *filters, const double *low, int low_size,
                             const double *high, int high_size);
/* Leaves the image in PLANES[0]; FALSE when there is no memory. */
gboolean tambo_wsq_synthesise (const TamboWsqTree *tree, const TamboWsqFilters *filters,
                               float *planes[2]) G_GNUC_WARN_UNUSED_RESULT;

/* ---- the quantiser ---- */

typedef struct {
  double centre;                       /* of a bin, 0 to 1 */
  double bin[TAMBO_WSQ_SUBBANDS_ALL];  /* width; 0 when the subband is not coded */
  double zero[TAMBO_WSQ_SUBBANDS_ALL]; /* width of the bin around zero */
} TamboWsqQuantiser;

/* Bin widths for BIT_RATE from the variances of the subbands. */
void tambo_wsq_quantiser_init (TamboWsqQuantiser *quantiser, const TamboWsqTree *tree,
                               double *const planes[2], double bit_rate);
/* Doubles all bins, for an image whose indices do not fit. */
void tambo_wsq_quantiser_widen (TamboWsqQuantiser *quantiser);
/* Coefficients of one block of subbands. */
gsize tambo_wsq_block_size (const TamboWsqQuantiser *quantiser, const TamboWsqTree *tree,
                            int block);
/* One block into INDICES; FALSE when an index leaves 16 bits. */
gboolean tambo_wsq_quantise (const TamboWsqQuantiser *quantiser, const TamboWsqTree *tree,
                             double *const planes[2], int block,
                             gint16 *indices) G_GNUC_WARN_UNUSED_RESULT;
/* All blocks, one behind the other in INDICES. */
void tambo_wsq_dequantise (const TamboWsqQuantiser *quantiser, const TamboWsqTree *tree,
                           const gint16 *indices, float *planes[2]);

/* ---- the Huffman coder ---- */

typedef struct {
  guint8 counts[16]; /* codes of 1 to 16 bits */
  guint8 symbols[256];
  int size; /* symbols */
} TamboWsqHuffman;

/* Symbols in the order of the indices, each with the bits that follow its code. */
typedef struct {
  guint32 *items; /* symbol << 16 | bits behind it; owned */
  gsize size;
} TamboWsqSymbols;

void tambo_wsq_symbols_clear (TamboWsqSymbols *symbols);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboWsqSymbols, tambo_wsq_symbols_clear)

/* Counts into FREQUENCIES[256] too; FALSE when there is no memory. */
gboolean tambo_wsq_symbols_init (TamboWsqSymbols *symbols, const gint16 *indices, gsize size,
                                 guint32 *frequencies) G_GNUC_WARN_UNUSED_RESULT;
/* The best codes of at most 16 bits, none of them all ones. */
void tambo_wsq_huffman_init (TamboWsqHuffman *huffman, const guint32 *frequencies);
void tambo_wsq_huffman_encode (const TamboWsqHuffman *huffman, const TamboWsqSymbols *symbols,
                               GByteArray *array);

/* What is looked up to decode: by the next bits, and by value where a code is longer. */
#define TAMBO_WSQ_LOOKUP_BITS 11
typedef struct {
  guint16 entries[1 << TAMBO_WSQ_LOOKUP_BITS]; /* symbol << 8 | bits; 0 when longer */
  guint32 ends[17];                            /* behind the last code of that many bits */
  gint32 offsets[17];                          /* from a code of that many bits to its symbol */
  guint8 symbols[256];
} TamboWsqLookup;

/* FALSE when no such code can be. */
gboolean tambo_wsq_lookup_init (TamboWsqLookup *lookup,
                                const TamboWsqHuffman *huffman) G_GNUC_WARN_UNUSED_RESULT;

/* ---- the file ---- */

/* What the markers tell, and the indices of all blocks. */
typedef struct {
  TamboWsqTree tree;
  double shift, scale; /* pixel = scale * sample + shift */
  int ppi;             /* 0 when no comment tells it */
  TamboWsqFilters filters;
  TamboWsqQuantiser quantiser;
  gint16 *indices; /* owned */
  gsize size;
} TamboWsqFile;

void tambo_wsq_file_clear (TamboWsqFile *file);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboWsqFile, tambo_wsq_file_clear)

gboolean tambo_wsq_file_read (TamboWsqFile *file, GBytes *bytes,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Fills the zeroed indices of FILE from *POSITION on. DATA is without stuffed bytes, with 8 readable
 * bytes behind SIZE. Ends where the data ends, or at END when nothing but the filling of the last byte
 * is left. FALSE on a code that is none, and on more indices than there are. */
gboolean tambo_wsq_huffman_decode (const TamboWsqLookup *lookup, const guint8 *data, gsize size,
                                   gsize end, TamboWsqFile *file,
                                   gsize *position) G_GNUC_WARN_UNUSED_RESULT;
