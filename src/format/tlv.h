/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * BER-TLV as ISO/IEC 7816-4 section 5.2.2 and the LDS of ICAO Doc 9303-10 use it: tags of one to
 * three bytes, definite lengths of up to four bytes. Chips, CBEFF and SOD wrappers are read with it.
 */
#pragma once

#include "base/bytes.h"

typedef struct {
  guint32 tag;         /* all tag bytes, big-endian: 0x61, 0x5F1F, 0x7F61 */
  const guint8 *value; /* borrowed */
  gsize length;
} TamboTlv;

/* Takes one data object from READER. FALSE, moving nothing, when the bytes are malformed or the
 * value is longer than what is left. */
gboolean tambo_tlv_next (TamboReader *reader, TamboTlv *out_tlv) G_GNUC_WARN_UNUSED_RESULT;
/* Searches the children of a template, not deeper. */
gboolean tambo_tlv_find (gconstpointer data, gsize size, guint32 tag,
                         TamboTlv *out_tlv) G_GNUC_WARN_UNUSED_RESULT;
/* Whole size (tag, length and value) of the object whose first bytes are DATA, for reading a file
 * from a chip piece by piece; FALSE when HEADER_SIZE bytes do not tell it yet or are malformed. */
gboolean tambo_tlv_total_size (gconstpointer header, gsize header_size,
                               gsize *out_size) G_GNUC_WARN_UNUSED_RESULT;

/* Appends tag, length and value; minimal length octets (DER). */
void tambo_tlv_put (GByteArray *array, guint32 tag, gconstpointer value, gsize length);
void tambo_tlv_put_bytes (GByteArray *array, guint32 tag, GBytes *value);
/* Wraps all of ARRAY in TAG. */
void tambo_tlv_wrap (GByteArray *array, guint32 tag);
