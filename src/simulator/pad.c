/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/pad.h"

#include "base/file.h"
#include "simulator/control.h"
#include "simulator/pad-umockdev.h"
#include "simulator/process.h"
#include "simulator/simulator-error.h"

#define THINK_MS 400 /* before the pen comes down */

typedef struct {
  TamboPad *pad;
  TamboFaults *faults;
  TamboPadBed *bed;
  guint32 seed, signing;
  guint seconds; /* with the lock: how long a signature lasts; 0: as long as it takes */
  gint64 start;
  GMutex lock;
  GCond changed;
  gboolean wanted, stop; /* with the lock */
} Signer;

static void want_signature (Signer *signer, gboolean wanted) {
  g_mutex_lock (&signer->lock);
  signer->wanted = wanted;
  g_cond_signal (&signer->changed);
  g_mutex_unlock (&signer->lock);
}

static void on_inking (gboolean on, gpointer data) {
  want_signature (data, on);
}

/* Until DUE; FALSE when the signature is no longer wanted. */
static gboolean wait_until (Signer *signer, gint64 due) {
  g_mutex_lock (&signer->lock);
  while (signer->wanted && !signer->stop
         && g_cond_wait_until (&signer->changed, &signer->lock, due))
    ;
  gboolean go_on = signer->wanted && !signer->stop;
  g_mutex_unlock (&signer->lock);
  return go_on;
}

static void send_sample (Signer *signer, const TamboPadSample *sample) {
  guint8 report[TAMBO_PAD_PEN_REPORT_SIZE];
  guint32 time = (guint32) ((g_get_monotonic_time () - signer->start) / 1000);
  gsize size = tambo_pad_encode_pen (signer->pad, sample, time, report);
  tambo_pad_bed_push (signer->bed, report, size);
}

/* The signature again and again, without lifting the pen, for so long. */
static GArray *prolong (GArray *signature, guint seconds) {
  GArray *samples = g_array_new (FALSE, FALSE, sizeof (TamboPadSample));
  guint n = seconds * TAMBO_PAD_RATE;
  for (guint i = 0; i < n; i++) {
    TamboPadSample sample = g_array_index (signature, TamboPadSample, i % (signature->len - 1));
    sample.near = sample.down = i + 1 < n;
    sample.pressure = MAX (sample.pressure, 1);
    g_array_append_val (samples, sample);
  }
  g_array_unref (signature);
  return samples;
}

static GArray *plan_signature (Signer *signer) {
  GArray *samples = tambo_pad_signature (signer->seed, signer->signing++);
  g_mutex_lock (&signer->lock);
  guint seconds = signer->seconds;
  g_mutex_unlock (&signer->lock);
  return seconds > 0 ? prolong (samples, seconds) : samples;
}

static gboolean set_seconds (Signer *signer, const char *text, GError **error) {
  guint64 seconds;
  if (!g_ascii_string_to_unsigned (text, 10, 0, 3600, &seconds, error))
    return FALSE;
  g_mutex_lock (&signer->lock);
  signer->seconds = (guint) seconds;
  g_mutex_unlock (&signer->lock);
  return TRUE;
}

static void sign (Signer *signer) {
  g_autoptr (GArray) samples = plan_signature (signer);
  gint64 due = g_get_monotonic_time () + THINK_MS * 1000;
  for (guint i = 0; i < samples->len; i++) {
    if (!wait_until (signer, due)) {
      const TamboPadSample away = { 0 };
      if (i > 0)
        send_sample (signer, &away);
      return;
    }
    send_sample (signer, &g_array_index (samples, TamboPadSample, i));
    due += G_USEC_PER_SEC / TAMBO_PAD_RATE;
  }
  want_signature (signer, FALSE);
}

static gpointer sign_thread (gpointer data) {
  Signer *signer = data;
  for (;;) {
    g_mutex_lock (&signer->lock);
    while (!signer->wanted && !signer->stop)
      g_cond_wait (&signer->changed, &signer->lock);
    gboolean stop = signer->stop;
    g_mutex_unlock (&signer->lock);
    if (stop)
      return NULL;
    sign (signer);
  }
}

static gboolean on_command (char **words, gpointer data, GError **error) {
  Signer *signer = data;
  guint n = g_strv_length (words);
  if (n == 1 && g_str_equal (words[0], "sign")) {
    want_signature (signer, TRUE);
    return TRUE;
  }
  if (n == 2 && g_str_equal (words[0], "last"))
    return set_seconds (signer, words[1], error);
  if (n == 2 && g_str_equal (words[0], "fault"))
    return tambo_faults_set (signer->faults, words[1], error);
  if (n == 1 && (g_str_equal (words[0], "unplug") || g_str_equal (words[0], "plug")))
    return tambo_pad_bed_set_plugged (signer->bed, g_str_equal (words[0], "plug"), error);
  g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_USAGE,
               "a pad knows: sign, last SECONDS, fault LIST, unplug, plug");
  return FALSE;
}

static void run (Signer *signer, GMainLoop *loop) {
  GThread *thread = g_thread_new ("signer", sign_thread, signer);
  tambo_simulator_announce ("pad %s", tambo_pad_bed_get_root (signer->bed));
  g_main_loop_run (loop);
  g_mutex_lock (&signer->lock);
  signer->stop = TRUE;
  g_cond_signal (&signer->changed);
  g_mutex_unlock (&signer->lock);
  g_thread_join (thread);
}

static gboolean play (const char *dir, TamboPadWays ways, TamboFaults *faults, guint32 seed,
                      const char *control_path, GError **error) {
  g_autofree char *whole = g_canonicalize_filename (dir, NULL);
  if (!tambo_file_make_folder (whole, 0700, error))
    return FALSE;
  g_autoptr (GMainLoop) loop = tambo_simulator_main_loop_new ();
  Signer signer = {
    .faults = faults, .seed = seed, .signing = g_random_int (), .start = g_get_monotonic_time ()
  };
  g_mutex_init (&signer.lock);
  g_cond_init (&signer.changed);
  signer.pad = tambo_pad_new (on_inking, &signer);
  signer.bed = tambo_pad_bed_new (whole, ways, signer.pad, faults, error);
  TamboControl *control = NULL;
  gboolean good = signer.bed != NULL;
  if (good && control_path != NULL)
    good = (control = tambo_control_listen (control_path, on_command, &signer, error)) != NULL;
  if (good)
    run (&signer, loop);
  tambo_control_free (control);
  tambo_pad_bed_free (signer.bed);
  tambo_pad_free (signer.pad);
  g_mutex_clear (&signer.lock);
  g_cond_clear (&signer.changed);
  return good;
}

/* Both ways, unless one is named. */
static gboolean parse_ways (const char *text, TamboPadWays *out_ways, GError **error) {
  *out_ways = TAMBO_PAD_USB | TAMBO_PAD_HIDRAW;
  if (g_strcmp0 (text, "usb") == 0)
    *out_ways = TAMBO_PAD_USB;
  else if (g_strcmp0 (text, "hidraw") == 0)
    *out_ways = TAMBO_PAD_HIDRAW;
  else if (text != NULL) {
    g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_USAGE,
                 "\"%s\" is no way to a pad; ways are usb and hidraw", text);
    return FALSE;
  }
  return TRUE;
}

int tambo_simulator_pad_main (int argc, char **argv) {
  g_autofree char *dir = NULL, *control = NULL, *fault = NULL, *way = NULL;
  TamboPadWays ways;
  int seed = 1;
  const GOptionEntry options[] = {
    { "dir", 0, 0, G_OPTION_ARG_FILENAME, &dir, "The testbed is made inside", "DIR" },
    { "seed", 0, 0, G_OPTION_ARG_INT, &seed, "Whose signature", "N" },
    { "fault", 0, 0, G_OPTION_ARG_STRING, &fault, "What goes wrong: NAME or NAME@N", "LIST" },
    { "only", 0, 0, G_OPTION_ARG_STRING, &way, "Just one of its two nodes: usb or hidraw", "WAY" },
    { "control", 0, 0, G_OPTION_ARG_FILENAME, &control, "Take commands on this socket", "PATH" },
    { NULL },
  };
  if (!tambo_simulator_parse_options (
          &argc, &argv, NULL,
          "Plays a Wacom STU-530 in a umockdev testbed. Prints \"pad ROOT\" when it is ready; run "
          "a\n"
          "program with UMOCKDEV_DIR=ROOT and LD_PRELOAD=libumockdev-preload.so.0 to use it.",
          options))
    return 2;
  if (dir == NULL) {
    g_printerr ("tambo-simulator: pad needs --dir; see --help\n");
    return 2;
  }
  /* umockdev warns of a program that was killed while it asked: no reason to die, whatever G_DEBUG says. */
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR);
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboFaults) faults = tambo_pad_faults_new ();
  if (!parse_ways (way, &ways, &error)
      || (fault != NULL && !tambo_faults_set (faults, fault, &error))
      || !play (dir, ways, faults, (guint32) seed, control, &error))
    return tambo_simulator_fail ("pad", error);
  return 0;
}
