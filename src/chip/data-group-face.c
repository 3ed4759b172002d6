/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/data-group-private.h"

#include "format/iso19794-5.h"
#include "format/iso39794-5.h"

#define FULL_FRONTAL 1

static guint8 gender_of (TamboSex sex) {
  switch (sex) {
  case TAMBO_SEX_MALE:
    return 1;
  case TAMBO_SEX_FEMALE:
    return 2;
  case TAMBO_SEX_UNSPECIFIED:
  default:
    return 0;
  }
}

/* What the image file tells of itself. */
static gboolean describe_image (GBytes *image, TamboFaceRecord *out_face, GError **error) {
  TamboImageType type = tambo_image_sniff (image);

  if (type != TAMBO_IMAGE_JPEG && type != TAMBO_IMAGE_JPEG2000) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED,
                         "the portrait of DG2 is neither JPEG nor JPEG 2000");
    return FALSE;
  }
  g_autoptr (TamboImage) decoded = tambo_image_decode (image, error);
  if (!decoded)
    return FALSE;
  if (decoded->width > G_MAXUINT16 || decoded->height > G_MAXUINT16) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED,
                         "the portrait of DG2 is wider or higher than 65535 pixels");
    return FALSE;
  }
  *out_face = (TamboFaceRecord){ .face_image_type = FULL_FRONTAL,
                                 .image_type = type,
                                 .width = (guint16) decoded->width,
                                 .height = (guint16) decoded->height,
                                 .image = image };
  return TRUE;
}

GBytes *tambo_dg2_encode (GBytes *image, TamboSex sex, TamboBiometricEncoding encoding,
                          GError **error) {
  g_autoptr (GPtrArray) records =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_cbeff_record_free);
  TamboFaceRecord face; /* borrows IMAGE */

  if (!describe_image (image, &face, error))
    return NULL;
  face.gender = gender_of (sex);
  TamboCbeffRecord *record = g_new0 (TamboCbeffRecord, 1);
  record->type = TAMBO_CBEFF_FACE;
  record->encoding = encoding;
  record->data = encoding == TAMBO_ENCODING_39794 ? tambo_face_block_encode (&face)
                                                  : tambo_face_record_encode (&face);
  g_ptr_array_add (records, record);
  return tambo_data_group_wrap (g_bytes_unref_to_array (tambo_cbeff_encode (records)),
                                TAMBO_LDS_DG2);
}

static gboolean parse_face (const TamboCbeffRecord *record, TamboFaceRecord *out_face,
                            GError **error) {
  return record->encoding == TAMBO_ENCODING_39794
             ? tambo_face_block_parse (record->data, out_face, error)
             : tambo_face_record_parse (record->data, out_face, error);
}

GBytes *tambo_dg2_parse (GBytes *dg2, GError **error) {
  TamboTlv whole;

  if (!tambo_data_group_unwrap (dg2, TAMBO_LDS_DG2, &whole, error))
    return NULL;
  g_autoptr (GPtrArray) records = tambo_cbeff_parse (whole.value, whole.length, error);
  if (!records)
    return NULL;
  for (guint i = 0; i < records->len; i++) {
    const TamboCbeffRecord *record = g_ptr_array_index (records, i);
    g_auto (TamboFaceRecord) face = { 0 };
    if (record->type != TAMBO_CBEFF_FACE)
      continue;
    if (!parse_face (record, &face, error))
      return NULL;
    return g_bytes_ref (face.image);
  }
  tambo_data_group_malformed (error, TAMBO_LDS_DG2, "holds no face");
  return NULL;
}
