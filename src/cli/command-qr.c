/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>

#include "base/error.h"
#include "station/seal-desk.h"

#define NOT_TO_BE_TRUSTED "do not trust the paper; ask the office that it names"

/* TEXT itself when it says that it is a seal, or the one on the picture of that name. */
static char *find_seal (const char *text, GError **error) {
  if (tambo_idb_sniff (text))
    return g_strdup (text);
  if (!g_file_test (text, G_FILE_TEST_EXISTS)) {
    g_set_error_literal (error, TAMBO_BASE_ERROR, TAMBO_BASE_ERROR_INTEGRITY,
                         "it is neither a seal nor a file");
    return NULL;
  }
  g_autoptr (TamboImage) image = tambo_cli_read_picture (text, error);
  return image != NULL ? tambo_seal_desk_read (image, error) : NULL;
}

static const char *name_type (int type) {
  switch (type & ~TAMBO_SEAL_PRACTICE) {
  case TAMBO_SEAL_RECEIPT:
    return "receipt";
  case TAMBO_SEAL_DOCUMENT:
    return "document";
  default:
    return "unknown";
  }
}

static void tell (TamboCli *cli, const TamboSeal *seal, const char *text) {
  const TamboIdb *idb = seal->idb;
  gboolean practice = idb->type >= 0 && (idb->type & TAMBO_SEAL_PRACTICE) != 0;
  const char *type = idb->type >= 0 ? name_type (idb->type) : "unknown";
  JsonObject *document = json_object_new ();

  json_object_set_string_member (document, "verdict", "valid");
  json_object_set_string_member (document, "type", type);
  json_object_set_boolean_member (document, "practice", practice);
  if (idb->document != NULL)
    json_object_set_string_member (document, "number", idb->document);
  json_object_set_string_member (document, "signer", seal->signer);
  json_object_set_string_member (document, "country", idb->country);
  json_object_set_string_member (document, "date", idb->date);
  if (*idb->expiry != '\0')
    json_object_set_string_member (document, "expires", idb->expiry);
  json_object_set_string_member (document, "text", text);
  if (!cli->json)
    printf ("%s %s, sealed by %s on %s, valid until %s%s\n", type,
            idb->document != NULL ? idb->document : "without a number", seal->signer, idb->date,
            *idb->expiry != '\0' ? idb->expiry : "it is revoked", practice ? "; PRACTICE" : "");
  tambo_cli_end (cli, document);
}

static TamboExit verify (TamboCli *cli, int argc, char **argv) {
  g_auto (GStrv) ca = NULL;
  const GOptionEntry options[] = {
    { "ca", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &ca,
      "Trust this authority instead of the station's (may be given again)", "FILE" },
    G_OPTION_ENTRY_NULL,
  };
  TamboExit status;
  if (!tambo_cli_parse ("qr verify", "TEXT|IMAGE",
                        "Verifies the seal of a receipt or a document, without a network.", options,
                        &argc, &argv, &status))
    return status;
  if (argc != 2)
    return tambo_cli_usage ("a seal's text or a picture of it is needed");

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = ca == NULL ? tambo_cli_open (cli, &error) : NULL;
  if (ca == NULL && station == NULL)
    return tambo_cli_fail (error, "seal not verified");
  g_autofree char *text = find_seal (argv[1], &error);
  g_autoptr (TamboSeal) seal =
      text != NULL ? tambo_seal_desk_verify (station, (const char *const *) ca, text, &error)
                   : NULL;
  if (seal == NULL)
    return tambo_advice_exit (error) == TAMBO_EXIT_INTEGRITY
               ? tambo_cli_fail_with (error, "seal does not hold", NOT_TO_BE_TRUSTED)
               : tambo_cli_fail (error, "seal not verified");
  tell (cli, seal, text);
  return TAMBO_EXIT_DONE;
}

TamboExit tambo_command_qr (TamboCli *cli, int argc, char **argv) {
  static const TamboCliCommand commands[] = {
    { "verify", NULL, verify },
    { NULL },
  };

  return tambo_cli_dispatch (cli, argc, argv, commands);
}
