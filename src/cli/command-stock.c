/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <stdio.h>

#include "cli/second.h"
#include "station/stock-desk.h"

static TamboExit receive (TamboCli *cli, int argc, char **argv) {
  g_autofree char *kind = NULL, *institution = NULL, *first = NULL, *last = NULL;
  g_auto (TamboCliSecond) second = TAMBO_CLI_SECOND_INIT;
  const GOptionEntry options[] = {
    { "kind", 0, 0, G_OPTION_ARG_STRING, &kind, "passport or card", "KIND" },
    { "institution", 0, 0, G_OPTION_ARG_STRING, &institution, "Whom the blanks are coded for",
      "CODE" },
    { "from", 0, 0, G_OPTION_ARG_STRING, &first, "First number", "NUMBER" },
    { "to", 0, 0, G_OPTION_ARG_STRING, &last, "Last number", "NUMBER" },
    TAMBO_CLI_SECOND_OPTIONS (second),
    G_OPTION_ENTRY_NULL,
  };
  TamboExit status;
  if (!tambo_cli_parse ("stock receive", "", "Takes a delivery of blanks in. Two persons count it.",
                        options, &argc, &argv, &status))
    return status;
  if (kind == NULL || first == NULL)
    return tambo_cli_usage ("--kind and --from are needed");

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open_with_second (cli, &second, &error);
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
  TamboExit status;
  if (!tambo_cli_parse ("stock list", "", "Lists the blanks and their states.", NULL, &argc, &argv,
                        &status))
    return status;

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

typedef gboolean (*ChangeBlank) (TamboStation *station, const char *number, const char *reason,
                                 GError **error);

static TamboExit change_blank (TamboCli *cli, int argc, char **argv, const char *summary,
                               const char *done, ChangeBlank change) {
  g_autofree char *reason = NULL, *name = g_strconcat ("stock ", argv[0], NULL);
  g_autofree char *failure = g_strconcat ("blank not ", done, NULL);
  g_auto (TamboCliSecond) second = TAMBO_CLI_SECOND_INIT;
  const GOptionEntry options[] = {
    { "reason", 0, 0, G_OPTION_ARG_STRING, &reason, "What happened to it", "TEXT" },
    TAMBO_CLI_SECOND_OPTIONS (second),
    G_OPTION_ENTRY_NULL,
  };
  TamboExit status;
  if (!tambo_cli_parse (name, "NUMBER", summary, options, &argc, &argv, &status))
    return status;
  if (argc != 2 || reason == NULL)
    return tambo_cli_usage ("the blank's number and --reason are needed");

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open_with_second (cli, &second, &error);
  if (station == NULL || !change (station, argv[1], reason, &error))
    return tambo_cli_fail (error, failure);
  JsonObject *document = json_object_new ();
  json_object_set_string_member (document, "number", argv[1]);
  if (!cli->json)
    printf ("blank %s %s\n", argv[1], done);
  tambo_cli_end (cli, document);
  return TAMBO_EXIT_DONE;
}

static TamboExit spoil (TamboCli *cli, int argc, char **argv) {
  return change_blank (cli, argc, argv, "Takes a blank out of use for good, before two persons.",
                       "spoiled", tambo_stock_desk_spoil);
}

static TamboExit put_back (TamboCli *cli, int argc, char **argv) {
  return change_blank (cli, argc, argv,
                       "Puts back a blank that was taken and not written to, before two persons.",
                       "put back", tambo_stock_desk_return);
}

TamboExit tambo_command_stock (TamboCli *cli, int argc, char **argv) {
  static const TamboCliCommand commands[] = {
    { "receive", NULL, receive },
    { "list", NULL, list },
    { "return", NULL, put_back },
    { "spoil", NULL, spoil },
    { NULL },
  };

  return tambo_cli_dispatch (cli, argc, argv, commands);
}
