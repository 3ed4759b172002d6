/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "biometric/fingerprint-compare.h"

#include "biometric/minutiae.h"
#include "format/format-error.h"
#include "format/image-codec.h"

#define FINGERS_OF_A_HAND 5

struct _TamboFingerprint {
  GPtrArray *templates; /* of TamboMatchTemplate */
};

void tambo_fingerprint_free (TamboFingerprint *finger) {
  if (finger == NULL)
    return;
  g_ptr_array_unref (finger->templates);
  g_free (finger);
}

static TamboFingerprint *take_record (const TamboMinutiaeRecord *record, GError **error) {
  g_autoptr (TamboFingerprint) finger = g_new0 (TamboFingerprint, 1);

  finger->templates = g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_match_template_free);
  for (guint i = 0; i < record->views->len; i++) {
    const TamboMinutiaeView *view = g_ptr_array_index (record->views, i);
    if (view->minutiae->len > 0)
      g_ptr_array_add (finger->templates, tambo_match_template_new (record, view));
  }
  if (finger->templates->len == 0) {
    g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_MALFORMED,
                 "there are no minutiae in it");
    return NULL;
  }
  return g_steal_pointer (&finger);
}

TamboFingerprint *tambo_fingerprint_from_image (const TamboImage *image, GError **error) {
  g_autoptr (TamboMinutiaeRecord) record = tambo_minutiae_extract (image);
  if (record == NULL) {
    g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_UNSUPPORTED,
                 "%d x %d pixels are no fingerprint", image->width, image->height);
    return NULL;
  }
  return take_record (record, error);
}

TamboFingerprint *tambo_fingerprint_from_record (GBytes *bytes, GError **error) {
  g_autoptr (TamboMinutiaeRecord) record = tambo_minutiae_record_parse (bytes, error);
  return record != NULL ? take_record (record, error) : NULL;
}

TamboFingerprint *tambo_fingerprint_from_bytes (GBytes *bytes, int ppi, GError **error) {
  if (tambo_minutiae_record_sniff (bytes))
    return tambo_fingerprint_from_record (bytes, error);

  g_autoptr (TamboImage) image = tambo_image_decode (bytes, error);
  if (image == NULL)
    return NULL;
  if (ppi > 0)
    image->ppi = ppi;
  return tambo_fingerprint_from_image (image, error);
}

int tambo_fingerprint_compare (const TamboFingerprint *a, const TamboFingerprint *b) {
  int best = 0;

  for (guint i = 0; i < a->templates->len; i++) {
    for (guint j = 0; j < b->templates->len; j++) {
      int score =
          tambo_match (g_ptr_array_index (a->templates, i), g_ptr_array_index (b->templates, j));
      best = MAX (best, score);
    }
  }
  return best;
}

gboolean tambo_fingerprint_verify (const TamboImage *captured, GBytes *record, int *out_score,
                                   gboolean *out_same, GError **error) {
  g_autoptr (TamboFingerprint) stored = tambo_fingerprint_from_record (record, error);
  g_autoptr (TamboFingerprint) live =
      stored != NULL ? tambo_fingerprint_from_image (captured, error) : NULL;
  if (live == NULL)
    return FALSE;

  int score = tambo_fingerprint_compare (live, stored);
  *out_score = score;
  *out_same = score >= TAMBO_MATCH_THRESHOLD;
  return TRUE;
}

/* ---- sequence ---- */

static void find_twins (const TamboFingerprintSample *samples, guint count, GArray *findings) {
  for (guint i = 0; i < count; i++) {
    for (guint j = 0; j < i; j++) {
      if (samples[i].position == samples[j].position)
        continue;
      int score = tambo_fingerprint_compare (samples[i].finger, samples[j].finger);
      TamboSequenceFinding finding = { TAMBO_SEQUENCE_SAME_FINGER, samples[i].position,
                                       samples[j].position, score };
      if (score >= TAMBO_MATCH_THRESHOLD)
        g_array_append_val (findings, finding);
    }
  }
}

static gboolean is_mirrored (guint8 a, guint8 b) {
  return ABS ((int) a - (int) b) == FINGERS_OF_A_HAND;
}

/* The reference that SAMPLE is most alike; one of its own position is as it should be. */
static void find_stranger (const TamboFingerprintSample *sample,
                           const TamboFingerprintSample *references, guint count,
                           GArray *findings) {
  TamboSequenceFinding finding = { .position = sample->position, .other = sample->position };

  for (guint i = 0; i < count; i++) {
    int score = tambo_fingerprint_compare (sample->finger, references[i].finger);
    if (score > finding.score) {
      finding.score = score;
      finding.other = references[i].position;
    }
  }
  finding.kind = is_mirrored (finding.position, finding.other) ? TAMBO_SEQUENCE_SWAPPED_HANDS
                                                               : TAMBO_SEQUENCE_OTHER_FINGER;
  if (finding.other != finding.position && finding.score >= TAMBO_MATCH_THRESHOLD)
    g_array_append_val (findings, finding);
}

GArray *tambo_fingerprint_check_sequence (const TamboFingerprintSample *samples, guint count,
                                          const TamboFingerprintSample *references,
                                          guint reference_count) {
  GArray *findings = g_array_new (FALSE, FALSE, sizeof (TamboSequenceFinding));

  find_twins (samples, count, findings);
  for (guint i = 0; i < count; i++)
    find_stranger (&samples[i], references, reference_count, findings);
  return findings;
}
