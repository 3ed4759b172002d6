/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/nfiq2-private.h"

#include <stdlib.h>

#define QUARTER 64

gint8 tambo_nfiq2_sine (guint8 angle) {
  static const gint8 quarter[QUARTER + 1] = {
    0,   3,   6,   9,   12,  15,  19,  22,  25,  28,  31,  34,  37,  40,  43,  46,  49,
    51,  54,  57,  60,  63,  65,  68,  71,  73,  76,  78,  81,  83,  85,  88,  90,  92,
    94,  96,  98,  100, 102, 104, 106, 107, 109, 111, 112, 113, 115, 116, 117, 118, 120,
    121, 122, 122, 123, 124, 125, 125, 126, 126, 126, 127, 127, 127, 127,
  };
  int half = angle % (2 * QUARTER);
  gint8 value = quarter[half <= QUARTER ? half : 2 * QUARTER - half];

  return angle < 2 * QUARTER ? value : (gint8) -value;
}

/* The angle of an eighth of the circle, 0 to 32, whose tangent is SHARE of 96. */
static guint8 arctangent (int share) {
  /* The least share of each angle. */
  static const guint8 least[] = {
    1,  3,  5,  8,  10, 12, 15, 17, 20, 22, 25, 27, 30, 33, 35, 38,
    41, 43, 46, 49, 52, 55, 59, 62, 65, 69, 72, 76, 80, 84, 88, 93,
  };
  guint8 angle = 0;

  while (angle < G_N_ELEMENTS (least) && share >= least[angle])
    angle++;
  return angle;
}

guint8 tambo_nfiq2_angle (int x, int y) {
  int long_side = MAX (abs (x), abs (y)), short_side = MIN (abs (x), abs (y));
  guint8 angle;

  if (long_side == 0)
    return 0;
  angle = arctangent (short_side * 96 / long_side);
  if (abs (x) < abs (y))
    angle = (guint8) (0x40 - angle);
  if (x < 0)
    angle = (guint8) (0x80 - angle);
  return y < 0 ? (guint8) -angle : angle;
}

TamboNfiq2Turn tambo_nfiq2_turn (int x, int y, int least) {
  int length = MAX (abs (x), abs (y)) / 127;

  if (length <= least)
    return (TamboNfiq2Turn){ 0 };
  length = MAX (length, (abs (x) + abs (y)) / 180);
  return (TamboNfiq2Turn){ (gint8) (x / length), (gint8) (y / length) };
}
