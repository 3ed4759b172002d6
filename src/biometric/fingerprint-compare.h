/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * One finger as it comes, from a sensor, a file or a stored template, ready to be compared; the
 * decision 1:1; and what a set of captures says of its order: the same finger twice, swapped hands.
 */
#pragma once

#include "biometric/match.h"
#include "format/image.h"

typedef struct _TamboFingerprint TamboFingerprint; /* read-only; threads may share it */

void tambo_fingerprint_free (TamboFingerprint *finger);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboFingerprint, tambo_fingerprint_free)

/* Errors are of TAMBO_FORMAT_ERROR. A picture without a minutia is refused. */
TamboFingerprint *tambo_fingerprint_from_image (const TamboImage *image,
                                                GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* An ISO/IEC 19794-2:2005 record; all its views count as one finger. */
TamboFingerprint *tambo_fingerprint_from_record (GBytes *record,
                                                 GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* A record, or a picture in any format that tambo_image_decode reads; PPI overrides what the picture
 * tells, unless 0. */
TamboFingerprint *tambo_fingerprint_from_bytes (GBytes *bytes, int ppi,
                                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* 0..1000, of the views that are most alike. */
int tambo_fingerprint_compare (const TamboFingerprint *a, const TamboFingerprint *b);

/* 1:1 against a template, as at the delivery of a document: TRUE when the comparison could be made;
 * *OUT_SAME is the decision at TAMBO_MATCH_THRESHOLD. */
gboolean tambo_fingerprint_verify (const TamboImage *captured, GBytes *record, int *out_score,
                                   gboolean *out_same, GError **error) G_GNUC_WARN_UNUSED_RESULT;

typedef struct {
  guint8 position;                /* 1 right thumb … 10 left little */
  const TamboFingerprint *finger; /* borrowed */
} TamboFingerprintSample;

typedef enum {
  TAMBO_SEQUENCE_SAME_FINGER,   /* two positions, one finger */
  TAMBO_SEQUENCE_SWAPPED_HANDS, /* the finger of the other hand, by an earlier enrolment */
  TAMBO_SEQUENCE_OTHER_FINGER,  /* another finger of the person, by an earlier enrolment */
} TamboSequenceKind;

typedef struct {
  TamboSequenceKind kind;
  guint8 position; /* that was asked for */
  guint8 other;    /* that it looks like */
  int score;
} TamboSequenceFinding;

/* Elements are TamboSequenceFinding. Each sample is compared with those of other positions among
 * SAMPLES, and with REFERENCES (of the same person, may be none). */
GArray *tambo_fingerprint_check_sequence (const TamboFingerprintSample *samples, guint count,
                                          const TamboFingerprintSample *references,
                                          guint reference_count);
