/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/capture-words.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "base/file.h"
#include "capture/document-reader.h"
#include "format/an2k-records.h"
#include "format/format-error.h"
#include "format/image-codec.h"
#include "station/alerts.h"
#include "station/capture-desk.h"

#define FILE_MAX_SIZE (32 * 1024 * 1024)

void tambo_capture_words_clear (TamboCaptureWords *words) {
  g_free (words->portrait);
  g_strfreev (words->fingers);
  g_strfreev (words->finger_exceptions);
  g_free (words->signature);
  g_strfreev (words->documents);
}

GOptionEntry *tambo_capture_words_options (TamboCaptureWords *words, const GOptionEntry *more) {
  const GOptionEntry own[] = {
    { "portrait", 0, 0, G_OPTION_ARG_FILENAME, &words->portrait, "The face", "FILE|camera" },
    { "finger", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &words->fingers,
      "One fingerprint, or a slap of them", "POSITION=FILE|sensor" },
    { "finger-exception", 0, 0, G_OPTION_ARG_STRING_ARRAY, &words->finger_exceptions,
      "Why a finger is not there", "POSITION=REASON" },
    { "signature", 0, 0, G_OPTION_ARG_FILENAME, &words->signature, "The signature", "FILE|pad" },
    { "document", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &words->documents, "A supporting document",
      "KIND=FILE" },
  };
  GArray *all = g_array_new (TRUE, TRUE, sizeof (GOptionEntry));

  g_array_append_vals (all, own, G_N_ELEMENTS (own));
  for (; more != NULL && more->long_name != NULL; more++)
    g_array_append_val (all, *more);
  return (GOptionEntry *) g_array_free (all, FALSE);
}

/* ---- one capture run ---- */

typedef struct {
  TamboCli *cli;
  TamboStation *station;
  TamboEnrolment *enrolment;
  TamboDeviceManager *devices; /* NULL before a device is needed */
} Run;

static void say (Run *run, const char *format, ...) G_GNUC_PRINTF (2, 3);

static void say (Run *run, const char *format, ...) {
  va_list arguments;

  if (run->cli->json)
    return;
  va_start (arguments, format);
  vprintf (format, arguments);
  va_end (arguments);
  fflush (stdout);
}

static void say_sample (Run *run, const char *slot) {
  const TamboSample *sample = tambo_enrolment_find_sample (run->enrolment, slot);

  say (run, "%s: %s, %" G_GINT64_FORMAT " bytes", slot, sample->media_type, sample->size);
  if (sample->width > 0)
    say (run, ", %dx%d", sample->width, sample->height);
  if (sample->quality >= 0)
    say (run, ", quality %d", sample->quality);
  say (run, ", from %s; durable\n", sample->device);
}

static gboolean has_slot (Run *run, const char *slot) {
  if (tambo_enrolment_find_sample (run->enrolment, slot) == NULL)
    return FALSE;
  say (run, "%s: captured before\n", slot);
  return TRUE;
}

static void say_attempt (int attempt, const char *why, gpointer data) {
  if (why != NULL)
    say (data, "  attempt %d, because %s\n", attempt, why);
}

/* Enough for pictures from files. */
static TamboCaptureDesk bare_desk (Run *run) {
  return (TamboCaptureDesk){
    .station = run->station,
    .devices = run->devices,
    .enrolment = run->enrolment,
    .attempt = say_attempt,
    .data = run,
  };
}

static gboolean open_desk (Run *run, TamboCaptureDesk *out_desk, GError **error) {
  if (run->devices == NULL) {
    g_autoptr (TamboDeviceManager) devices = tambo_device_manager_new ();
    if (!tambo_device_manager_scan (devices, run->cli->cancellable, error))
      return FALSE;
    run->devices = g_steal_pointer (&devices);
  }
  *out_desk = bare_desk (run);
  return TRUE;
}

/* ---- the kinds of sample ---- */

static gboolean take_portrait (Run *run, const char *source, GError **error) {
  if (g_strcmp0 (source, "camera") == 0) {
    TamboCaptureDesk desk;
    return open_desk (run, &desk, error)
           && tambo_capture_desk_portrait (&desk, run->cli->cancellable, error);
  }
  g_autoptr (GBytes) file = tambo_file_read (source, FILE_MAX_SIZE, error);
  return file != NULL
         && tambo_enrol_add_portrait (run->station, run->enrolment, file, "file", error);
}

TamboImage *tambo_capture_words_read_finger (const char *path, TamboFinger finger, GError **error) {
  g_autoptr (GBytes) file = tambo_file_read (path, FILE_MAX_SIZE, error);
  if (file == NULL)
    return NULL;
  if (!tambo_an2k_sniff (file))
    return tambo_image_decode (file, error);

  g_autoptr (TamboAn2k) an2k = tambo_an2k_parse (file, error);
  g_autoptr (GError) cause = NULL;
  TamboImage *image = an2k != NULL ? tambo_an2k_find_finger (an2k, finger, &cause) : NULL;
  if (cause != NULL)
    g_propagate_error (error, g_steal_pointer (&cause));
  else if (an2k != NULL && image == NULL)
    g_set_error (error, TAMBO_FORMAT_ERROR, TAMBO_FORMAT_ERROR_UNSUPPORTED,
                 "%s: the transaction has no image of %s", path, tambo_finger_to_string (finger));
  return image;
}

static gboolean take_finger (Run *run, TamboFinger finger, const char *source, GError **error) {
  TamboCaptureDesk desk = bare_desk (run);
  if (g_strcmp0 (source, "sensor") == 0)
    return open_desk (run, &desk, error)
           && tambo_capture_desk_finger (&desk, finger, run->cli->cancellable, error);
  g_autoptr (TamboImage) image = tambo_capture_words_read_finger (source, finger, error);
  return image != NULL && tambo_capture_desk_finger_image (&desk, finger, image, "file", error);
}

static gboolean take_slap (Run *run, TamboPress press, const char *source, guint missing,
                           GError **error) {
  TamboCaptureDesk desk = bare_desk (run);
  if (g_strcmp0 (source, "sensor") == 0)
    return open_desk (run, &desk, error)
           && tambo_capture_desk_slap (&desk, press, missing, run->cli->cancellable, error);
  g_autoptr (GBytes) file = tambo_file_read (source, FILE_MAX_SIZE, error);
  g_autoptr (TamboImage) image = file != NULL ? tambo_image_decode (file, error) : NULL;
  return image != NULL
         && tambo_capture_desk_slap_image (&desk, press, missing, image, "file", error);
}

static gboolean take_signature (Run *run, const char *source, GError **error) {
  if (g_strcmp0 (source, "pad") == 0) {
    TamboCaptureDesk desk;
    return open_desk (run, &desk, error)
           && tambo_capture_desk_signature (&desk, run->cli->cancellable, error);
  }
  g_autoptr (GBytes) file = tambo_file_read (source, FILE_MAX_SIZE, error);
  return file != NULL && tambo_enrol_add_signature_file (run->station, run->enrolment, file, error);
}

static gboolean take_document (Run *run, const char *kind, const char *path, GError **error) {
  g_auto (TamboScan) scan = { NULL };

  return tambo_document_reader_read (path, &scan, error)
         && tambo_enrol_add_document (run->station, run->enrolment, kind, scan.bytes,
                                      scan.media_type, scan.width, scan.height, error);
}

/* ---- words "KEY=VALUE" ---- */

static gboolean split_word (const char *word, char **out_key, const char **out_value,
                            GError **error) {
  const char *equals = strchr (word, '=');

  if (equals == NULL || equals == word || equals[1] == '\0') {
    g_set_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_MALFORMED, "'%s' is not KEY=VALUE",
                 word);
    return FALSE;
  }
  *out_key = g_strndup (word, equals - word);
  *out_value = equals + 1;
  return TRUE;
}

gboolean tambo_capture_words_split_finger (const char *word, TamboFinger *out_finger,
                                           const char **out_value, GError **error) {
  g_autofree char *key = NULL;
  if (!split_word (word, &key, out_value, error))
    return FALSE;

  *out_finger = tambo_finger_from_string (key);
  if (*out_finger != TAMBO_FINGER_UNKNOWN)
    return TRUE;
  g_set_error (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_MALFORMED,
               "'%s' is no finger position (right-thumb … left-little, or 1 to 10)", key);
  return FALSE;
}

static guint captured_fingers (const TamboEnrolment *enrolment) {
  guint fingers = 0;

  for (guint i = TAMBO_FINGER_RIGHT_THUMB; i <= TAMBO_FINGER_LEFT_LITTLE; i++) {
    g_autofree char *slot = g_strdup_printf ("finger-%s", tambo_finger_to_string ((TamboFinger) i));
    if (tambo_enrolment_find_sample (enrolment, slot) != NULL)
      fingers |= 1u << i;
  }
  return fingers;
}

static void say_fingers (Run *run, guint fingers) {
  for (guint i = TAMBO_FINGER_RIGHT_THUMB; i <= TAMBO_FINGER_LEFT_LITTLE; i++) {
    g_autofree char *slot = g_strdup_printf ("finger-%s", tambo_finger_to_string ((TamboFinger) i));
    if ((fingers & 1u << i) != 0)
      say_sample (run, slot);
  }
}

/* What was good of it is told even when the rest failed. */
static gboolean run_slap (Run *run, TamboPress press, const char *source, GError **error) {
  guint before = captured_fingers (run->enrolment);
  gboolean done = take_slap (run, press, source, before, error);

  say_fingers (run, captured_fingers (run->enrolment) & ~before);
  return done;
}

/* "slap-right=SOURCE" and its like. */
static gboolean is_slap (const char *word, TamboPress *out_press, const char **out_source) {
  const char *equals = strchr (word, '=');
  g_autofree char *key = equals != NULL ? g_strndup (word, (gsize) (equals - word)) : NULL;

  if (key == NULL || !tambo_press_from_string (key, out_press)
      || tambo_press_get_fingers (*out_press) == 0)
    return FALSE;
  *out_source = equals + 1;
  return TRUE;
}

static gboolean run_finger (Run *run, const char *word, GError **error) {
  TamboFinger finger;
  TamboPress press;
  const char *source;
  if (is_slap (word, &press, &source))
    return run_slap (run, press, source, error);
  if (!tambo_capture_words_split_finger (word, &finger, &source, error))
    return FALSE;

  g_autofree char *slot = g_strdup_printf ("finger-%s", tambo_finger_to_string (finger));
  if (has_slot (run, slot))
    return TRUE;
  if (!take_finger (run, finger, source, error))
    return FALSE;
  say_sample (run, slot);
  return TRUE;
}

static gboolean run_exception (Run *run, const char *word, GError **error) {
  TamboFinger finger;
  const char *reason;

  if (!tambo_capture_words_split_finger (word, &finger, &reason, error)
      || !tambo_enrol_add_finger_exception (run->station, run->enrolment, finger, reason, error))
    return FALSE;
  say (run, "finger-%s: exception noted\n", tambo_finger_to_string (finger));
  return TRUE;
}

static gboolean run_document (Run *run, const char *word, GError **error) {
  g_autofree char *kind = NULL;
  const char *path;
  if (!split_word (word, &kind, &path, error))
    return FALSE;

  g_autofree char *slot = g_strdup_printf ("document-%s", kind);
  if (has_slot (run, slot))
    return TRUE;
  if (!take_document (run, kind, path, error))
    return FALSE;
  say_sample (run, slot);
  return TRUE;
}

typedef gboolean (*RunWord) (Run *run, const char *word, GError **error);

static gboolean run_words (Run *run, char **words, RunWord run_word, GError **error) {
  for (char **word = words; word != NULL && *word != NULL; word++)
    if (!run_word (run, *word, error))
      return FALSE;
  return TRUE;
}

static gboolean run_single (Run *run, const char *slot, const char *source,
                            gboolean (*take) (Run *run, const char *source, GError **error),
                            GError **error) {
  if (source == NULL || has_slot (run, slot))
    return TRUE;
  if (!take (run, source, error))
    return FALSE;
  say_sample (run, slot);
  return TRUE;
}

/* On standard error, before anything is captured: who stands there may be gone a minute later. */
static gboolean warn (TamboStation *station, const TamboEnrolment *enrolment, GError **error) {
  g_autoptr (GError) gap = NULL;
  g_autoptr (GPtrArray) alerts = tambo_alerts_check (station, enrolment, &gap, error);

  for (guint i = 0; alerts != NULL && i < alerts->len; i++) {
    const TamboAlert *alert = g_ptr_array_index (alerts, i);
    fprintf (stderr, "tamboctl: alert about this %s: %s; %s\n", alert->about, alert->reason,
             alert->action);
  }
  return alerts != NULL && tambo_error_pass (&gap, error);
}

gboolean tambo_capture_words_run (const TamboCaptureWords *words, TamboCli *cli,
                                  TamboStation *station, TamboEnrolment *enrolment,
                                  GError **error) {
  Run run = { cli, station, enrolment, NULL };
  gboolean done = warn (station, enrolment, error)
                  && run_single (&run, "portrait", words->portrait, take_portrait, error)
                  && run_words (&run, words->finger_exceptions, run_exception, error)
                  && run_words (&run, words->fingers, run_finger, error)
                  && run_single (&run, "signature", words->signature, take_signature, error)
                  && run_words (&run, words->documents, run_document, error);

  g_clear_object (&run.devices);
  return done;
}

/* ---- the end of a run ---- */

TamboExit tambo_capture_words_interrupted (const TamboEnrolment *enrolment, const GError *error) {
  g_autofree char *action =
      g_strdup_printf ("%s ('tamboctl case resume %s' goes on with all that was captured)",
                       tambo_advice_action (error), enrolment->id);

  return tambo_cli_fail_with (error, "enrolment not finished", action);
}

TamboExit tambo_capture_words_finish (TamboCli *cli, TamboStation *station,
                                      TamboEnrolment *enrolment) {
  g_autoptr (GError) error = NULL;

  if (!tambo_enrol_seal (station, enrolment, &error))
    return tambo_capture_words_interrupted (enrolment, error);

  JsonObject *document = json_object_new ();
  json_object_set_string_member (document, "id", enrolment->id);
  json_object_set_string_member (document, "tracking_number", enrolment->tracking_number);
  json_object_set_string_member (document, "state", tambo_case_state_to_string (enrolment->state));
  if (!cli->json)
    printf ("enrolment %s\ntracking number %s\nsealed for headquarters and queued\n", enrolment->id,
            enrolment->tracking_number);
  tambo_cli_end (cli, document);
  return TAMBO_EXIT_DONE;
}
