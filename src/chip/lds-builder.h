/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From a person to the files of a chip: data groups, EF.COM and EF.SOD (Doc 9303-10 section 4).
 */
#pragma once

#include "chip/data-group.h"
#include "chip/sod.h"
#include "format/image.h"
#include "format/iso19794-4.h"
#include "record/applicant.h"

#define TAMBO_LDS_PORTRAIT_SIZE 15000
#define TAMBO_LDS_SIGNATURE_SIZE 6000

/* What a document may have besides portrait and signature; all zero is nothing, in the older encoding. */
typedef struct {
  TamboBiometricEncoding encoding; /* of DG2 and DG3 */
  GPtrArray *fingers;              /* TamboFingerRecord of one view each, for DG3; NULL: no DG3 */
  const TamboDocumentDetails *details; /* for DG12; NULL: no DG12 */
  GBytes *dg14;                        /* NULL: neither chip authentication nor PACE is told */
  GBytes *dg15;                        /* NULL: no active authentication */
} TamboLdsExtras;

/* A finger for EXTRAS: POSITION of ISO/IEC 19794-4, WSQ, 500 ppi where IMAGE tells nothing else. */
TamboFingerRecord *tambo_lds_finger_record (guint8 position, const TamboImage *image,
                                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The portrait is fitted to 413 x 531 pixels (35 x 45 mm at 300 ppi) and kept as JPEG 2000 of at most
 * TAMBO_LDS_PORTRAIT_SIZE bytes; INK, the drawn signature, may be NULL: then there is no DG7. */
TamboLds *tambo_lds_build (const TamboApplicant *applicant, const TamboImage *portrait,
                           const TamboImage *ink, const TamboLdsExtras *extras,
                           const TamboSigner *signer, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Puts EXTRAS into LDS, and the optional fields of APPLICANT that no MRZ has (place of birth, address,
 * phone, other names) into DG11 where there are any; makes EF.COM and EF.SOD anew. So a key that was made
 * on the chip gets into a document whose other files were made before. */
gboolean tambo_lds_extend (TamboLds *lds, const TamboApplicant *applicant,
                           const TamboLdsExtras *extras, const TamboSigner *signer,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
