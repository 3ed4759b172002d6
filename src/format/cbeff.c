/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/cbeff.h"

#include "format/format-error.h"
#include "format/tlv.h"

#include <string.h>

#define TAG_GROUP 0x7F61
#define TAG_COUNT 0x02
#define TAG_TEMPLATE 0x7F60
#define TAG_HEADER 0xA1
#define TAG_HEADER_VERSION 0x80
#define TAG_TYPE 0x81
#define TAG_SUBTYPE 0x82
#define TAG_FORMAT_OWNER 0x87
#define TAG_FORMAT_TYPE 0x88
#define TAG_DATA 0x5F2E
#define TAG_DATA_CONSTRUCTED 0x7F2E
#define TAG_STANDARD_DATA 0xA1

/* ISO/IEC JTC 1/SC 37 (owner 0101) names the formats: of 19794 and of 39794. */
static const struct {
  TamboCbeffType type;
  guint8 formats[2]; /* by TamboBiometricEncoding */
} kinds[] = {
  { TAMBO_CBEFF_FACE, { 0x08, 0x2A } },
  { TAMBO_CBEFF_FINGER, { 0x07, 0x28 } },
  { TAMBO_CBEFF_IRIS, { 0x09, 0x2C } },
};

#define FIRST_DATE_OF_39794 "2030-01-01"
void tambo_cbeff_record_free (TamboCbeffRecord *record) {
  if (record == NULL)
    return;
  g_clear_pointer (&record->data, g_bytes_unref);
  g_free (record);
}

TamboBiometricEncoding tambo_biometric_encoding_for_date (const char *date) {
  return strcmp (date, FIRST_DATE_OF_39794) < 0 ? TAMBO_ENCODING_19794 : TAMBO_ENCODING_39794;
}

static guint8 format_of (const TamboCbeffRecord *record) {
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (kinds[i].type == record->type)
      return kinds[i].formats[record->encoding];
  g_return_val_if_reached (0);
}

static void put_data (GByteArray *template, const TamboCbeffRecord *record) {
  g_autoptr (GByteArray) standard = g_byte_array_new ();

  if (record->encoding == TAMBO_ENCODING_19794) {
    tambo_tlv_put_bytes (template, TAG_DATA, record->data);
    return;
  }
  tambo_tlv_put_bytes (standard, TAG_STANDARD_DATA, record->data);
  tambo_tlv_put (template, TAG_DATA_CONSTRUCTED, standard->data, standard->len);
}

static void put_record (GByteArray *group, const TamboCbeffRecord *record) {
  g_autoptr (GByteArray) template = g_byte_array_new ();
  guint8 type = (guint8) record->type;

  tambo_tlv_put (template, TAG_HEADER_VERSION, "\x01\x01", 2);
  tambo_tlv_put (template, TAG_TYPE, &type, 1);
  tambo_tlv_put (template, TAG_SUBTYPE, &record->subtype, 1);
  tambo_tlv_put (template, TAG_FORMAT_OWNER, "\x01\x01", 2);
  tambo_tlv_put (template, TAG_FORMAT_TYPE, (const guint8[]){ 0, format_of (record) }, 2);
  tambo_tlv_wrap (template, TAG_HEADER);
  put_data (template, record);
  tambo_tlv_put (group, TAG_TEMPLATE, template->data, template->len);
}

GBytes *tambo_cbeff_encode (GPtrArray *records) {
  GByteArray *group = g_byte_array_new ();
  guint8 count = (guint8) records->len;

  g_return_val_if_fail (records->len <= TAMBO_CBEFF_MAX_RECORDS,
                        g_byte_array_free_to_bytes (group));

  tambo_tlv_put (group, TAG_COUNT, &count, 1);
  for (guint i = 0; i < records->len; i++)
    put_record (group, g_ptr_array_index (records, i));
  tambo_tlv_wrap (group, TAG_GROUP);
  return g_byte_array_free_to_bytes (group);
}

static gpointer malformed (GError **error, const char *message) {
  g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_MALFORMED, "biometric template: %s",
               message);
  return NULL;
}

/* Doc 9303 leaves type and subtype of a face out when the writer likes; the format tells then. */
static gboolean read_type (const TamboTlv *header, TamboCbeffType *out_type) {
  TamboTlv type, format;
  gboolean told = tambo_tlv_find (header->value, header->length, TAG_TYPE, &type)
                  && type.length >= 1 && type.length <= 3;
  gboolean formed = tambo_tlv_find (header->value, header->length, TAG_FORMAT_TYPE, &format)
                    && format.length == 2 && format.value[0] == 0;

  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++) {
    const guint8 *formats = kinds[i].formats;
    if (told ? type.value[type.length - 1] == kinds[i].type
             : formed && (format.value[1] == formats[0] || format.value[1] == formats[1])) {
      *out_type = kinds[i].type;
      return TRUE;
    }
  }
  return FALSE;
}

/* Which family a block is of is told by its tag: the format is wrong on some documents. */
static gboolean read_data (const TamboTlv *template, TamboCbeffRecord *record) {
  TamboTlv data, standard;

  if (tambo_tlv_find (template->value, template->length, TAG_DATA, &data)) {
    record->encoding = TAMBO_ENCODING_19794;
    record->data = g_bytes_new (data.value, data.length);
    return TRUE;
  }
  if (!tambo_tlv_find (template->value, template->length, TAG_DATA_CONSTRUCTED, &data))
    return FALSE;
  TamboReader reader = tambo_reader (data.value, data.length);
  if (!tambo_tlv_next (&reader, &standard) || standard.tag != TAG_STANDARD_DATA
      || tambo_reader_left (&reader) > 0)
    return FALSE;
  record->encoding = TAMBO_ENCODING_39794;
  record->data = g_bytes_new (standard.value, standard.length);
  return TRUE;
}

static TamboCbeffRecord *parse_record (const TamboTlv *template, GError **error) {
  g_autoptr (TamboCbeffRecord) record = g_new0 (TamboCbeffRecord, 1);
  TamboTlv header, subtype;

  if (!tambo_tlv_find (template->value, template->length, TAG_HEADER, &header))
    return malformed (error, "no header A1");
  if (!read_type (&header, &record->type)) {
    g_set_error_literal (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_UNSUPPORTED,
                         "biometric template of neither face nor finger nor iris");
    return NULL;
  }
  if (!read_data (template, record))
    return malformed (error, "no data block 5F2E or 7F2E");
  if (tambo_tlv_find (header.value, header.length, TAG_SUBTYPE, &subtype) && subtype.length == 1)
    record->subtype = subtype.value[0];
  return g_steal_pointer (&record);
}

GPtrArray *tambo_cbeff_parse (gconstpointer data, gsize size, GError **error) {
  g_autoptr (GPtrArray) records =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_cbeff_record_free);
  TamboReader reader = tambo_reader (data, size);
  TamboTlv group, count, template;

  if (!tambo_tlv_next (&reader, &group) || group.tag != TAG_GROUP)
    return malformed (error, "no group template 7F61, or cut short");
  reader = tambo_reader (group.value, group.length);
  if (!tambo_tlv_next (&reader, &count) || count.tag != TAG_COUNT || count.length != 1)
    return malformed (error, "no number of instances");
  if (count.value[0] > TAMBO_CBEFF_MAX_RECORDS) {
    g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_TOO_LARGE,
                 "biometric template of %u instances", count.value[0]);
    return NULL;
  }

  for (guint i = 0; i < count.value[0]; i++) {
    if (!tambo_tlv_next (&reader, &template) || template.tag != TAG_TEMPLATE)
      return malformed (error, "fewer instances than it says");
    TamboCbeffRecord *record = parse_record (&template, error);
    if (record == NULL)
      return NULL;
    g_ptr_array_add (records, record);
  }
  return g_steal_pointer (&records);
}
