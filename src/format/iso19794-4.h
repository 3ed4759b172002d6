/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Finger image record of ISO/IEC 19794-4. 2005: general header of 32 bytes, then one finger header of
 * 14 bytes and its image for each view. 2011: general header of 16 bytes, then for each view its length,
 * when and by what it was taken, its sampling and its image.
 */
#pragma once

#include "format/image.h"

typedef enum {
  TAMBO_FIR_UNCOMPRESSED = 0, /* 8 bits a pixel, not packed */
  TAMBO_FIR_WSQ = 2,
  TAMBO_FIR_JPEG = 3,
  TAMBO_FIR_JPEG2000 = 4,
  TAMBO_FIR_PNG = 5,
} TamboFirCompression;

typedef struct {
  guint8 position;   /* table 6: 1 right thumb … 10 left little */
  guint8 impression; /* table 7: 0 live-scan plain */
  guint8 quality;    /* 0..100, 254 undefined */
  guint16 width, height;
  GBytes *image; /* owned, in the compression of the record */
} TamboFirView;

typedef struct {
  guint16 device_id;
  guint16 ppi; /* both axes; written as pixels per centimetre */
  TamboFirCompression compression;
  GPtrArray *views; /* of TamboFirView, owned */
} TamboFingerRecord;

void tambo_fir_view_free (TamboFirView *view);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboFirView, tambo_fir_view_free)
TamboFingerRecord *tambo_finger_record_new (guint16 ppi, TamboFirCompression compression);
void tambo_finger_record_free (TamboFingerRecord *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboFingerRecord, tambo_finger_record_free)

/* As of 2005. */
GBytes *tambo_finger_record_encode (const TamboFingerRecord *record);
/* As of 2011; the time of the capture is left untold. */
GBytes *tambo_finger_record_encode_2011 (const TamboFingerRecord *record);
/* Either version; the views of one record are alike in resolution and compression. */
TamboFingerRecord *tambo_finger_record_parse (GBytes *bytes,
                                              GError **error) G_GNUC_WARN_UNUSED_RESULT;
