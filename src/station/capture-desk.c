/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "station/capture-desk.h"

#include "biometric/fingerprint-picture.h"
#include "biometric/slap.h"

#define MAX_ATTEMPTS 3
#define PEN_REST_MS 1500
#define PEN_TIMEOUT_MS 60000

/* The best print that was not good enough. */
typedef struct {
  TamboImage *image;
  TamboFingerprintQuality quality;
  char *device;
} Best;

static void best_clear (Best *best) {
  g_clear_pointer (&best->image, tambo_image_free);
  g_free (best->device);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Best, best_clear)

typedef gboolean (*CaptureOnce) (const TamboCaptureDesk *desk, gpointer job,
                                 GCancellable *cancellable, GError **error);

typedef struct {
  TamboFinger finger;
  Best best;
} Single;

static void single_clear (Single *single) {
  best_clear (&single->best);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Single, single_clear)

#define N_FINGERS (TAMBO_FINGER_LEFT_LITTLE + 1)

typedef struct {
  TamboPress press;
  guint missing; /* bits 1 << TamboFinger: not there, or good already */
  Best bests[N_FINGERS];
} Slap;

static void slap_clear (Slap *slap) {
  for (guint i = 0; i < N_FINGERS; i++)
    best_clear (&slap->bests[i]);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Slap, slap_clear)

/* What the applicant can mend by trying again, as against what somebody has to repair. */
static gboolean is_worth_another_try (const GError *error) {
  return error->domain == TAMBO_CAPTURE_RETRY
         || g_error_matches (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_QUALITY)
         || g_error_matches (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_OTHER_FINGER);
}

static gboolean capture_with_attempts (const TamboCaptureDesk *desk, CaptureOnce once, gpointer job,
                                       GCancellable *cancellable, GError **error) {
  g_autoptr (GError) last = NULL;

  for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    if (desk->attempt != NULL)
      desk->attempt (attempt, last != NULL ? last->message : NULL, desk->data);
    g_clear_error (&last);
    if (once (desk, job, cancellable, &last))
      return TRUE;
    if (!is_worth_another_try (last))
      break;
  }
  g_propagate_error (error, g_steal_pointer (&last));
  return FALSE;
}

static char *describe (gpointer device) {
  return g_strdup_printf ("%s (%s)", tambo_device_get_name (device),
                          tambo_device_get_driver (device));
}

static gboolean portrait_once (const TamboCaptureDesk *desk, gpointer job,
                               GCancellable *cancellable, GError **error) {
  g_autoptr (TamboCamera) camera = tambo_device_manager_dup_camera (desk->devices, NULL, error);
  if (camera == NULL)
    return FALSE;
  g_autoptr (GBytes) file = tambo_camera_capture (camera, cancellable, error);
  g_autofree char *device = describe (camera);

  tambo_camera_stop (camera);
  if (file == NULL)
    return FALSE;
  return desk->keep_better
             ? tambo_enrol_improve_portrait (desk->station, desk->enrolment, file, device, error)
             : tambo_enrol_add_portrait (desk->station, desk->enrolment, file, device, error);
}

static void keep_if_best (Best *best, const TamboImage *image,
                          const TamboFingerprintQuality *quality, const char *device) {
  if (best->image != NULL && best->quality.index >= quality->index)
    return;
  best_clear (best);
  best->image = tambo_image_copy (image);
  best->quality = *quality;
  best->device = g_strdup (device);
}

static gboolean add_print (const TamboCaptureDesk *desk, TamboFinger finger,
                           const TamboImage *image, const char *device, Best *best,
                           GError **error) {
  g_autoptr (TamboPrintReport) report = tambo_print_report_new (image);
  g_autoptr (GError) own_error = NULL;
  TamboFinger twin;
  const TamboFingerprintQuality quality = report->quality;

  if (!tambo_print_find_twin (desk->station, desk->enrolment, finger, image, &twin, error))
    return FALSE;
  report->twin = twin;
  if (desk->print != NULL)
    desk->print (g_steal_pointer (&report), desk->data);
  if (twin != TAMBO_FINGER_UNKNOWN) {
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_OTHER_FINGER,
                 "what was pressed for %s is the finger that was taken as %s",
                 tambo_finger_to_string (finger), tambo_finger_to_string (twin));
    return FALSE;
  }
  if (tambo_enrol_add_finger (desk->station, desk->enrolment, finger, image, &quality, device,
                              &own_error))
    return TRUE;
  if (g_error_matches (own_error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_QUALITY))
    keep_if_best (best, image, &quality, device);
  g_propagate_error (error, g_steal_pointer (&own_error));
  return FALSE;
}

static GPtrArray *lay (const TamboCaptureDesk *desk, TamboFingerprintReader *reader,
                       TamboPress what, TamboFinger finger, guint missing,
                       GCancellable *cancellable, GError **error) {
  const TamboFingerRequest request = {
    .press = what,
    .finger = finger,
    .missing = missing,
    .status = desk->finger_status,
    .glass = desk->glass,
    .data = desk->data,
  };

  return tambo_fingerprint_reader_press (reader, &request, cancellable, error);
}

/* One that sees the whole finger, where there is one; the other says why it is none. */
static TamboFingerprintReader *choose_reader (const TamboCaptureDesk *desk, GError **error) {
  g_autoptr (TamboFingerprintReader) reader =
      tambo_device_manager_dup_fingerprint_reader (desk->devices, NULL, error);
  TamboFingerprintReader *other = NULL;

  if (reader != NULL
      && (tambo_fingerprint_reader_get_presses (reader) & 1u << TAMBO_PRESS_SINGLE) == 0)
    other = tambo_device_manager_dup_reader_for (desk->devices, TAMBO_PRESS_SINGLE, NULL);
  return other != NULL ? other : g_steal_pointer (&reader);
}

static gboolean finger_once (const TamboCaptureDesk *desk, gpointer job, GCancellable *cancellable,
                             GError **error) {
  Single *single = job;
  g_autoptr (TamboFingerprintReader) reader = choose_reader (desk, error);
  if (reader == NULL)
    return FALSE;
  g_autoptr (GPtrArray) captures =
      lay (desk, reader, TAMBO_PRESS_SINGLE, single->finger, 0, cancellable, error);
  if (captures == NULL)
    return FALSE;
  const TamboFingerprintCapture *capture = g_ptr_array_index (captures, 0);
  g_autofree char *device = describe (reader);
  if (desk->take_finger != NULL)
    return desk->take_finger (capture->image, device, desk->taker, error);
  return add_print (desk, single->finger, capture->image, device, &single->best, error);
}

/* Of several things that are wrong the first is told; what nobody at the glass can mend ends it. */
static gboolean add_slap (const TamboCaptureDesk *desk, Slap *slap, GPtrArray *captures,
                          const char *device, GError **error) {
  g_autoptr (GError) first = NULL;

  for (guint i = 0; i < captures->len; i++) {
    const TamboFingerprintCapture *capture = captures->pdata[i];
    g_autoptr (GError) cause = NULL;

    if ((slap->missing & 1u << capture->finger) != 0)
      continue;
    if (add_print (desk, capture->finger, capture->image, device, &slap->bests[capture->finger],
                   &cause)) {
      slap->missing |= 1u << capture->finger;
      continue;
    }
    if (!is_worth_another_try (cause)) {
      g_propagate_error (error, g_steal_pointer (&cause));
      return FALSE;
    }
    if (first == NULL)
      first = g_steal_pointer (&cause);
  }
  if (first == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&first));
  return FALSE;
}

/* Fingers that are good already are left out. */
static gboolean slap_once (const TamboCaptureDesk *desk, gpointer job, GCancellable *cancellable,
                           GError **error) {
  Slap *slap = job;
  g_autoptr (TamboFingerprintReader) reader =
      tambo_device_manager_dup_reader_for (desk->devices, slap->press, error);
  if (reader == NULL)
    return FALSE;
  g_autoptr (GPtrArray) captures =
      lay (desk, reader, slap->press, TAMBO_FINGER_UNKNOWN, slap->missing, cancellable, error);
  if (captures == NULL)
    return FALSE;
  g_autofree char *device = describe (reader);
  return add_slap (desk, slap, captures, device, error);
}

static gboolean signature_once (const TamboCaptureDesk *desk, gpointer job,
                                GCancellable *cancellable, GError **error) {
  g_autoptr (TamboSignaturePad) pad =
      tambo_device_manager_dup_signature_pad (desk->devices, NULL, error);
  if (pad == NULL)
    return FALSE;
  g_autoptr (TamboSignature) signature = tambo_signature_pad_capture (
      pad, PEN_REST_MS, PEN_TIMEOUT_MS, desk->pen_sample, desk->data, cancellable, error);
  if (signature == NULL)
    return FALSE;
  g_autofree char *device = describe (pad);
  return tambo_enrol_add_signature (desk->station, desk->enrolment, signature, device, error);
}

gboolean tambo_capture_desk_portrait (const TamboCaptureDesk *desk, GCancellable *cancellable,
                                      GError **error) {
  return capture_with_attempts (desk, portrait_once, NULL, cancellable, error);
}

/* Without ridges there is nothing to keep, and CAUSE, why none was good enough, says so already. A print that could
 * not be saved takes its place: that has to be told. */
static void keep_best (const TamboCaptureDesk *desk, TamboFinger finger, const Best *best,
                       GError **cause) {
  g_autoptr (GError) failure = NULL;

  if (best->image == NULL
      || tambo_enrol_keep_finger (desk->station, desk->enrolment, finger, best->image,
                                  &best->quality, best->device, &failure)
      || g_error_matches (failure, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_QUALITY))
    return;
  g_clear_error (cause);
  *cause = g_steal_pointer (&failure);
}

gboolean tambo_capture_desk_finger (const TamboCaptureDesk *desk, TamboFinger finger,
                                    GCancellable *cancellable, GError **error) {
  g_auto (Single) single = { .finger = finger };
  GError *cause = NULL;

  if (capture_with_attempts (desk, finger_once, &single, cancellable, &cause))
    return TRUE;
  keep_best (desk, finger, &single.best, &cause);
  g_propagate_error (error, cause);
  return FALSE;
}

static guint excepted_fingers (const TamboEnrolment *enrolment) {
  guint fingers = 0;

  for (guint i = TAMBO_FINGER_RIGHT_THUMB; i < N_FINGERS; i++)
    if (tambo_enrolment_find_exception (enrolment, (TamboFinger) i) != NULL)
      fingers |= 1u << i;
  return fingers;
}

gboolean tambo_capture_desk_slap (const TamboCaptureDesk *desk, TamboPress press, guint missing,
                                  GCancellable *cancellable, GError **error) {
  g_auto (Slap) slap = { .press = press, .missing = missing | excepted_fingers (desk->enrolment) };
  GError *cause = NULL;

  if ((tambo_press_get_fingers (press) & ~slap.missing) == 0
      || capture_with_attempts (desk, slap_once, &slap, cancellable, &cause))
    return TRUE;
  for (guint i = TAMBO_FINGER_RIGHT_THUMB; i < N_FINGERS; i++)
    keep_best (desk, (TamboFinger) i, &slap.bests[i], &cause);
  g_propagate_error (error, cause);
  return FALSE;
}

gboolean tambo_capture_desk_finger_image (const TamboCaptureDesk *desk, TamboFinger finger,
                                          const TamboImage *image, const char *device,
                                          GError **error) {
  g_auto (Best) best = { NULL };

  return add_print (desk, finger, image, device, &best, error);
}

/* A picture of PRESS, cut; NULL with QUALITY when other fingers are on it than those that are not MISSING. */
static TamboSlap *cut_slap (TamboPress press, guint missing, const TamboImage *image,
                            GError **error) {
  static const TamboSlapPosition positions[] = {
    [TAMBO_PRESS_SINGLE] = TAMBO_SLAP_UNKNOWN,
    [TAMBO_PRESS_RIGHT_FOUR] = TAMBO_SLAP_RIGHT_FOUR,
    [TAMBO_PRESS_LEFT_FOUR] = TAMBO_SLAP_LEFT_FOUR,
    [TAMBO_PRESS_THUMBS] = TAMBO_SLAP_THUMBS,
  };
  g_autoptr (TamboImage) print = tambo_fingerprint_normalise (image);
  g_autoptr (TamboSlap) slap =
      print != NULL ? tambo_slap_segment (print, positions[press], missing) : NULL;

  if (slap != NULL && tambo_slap_is_complete (slap, positions[press]))
    return g_steal_pointer (&slap);
  if (slap != NULL && slap->fingers->len != slap->expected)
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_QUALITY,
                 "the picture for %s shows %u fingers instead of %u", tambo_press_to_string (press),
                 slap->fingers->len, slap->expected);
  else
    g_set_error (error, TAMBO_STATION_ERROR, TAMBO_STATION_ERROR_QUALITY,
                 "the picture for %s is not of that hand", tambo_press_to_string (press));
  return NULL;
}

gboolean tambo_capture_desk_slap_image (const TamboCaptureDesk *desk, TamboPress press,
                                        guint missing, const TamboImage *image, const char *device,
                                        GError **error) {
  guint absent = excepted_fingers (desk->enrolment);
  g_autoptr (TamboSlap) slap = NULL;
  g_autoptr (GError) first = NULL;

  if ((tambo_press_get_fingers (press) & ~missing & ~absent) == 0)
    return TRUE;
  /* Those that the case has already lie on the picture all the same. */
  slap = cut_slap (press, absent, image, error);
  for (guint i = 0; slap != NULL && i < slap->fingers->len; i++) {
    const TamboSlapFinger *finger = g_ptr_array_index (slap->fingers, i);
    g_autoptr (GError) cause = NULL;

    if ((missing & 1u << finger->position) == 0
        && !tambo_capture_desk_finger_image (desk, (TamboFinger) finger->position, finger->image,
                                             device, &cause)
        && first == NULL)
      first = g_steal_pointer (&cause);
  }
  if (first == NULL)
    return slap != NULL;
  g_propagate_error (error, g_steal_pointer (&first));
  return FALSE;
}

gboolean tambo_capture_desk_signature (const TamboCaptureDesk *desk, GCancellable *cancellable,
                                       GError **error) {
  return capture_with_attempts (desk, signature_once, NULL, cancellable, error);
}
