/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Enrolment: from the applicant's document to a sealed record in the outbox. Each function returns
 * after what it took is durable; a function that fails leaves the case as it was.
 */
#pragma once

#include "biometric/fingerprint-quality.h"
#include "format/image.h"
#include "format/iso19794-7.h"
#include "record/check.h"
#include "station/station.h"

/* Below this much free space no enrolment begins: what was begun must be able to end. */
#define TAMBO_ENROL_FREE_SPACE (64 * 1024 * 1024)

/* Begins a case: APPLICANT (what was typed; may be incomplete) merged with MRZ (text of the document,
 * or NULL), whose check digits must hold. GUARDIAN may be NULL. */
TamboEnrolment *tambo_enrol_begin (TamboStation *station, const char *procedure_id,
                                   const TamboApplicant *applicant, const char *mrz,
                                   const TamboGuardian *guardian,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Continues a draft of any operator; what a second person rejected becomes one again. */
TamboEnrolment *tambo_enrol_resume (TamboStation *station, const char *case_id,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Replaces the applicant's data; complete or not. */
gboolean tambo_enrol_set_applicant (TamboStation *station, TamboEnrolment *enrolment,
                                    const TamboApplicant *applicant, GError **error);

/* The MRZ of the document, read after the case was begun; its check digits must hold. It fills what is
 * empty; TAMBO_RECORD_ERROR_FIELD where it contradicts what the case says. */
gboolean tambo_enrol_set_mrz (TamboStation *station, TamboEnrolment *enrolment, const char *mrz,
                              GError **error);
/* Replaces the guardian; NULL when there is none. */
gboolean tambo_enrol_set_guardian (TamboStation *station, TamboEnrolment *enrolment,
                                   const TamboGuardian *guardian, GError **error);

/* FILE is the picture as the camera or file gave it: kept as it is. TAMBO_FORMAT_ERROR when it is no
 * whole image, QUALITY when a measure fails. DEVICE is what took it ("file", …). */
gboolean tambo_enrol_add_portrait (TamboStation *station, TamboEnrolment *enrolment, GBytes *file,
                                   const char *device, GError **error);
/* The same where there is a portrait already: the one against which less speaks stays, the new one when it
 * is as good. */
gboolean tambo_enrol_improve_portrait (TamboStation *station, TamboEnrolment *enrolment,
                                       GBytes *file, const char *device, GError **error);
/* QUALITY was measured of IMAGE at 500 ppi (print-desk.h). The error QUALITY when there are no ridges, or too few for
 * the procedure. Kept as PNG. */
gboolean tambo_enrol_add_finger (TamboStation *station, TamboEnrolment *enrolment,
                                 TamboFinger finger, const TamboImage *image,
                                 const TamboFingerprintQuality *quality, const char *device,
                                 GError **error);
/* The best of several that are not good enough: kept, so that a second person can weigh it. It fills no slot that
 * holds a better one. The error QUALITY when there are no ridges. */
gboolean tambo_enrol_keep_finger (TamboStation *station, TamboEnrolment *enrolment,
                                  TamboFinger finger, const TamboImage *image,
                                  const TamboFingerprintQuality *quality, const char *device,
                                  GError **error);
gboolean tambo_enrol_add_finger_exception (TamboStation *station, TamboEnrolment *enrolment,
                                           TamboFinger finger, const char *reason, GError **error);
/* Kept as ISO/IEC 19794-7. QUALITY when there is no ink. */
gboolean tambo_enrol_add_signature (TamboStation *station, TamboEnrolment *enrolment,
                                    const TamboSignature *signature, const char *device,
                                    GError **error);
/* A file instead of a pad: an ISO/IEC 19794-7 record, or a picture of the signature. */
gboolean tambo_enrol_add_signature_file (TamboStation *station, TamboEnrolment *enrolment,
                                         GBytes *file, GError **error);
/* A scan as it is: an image or a PDF. */
gboolean tambo_enrol_add_document (TamboStation *station, TamboEnrolment *enrolment,
                                   const char *document_kind, GBytes *file, const char *media_type,
                                   int width, int height, GError **error);

/* For showing: the bytes of a slot. */
GBytes *tambo_enrol_load_sample (TamboStation *station, const TamboEnrolment *enrolment,
                                 const char *slot, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The rows of tambo_check_enrolment under the case's own procedure. */
GPtrArray *tambo_enrol_check (TamboStation *station, const TamboEnrolment *enrolment,
                              GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Seals the case for headquarters and queues it, in one transaction; the draft is gone then. ALERT or ALERTS first,
 * when somebody has still to be told (tambo_alerts_check_told). A case that a second person has to approve becomes
 * waiting instead, and the call fails with FOUR_EYES. */
gboolean tambo_enrol_seal (TamboStation *station, TamboEnrolment *enrolment, GError **error);
