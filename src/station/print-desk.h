/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A fingerprint at the desk: what is shown of it as it comes, why it is not better, and whether it is a finger
 * that the case has already under another name.
 */
#pragma once

#include "biometric/fingerprint-quality.h"
#include "format/image.h"
#include "record/enrolment.h"
#include "station/station.h"

typedef struct {
  TamboImage *print; /* as the sensor gave it */
  TamboImage *
      drawn; /* the same with its quality map and its minutiae; NULL when it is too small for them */
  TamboFingerprintQuality quality; /* of the print at 500 ppi */
  int n_minutiae;
  const char
      *reason; /* what weighs most against it (fingerprint-quality.h), untranslated advice to the
                       * applicant, static; NULL when nothing does */
  TamboFinger twin; /* the finger of the case that it is; UNKNOWN for none */
} TamboPrintReport;

/* Takes some tenths of a second. Never fails. */
TamboPrintReport *tambo_print_report_new (const TamboImage *image);
void tambo_print_report_free (TamboPrintReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (TamboPrintReport, tambo_print_report_free)

/* The finger of ENROLMENT, other than FINGER, whose print IMAGE is; UNKNOWN when it is new, or has too little to be
 * compared. FALSE when a print of the case cannot be read. */
gboolean tambo_print_find_twin (TamboStation *station, const TamboEnrolment *enrolment,
                                TamboFinger finger, const TamboImage *image, TamboFinger *out_twin,
                                GError **error);
