/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Finger positions: the codes of ISO/IEC 19794-4 table 6 (ANSI/NIST-ITL table 12).
 */
#pragma once

#include <glib.h>

typedef enum {
  TAMBO_FINGER_UNKNOWN = 0,
  TAMBO_FINGER_RIGHT_THUMB = 1,
  TAMBO_FINGER_RIGHT_INDEX,
  TAMBO_FINGER_RIGHT_MIDDLE,
  TAMBO_FINGER_RIGHT_RING,
  TAMBO_FINGER_RIGHT_LITTLE,
  TAMBO_FINGER_LEFT_THUMB,
  TAMBO_FINGER_LEFT_INDEX,
  TAMBO_FINGER_LEFT_MIDDLE,
  TAMBO_FINGER_LEFT_RING,
  TAMBO_FINGER_LEFT_LITTLE = 10,
} TamboFinger;

/* "right-index"; "unknown" for anything else. */
const char *tambo_finger_to_string (TamboFinger finger);
/* Accepts the name and the number "1" to "10"; UNKNOWN for anything else. */
TamboFinger tambo_finger_from_string (const char *text);
