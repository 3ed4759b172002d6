/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "format/tlv.h"

#include "fuzz.h"

#define MAX_DEPTH 8

static void walk (gconstpointer data, gsize size, int depth) {
  TamboReader reader = tambo_reader (data, size);
  TamboTlv tlv;

  while (tambo_tlv_next (&reader, &tlv)) {
    const guint8 *end = (const guint8 *) data + size;
    g_assert_true (tlv.tag != 0 && tlv.value <= end && tlv.length <= (gsize) (end - tlv.value));
    TamboTlv found;
    g_assert_true (tambo_tlv_find (data, size, tlv.tag, &found));
    if (depth < MAX_DEPTH)
      walk (tlv.value, tlv.length, depth + 1);
  }
}

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size) {
  TamboReader reader = tambo_reader (data, size);
  TamboTlv tlv;
  gsize total;

  walk (data, size, 0);
  /* the size that a header tells is the one that the whole object has */
  if (tambo_tlv_next (&reader, &tlv)) {
    g_assert_true (tambo_tlv_total_size (data, size, &total));
    g_assert_cmpuint (total, ==, reader.position);
  }
  return 0;
}
