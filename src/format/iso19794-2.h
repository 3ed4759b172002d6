/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Finger minutiae record of ISO/IEC 19794-2, record format. Of 2005: general header of 24 bytes, then for
 * each finger view a header of 4 bytes, 6 bytes a minutia, and the extended data (kept as they are). Of
 * 2011: general header of 15 bytes, then for each representation its length, when and by what it was
 * captured, quality and certification blocks, picture size, 5 or 6 bytes a minutia, extended data.
 */
#pragma once

#include <glib.h>

#define TAMBO_MINUTIAE_MAX 255 /* of one view */

typedef enum {
  TAMBO_MINUTIA_OTHER = 0,
  TAMBO_MINUTIA_ENDING = 1,
  TAMBO_MINUTIA_BIFURCATION = 2,
} TamboMinutiaType;

typedef struct {
  guint8 type;    /* TamboMinutiaType */
  guint8 angle;   /* units of 360/256 degrees, counter-clockwise from the right, where the ridge
                   * that ends, or the valley that is enclosed, goes to */
  guint8 quality; /* 1..100, 0 not told */
  guint16 x, y;   /* pixels, y downwards */
} TamboMinutia;

typedef struct {
  guint8 position;   /* table 2: 0 unknown, 1 right thumb … 10 left little */
  guint8 view;       /* number of this view of the finger, from 0 */
  guint8 impression; /* table 3: 0 live-scan plain */
  guint8 quality;    /* 0..100 */
  GArray *minutiae;  /* of TamboMinutia, owned */
  GBytes *extended;  /* extended data areas, owned; NULL when there are none */
} TamboMinutiaeView;

typedef struct {
  guint16 device;                             /* certifications and device id */
  guint16 width, height;                      /* pixels */
  guint16 per_centimetre_x, per_centimetre_y; /* 197 at 500 ppi */
  GPtrArray *views;                           /* of TamboMinutiaeView, owned */
} TamboMinutiaeRecord;

TamboMinutiaeView *tambo_minutiae_view_new (void);
void tambo_minutiae_view_free (TamboMinutiaeView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboMinutiaeView, tambo_minutiae_view_free)

TamboMinutiaeRecord *tambo_minutiae_record_new (void);
void tambo_minutiae_record_free (TamboMinutiaeRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboMinutiaeRecord, tambo_minutiae_record_free)

gboolean tambo_minutiae_record_sniff (GBytes *bytes);
/* As of 2005, which everybody reads, and which chips hold. */
GBytes *tambo_minutiae_record_encode (const TamboMinutiaeRecord *record);
/* As of 2011; the time of the capture is left untold. */
GBytes *tambo_minutiae_record_encode_2011 (const TamboMinutiaeRecord *record);
/* Either version. Refuses what is cut short (the extended data of the last view of 2005 apart), goes on
 * behind its end, or has a minutia outside of the picture. UNSUPPORTED for representations of several
 * resolutions; of several sizes the largest is told. */
TamboMinutiaeRecord *tambo_minutiae_record_parse (GBytes *bytes,
                                                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
