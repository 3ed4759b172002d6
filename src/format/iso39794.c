/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/iso39794.h"

#include <string.h>

#define GENERATION 3
#define YEAR 2019
#define MAX_YEAR 9999
#define MAX_CODE 255

void tambo_39794_put_version (GByteArray *array) {
  g_autoptr (GByteArray) version = g_byte_array_new ();

  tambo_der_put_number (version, TAMBO_39794_MEMBER (0), GENERATION);
  tambo_der_put_number (version, TAMBO_39794_MEMBER (1), YEAR);
  tambo_tlv_put (array, TAMBO_39794_GROUP (0), version->data, version->len);
}

gboolean tambo_39794_check_version (const TamboTlv *version) {
  TamboTlv members[2];
  guint generation, year;

  return version->tag != 0 && tambo_39794_members (version, members, 2)
         && tambo_39794_read_number (&members[0], G_MAXUINT16, &generation)
         && tambo_39794_read_number (&members[1], MAX_YEAR, &year) && generation >= GENERATION
         && year >= YEAR;
}

/* The number of a context tag, simple or constructed; -1 for what is none. */
static int member_number (guint32 tag) {
  if ((tag & ~0x3Fu) == 0x80 && (tag & 0x1F) != 0x1F)
    return (int) (tag & 0x1F);
  if ((tag & ~0x207Fu) == 0x9F00 && (tag & 0x7F) >= 0x1F)
    return (int) (tag & 0x7F);
  return -1;
}

gboolean tambo_39794_members (const TamboTlv *sequence, TamboTlv *out_members, guint n) {
  TamboReader reader = tambo_reader (sequence->value, sequence->length);
  TamboTlv member;
  int last = -1;

  memset (out_members, 0, n * sizeof *out_members);
  while (tambo_reader_left (&reader) > 0) {
    int number = tambo_tlv_next (&reader, &member) ? member_number (member.tag) : -1;
    if (number <= last)
      return FALSE;
    if ((guint) number < n)
      out_members[number] = member;
    last = number;
  }
  return TRUE;
}

void tambo_39794_put_code (GByteArray *array, guint number, guint code) {
  g_autoptr (GByteArray) choice = g_byte_array_new ();

  tambo_der_put_number (choice, TAMBO_39794_MEMBER (0), code);
  tambo_tlv_put (array, TAMBO_39794_GROUP (number), choice->data, choice->len);
}

void tambo_39794_put_extension_code (GByteArray *array, guint number, guint code) {
  g_autoptr (GByteArray) choice = g_byte_array_new ();

  tambo_der_put_number (choice, TAMBO_39794_MEMBER (0), code);
  tambo_tlv_wrap (choice, TAMBO_39794_GROUP (1));
  tambo_tlv_put (array, TAMBO_39794_GROUP (number), choice->data, choice->len);
}

gboolean tambo_39794_read_code (const TamboTlv *choice, guint *out_code) {
  TamboTlv members[2], fallback;

  if (choice->tag == 0 || !tambo_39794_members (choice, members, 2))
    return FALSE;
  if (members[0].tag != 0)
    return members[1].tag == 0 && tambo_39794_read_number (&members[0], MAX_CODE, out_code);
  return members[1].tag != 0 && tambo_39794_members (&members[1], &fallback, 1)
         && tambo_39794_read_number (&fallback, MAX_CODE, out_code);
}

gboolean tambo_39794_read_number (const TamboTlv *member, guint maximum, guint *out_number) {
  guint64 number;

  if (member->tag == 0 || !tambo_der_read_number (member, maximum, &number))
    return FALSE;
  *out_number = (guint) number;
  return TRUE;
}
