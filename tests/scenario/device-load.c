/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Devices for a long time, as the station uses them:
 *   device-load cycles N     opens, captures and closes each kind N times, and counts what is left over
 *   device-load pen SECONDS  one signature that lasts so long: its samples
 *   device-load live SECONDS the live view: frames a second, and the main loop's worst gap meanwhile
 *   device-load loss SECONDS the live view until the camera is lost ("live", then "lost CAUSE"), and then until a
 *                            frame comes again ("back") or the time is over
 * Prints NAME VALUE lines.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../unit/leftovers.h"
#include "capture/device-manager.h"

#define WARM_UP 3
#define REST_SECONDS 10

static TamboDeviceManager *manager;

static void use_finger (void) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboFingerprintReader) reader =
      tambo_device_manager_dup_fingerprint_reader (manager, NULL, &error);
  g_autoptr (TamboFingerprintCapture) capture =
      reader != NULL ? tambo_fingerprint_reader_capture (reader, NULL, NULL, NULL, &error) : NULL;

  if (capture == NULL)
    g_error ("finger: %s", error->message);
}

static void use_camera (void) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboCamera) camera = tambo_device_manager_dup_camera (manager, NULL, &error);
  g_autoptr (GBytes) frame = camera != NULL ? tambo_camera_next_frame (camera, NULL, &error) : NULL;

  if (frame == NULL)
    g_error ("camera: %s", error->message);
  tambo_camera_stop (camera);
}

static void cancel_at_sample (const TamboPenSample *sample, gpointer cancellable) {
  g_cancellable_cancel (cancellable);
}

/* To the first sample: a whole signature takes four seconds. */
static void use_pad (void) {
  g_autoptr (GError) error = NULL;
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  g_autoptr (TamboSignaturePad) pad =
      tambo_device_manager_dup_signature_pad (manager, NULL, &error);
  g_autoptr (TamboSignature) signature =
      pad != NULL ? tambo_signature_pad_capture (pad, 1000, 60000, cancel_at_sample, cancellable,
                                                 cancellable, &error)
                  : NULL;

  if (signature == NULL && !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_error ("pad: %s", error->message);
}

typedef struct {
  void (*use) (void);
  guint n;
} Cycles;

static gpointer run_cycles (gpointer data) {
  const Cycles *cycles = data;

  for (guint i = 0; i < cycles->n; i++)
    cycles->use ();
  return NULL;
}

static void cycle_all (guint n) {
  Cycles kinds[] = { { use_finger, n }, { use_camera, n }, { use_pad, n } };
  GThread *threads[G_N_ELEMENTS (kinds)];

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    threads[i] = g_thread_new ("cycles", run_cycles, &kinds[i]);
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    g_thread_join (threads[i]);
}

static int count_cycles (guint n) {
  const Leftovers none = { 0 };

  cycle_all (WARM_UP);
  Leftovers before = leftovers_count_rested (&none, REST_SECONDS);
  cycle_all (n);
  Leftovers after = leftovers_count_rested (&before, REST_SECONDS);

  printf ("cycles %u\nthreads %u %u\ndescriptors %u %u\nchildren %u %u\n", n, before.threads,
          after.threads, before.descriptors, after.descriptors, before.children, after.children);
  return leftovers_exceed (&after, &before) ? 1 : 0;
}

static int count_samples (void) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboSignaturePad) pad =
      tambo_device_manager_dup_signature_pad (manager, NULL, &error);
  g_autoptr (TamboSignature) signature =
      pad != NULL ? tambo_signature_pad_capture (pad, 1500, 60000, NULL, NULL, NULL, &error) : NULL;

  if (signature == NULL)
    g_error ("pad: %s", error->message);
  guint n = signature->samples->len;
  printf ("samples %u\nmilliseconds %u\n", n,
          n > 0 ? g_array_index (signature->samples, TamboPenSample, n - 1).time : 0);
  return 0;
}

typedef struct {
  gint64 end, last_beat, worst_gap;
  guint frames;
  GMainLoop *loop;
} Live;

static gboolean on_frame (gpointer data) {
  ((Live *) data)->frames++;
  return G_SOURCE_REMOVE;
}

static gboolean on_end (gpointer data) {
  g_main_loop_quit (((Live *) data)->loop);
  return G_SOURCE_REMOVE;
}

static gboolean on_beat (gpointer data) {
  Live *live = data;
  gint64 now = g_get_monotonic_time ();

  live->worst_gap = MAX (live->worst_gap, now - live->last_beat);
  live->last_beat = now;
  return G_SOURCE_CONTINUE;
}

static gpointer pull_frames (gpointer data) {
  Live *live = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboCamera) camera = tambo_device_manager_dup_camera (manager, NULL, &error);
  g_autoptr (GBytes) first = camera != NULL ? tambo_camera_next_frame (camera, NULL, &error) : NULL;
  gint64 seconds = live->end;

  if (first == NULL)
    g_error ("camera: %s", error->message);
  live->end = g_get_monotonic_time () + seconds * G_USEC_PER_SEC;
  while (g_get_monotonic_time () < live->end) {
    g_autoptr (GBytes) frame = tambo_camera_next_frame (camera, NULL, &error);

    if (frame == NULL)
      g_error ("camera: %s", error->message);
    g_idle_add_full (G_PRIORITY_DEFAULT, on_frame, live, NULL);
  }
  g_idle_add (on_end, live);
  tambo_camera_stop (camera);
  return NULL;
}

static int watch_live_view (guint seconds) {
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  Live live = { .end = seconds, .last_beat = g_get_monotonic_time (), .loop = loop };
  guint beat = g_timeout_add_full (G_PRIORITY_HIGH, 1, on_beat, &live, NULL);
  GThread *thread = g_thread_new ("camera", pull_frames, &live);

  g_main_loop_run (loop);
  g_thread_join (thread);
  g_source_remove (beat);
  printf ("frames_per_second %.1f\nworst_gap_ms %.1f\n", live.frames / (double) seconds,
          (double) live.worst_gap / 1000);
  return 0;
}

static gboolean take_frame (GError **error) {
  g_autoptr (TamboCamera) camera = tambo_device_manager_dup_camera (manager, NULL, error);
  g_autoptr (GBytes) frame = camera != NULL ? tambo_camera_next_frame (camera, NULL, error) : NULL;

  return frame != NULL;
}

static int watch_loss (guint seconds) {
  gint64 end = g_get_monotonic_time () + (gint64) seconds * G_USEC_PER_SEC;
  g_autoptr (GError) error = NULL;
  gboolean back = FALSE;

  setvbuf (stdout, NULL, _IOLBF, 0);
  if (take_frame (&error))
    printf ("live\n");
  while (error == NULL && take_frame (&error) && g_get_monotonic_time () < end)
    continue;
  printf ("lost %s\n", error != NULL ? error->message : "nothing");
  while (!back && g_get_monotonic_time () < end) {
    back = tambo_device_manager_scan (manager, NULL, NULL) && take_frame (NULL);
    if (!back)
      g_usleep (G_USEC_PER_SEC / 4);
  }
  if (back)
    printf ("back\n");
  return back ? 0 : 1;
}

int main (int argc, char **argv) {
  g_autoptr (GError) error = NULL;
  int status = 2;
  guint n = argc == 3 ? (guint) atoi (argv[2]) : 0;

  if (n == 0)
    return status;
  manager = tambo_device_manager_new ();
  if (!tambo_device_manager_scan (manager, NULL, &error))
    g_error ("%s", error->message);
  if (g_str_equal (argv[1], "cycles"))
    status = count_cycles (n);
  else if (g_str_equal (argv[1], "pen"))
    status = count_samples ();
  else if (g_str_equal (argv[1], "live"))
    status = watch_live_view (n);
  else if (g_str_equal (argv[1], "loss"))
    status = watch_loss (n);
  g_object_unref (manager);
  return status;
}
