/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "chip/status.h"

static const struct {
  guint16 sw;
  const char *meaning;
} meanings[] = {
  { 0x6282, "end of file reached" },
  { 0x6300, "authentication failed" },
  { 0x6581, "memory failure" },
  { 0x6700, "wrong length" },
  { 0x6882, "secure messaging not supported" },
  { 0x6982, "security status not satisfied" },
  { 0x6983, "authentication method blocked" },
  { 0x6985, "conditions of use not satisfied" },
  { 0x6986, "command not allowed" },
  { 0x6987, "secure messaging object missing" },
  { 0x6988, "secure messaging object incorrect" },
  { 0x6A80, "incorrect data" },
  { 0x6A81, "function not supported" },
  { 0x6A82, "file not found" },
  { 0x6A84, "not enough memory" },
  { 0x6A86, "incorrect P1 or P2" },
  { 0x6A88, "referenced data not found" },
  { 0x6B00, "offset outside the file" },
  { 0x6D00, "instruction not supported" },
  { 0x6E00, "class not supported" },
  { 0x6F00, "no precise diagnosis" },
};

const char *tambo_status_meaning (guint16 sw) {
  for (gsize i = 0; i < G_N_ELEMENTS (meanings); i++)
    if (meanings[i].sw == sw)
      return meanings[i].meaning;
  return NULL;
}

void tambo_status_set_error (GError **error, TamboChipError code, const char *action, guint16 sw) {
  const char *meaning = tambo_status_meaning (sw);

  if (meaning)
    g_set_error (error, TAMBO_CHIP_ERROR, code, "%s was answered %04X (%s)", action, sw, meaning);
  else
    g_set_error (error, TAMBO_CHIP_ERROR, code, "%s was answered %04X", action, sw);
}
