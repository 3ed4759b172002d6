/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tambo-capture-helper: the process in which libfprint, libgphoto2, GStreamer, hidapi, SANE, libcups and libcurl live.
 */
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "capture/helper-output.h"
#include "capture/helper-sandbox.h"

static const struct {
  const char *name;
  void (*list) (void);
} kinds[] = {
  { "fingerprint", tambo_fingerprint_reader_list },
  { "sbi", tambo_sbi_list },
  { "camera", tambo_camera_list },
#ifdef TAMBO_WITH_WEBCAMS
  { "webcam", tambo_webcam_list },
#endif
  { "pad", tambo_signature_pad_list },
  { "printer", tambo_printer_list },
};

static gboolean list (const char *kind) {
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++) {
    if (g_str_equal (kinds[i].name, kind)) {
      kinds[i].list ();
      return TRUE;
    }
  }
  return FALSE;
}

static gboolean run_pad (const char *id, const char *rest, const char *timeout) {
  guint64 rest_ms, timeout_ms;

  if (!g_ascii_string_to_unsigned (rest, 10, 0, G_MAXUINT, &rest_ms, NULL)
      || !g_ascii_string_to_unsigned (timeout, 10, 0, G_MAXUINT, &timeout_ms, NULL))
    return FALSE;
  tambo_signature_pad_run (id, (guint) rest_ms, (guint) timeout_ms);
  return TRUE;
}

static gboolean run (int argc, char **argv) {
  if (argc == 3 && g_str_equal (argv[1], "list"))
    return list (argv[2]);
  if (argc == 5 && g_str_equal (argv[1], "pad"))
    return run_pad (argv[2], argv[3], argv[4]);
  if (argc == 8 && g_str_equal (argv[1], "sbi"))
    return tambo_sbi_run (argv[2], argv + 3);
  if (argc == 3 && g_str_equal (argv[1], "fingerprint")) {
    tambo_fingerprint_reader_run (argv[2]);
    return TRUE;
  }
#ifdef TAMBO_WITH_WEBCAMS
  if (argc == 3 && g_str_equal (argv[1], "camera")
      && g_str_has_prefix (argv[2], TAMBO_WEBCAM_PREFIX)) {
    tambo_webcam_run (argv[2]);
    return TRUE;
  }
#endif
  if (argc == 3 && g_str_equal (argv[1], "camera")) {
    tambo_camera_run (argv[2]);
    return TRUE;
  }
  if (argc == 3 && g_str_equal (argv[1], "scanner")) {
    tambo_scanner_run (argv[2]);
    return TRUE;
  }
  return FALSE;
}

/* A camera, a print service or a vendor's may be on the network; what is plugged in has no use for it. */
static TamboSandboxReach find_reach (int argc, char **argv) {
  const char *kind = argc > 2 && g_str_equal (argv[1], "list") ? argv[2] : argv[1];

  if (g_strcmp0 (kind, "scanner") == 0)
    return TAMBO_SANDBOX_PROCESSES;
  if (argc == 3 && g_str_equal (argv[1], "camera"))
    return g_str_has_prefix (argv[2], "ptpip:") ? TAMBO_SANDBOX_NETWORK : TAMBO_SANDBOX_LOCAL;
  return g_strcmp0 (kind, "camera") == 0 || g_strcmp0 (kind, "sbi") == 0
                 || g_strcmp0 (kind, "printer") == 0
             ? TAMBO_SANDBOX_NETWORK
             : TAMBO_SANDBOX_LOCAL;
}

int main (int argc, char **argv) {
  /* A crash of a driver must not leave a finger in a core file. */
  const struct rlimit no_core = { 0, 0 };
  const char *missing;

  setlocale (LC_CTYPE, "");
  /* libfprint warns of a finger that gave no print: no reason to die, whatever G_DEBUG says. */
  g_log_set_always_fatal (G_LOG_LEVEL_ERROR);
  setrlimit (RLIMIT_CORE, &no_core);
  /* A camera on the network that hangs up would end the process. */
  signal (SIGPIPE, SIG_IGN);
  tambo_sandbox_enter (find_reach (argc, argv), &missing);
  if (missing != NULL)
    g_printerr ("this kernel has no %s: the driver runs without\n", missing);
  tambo_output_start ();
  if (run (argc, argv))
    return EXIT_SUCCESS;
  g_printerr (
      "Usage: tambo-capture-helper list fingerprint|sbi|camera|webcam|pad|printer | fingerprint ID "
      "| "
      "camera ID"
      " | pad ID REST_MS TIMEOUT_MS | scanner NAME | sbi ID PRESS FINGER MISSING HASH GLASS\n");
  return EXIT_FAILURE;
}
