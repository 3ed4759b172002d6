/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/an2k.h"

#include <string.h>

#include "base/bytes.h"
#include "format/format-error.h"

/* Annex B.1: file, group, record and unit separators. */
#define FS '\x1C'
#define GS '\x1D'
#define RS '\x1E'
#define US '\x1F'

#define FIELD_LENGTH 1
#define FIELD_IDC 2
#define FIELD_CONTENTS 3
#define FIELD_DATA 999 /* may hold every byte: it goes to the end of its record */
#define TYPE_MAX 99
#define BINARY_HEADER 5 /* length and IDC */
#define LENGTH_DIGITS_MAX 9
#define NATIVE_RESOLUTION "19.69" /* pixels per millimetre: 500 ppi */
#define VERSION "0501"

static gboolean is_binary (guint type) {
  return type >= 3 && type <= 8;
}

static void field_free (gpointer data) {
  TamboAn2kField *field = data;

  g_free (field->tag);
  g_bytes_unref (field->value);
  g_free (field);
}

static void record_free (gpointer data) {
  TamboAn2kRecord *record = data;

  g_clear_pointer (&record->fields, g_ptr_array_unref);
  g_clear_pointer (&record->body, g_bytes_unref);
  g_free (record);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboAn2kRecord, record_free)

static TamboAn2kRecord *record_new (guint type, guint idc, GBytes *body) {
  TamboAn2kRecord *record = g_new0 (TamboAn2kRecord, 1);

  record->type = (guint8) type;
  record->idc = (guint8) idc;
  if (body != NULL)
    record->body = g_bytes_ref (body);
  else
    record->fields = g_ptr_array_new_with_free_func (field_free);
  return record;
}

static TamboAn2k *an2k_new_empty (void) {
  TamboAn2k *an2k = g_new0 (TamboAn2k, 1);

  an2k->records = g_ptr_array_new_with_free_func (record_free);
  return an2k;
}

void tambo_an2k_free (TamboAn2k *an2k) {
  if (an2k == NULL)
    return;
  g_ptr_array_unref (an2k->records);
  g_free (an2k);
}

/* ---- fields ---- */

static TamboAn2kField *find_field (const TamboAn2kRecord *record, guint number) {
  for (guint i = 0; record->fields != NULL && i < record->fields->len; i++) {
    TamboAn2kField *field = g_ptr_array_index (record->fields, i);
    if (field->number == number)
      return field;
  }
  return NULL;
}

static void add_field (TamboAn2kRecord *record, guint number, char *tag, GBytes *value) {
  TamboAn2kField *field = g_new0 (TamboAn2kField, 1);

  field->number = (guint16) number;
  field->tag = tag;
  field->value = g_bytes_ref (value);
  g_ptr_array_add (record->fields, field);
}

void tambo_an2k_record_add_bytes (TamboAn2kRecord *record, guint16 number, GBytes *value) {
  add_field (record, number, g_strdup_printf ("%u.%03u", record->type, number), value);
}

void tambo_an2k_record_add (TamboAn2kRecord *record, guint16 number, const char *value) {
  g_autoptr (GBytes) bytes = g_bytes_new (value, strlen (value));

  tambo_an2k_record_add_bytes (record, number, bytes);
}

void tambo_an2k_record_add_int (TamboAn2kRecord *record, guint16 number, int value) {
  g_autofree char *text = g_strdup_printf ("%d", value);

  tambo_an2k_record_add (record, number, text);
}

GBytes *tambo_an2k_record_get_bytes (const TamboAn2kRecord *record, guint16 number) {
  TamboAn2kField *field = find_field (record, number);

  return field != NULL ? field->value : NULL;
}

/* Part INDEX of what SEPARATOR divides; FALSE when there are fewer. */
static gboolean take_part (const char **text, gsize *size, char separator, guint index) {
  for (;; index--) {
    const char *end = *size > 0 ? memchr (*text, separator, *size) : NULL;
    if (index == 0) {
      *size = end != NULL ? (gsize) (end - *text) : *size;
      return TRUE;
    }
    if (end == NULL)
      return FALSE;
    *size -= (gsize) (end + 1 - *text);
    *text = end + 1;
  }
}

char *tambo_an2k_record_dup_item (const TamboAn2kRecord *record, guint16 number, guint subfield,
                                  guint item) {
  GBytes *value = tambo_an2k_record_get_bytes (record, number);
  const char *text;
  gsize size;

  if (value == NULL)
    return NULL;
  text = g_bytes_get_data (value, &size);
  if (!take_part (&text, &size, RS, subfield) || !take_part (&text, &size, US, item)
      || (size > 0 && memchr (text, '\0', size) != NULL))
    return NULL;
  return g_strndup (text != NULL ? text : "", size);
}

gboolean tambo_an2k_record_get_int (const TamboAn2kRecord *record, guint16 number, guint max,
                                    guint *out_value) {
  g_autofree char *text = tambo_an2k_record_dup_item (record, number, 0, 0);
  guint64 value;

  if (text == NULL || !g_ascii_string_to_unsigned (text, 10, 0, max, &value, NULL))
    return FALSE;
  *out_value = (guint) value;
  return TRUE;
}

/* ---- making ---- */

static void set_contents (TamboAn2k *an2k) {
  TamboAn2kField *contents = find_field (g_ptr_array_index (an2k->records, 0), FIELD_CONTENTS);
  g_autoptr (GString) text = g_string_new (NULL);

  g_string_append_printf (text, "1%c%u", US, an2k->records->len - 1);
  for (guint i = 1; i < an2k->records->len; i++) {
    const TamboAn2kRecord *record = g_ptr_array_index (an2k->records, i);
    g_string_append_printf (text, "%c%u%c%02u", RS, record->type, US, record->idc);
  }
  g_bytes_unref (contents->value);
  contents->value = g_bytes_new (text->str, text->len);
}

TamboAn2k *tambo_an2k_new (const TamboAn2kHeader *header) {
  TamboAn2k *an2k = an2k_new_empty ();
  TamboAn2kRecord *first = record_new (1, 0, NULL);
  g_autoptr (GDateTime) time = g_date_time_new_from_unix_utc (header->time);
  g_autofree char *date = g_date_time_format (time, "%Y%m%d");
  g_autofree char *moment = g_date_time_format (time, "%Y%m%d%H%M%SZ");

  g_ptr_array_add (an2k->records, first);
  tambo_an2k_record_add (first, FIELD_LENGTH, "");
  tambo_an2k_record_add (first, 2, VERSION);
  tambo_an2k_record_add (first, FIELD_CONTENTS, "");
  tambo_an2k_record_add (first, 4, header->transaction);
  tambo_an2k_record_add (first, 5, date);
  tambo_an2k_record_add (first, 7, header->destination);
  tambo_an2k_record_add (first, 8, header->origin);
  tambo_an2k_record_add (first, 9, header->control);
  tambo_an2k_record_add (first, 11, NATIVE_RESOLUTION);
  tambo_an2k_record_add (first, 12, NATIVE_RESOLUTION);
  if (header->domain != NULL)
    tambo_an2k_record_add (first, 13, header->domain);
  tambo_an2k_record_add (first, 14, moment);
  set_contents (an2k);
  return an2k;
}

TamboAn2kRecord *tambo_an2k_add_record (TamboAn2k *an2k, guint8 type, GBytes *body) {
  TamboAn2kRecord *record = record_new (type, an2k->records->len - 1, body);

  if (body == NULL) {
    g_autofree char *idc = g_strdup_printf ("%02u", record->idc);
    tambo_an2k_record_add (record, FIELD_LENGTH, "");
    tambo_an2k_record_add (record, FIELD_IDC, idc);
  }
  g_ptr_array_add (an2k->records, record);
  set_contents (an2k);
  return record;
}

/* ---- out ---- */

static gsize field_size (const TamboAn2kField *field) {
  return strlen (field->tag) + 1 + g_bytes_get_size (field->value) + 1; /* colon, separator */
}

/* The length counts its own digits. */
static gsize tagged_size (const TamboAn2kRecord *record) {
  gsize others = 0, size;

  for (guint i = 0; i < record->fields->len; i++) {
    const TamboAn2kField *field = g_ptr_array_index (record->fields, i);
    others += field_size (field);
    if (field->number == FIELD_LENGTH)
      others -= g_bytes_get_size (field->value);
  }
  size = others;
  for (gsize digits = 1; digits <= LENGTH_DIGITS_MAX; digits++) {
    char text[24];
    size = others + digits;
    if ((gsize) g_snprintf (text, sizeof text, "%" G_GSIZE_FORMAT, size) == digits)
      break;
  }
  return size;
}

static void put_field (GByteArray *array, const TamboAn2kField *field, gsize record_size) {
  tambo_put_bytes (array, field->tag, strlen (field->tag));
  tambo_put_u8 (array, ':');
  if (field->number == FIELD_LENGTH) {
    g_autofree char *text = g_strdup_printf ("%" G_GSIZE_FORMAT, record_size);
    tambo_put_bytes (array, text, strlen (text));
  } else {
    gsize size;
    gconstpointer data = g_bytes_get_data (field->value, &size);
    tambo_put_bytes (array, data, size);
  }
}

static void put_record (GByteArray *array, const TamboAn2kRecord *record) {
  if (record->body != NULL) {
    gsize size;
    gconstpointer body = g_bytes_get_data (record->body, &size);
    tambo_put_u32 (array, (guint32) (BINARY_HEADER + size));
    tambo_put_u8 (array, record->idc);
    tambo_put_bytes (array, body, size);
    return;
  }
  gsize size = tagged_size (record);
  for (guint i = 0; i < record->fields->len; i++) {
    put_field (array, g_ptr_array_index (record->fields, i), size);
    tambo_put_u8 (array, (guint8) (i + 1 < record->fields->len ? GS : FS));
  }
}

GBytes *tambo_an2k_encode (const TamboAn2k *an2k) {
  GByteArray *array = g_byte_array_new ();

  for (guint i = 0; i < an2k->records->len; i++)
    put_record (array, g_ptr_array_index (an2k->records, i));
  return g_byte_array_free_to_bytes (array);
}

/* ---- in ---- */

static gpointer fail (GError **error, const char *message) {
  g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_MALFORMED, "ANSI/NIST transaction: %s",
               message);
  return NULL;
}

/* Decimal digits up to the byte END, which is eaten too. */
static gboolean take_number (TamboReader *reader, char end, guint max, guint *out_value) {
  guint value = 0, digits = 0;
  guint8 byte;

  while (tambo_reader_u8 (reader, &byte) && byte != (guint8) end) {
    if (!g_ascii_isdigit (byte) || ++digits > LENGTH_DIGITS_MAX)
      return FALSE;
    value = value * 10 + (guint) (byte - '0');
  }
  if (digits == 0 || value > max || reader->data[reader->position - 1] != (guint8) end)
    return FALSE;
  *out_value = value;
  return TRUE;
}

/* "14.013:"; the type is as the record says, save for slips that are kept. */
static gboolean take_tag (TamboReader *reader, guint *out_type, guint *out_number, char **out_tag) {
  gsize start = reader->position;

  if (!take_number (reader, '.', TYPE_MAX, out_type)
      || !take_number (reader, ':', FIELD_DATA, out_number))
    return FALSE;
  *out_tag = g_strndup ((const char *) reader->data + start, reader->position - 1 - start);
  return TRUE;
}

/* One field of RECORD, whose bytes READER has without the last separator. */
static gboolean take_field (TamboReader *reader, TamboAn2kRecord *record) {
  g_autofree char *tag = NULL;
  guint type, number;
  const guint8 *data;

  if (record->fields->len >= TAMBO_AN2K_FIELDS_MAX || !take_tag (reader, &type, &number, &tag)
      || number == 0 || (number == FIELD_LENGTH) != (record->fields->len == 0))
    return FALSE;
  gsize left = tambo_reader_left (reader);
  const guint8 *start = reader->data + reader->position;
  const guint8 *end = number == FIELD_DATA || left == 0 ? NULL : memchr (start, GS, left);
  if (!tambo_reader_take (reader, end != NULL ? (gsize) (end - start) : left, &data))
    return FALSE;
  g_autoptr (GBytes) value = g_bytes_new (data, end != NULL ? (gsize) (end - start) : left);
  add_field (record, number, g_steal_pointer (&tag), value);
  return end == NULL || tambo_reader_take (reader, 1, &data);
}

/* How many bytes the tagged record at READER has; it begins with its type and length. */
static gboolean look_at_length (TamboReader reader, guint type, guint *out_size) {
  g_autofree char *tag = NULL;
  guint told, number;

  return take_tag (&reader, &told, &number, &tag) && told == type && number == FIELD_LENGTH
         && take_number (&reader, GS, G_MAXINT, out_size) && *out_size > 0;
}

static TamboAn2kRecord *take_tagged (TamboReader *reader, guint type, guint idc, GError **error) {
  g_autoptr (TamboAn2kRecord) record = record_new (type, idc, NULL);
  const guint8 *data;
  guint size, told;

  if (!look_at_length (*reader, type, &size))
    return fail (error, "a record does not begin with its type and length");
  if (!tambo_reader_take (reader, size, &data))
    return fail (error, "a record is cut short");
  if (data[size - 1] != FS)
    return fail (error, "a record does not end with the file separator");
  TamboReader fields = tambo_reader (data, size - 1);
  while (tambo_reader_left (&fields) > 0)
    if (!take_field (&fields, record))
      return fail (error, "a field is not of the form TYPE.NUMBER:VALUE");
  if (type != 1
      && (!tambo_an2k_record_get_int (record, FIELD_IDC, G_MAXUINT8, &told) || told != idc))
    return fail (error, "a record has another designation than the contents say");
  return g_steal_pointer (&record);
}

static TamboAn2kRecord *take_binary (TamboReader *reader, guint type, guint idc, GError **error) {
  const guint8 *data;
  guint32 size;
  guint8 told;

  if (!tambo_reader_u32 (reader, &size) || !tambo_reader_u8 (reader, &told) || size < BINARY_HEADER
      || !tambo_reader_take (reader, size - BINARY_HEADER, &data))
    return fail (error, "a binary record is cut short");
  if (told != idc)
    return fail (error, "a record has another designation than the contents say");
  g_autoptr (GBytes) body = g_bytes_new (data, size - BINARY_HEADER);
  return record_new (type, idc, body);
}

/* Entry INDEX of 1.003, counted from 1: type and IDC. */
static gboolean read_entry (const TamboAn2kRecord *first, guint index, guint *out_type,
                            guint *out_idc) {
  g_autofree char *type = tambo_an2k_record_dup_item (first, FIELD_CONTENTS, index, 0);
  g_autofree char *idc = tambo_an2k_record_dup_item (first, FIELD_CONTENTS, index, 1);
  guint64 type_value, idc_value;

  if (type == NULL || idc == NULL
      || !g_ascii_string_to_unsigned (type, 10, 2, TYPE_MAX, &type_value, NULL)
      || !g_ascii_string_to_unsigned (idc, 10, 0, G_MAXUINT8, &idc_value, NULL))
    return FALSE;
  *out_type = (guint) type_value;
  *out_idc = (guint) idc_value;
  return TRUE;
}

static gboolean read_count (const TamboAn2kRecord *first, guint *out_count) {
  g_autofree char *count = tambo_an2k_record_dup_item (first, FIELD_CONTENTS, 0, 1);
  guint64 value;

  if (count == NULL
      || !g_ascii_string_to_unsigned (count, 10, 0, TAMBO_AN2K_RECORDS_MAX, &value, NULL))
    return FALSE;
  *out_count = (guint) value;
  return TRUE;
}

gboolean tambo_an2k_sniff (GBytes *bytes) {
  guint size;

  return look_at_length (tambo_reader_for_bytes (bytes), 1, &size);
}

static gboolean take_records (TamboReader *reader, TamboAn2k *an2k, GError **error) {
  const TamboAn2kRecord *first = g_ptr_array_index (an2k->records, 0);
  guint count, type, idc;

  if (!read_count (first, &count))
    return fail (error, "no contents (1.003)") != NULL;
  for (guint i = 1; i <= count; i++) {
    if (!read_entry (first, i, &type, &idc))
      return fail (error, "the contents (1.003) name no record of a known form") != NULL;
    TamboAn2kRecord *record = is_binary (type) ? take_binary (reader, type, idc, error)
                                               : take_tagged (reader, type, idc, error);
    if (record == NULL)
      return FALSE;
    g_ptr_array_add (an2k->records, record);
  }
  return TRUE;
}

TamboAn2k *tambo_an2k_parse (GBytes *bytes, GError **error) {
  g_autoptr (TamboAn2k) an2k = an2k_new_empty ();
  TamboReader reader = tambo_reader_for_bytes (bytes);
  TamboAn2kRecord *first = take_tagged (&reader, 1, 0, error);

  if (first == NULL)
    return NULL;
  g_ptr_array_add (an2k->records, first);
  if (!take_records (&reader, an2k, error))
    return NULL;
  if (tambo_reader_left (&reader) > 0)
    return fail (error, "bytes behind the last record");
  return g_steal_pointer (&an2k);
}
