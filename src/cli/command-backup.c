/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <stdio.h>

#include "cli/second.h"
#include "station/backup.h"

TamboExit tambo_command_backup (TamboCli *cli, int argc, char **argv) {
  TamboExit status;
  if (!tambo_cli_parse ("backup", "FILE",
                        "Writes the whole station into one file under the supervisor's password.",
                        NULL, &argc, &argv, &status))
    return status;
  if (argc != 2)
    return tambo_cli_usage ("the FILE to write is needed");

  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) password = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open_with_password (cli, &password, &error);
  if (station == NULL || !tambo_backup_make (station, argv[1], password, &error))
    return tambo_cli_fail (error, "backup not made");

  JsonObject *document = json_object_new ();
  json_object_set_string_member (document, "file", argv[1]);
  if (!cli->json)
    printf ("backup in %s, read back and verified\n", argv[1]);
  tambo_cli_end (cli, document);
  return TAMBO_EXIT_DONE;
}

TamboExit tambo_command_restore (TamboCli *cli, int argc, char **argv) {
  gboolean force = FALSE;
  g_auto (TamboCliSecond) second = TAMBO_CLI_SECOND_INIT;
  const GOptionEntry options[] = {
    { "force", 0, 0, G_OPTION_ARG_NONE, &force, "Also where a station is; it is kept beside",
      NULL },
    TAMBO_CLI_SECOND_OPTIONS (second),
    G_OPTION_ENTRY_NULL,
  };
  TamboExit status;
  if (!tambo_cli_parse (
          "restore", "FILE",
          "Makes the station out of a backup, for a supervisor whose password it has, and before a "
          "second person of that station.",
          options, &argc, &argv, &status))
    return status;
  if (argc != 2)
    return tambo_cli_usage ("the FILE to restore is needed");

  g_autoptr (GError) error = NULL;
  g_autofree char *kept = NULL;
  g_autoptr (GBytes) password = tambo_cli_read_password (cli, "Password of the backup: ", &error);
  g_autoptr (GBytes) second_password = password != NULL && tambo_cli_second_id (&second) != NULL
                                           ? tambo_cli_second_read_password (&second, &error)
                                           : NULL;
  TamboRestoring restoring = {
    .folder = cli->folder,
    .path = argv[1],
    .operator_id = tambo_cli_get_operator (cli),
    .password = password,
    .second_id = tambo_cli_second_id (&second),
    .second_password = second_password,
    .replace = force,
  };
  if (error != NULL || !tambo_backup_restore (&restoring, &kept, &error))
    return tambo_cli_fail (error, "station not restored");

  JsonObject *document = json_object_new ();
  json_object_set_string_member (document, "folder", cli->folder);
  if (kept != NULL)
    json_object_set_string_member (document, "kept", kept);
  if (!cli->json) {
    printf ("station restored in %s; headquarters will see it as restored at the next contact\n",
            cli->folder);
    if (kept != NULL)
      printf ("what was there before is kept in %s\n", kept);
  }
  tambo_cli_end (cli, document);
  return TAMBO_EXIT_DONE;
}
