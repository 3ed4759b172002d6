/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "print/bar-code.h"

#include <string.h>

#define START_B 104
#define CHECK_MODULUS 103
#define MAX_LENGTH 48

/* ISO/IEC 15417, table 1: the widths of bar, space, bar, space, bar, space. */
static const char *const widths[] = {
  "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212",
  "221213", "221312", "231212", "112232", "122132", "122231", "113222", "123122", "123221",
  "223211", "221132", "221231", "213212", "223112", "312131", "311222", "321122", "321221",
  "312212", "322112", "322211", "212123", "212321", "232121", "111323", "131123", "131321",
  "112313", "132113", "132311", "211313", "231113", "231311", "112133", "112331", "132131",
  "113123", "113321", "133121", "313121", "211331", "231131", "213113", "213311", "213131",
  "311123", "311321", "331121", "312113", "312311", "332111", "314111", "221411", "431111",
  "111224", "111422", "121124", "121421", "141122", "141221", "112214", "112412", "122114",
  "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111", "111242",
  "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211", "212141",
  "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311",
  "113141", "114131", "311141", "411131", "211412", "211214", "211232",
};
#define STOP "2331112"

/* Bars and spaces take turns. */
static void put (GByteArray *modules, const char *pattern) {
  static const guint8 shades[] = { 1, 0 };

  for (gsize i = 0; pattern[i] != '\0'; i++)
    for (int width = pattern[i] - '0'; width > 0; width--)
      g_byte_array_append (modules, &shades[i % 2], 1);
}

GByteArray *tambo_bar_code_encode (const char *text) {
  gsize length = strlen (text);
  guint sum = START_B;
  GByteArray *modules;

  if (length == 0 || length > MAX_LENGTH)
    return NULL;
  for (gsize i = 0; i < length; i++)
    if (text[i] < ' ' || text[i] > '~')
      return NULL;
  modules = g_byte_array_new ();
  put (modules, widths[START_B]);
  for (gsize i = 0; i < length; i++) {
    guint value = (guint) (text[i] - ' ');
    sum += value * (guint) (i + 1);
    put (modules, widths[value]);
  }
  put (modules, widths[sum % CHECK_MODULUS]);
  put (modules, STOP);
  return modules;
}
