/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <stdio.h>

#include "station/stock-desk.h"

static TamboExit receive (TamboCli *cli, int argc, char **argv) {
  g_autofree char *kind = NULL, *institution = NULL, *first = NULL, *last = NULL;
  const GOptionEntry options[] = {
    { "kind", 0, 0, G_OPTION_ARG_STRING, &kind, "passport or card", "KIND" },
    { "institution", 0, 0, G_OPTION_ARG_STRING, &institution, "Whom the blanks are coded for",
      "CODE" },
    { "from", 0, 0, G_OPTION_ARG_STRING, &first, "First number", "NUMBER" },
    { "to", 0, 0, G_OPTION_ARG_STRING, &last, "Last number", "NUMBER" },
    G_OPTION_ENTRY_NULL,
  };
  TamboExit status;
  if (!tambo_cli_parse ("stock receive", "", "Takes a delivery of blanks in.", options, &argc,
                        &argv, &status))
    return status;
  if (kind == NULL || first == NULL)
    return tambo_cli_usage ("--kind and --from are needed");

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open_signed_in (cli, &error);
  guint count;
  if (station == NULL
      || !tambo_stock_desk_receive (station, kind, institution, first, last != NULL ? last : first,
                                    &count, &error))
    return tambo_cli_fail (error, "blanks not received");
  JsonObject *document = json_object_new ();
  json_object_set_int_member (document, "received", count);
  if (!cli->json)
    printf ("%u blanks received\n", count);
  tambo_cli_end (cli, document);
  return TAMBO_EXIT_DONE;
}

static TamboExit list (TamboCli *cli, int argc, char **argv) {
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open (cli, &error);
  g_autoptr (GPtrArray) rows = station != NULL ? tambo_stock_desk_list (station, &error) : NULL;
  if (rows == NULL)
    return tambo_cli_fail (error, "blanks not listed");

  JsonArray *array = json_array_new ();
  for (guint i = 0; i < rows->len; i++) {
    const TamboBlankRow *row = g_ptr_array_index (rows, i);
    JsonObject *object = json_object_new ();
    json_object_set_string_member (object, "number", row->number);
    json_object_set_string_member (object, "kind", row->kind);
    json_object_set_string_member (object, "institution", row->institution);
    json_object_set_string_member (object, "state", tambo_blank_state_to_string (row->state));
    json_array_add_object_element (array, object);
    if (!cli->json)
      printf ("%-12s %-9s %-10s %s\n", row->number, row->kind, row->institution,
              tambo_blank_state_to_string (row->state));
  }
  tambo_cli_end_rows (cli, "blanks", array);
  return TAMBO_EXIT_DONE;
}

static TamboExit spoil (TamboCli *cli, int argc, char **argv) {
  g_autofree char *reason = NULL;
  const GOptionEntry options[] = {
    { "reason", 0, 0, G_OPTION_ARG_STRING, &reason, "What happened to it", "TEXT" },
    G_OPTION_ENTRY_NULL,
  };
  TamboExit status;
  if (!tambo_cli_parse ("stock spoil", "NUMBER", "Takes a blank out of use for good.", options,
                        &argc, &argv, &status))
    return status;
  if (argc != 2 || reason == NULL)
    return tambo_cli_usage ("the blank's number and --reason are needed");

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open_signed_in (cli, &error);
  if (station == NULL || !tambo_stock_desk_spoil (station, argv[1], reason, &error))
    return tambo_cli_fail (error, "blank not spoiled");
  if (!cli->json)
    printf ("blank %s spoiled\n", argv[1]);
  return TAMBO_EXIT_DONE;
}

TamboExit tambo_command_stock (TamboCli *cli, int argc, char **argv) {
  static const TamboCliCommand commands[] = {
    { "receive", NULL, receive },
    { "list", NULL, list },
    { "spoil", NULL, spoil },
    { NULL },
  };

  return tambo_cli_dispatch (cli, argc, argv, commands);
}
