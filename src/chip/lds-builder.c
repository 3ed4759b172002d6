/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/lds-builder.h"

#include "format/image-codec.h"
#include "format/wsq.h"
#include "record/mrz.h"

#define PORTRAIT_WIDTH 413
#define PORTRAIT_HEIGHT 531
#define USUAL_PPI 500
#define UNDEFINED_QUALITY 254

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

static gboolean add_dg2 (TamboLds *lds, const TamboImage *portrait, TamboSex sex,
                         TamboBiometricEncoding encoding, GError **error) {
  g_autoptr (TamboImage) face = tambo_image_fit (portrait, PORTRAIT_WIDTH, PORTRAIT_HEIGHT);
  g_autoptr (GBytes) file = tambo_image_encode_jpeg2000 (face, TAMBO_LDS_PORTRAIT_SIZE, error);
  GBytes *dg2 = file != NULL ? tambo_dg2_encode (file, sex, encoding, error) : NULL;
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

/* EF.COM and EF.SOD over the data groups that are there. */
static gboolean seal (TamboLds *lds, const TamboSigner *signer, GError **error) {
  take_file (lds, TAMBO_LDS_COM, tambo_com_encode_for (lds, signer->form.lds_version));

  GBytes *sod = tambo_sod_sign (lds, signer, error);
  if (sod == NULL)
    return FALSE;
  take_file (lds, TAMBO_LDS_SOD, sod);
  return TRUE;
}

TamboFingerRecord *tambo_lds_finger_record (guint8 position, const TamboImage *image,
                                            GError **error) {
  if (image->width > G_MAXUINT16 || image->height > G_MAXUINT16) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED,
                         "a finger is wider or higher than 65535 pixels");
    return NULL;
  }
  g_autoptr (TamboImage) grey = tambo_image_to_grey (image);
  g_autoptr (GBytes) wsq = tambo_wsq_encode (grey, TAMBO_WSQ_RATE, error);
  if (wsq == NULL)
    return NULL;

  guint16 ppi = image->ppi > 0 ? (guint16) image->ppi : USUAL_PPI;
  TamboFingerRecord *record = tambo_finger_record_new (ppi, TAMBO_FIR_WSQ);
  TamboFirView *view = g_new0 (TamboFirView, 1);
  view->position = position;
  view->quality = UNDEFINED_QUALITY;
  view->width = (guint16) image->width;
  view->height = (guint16) image->height;
  view->image = g_steal_pointer (&wsq);
  g_ptr_array_add (record->views, view);
  return record;
}

TamboLds *tambo_lds_build (const TamboApplicant *applicant, const TamboImage *portrait,
                           const TamboImage *ink, const TamboLdsExtras *extras,
                           const TamboSigner *signer, GError **error) {
  g_autoptr (TamboLds) lds = tambo_lds_new ();

  if (!add_dg1 (lds, applicant, error)
      || !add_dg2 (lds, portrait, applicant->sex, extras->encoding, error)
      || (ink != NULL && !add_dg7 (lds, ink, error))
      || !tambo_lds_extend (lds, applicant, extras, signer, error))
    return NULL;
  return g_steal_pointer (&lds);
}

/* "ERIKSSON<<ANNA<MARIA" as section 4.7.11 has names, in the letters of the person. */
static char *chip_name (const char *surname, const char *given_names) {
  g_autofree char *whole = given_names != NULL && *given_names != '\0'
                               ? g_strconcat (surname, "<<", given_names, NULL)
                               : g_strdup (surname);

  return g_strdelimit (g_steal_pointer (&whole), " ", '<');
}

static void add_dg11 (TamboLds *lds, const TamboApplicant *applicant) {
  g_autoptr (TamboPersonDetails) details = tambo_person_details_new ();
  gboolean any = applicant->place_of_birth != NULL || applicant->address != NULL
                 || applicant->phone != NULL
                 || (applicant->other_names != NULL && applicant->other_names[0] != NULL);

  if (!any)
    return;
  details->texts[TAMBO_PERSON_NAME] = chip_name (applicant->surname, applicant->given_names);
  details->texts[TAMBO_PERSON_NUMBER] = g_strdup (applicant->personal_number);
  details->texts[TAMBO_PERSON_BIRTH_PLACE] = g_strdup (applicant->place_of_birth);
  details->texts[TAMBO_PERSON_ADDRESS] = g_strdup (applicant->address);
  details->texts[TAMBO_PERSON_TELEPHONE] = g_strdup (applicant->phone);
  for (char **name = applicant->other_names; name != NULL && *name != NULL; name++)
    g_ptr_array_add (details->other_names, chip_name (*name, NULL));
  take_file (lds, TAMBO_LDS_DG11, tambo_dg11_encode (details));
}

gboolean tambo_lds_extend (TamboLds *lds, const TamboApplicant *applicant,
                           const TamboLdsExtras *extras, const TamboSigner *signer,
                           GError **error) {
  if (extras->fingers != NULL) {
    GBytes *dg3 = tambo_dg3_encode (extras->fingers, extras->encoding, error);
    if (dg3 == NULL)
      return FALSE;
    take_file (lds, TAMBO_LDS_DG3, dg3);
  }
  add_dg11 (lds, applicant);
  if (extras->details != NULL)
    take_file (lds, TAMBO_LDS_DG12, tambo_dg12_encode (extras->details));
  if (extras->dg14 != NULL)
    tambo_lds_set (lds, TAMBO_LDS_DG14, extras->dg14);
  if (extras->dg15 != NULL)
    tambo_lds_set (lds, TAMBO_LDS_DG15, extras->dg15);
  return seal (lds, signer, error);
}
