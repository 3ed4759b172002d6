/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cli/cli.h"

#include <stdio.h>

#include "station/audit-desk.h"

static TamboExit list (TamboCli *cli, int argc, char **argv) {
  TamboExit status;
  if (!tambo_cli_parse ("audit list", "", "Lists the entries of the audit log.", NULL, &argc, &argv,
                        &status))
    return status;

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open (cli, &error);
  g_autoptr (GPtrArray) entries = station != NULL ? tambo_audit_desk_list (station, &error) : NULL;
  if (entries == NULL)
    return tambo_cli_fail (error, "audit log not listed");

  JsonArray *array = json_array_new ();
  for (guint i = 0; i < entries->len; i++) {
    const TamboAuditEntry *entry = g_ptr_array_index (entries, i);
    JsonObject *object = json_object_new ();
    json_object_set_int_member (object, "number", entry->number);
    json_object_set_string_member (object, "time", entry->time);
    json_object_set_string_member (object, "actor", entry->actor);
    json_object_set_string_member (object, "action", entry->action);
    json_object_set_string_member (object, "subject", entry->subject);
    json_object_set_string_member (object, "details", entry->details);
    json_array_add_object_element (array, object);
    if (!cli->json)
      printf ("%6" G_GINT64_FORMAT "  %s  %-12s %-22s %s\n", entry->number, entry->time,
              entry->actor, entry->action, entry->subject);
  }
  tambo_cli_end_rows (cli, "entries", array);
  return TAMBO_EXIT_DONE;
}

static TamboExit verify (TamboCli *cli, int argc, char **argv) {
  TamboExit status;
  if (!tambo_cli_parse ("audit verify", "",
                        "Checks every entry, the root and the countersignature of headquarters.",
                        NULL, &argc, &argv, &status))
    return status;

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open (cli, &error);
  gint64 entries, countersigned;
  if (station == NULL || !tambo_audit_desk_verify (station, &entries, &countersigned, &error))
    return tambo_cli_fail (error, "audit log does not hold");

  JsonObject *document = json_object_new ();
  json_object_set_int_member (document, "entries", entries);
  json_object_set_int_member (document, "countersigned", countersigned);
  if (!cli->json)
    printf ("%" G_GINT64_FORMAT
            " entries hold; headquarters countersigned the first %" G_GINT64_FORMAT "\n",
            entries, countersigned);
  tambo_cli_end (cli, document);
  return TAMBO_EXIT_DONE;
}

static TamboExit export(TamboCli *cli, int argc, char **argv) {
  TamboExit status;
  if (!tambo_cli_parse ("audit export", "FILE",
                        "Writes the log so that docs/audit-verify.sh proves it.", NULL, &argc,
                        &argv, &status))
    return status;
  if (argc != 2)
    return tambo_cli_usage ("the FILE to write is needed");

  g_autoptr (GError) error = NULL;
  g_autoptr (TamboStation) station = tambo_cli_open (cli, &error);
  gint64 entries, countersigned;
  if (station == NULL
      || !tambo_audit_desk_export (station, argv[1], &entries, &countersigned, &error))
    return tambo_cli_fail (error, "audit log not exported");

  JsonObject *document = json_object_new ();
  json_object_set_string_member (document, "file", argv[1]);
  json_object_set_int_member (document, "entries", entries);
  json_object_set_int_member (document, "countersigned", countersigned);
  if (!cli->json)
    printf ("%" G_GINT64_FORMAT
            " entries in %s; headquarters countersigned the first %" G_GINT64_FORMAT "\n",
            entries, argv[1], countersigned);
  tambo_cli_end (cli, document);
  return TAMBO_EXIT_DONE;
}

TamboExit tambo_command_audit (TamboCli *cli, int argc, char **argv) {
  static const TamboCliCommand commands[] = {
    { "list", NULL, list },
    { "verify", NULL, verify },
    { "export", NULL, export },
    { NULL },
  };

  return tambo_cli_dispatch (cli, argc, argv, commands);
}
