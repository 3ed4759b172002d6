/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "hex.h"

GBytes *hex (const char *text) {
  g_autoptr (GString) digits = g_string_new (NULL);

  for (; *text; text++)
    if (*text != ' ')
      g_string_append_c (digits, *text);
  GBytes *bytes = tambo_hex_decode (digits->str);
  g_assert_nonnull (bytes);
  return bytes;
}
