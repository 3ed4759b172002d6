/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/reader.h"

void tambo_reader_row_free (TamboReaderRow *row) {
  if (!row)
    return;
  g_free (row->name);
  g_clear_pointer (&row->atr, g_bytes_unref);
  g_free (row);
}
