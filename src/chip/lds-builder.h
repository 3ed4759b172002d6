/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * From a person to the files of a chip: DG1, DG2, DG7, EF.COM and EF.SOD (Doc 9303-10 section 4).
 */
#pragma once

#include "chip/lds.h"
#include "chip/sod.h"
#include "format/image.h"
#include "record/applicant.h"

/* The portrait is fitted to 413 x 531 pixels (35 x 45 mm at 300 ppi) and kept as JPEG 2000 of at most
 * TAMBO_LDS_PORTRAIT_SIZE bytes; INK, the drawn signature, may be NULL: then there is no DG7. */
#define TAMBO_LDS_PORTRAIT_SIZE 15000
#define TAMBO_LDS_SIGNATURE_SIZE 6000

TamboLds *tambo_lds_build (const TamboApplicant *applicant, const TamboImage *portrait,
                           const TamboImage *ink, const TamboSigner *signer,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* What a document may have besides. */
typedef struct {
  GPtrArray *fingers; /* TamboFingerRecord of one view each, for DG3; NULL: no DG3 */
  GBytes *dg15;       /* NULL: no active authentication */
} TamboLdsExtras;

/* Puts EXTRAS into LDS, and the optional fields of APPLICANT that no MRZ has (place of birth, address,
 * phone, other names) into DG11 where there are any; makes EF.COM and EF.SOD anew. */
gboolean tambo_lds_extend (TamboLds *lds, const TamboApplicant *applicant,
                           const TamboLdsExtras *extras, const TamboSigner *signer,
                           GError **error) G_GNUC_WARN_UNUSED_RESULT;
