/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/enrol.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/id.h"
#include "biometric/fingerprint-picture.h"
#include "format/image-codec.h"
#include "format/inkml.h"
#include "record/mrz.h"
#include "station/alerts.h"
#include "station/ballast.h"
#include "station/portrait-desk.h"
#include "station/prefill.h"
#include "station/procedures.h"
#include "station/station-private.h"
#include "store/aside.h"
#include "store/cases.h"

#define PRIORITY_NORMAL 2
#define MAX_NUMBERS 10 /* drawn for a case */

static gboolean check_free_space (TamboStation *station, GError **error) {
  guint64 free_bytes;

  if (!tambo_file_free_space (tambo_station_get_folder (station), &free_bytes, error))
    return FALSE;
  if (free_bytes >= TAMBO_ENROL_FREE_SPACE)
    return TRUE;
  g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_NO_SPACE,
               "the disk has %" G_GUINT64_FORMAT " MiB left and an enrolment needs %d",
               free_bytes >> 20, TAMBO_ENROL_FREE_SPACE >> 20);
  return FALSE;
}

/* The document speaks first; what was typed may only add to it. */
static TamboApplicant *join_applicant (const TamboApplicant *typed, const char *mrz_text,
                                       char **out_mrz, GError **error) {
  if (mrz_text == NULL)
    return typed != NULL ? tambo_applicant_copy (typed) : tambo_applicant_new ();

  g_autoptr (TamboMrz) mrz = tambo_mrz_parse (mrz_text, NULL, error);
  if (mrz == NULL || !tambo_mrz_check (mrz, error))
    return NULL;

  g_autoptr (TamboApplicant) joined =
      typed != NULL ? tambo_applicant_copy (typed) : tambo_applicant_new ();
  if (!tambo_applicant_merge (joined, mrz->applicant, error))
    return NULL;
  *out_mrz = g_strjoinv ("\n", (char *[]){ mrz->lines[0], mrz->lines[1], mrz->lines[2], NULL });
  return g_steal_pointer (&joined);
}

static TamboGuardian *copy_guardian (const TamboGuardian *guardian) {
  TamboGuardian *copy = g_new0 (TamboGuardian, 1);

  copy->person = tambo_applicant_copy (guardian->person);
  copy->relation = g_strdup (guardian->relation);
  return copy;
}

/* Of the tracking numbers one can turn up twice: among 100,000 cases with a chance of one in fifty. The case
 * is new, so nobody has been told its number yet. */
static gboolean save_new (TamboStation *station, TamboEnrolment *enrolment, const char *actor,
                          GError **error) {
  g_autoptr (GError) cause = NULL;

  for (int i = 0; i < MAX_NUMBERS; i++) {
    g_clear_error (&cause);
    if (tambo_cases_save (tambo_station_get_store (station), enrolment, actor, &cause))
      return TRUE;
    if (!g_error_matches (cause, TAMBO_STORE_ERROR, TAMBO_STORE_ERROR_EXISTS))
      break;
    g_free (enrolment->tracking_number);
    enrolment->tracking_number = tambo_tracking_new ();
  }
  g_propagate_error (error, g_steal_pointer (&cause));
  return FALSE;
}

TamboEnrolment *tambo_enrol_begin (TamboStation *station, const char *procedure_id,
                                   const TamboApplicant *applicant, const char *mrz,
                                   const TamboGuardian *guardian, GError **error) {
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_CASE_CAPTURE, error);
  if (actor == NULL || !check_free_space (station, error))
    return NULL;
  g_autoptr (TamboProcedure) procedure = tambo_procedures_load (station, procedure_id, 0, error);
  if (procedure == NULL)
    return NULL;

  g_autofree char *mrz_lines = NULL;
  g_autoptr (TamboApplicant) joined = join_applicant (applicant, mrz, &mrz_lines, error);
  if (joined == NULL)
    return NULL;

  g_autoptr (TamboEnrolment) enrolment =
      tambo_enrolment_new (tambo_station_get_code (station), procedure, actor);
  g_clear_pointer (&enrolment->applicant, tambo_applicant_free);
  enrolment->applicant = g_steal_pointer (&joined);
  enrolment->mrz = g_steal_pointer (&mrz_lines);
  enrolment->practice = tambo_station_is_practice (station);
  if (guardian != NULL)
    enrolment->guardian = copy_guardian (guardian);

  if (!save_new (station, enrolment, actor, error))
    return NULL;
  tambo_station_changed (station);
  return g_steal_pointer (&enrolment);
}

TamboEnrolment *tambo_enrol_resume (TamboStation *station, const char *case_id, GError **error) {
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_CASE_CAPTURE, error);
  if (actor == NULL)
    return NULL;

  TamboStore *store = tambo_station_get_store (station);
  g_autofree char *id = tambo_cases_resolve (store, case_id, error);
  g_autoptr (TamboEnrolment) enrolment = id != NULL ? tambo_cases_load (store, id, error) : NULL;
  if (enrolment == NULL)
    return NULL;
  if (enrolment->state == TAMBO_CASE_REJECTED) {
    if (!tambo_cases_set_state (store, id, TAMBO_CASE_DRAFT, actor, error))
      return NULL;
    enrolment->state = TAMBO_CASE_DRAFT;
    tambo_station_changed (station);
  }
  return g_steal_pointer (&enrolment);
}

gboolean tambo_enrol_set_applicant (TamboStation *station, TamboEnrolment *enrolment,
                                    const TamboApplicant *applicant, GError **error) {
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_CASE_CAPTURE, error);
  if (actor == NULL)
    return FALSE;

  g_autoptr (TamboEnrolment) changed = tambo_enrolment_copy (enrolment);
  tambo_applicant_free (changed->applicant);
  changed->applicant = tambo_applicant_copy (applicant);
  if (!tambo_cases_save (tambo_station_get_store (station), changed, actor, error))
    return FALSE;

  tambo_applicant_free (enrolment->applicant);
  enrolment->applicant = tambo_applicant_copy (applicant);
  return TRUE;
}

gboolean tambo_enrol_set_mrz (TamboStation *station, TamboEnrolment *enrolment, const char *mrz,
                              GError **error) {
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_CASE_CAPTURE, error);
  g_autofree char *lines = NULL;
  g_autoptr (TamboApplicant) joined =
      actor != NULL ? join_applicant (enrolment->applicant, mrz, &lines, error) : NULL;
  if (joined == NULL)
    return FALSE;

  g_autoptr (TamboEnrolment) changed = tambo_enrolment_copy (enrolment);
  tambo_applicant_free (changed->applicant);
  changed->applicant = tambo_applicant_copy (joined);
  g_free (changed->mrz);
  changed->mrz = g_strdup (lines);
  if (!tambo_cases_save (tambo_station_get_store (station), changed, actor, error))
    return FALSE;

  tambo_applicant_free (enrolment->applicant);
  enrolment->applicant = g_steal_pointer (&joined);
  g_free (enrolment->mrz);
  enrolment->mrz = g_steal_pointer (&lines);
  return TRUE;
}

gboolean tambo_enrol_set_guardian (TamboStation *station, TamboEnrolment *enrolment,
                                   const TamboGuardian *guardian, GError **error) {
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_CASE_CAPTURE, error);
  if (actor == NULL)
    return FALSE;

  g_autoptr (TamboEnrolment) changed = tambo_enrolment_copy (enrolment);
  g_clear_pointer (&changed->guardian, tambo_guardian_free);
  changed->guardian = guardian != NULL ? copy_guardian (guardian) : NULL;
  if (!tambo_cases_save (tambo_station_get_store (station), changed, actor, error))
    return FALSE;
  g_clear_pointer (&enrolment->guardian, tambo_guardian_free);
  enrolment->guardian = guardian != NULL ? copy_guardian (guardian) : NULL;
  return TRUE;
}

/* ---- samples ---- */

static gboolean save_sample (TamboStation *station, TamboEnrolment *enrolment, TamboSample *sample,
                             GBytes *bytes, GError **error) {
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_CASE_CAPTURE, error);
  if (actor == NULL)
    return FALSE;

  sample->operator_id = g_strdup (actor);
  sample->captured_at = tambo_clock_now ();
  TamboStore *store = tambo_station_get_store (station);
  GError *cause = NULL;
  gboolean is_saved =
      tambo_cases_save_sample (store, enrolment, sample, bytes, actor, &cause)
      || (tambo_ballast_relieves (station, &cause)
          && tambo_cases_save_sample (store, enrolment, sample, bytes, actor, &cause));

  if (!is_saved)
    g_propagate_error (error, cause);
  return is_saved;
}

/* What the picture itself lacks refuses it; what is measured on the face is stored beside it, for the
 * operator to weigh: a scar, an age or a headdress may stand behind it. */
static gboolean judge_portrait (const TamboImage *image, char **out_verdicts, GError **error) {
  g_autoptr (GArray) measures = tambo_portrait_check (image);
  const char *hint = tambo_portrait_hint (measures);

  if (hint != NULL) {
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_QUALITY,
                 "the portrait is not good enough: %s", hint);
    return FALSE;
  }
  g_autoptr (TamboPortraitReport) report = tambo_portrait_report_new (image);
  *out_verdicts = tambo_portrait_dup_verdicts (report->measures);
  return TRUE;
}

static TamboSample *make_portrait (GBytes *file, const char *device, GError **error) {
  g_autoptr (TamboImage) image = tambo_image_decode (file, error);
  if (image == NULL) {
    g_prefix_error (error, "the portrait cannot be read: ");
    return NULL;
  }
  g_autofree char *verdicts = NULL;
  if (!judge_portrait (image, &verdicts, error))
    return NULL;

  TamboSample *sample = tambo_sample_new (TAMBO_SAMPLE_PORTRAIT);
  sample->media_type = g_strdup (tambo_image_media_type (tambo_image_sniff (file)));
  sample->width = image->width;
  sample->height = image->height;
  sample->verdicts = g_steal_pointer (&verdicts);
  sample->device = g_strdup (device);
  return sample;
}

gboolean tambo_enrol_add_portrait (TamboStation *station, TamboEnrolment *enrolment, GBytes *file,
                                   const char *device, GError **error) {
  g_autoptr (TamboSample) sample = make_portrait (file, device, error);

  return sample != NULL && save_sample (station, enrolment, sample, file, error);
}

gboolean tambo_enrol_improve_portrait (TamboStation *station, TamboEnrolment *enrolment,
                                       GBytes *file, const char *device, GError **error) {
  const TamboSample *old = tambo_enrolment_find_sample (enrolment, "portrait");
  g_autoptr (TamboSample) sample = make_portrait (file, device, error);

  if (sample == NULL)
    return FALSE;
  if (old != NULL
      && tambo_portrait_count_faults (old->verdicts)
             < tambo_portrait_count_faults (sample->verdicts))
    return TRUE;
  return save_sample (station, enrolment, sample, file, error);
}

/* MINIMUM 0 takes whatever has ridges. */
static gboolean judge_finger (TamboFinger finger, const TamboFingerprintQuality *quality,
                              int minimum, GError **error) {
  if (!tambo_fingerprint_has_ridges (quality)) {
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_QUALITY,
                 "the picture for %s shows no fingerprint ridges", tambo_finger_to_string (finger));
    return FALSE;
  }
  if (quality->index < minimum) {
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_QUALITY,
                 "%s has quality %d of the %d that the procedure asks for",
                 tambo_finger_to_string (finger), quality->index, minimum);
    return FALSE;
  }
  return TRUE;
}

static gboolean save_finger (TamboStation *station, TamboEnrolment *enrolment, TamboFinger finger,
                             const TamboImage *image, int quality, const char *device,
                             GError **error) {
  g_autoptr (TamboImage) print = tambo_fingerprint_normalise (image);
  g_autoptr (GBytes) png = tambo_image_encode_png (print, error);
  if (png == NULL)
    return FALSE;

  g_autoptr (TamboSample) sample = tambo_sample_new (TAMBO_SAMPLE_FINGERPRINT);
  sample->finger = finger;
  sample->media_type = g_strdup ("image/png");
  sample->width = print->width;
  sample->height = print->height;
  sample->ppi = print->ppi;
  sample->quality = quality;
  sample->device = g_strdup (device);
  return save_sample (station, enrolment, sample, png, error);
}

gboolean tambo_enrol_add_finger (TamboStation *station, TamboEnrolment *enrolment,
                                 TamboFinger finger, const TamboImage *image,
                                 const TamboFingerprintQuality *quality, const char *device,
                                 GError **error) {
  g_autoptr (TamboProcedure) procedure =
      tambo_procedures_load (station, enrolment->procedure_id, enrolment->procedure_version, error);

  return procedure != NULL
         && judge_finger (finger, quality, procedure->minimum_finger_quality, error)
         && save_finger (station, enrolment, finger, image, quality->index, device, error);
}

gboolean tambo_enrol_keep_finger (TamboStation *station, TamboEnrolment *enrolment,
                                  TamboFinger finger, const TamboImage *image,
                                  const TamboFingerprintQuality *quality, const char *device,
                                  GError **error) {
  g_autofree char *slot = g_strconcat ("finger-", tambo_finger_to_string (finger), NULL);
  const TamboSample *old = tambo_enrolment_find_sample (enrolment, slot);

  if (!judge_finger (finger, quality, 0, error))
    return FALSE;
  return (old != NULL && old->quality > quality->index)
         || save_finger (station, enrolment, finger, image, quality->index, device, error);
}

gboolean tambo_enrol_add_finger_exception (TamboStation *station, TamboEnrolment *enrolment,
                                           TamboFinger finger, const char *reason, GError **error) {
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_CASE_CAPTURE, error);
  if (actor == NULL)
    return FALSE;
  return tambo_aside_except (tambo_station_get_store (station), enrolment, finger, reason, actor,
                             error);
}

gboolean tambo_enrol_add_signature (TamboStation *station, TamboEnrolment *enrolment,
                                    const TamboSignature *signature, const char *device,
                                    GError **error) {
  g_autoptr (TamboImage) ink = tambo_signature_draw (signature, 600, 200);
  if (ink == NULL) {
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_QUALITY,
                 "the signature has no ink");
    return FALSE;
  }

  g_autoptr (GBytes) bytes = tambo_signature_encode (signature);
  g_autoptr (TamboSample) sample = tambo_sample_new (TAMBO_SAMPLE_SIGNATURE);
  sample->media_type = g_strdup ("application/x-iso19794-7");
  sample->device = g_strdup (device);
  return save_sample (station, enrolment, sample, bytes, error);
}

static gboolean add_signature_picture (TamboStation *station, TamboEnrolment *enrolment,
                                       GBytes *file, GError **error) {
  g_autoptr (TamboImage) image = tambo_image_decode (file, error);
  if (image == NULL) {
    g_prefix_error (error, "the signature cannot be read: ");
    return FALSE;
  }

  g_autoptr (TamboSample) sample = tambo_sample_new (TAMBO_SAMPLE_SIGNATURE);
  sample->media_type = g_strdup (tambo_image_media_type (tambo_image_sniff (file)));
  sample->width = image->width;
  sample->height = image->height;
  sample->device = g_strdup ("file");
  return save_sample (station, enrolment, sample, file, error);
}

gboolean tambo_enrol_add_signature_file (TamboStation *station, TamboEnrolment *enrolment,
                                         GBytes *file, GError **error) {
  if (tambo_image_sniff (file) != TAMBO_IMAGE_UNKNOWN)
    return add_signature_picture (station, enrolment, file, error);

  g_autoptr (TamboSignature) signature = tambo_inkml_sniff (file)
                                             ? tambo_inkml_parse (file, error)
                                             : tambo_signature_parse (file, error);
  return signature != NULL
         && tambo_enrol_add_signature (station, enrolment, signature, "file", error);
}

gboolean tambo_enrol_add_document (TamboStation *station, TamboEnrolment *enrolment,
                                   const char *document_kind, GBytes *file, const char *media_type,
                                   int width, int height, GError **error) {
  g_autoptr (TamboSample) sample = tambo_sample_new (TAMBO_SAMPLE_DOCUMENT);

  sample->document_kind = g_strdup (document_kind);
  sample->media_type = g_strdup (media_type);
  sample->width = width;
  sample->height = height;
  sample->device = g_strdup ("file");
  return save_sample (station, enrolment, sample, file, error);
}

GBytes *tambo_enrol_load_sample (TamboStation *station, const TamboEnrolment *enrolment,
                                 const char *slot, GError **error) {
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_CASE_CAPTURE, error);
  if (actor == NULL)
    return NULL;
  return tambo_cases_load_sample (tambo_station_get_store (station), enrolment, slot, error);
}

/* ---- sealing ---- */

GPtrArray *tambo_enrol_check (TamboStation *station, const TamboEnrolment *enrolment,
                              GError **error) {
  g_autoptr (TamboProcedure) procedure =
      tambo_procedures_load (station, enrolment->procedure_id, enrolment->procedure_version, error);

  return procedure != NULL ? tambo_check_enrolment (enrolment, procedure, NULL) : NULL;
}

/* Waiting, when all that is left is a second person's word. */
static gboolean check_or_wait (TamboStation *station, const TamboEnrolment *enrolment,
                               const char *actor, GError **error) {
  g_autoptr (GPtrArray) checks = tambo_enrol_check (station, enrolment, error);
  if (checks == NULL)
    return FALSE;
  const TamboCheck *open = NULL;
  for (guint i = 0; i < checks->len; i++) {
    const TamboCheck *check = g_ptr_array_index (checks, i);
    if (check->verdict == TAMBO_CHECK_MISSING || check->verdict == TAMBO_CHECK_FAILED)
      return tambo_check_all_passed (checks, error);
    if (check->verdict == TAMBO_CHECK_APPROVE && open == NULL)
      open = check;
  }
  if (open == NULL)
    return TRUE;

  if (tambo_cases_set_state (tambo_station_get_store (station), enrolment->id, TAMBO_CASE_WAITING,
                             actor, error))
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_FOUR_EYES, "%s: %s", open->rule,
                 open->detail);
  return FALSE;
}

static TamboPacket *make_packet (TamboStore *store, const TamboEnrolment *enrolment,
                                 GError **error) {
  g_autoptr (TamboPacket) packet = tambo_packet_new ();
  g_autoptr (JsonObject) object = tambo_enrolment_to_json (enrolment);

  tambo_packet_add_json (packet, "case", object);
  for (guint i = 0; i < enrolment->samples->len; i++) {
    const TamboSample *sample = g_ptr_array_index (enrolment->samples, i);
    g_autofree char *slot = tambo_sample_dup_slot (sample);
    g_autoptr (GBytes) bytes = tambo_cases_load_sample (store, enrolment, slot, error);
    if (bytes == NULL)
      return NULL;
    tambo_packet_add (packet, slot, bytes);
  }
  return g_steal_pointer (&packet);
}

/* The record, its place in the outbox and the end of the draft. */
static gboolean queue_case (TamboStation *station, const TamboEnrolment *enrolment,
                            TamboPacket *packet, const char *actor, GError **error) {
  TamboStore *store = tambo_station_get_store (station);
  g_autoptr (TamboTransaction) transaction = tambo_transaction_begin (store, error);

  return transaction != NULL
         && tambo_station_queue_record (station, "enrolment", enrolment->id, enrolment->id, packet,
                                        PRIORITY_NORMAL, error)
         && tambo_cases_set_state (store, enrolment->id, TAMBO_CASE_QUEUED, actor, error)
         && tambo_transaction_commit (transaction, error);
}

gboolean tambo_enrol_seal (TamboStation *station, TamboEnrolment *enrolment, GError **error) {
  g_autofree char *actor = tambo_station_permit (station, TAMBO_OPERATION_CASE_CAPTURE, error);
  if (actor == NULL || !tambo_alerts_check_told (station, enrolment, error)
      || !check_or_wait (station, enrolment, actor, error))
    return FALSE;

  TamboStore *store = tambo_station_get_store (station);
  g_autoptr (TamboPacket) packet = make_packet (store, enrolment, error);
  if (packet == NULL)
    return FALSE;

  GError *cause = NULL;
  if (!queue_case (station, enrolment, packet, actor, &cause)
      && !(tambo_ballast_relieves (station, &cause)
           && queue_case (station, enrolment, packet, actor, &cause))) {
    g_propagate_error (error, cause);
    return FALSE;
  }

  tambo_prefill_remember (station, enrolment);
  enrolment->state = TAMBO_CASE_QUEUED;
  tambo_station_changed (station);
  return TRUE;
}
