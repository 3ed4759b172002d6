/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <stdio.h>

#include "station/procedures.h"

static TamboExit list (TamboCli *cli, int argc, char **argv) {
  TamboExit status;
  if (!tambo_cli_parse ("procedure list", "", "Lists the procedures.", NULL, &argc, &argv, &status))
    return status;

  g_autoptr (GError) error = NULL;
  /* Without one there are the files. */
  g_autoptr (TamboStation) station = tambo_cli_open (cli, NULL);
  g_autoptr (GPtrArray) procedures = tambo_procedures_list (station, &error);
  if (procedures == NULL)
    return tambo_cli_fail (error, "procedures not listed");

  JsonArray *array = json_array_new ();
  for (guint i = 0; i < procedures->len; i++) {
    const TamboProcedure *procedure = g_ptr_array_index (procedures, i);
    json_array_add_object_element (array, tambo_procedure_to_json (procedure));
    if (!cli->json)
      printf ("%-18s v%d  %s\n", procedure->id, procedure->version, procedure->title);
  }
  tambo_cli_end_rows (cli, "procedures", array);
  return TAMBO_EXIT_DONE;
}

static TamboExit show (TamboCli *cli, int argc, char **argv) {
  TamboExit status;
  if (!tambo_cli_parse ("procedure show", "ID", "Shows what a procedure wants.", NULL, &argc, &argv,
                        &status))
    return status;
  if (argc != 2)
    return tambo_cli_usage ("the procedure's ID is needed");
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open (cli, NULL);
  g_autoptr (TamboProcedure) procedure = tambo_procedures_load (station, argv[1], 0, &error);
  if (procedure == NULL)
    return tambo_cli_fail (error, "procedure not shown");
  tambo_cli_print_json (tambo_procedure_to_json (procedure));
  return TAMBO_EXIT_DONE;
}

static TamboExit check (TamboCli *cli, int argc, char **argv) {
  TamboExit status;
  if (!tambo_cli_parse ("procedure check", "FILE", "Says whether a file is a procedure.", NULL,
                        &argc, &argv, &status))
    return status;
  if (argc != 2)
    return tambo_cli_usage ("a procedure's file is needed");
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboProcedure) procedure = tambo_procedures_read (argv[1], &error);
  if (procedure == NULL)
    return tambo_cli_fail (error, "procedure not accepted");
  if (!cli->json)
    printf ("%s v%d is a procedure\n", procedure->id, procedure->version);
  return TAMBO_EXIT_DONE;
}

TamboExit tambo_command_procedure (TamboCli *cli, int argc, char **argv) {
  static const TamboCliCommand commands[] = {
    { "list", NULL, list },
    { "show", NULL, show },
    { "check", NULL, check },
    { NULL },
  };

  return tambo_cli_dispatch (cli, argc, argv, commands);
}
