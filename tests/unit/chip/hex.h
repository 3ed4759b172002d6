/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Worked values are written as hexadecimal text in the tests of this room.
 */
#pragma once

#include "base/bytes.h"

/* TEXT may have blanks. */
GBytes *hex (const char *text);
#define assert_hex(bytes, text)                                                                    \
  G_STMT_START {                                                                                   \
    g_autoptr (GBytes) expected_bytes = hex (text);                                                \
    g_assert_cmpmem (g_bytes_get_data ((bytes), NULL), g_bytes_get_size (bytes),                   \
                     g_bytes_get_data (expected_bytes, NULL), g_bytes_get_size (expected_bytes));  \
  }                                                                                                \
  G_STMT_END
