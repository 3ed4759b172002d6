/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/idb.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"

#define MAGIC "RDB1"
#define SIGNED 'B'    /* and not compressed */
#define MAX_TEXT 4296 /* of one QR code, ISO/IEC 18004 table 7 */
#define ALGORITHM_ECDSA_SHA256 1
#define HEADER_SIZE 12
#define TAG_MESSAGES 0x61
#define TAG_CERTIFICATE 0x7e
#define TAG_SIGNATURE 0x7f

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

void tambo_idb_free (TamboIdb *idb) {
  if (idb == NULL)
    return;
  g_free (idb->document);
  g_clear_pointer (&idb->certificate, g_bytes_unref);
  g_clear_pointer (&idb->signature, g_bytes_unref);
  g_clear_pointer (&idb->statement, g_bytes_unref);
  g_free (idb);
}

static gboolean malformed (GError **error, const char *what) {
  g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_MALFORMED, "the seal has %s", what);
  return FALSE;
}

/* ---- base 32, RFC 4648 section 6 ---- */

static void put_base32 (GString *text, const guint8 *data, gsize size) {
  guint32 bits = 0;
  int n_bits = 0;

  for (gsize i = 0; i < size; i++) {
    bits = bits << 8 | data[i];
    for (n_bits += 8; n_bits >= 5; n_bits -= 5)
      g_string_append_c (text, alphabet[bits >> (n_bits - 5) & 31]);
  }
  if (n_bits > 0)
    g_string_append_c (text, alphabet[bits << (5 - n_bits) & 31]);
}

static GByteArray *read_base32 (const char *text, GError **error) {
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  guint32 bits = 0;
  int n_bits = 0;

  for (; *text != '\0'; text++) {
    const char *place = strchr (alphabet, *text);
    if (place == NULL) {
      malformed (error, "a character that is not of base 32");
      return NULL;
    }
    bits = bits << 5 | (guint32) (place - alphabet);
    n_bits += 5;
    if (n_bits < 8)
      continue;
    n_bits -= 8;
    guint8 byte = (guint8) (bits >> n_bits);
    g_byte_array_append (bytes, &byte, 1);
  }
  /* One text for one seal: what is left over is zero, and less than a character. */
  if (n_bits >= 5 || (bits & ((1u << n_bits) - 1)) != 0) {
    malformed (error, "bits left over");
    return NULL;
  }
  return g_steal_pointer (&bytes);
}

/* ---- countries and dates ---- */

/* C40 of ISO/IEC 16022: three characters in 16 bits; "<" is a blank. */
static gboolean put_country (GByteArray *bytes, const char *country, GError **error) {
  guint32 sum = 0;

  for (int i = 0; i < 3; i++) {
    if (!g_ascii_isupper (country[i]) && country[i] != '<')
      return malformed (error, "no country of three letters");
    sum = sum * 40 + (country[i] == '<' ? 3u : (guint32) (country[i] - 51));
  }
  sum += 1;
  tambo_put_u16 (bytes, (guint16) sum);
  return TRUE;
}

static gboolean read_country (const guint8 *data, char country[4], GError **error) {
  guint32 sum = (guint32) data[0] << 8 | data[1];

  if (sum == 0 || --sum >= 40 * 1600)
    return malformed (error, "no country");
  for (int i = 2; i >= 0; i--, sum /= 40) {
    guint32 unit = sum % 40;
    if (unit != 3 && (unit < 14 || unit > 39))
      return malformed (error, "no country");
    country[i] = unit == 3 ? '<' : (char) (unit + 51);
  }
  country[3] = '\0';
  return TRUE;
}

/* A mask, of which no bit is set here, and MMDDYYYY as a number of three bytes. */
static gboolean put_date (GByteArray *bytes, const char *date, GError **error) {
  guint year, month, day;

  if (strlen (date) != 10 || sscanf (date, "%4u-%2u-%2u", &year, &month, &day) != 3
      || !g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year))
    return malformed (error, "no date");
  tambo_put_u32 (bytes, month * 1000000 + day * 10000 + year);
  return TRUE;
}

static gboolean read_date (const guint8 *data, char date[11], GError **error) {
  guint32 number = (guint32) data[1] << 16 | (guint32) data[2] << 8 | data[3];
  guint month = number / 1000000, day = number / 10000 % 100, year = number % 10000;

  if (data[0] != 0 || month < 1 || month > 12
      || !g_date_valid_dmy ((GDateDay) day, (GDateMonth) month, (GDateYear) year))
    return malformed (error, "no whole date");
  g_snprintf (date, 11, "%04u-%02u-%02u", year, month, day);
  return TRUE;
}

/* ---- tag, length, value ---- */

static void put_tlv (GByteArray *bytes, guint8 tag, gconstpointer data, gsize size) {
  const guint8 head[4] = { tag, 0x82, (guint8) (size >> 8), (guint8) size };
  const guint8 shorter[3] = { tag, 0x81, (guint8) size };
  const guint8 shortest[2] = { tag, (guint8) size };

  if (size < 128)
    g_byte_array_append (bytes, shortest, sizeof shortest);
  else if (size < 256)
    g_byte_array_append (bytes, shorter, sizeof shorter);
  else
    g_byte_array_append (bytes, head, sizeof head);
  g_byte_array_append (bytes, data, (guint) size);
}

typedef struct {
  guint8 tag;
  const guint8 *data;
  gsize size;
} Tlv;

/* Lengths in their shortest form alone. */
static gboolean take_tlv (const guint8 **at, gsize *left, Tlv *out_tlv, GError **error) {
  gsize head = 2, size = *left >= 2 ? (*at)[1] : 0;

  if (*left >= 3 && size == 0x81) {
    head = 3;
    size = (*at)[2];
    if (size < 128)
      return malformed (error, "a length that is too long");
  } else if (*left >= 4 && size == 0x82) {
    head = 4;
    size = (gsize) (*at)[2] << 8 | (*at)[3];
    if (size < 256)
      return malformed (error, "a length that is too long");
  } else if (size >= 128)
    return malformed (error, "a length that is none");
  if (*left < head || *left - head < size)
    return malformed (error, "an end too early");
  *out_tlv = (Tlv){ .tag = (*at)[0], .data = *at + head, .size = size };
  *at += head + size;
  *left -= head + size;
  return TRUE;
}

/* ---- the whole ---- */

gboolean tambo_idb_sniff (const char *text) {
  return g_str_has_prefix (text, MAGIC);
}

static gboolean put_messages (GByteArray *bytes, const TamboIdb *idb, GError **error) {
  g_autoptr (GByteArray) messages = g_byte_array_new ();
  g_autoptr (GByteArray) expiry = g_byte_array_new ();
  guint8 type = (guint8) idb->type;

  if (*idb->expiry != '\0') {
    if (!put_date (expiry, idb->expiry, error))
      return FALSE;
    put_tlv (messages, TAMBO_IDB_EXPIRY, expiry->data, expiry->len);
  }
  if (idb->document != NULL)
    put_tlv (messages, TAMBO_IDB_DOCUMENT, idb->document, strlen (idb->document));
  if (idb->type >= 0)
    put_tlv (messages, TAMBO_IDB_TYPE, &type, 1);
  put_tlv (bytes, TAG_MESSAGES, messages->data, messages->len);
  return TRUE;
}

GBytes *tambo_idb_make_statement (const TamboIdb *idb, GError **error) {
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  const guint8 algorithm = ALGORITHM_ECDSA_SHA256;

  if (!put_country (bytes, idb->country, error))
    return NULL;
  g_byte_array_append (bytes, &algorithm, 1);
  g_byte_array_append (bytes, idb->reference, TAMBO_IDB_REFERENCE_SIZE);
  if (!put_date (bytes, idb->date, error) || !put_messages (bytes, idb, error))
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&bytes));
}

char *tambo_idb_encode (const TamboIdb *idb, GBytes *statement) {
  g_autoptr (GByteArray) bytes = g_byte_array_new ();
  GString *text = g_string_new (MAGIC);
  gsize size;
  const guint8 *data = g_bytes_get_data (statement, &size);

  g_byte_array_append (bytes, data, (guint) size);
  if (idb->certificate != NULL) {
    data = g_bytes_get_data (idb->certificate, &size);
    put_tlv (bytes, TAG_CERTIFICATE, data, size);
  }
  data = g_bytes_get_data (idb->signature, &size);
  put_tlv (bytes, TAG_SIGNATURE, data, size);
  g_string_append_c (text, SIGNED);
  put_base32 (text, bytes->data, bytes->len);
  return g_string_free (text, FALSE);
}

static gboolean read_header (TamboIdb *idb, const guint8 *data, gsize size, GError **error) {
  if (size < HEADER_SIZE)
    return malformed (error, "an end too early");
  if (data[2] != ALGORITHM_ECDSA_SHA256) {
    g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_UNSUPPORTED,
                 "the seal is signed with an algorithm (%u) that is not read here", data[2]);
    return FALSE;
  }
  memcpy (idb->reference, data + 3, TAMBO_IDB_REFERENCE_SIZE);
  return read_country (data, idb->country, error) && read_date (data + 8, idb->date, error);
}

static gboolean read_message (TamboIdb *idb, const Tlv *tlv, GError **error) {
  switch (tlv->tag) {
  case TAMBO_IDB_EXPIRY:
    return tlv->size == 4 ? read_date (tlv->data, idb->expiry, error)
                          : malformed (error, "no date of expiry");
  case TAMBO_IDB_DOCUMENT:
    if (idb->document != NULL || tlv->size == 0 || memchr (tlv->data, '\0', tlv->size) != NULL
        || !g_utf8_validate ((const char *) tlv->data, (gssize) tlv->size, NULL))
      return malformed (error, "no document number");
    idb->document = g_strndup ((const char *) tlv->data, tlv->size);
    return TRUE;
  case TAMBO_IDB_TYPE:
    if (tlv->size != 1)
      return malformed (error, "no document type");
    idb->type = tlv->data[0];
    return TRUE;
  default:
    return TRUE;
  }
}

static gboolean read_messages (TamboIdb *idb, const Tlv *group, GError **error) {
  const guint8 *at = group->data;
  gsize left = group->size;
  Tlv tlv;

  while (left > 0)
    if (!take_tlv (&at, &left, &tlv, error) || !read_message (idb, &tlv, error))
      return FALSE;
  return TRUE;
}

static gboolean read_rest (TamboIdb *idb, const guint8 *at, gsize left, GError **error) {
  Tlv tlv;

  if (!take_tlv (&at, &left, &tlv, error))
    return FALSE;
  if (tlv.tag == TAG_CERTIFICATE) {
    idb->certificate = g_bytes_new (tlv.data, tlv.size);
    if (!take_tlv (&at, &left, &tlv, error))
      return FALSE;
  }
  if (tlv.tag != TAG_SIGNATURE || tlv.size != TAMBO_IDB_SIGNATURE_SIZE)
    return malformed (error, "no signature");
  idb->signature = g_bytes_new (tlv.data, tlv.size);
  return left == 0 || malformed (error, "something behind its signature");
}

TamboIdb *tambo_idb_parse (const char *text, GError **error) {
  g_autoptr (TamboIdb) idb = g_new0 (TamboIdb, 1);
  Tlv group;

  idb->type = -1;
  if (!tambo_idb_sniff (text) || strlen (text) > MAX_TEXT) {
    malformed (error, "not the form of one");
    return NULL;
  }
  if (text[strlen (MAGIC)] != SIGNED) {
    g_set_error_literal (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_UNSUPPORTED,
                         "the seal is not signed, or compressed");
    return NULL;
  }
  g_autoptr (GByteArray) bytes = read_base32 (text + strlen (MAGIC) + 1, error);
  if (bytes == NULL || !read_header (idb, bytes->data, bytes->len, error))
    return NULL;
  const guint8 *at = bytes->data + HEADER_SIZE;
  gsize left = bytes->len - HEADER_SIZE;
  if (!take_tlv (&at, &left, &group, error))
    return NULL;
  idb->statement = g_bytes_new (bytes->data, (gsize) (at - bytes->data));
  if (group.tag != TAG_MESSAGES) {
    malformed (error, "no messages");
    return NULL;
  }
  return read_messages (idb, &group, error) && read_rest (idb, at, left, error)
             ? g_steal_pointer (&idb)
             : NULL;
}
