/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <stdio.h>

TamboExit tambo_command_login (TamboCli *cli, int argc, char **argv) {
  TamboExit status;

  if (!tambo_cli_parse ("login", "[ID]", "Checks an operator's password.", NULL, &argc, &argv,
                        &status))
    return status;
  if (argc > 1) {
    g_free (cli->operator_id);
    cli->operator_id = g_strdup (argv[1]);
  }

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open_signed_in (cli, &error);
  if (station == NULL)
    return tambo_cli_fail (error, "sign-in refused");
  g_autofree char *id = tambo_station_dup_operator (station);
  if (cli->json) {
    JsonObject *object = json_object_new ();
    json_object_set_string_member (object, "operator", id);
    tambo_cli_print_json (object);
  } else {
    printf ("%s signed in at %s\n", id, tambo_station_get_code (station));
  }
  return TAMBO_EXIT_DONE;
}
