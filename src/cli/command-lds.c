/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include "base/file.h"
#include "chip/active-authentication.h"
#include "cli/chip-report.h"
#include "format/iso19794-4.h"
#include "station/card-desk.h"

#define FILE_MAX_SIZE (32 * 1024 * 1024)

typedef struct {
  char *applicant, *portrait, *signature, *folder, *sign, *active_key;
  char **fingers;
} Words;

static void words_clear (Words *words) {
  g_free (words->applicant);
  g_free (words->portrait);
  g_free (words->signature);
  g_free (words->folder);
  g_free (words->sign);
  g_free (words->active_key);
  g_strfreev (words->fingers);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Words, words_clear)

static TamboApplicant *read_applicant (const char *path, GError **error) {
  g_autoptr (JsonObject) object = tambo_cli_read_json (path, error);
  g_autoptr (TamboApplicant) applicant =
      object != NULL ? tambo_applicant_from_json (object, error) : NULL;

  if (applicant == NULL || !tambo_applicant_check (applicant, error))
    return NULL;
  return g_steal_pointer (&applicant);
}

/* Fingers and the key of active authentication: both may be absent. */
static gboolean read_extras (const Words *words, TamboLdsExtras *extras, GError **error) {
  g_auto (TamboActiveKey) key = { 0 };

  if (words->fingers != NULL)
    extras->fingers = g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_finger_record_free);
  for (char **finger = words->fingers; finger != NULL && *finger != NULL; finger++)
    if (!tambo_card_desk_add_finger (extras->fingers, *finger, error))
      return FALSE;
  return words->active_key == NULL
         || tambo_card_desk_load_active_key (words->active_key, &key, &extras->dg15, error);
}

static void extras_clear (TamboLdsExtras *extras) {
  g_clear_pointer (&extras->fingers, g_ptr_array_unref);
  g_clear_pointer (&extras->dg15, g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboLdsExtras, extras_clear)

static TamboLds *build_lds (const Words *words, GBytes **out_csca, GError **error) {
  g_autoptr (TamboApplicant) applicant = read_applicant (words->applicant, error);
  g_autoptr (GBytes) portrait =
      applicant != NULL ? tambo_file_read (words->portrait, FILE_MAX_SIZE, error) : NULL;
  if (portrait == NULL)
    return NULL;

  g_autoptr (GBytes) signature = NULL;
  if (words->signature != NULL
      && (signature = tambo_file_read (words->signature, FILE_MAX_SIZE, error)) == NULL)
    return NULL;
  g_autoptr (TamboSigner) signer = NULL;
  if (words->sign != NULL && (signer = tambo_card_desk_load_signer (words->sign, error)) == NULL)
    return NULL;
  g_auto (TamboLdsExtras) extras = { 0 };
  if (!read_extras (words, &extras, error))
    return NULL;
  return tambo_card_desk_build (applicant, portrait, signature, &extras, signer, out_csca, error);
}

static gboolean save_lds (const TamboLds *lds, GBytes *csca, const char *folder, GError **error) {
  if (!tambo_card_desk_save (lds, folder, error))
    return FALSE;
  g_autofree char *path = g_build_filename (folder, "csca.der", NULL);
  return csca == NULL || tambo_file_write_durable (path, csca, 0644, error);
}

static TamboExit build (TamboCli *cli, int argc, char **argv) {
  g_auto (Words) words = { NULL };
  const GOptionEntry options[] = {
    { "applicant", 0, 0, G_OPTION_ARG_FILENAME, &words.applicant, "The applicant", "FILE.json" },
    { "portrait", 0, 0, G_OPTION_ARG_FILENAME, &words.portrait, "The face", "FILE" },
    { "signature", 0, 0, G_OPTION_ARG_FILENAME, &words.signature, "The signature, an image",
      "FILE" },
    { "finger", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &words.fingers, "A finger for DG3",
      "POSITION=FILE" },
    { "active-key", 0, 0, G_OPTION_ARG_FILENAME, &words.active_key,
      "RSA-1024 key of active authentication, for DG15", "FILE" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &words.folder, "Where the files go", "DIR" },
    { "sign", 0, 0, G_OPTION_ARG_STRING, &words.sign, "Document signer, PEM", "KEY,CERT" },
    G_OPTION_ENTRY_NULL,
  };
  TamboExit status;

  if (!tambo_cli_parse ("lds build", "", "Builds data groups, EF.COM and EF.SOD.", options, &argc,
                        &argv, &status))
    return status;
  if (words.applicant == NULL || words.portrait == NULL || words.folder == NULL)
    return tambo_cli_usage ("--applicant, --portrait and -o are needed");

  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) csca = NULL;
  g_autoptr (TamboLds) lds = build_lds (&words, &csca, &error);
  if (lds == NULL || !save_lds (lds, csca, words.folder, &error))
    return tambo_cli_fail (error, "LDS not built");

  tambo_cli_end_lds (cli, lds);
  return TAMBO_EXIT_DONE;
}

TamboExit tambo_command_lds (TamboCli *cli, int argc, char **argv) {
  static const TamboCliCommand commands[] = {
    { "build", NULL, build },
    { NULL },
  };

  return tambo_cli_dispatch (cli, argc, argv, commands);
}
