/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/fingerprint-quality.h"

#define FINGERS 5 /* of a hand, from the thumb */

static const TamboFingerprintReasonInfo reasons[TAMBO_FINGERPRINT_REASONS] = {
  [TAMBO_FINGERPRINT_TOO_DRY] = { "too-dry", "firmness", 0.2, FALSE,
                                  "The finger is too dry. Rub it or moisten it a little." },
  [TAMBO_FINGERPRINT_TOO_WET] = { "too-wet", "ink", 0.7, TRUE,
                                  "The finger is too wet. Dry it and wipe the sensor." },
  [TAMBO_FINGERPRINT_TOO_LIGHT] = { "too-light", "contrast", 70, FALSE,
                                    "The print is too light. Press more firmly." },
  [TAMBO_FINGERPRINT_OFF_CENTRE] = { "off-centre", "offset", 0.2, TRUE,
                                     "The finger is off centre. Move it to the middle." },
  [TAMBO_FINGERPRINT_SMALL_AREA] = { "small-area", "area", 90, FALSE,
                                     "Too little of the finger is seen. Lay it down flat." },
  [TAMBO_FINGERPRINT_SMEARED] = { "smeared", "smear", 0.4, TRUE,
                                  "The print is smeared. Keep the finger still." },
};

const TamboFingerprintReasonInfo *tambo_fingerprint_reason_info (TamboFingerprintReason reason) {
  g_return_val_if_fail (reason < TAMBO_FINGERPRINT_REASONS, NULL);
  return &reasons[reason];
}

double tambo_fingerprint_reason_value (const TamboFingerprintQuality *quality,
                                       TamboFingerprintReason reason) {
  switch (reason) {
  case TAMBO_FINGERPRINT_TOO_DRY:
    return quality->firmness;
  case TAMBO_FINGERPRINT_TOO_WET:
    return quality->ink;
  case TAMBO_FINGERPRINT_TOO_LIGHT:
    return quality->contrast;
  case TAMBO_FINGERPRINT_OFF_CENTRE:
    return quality->offset;
  case TAMBO_FINGERPRINT_SMALL_AREA:
    return quality->area;
  case TAMBO_FINGERPRINT_SMEARED:
    return quality->smear;
  default:
    g_return_val_if_reached (0);
  }
}

gboolean tambo_fingerprint_has_reason (const TamboFingerprintQuality *quality,
                                       TamboFingerprintReason reason) {
  const TamboFingerprintReasonInfo *info = tambo_fingerprint_reason_info (reason);
  double value = tambo_fingerprint_reason_value (quality, reason);

  return tambo_fingerprint_has_ridges (quality)
         && (info->above ? value > info->limit : value < info->limit);
}

int tambo_fingerprint_threshold (TamboFingerprintUse use, int position) {
  /* TR-03121-3 Volume 4, for NFIQ 2.2: thumb, index, middle, ring, little. */
  static const guint8 thresholds[TAMBO_FINGERPRINT_USES][FINGERS] = {
    [TAMBO_FINGERPRINT_PLAIN_ENROLMENT] = { 30, 30, 20, 10, 10 },
    [TAMBO_FINGERPRINT_PLAIN_CONTROL] = { 20, 20, 20, 10, 10 },
    [TAMBO_FINGERPRINT_ROLLED] = { 20, 15, 15, 10, 5 },
  };

  g_return_val_if_fail (use < TAMBO_FINGERPRINT_USES, -1);
  return position >= 1 && position <= 2 * FINGERS ? thresholds[use][(position - 1) % FINGERS] : -1;
}
