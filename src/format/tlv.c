/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/tlv.h"

#define MAX_TAG_BYTES 3
#define MAX_LENGTH_BYTES 4

/* Doc 9303 uses tags such as 5F01 and 5F0E, which X.690 would write in one byte: the number is not
 * looked at, only where the tag ends. */
static gboolean read_tag (TamboReader *reader, guint32 *out_tag) {
  guint8 byte;
  if (!tambo_reader_u8 (reader, &byte) || byte == 0)
    return FALSE;

  guint32 tag = byte;
  if ((byte & 0x1F) == 0x1F) {
    int count = 1;
    do {
      if (count == MAX_TAG_BYTES || !tambo_reader_u8 (reader, &byte))
        return FALSE;
      if (count == 1 && byte == 0x80) /* a leading zero: no shortest form */
        return FALSE;
      tag = tag << 8 | byte;
      count++;
    } while (byte & 0x80);
  }
  *out_tag = tag;
  return TRUE;
}

static gboolean read_length (TamboReader *reader, guint32 *out_length) {
  guint8 byte;
  if (!tambo_reader_u8 (reader, &byte))
    return FALSE;
  if (byte < 0x80) {
    *out_length = byte;
    return TRUE;
  }

  int count = byte & 0x7F;
  if (count == 0 || count > MAX_LENGTH_BYTES) /* 0: indefinite */
    return FALSE;
  guint32 length = 0;
  for (int i = 0; i < count; i++) {
    if (!tambo_reader_u8 (reader, &byte))
      return FALSE;
    length = length << 8 | byte;
  }
  *out_length = length;
  return TRUE;
}

gboolean tambo_tlv_next (TamboReader *reader, TamboTlv *out_tlv) {
  TamboReader ahead = *reader;
  guint32 tag, length;
  const guint8 *value;

  if (!read_tag (&ahead, &tag) || !read_length (&ahead, &length)
      || !tambo_reader_take (&ahead, length, &value))
    return FALSE;

  *out_tlv = (TamboTlv){ .tag = tag, .value = value, .length = length };
  *reader = ahead;
  return TRUE;
}

gboolean tambo_tlv_find (gconstpointer data, gsize size, guint32 tag, TamboTlv *out_tlv) {
  TamboReader reader = tambo_reader (data, size);
  TamboTlv tlv;

  while (tambo_tlv_next (&reader, &tlv)) {
    if (tlv.tag == tag) {
      *out_tlv = tlv;
      return TRUE;
    }
  }
  return FALSE;
}

gboolean tambo_tlv_total_size (gconstpointer header, gsize header_size, gsize *out_size) {
  TamboReader reader = tambo_reader (header, header_size);
  guint32 tag, length;

  if (!read_tag (&reader, &tag) || !read_length (&reader, &length))
    return FALSE;
  return g_size_checked_add (out_size, reader.position, length);
}

/* The most that tag and length take together. */
#define HEADER_MAX (MAX_TAG_BYTES + 1 + MAX_LENGTH_BYTES)

static gsize write_header (guint8 header[HEADER_MAX], guint32 tag, gsize length) {
  gsize n = 0;

  g_return_val_if_fail (tag > 0 && tag <= 0xFFFFFF, 0);
  g_return_val_if_fail (length <= G_MAXUINT32, 0);

  for (int shift = 16; shift >= 0; shift -= 8)
    if (tag >> shift)
      header[n++] = (guint8) (tag >> shift);

  if (length < 0x80) {
    header[n++] = (guint8) length;
    return n;
  }
  int count = length > 0xFFFFFF ? 4 : length > 0xFFFF ? 3 : length > 0xFF ? 2 : 1;
  header[n++] = (guint8) (0x80 | count);
  for (int shift = 8 * (count - 1); shift >= 0; shift -= 8)
    header[n++] = (guint8) (length >> shift);
  return n;
}

void tambo_tlv_put (GByteArray *array, guint32 tag, gconstpointer value, gsize length) {
  guint8 header[HEADER_MAX];
  gsize n = write_header (header, tag, length);

  tambo_put_bytes (array, header, n);
  tambo_put_bytes (array, value, length);
}

void tambo_tlv_put_bytes (GByteArray *array, guint32 tag, GBytes *value) {
  gsize length;
  gconstpointer data = g_bytes_get_data (value, &length);

  tambo_tlv_put (array, tag, data, length);
}

void tambo_tlv_wrap (GByteArray *array, guint32 tag) {
  guint8 header[HEADER_MAX];
  gsize n = write_header (header, tag, array->len);

  g_byte_array_prepend (array, header, (guint) n);
}
