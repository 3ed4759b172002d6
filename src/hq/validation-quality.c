/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The stage "quality": headquarters measures for itself what the station said of its samples.
 */
#include "biometric/fingerprint-picture.h"
#include "biometric/fingerprint-quality.h"
#include "biometric/portrait-check.h"
#include "format/image-codec.h"
#include "hq/pipeline-private.h"

/* -1 for what is no picture. */
static int measure_finger (GBytes *bytes) {
  g_autoptr (TamboImage) image = tambo_image_decode (bytes, NULL);
  g_autoptr (TamboImage) grey = image != NULL ? tambo_fingerprint_normalise (image) : NULL;
  TamboFingerprintQuality quality;

  if (grey == NULL)
    return -1;
  tambo_fingerprint_quality (grey, &quality);
  return quality.index;
}

/* "finger-right-index=34<40" for one that is not good enough, and what has to be captured again. */
static gboolean judge_finger (const TamboPipelineCase *about, const TamboSample *sample,
                              GString *detail, GString *again) {
  g_autofree char *slot = tambo_sample_dup_slot (sample);
  int least = about->procedure->minimum_finger_quality;
  int quality = measure_finger (tambo_packet_get (about->opened->packet, slot));

  if (quality >= least) {
    tambo_detail_add (detail, slot, "%d", quality);
    return TRUE;
  }
  tambo_detail_add (detail, slot, "%d<%d", quality, least);
  g_string_append_printf (again, "%s%s", again->len > 0 ? "," : "", slot);
  return FALSE;
}

static gboolean judge_portrait (const TamboPipelineCase *about, GString *detail, GString *again) {
  GBytes *bytes = tambo_packet_get (about->opened->packet, "portrait");
  g_autoptr (TamboImage) image = bytes != NULL ? tambo_image_decode (bytes, NULL) : NULL;
  g_autoptr (GArray) measures = image != NULL ? tambo_portrait_check (image) : NULL;
  gboolean is_good = measures != NULL;

  for (guint i = 0; measures != NULL && i < measures->len; i++) {
    const TamboPortraitMeasure *measure = &g_array_index (measures, TamboPortraitMeasure, i);

    if (measure->passed || !measure->mandatory)
      continue;
    tambo_detail_add (detail, "portrait", "%s", measure->measure);
    is_good = FALSE;
  }
  if (measures == NULL)
    tambo_detail_add (detail, "portrait", "unreadable");
  if (!is_good)
    g_string_append_printf (again, "%sportrait", again->len > 0 ? "," : "");
  return is_good;
}

gboolean tambo_stage_quality (const TamboPipelineCase *about, TamboPipelineResult *result,
                              TamboValidationState *out_state, GString *detail, GError **error) {
  g_autoptr (GString) again = g_string_new (NULL);
  gboolean is_good = TRUE;

  for (guint i = 0; i < about->enrolment->samples->len; i++) {
    const TamboSample *sample = about->enrolment->samples->pdata[i];

    if (sample->kind == TAMBO_SAMPLE_FINGERPRINT)
      is_good &= judge_finger (about, sample, detail, again);
    else if (sample->kind == TAMBO_SAMPLE_PORTRAIT)
      is_good &= judge_portrait (about, detail, again);
  }
  if (!is_good) {
    *out_state = TAMBO_VALIDATION_OBJECTED;
    tambo_detail_add (detail, "recapture", "%s", again->str);
  }
  return TRUE;
}
