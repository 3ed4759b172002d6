/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/data-group-private.h"

#include <string.h>

#include "format/cbeff.h"
#include "format/iso19794-5.h"

#define TAG_MRZ 0x5F1F
#define TAG_LDS_VERSION 0x5F01
#define TAG_UNICODE_VERSION 0x5F36
#define TAG_TAG_LIST 0x5C
#define TAG_COUNT 0x02
#define TAG_SIGNATURE_IMAGE 0x5F43

/* Line lengths of TD1, TD2 and TD3, and how many. */
static const struct { gsize count, length; } formats[] = { { 3, 30 }, { 2, 36 }, { 2, 44 } };

GBytes *tambo_data_group_wrap (GByteArray *array, TamboLdsFile file) {
  tambo_tlv_wrap (array, tambo_lds_file_tag (file));
  return g_byte_array_free_to_bytes (array);
}

gboolean tambo_data_group_unwrap (GBytes *bytes, TamboLdsFile file, TamboTlv *out_tlv,
                                  GError **error) {
  TamboReader reader = tambo_reader_for_bytes (bytes);

  if (tambo_tlv_next (&reader, out_tlv) && out_tlv->tag == tambo_lds_file_tag (file)
      && tambo_reader_left (&reader) == 0)
    return TRUE;
  g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED,
               "%s is not one object of tag %02X", tambo_lds_file_name (file),
               tambo_lds_file_tag (file));
  return FALSE;
}

gpointer tambo_data_group_malformed (GError **error, TamboLdsFile file, const char *what) {
  g_set_error (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_MALFORMED, "%s %s",
               tambo_lds_file_name (file), what);
  return NULL;
}

GBytes *tambo_dg1_encode (const char *mrz) {
  g_autoptr (GByteArray) text = g_byte_array_new ();
  g_autoptr (GByteArray) array = g_byte_array_new ();

  for (; *mrz; mrz++)
    if (*mrz != '\n' && *mrz != '\r')
      tambo_put_u8 (text, (guint8) *mrz);
  tambo_tlv_put (array, TAG_MRZ, text->data, text->len);
  return tambo_data_group_wrap (g_steal_pointer (&array), TAMBO_LDS_DG1);
}

static gboolean is_mrz_character (guint8 character) {
  return g_ascii_isdigit (character) || g_ascii_isupper (character) || character == '<';
}

char *tambo_dg1_parse (GBytes *dg1, GError **error) {
  TamboTlv whole, mrz;

  if (!tambo_data_group_unwrap (dg1, TAMBO_LDS_DG1, &whole, error))
    return NULL;
  if (!tambo_tlv_find (whole.value, whole.length, TAG_MRZ, &mrz)) {
    tambo_data_group_malformed (error, TAMBO_LDS_DG1, "holds no MRZ");
    return NULL;
  }
  gsize line = 0;
  for (gsize i = 0; i < G_N_ELEMENTS (formats); i++)
    if (mrz.length == formats[i].count * formats[i].length)
      line = formats[i].length;
  if (line == 0) {
    tambo_data_group_malformed (error, TAMBO_LDS_DG1, "holds an MRZ of no known size");
    return NULL;
  }

  g_autoptr (GString) text = g_string_new (NULL);
  for (gsize i = 0; i < mrz.length; i++) {
    if (!is_mrz_character (mrz.value[i])) {
      tambo_data_group_malformed (error, TAMBO_LDS_DG1, "holds characters that no MRZ has");
      return NULL;
    }
    if (i > 0 && i % line == 0)
      g_string_append_c (text, '\n');
    g_string_append_c (text, (char) mrz.value[i]);
  }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

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

GBytes *tambo_dg2_encode (GBytes *image, TamboSex sex, GError **error) {
  TamboImageType type = tambo_image_sniff (image);

  if (type != TAMBO_IMAGE_JPEG && type != TAMBO_IMAGE_JPEG2000) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED,
                         "the portrait of DG2 is neither JPEG nor JPEG 2000");
    return NULL;
  }
  g_autoptr (TamboImage) decoded = tambo_image_decode (image, error);
  if (!decoded)
    return NULL;
  if (decoded->width > G_MAXUINT16 || decoded->height > G_MAXUINT16) {
    g_set_error_literal (error, TAMBO_CHIP_ERROR, TAMBO_CHIP_ERROR_UNSUPPORTED,
                         "the portrait of DG2 is wider or higher than 65535 pixels");
    return NULL;
  }

  TamboFaceRecord face = {
    .gender = gender_of (sex),
    .face_image_type = 1,
    .image_type = type,
    .width = (guint16) decoded->width,
    .height = (guint16) decoded->height,
    .image = image,
  };
  g_autoptr (GPtrArray) records =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_cbeff_record_free);
  TamboCbeffRecord *record = g_new0 (TamboCbeffRecord, 1);
  record->type = TAMBO_CBEFF_FACE;
  record->data = tambo_face_record_encode (&face);
  g_ptr_array_add (records, record);

  g_autoptr (GBytes) group = tambo_cbeff_encode (records);
  g_autoptr (GByteArray) array = g_bytes_unref_to_array (g_steal_pointer (&group));
  return tambo_data_group_wrap (g_steal_pointer (&array), TAMBO_LDS_DG2);
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
    if (!tambo_face_record_parse (record->data, &face, error))
      return NULL;
    return g_bytes_ref (face.image);
  }
  tambo_data_group_malformed (error, TAMBO_LDS_DG2, "holds no face");
  return NULL;
}

GBytes *tambo_dg7_encode (GBytes *image) {
  g_autoptr (GByteArray) array = g_byte_array_new ();
  guint8 count = 1;

  tambo_tlv_put (array, TAG_COUNT, &count, 1);
  tambo_tlv_put_bytes (array, TAG_SIGNATURE_IMAGE, image);
  return tambo_data_group_wrap (g_steal_pointer (&array), TAMBO_LDS_DG7);
}

GBytes *tambo_dg7_parse (GBytes *dg7, GError **error) {
  TamboTlv whole, image;

  if (!tambo_data_group_unwrap (dg7, TAMBO_LDS_DG7, &whole, error))
    return NULL;
  if (!tambo_tlv_find (whole.value, whole.length, TAG_SIGNATURE_IMAGE, &image)
      || image.length == 0) {
    tambo_data_group_malformed (error, TAMBO_LDS_DG7, "holds no image");
    return NULL;
  }
  return g_bytes_new (image.value, image.length);
}

GBytes *tambo_com_encode_for (const TamboLds *lds, guint sod_version) {
  const char *version = sod_version == 1 ? TAMBO_LDS_VERSION_1 : TAMBO_LDS_VERSION_0;
  g_autoptr (GByteArray) tags = g_byte_array_new ();
  g_autoptr (GByteArray) array = g_byte_array_new ();

  for (guint number = 1; number <= 16; number++)
    if (lds->files[TAMBO_LDS_COM + number])
      tambo_put_u8 (tags, tambo_lds_file_tag (TAMBO_LDS_COM + number));
  tambo_tlv_put (array, TAG_LDS_VERSION, version, strlen (version));
  tambo_tlv_put (array, TAG_UNICODE_VERSION, TAMBO_LDS_UNICODE, strlen (TAMBO_LDS_UNICODE));
  tambo_tlv_put (array, TAG_TAG_LIST, tags->data, tags->len);
  return tambo_data_group_wrap (g_steal_pointer (&array), TAMBO_LDS_COM);
}

GBytes *tambo_com_encode (const TamboLds *lds) {
  return tambo_com_encode_for (lds, 0);
}

gboolean tambo_com_parse (GBytes *com, guint32 *out_groups, GError **error) {
  TamboTlv whole, version, list;
  guint32 groups = 0;

  if (!tambo_data_group_unwrap (com, TAMBO_LDS_COM, &whole, error))
    return FALSE;
  if (!tambo_tlv_find (whole.value, whole.length, TAG_LDS_VERSION, &version)
      || version.length != strlen (TAMBO_LDS_VERSION_0)
      || !tambo_tlv_find (whole.value, whole.length, TAG_TAG_LIST, &list)) {
    tambo_data_group_malformed (error, TAMBO_LDS_COM, "lacks its version or its tag list");
    return FALSE;
  }
  for (gsize i = 0; i < list.length; i++) {
    TamboLdsFile file;
    if (!tambo_lds_file_from_tag (list.value[i], &file) || file == TAMBO_LDS_COM
        || file == TAMBO_LDS_SOD) {
      tambo_data_group_malformed (error, TAMBO_LDS_COM, "names a data group that does not exist");
      return FALSE;
    }
    groups |= 1u << (file - TAMBO_LDS_COM);
  }
  *out_groups = groups;
  return TRUE;
}
