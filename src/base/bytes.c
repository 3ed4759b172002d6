/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/bytes.h"

#include <openssl/crypto.h>
#include <string.h>

TamboReader tambo_reader (gconstpointer data, gsize size) {
  return (TamboReader){ .data = data, .size = data != NULL ? size : 0, .position = 0 };
}

TamboReader tambo_reader_for_bytes (GBytes *bytes) {
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  return tambo_reader (data, size);
}

gsize tambo_reader_left (const TamboReader *reader) {
  return reader->size - reader->position;
}

static gboolean read_big_endian (TamboReader *reader, gsize size, guint64 *out_value) {
  guint64 value = 0;

  if (tambo_reader_left (reader) < size)
    return FALSE;
  for (gsize i = 0; i < size; i++)
    value = value << 8 | reader->data[reader->position + i];
  reader->position += size;
  *out_value = value;
  return TRUE;
}

gboolean tambo_reader_u8 (TamboReader *reader, guint8 *out_value) {
  guint64 value;

  if (!read_big_endian (reader, 1, &value))
    return FALSE;
  *out_value = (guint8) value;
  return TRUE;
}

gboolean tambo_reader_u16 (TamboReader *reader, guint16 *out_value) {
  guint64 value;

  if (!read_big_endian (reader, 2, &value))
    return FALSE;
  *out_value = (guint16) value;
  return TRUE;
}

gboolean tambo_reader_u32 (TamboReader *reader, guint32 *out_value) {
  guint64 value;

  if (!read_big_endian (reader, 4, &value))
    return FALSE;
  *out_value = (guint32) value;
  return TRUE;
}

gboolean tambo_reader_u64 (TamboReader *reader, guint64 *out_value) {
  return read_big_endian (reader, 8, out_value);
}

gboolean tambo_reader_take (TamboReader *reader, gsize size, const guint8 **out_data) {
  if (tambo_reader_left (reader) < size)
    return FALSE;
  /* An empty reader may have no data at all, and NULL + 0 is not C. */
  *out_data = reader->data != NULL ? reader->data + reader->position : (const guint8 *) "";
  reader->position += size;
  return TRUE;
}

static void put_big_endian (GByteArray *array, guint64 value, gsize size) {
  guint8 buffer[8];

  for (gsize i = 0; i < size; i++)
    buffer[i] = (guint8) (value >> 8 * (size - 1 - i));
  g_byte_array_append (array, buffer, (guint) size);
}

void tambo_put_u8 (GByteArray *array, guint8 value) {
  put_big_endian (array, value, 1);
}

void tambo_put_u16 (GByteArray *array, guint16 value) {
  put_big_endian (array, value, 2);
}

void tambo_put_u32 (GByteArray *array, guint32 value) {
  put_big_endian (array, value, 4);
}

void tambo_put_u64 (GByteArray *array, guint64 value) {
  put_big_endian (array, value, 8);
}

void tambo_put_bytes (GByteArray *array, gconstpointer data, gsize size) {
  g_return_if_fail (size <= G_MAXUINT - array->len);
  if (size > 0)
    g_byte_array_append (array, data, (guint) size);
}

char *tambo_hex_encode (gconstpointer data, gsize size) {
  static const char digits[] = "0123456789abcdef";
  const guint8 *bytes = data;
  char *text;

  g_return_val_if_fail (size <= (G_MAXSIZE - 1) / 2, NULL);
  text = g_malloc (2 * size + 1);
  for (gsize i = 0; i < size; i++) {
    text[2 * i] = digits[bytes[i] >> 4];
    text[2 * i + 1] = digits[bytes[i] & 0x0f];
  }
  text[2 * size] = '\0';
  return text;
}

GBytes *tambo_hex_decode (const char *text) {
  gsize length = text != NULL ? strlen (text) : 1;
  g_autofree guint8 *bytes = NULL;

  if (length % 2 != 0)
    return NULL;
  bytes = g_malloc (length / 2 + 1);
  for (gsize i = 0; i < length / 2; i++) {
    int high = g_ascii_xdigit_value (text[2 * i]);
    int low = g_ascii_xdigit_value (text[2 * i + 1]);

    if (high < 0 || low < 0)
      return NULL;
    bytes[i] = (guint8) (high << 4 | low);
  }
  return g_bytes_new_take (g_steal_pointer (&bytes), length / 2);
}

char *tambo_base64_encode (GBytes *bytes) {
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);

  return g_base64_encode (data != NULL ? data : (const guint8 *) "", size);
}

static int base64_value (char c) {
  if (c >= 'A' && c <= 'Z')
    return c - 'A';
  if (c >= 'a' && c <= 'z')
    return c - 'a' + 26;
  if (c >= '0' && c <= '9')
    return c - '0' + 52;
  if (c == '+')
    return 62;
  return c == '/' ? 63 : -1;
}

/* g_base64_decode skips what it does not know and accepts non-zero trailing bits; a text that is
 * hashed or signed must have one form only. */
GBytes *tambo_base64_decode (const char *text) {
  gsize length = text != NULL ? strlen (text) : 1;
  gsize padding = 0, used = 0;
  g_autofree guint8 *bytes = NULL;
  guint32 bits = 0;

  if (length % 4 != 0)
    return NULL;
  while (padding < 2 && padding < length && text[length - 1 - padding] == '=')
    padding++;
  bytes = g_malloc (length / 4 * 3 + 1);
  for (gsize i = 0; i < length; i++) {
    gboolean is_padding = i >= length - padding;
    int value = is_padding ? 0 : base64_value (text[i]);

    if (value < 0)
      return NULL;
    bits = bits << 6 | (guint32) value;
    if (i % 4 == 3) {
      bytes[used++] = (guint8) (bits >> 16);
      bytes[used++] = (guint8) (bits >> 8);
      bytes[used++] = (guint8) bits;
    }
  }
  for (gsize i = 0; i < padding; i++)
    if (bytes[--used] != 0)
      return NULL;
  return g_bytes_new_take (g_steal_pointer (&bytes), used);
}

gboolean tambo_bytes_equal_secret (GBytes *a, GBytes *b) {
  gsize size_a, size_b;
  const guint8 *data_a = g_bytes_get_data (a, &size_a);
  const guint8 *data_b = g_bytes_get_data (b, &size_b);

  if (size_a != size_b)
    return FALSE;
  return size_a == 0 || CRYPTO_memcmp (data_a, data_b, size_a) == 0;
}
