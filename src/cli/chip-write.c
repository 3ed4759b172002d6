/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/chip-write.h"

#include <stdio.h>

#include "base/file.h"
#include "chip/active-authentication.h"
#include "cli/chip-report.h"
#include "station/card-desk.h"

typedef struct {
  char *profile, *folder, *mrz, *can, *reader, *keys, *active_key, *chip_key;
  char **csca;
} Words;

static void words_clear (Words *words) {
  g_free (words->profile);
  g_free (words->folder);
  g_free (words->mrz);
  g_free (words->can);
  g_free (words->reader);
  g_free (words->keys);
  g_free (words->active_key);
  g_free (words->chip_key);
  g_strfreev (words->csca);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Words, words_clear)

/* What is secret of them. */
typedef struct {
  TamboPersonalisationKeys agent;
  TamboActiveKey active;
  GBytes *chip;
} Keys;

static void keys_clear (Keys *keys) {
  tambo_personalisation_keys_clear (&keys->agent);
  tambo_active_key_clear (&keys->active);
  g_clear_pointer (&keys->chip, g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Keys, keys_clear)

static gboolean load_keys (const Words *words, Keys *keys, GError **error) {
  g_autoptr (GBytes) dg15 = NULL; /* the one to be written lies in the folder */

  if ((words->keys != NULL && !tambo_card_desk_load_keys (words->keys, &keys->agent, error))
      || (words->active_key != NULL
          && !tambo_card_desk_load_active_key (words->active_key, &keys->active, &dg15, error)))
    return FALSE;
  if (words->chip_key != NULL)
    keys->chip = tambo_card_desk_load_chip_key (words->chip_key, error);
  return words->chip_key == NULL || keys->chip != NULL;
}

static void show_progress (gsize done, gsize total, gpointer data) {
  tambo_cli_progress ("chip", done, total);
}

static gboolean write_card (TamboCli *cli, const Words *words, GPtrArray *verdicts,
                            GError **error) {
  g_auto (Keys) keys = { 0 };
  g_autoptr (GBytes) card_access = NULL;
  g_autoptr (TamboLds) lds = tambo_card_desk_load (words->folder, error);
  g_autoptr (GPtrArray) csca =
      lds != NULL ? tambo_card_desk_load_csca (words->csca, words->folder, error) : NULL;

  if (csca == NULL || !load_keys (words, &keys, error)
      || !tambo_card_desk_load_card_access (words->folder, &card_access, error))
    return FALSE;
  TamboCardDesk desk = {
    .reader = words->reader,
    .mrz = words->mrz,
    .csca = csca,
    .keys = words->keys != NULL ? &keys.agent : NULL,
    .active = words->active_key != NULL ? &keys.active : NULL,
    .can = words->can,
    .card_access = card_access,
    .chip_key = keys.chip,
  };
  return tambo_card_desk_write (&desk, words->profile, lds, show_progress, NULL, verdicts,
                                cli->cancellable, error);
}

TamboExit tambo_cli_chip_write (TamboCli *cli, int argc, char **argv) {
  g_auto (Words) words = { NULL };
  const GOptionEntry options[] = {
    { "profile", 0, 0, G_OPTION_ARG_STRING, &words.profile, "Kind of chip", "NAME" },
    { "lds", 0, 0, G_OPTION_ARG_FILENAME, &words.folder,
      "Folder with COM, DG1 … SOD, and CardAccess where the chip is to speak PACE", "DIR" },
    { "mrz", 0, 0, G_OPTION_ARG_STRING, &words.mrz, "The document's MRZ (from DG1)", "LINES" },
    { "can", 0, 0, G_OPTION_ARG_STRING, &words.can, "The card access number, for PACE", "N" },
    { "reader", 0, 0, G_OPTION_ARG_STRING, &words.reader, "Name of the reader", "NAME" },
    { "keys", 0, 0, G_OPTION_ARG_FILENAME, &words.keys, "Personalisation keys (JSON)", "FILE" },
    { "active-key", 0, 0, G_OPTION_ARG_FILENAME, &words.active_key,
      "Key of active authentication, RSA-1024 or on a curve (PEM)", "FILE" },
    { "chip-key", 0, 0, G_OPTION_ARG_FILENAME, &words.chip_key,
      "Key of chip authentication (PEM), whose public half is in DG14", "FILE" },
    { "csca", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &words.csca,
      "CSCA certificate, link certificate or master list", "FILE" },
    G_OPTION_ENTRY_NULL,
  };
  TamboExit status;
  if (!tambo_cli_parse ("chip write", "", "Personalises a chip from a folder.", options, &argc,
                        &argv, &status))
    return status;
  if (words.profile == NULL || words.folder == NULL)
    return tambo_cli_usage ("--profile and --lds are needed");

  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) verdicts =
      g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_verdict_free);
  if (!write_card (cli, &words, verdicts, &error))
    return tambo_cli_fail (error, "chip not written");
  return tambo_cli_end_verdicts (cli, verdicts);
}

TamboExit tambo_cli_chip_generate (TamboCli *cli, int argc, char **argv) {
  g_auto (Words) words = { NULL };
  const GOptionEntry options[] = {
    { "profile", 0, 0, G_OPTION_ARG_STRING, &words.profile, "Kind of chip", "NAME" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &words.folder,
      "The public key (DER), for 'lds build --active-public-key'", "FILE" },
    { "reader", 0, 0, G_OPTION_ARG_STRING, &words.reader, "Name of the reader", "NAME" },
    { "keys", 0, 0, G_OPTION_ARG_FILENAME, &words.keys, "Personalisation keys (JSON)", "FILE" },
    G_OPTION_ENTRY_NULL,
  };
  TamboExit status;
  if (!tambo_cli_parse ("chip generate", "", "Lets a blank make its key of active authentication.",
                        options, &argc, &argv, &status))
    return status;
  if (words.profile == NULL || words.folder == NULL)
    return tambo_cli_usage ("--profile and -o are needed");

  g_autoptr (GError) error = NULL;
  g_auto (Keys) keys = { 0 };
  if (!load_keys (&words, &keys, &error))
    return tambo_cli_fail (error, "key not made");
  TamboCardDesk desk = { .reader = words.reader, .keys = words.keys != NULL ? &keys.agent : NULL };
  g_autoptr (GBytes) key =
      tambo_card_desk_generate (&desk, words.profile, cli->cancellable, &error);
  if (key == NULL || !tambo_file_write_durable (words.folder, key, 0644, &error))
    return tambo_cli_fail (error, "key not made");
  JsonObject *document = json_object_new ();
  json_object_set_string_member (document, "public_key", words.folder);
  if (!cli->json)
    printf ("the chip has made a key; its public half: %s\n", words.folder);
  tambo_cli_end (cli, document);
  return TAMBO_EXIT_DONE;
}
