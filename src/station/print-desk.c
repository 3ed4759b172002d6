/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/print-desk.h"

#include "biometric/fingerprint-compare.h"
#include "biometric/fingerprint-map.h"
#include "biometric/fingerprint-picture.h"
#include "biometric/minutiae.h"
#include "station/enrol.h"

/* Ten fingers are 45 pairs: what is said of two of them has to be surer than a comparison 1:1. */
#define SURELY_SAME 400

static const char *find_reason (const TamboFingerprintQuality *quality) {
  for (int i = 0; i < TAMBO_FINGERPRINT_REASONS; i++)
    if (tambo_fingerprint_has_reason (quality, (TamboFingerprintReason) i))
      return tambo_fingerprint_reason_info ((TamboFingerprintReason) i)->advice;
  return NULL;
}

TamboPrintReport *tambo_print_report_new (const TamboImage *image) {
  TamboPrintReport *report = g_new0 (TamboPrintReport, 1);
  g_autoptr (TamboImage) subject = tambo_fingerprint_normalise (image);

  report->print = tambo_image_copy (image);
  tambo_fingerprint_quality (subject, &report->quality);
  report->reason = find_reason (&report->quality);

  g_autoptr (TamboMinutiaeRecord) record = tambo_minutiae_extract (subject);
  g_autoptr (TamboImage) map = tambo_fingerprint_draw_map (subject);
  if (record == NULL || record->views->len == 0 || map == NULL)
    return report;
  const TamboMinutiaeView *view = g_ptr_array_index (record->views, 0);
  report->n_minutiae = (int) view->minutiae->len;
  report->drawn = tambo_minutiae_draw (map, view);
  return report;
}

void tambo_print_report_free (TamboPrintReport *report) {
  if (report == NULL)
    return;
  g_clear_pointer (&report->print, tambo_image_free);
  g_clear_pointer (&report->drawn, tambo_image_free);
  g_free (report);
}

static TamboFingerprint *load_print (TamboStation *station, const TamboEnrolment *enrolment,
                                     const TamboSample *sample, GError **error) {
  g_autofree char *slot = tambo_sample_dup_slot (sample);
  g_autoptr (GBytes) bytes = tambo_enrol_load_sample (station, enrolment, slot, error);

  return bytes != NULL ? tambo_fingerprint_from_bytes (bytes, sample->ppi, error) : NULL;
}

gboolean tambo_print_find_twin (TamboStation *station, const TamboEnrolment *enrolment,
                                TamboFinger finger, const TamboImage *image, TamboFinger *out_twin,
                                GError **error) {
  /* What has too little to be compared is no twin; its quality is told by others. */
  g_autoptr (TamboFingerprint) print = tambo_fingerprint_from_image (image, NULL);
  TamboFinger twin = TAMBO_FINGER_UNKNOWN;

  for (guint i = 0; print != NULL && i < enrolment->samples->len; i++) {
    const TamboSample *sample = g_ptr_array_index (enrolment->samples, i);
    if (sample->kind != TAMBO_SAMPLE_FINGERPRINT || sample->finger == finger)
      continue;
    g_autoptr (TamboFingerprint) other = load_print (station, enrolment, sample, error);
    if (other == NULL)
      return FALSE;
    if (tambo_fingerprint_compare (print, other) >= SURELY_SAME)
      twin = sample->finger;
  }
  *out_twin = twin;
  return TRUE;
}
