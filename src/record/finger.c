/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "record/finger.h"

#include <string.h>

static const char *const names[] = {
  "unknown",    "right-thumb", "right-index", "right-middle", "right-ring",  "right-little",
  "left-thumb", "left-index",  "left-middle", "left-ring",    "left-little",
};

const char *tambo_finger_to_string (TamboFinger finger) {
  if (finger < TAMBO_FINGER_RIGHT_THUMB || finger > TAMBO_FINGER_LEFT_LITTLE)
    return names[TAMBO_FINGER_UNKNOWN];
  return names[finger];
}

TamboFinger tambo_finger_from_string (const char *text) {
  if (text == NULL)
    return TAMBO_FINGER_UNKNOWN;
  for (int i = TAMBO_FINGER_RIGHT_THUMB; i <= TAMBO_FINGER_LEFT_LITTLE; i++) {
    char number[4];

    g_snprintf (number, sizeof number, "%d", i);
    if (strcmp (text, names[i]) == 0 || strcmp (text, number) == 0)
      return (TamboFinger) i;
  }
  return TAMBO_FINGER_UNKNOWN;
}
