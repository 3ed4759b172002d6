/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The local quality index of a plain fingerprint at 500 ppi, from 0 to 100: how much of the picture
 * is ridge flow, and how clear. It guides the capture; it is not NFIQ 2 and is never stored as such.
 * Measured on blocks of 16 pixels: orientation certainty (eigenvalues of the gradient covariance)
 * and ridge frequency inside the 3 to 25 pixel band. What a clerk can do about a poor print is told beside
 * it; and what a print must reach, in NFIQ 2, by TR-03121-3 Volume 4.
 */
#pragma once

#include "format/image.h"

typedef struct {
  int index;           /* 0..100 */
  double ridge_area;   /* share of the blocks that hold ridges, 0..1 */
  double certainty;    /* mean orientation certainty of those blocks, 0..1 */
  double ridge_period; /* median distance of two ridges, pixels; 0 when there are none */
  double mean;         /* grey level of the ridge area */
  double continuity;   /* of the ridges along their way, 0 broken, 1 even */
  double ink;          /* share of the ridge area that is dark: ridges, not valleys */
  double firmness;     /* ink by continuity: thin and broken ridges have little of it */
  double contrast;     /* grey levels from the ridges to the platen */
  double offset;       /* of the ridge area from the middle, share of the picture's side, 0..0.5 */
  double area;         /* of the ridges, square millimetres */
  double smear;        /* share of the print that has no clear ridges */
} TamboFingerprintQuality;

/* IMAGE is grey. Never fails: a picture without ridges has index 0 and ridge_area 0. */
void tambo_fingerprint_quality (const TamboImage *image, TamboFingerprintQuality *out_quality);

/* TRUE when there is a finger at all: enough blocks with ridges. */
gboolean tambo_fingerprint_has_ridges (const TamboFingerprintQuality *quality);

/* ---- reasons ---- */

typedef enum {
  TAMBO_FINGERPRINT_TOO_DRY,
  TAMBO_FINGERPRINT_TOO_WET,
  TAMBO_FINGERPRINT_TOO_LIGHT,
  TAMBO_FINGERPRINT_OFF_CENTRE,
  TAMBO_FINGERPRINT_SMALL_AREA,
  TAMBO_FINGERPRINT_SMEARED,
  TAMBO_FINGERPRINT_REASONS
} TamboFingerprintReason;

typedef struct {
  const char *name;    /* "too-dry": for JSON and for settings */
  const char *measure; /* "firmness": the field of TamboFingerprintQuality behind it */
  double limit;
  gboolean above;     /* a print is worse above the limit, not below it */
  const char *advice; /* to the applicant, untranslated */
} TamboFingerprintReasonInfo;

const TamboFingerprintReasonInfo *tambo_fingerprint_reason_info (TamboFingerprintReason reason);

/* The measure behind a reason. */
double tambo_fingerprint_reason_value (const TamboFingerprintQuality *quality,
                                       TamboFingerprintReason reason);

/* FALSE for all of them where there is no finger. */
gboolean tambo_fingerprint_has_reason (const TamboFingerprintQuality *quality,
                                       TamboFingerprintReason reason);

/* ---- thresholds ---- */

typedef enum {
  TAMBO_FINGERPRINT_PLAIN_ENROLMENT,
  TAMBO_FINGERPRINT_PLAIN_CONTROL, /* and identification */
  TAMBO_FINGERPRINT_ROLLED,
  TAMBO_FINGERPRINT_USES
} TamboFingerprintUse;

/* The least NFIQ 2 score, 0 to 100, of a finger: POSITION is 1, right thumb, to 10, left little. -1 for
 * another position. */
int tambo_fingerprint_threshold (TamboFingerprintUse use, int position);
