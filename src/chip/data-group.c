/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/data-group-private.h"

#include <string.h>

#include "base/crypto.h"

#define TAG_MRZ 0x5F1F
#define TAG_LDS_VERSION 0x5F01
#define TAG_UNICODE_VERSION 0x5F36
#define TAG_TAG_LIST 0x5C
#define TAG_COUNT 0x02
#define TAG_DISCRETIONARY 0x53
#define TAG_PORTRAIT_IMAGE 0x5F40
#define TAG_SIGNATURE_IMAGE 0x5F43

#define RANDOM_SIZE 16

/* Line lengths of TD1, TD2 and TD3, and how many. */
static const struct { gsize count, length; } formats[] = { { 3, 30 }, { 2, 36 }, { 2, 44 } };

GBytes *tambo_data_group_wrap (GByteArray *array, TamboLdsFile file) {
  tambo_tlv_wrap (array, tambo_lds_file_tag (file));
  return g_byte_array_free_to_bytes (array);
}

GBytes *tambo_data_group_wrap_biometric (GPtrArray *records, TamboLdsFile file) {
  GByteArray *array = g_bytes_unref_to_array (tambo_cbeff_encode (records));
  guint8 random[RANDOM_SIZE];

  if (records->len == 0) {
    tambo_random (random, sizeof random);
    tambo_tlv_put (array, TAG_DISCRETIONARY, random, sizeof random);
  }
  return tambo_data_group_wrap (array, file);
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

/* ---- DG5 and DG7: images to be shown ---- */

static GBytes *encode_image (TamboLdsFile file, guint16 tag, GBytes *image) {
  g_autoptr (GByteArray) array = g_byte_array_new ();
  guint8 count = 1;

  tambo_tlv_put (array, TAG_COUNT, &count, 1);
  tambo_tlv_put_bytes (array, tag, image);
  return tambo_data_group_wrap (g_steal_pointer (&array), file);
}

static GBytes *parse_image (GBytes *bytes, TamboLdsFile file, guint16 tag, GError **error) {
  TamboTlv whole, image;

  if (!tambo_data_group_unwrap (bytes, file, &whole, error))
    return NULL;
  if (!tambo_tlv_find (whole.value, whole.length, tag, &image) || image.length == 0) {
    tambo_data_group_malformed (error, file, "holds no image");
    return NULL;
  }
  return g_bytes_new (image.value, image.length);
}

GBytes *tambo_dg5_encode (GBytes *image) {
  return encode_image (TAMBO_LDS_DG5, TAG_PORTRAIT_IMAGE, image);
}

GBytes *tambo_dg5_parse (GBytes *dg5, GError **error) {
  return parse_image (dg5, TAMBO_LDS_DG5, TAG_PORTRAIT_IMAGE, error);
}

GBytes *tambo_dg7_encode (GBytes *image) {
  return encode_image (TAMBO_LDS_DG7, TAG_SIGNATURE_IMAGE, image);
}

GBytes *tambo_dg7_parse (GBytes *dg7, GError **error) {
  return parse_image (dg7, TAMBO_LDS_DG7, TAG_SIGNATURE_IMAGE, error);
}

/* ---- EF.COM ---- */

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

static gboolean parse_tag_list (const TamboTlv *list, guint32 *groups) {
  for (gsize i = 0; i < list->length; i++) {
    TamboLdsFile file;
    if (!tambo_lds_file_from_tag (list->value[i], &file) || file == TAMBO_LDS_COM
        || file == TAMBO_LDS_SOD)
      return FALSE;
    *groups |= 1u << (file - TAMBO_LDS_COM);
  }
  return TRUE;
}

gboolean tambo_com_parse_whole (GBytes *com, TamboCom *out_com, GError **error) {
  TamboTlv whole, version, unicode, list;
  TamboCom parsed = { 0 };

  if (!tambo_data_group_unwrap (com, TAMBO_LDS_COM, &whole, error))
    return FALSE;
  if (!tambo_tlv_find (whole.value, whole.length, TAG_LDS_VERSION, &version)
      || version.length != sizeof parsed.lds_version - 1
      || !tambo_tlv_find (whole.value, whole.length, TAG_TAG_LIST, &list)) {
    tambo_data_group_malformed (error, TAMBO_LDS_COM, "lacks its version or its tag list");
    return FALSE;
  }
  if (!parse_tag_list (&list, &parsed.groups)) {
    tambo_data_group_malformed (error, TAMBO_LDS_COM, "names a data group that does not exist");
    return FALSE;
  }
  memcpy (parsed.lds_version, version.value, version.length);
  if (tambo_tlv_find (whole.value, whole.length, TAG_UNICODE_VERSION, &unicode)
      && unicode.length == sizeof parsed.unicode_version - 1)
    memcpy (parsed.unicode_version, unicode.value, unicode.length);
  *out_com = parsed;
  return TRUE;
}

gboolean tambo_com_parse (GBytes *com, guint32 *out_groups, GError **error) {
  TamboCom parsed;

  if (!tambo_com_parse_whole (com, &parsed, error))
    return FALSE;
  *out_groups = parsed.groups;
  return TRUE;
}
