/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <stdio.h>

#include "cli/chip-report.h"
#include "station/card-desk.h"
#include "station/issue.h"

static void show_progress (gsize done, gsize total, gpointer data) {
  tambo_cli_progress ("chip", done, total);
}

static void report (TamboCli *cli, const TamboIssuance *issuance) {
  JsonObject *document = json_object_new ();

  json_object_set_string_member (document, "document_number", issuance->document_number);
  json_object_set_string_member (document, "blank", issuance->blank);
  json_object_set_array_member (document, "checks",
                                tambo_cli_verdicts_to_json (issuance->verdicts));
  if (!cli->json) {
    printf ("document %s issued on blank %s; read back from the chip:\n", issuance->document_number,
            issuance->blank);
    tambo_cli_print_verdicts (issuance->verdicts);
  }
  tambo_cli_end (cli, document);
}

TamboExit tambo_command_issue (TamboCli *cli, int argc, char **argv) {
  g_autofree char *reader = NULL, *blank = NULL, *profile = NULL, *keys_file = NULL, *can = NULL;
  const GOptionEntry options[] = {
    { "reader", 0, 0, G_OPTION_ARG_STRING, &reader, "Name of the reader", "NAME" },
    { "blank", 0, 0, G_OPTION_ARG_STRING, &blank, "Number of the blank", "NUMBER" },
    { "profile", 0, 0, G_OPTION_ARG_STRING, &profile, "Kind of chip", "NAME" },
    { "can", 0, 0, G_OPTION_ARG_STRING, &can, "Card access number printed on the document", "N" },
    { "keys", 0, 0, G_OPTION_ARG_FILENAME, &keys_file, "Personalisation keys (JSON)", "FILE" },
    G_OPTION_ENTRY_NULL,
  };
  TamboExit status;
  if (!tambo_cli_parse ("issue", "ORDER", "Writes, verifies and locks the chip of an order.",
                        options, &argc, &argv, &status))
    return status;
  if (argc != 2)
    return tambo_cli_usage ("the order's ID is needed");

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open_signed_in (cli, &error);
  if (station == NULL)
    return tambo_cli_fail (error, "document not issued");
  g_auto (TamboPersonalisationKeys) keys = { 0 };
  if (keys_file != NULL && !tambo_card_desk_load_keys (keys_file, &keys, &error))
    return tambo_cli_fail (error, "document not issued");
  TamboIssueRequest request = {
    .order_id = argv[1],
    .reader = reader,
    .blank = blank,
    .profile = profile,
    .keys = keys_file != NULL ? &keys : NULL,
    .can = can,
    .progress = show_progress,
  };
  g_auto (TamboIssuance) issuance = { NULL };
  if (!tambo_issue (station, &request, cli->cancellable, &issuance, &error))
    return tambo_cli_fail (error, "document not issued");
  report (cli, &issuance);
  return TAMBO_EXIT_DONE;
}
