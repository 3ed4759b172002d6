/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/reader.h"

#include <string.h>

/* Parts of names, in lower case, by the makers' habits. A device with both has one reader for each. */
static const struct {
  const char *part;
  TamboReaderInterface interface;
} habits[] = {
  { "contactless", TAMBO_READER_CONTACTLESS },   { "picc", TAMBO_READER_CONTACTLESS },
  { "nfc", TAMBO_READER_CONTACTLESS },           { "rfid", TAMBO_READER_CONTACTLESS },
  { "-cl ", TAMBO_READER_CONTACTLESS },          { " cl ", TAMBO_READER_CONTACTLESS },
  { " cl]", TAMBO_READER_CONTACTLESS },          { "icc", TAMBO_READER_CONTACT },
  { "contact", TAMBO_READER_CONTACT },           { " sam", TAMBO_READER_CONTACT },
  { "smart card reader", TAMBO_READER_CONTACT }, { "smartcard reader", TAMBO_READER_CONTACT },
};

/* A pseudo-ATR: 3B 8n 80 01 …. */
static gboolean is_contactless_atr (GBytes *atr) {
  gsize size = 0;
  const guint8 *data = atr ? g_bytes_get_data (atr, &size) : NULL;

  return size >= 5 && data[0] == 0x3B && data[1] >> 4 == 0x8 && data[2] == 0x80 && data[3] == 0x01;
}

TamboReaderInterface tambo_reader_interface (const char *name, GBytes *atr) {
  g_autofree char *lower = g_ascii_strdown (name, -1);

  if (is_contactless_atr (atr))
    return TAMBO_READER_CONTACTLESS;
  for (gsize i = 0; i < G_N_ELEMENTS (habits); i++)
    if (strstr (lower, habits[i].part))
      return habits[i].interface;
  return TAMBO_READER_UNKNOWN;
}

void tambo_reader_row_free (TamboReaderRow *row) {
  if (!row)
    return;
  g_free (row->name);
  g_clear_pointer (&row->atr, g_bytes_unref);
  g_free (row);
}
