/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <stdio.h>

#include "base/json.h"

static void report (TamboCli *cli, TamboStation *station) {
  gboolean registered = tambo_station_is_registered (station);

  if (cli->json) {
    JsonObject *object = json_object_new ();
    json_object_set_string_member (object, "station", tambo_station_get_code (station));
    json_object_set_string_member (object, "folder", tambo_station_get_folder (station));
    json_object_set_boolean_member (object, "registered", registered);
    json_object_set_boolean_member (object, "practice", tambo_station_is_practice (station));
    tambo_cli_print_json (object);
    return;
  }
  printf ("station %s made in %s, %s\n", tambo_station_get_code (station),
          tambo_station_get_folder (station),
          registered ? "certified by headquarters" : "not registered yet");
}

TamboExit tambo_command_init (TamboCli *cli, int argc, char **argv) {
  g_autofree char *name = NULL, *url = NULL, *ca = NULL, *token = NULL, *institution = NULL;
  const GOptionEntry options[] = {
    { "name", 0, 0, G_OPTION_ARG_STRING, &name, "Office and desk, such as MIG-LIMA-01", "CODE" },
    { "hq", 0, 0, G_OPTION_ARG_STRING, &url, "Address of headquarters", "URL" },
    { "ca", 0, 0, G_OPTION_ARG_FILENAME, &ca, "Headquarters' authority, PEM", "FILE" },
    { "token", 0, 0, G_OPTION_ARG_STRING, &token, "Headquarters' invitation", "T" },
    { "institution", 0, 0, G_OPTION_ARG_STRING, &institution,
      "Whose blanks this station issues (default: the first part of CODE)", "CODE" },
    G_OPTION_ENTRY_NULL,
  };
  TamboExit status;

  if (!tambo_cli_parse ("init", "", "Makes a station; registers it when a token is given.", options,
                        &argc, &argv, &status))
    return status;
  if (name == NULL || url == NULL || ca == NULL)
    return tambo_cli_usage ("--name, --hq and --ca are needed");

  TamboStationMaking making = {
    .folder = cli->folder,
    .code = name,
    .institution = institution,
    .url = url,
    .ca_file = ca,
    .token = token,
  };
  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_station_make (&making, cli->cancellable, &error);
  if (tambo_sync_error_is_offline (error))
    return tambo_cli_fail_with (error, "station not registered",
                                "run the same command again when headquarters can be reached");
  if (station == NULL)
    return tambo_cli_fail (error, "station not made");
  report (cli, station);
  return TAMBO_EXIT_DONE;
}
