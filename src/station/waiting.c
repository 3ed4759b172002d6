/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/waiting.h"

guint tambo_waiting_seconds (guint failures, guint retry_after) {
  guint limit = MIN (TAMBO_WAITING_SECONDS << MIN (failures, 6), TAMBO_WAITING_MAX_SECONDS);

  if (failures == 0)
    return MAX (TAMBO_WAITING_SECONDS, retry_after);
  return retry_after + (guint) g_random_int_range (1, (gint32) limit + 1);
}
