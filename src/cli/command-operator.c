/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <stdio.h>

static TamboStation *open_for_change (TamboCli *cli, GError **error) {
  g_autoptr (TamboStation) station = tambo_cli_open (cli, error);
  g_autoptr (GPtrArray) rows =
      station != NULL ? tambo_station_list_operators (station, error) : NULL;
  if (rows == NULL)
    return NULL;
  if (rows->len == 0)
    return g_steal_pointer (&station);
  g_clear_object (&station);
  return tambo_cli_open_signed_in (cli, error);
}

/* The operator's own password may come from the same sources, so a new one has a file of its own. */
static GBytes *read_new_password (TamboCli *cli, const char *file, const char *prompt,
                                  GError **error) {
  TamboCli from_file = *cli;

  if (file != NULL) {
    g_setenv ("TAMBO_PASSWORD_FILE", file, TRUE);
    from_file.password_fd = -1;
  }
  return tambo_cli_read_password (&from_file, prompt, error);
}

static TamboExit add (TamboCli *cli, int argc, char **argv) {
  g_autofree char *role_name = NULL, *password_file = NULL;
  const GOptionEntry options[] = {
    { "role", 0, 0, G_OPTION_ARG_STRING, &role_name, "clerk, supervisor, technician or auditor",
      "ROLE" },
    { "new-password-file", 0, 0, G_OPTION_ARG_FILENAME, &password_file,
      "The new operator's first password", "FILE" },
    G_OPTION_ENTRY_NULL,
  };
  TamboExit status;
  TamboRole role = TAMBO_ROLE_CLERK;

  if (!tambo_cli_parse ("operator add", "ID", "Adds an operator; the first one is a supervisor.",
                        options, &argc, &argv, &status))
    return status;
  if (argc != 2)
    return tambo_cli_usage ("the new operator's ID is needed");
  if (role_name != NULL && !tambo_role_from_string (role_name, &role))
    return tambo_cli_usage ("there is no role '%s'", role_name);

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = open_for_change (cli, &error);
  if (station == NULL)
    return tambo_cli_fail (error, "operator not added");
  g_autoptr (GBytes) password =
      read_new_password (cli, password_file, "Password of the new operator: ", &error);
  if (password == NULL || !tambo_station_add_operator (station, argv[1], role, password, &error))
    return tambo_cli_fail (error, "operator not added");
  if (!cli->json)
    printf ("operator %s added as %s\n", argv[1], tambo_role_to_string (role));
  return TAMBO_EXIT_DONE;
}

static void print_operators (TamboCli *cli, GPtrArray *rows) {
  JsonArray *array = json_array_new ();

  for (guint i = 0; i < rows->len; i++) {
    const TamboOperatorRow *row = g_ptr_array_index (rows, i);
    JsonObject *object = json_object_new ();
    json_object_set_string_member (object, "id", row->id);
    json_object_set_string_member (object, "role", tambo_role_to_string (row->role));
    json_object_set_boolean_member (object, "disabled", row->disabled);
    json_array_add_object_element (array, object);
    if (!cli->json)
      printf ("%-16s %-11s %s\n", row->id, tambo_role_to_string (row->role),
              row->disabled ? "disabled" : "");
  }
  tambo_cli_end_rows (cli, "operators", array);
}

static TamboExit list (TamboCli *cli, int argc, char **argv) {
  TamboExit status;
  if (!tambo_cli_parse ("operator list", "", "Lists the operators.", NULL, &argc, &argv, &status))
    return status;

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open (cli, &error);
  g_autoptr (GPtrArray) rows =
      station != NULL ? tambo_station_list_operators (station, &error) : NULL;
  if (rows == NULL)
    return tambo_cli_fail (error, "operators not listed");
  print_operators (cli, rows);
  return TAMBO_EXIT_DONE;
}

static TamboExit disable (TamboCli *cli, int argc, char **argv) {
  TamboExit status;
  if (!tambo_cli_parse ("operator disable", "ID", "Keeps an operator out.", NULL, &argc, &argv,
                        &status))
    return status;
  if (argc != 2)
    return tambo_cli_usage ("the operator's ID is needed");

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open_signed_in (cli, &error);
  if (station == NULL || !tambo_station_set_operator_disabled (station, argv[1], TRUE, &error))
    return tambo_cli_fail (error, "operator not disabled");
  return TAMBO_EXIT_DONE;
}

static TamboExit passwd (TamboCli *cli, int argc, char **argv) {
  g_autofree char *password_file = NULL;
  const GOptionEntry options[] = {
    { "new-password-file", 0, 0, G_OPTION_ARG_FILENAME, &password_file, "The new password",
      "FILE" },
    G_OPTION_ENTRY_NULL,
  };
  TamboExit status;
  if (!tambo_cli_parse ("operator passwd", "ID", "Changes a password.", options, &argc, &argv,
                        &status))
    return status;
  if (argc != 2)
    return tambo_cli_usage ("the operator's ID is needed");

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open_signed_in (cli, &error);
  if (station == NULL)
    return tambo_cli_fail (error, "password not changed");
  g_autoptr (GBytes) password = read_new_password (cli, password_file, "New password: ", &error);
  if (password == NULL || !tambo_station_set_password (station, argv[1], password, &error))
    return tambo_cli_fail (error, "password not changed");
  return TAMBO_EXIT_DONE;
}

TamboExit tambo_command_operator (TamboCli *cli, int argc, char **argv) {
  static const TamboCliCommand commands[] = {
    { "add", NULL, add },
    { "list", NULL, list },
    { "disable", NULL, disable },
    { "passwd", NULL, passwd },
    { NULL },
  };

  return tambo_cli_dispatch (cli, argc, argv, commands);
}
