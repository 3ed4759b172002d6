/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <stdio.h>

#include "cli/command-stock.h"
#include "cli/second.h"
#include "station/stock-desk.h"
#include "station/stock-figures.h"

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

static void print_blank (const TamboBlankRow *row) {
  printf ("%-12s %-9s %-10s %s", row->number, row->kind, row->institution,
          tambo_blank_state_to_string (row->state));
  if (row->keeper != NULL)
    printf (" %s", row->keeper);
  putchar ('\n');
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
    if (row->keeper != NULL)
      json_object_set_string_member (object, "keeper", row->keeper);
    json_array_add_object_element (array, object);
    if (!cli->json)
      print_blank (row);
  }
  tambo_cli_end_rows (cli, "blanks", array);
  return TAMBO_EXIT_DONE;
}

static TamboExit assign (TamboCli *cli, int argc, char **argv) {
  g_autofree char *keeper = NULL, *first = NULL, *last = NULL;
  gboolean vault = FALSE;
  g_auto (TamboCliSecond) second = TAMBO_CLI_SECOND_INIT;
  const GOptionEntry options[] = {
    { "keeper", 0, 0, G_OPTION_ARG_STRING, &keeper, "The operator who gets them", "ID" },
    { "vault", 0, 0, G_OPTION_ARG_NONE, &vault, "They go back into the vault", NULL },
    { "from", 0, 0, G_OPTION_ARG_STRING, &first, "First number", "NUMBER" },
    { "to", 0, 0, G_OPTION_ARG_STRING, &last, "Last number", "NUMBER" },
    TAMBO_CLI_SECOND_OPTIONS (second),
    G_OPTION_ENTRY_NULL,
  };
  TamboExit status;
  if (!tambo_cli_parse ("stock assign", "",
                        "Gives blanks to an operator, or takes them back, before two persons.",
                        options, &argc, &argv, &status))
    return status;
  if (first == NULL || (keeper == NULL) != vault)
    return tambo_cli_usage ("--from is needed, and either --keeper or --vault");

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open_with_second (cli, &second, &error);
  guint count;
  if (station == NULL
      || !tambo_stock_desk_assign (station, first, last != NULL ? last : first, keeper, &count,
                                   &error))
    return tambo_cli_fail (error, "blanks not assigned");
  JsonObject *document = json_object_new ();
  json_object_set_int_member (document, "assigned", count);
  if (keeper != NULL)
    json_object_set_string_member (document, "keeper", keeper);
  if (!cli->json)
    printf (keeper != NULL ? "%u blanks given to %s\n" : "%u blanks put into the vault\n", count,
            keeper);
  tambo_cli_end (cli, document);
  return TAMBO_EXIT_DONE;
}

/* ---- for how long they last ---- */

static char *dup_last_day (const TamboStockKind *kind) {
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autoptr (GDateTime) then = g_date_time_add_days (now, kind->days_left);

  return then != NULL ? g_date_time_format (then, "%Y-%m-%d") : NULL;
}

static void tell_forecast (TamboCli *cli, const TamboStockKind *kind, JsonArray *array) {
  JsonObject *object = json_object_new ();
  gboolean is_low = tambo_stock_kind_is_low (kind);
  guint used = 0;

  for (guint i = 0; i < TAMBO_STOCK_DAYS; i++)
    used += kind->used[i];
  json_object_set_string_member (object, "kind", kind->kind);
  json_object_set_int_member (object, "in_stock", kind->count[TAMBO_BLANK_IN_STOCK]);
  json_object_set_int_member (object, "used", used);
  json_object_set_int_member (object, "days", TAMBO_STOCK_DAYS);
  json_object_set_double_member (object, "per_day", kind->per_day);
  json_object_set_boolean_member (object, "low", is_low);
  g_autofree char *until = kind->days_left >= 0 ? dup_last_day (kind) : NULL;
  if (until != NULL) {
    json_object_set_int_member (object, "days_left", kind->days_left);
    json_object_set_string_member (object, "until", until);
  }
  json_array_add_object_element (array, object);
  if (cli->json)
    return;
  printf ("%-9s %6u in stock, %.1f used a day of work", kind->kind,
          kind->count[TAMBO_BLANK_IN_STOCK], kind->per_day);
  if (until != NULL)
    printf (", %d days left, until %s", kind->days_left, until);
  printf (is_low ? ": order more\n" : "\n");
}

static TamboExit forecast (TamboCli *cli, int argc, char **argv) {
  TamboExit status;
  if (!tambo_cli_parse ("stock forecast", "",
                        "Says for how many days of work the blanks of each kind last.", NULL, &argc,
                        &argv, &status))
    return status;

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open (cli, &error);
  g_autoptr (TamboStockFigures) figures =
      station != NULL ? tambo_stock_figures_read (station, &error) : NULL;
  if (figures == NULL)
    return tambo_cli_fail (error, "no forecast");
  JsonArray *array = json_array_new ();
  for (guint i = 0; i < figures->kinds->len; i++)
    tell_forecast (cli, g_ptr_array_index (figures->kinds, i), array);
  tambo_cli_end_rows (cli, "forecast", array);
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
    { "receive", NULL, receive },   { "list", NULL, list },
    { "assign", NULL, assign },     { "reconcile", NULL, tambo_stock_reconcile },
    { "forecast", NULL, forecast }, { "return", NULL, put_back },
    { "spoil", NULL, spoil },       { NULL },
  };

  return tambo_cli_dispatch (cli, argc, argv, commands);
}
