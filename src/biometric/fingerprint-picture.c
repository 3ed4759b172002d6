/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/fingerprint-picture.h"

#include "format/image-resample.h"

#define PPI_MIN 100 /* what claims less is no scan of a finger */

TamboImage *tambo_fingerprint_normalise (const TamboImage *image) {
  g_autoptr (TamboImage) grey = tambo_image_to_grey (image);
  TamboImage *resampled =
      grey->ppi < PPI_MIN ? NULL : tambo_image_resample (grey, TAMBO_FINGERPRINT_PPI);

  return resampled != NULL ? resampled : g_steal_pointer (&grey);
}
