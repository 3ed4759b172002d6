/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "simulator/sbi.h"

#include <string.h>

#include "base/file.h"
#include "simulator/control.h"
#include "simulator/process.h"
#include "simulator/sbi-server.h"
#include "simulator/simulator-error.h"

typedef struct {
  TamboScannerSettings settings;
  int port;
  gint64 seed;
  char *version, *compression, *trust, *fault, *control, *status;
  gboolean elliptic;
} Arguments;

static void arguments_clear (Arguments *arguments) {
  g_free (arguments->version);
  g_free (arguments->compression);
  g_free (arguments->trust);
  g_free (arguments->fault);
  g_free (arguments->control);
  g_free (arguments->status);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Arguments, arguments_clear)

typedef struct {
  TamboScanner *scanner;  /* borrowed */
  TamboSbiServer *server; /* borrowed */
} Play;

static gboolean on_command (char **words, gpointer data, GError **error) {
  Play *play = data;

  if (g_strv_length (words) == 2 && g_str_equal (words[0], "fault"))
    return tambo_sbi_server_set_fault (play->server, words[1], error);
  if (g_strv_length (words) == 2 && g_str_equal (words[0], "status"))
    return tambo_scanner_set_status (play->scanner, words[1], error);
  g_set_error (error, TAMBO_SIMULATOR_ERROR, TAMBO_SIMULATOR_ERROR_USAGE,
               "a scanner knows: fault NAME, fault STEP:NAME, status WORDS");
  return FALSE;
}

static gboolean write_trust (TamboScanner *scanner, const char *path, GError **error) {
  g_autofree char *pem = tambo_scanner_dup_provider_pem (scanner);
  g_autoptr (GBytes) bytes = g_bytes_new (pem, strlen (pem));

  return path == NULL || tambo_file_write_durable (path, bytes, 0644, error);
}

static gboolean play (const Arguments *arguments, GError **error) {
  g_autoptr (GMainLoop) loop = tambo_simulator_main_loop_new ();
  g_autoptr (TamboScanner) scanner = tambo_scanner_new (&arguments->settings, error);
  g_autoptr (TamboSbiServer) server = NULL;
  g_autoptr (TamboControl) control = NULL;
  Play playing = { .scanner = scanner };

  if (scanner == NULL || !write_trust (scanner, arguments->trust, error)
      || (arguments->status != NULL
          && !tambo_scanner_set_status (scanner, arguments->status, error)))
    return FALSE;
  server = tambo_sbi_server_new (scanner, (guint16) arguments->port, error);
  if (server == NULL
      || (arguments->fault != NULL
          && !tambo_sbi_server_set_fault (server, arguments->fault, error)))
    return FALSE;
  playing.server = server;
  if (arguments->control != NULL) {
    control = tambo_control_listen (arguments->control, on_command, &playing, error);
    if (control == NULL)
      return FALSE;
  }
  tambo_simulator_announce ("port %u", tambo_sbi_server_get_port (server));
  g_main_loop_run (loop);
  return TRUE;
}

static gboolean choose (const char *option, const char *given, const char *const *names,
                        guint n_names, guint *out_choice) {
  for (guint i = 0; i < n_names; i++)
    if (given == NULL || g_str_equal (names[i], given)) {
      *out_choice = i;
      return TRUE;
    }
  g_printerr ("tambo-simulator: there is no %s %s; see --help\n", option, given);
  return FALSE;
}

static gboolean settle (Arguments *arguments) {
  static const char *const versions[] = { "1.0", "0.9.5" };
  static const char *const compressions[] = { "jpeg2000", "wsq", "raw", "png" };
  TamboScannerSettings *settings = &arguments->settings;
  guint version, compression;

  if (!choose ("--spec", arguments->version, versions, G_N_ELEMENTS (versions), &version)
      || !choose ("--compression", arguments->compression, compressions,
                  G_N_ELEMENTS (compressions), &compression))
    return FALSE;
  if (arguments->port < 0 || arguments->port > G_MAXUINT16 || arguments->seed < 0
      || arguments->seed > G_MAXUINT32 - 10 || settings->quality < 0 || settings->quality > 100) {
    g_printerr ("tambo-simulator: a port, seed or quality is out of its range; see --help\n");
    return FALSE;
  }
  settings->version = versions[version];
  settings->compression = (TamboScannerCompression) compression;
  settings->algorithm = arguments->elliptic ? TAMBO_SBI_ES256 : TAMBO_SBI_RS256;
  settings->seed = (guint32) arguments->seed;
  return TRUE;
}

int tambo_simulator_sbi_main (int argc, char **argv) {
  g_auto (Arguments) arguments = { .port = 4501, .seed = 1, .settings.quality = 80 };
  const GOptionEntry options[] = {
    { "port", 0, 0, G_OPTION_ARG_INT, &arguments.port, "4501 to 4600, 0 for a free one (4501)",
      "N" },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &arguments.seed,
      "The right thumb; the other fingers follow (1)", "N" },
    { "single", 0, 0, G_OPTION_ARG_NONE, &arguments.settings.is_single,
      "A scanner for one finger, not for slaps", NULL },
    { "spec", 0, 0, G_OPTION_ARG_STRING, &arguments.version, "Version of SBI (1.0)", "1.0|0.9.5" },
    { "compression", 0, 0, G_OPTION_ARG_STRING, &arguments.compression,
      "Of the pictures (jpeg2000)", "jpeg2000|wsq|raw|png" },
    { "record-2005", 0, 0, G_OPTION_ARG_NONE, &arguments.settings.is_old_record,
      "Finger records of ISO/IEC 19794-4:2005", NULL },
    { "hash-digits", 0, 0, G_OPTION_ARG_NONE, &arguments.settings.hashes_digits,
      "Chain hexadecimal digits, not bytes", NULL },
    { "es256", 0, 0, G_OPTION_ARG_NONE, &arguments.elliptic, "Sign with ES256, not RS256", NULL },
    { "expired", 0, 0, G_OPTION_ARG_NONE, &arguments.settings.is_expired,
      "With a certificate of yesterday", NULL },
    { "quality", 0, 0, G_OPTION_ARG_INT, &arguments.settings.quality,
      "That it tells of its pictures (80)", "N" },
    { "trust", 0, 0, G_OPTION_ARG_FILENAME, &arguments.trust,
      "Write its provider's certificate, for TAMBO_SBI_TRUST", "FILE" },
    { "status", 0, 0, G_OPTION_ARG_STRING, &arguments.status, "Ready, Busy, …", "WORDS" },
    { "fault", 0, 0, G_OPTION_ARG_STRING, &arguments.fault, "What goes wrong", "[STEP:]NAME" },
    { "control", 0, 0, G_OPTION_ARG_FILENAME, &arguments.control, "Take commands on this socket",
      "PATH" },
    { NULL },
  };
  g_autoptr (GError) error = NULL;

  if (!tambo_simulator_parse_options (&argc, &argv, NULL,
                                      "Plays a fingerprint scanner and its service.", options)
      || !settle (&arguments))
    return 2;
  if (!play (&arguments, &error))
    return tambo_simulator_fail ("sbi", error);
  return 0;
}
