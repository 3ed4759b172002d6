/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/der.h"

#define TAG_SET 0x31
#define MAX_NUMBER_SIZE 8

void tambo_der_put_number (GByteArray *array, guint32 tag, guint64 number) {
  guint8 octets[MAX_NUMBER_SIZE + 1];
  gsize first = sizeof octets;

  do {
    octets[--first] = (guint8) number;
    number >>= 8;
  } while (number > 0);
  if (octets[first] & 0x80) /* would be negative */
    octets[--first] = 0;
  tambo_tlv_put (array, tag, octets + first, sizeof octets - first);
}

gboolean tambo_der_read_number (const TamboTlv *tlv, guint64 maximum, guint64 *out_number) {
  guint64 number = 0;

  if (tlv->length == 0 || tlv->length > MAX_NUMBER_SIZE + 1 || tlv->value[0] & 0x80
      || (tlv->length > MAX_NUMBER_SIZE && tlv->value[0] != 0)
      || (tlv->length > 1 && tlv->value[0] == 0 && !(tlv->value[1] & 0x80)))
    return FALSE;
  for (gsize i = 0; i < tlv->length; i++)
    number = number << 8 | tlv->value[i];
  if (number > maximum)
    return FALSE;
  *out_number = number;
  return TRUE;
}

static int compare_encodings (gconstpointer a, gconstpointer b) {
  return g_bytes_compare (*(GBytes *const *) a, *(GBytes *const *) b);
}

void tambo_der_put_set (GByteArray *array, GPtrArray *encodings) {
  g_autoptr (GPtrArray) ordered = g_ptr_array_copy (encodings, NULL, NULL);
  g_autoptr (GByteArray) set = g_byte_array_new ();

  g_ptr_array_set_free_func (ordered, NULL);
  g_ptr_array_sort (ordered, compare_encodings);
  for (guint i = 0; i < ordered->len; i++) {
    gsize size;
    gconstpointer data = g_bytes_get_data (g_ptr_array_index (ordered, i), &size);
    tambo_put_bytes (set, data, size);
  }
  tambo_tlv_put (array, TAG_SET, set->data, set->len);
}
