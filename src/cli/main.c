/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tamboctl: the station without a window.
 */
#include <glib-unix.h>
#include <locale.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cli/cli.h"

static const TamboCliCommand commands[] = {
  { "init", "make a station and register it with headquarters", tambo_command_init },
  { "operator", "add, list, disable operators; change a password", tambo_command_operator },
  { "login", "check an operator's password", tambo_command_login },
  { "procedure", "list, show and check procedures", tambo_command_procedure },
  { "enrol", "enrol an applicant", tambo_command_enrol },
  { "case", "list, show, resume, approve, reject and discard cases", tambo_command_case },
  { "outbox", "what waits for headquarters", tambo_command_outbox },
  { "sync", "exchange with headquarters", tambo_command_sync },
  { "inbox", "what headquarters sent", tambo_command_inbox },
  { "issue", "write, verify and lock the chip of an order", tambo_command_issue },
  { "deliver", "hand an issued document to its holder", tambo_command_deliver },
  { "stock", "receive, assign, count and spoil blanks", tambo_command_stock },
  { "chip", "card readers; write, read and verify a chip", tambo_command_chip },
  { "lds", "build the files of a chip", tambo_command_lds },
  { "mrz", "parse and make machine-readable zones", tambo_command_mrz },
  { "fingerprint", "quality, minutiae and comparison of fingerprints", tambo_command_fingerprint },
  { "portrait", "measures and cropping of portraits", tambo_command_portrait },
  { "wsq", "compress and decompress fingerprint images", tambo_command_wsq },
  { "devices", "fingerprint readers, cameras, pads, card readers", tambo_command_devices },
  { "capture", "one capture from a device", tambo_command_capture },
  { "qr", "verify the seal of a receipt or a document", tambo_command_qr },
  { "alert", "list what headquarters warns of", tambo_command_alert },
  { "appointment", "list and show who is awaited", tambo_command_appointment },
  { "audit", "list, verify and export the audit log", tambo_command_audit },
  { "doctor", "examine the station, with next actions", tambo_command_doctor },
  { "backup", "write the whole station into one encrypted file", tambo_command_backup },
  { "restore", "make the station out of a backup", tambo_command_restore },
};

static const TamboCliCommand *find_command (const char *name) {
  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    if (g_strcmp0 (commands[i].name, name) == 0)
      return &commands[i];
  return NULL;
}

static char *describe_commands (void) {
  GString *text = g_string_new ("Commands:\n");

  for (gsize i = 0; i < G_N_ELEMENTS (commands); i++)
    g_string_append_printf (text, "  %-10s %s\n", commands[i].name, commands[i].summary);
  return g_string_free (text, FALSE);
}

/* A core dump would hold what the station keeps encrypted. */
static void forbid_core_dumps (void) {
  const struct rlimit none = { 0, 0 };
  setrlimit (RLIMIT_CORE, &none);
#ifndef __SANITIZE_ADDRESS__ /* whose leak check attaches as a debugger does */
  /* No debugger of the same user either, and no core that is piped to a program. */
  prctl (PR_SET_DUMPABLE, 0);
#endif
}

static gboolean parse_options (TamboCli *cli, int *argc, char ***argv, TamboExit *out_exit) {
  g_autoptr (GOptionContext) context = g_option_context_new ("COMMAND …");
  g_autoptr (GError) error = NULL;
  g_autofree char *description = describe_commands ();
  const GOptionEntry options[] = {
    { "station", 's', 0, G_OPTION_ARG_FILENAME, &cli->folder, "The station's folder", "DIR" },
    { "json", 0, 0, G_OPTION_ARG_NONE, &cli->json, "Print one JSON document", NULL },
    { "operator", 'o', 0, G_OPTION_ARG_STRING, &cli->operator_id, "Who asks", "ID" },
    { "password-fd", 0, 0, G_OPTION_ARG_INT, &cli->password_fd,
      "Read the password from this descriptor", "N" },
    G_OPTION_ENTRY_NULL,
  };

  g_option_context_add_main_entries (context, options, NULL);
  g_option_context_set_description (context, description);
  g_option_context_set_strict_posix (context, TRUE);
  if (!g_option_context_parse (context, argc, argv, &error)) {
    *out_exit = tambo_cli_usage ("%s", error->message);
    return FALSE;
  }
  if (cli->folder == NULL)
    cli->folder = g_strdup (g_getenv ("TAMBO_STATION"));
  if (cli->folder == NULL)
    cli->folder = g_build_filename (g_get_user_data_dir (), "tambo", NULL);
  return TRUE;
}

/* --json may stand behind the command too. */
static void take_json_option (TamboCli *cli, int *argc, char **argv) {
  int kept = 0;

  for (int i = 0; i < *argc; i++) {
    if (g_strcmp0 (argv[i], "--json") == 0)
      cli->json = TRUE;
    else
      argv[kept++] = argv[i];
  }
  argv[kept] = NULL;
  *argc = kept;
}

static gpointer wait_for_signal (gpointer data) {
  sigset_t signals;
  int number;

  sigemptyset (&signals);
  sigaddset (&signals, SIGINT);
  sigaddset (&signals, SIGTERM);
  sigwait (&signals, &number);
  g_cancellable_cancel (data);
  sigwait (&signals, &number);
  _exit (128 + number);
}

/* Commands block, so the signals are awaited by a thread: the first one cancels, the second ends. */
static void cancel_on_signals (GCancellable *cancellable) {
  sigset_t signals;

  sigemptyset (&signals);
  sigaddset (&signals, SIGINT);
  sigaddset (&signals, SIGTERM);
  pthread_sigmask (SIG_BLOCK, &signals, NULL);
  /* A reference of the thread's own: the command may have ended while the signal is still told. */
  g_thread_unref (g_thread_new ("signals", wait_for_signal, g_object_ref (cancellable)));
}

int main (int argc, char **argv) {
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  TamboCli cli = { .password_fd = -1, .cancellable = cancellable };
  TamboExit status = TAMBO_EXIT_USAGE;

  setlocale (LC_ALL, "");
  g_set_prgname ("tamboctl");
  forbid_core_dumps ();
  signal (SIGPIPE, SIG_IGN);
  if (parse_options (&cli, &argc, &argv, &status)) {
    const TamboCliCommand *command = argc > 1 ? find_command (argv[1]) : NULL;
    take_json_option (&cli, &argc, argv);
    cancel_on_signals (cancellable);
    if (command != NULL)
      status = command->run (&cli, argc - 1, argv + 1);
    else if (argc > 1)
      status = tambo_cli_usage ("there is no command '%s'", argv[1]);
    else
      status = tambo_cli_usage ("no command was given");
  }
  g_free (cli.folder);
  g_free (cli.operator_id);
  return status;
}
