/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What the records of an ANSI/NIST-ITL transaction mean (NIST SP 500-290e2, clause 8): images of types 4
 * (high resolution grey fingerprint), 10 (face) and 14 (variable resolution fingerprint), minutiae of
 * type 9 (INCITS 378 block, fields 126 to 139), descriptive text of type 2.
 */
#pragma once

#include "format/an2k.h"
#include "format/image.h"
#include "format/iso19794-2.h"

/* Table 3 of types 4 and 14: 1 right thumb … 10 left little, as in ISO/IEC 19794. */
#define TAMBO_AN2K_POSITION_RIGHT_FOUR 13
#define TAMBO_AN2K_POSITION_LEFT_FOUR 14
#define TAMBO_AN2K_POSITION_THUMBS 15

typedef enum {
  TAMBO_AN2K_NONE, /* rows of 8-bit pixels */
  TAMBO_AN2K_WSQ,
  TAMBO_AN2K_JPEG,
  TAMBO_AN2K_JPEG2000,
  TAMBO_AN2K_PNG,
} TamboAn2kCompression;

typedef struct {
  guint8 position;   /* fingers; 0 unknown */
  guint8 impression; /* fingers; 0 live-scan plain */
  guint16 width, height;
  guint16 ppi; /* 0 when the record does not say, or says an aspect ratio alone */
  TamboAn2kCompression compression;
  const char *source; /* 14.004 / 10.004 SRC, agency; borrowed; for writing alone */
  GBytes *data;
} TamboAn2kImage;

void tambo_an2k_image_clear (TamboAn2kImage *image);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboAn2kImage, tambo_an2k_image_clear)

/* Of a record of type 4, 10 or 14; UNSUPPORTED for others and for other compressions. SOURCE stays
 * NULL. */
gboolean tambo_an2k_record_get_image (const TamboAn2kRecord *record, TamboAn2kImage *out_image,
                                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The pixels; MALFORMED when they are not of the size that the record tells. */
TamboImage *tambo_an2k_image_decode (const TamboAn2kImage *image,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Type 4 has 500 ppi, and no JPEG 2000 or PNG before 2007: WSQ or none is what everybody reads. */
void tambo_an2k_add_type4 (TamboAn2k *an2k, const TamboAn2kImage *image);
void tambo_an2k_add_type14 (TamboAn2k *an2k, const TamboAn2kImage *image, gint64 captured);
/* A face; DATA is JPEG or JPEG 2000 in sRGB. */
void tambo_an2k_add_type10 (TamboAn2k *an2k, const TamboAn2kImage *image, gint64 captured);

/* View INDEX of RECORD. */
void tambo_an2k_add_type9 (TamboAn2k *an2k, const TamboMinutiaeRecord *record, guint index);
/* One view; UNSUPPORTED without the INCITS 378 block. */
TamboMinutiaeRecord *tambo_an2k_record_get_minutiae (const TamboAn2kRecord *record,
                                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Fields from 003 on, whose meaning is the domain's. */
TamboAn2kRecord *tambo_an2k_add_type2 (TamboAn2k *an2k);

/* The image of the finger POSITION: of the first type 14, else type 4, that has it; NULL (no error)
 * without one. */
TamboImage *tambo_an2k_find_finger (const TamboAn2k *an2k, guint position,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
