/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include "cli/chip-readers.h"
#include "cli/chip-report.h"
#include "cli/chip-write.h"
#include "station/card-desk.h"

typedef struct {
  char *folder, *mrz, *can, *reader, *terminal_key;
  char **csca, **crl, **terminal_certificates;
} Words;

static void words_clear (Words *words) {
  g_free (words->folder);
  g_free (words->mrz);
  g_free (words->can);
  g_free (words->reader);
  g_free (words->terminal_key);
  g_strfreev (words->csca);
  g_strfreev (words->crl);
  g_strfreev (words->terminal_certificates);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Words, words_clear)

static gboolean parse_words (Words *words, const char *name, const char *summary, int *argc,
                             char ***argv, TamboExit *out_exit) {
  const GOptionEntry options[] = {
    { "lds", 0, 0, G_OPTION_ARG_FILENAME, &words->folder, "Folder with COM, DG1 … SOD", "DIR" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &words->folder, "Where the files go", "DIR" },
    { "mrz", 0, 0, G_OPTION_ARG_STRING, &words->mrz, "The document's MRZ", "LINES" },
    { "can", 0, 0, G_OPTION_ARG_STRING, &words->can, "The document's card access number", "N" },
    { "reader", 0, 0, G_OPTION_ARG_STRING, &words->reader, "Name of the reader", "NAME" },
    { "csca", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &words->csca,
      "CSCA certificate, link certificate or master list", "FILE" },
    { "crl", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &words->crl, "Revocation list of a CSCA", "FILE" },
    { "terminal-key", 0, 0, G_OPTION_ARG_FILENAME, &words->terminal_key,
      "Key of an inspection system (PEM): opens DG3 and DG4", "FILE" },
    { "terminal-certificate", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &words->terminal_certificates,
      "Its certificates, and those above it", "FILE" },
    G_OPTION_ENTRY_NULL,
  };

  return tambo_cli_parse (name, "", summary, options, argc, argv, out_exit);
}

/* Without a terminal's key TRUE, and no terminal. */
static gboolean load_terminal (const Words *words, TamboTerminal **out_terminal, GError **error) {
  if (words->terminal_key == NULL)
    return TRUE;
  *out_terminal =
      tambo_card_desk_load_terminal (words->terminal_key, words->terminal_certificates, error);
  return *out_terminal != NULL;
}

static gboolean is_half_a_terminal (const Words *words) {
  return (words->terminal_key != NULL) != (words->terminal_certificates != NULL);
}

static TamboExit read_card (TamboCli *cli, int argc, char **argv) {
  g_auto (Words) words = { NULL };
  TamboExit status;
  if (!parse_words (&words, "chip read", "Reads every readable file of a chip.", &argc, &argv,
                    &status))
    return status;
  if ((words.mrz == NULL && words.can == NULL) || words.folder == NULL)
    return tambo_cli_usage ("--mrz or --can, and -o, are needed");
  if (is_half_a_terminal (&words))
    return tambo_cli_usage ("--terminal-key and --terminal-certificate go together");

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboTerminal) terminal = NULL;
  if (!load_terminal (&words, &terminal, &error))
    return tambo_cli_fail (error, "chip not read");
  TamboCardDesk desk = { words.reader, words.mrz, NULL, NULL };
  desk.can = words.can;
  desk.terminal = terminal;
  g_autoptr (TamboLds) lds = tambo_card_desk_read (&desk, cli->cancellable, &error);
  if (lds == NULL || !tambo_card_desk_save (lds, words.folder, &error))
    return tambo_cli_fail (error, "chip not read");

  tambo_cli_end_lds (cli, lds);
  return TAMBO_EXIT_DONE;
}

static TamboExit verify_card (TamboCli *cli, int argc, char **argv) {
  g_auto (Words) words = { NULL };
  TamboExit status;
  if (!parse_words (&words, "chip verify", "Inspects a chip, or the files in a folder.", &argc,
                    &argv, &status))
    return status;
  if (words.mrz == NULL && words.can == NULL && words.folder == NULL)
    return tambo_cli_usage ("--mrz, --can or --lds is needed");
  if (is_half_a_terminal (&words))
    return tambo_cli_usage ("--terminal-key and --terminal-certificate go together");

  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) verdicts =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_verdict_free);
  g_autoptr (GPtrArray) csca = tambo_card_desk_load_csca (words.csca, words.folder, &error);
  g_autoptr (TamboTerminal) terminal = NULL;
  if (csca == NULL || !tambo_card_desk_add_trust (csca, words.crl, &error)
      || !load_terminal (&words, &terminal, &error))
    return tambo_cli_fail (error, "chip not verified");
  if (words.folder != NULL) {
    g_autoptr (TamboLds) lds = tambo_card_desk_load (words.folder, &error);
    if (lds == NULL)
      return tambo_cli_fail (error, "files not verified");
    tambo_passive_authentication (lds, csca, verdicts);
    return tambo_cli_end_verdicts (cli, verdicts);
  }
  TamboCardDesk desk = { words.reader, words.mrz, csca, NULL };
  desk.can = words.can;
  desk.terminal = terminal;
  if (!tambo_card_desk_verify (&desk, verdicts, cli->cancellable, &error))
    return tambo_cli_fail (error, "chip not verified");
  return tambo_cli_end_verdicts (cli, verdicts);
}

TamboExit tambo_command_chip (TamboCli *cli, int argc, char **argv) {
  static const TamboCliCommand commands[] = {
    { "readers", NULL, tambo_cli_chip_readers },
    { "generate", NULL, tambo_cli_chip_generate },
    { "write", NULL, tambo_cli_chip_write },
    { "read", NULL, read_card },
    { "verify", NULL, verify_card },
    { NULL },
  };

  return tambo_cli_dispatch (cli, argc, argv, commands);
}
