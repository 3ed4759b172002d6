/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <stdio.h>

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
  const GOptionEntry options[] = {
    { "force", 0, 0, G_OPTION_ARG_NONE, &force, "Also where a station is; it is kept beside",
      NULL },
    G_OPTION_ENTRY_NULL,
  };
  TamboExit status;
  if (!tambo_cli_parse ("restore", "FILE", "Makes the station out of a backup.", options, &argc,
                        &argv, &status))
    return status;
  if (argc != 2)
    return tambo_cli_usage ("the FILE to restore is needed");

  g_autoptr (GError) error = NULL;
  g_autofree char *kept = NULL;
  g_autoptr (GBytes) password = tambo_cli_read_password (cli, "Password of the backup: ", &error);
  if (password == NULL
      || !tambo_backup_restore (cli->folder, argv[1], password, force, &kept, &error))
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
