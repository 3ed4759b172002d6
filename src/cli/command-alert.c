/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <stdio.h>

#include "station/alerts.h"

static TamboExit list (TamboCli *cli, int argc, char **argv) {
  TamboExit status;
  if (!tambo_cli_parse ("alert list", "", "Lists what headquarters warns of; not whom.", NULL,
                        &argc, &argv, &status))
    return status;

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open (cli, &error);
  g_autoptr (GError) gap = NULL;
  g_autoptr (GPtrArray) alerts = station != NULL ? tambo_alerts_list (station, &gap, &error) : NULL;
  if (alerts == NULL)
    return tambo_cli_fail (error, "alerts not listed");

  JsonArray *array = json_array_new ();
  for (guint i = 0; i < alerts->len; i++) {
    const TamboAlert *alert = g_ptr_array_index (alerts, i);
    JsonObject *object = json_object_new ();
    json_object_set_string_member (object, "id", alert->id);
    json_object_set_string_member (object, "about", alert->about);
    json_object_set_string_member (object, "reason", alert->reason);
    json_object_set_string_member (object, "action", alert->action);
    json_object_set_string_member (object, "since", alert->since);
    json_array_add_object_element (array, object);
    if (!cli->json)
      printf ("%s  %-8s %s; %s\n", alert->since, alert->about, alert->reason, alert->action);
  }
  tambo_cli_end_rows (cli, "alerts", array);
  return gap == NULL ? TAMBO_EXIT_DONE : tambo_cli_fail (gap, "not every alert listed");
}

TamboExit tambo_command_alert (TamboCli *cli, int argc, char **argv) {
  static const TamboCliCommand commands[] = {
    { "list", NULL, list },
    { NULL },
  };

  return tambo_cli_dispatch (cli, argc, argv, commands);
}
