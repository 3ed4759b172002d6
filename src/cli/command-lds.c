/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include "base/clock.h"
#include "base/file.h"
#include "cli/chip-report.h"
#include "format/iso19794-4.h"
#include "station/card-desk.h"
#include "station/lds-desk.h"

#define FILE_MAX_SIZE (32 * 1024 * 1024)

typedef struct {
  char *applicant, *portrait, *signature, *folder;
  char *sign, *digest, *encoding;
  char *active_key, *active_public_key, *chip_key;
  char **fingers;
  gboolean pss, pace;
  int sod_version;
} Words;

static TamboLdsDeskKeys keys_of (const Words *words) {
  return (TamboLdsDeskKeys){ .active_key = words->active_key,
                             .active_public_key = words->active_public_key,
                             .chip_key = words->chip_key,
                             .pace = words->pace };
}

static void words_clear (Words *words) {
  g_free (words->applicant);
  g_free (words->portrait);
  g_free (words->signature);
  g_free (words->folder);
  g_free (words->sign);
  g_free (words->digest);
  g_free (words->encoding);
  g_free (words->active_key);
  g_free (words->active_public_key);
  g_free (words->chip_key);
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

/* ---- the signer ---- */

/* What the words say of the form, or an exit for those that say nothing that there is. */
static gboolean read_form (const Words *words, TamboSignatureForm *out_form) {
  static const char *const digests[] = { "SHA256", "SHA384", "SHA512" };

  *out_form = (TamboSignatureForm){ .lds_version = (guint) words->sod_version, .pss = words->pss };
  for (gsize i = 0; words->digest != NULL && i < G_N_ELEMENTS (digests); i++)
    if (g_ascii_strcasecmp (words->digest, digests[i]) == 0)
      out_form->digest = digests[i];
  return (words->sod_version == 0 || words->sod_version == 1)
         && (words->digest == NULL || out_form->digest != NULL);
}

/* OUT_CSCA is set for a signer of practice alone. */
static TamboSigner *find_signer (const Words *words, const TamboSignatureForm *form,
                                 GBytes **out_csca, GError **error) {
  TamboSigner *signer = words->sign != NULL ? tambo_lds_desk_load_signer (words->sign, error)
                                            : tambo_lds_desk_make_signer (out_csca, error);

  if (signer != NULL)
    signer->form = *form;
  return signer;
}

/* ---- what the document has besides ---- */

static gboolean read_encoding (const Words *words, TamboBiometricEncoding *out_encoding) {
  g_autofree char *today = tambo_clock_today ();

  *out_encoding = tambo_biometric_encoding_for_date (today);
  if (g_strcmp0 (words->encoding, "19794") == 0)
    *out_encoding = TAMBO_ENCODING_19794;
  else if (g_strcmp0 (words->encoding, "39794") == 0)
    *out_encoding = TAMBO_ENCODING_39794;
  else
    return words->encoding == NULL;
  return TRUE;
}

static gboolean read_fingers (const Words *words, TamboLdsExtras *extras, GError **error) {
  if (words->fingers != NULL)
    extras->fingers = g_ptr_array_new_with_free_func ((GDestroyNotify) tambo_finger_record_free);
  for (char **finger = words->fingers; finger != NULL && *finger != NULL; finger++)
    if (!tambo_lds_desk_add_finger (extras->fingers, *finger, error))
      return FALSE;
  return TRUE;
}

static void extras_clear (TamboLdsExtras *extras) {
  g_clear_pointer (&extras->fingers, g_ptr_array_unref);
  g_clear_pointer (&extras->dg14, g_bytes_unref);
  g_clear_pointer (&extras->dg15, g_bytes_unref);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (TamboLdsExtras, extras_clear)

/* ---- lds build ---- */

static TamboLds *build_lds (const Words *words, TamboLdsExtras *extras, const TamboSigner *signer,
                            GError **error) {
  g_autoptr (TamboApplicant) applicant = read_applicant (words->applicant, error);
  g_autoptr (GBytes) portrait =
      applicant != NULL ? tambo_file_read (words->portrait, FILE_MAX_SIZE, error) : NULL;
  g_autoptr (GBytes) signature = NULL;

  if (portrait == NULL)
    return NULL;
  if (words->signature != NULL
      && (signature = tambo_file_read (words->signature, FILE_MAX_SIZE, error)) == NULL)
    return NULL;
  return tambo_lds_desk_build (applicant, portrait, signature, extras, signer, error);
}

/* BYTES may be NULL: then there is nothing to write. */
static gboolean save_beside (GBytes *bytes, const char *folder, const char *name, GError **error) {
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return bytes == NULL || tambo_file_write_durable (path, bytes, 0644, error);
}

static gboolean make_folder (const Words *words, TamboLdsExtras *extras,
                             const TamboSignatureForm *form, TamboLds **out_lds, GError **error) {
  g_autoptr (GBytes) csca = NULL;
  g_autoptr (GBytes) card_access = NULL;
  g_autoptr (TamboSigner) signer = find_signer (words, form, &csca, error);
  g_autoptr (TamboLds) lds = NULL;
  const TamboLdsDeskKeys keys = keys_of (words);

  if (signer == NULL || !read_fingers (words, extras, error)
      || !tambo_lds_desk_read_keys (&keys, extras, &card_access, error)
      || (lds = build_lds (words, extras, signer, error)) == NULL
      || !tambo_card_desk_save (lds, words->folder, error)
      || !save_beside (csca, words->folder, "csca.der", error)
      || !save_beside (card_access, words->folder, "CardAccess", error))
    return FALSE;
  *out_lds = g_steal_pointer (&lds);
  return TRUE;
}

/* Options that end with G_OPTION_ENTRY_NULL, and behind them those of the signer and the keys. */
static GOptionEntry *join_options (const GOptionEntry *own, Words *words) {
  const GOptionEntry common[] = {
    { "sign", 0, 0, G_OPTION_ARG_STRING, &words->sign, "Document signer: PEM files, or a token",
      "KEY,CERT|pkcs11:URI[,CERT]" },
    { "digest", 0, 0, G_OPTION_ARG_STRING, &words->digest, "sha256, sha384 or sha512", "NAME" },
    { "rsa-pss", 0, 0, G_OPTION_ARG_NONE, &words->pss, "RSASSA-PSS where the key is RSA", NULL },
    { "sod-version", 0, 0, G_OPTION_ARG_INT, &words->sod_version, "0 (default) or 1", "N" },
    { "active-public-key", 0, 0, G_OPTION_ARG_FILENAME, &words->active_public_key,
      "Public key of active authentication, for DG15", "FILE" },
    { "chip-key", 0, 0, G_OPTION_ARG_FILENAME, &words->chip_key,
      "Public key of chip authentication, for DG14", "FILE" },
    { "pace", 0, 0, G_OPTION_ARG_NONE, &words->pace,
      "The chip speaks PACE: into DG14, and CardAccess beside", NULL },
    G_OPTION_ENTRY_NULL,
  };
  g_autoptr (GArray) all = g_array_new (FALSE, FALSE, sizeof (GOptionEntry));

  for (; own->long_name != NULL; own++)
    g_array_append_val (all, *own);
  g_array_append_vals (all, common, G_N_ELEMENTS (common));
  return (GOptionEntry *) g_array_free (g_steal_pointer (&all), FALSE);
}

static TamboExit build (TamboCli *cli, int argc, char **argv) {
  g_auto (Words) words = { NULL };
  g_auto (TamboLdsExtras) extras = { 0 };
  TamboSignatureForm form;
  const GOptionEntry own[] = {
    { "applicant", 0, 0, G_OPTION_ARG_FILENAME, &words.applicant, "The applicant", "FILE.json" },
    { "portrait", 0, 0, G_OPTION_ARG_FILENAME, &words.portrait, "The face", "FILE" },
    { "signature", 0, 0, G_OPTION_ARG_FILENAME, &words.signature, "The signature, an image",
      "FILE" },
    { "finger", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &words.fingers, "A finger for DG3",
      "POSITION=FILE" },
    { "encoding", 0, 0, G_OPTION_ARG_STRING, &words.encoding,
      "ISO/IEC standard of DG2 and DG3: 19794, or 39794 (default from 2030)", "NUMBER" },
    { "active-key", 0, 0, G_OPTION_ARG_FILENAME, &words.active_key,
      "Key of active authentication, RSA-1024 or on a curve, for DG15", "FILE" },
    { "output", 'o', 0, G_OPTION_ARG_FILENAME, &words.folder, "Where the files go", "DIR" },
    G_OPTION_ENTRY_NULL,
  };
  g_autofree GOptionEntry *options = join_options (own, &words);
  TamboExit status;

  if (!tambo_cli_parse ("lds build", "", "Builds data groups, EF.COM and EF.SOD.", options, &argc,
                        &argv, &status))
    return status;
  if (words.applicant == NULL || words.portrait == NULL || words.folder == NULL)
    return tambo_cli_usage ("--applicant, --portrait and -o are needed");
  if (!read_encoding (&words, &extras.encoding))
    return tambo_cli_usage ("--encoding is 19794 or 39794");
  if (!read_form (&words, &form))
    return tambo_cli_usage ("--digest is sha256, sha384 or sha512, --sod-version 0 or 1");

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboLds) lds = NULL;
  if (!make_folder (&words, &extras, &form, &lds, &error))
    return tambo_cli_fail (error, "LDS not built");

  tambo_cli_end_lds (cli, lds);
  return TAMBO_EXIT_DONE;
}

/* ---- lds sign ---- */

/* The data groups of FOLDER as they lie there, under COM and SOD anew. */
static gboolean sign_folder (const Words *words, const char *folder, const TamboSignatureForm *form,
                             TamboLds **out_lds, GError **error) {
  g_auto (TamboLdsExtras) extras = { 0 };
  g_autoptr (GBytes) csca = NULL;
  g_autoptr (GBytes) card_access = NULL;
  g_autoptr (TamboApplicant) nobody = tambo_applicant_new ();
  g_autoptr (TamboLds) lds = tambo_card_desk_load (folder, error);
  g_autoptr (TamboSigner) signer = lds != NULL ? find_signer (words, form, &csca, error) : NULL;

  const TamboLdsDeskKeys keys = keys_of (words);

  if (signer == NULL || !tambo_lds_desk_read_keys (&keys, &extras, &card_access, error)
      || !tambo_lds_extend (lds, nobody, &extras, signer, error)
      || !tambo_card_desk_save (lds, folder, error)
      || !save_beside (csca, folder, "csca.der", error)
      || !save_beside (card_access, folder, "CardAccess", error))
    return FALSE;
  *out_lds = g_steal_pointer (&lds);
  return TRUE;
}

static TamboExit sign (TamboCli *cli, int argc, char **argv) {
  g_auto (Words) words = { NULL };
  TamboSignatureForm form;
  const GOptionEntry none[] = { G_OPTION_ENTRY_NULL };
  g_autofree GOptionEntry *options = join_options (none, &words);
  TamboExit status;

  if (!tambo_cli_parse ("lds sign", "DIR", "Signs the data groups of a folder anew.", options,
                        &argc, &argv, &status))
    return status;
  if (argc != 2)
    return tambo_cli_usage ("give one folder of data groups");
  if (!read_form (&words, &form))
    return tambo_cli_usage ("--digest is sha256, sha384 or sha512, --sod-version 0 or 1");

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboLds) lds = NULL;
  if (!sign_folder (&words, argv[1], &form, &lds, &error))
    return tambo_cli_fail (error, "LDS not signed");
  tambo_cli_end_lds (cli, lds);
  return TAMBO_EXIT_DONE;
}

TamboExit tambo_command_lds (TamboCli *cli, int argc, char **argv) {
  static const TamboCliCommand commands[] = {
    { "build", NULL, build },
    { "sign", NULL, sign },
    { NULL },
  };

  return tambo_cli_dispatch (cli, argc, argv, commands);
}
