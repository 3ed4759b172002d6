/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any bytes of a serial line; what comes out is a zone.
 */
#include "capture/mrz-frames.h"
#include "fuzz.h"
#include "record/mrz.h"

int LLVMFuzzerTestOneInput (const guint8 *data, gsize size) {
  g_autoptr (TamboMrzFrames) frames = tambo_mrz_frames_new ();

  for (gsize i = 0; i < size; i++) {
    g_autofree char *zone = NULL;
    g_autoptr (TamboMrz) mrz = NULL;

    if (tambo_mrz_frames_push (frames, data[i]) != TAMBO_MRZ_FRAME_ZONE)
      continue;
    zone = tambo_mrz_frames_take (frames);
    mrz = tambo_mrz_parse (zone, NULL, NULL);
    g_assert_nonnull (mrz);
  }
  return 0;
}
