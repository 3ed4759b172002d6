/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/lds-builder.h"

#include "chip/data-group.h"
#include "format/image-codec.h"
#include "record/mrz.h"

#define PORTRAIT_WIDTH 413
#define PORTRAIT_HEIGHT 531

static void take_file (TamboLds *lds, TamboLdsFile file, GBytes *bytes) {
  tambo_lds_set (lds, file, bytes);
  g_bytes_unref (bytes);
}

static gboolean add_dg1 (TamboLds *lds, const TamboApplicant *applicant, GError **error) {
  TamboMrzFormat format = tambo_mrz_format_for_type (applicant->document_type);
  g_autofree char *mrz = tambo_mrz_make (applicant, format, error);
  if (mrz == NULL)
    return FALSE;
  take_file (lds, TAMBO_LDS_DG1, tambo_dg1_encode (mrz));
  return TRUE;
}

static gboolean add_dg2 (TamboLds *lds, const TamboImage *portrait, TamboSex sex, GError **error) {
  g_autoptr (TamboImage) face = tambo_image_fit (portrait, PORTRAIT_WIDTH, PORTRAIT_HEIGHT);
  g_autoptr (GBytes) file = tambo_image_encode_jpeg2000 (face, TAMBO_LDS_PORTRAIT_SIZE, error);
  GBytes *dg2 = file != NULL ? tambo_dg2_encode (file, sex, error) : NULL;
  if (dg2 == NULL)
    return FALSE;
  take_file (lds, TAMBO_LDS_DG2, dg2);
  return TRUE;
}

static gboolean add_dg7 (TamboLds *lds, const TamboImage *ink, GError **error) {
  g_autoptr (GBytes) file = tambo_image_encode_jpeg2000 (ink, TAMBO_LDS_SIGNATURE_SIZE, error);
  if (file == NULL)
    return FALSE;
  take_file (lds, TAMBO_LDS_DG7, tambo_dg7_encode (file));
  return TRUE;
}

TamboLds *tambo_lds_build (const TamboApplicant *applicant, const TamboImage *portrait,
                           const TamboImage *ink, const TamboSigner *signer, GError **error) {
  g_autoptr (TamboLds) lds = tambo_lds_new ();

  if (!add_dg1 (lds, applicant, error) || !add_dg2 (lds, portrait, applicant->sex, error)
      || (ink != NULL && !add_dg7 (lds, ink, error)))
    return NULL;
  take_file (lds, TAMBO_LDS_COM, tambo_com_encode (lds));

  GBytes *sod = tambo_sod_sign (lds, signer, error);
  if (sod == NULL)
    return NULL;
  take_file (lds, TAMBO_LDS_SOD, sod);
  return g_steal_pointer (&lds);
}
